-- The directory of an agency, by which its people may sign in.
CREATE TABLE directories (
    agency_id UUID NOT NULL PRIMARY KEY REFERENCES agencies (id),
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret BYTEA NOT NULL,            -- sealed by the master key
    asks_second_factor BOOLEAN NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('untried', 'offered', 'only')),
    version INTEGER NOT NULL
);

-- The domains of its people's addresses; each leads to one directory.
CREATE TABLE directory_domains (
    domain TEXT NOT NULL PRIMARY KEY,
    agency_id UUID NOT NULL REFERENCES directories (agency_id)
);
CREATE INDEX directory_domains_by_agency ON directory_domains (agency_id);

-- By which name a directory knows a person who came from there.
CREATE TABLE directory_subjects (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    agency_id UUID NOT NULL REFERENCES directories (agency_id),
    subject TEXT NOT NULL,
    kept_at TIMESTAMPTZ NOT NULL,
    UNIQUE (agency_id, subject)
);

-- Whoever was sent to a directory and has not come back: by the hash of what that browser alone holds.
CREATE TABLE directory_errands (
    token_hash TEXT NOT NULL PRIMARY KEY,
    agency_id UUID NOT NULL REFERENCES directories (agency_id),
    errand TEXT NOT NULL,
    session_id UUID REFERENCES sessions (id),
    began_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX directory_errands_by_agency ON directory_errands (agency_id, began_at);
CREATE INDEX directory_errands_by_session ON directory_errands (session_id);
