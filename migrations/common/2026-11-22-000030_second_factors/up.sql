-- The second thing by which a person proves who asks: an app that shows codes, and codes on paper.
CREATE TABLE second_factors (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    secret BYTEA NOT NULL,      -- sealed
    last_step BIGINT NOT NULL,  -- of the last code that was taken, so that it is taken once
    failures INTEGER NOT NULL,
    locked_until TIMESTAMPTZ
);

CREATE TABLE recovery_codes (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    code_hash TEXT NOT NULL UNIQUE,
    made_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

-- How far a sign-in has come, when its person last proved who asks, and how long it may stay unused.
ALTER TABLE sessions ADD COLUMN stage TEXT NOT NULL DEFAULT 'whole';
ALTER TABLE sessions ADD COLUMN proven_at TIMESTAMPTZ;
ALTER TABLE sessions ADD COLUMN idle_minutes INTEGER NOT NULL DEFAULT 30;

-- What an administrator sets for the whole installation: JSON under a name.
CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
