-- What each person opened and when last: cases, and referrals and people that have none. So few rows say
-- whether she may open more within the hour. They are swept away after a day.
CREATE TABLE opened (
    user_id UUID NOT NULL REFERENCES users (id),
    what UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, what)
);
CREATE INDEX opened_lately ON opened (user_id, at);
CREATE INDEX opened_long_ago ON opened (at);

-- For whom the bounds of reading are lifted for the rest of a day, by whom and why. A row is never deleted.
CREATE TABLE reading_lifts (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    day DATE NOT NULL,
    lifted_by UUID NOT NULL REFERENCES users (id),
    lifted_at TIMESTAMPTZ NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    CHECK (user_id <> lifted_by)
);
CREATE UNIQUE INDEX reading_lifts_once ON reading_lifts (user_id, day);

-- What somebody asked for and was not given: the few rows that say whether she is guessing.
CREATE INDEX audit_events_refused ON audit_events (actor_id, id) WHERE kind = 'denial';
