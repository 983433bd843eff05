-- What is typed and not saved, and what submissions were answered, is sealed too. Both last for hours; what
-- was kept in the open is dropped.
DROP TABLE drafts;
CREATE TABLE drafts (
    user_id UUID NOT NULL REFERENCES users (id),
    place TEXT NOT NULL,        -- the path of the form
    body BYTEA NOT NULL,        -- sealed
    saved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, place)
);

DROP TABLE operations;
CREATE TABLE operations (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    answer BYTEA NOT NULL,      -- sealed
    done_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX operations_by_age ON operations (done_at);
