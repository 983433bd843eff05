-- The audit log in a chain: each row's hash stands on the one before it.
CREATE TABLE audit_seals (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq >= 1),
    event_id UUID NOT NULL UNIQUE, -- refers to a row of audit_events, which may have been tampered with
    sealed_at TIMESTAMPTZ NOT NULL,
    prev BYTEA NOT NULL,
    hash BYTEA NOT NULL
);

-- The end of the chain. One row, which whoever seals holds.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    log_id UUID NOT NULL,
    size BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    reached UUID NOT NULL, -- the greatest id that was sealed
    swept UUID NOT NULL    -- where the slow look at the whole log stands
);

-- What was signed and given away.
CREATE TABLE audit_checkpoints (
    size BIGINT NOT NULL PRIMARY KEY,
    log_id UUID NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    head BYTEA NOT NULL,
    public_key TEXT NOT NULL,
    signature BYTEA NOT NULL
);

-- Which rows of the log showed a case among others, so that they are found by the case.
CREATE TABLE audit_shown (
    case_id UUID NOT NULL,
    event_id UUID NOT NULL,
    PRIMARY KEY (case_id, event_id)
);
