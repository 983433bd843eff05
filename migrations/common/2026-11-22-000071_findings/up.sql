-- What stood out in how cases are read: a rule, a person, a day and a count. Nothing here names a case.
CREATE TABLE findings (
    id UUID NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    day DATE NOT NULL,
    many INTEGER NOT NULL CHECK (many >= 1),
    found_at TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ,            -- when a letter told administrators that there is something
    closed_by UUID REFERENCES users (id),
    closed_at TIMESTAMPTZ,
    note TEXT NOT NULL,             -- what came of it
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CHECK ((closed_at IS NULL) = (note = ''))
);
CREATE UNIQUE INDEX findings_once ON findings (rule, user_id, day);
CREATE INDEX findings_open ON findings (found_at) WHERE closed_at IS NULL;
CREATE INDEX findings_closed ON findings (closed_at);
CREATE INDEX findings_untold ON findings (found_at) WHERE told_at IS NULL;

-- How far the log was looked at. One row.
CREATE TABLE watch_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    reached UUID NOT NULL
);
INSERT INTO watch_head VALUES (1, '00000000-0000-0000-0000-000000000000');
