DROP INDEX actions_by_due;
CREATE INDEX actions_by_due ON actions (finished, due);
