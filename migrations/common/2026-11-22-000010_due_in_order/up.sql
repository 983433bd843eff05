-- The actions of one due date in the order of their ids, so that planning goes on where it stopped.
DROP INDEX actions_by_due;
CREATE INDEX actions_by_due ON actions (finished, due, id);
