-- Passkeys: what a person’s device proves by its key, which stays there.
CREATE TABLE passkeys (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    credential BYTEA NOT NULL UNIQUE, -- the id that the device gave it
    public_key BYTEA NOT NULL,
    state BYTEA NOT NULL,             -- its counter, and whether it is kept in more places than one
    transports INTEGER NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- What a session is asked to prove by a passkey: one question at a time, answered once.
CREATE TABLE passkey_challenges (
    session_id UUID NOT NULL PRIMARY KEY REFERENCES sessions (id),
    purpose TEXT NOT NULL,
    state BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL
);
