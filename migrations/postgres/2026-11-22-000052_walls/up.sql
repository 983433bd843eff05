-- The second wall: what the first one, in the queries of `panel-store` and in core, is to let through, the
-- database lets through too, and nothing else. Permissive policies say who sees a row; the restrictive ones,
-- named “kept”, take away what a list of a case hides, whatever else says so.
--
-- Sets of ids are asked for in a subquery of their own, `(SELECT NULLIF(current_setting(…), '')::UUID[])`, so
-- that a statement reads them once and not for every row; a set that is not there is null, and holds nothing.
-- They are written out because a function would be read anew by the planner each time, and `OFFSET 0` keeps it
-- from planning each subquery in two ways: together that halves what the wall costs. Which tables have no wall,
-- and why, stands in `panel-store`: `wall`.

DO $$
DECLARE
    one TEXT;
BEGIN
    FOREACH one IN ARRAY ARRAY[
        'cases', 'case_agencies', 'case_lists', 'referrals', 'referral_people', 'incidents', 'people',
        'person_keys', 'likenesses', 'agenda_items', 'agendas', 'agenda_issues', 'attendance',
        'statement_acceptances', 'minutes', 'text_clearances', 'info_requests', 'info_replies', 'actions',
        'action_extensions', 'action_transfers', 'action_moves', 'action_entries', 'imports', 'import_keys',
        'drafts', 'operations', 'data_keys', 'whereabouts', 'whereabouts_marks', 'whereabouts_readers',
        'reveals'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', one);
        -- Whoever owns the tables stands before the wall too, but for later migrations.
        EXECUTE format('CREATE POLICY migrating ON %I TO CURRENT_USER
            USING (current_setting(''panel.actor'', true) = ''migrations'')', one);
    END LOOP;
END $$;

-- Cases: whoever runs the panel; an agency that takes part; an alternate.
CREATE POLICY seats ON cases TO panel_app USING (
    panel_id = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[])
    OR (panel_id = ANY ((SELECT NULLIF(current_setting('panel.partly', true), '')::UUID[])::UUID[]) AND EXISTS (
        SELECT FROM case_agencies p WHERE p.case_id = cases.id
            AND p.agency_id = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
            AND cases.panel_id || '/' || p.agency_id
                = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]) OFFSET 0))
    OR id = ANY ((SELECT NULLIF(current_setting('panel.admitted', true), '')::UUID[])::UUID[])
);
CREATE POLICY by_service ON cases FOR SELECT TO panel_app USING (current_setting('panel.actor', true) = 'notify');
CREATE POLICY beyond ON cases FOR SELECT TO panel_app
    USING (current_setting('panel.beyond', true) = ANY ('{place,linking,references}'));
CREATE POLICY raised ON cases FOR UPDATE TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{linking}'));
CREATE POLICY kept ON cases AS RESTRICTIVE TO panel_app USING (
    id <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
        OR current_setting('panel.beyond', true) = ANY ('{place,linking,references}')
);

-- Which agencies take part: ids alone, on which the policies above stand, so that these cannot ask for cases.
CREATE POLICY seats ON case_agencies TO panel_app
    USING ((SELECT NULLIF(current_setting('panel.sits', true), '') IS NOT NULL));
CREATE POLICY by_service ON case_agencies FOR SELECT TO panel_app
    USING (current_setting('panel.actor', true) = 'notify');
CREATE POLICY kept ON case_agencies AS RESTRICTIVE TO panel_app
    USING (case_id <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[]));

-- The lists: whoever runs the panel; and anybody may say of herself that she must not know.
CREATE POLICY seats ON case_lists TO panel_app USING (panel_id
    = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]));
CREATE POLICY declared ON case_lists FOR INSERT TO panel_app WITH CHECK (
    panel_id = ANY ((SELECT NULLIF(current_setting('panel.sits', true), '')::UUID[])::UUID[])
    AND kind = 'excluded' AND user_id::TEXT = current_setting('panel.actor', true)
);
CREATE POLICY beyond ON case_lists FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{lists}'));

