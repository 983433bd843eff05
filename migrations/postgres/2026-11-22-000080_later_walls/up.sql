-- Tables that came after the walls: what the service may do with them, and a wall for those with content.
DO $$
DECLARE
    one TEXT;
BEGIN
    FOREACH one IN ARRAY ARRAY[
        'case_notes', 'marking_changes', 'glass', 'findings', 'watch_head', 'passkeys', 'passkey_challenges',
        'attestations'
    ] LOOP
        EXECUTE format('GRANT SELECT ON %I TO panel_app, panel_backup', one);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO panel_app', one);
    END LOOP;
    FOREACH one IN ARRAY ARRAY['case_notes', 'marking_changes', 'glass'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY migrating ON %I TO CURRENT_USER
            USING (current_setting(''panel.actor'', true) = ''migrations'')', one);
    END LOOP;
    -- Records of a case: as their case. Who reads one of them is core's to decide.
    FOREACH one IN ARRAY ARRAY['case_notes', 'marking_changes'] LOOP
        EXECUTE format($policy$CREATE POLICY seats ON %1$I TO panel_app USING (
            panel_id = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[])
            OR (panel_id = ANY ((SELECT NULLIF(current_setting('panel.partly', true), '')::UUID[])::UUID[])
                AND EXISTS (
                SELECT FROM case_agencies p WHERE p.case_id = %1$I.case_id
                    AND p.agency_id = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
                    AND %1$I.panel_id || '/' || p.agency_id
                        = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]) OFFSET 0))
            OR case_id = ANY ((SELECT NULLIF(current_setting('panel.admitted', true), '')::UUID[])::UUID[])
        )$policy$, one);
        EXECUTE format($policy$CREATE POLICY kept ON %I AS RESTRICTIVE TO panel_app USING (
            case_id <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
            OR current_setting('panel.beyond', true) = ANY ('{place}')
        )$policy$, one);
    END LOOP;
END $$;
CREATE POLICY beyond ON case_notes FOR SELECT TO panel_app
    USING (current_setting('panel.beyond', true) = ANY ('{place}'));
CREATE POLICY by_service ON case_notes FOR SELECT TO panel_app
    USING (current_setting('panel.actor', true) = 'keys');
-- A case has a key of its own too.
ALTER POLICY parent ON data_keys USING (
    EXISTS (SELECT FROM referrals r
        WHERE r.id = owner_id AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0)
    OR EXISTS (SELECT FROM cases c
        WHERE c.id = owner_id AND COALESCE(current_setting('panel.beyond', true), '') = '' OFFSET 0)
);

-- What was opened in an emergency: whoever opened it, the two who review it, the worker, and those who run
-- the service where nobody reviewed it.
CREATE POLICY concerned ON glass TO panel_app
    USING (current_setting('panel.actor', true) IN (user_id::TEXT, first_reviewer::TEXT, second_reviewer::TEXT));
CREATE POLICY by_service ON glass TO panel_app USING (current_setting('panel.actor', true) = 'notify');
CREATE POLICY administered ON glass FOR SELECT TO panel_app USING (EXISTS (SELECT FROM users u
    WHERE u.id::TEXT = current_setting('panel.actor', true) AND u.administrator OFFSET 0));
CREATE POLICY beyond ON glass FOR SELECT TO panel_app
    USING (current_setting('panel.beyond', true) = ANY ('{glass}'));
CREATE POLICY closed ON glass FOR UPDATE TO panel_app
    USING (current_setting('panel.beyond', true) = ANY ('{glass}'));
ALTER POLICY beyond ON cases USING (current_setting('panel.beyond', true) = ANY ('{place,linking,references,glass}'));
ALTER POLICY kept ON cases USING (
    id <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
        OR current_setting('panel.beyond', true) = ANY ('{place,linking,references,glass}')
);
ALTER POLICY kept ON case_agencies USING (
    case_id <> ALL ((SELECT NULLIF(current_setting('panel.hidden', true), '')::UUID[])::UUID[])
        OR current_setting('panel.beyond', true) = ANY ('{glass}')
);

-- The live lines of the lists of one case, which bind also those who do not sit at its panel.
CREATE FUNCTION panel_lines_of(one UUID)
RETURNS TABLE (case_id UUID, kind TEXT, user_id UUID, agency_id UUID) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('panel.beyond', 'lists', true);
    RETURN QUERY SELECT l.case_id, l.kind, l.user_id, l.agency_id FROM case_lists l
        WHERE l.lifted_at IS NULL AND l.case_id = one;
    PERFORM set_config('panel.beyond', '', true);
END $$;

-- What a person has open at this instant, for every page of hers and before she acts.
CREATE FUNCTION panel_open_glass(person UUID, at TIMESTAMPTZ)
RETURNS TABLE (id UUID, panel_id UUID, case_id UUID, by_panel UUID, by_agency UUID, by_role TEXT,
    ends_at TIMESTAMPTZ, reference TEXT) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('panel.beyond', 'glass', true);
    RETURN QUERY SELECT g.id, g.panel_id, g.case_id, g.by_panel, g.by_agency, g.by_role, g.ends_at, c.reference
        FROM glass g JOIN cases c ON c.id = g.case_id
        WHERE g.user_id = person AND g.ends_at > at AND g.closed_at IS NULL
        ORDER BY g.opened_at DESC, g.id DESC LIMIT 1;
    PERFORM set_config('panel.beyond', '', true);
END $$;

-- Lets whoever acts read the case that she has open, for the rest of the transaction.
CREATE FUNCTION panel_admit(opening UUID, at TIMESTAMPTZ) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    opened UUID;
BEGIN
    SELECT g.case_id INTO opened FROM glass g
    WHERE g.id = opening AND g.user_id::TEXT = current_setting('panel.actor', true)
        AND g.ends_at > at AND g.closed_at IS NULL;
    IF opened IS NOT NULL THEN
        PERFORM set_config('panel.admitted',
            (COALESCE(NULLIF(current_setting('panel.admitted', true), ''), '{}')::UUID[] || opened)::TEXT, true);
    END IF;
END $$;
