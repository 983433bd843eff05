-- What is searched by its beginning is kept in the order of its letters' codes, as SQLite keeps it:
-- a locale's order would not hold the words of one beginning together.
ALTER TABLE person_keys ALTER COLUMN key TYPE TEXT COLLATE "C";
ALTER TABLE cases ALTER COLUMN reference TYPE TEXT COLLATE "C";
ALTER TABLE referrals ALTER COLUMN reference TYPE TEXT COLLATE "C";
