-- Who takes part: agencies, people who sign in, panels, and who sits where and when.
CREATE TABLE agencies (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    mail_domains TEXT NOT NULL, -- lower case, parted by spaces
    aliases TEXT NOT NULL,      -- other names as files write them, folded, one a line
    ended_on DATE,
    version INTEGER NOT NULL CHECK (version >= 1)
);

CREATE TABLE panels (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    area TEXT NOT NULL,
    policy TEXT NOT NULL,       -- JSON, see panel-core `settings`
    version INTEGER NOT NULL CHECK (version >= 1)
);

CREATE TABLE panel_agencies (
    panel_id UUID NOT NULL REFERENCES panels (id),
    agency_id UUID NOT NULL REFERENCES agencies (id),
    core BOOLEAN NOT NULL,      -- asked for information on every case
    PRIMARY KEY (panel_id, agency_id)
);

CREATE TABLE users (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    agency_id UUID NOT NULL REFERENCES agencies (id),
    administrator BOOLEAN NOT NULL,
    password_hash TEXT,
    failures INTEGER NOT NULL,
    locked_until TIMESTAMPTZ,
    last_sign_in TIMESTAMPTZ,
    ended_on DATE,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX users_by_agency ON users (agency_id, name);

CREATE TABLE seats (
    id UUID NOT NULL PRIMARY KEY,
    panel_id UUID NOT NULL REFERENCES panels (id),
    user_id UUID NOT NULL REFERENCES users (id),
    agency_id UUID NOT NULL REFERENCES agencies (id),
    role TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    deputy_for UUID REFERENCES users (id),
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
CREATE INDEX seats_by_user ON seats (user_id);
CREATE INDEX seats_by_panel ON seats (panel_id, role);

-- One-time links that set a password, single use, spent by POST only.
CREATE TABLE account_links (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ
);

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id UUID NOT NULL REFERENCES users (id),
    csrf TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_tokens (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

-- What a person has typed and not yet saved, so that it survives a sign-out or a lost line.
CREATE TABLE drafts (
    user_id UUID NOT NULL REFERENCES users (id),
    place TEXT NOT NULL,        -- the path of the form
    body TEXT NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, place)
);

-- The answer each form submission got, so that a second press of the button gets the same one.
CREATE TABLE operations (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    answer TEXT NOT NULL,
    done_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX operations_by_age ON operations (done_at);
