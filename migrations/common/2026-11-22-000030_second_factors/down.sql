DROP TABLE installation;
ALTER TABLE sessions DROP COLUMN idle_minutes;
ALTER TABLE sessions DROP COLUMN proven_at;
ALTER TABLE sessions DROP COLUMN stage;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
