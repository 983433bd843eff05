ALTER TABLE users DROP COLUMN reopened_on;
ALTER TABLE users DROP COLUMN suspended_on;
ALTER TABLE users DROP COLUMN warned_on;
