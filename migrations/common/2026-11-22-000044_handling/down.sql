DROP TABLE marking_changes;
DROP TABLE case_notes;

ALTER TABLE info_replies ADD COLUMN readers TEXT NOT NULL DEFAULT 'case';
UPDATE info_replies SET readers = 'chair' WHERE marking NOT LIKE '{"code":"panel"%';
ALTER TABLE info_replies DROP COLUMN marking;
