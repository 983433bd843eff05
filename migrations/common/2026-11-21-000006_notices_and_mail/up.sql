-- Whom to tell what and when, and the outbox by which it leaves.
CREATE TABLE notices (
    id UUID NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    panel_id UUID NOT NULL REFERENCES panels (id),
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    user_id UUID REFERENCES users (id), -- nobody, where the rule names nobody who is here
    instance INTEGER NOT NULL,
    day DATE NOT NULL,
    about_on DATE,              -- the due or meeting date it tells
    state TEXT NOT NULL CHECK (state IN ('planned', 'told', 'skipped', 'cancelled')),
    reason TEXT,
    message_id UUID,
    planned_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ,
    UNIQUE (rule, subject_id, user_id, instance),
    CHECK ((state IN ('skipped', 'cancelled')) = (reason IS NOT NULL)),
    CHECK ((state = 'planned') = (settled_at IS NULL)),
    CHECK (state <> 'told' OR message_id IS NOT NULL),
    CHECK (user_id IS NOT NULL OR state = 'skipped')
);
CREATE INDEX notices_due ON notices (user_id, day) WHERE state = 'planned';
CREATE INDEX notices_by_subject ON notices (subject_id);
CREATE INDEX notices_by_user ON notices (user_id, day);
CREATE INDEX notices_by_message ON notices (message_id) WHERE message_id IS NOT NULL;
CREATE UNIQUE INDEX notices_unheard ON notices (rule, subject_id, instance) WHERE user_id IS NULL;
CREATE INDEX notices_unheard_by_panel ON notices (panel_id, day) WHERE user_id IS NULL;

-- How far planning has come, so that an outage of days is caught up by range.
CREATE TABLE plan_marks (
    name TEXT NOT NULL PRIMARY KEY,
    day DATE NOT NULL
);

CREATE TABLE messages (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    address TEXT NOT NULL,
    dedupe TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,      -- JSON: counts and dates, never a name of a person at risk
    secret TEXT,                -- the one-time part of an account link, gone once sent
    created_at TIMESTAMPTZ NOT NULL,
    not_before TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'sent', 'failed', 'cancelled', 'expired', 'poison')),
    attempts INTEGER NOT NULL,
    crash_attempts INTEGER NOT NULL,
    lease_owner TEXT,
    lease_epoch INTEGER NOT NULL,
    lease_until TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    last_error TEXT NOT NULL
);
CREATE INDEX messages_due ON messages (not_before, id) WHERE state IN ('pending', 'leased');
CREATE INDEX messages_by_user ON messages (user_id, created_at);
