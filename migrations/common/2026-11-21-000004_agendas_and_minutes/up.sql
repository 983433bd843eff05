-- What a meeting is to take, who was there, what was said and decided, and the signed record.
CREATE TABLE agenda_items (
    id UUID NOT NULL PRIMARY KEY,
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    section TEXT NOT NULL,
    position INTEGER NOT NULL,
    case_id UUID REFERENCES cases (id),
    case_type TEXT,
    title TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
    presenter_id UUID REFERENCES agencies (id),
    late BOOLEAN NOT NULL,
    late_reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('listed', 'heard', 'deferred', 'withdrawn')),
    state_reason TEXT NOT NULL,
    carried_from UUID REFERENCES agenda_items (id),
    why TEXT NOT NULL,          -- why the agenda proposed it
    by_hand BOOLEAN NOT NULL,   -- a person added it, and only a person takes it off
    discussion TEXT NOT NULL,
    risks TEXT NOT NULL,
    victim_voice TEXT NOT NULL,
    voice_by TEXT NOT NULL,
    protective TEXT NOT NULL,
    approaches TEXT NOT NULL,   -- codes parted by spaces
    decision TEXT,
    decision_note TEXT NOT NULL,
    next_review_on DATE,
    informs_victim TEXT NOT NULL,
    chair_notes TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX agenda_items_by_meeting ON agenda_items (meeting_id, position);
CREATE INDEX agenda_items_by_case ON agenda_items (case_id, meeting_id);

-- One row a meeting once somebody works on its agenda: the version that every change of it names.
CREATE TABLE agendas (
    meeting_id UUID NOT NULL PRIMARY KEY REFERENCES meetings (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    revising_since TIMESTAMPTZ, -- while the next issue is prepared
    revising_by UUID REFERENCES users (id),
    CHECK ((revising_since IS NULL) = (revising_by IS NULL))
);

CREATE TABLE agenda_issues (
    id UUID NOT NULL PRIMARY KEY,
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    number INTEGER NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    issued_by UUID NOT NULL REFERENCES users (id),
    snapshot TEXT NOT NULL,     -- JSON, see panel-core `agenda::Paper`
    UNIQUE (meeting_id, number)
);

CREATE TABLE attendance (
    id UUID NOT NULL PRIMARY KEY,
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    agency_id UUID REFERENCES agencies (id),
    user_id UUID REFERENCES users (id),
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    information_on DATE,
    statement_at TIMESTAMPTZ,
    statement_on_paper BOOLEAN NOT NULL,
    statement_by UUID REFERENCES users (id), -- who accepted it, or recorded that
    arrived_at_item UUID REFERENCES agenda_items (id),
    left_after_item UUID REFERENCES agenda_items (id),
    note TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX attendance_by_meeting ON attendance (meeting_id);

CREATE TABLE statement_acceptances ( -- by the person, whether or not the roll names her or him yet
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    user_id UUID NOT NULL REFERENCES users (id),
    accepted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (meeting_id, user_id)
);

CREATE TABLE info_requests (
    id UUID NOT NULL PRIMARY KEY,
    panel_id UUID NOT NULL REFERENCES panels (id),
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    agency_id UUID NOT NULL REFERENCES agencies (id),
    thread_id UUID NOT NULL REFERENCES info_requests (id), -- the first request of a case that was put off
    asked_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    due_on DATE NOT NULL,
    first_due_at TIMESTAMPTZ NOT NULL, -- before it was extended
    state TEXT NOT NULL CHECK (state IN ('asked', 'replied', 'withdrawn')),
    asked_version INTEGER NOT NULL, -- the case's content version that was asked about
    instance INTEGER NOT NULL,      -- rises when the agency is asked again or the deadline changes
    extension_reason TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    UNIQUE (meeting_id, case_id, agency_id)
);
CREATE INDEX info_requests_by_agency ON info_requests (agency_id, state, due_on);
CREATE INDEX info_requests_by_case ON info_requests (case_id);
CREATE INDEX info_requests_by_thread ON info_requests (thread_id);
CREATE INDEX info_requests_unanswered_by_due ON info_requests (due_on) WHERE state = 'asked';

CREATE TABLE info_replies (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES info_requests (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    facts TEXT NOT NULL,
    opinion TEXT NOT NULL,
    reason TEXT NOT NULL,
    particulars TEXT NOT NULL,  -- JSON, see panel-core `information::Particulars`
    readers TEXT NOT NULL,
    released BOOLEAN NOT NULL,  -- a draft is seen by its author's agency alone
    late BOOLEAN NOT NULL,
    on_behalf BOOLEAN NOT NULL,
    replied_by UUID NOT NULL REFERENCES users (id),
    replied_at TIMESTAMPTZ NOT NULL,
    answered_version INTEGER NOT NULL,
    answered TEXT NOT NULL,     -- JSON of what it answers, once released
    version INTEGER NOT NULL CHECK (version >= 1),
    UNIQUE (request_id, number)
);
CREATE UNIQUE INDEX info_replies_one_draft ON info_replies (request_id) WHERE NOT released;

CREATE TABLE minutes (
    id UUID NOT NULL PRIMARY KEY,
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,       -- of a correction; empty for the first version
    snapshot TEXT NOT NULL,     -- JSON, frozen at approval
    sha256 TEXT NOT NULL,
    approved_by UUID NOT NULL REFERENCES users (id),
    approved_at TIMESTAMPTZ NOT NULL,
    reopened_at TIMESTAMPTZ,
    reopened_by UUID REFERENCES users (id),
    reopen_reason TEXT NOT NULL,
    UNIQUE (meeting_id, number)
);
