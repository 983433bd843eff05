-- Until when something may be open that a person opened in an emergency. It is found with the person, so that nobody
-- else’s pages have to ask; what is open is still asked of `glass` itself.
ALTER TABLE users ADD COLUMN opened_until TIMESTAMPTZ;
UPDATE users SET opened_until = (SELECT max(ends_at) FROM glass WHERE glass.user_id = users.id AND closed_at IS NULL);