-- Referrals: as their case; before there is one, whoever runs the panel and the agency that refers.
CREATE POLICY seats ON referrals TO panel_app USING (
    panel_id = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[])
    OR (panel_id = ANY ((SELECT NULLIF(current_setting('panel.partly', true), '')::UUID[])::UUID[]) AND (
        (case_id IS NULL AND agency_id
            = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
            AND panel_id || '/' || agency_id
                = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]))
        OR EXISTS (
            SELECT FROM case_agencies p WHERE p.case_id = referrals.case_id
                AND p.agency_id = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
                AND referrals.panel_id || '/' || p.agency_id
                    = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]) OFFSET 0)))
    OR case_id = ANY ((SELECT NULLIF(current_setting('panel.admitted', true), '')::UUID[])::UUID[])
);
CREATE POLICY beyond ON referrals FOR SELECT TO panel_app
    USING (current_setting('panel.beyond', true) = ANY ('{place,linking,references}'));
CREATE POLICY kept ON referrals AS RESTRICTIVE TO panel_app USING (
    case_id IS NULL OR case_id <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
    OR current_setting('panel.beyond', true) = ANY ('{place,linking,references}')
);

-- What belongs to a referral is seen with it.
CREATE POLICY parent ON referral_people TO panel_app
    USING (EXISTS (SELECT FROM referrals r WHERE r.id = referral_id OFFSET 0));
CREATE POLICY beyond ON referral_people FOR SELECT TO panel_app
    USING (current_setting('panel.beyond', true) = ANY ('{linking}'));
CREATE POLICY parent ON incidents TO panel_app
    USING (EXISTS (SELECT FROM referrals r WHERE r.id = referral_id OFFSET 0));
CREATE POLICY parent ON whereabouts_readers TO panel_app USING (EXISTS (SELECT FROM referrals r
    WHERE r.id = referral_id AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0));
CREATE POLICY parent ON reveals TO panel_app USING (EXISTS (SELECT FROM referrals r
    WHERE r.id = referral_id AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0));
CREATE POLICY parent ON whereabouts TO panel_app USING (EXISTS (SELECT FROM referrals r
    WHERE r.id = referral_id AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0));
CREATE POLICY by_service ON whereabouts FOR SELECT TO panel_app
    USING (current_setting('panel.actor', true) = 'keys');
CREATE POLICY parent ON whereabouts_marks TO panel_app USING (EXISTS (SELECT FROM referrals r
    WHERE r.id = referral_id AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0));
-- A referral's key is there before the referral.
CREATE POLICY parent ON data_keys TO panel_app USING (EXISTS (SELECT FROM referrals r
    WHERE r.id = owner_id AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0));
CREATE POLICY made ON data_keys FOR INSERT TO panel_app
    WITH CHECK ((SELECT NULLIF(current_setting('panel.sits', true), '') IS NOT NULL));
CREATE POLICY by_service ON data_keys TO panel_app USING (current_setting('panel.actor', true) = 'keys');

-- Records of people: whoever sees a case or a referral that names them. They are there before these. Who looks
-- at cases or referrals for another reason, or as a part of the service, finds no name by it.
CREATE POLICY named ON people TO panel_app USING (
    EXISTS (SELECT FROM cases c WHERE c.person_id = people.id
        AND current_setting('panel.sits', true) <> ''
            AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0)
    OR EXISTS (SELECT FROM referrals r WHERE r.perpetrator_id = people.id
        AND current_setting('panel.sits', true) <> ''
            AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0)
    OR EXISTS (SELECT FROM referral_people m WHERE m.person_id = people.id
        AND current_setting('panel.sits', true) <> ''
            AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0)
);
CREATE POLICY made ON people FOR INSERT TO panel_app
    WITH CHECK ((SELECT NULLIF(current_setting('panel.sits', true), '') IS NOT NULL));
