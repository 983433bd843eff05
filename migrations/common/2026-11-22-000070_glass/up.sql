-- One case that somebody opened in an emergency: by which seat, why, until when, and what one of two people
-- of other agencies said of it afterwards. A row is never deleted.
CREATE TABLE glass (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    panel_id UUID NOT NULL REFERENCES panels (id),      -- the case's
    user_id UUID NOT NULL REFERENCES users (id),
    by_panel UUID NOT NULL REFERENCES panels (id),      -- the seat that gives the right
    by_agency UUID NOT NULL REFERENCES agencies (id),
    by_role TEXT NOT NULL,
    cause TEXT NOT NULL,
    reason TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,                              -- before its time
    first_reviewer UUID NOT NULL REFERENCES users (id),
    second_reviewer UUID NOT NULL REFERENCES users (id),
    review_by DATE NOT NULL,
    told_late_at TIMESTAMPTZ,                           -- when administrators heard that nobody had reviewed it
    outcome TEXT CHECK (outcome IN ('justified', 'not_justified')),
    review TEXT NOT NULL,
    reviewed_by UUID REFERENCES users (id),
    reviewed_at TIMESTAMPTZ,
    CHECK (ends_at > opened_at),
    CHECK (first_reviewer <> second_reviewer AND user_id <> first_reviewer AND user_id <> second_reviewer),
    CHECK ((outcome IS NULL) = (reviewed_at IS NULL)),
    CHECK ((outcome IS NULL) = (reviewed_by IS NULL)),
    CHECK ((outcome IS NULL) = (review = ''))
);
CREATE INDEX glass_by_user ON glass (user_id, opened_at);
CREATE INDEX glass_by_first_reviewer ON glass (first_reviewer, opened_at);
CREATE INDEX glass_by_second_reviewer ON glass (second_reviewer, opened_at);
CREATE INDEX glass_to_review ON glass (review_by) WHERE outcome IS NULL;
