-- What somebody looked at before a paper left, and found that it may stand: marks under a key, no words.
CREATE TABLE text_clearances (
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    mark BYTEA NOT NULL,
    cleared_by UUID NOT NULL REFERENCES users (id),
    cleared_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (meeting_id, mark)
);