CREATE POLICY beyond ON people FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{alike,linking}'));
CREATE POLICY linked ON people FOR UPDATE TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{linking}'));
CREATE POLICY named ON person_keys TO panel_app
    USING (EXISTS (SELECT FROM people p WHERE p.id = person_id OFFSET 0));
CREATE POLICY made ON person_keys FOR INSERT TO panel_app
    WITH CHECK ((SELECT NULLIF(current_setting('panel.sits', true), '') IS NOT NULL));
CREATE POLICY beyond ON person_keys FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{alike}'));
CREATE POLICY named ON likenesses TO panel_app USING (
    EXISTS (SELECT FROM people p WHERE p.id = left_id OFFSET 0)
    AND EXISTS (SELECT FROM people p WHERE p.id = right_id OFFSET 0)
);
CREATE POLICY made ON likenesses FOR INSERT TO panel_app
    WITH CHECK ((SELECT NULLIF(current_setting('panel.sits', true), '') IS NOT NULL));
CREATE POLICY beyond ON likenesses FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{linking}'));

-- Agendas: whoever runs the panel sees every item; others those of cases they may know of.
CREATE POLICY seats ON agenda_items TO panel_app USING (
    EXISTS (SELECT FROM meetings m WHERE m.id = meeting_id
        AND m.panel_id = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]) OFFSET 0)
    OR EXISTS (SELECT FROM cases c WHERE c.id = case_id OFFSET 0)
);
CREATE POLICY beyond ON agenda_items FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{place}'));
CREATE POLICY kept ON agenda_items AS RESTRICTIVE TO panel_app USING (
    case_id IS NULL OR case_id
        <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
        OR current_setting('panel.beyond', true) = ANY ('{place}')
);

-- What a meeting as a whole leaves: written by whoever runs the panel, there for everybody with a seat. What
-- was issued or signed is one text, which the program cuts for its reader.
CREATE POLICY seats ON agendas TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]) OFFSET 0));
CREATE POLICY reads ON agendas FOR SELECT TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.sits', true), '')::UUID[])::UUID[]) OFFSET 0));
CREATE POLICY seats ON agenda_issues TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]) OFFSET 0));
CREATE POLICY reads ON agenda_issues FOR SELECT TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.sits', true), '')::UUID[])::UUID[]) OFFSET 0));
CREATE POLICY seats ON minutes TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]) OFFSET 0));
CREATE POLICY reads ON minutes FOR SELECT TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.sits', true), '')::UUID[])::UUID[]) OFFSET 0));
CREATE POLICY by_service ON minutes FOR SELECT TO panel_app USING (current_setting('panel.actor', true) = 'notify');
CREATE POLICY seats ON text_clearances TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]) OFFSET 0));
-- Everybody says of herself that she comes, and accepts the statement.
CREATE POLICY seats ON attendance TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.sits', true), '')::UUID[])::UUID[]) OFFSET 0));
CREATE POLICY seats ON statement_acceptances TO panel_app USING (EXISTS (SELECT FROM meetings m
    WHERE m.id = meeting_id AND m.panel_id
        = ANY ((SELECT NULLIF(current_setting('panel.sits', true), '')::UUID[])::UUID[]) OFFSET 0));

-- Requests for information, and what is answered.
CREATE POLICY seats ON info_requests TO panel_app USING (
    panel_id = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[])
    OR (panel_id = ANY ((SELECT NULLIF(current_setting('panel.partly', true), '')::UUID[])::UUID[]) AND EXISTS (
        SELECT FROM case_agencies p WHERE p.case_id = info_requests.case_id
            AND p.agency_id = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
            AND info_requests.panel_id || '/' || p.agency_id
                = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]) OFFSET 0))
    OR case_id = ANY ((SELECT NULLIF(current_setting('panel.admitted', true), '')::UUID[])::UUID[])
);
CREATE POLICY by_service ON info_requests FOR SELECT TO panel_app
    USING (current_setting('panel.actor', true) = 'notify');
