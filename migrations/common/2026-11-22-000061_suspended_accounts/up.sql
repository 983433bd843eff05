-- Accounts that nobody used for long: when their people were warned, when they were suspended, and when
-- they were opened again.
ALTER TABLE users ADD COLUMN warned_on DATE;
ALTER TABLE users ADD COLUMN suspended_on DATE;
ALTER TABLE users ADD COLUMN reopened_on DATE;
