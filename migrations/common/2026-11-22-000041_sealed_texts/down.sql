DROP TABLE drafts;
CREATE TABLE drafts (
    user_id UUID NOT NULL REFERENCES users (id),
    place TEXT NOT NULL,        -- the path of the form
    body TEXT NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, place)
);

DROP TABLE operations;
CREATE TABLE operations (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    answer TEXT NOT NULL,
    done_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX operations_by_age ON operations (done_at);