CREATE POLICY beyond ON info_requests FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{place,kept}'));
CREATE POLICY kept ON info_requests AS RESTRICTIVE TO panel_app
    USING (case_id
        <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
        OR current_setting('panel.beyond', true) = ANY ('{place,kept}'));
CREATE POLICY parent ON info_replies TO panel_app
    USING (EXISTS (SELECT FROM info_requests q WHERE q.id = request_id OFFSET 0));

-- Actions: as their case; without one, by their own agency; and by an agency that is asked to take one over.
CREATE POLICY seats ON actions TO panel_app USING (
    panel_id = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[])
    OR (panel_id = ANY ((SELECT NULLIF(current_setting('panel.partly', true), '')::UUID[])::UUID[]) AND (
        (case_id IS NULL AND owner_agency
            = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
            AND panel_id || '/' || owner_agency
                = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]))
        OR id = ANY ((SELECT NULLIF(current_setting('panel.asked', true), '')::UUID[])::UUID[])
        OR EXISTS (
            SELECT FROM case_agencies p WHERE p.case_id = actions.case_id
                AND p.agency_id = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
                AND actions.panel_id || '/' || p.agency_id
                    = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]) OFFSET 0)))
    OR case_id = ANY ((SELECT NULLIF(current_setting('panel.admitted', true), '')::UUID[])::UUID[])
);
CREATE POLICY by_service ON actions FOR SELECT TO panel_app USING (current_setting('panel.actor', true) = 'notify');
CREATE POLICY beyond ON actions FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{place,figures,handover,kept}'));
CREATE POLICY kept ON actions AS RESTRICTIVE TO panel_app USING (
    case_id IS NULL OR case_id <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
    OR current_setting('panel.beyond', true) = ANY ('{place,handover,kept}')
);
CREATE POLICY parent ON action_extensions TO panel_app
    USING (EXISTS (SELECT FROM actions a WHERE a.id = action_id OFFSET 0));
CREATE POLICY parent ON action_entries TO panel_app
    USING (EXISTS (SELECT FROM actions a WHERE a.id = action_id OFFSET 0));
CREATE POLICY parent ON action_moves TO panel_app
    USING (EXISTS (SELECT FROM actions a WHERE a.id = action_id OFFSET 0));
CREATE POLICY parent ON action_transfers TO panel_app
    USING (EXISTS (SELECT FROM actions a WHERE a.id = action_id OFFSET 0));
CREATE POLICY beyond ON action_transfers FOR SELECT TO panel_app
    USING (current_setting('panel.beyond', true) = ANY ('{lists}'));

-- Files that are brought in: whoever runs the panel.
CREATE POLICY seats ON imports TO panel_app USING (panel_id
    = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]));
CREATE POLICY beyond ON imports FOR SELECT TO panel_app USING (current_setting('panel.beyond', true)
    = ANY ('{place}'));
CREATE POLICY seats ON import_keys TO panel_app USING (panel_id
    = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]));

-- What somebody typed, and what her submissions were answered: her own. Anybody sweeps old answers away.
CREATE POLICY own ON drafts TO panel_app USING (user_id::TEXT = current_setting('panel.actor', true));
CREATE POLICY by_service ON drafts TO panel_app USING (current_setting('panel.actor', true) = 'drafts');
CREATE POLICY own ON operations TO panel_app USING (user_id::TEXT = current_setting('panel.actor', true));
CREATE POLICY outdated ON operations FOR SELECT TO panel_app
    USING (done_at < NULLIF(current_setting('panel.today', true), '')::DATE - 1);
CREATE POLICY swept ON operations FOR DELETE TO panel_app
    USING (done_at < NULLIF(current_setting('panel.today', true), '')::DATE - 1);
