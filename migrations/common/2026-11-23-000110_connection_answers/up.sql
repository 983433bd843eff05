-- People and agencies of whom somebody said that they are not connected to a case, although a name says so.
CREATE TABLE connection_answers (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    panel_id UUID NOT NULL REFERENCES panels (id),
    user_id UUID REFERENCES users (id),
    agency_id UUID REFERENCES agencies (id),
    reason TEXT NOT NULL,
    answered_by UUID NOT NULL REFERENCES users (id),
    answered_at TIMESTAMPTZ NOT NULL,
    CHECK ((user_id IS NULL) <> (agency_id IS NULL))
);
CREATE UNIQUE INDEX connection_answers_person ON connection_answers (case_id, user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX connection_answers_agency ON connection_answers (case_id, agency_id) WHERE agency_id IS NOT NULL;
