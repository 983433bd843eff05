-- The key of each record of which something is sealed, itself sealed by a master key that is never here.
-- Without its row the record's sealed fields are gone for good, in every copy.
CREATE TABLE data_keys (
    owner_id UUID NOT NULL PRIMARY KEY, -- a referral
    sealed BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL
);

-- Where a victim or child of a referral can be found or reached, sealed with its row bound in.
CREATE TABLE whereabouts (
    referral_id UUID NOT NULL REFERENCES referrals (id),
    person_id UUID NOT NULL REFERENCES people (id),
    sealed BYTEA NOT NULL,
    PRIMARY KEY (referral_id, person_id)
);
CREATE INDEX whereabouts_by_person ON whereabouts (person_id);

-- By what they are found without being read: a number or postcode under a key of its own.
CREATE TABLE whereabouts_marks (
    mark BYTEA NOT NULL,
    referral_id UUID NOT NULL,
    person_id UUID NOT NULL,
    PRIMARY KEY (mark, referral_id, person_id)
);
CREATE INDEX whereabouts_marks_by_person ON whereabouts_marks (person_id);

-- Who may read them beside the coordinator and the victim's advocate.
CREATE TABLE whereabouts_readers (
    id UUID NOT NULL PRIMARY KEY,
    referral_id UUID NOT NULL REFERENCES referrals (id),
    user_id UUID NOT NULL REFERENCES users (id),
    reason TEXT NOT NULL,
    named_by UUID NOT NULL REFERENCES users (id),
    named_at TIMESTAMPTZ NOT NULL,
    ended_by UUID REFERENCES users (id),
    ended_at TIMESTAMPTZ,
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE INDEX whereabouts_readers_by_referral ON whereabouts_readers (referral_id);
CREATE INDEX whereabouts_readers_by_user ON whereabouts_readers (user_id);

-- Why somebody read them. The audit log names this row, never the words.
CREATE TABLE reveals (
    id UUID NOT NULL PRIMARY KEY,
    referral_id UUID NOT NULL,
    person_id UUID NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    at TIMESTAMPTZ NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX reveals_by_referral ON reveals (referral_id, at);
CREATE INDEX reveals_by_user ON reveals (user_id, at);
