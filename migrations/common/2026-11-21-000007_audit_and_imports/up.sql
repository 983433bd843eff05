-- Who looked, who changed, and what came in from a file.
CREATE TABLE audit_events (
    id UUID NOT NULL PRIMARY KEY, -- rises with time
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    deed TEXT NOT NULL,         -- the use case
    actor_id UUID,
    agency_id UUID,
    on_behalf BOOLEAN NOT NULL,
    panel_id UUID,
    case_id UUID,
    subject_kind TEXT NOT NULL,
    subject_id UUID,
    cases TEXT NOT NULL,        -- further cases shown, ids parted by spaces
    detail TEXT NOT NULL,       -- codes and counts only, never content
    request_id UUID NOT NULL
);
CREATE INDEX audit_events_by_case ON audit_events (case_id, id);
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, id);

CREATE TABLE imports (
    id UUID NOT NULL PRIMARY KEY,
    panel_id UUID NOT NULL REFERENCES panels (id),
    uploaded_by UUID NOT NULL REFERENCES users (id),
    uploaded_at TIMESTAMPTZ NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content BYTEA,              -- gone once confirmed or dropped
    mapping TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('read', 'confirmed', 'dropped')),
    summary TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX imports_by_panel ON imports (panel_id, uploaded_at);

-- Which record each row of a file became, so that a second import changes nothing.
CREATE TABLE import_keys (
    panel_id UUID NOT NULL REFERENCES panels (id),
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id UUID NOT NULL,
    import_id UUID NOT NULL REFERENCES imports (id),
    PRIMARY KEY (panel_id, kind, key)
);
