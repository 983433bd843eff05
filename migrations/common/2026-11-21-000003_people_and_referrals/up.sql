-- Who is harmed and by whom, how it came to the panel, and what is under its management.
CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    surname TEXT NOT NULL,
    forename TEXT NOT NULL,
    aliases TEXT NOT NULL,      -- one a line
    born_on DATE,
    unborn BOOLEAN NOT NULL,
    gender TEXT,
    ethnicity TEXT,             -- scheme and code, parted by a blank
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    root_id UUID NOT NULL REFERENCES people (id), -- the oldest record of the same person
    created_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX people_by_root ON people (root_id);

-- What a record is found by: `w` and a folded word of its names, or a key of likeness.
CREATE TABLE person_keys (
    key TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    PRIMARY KEY (key, person_id)
);
CREATE INDEX person_keys_by_person ON person_keys (person_id);

CREATE TABLE cases (
    id UUID NOT NULL PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE, -- random, the same for every reader
    panel_id UUID NOT NULL REFERENCES panels (id),
    person_id UUID NOT NULL REFERENCES people (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    opened_on DATE NOT NULL,
    closed_on DATE,
    closed_by UUID REFERENCES users (id), -- empty where a file said so
    close_reason TEXT,
    close_note TEXT NOT NULL,
    next_review_on DATE,        -- agreed date that replaces the next counted review
    trigger_note TEXT NOT NULL, -- an event that brings the case to the next meeting
    trigger_at TIMESTAMPTZ,     -- when that was noted; a meeting that hears the case later settles it
    closure_proposed TEXT NOT NULL, -- JSON of who proposes to close it and why, or nothing
    history TEXT NOT NULL,      -- JSON, earlier closures that were taken back
    content_version INTEGER NOT NULL, -- rises when what agencies were asked about changes
    imported BOOLEAN NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
    CHECK ((state = 'closed') = (close_reason IS NOT NULL))
);
CREATE UNIQUE INDEX cases_one_open ON cases (panel_id, person_id) WHERE state = 'open';
CREATE INDEX cases_by_panel ON cases (panel_id, state, id);
CREATE INDEX cases_by_person ON cases (person_id);

-- Agencies that take part in a case: whoever referred, was asked, or owns an action.
CREATE TABLE case_agencies (
    case_id UUID NOT NULL REFERENCES cases (id),
    agency_id UUID NOT NULL REFERENCES agencies (id),
    since DATE NOT NULL,
    PRIMARY KEY (case_id, agency_id)
);
CREATE INDEX case_agencies_by_agency ON case_agencies (agency_id, case_id);

CREATE TABLE referrals (
    id UUID NOT NULL PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    panel_id UUID NOT NULL REFERENCES panels (id),
    received_at TIMESTAMPTZ NOT NULL,
    source TEXT NOT NULL,
    agency_id UUID NOT NULL REFERENCES agencies (id),
    perpetrator_id UUID NOT NULL REFERENCES people (id),
    state TEXT NOT NULL,
    triage TEXT NOT NULL,       -- JSON, see panel-core `referral::Triage`
    history TEXT NOT NULL,      -- JSON, earlier states of triage that were answered or taken back
    resubmitted_at TIMESTAMPTZ, -- when it came back after it had been returned
    decided_at TIMESTAMPTZ,
    late_lane TEXT,             -- which way a late one goes
    late_reason TEXT NOT NULL,
    late_by UUID REFERENCES users (id),
    late_at TIMESTAMPTZ,
    meeting_id UUID REFERENCES meetings (id), -- the meeting it is late for
    case_id UUID REFERENCES cases (id),
    particulars TEXT NOT NULL,  -- JSON, see panel-core `referral`
    entered_by UUID NOT NULL REFERENCES users (id),
    entered_at TIMESTAMPTZ NOT NULL,
    imported BOOLEAN NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX referrals_by_panel ON referrals (panel_id, state, received_at);
CREATE INDEX referrals_by_person ON referrals (perpetrator_id);
CREATE INDEX referrals_by_case ON referrals (case_id);
CREATE INDEX referrals_by_agency ON referrals (agency_id, panel_id);

CREATE TABLE referral_people (
    referral_id UUID NOT NULL REFERENCES referrals (id),
    person_id UUID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL CHECK (role IN ('victim', 'child')),
    position INTEGER NOT NULL,  -- in the form, counted from 1
    relationship TEXT,          -- of a victim to the perpetrator
    PRIMARY KEY (referral_id, person_id, role)
);
CREATE INDEX referral_people_by_person ON referral_people (person_id);

CREATE TABLE incidents (
    id UUID NOT NULL PRIMARY KEY,
    referral_id UUID NOT NULL REFERENCES referrals (id),
    victim_id UUID REFERENCES people (id),
    happened_on DATE,           -- unknown stays empty, the date identified stands in
    identified_on DATE NOT NULL,
    crime BOOLEAN NOT NULL
);
CREATE INDEX incidents_by_referral ON incidents (referral_id);

-- Pairs of records that somebody looked at and called the same person, or different people.
CREATE TABLE likenesses (
    left_id UUID NOT NULL REFERENCES people (id),
    right_id UUID NOT NULL REFERENCES people (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('offered', 'same', 'different')),
    evidence TEXT NOT NULL,     -- JSON, see panel-core `likeness`
    decided_by UUID REFERENCES users (id),
    decided_at TIMESTAMPTZ,
    PRIMARY KEY (left_id, right_id),
    CHECK (left_id < right_id)
);
CREATE INDEX likenesses_by_right ON likenesses (right_id);
