//! One schema for both databases, written by hand and held to each by a test.
//!
//! Ids and instants have SQL types of their own (see `sql_types`): `uuid` and `timestamptz` on
//! PostgreSQL, text on SQLite.

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Date, Integer, Nullable, Text};

    agencies (id) {
        id -> IdSql,
        name -> Text,
        name_folded -> Text,
        kind -> CodeSql,
        mail_domains -> Text,
        aliases -> Text,
        ended_on -> Nullable<Date>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Integer, Text};

    panels (id) {
        id -> IdSql,
        name -> Text,
        area -> Text,
        policy -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Bool};

    panel_agencies (panel_id, agency_id) {
        panel_id -> IdSql,
        agency_id -> IdSql,
        core -> Bool,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};

    users (id) {
        id -> IdSql,
        name -> Text,
        email -> Text,
        email_folded -> Text,
        agency_id -> IdSql,
        administrator -> Bool,
        password_hash -> Nullable<Text>,
        failures -> Integer,
        locked_until -> Nullable<InstantSql>,
        last_sign_in -> Nullable<InstantSql>,
        ended_on -> Nullable<Date>,
        version -> Integer,
        warned_on -> Nullable<Date>,
        suspended_on -> Nullable<Date>,
        reopened_on -> Nullable<Date>,
        opened_until -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Date, Nullable};

    seats (id) {
        id -> IdSql,
        panel_id -> IdSql,
        user_id -> IdSql,
        agency_id -> IdSql,
        role -> CodeSql,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        deputy_for -> Nullable<IdSql>,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    account_links (id) {
        id -> IdSql,
        user_id -> IdSql,
        purpose -> CodeSql,
        token_hash -> Text,
        created_at -> InstantSql,
        expires_at -> InstantSql,
        spent_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Integer, Nullable, Text};

    sessions (id) {
        id -> IdSql,
        token_hash -> Text,
        user_id -> IdSql,
        csrf -> Text,
        started_at -> InstantSql,
        seen_at -> InstantSql,
        ended_at -> Nullable<InstantSql>,
        stage -> CodeSql,
        proven_at -> Nullable<InstantSql>,
        idle_minutes -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable};

    second_factors (user_id) {
        user_id -> IdSql,
        secret -> Binary,
        last_step -> BigInt,
        failures -> Integer,
        locked_until -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    recovery_codes (id) {
        id -> IdSql,
        user_id -> IdSql,
        code_hash -> Text,
        made_at -> InstantSql,
        spent_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Binary, Integer, Nullable, Text};

    passkeys (id) {
        id -> IdSql,
        user_id -> IdSql,
        name -> Text,
        credential -> Binary,
        public_key -> Binary,
        state -> Binary,
        transports -> Integer,
        made_at -> InstantSql,
        used_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::Binary;

    passkey_challenges (session_id) {
        session_id -> IdSql,
        purpose -> CodeSql,
        state -> Binary,
        made_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::Date;

    attestations (user_id, quarter, agency_id) {
        user_id -> IdSql,
        quarter -> Date,
        agency_id -> IdSql,
        confirmed_by -> IdSql,
        confirmed_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};

    installation (name) {
        name -> Text,
        value -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    api_tokens (id) {
        id -> IdSql,
        user_id -> IdSql,
        name -> Text,
        token_hash -> Text,
        created_at -> InstantSql,
        revoked_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Binary, Text};

    drafts (user_id, place) {
        user_id -> IdSql,
        place -> Text,
        body -> Binary,
        saved_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Binary};

    operations (id) {
        id -> IdSql,
        user_id -> IdSql,
        answer -> Binary,
        done_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Date, Integer, Nullable, Text, Time};

    series (id) {
        id -> IdSql,
        panel_id -> IdSql,
        rule -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        repeats -> Nullable<Integer>,
        start_time -> Time,
        minutes -> Integer,
        zone -> Text,
        holiday_policy -> CodeSql,
        venue -> Text,
        link -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text, Time};

    meetings (id) {
        id -> IdSql,
        panel_id -> IdSql,
        series_id -> Nullable<IdSql>,
        slot_on -> Nullable<Date>,
        meets_on -> Date,
        start_time -> Time,
        minutes -> Integer,
        zone -> Text,
        starts_at -> InstantSql,
        venue -> Text,
        link -> Text,
        emergency -> Bool,
        state -> CodeSql,
        earlier_dates -> Text,
        cancel_reason -> Text,
        number_year -> Nullable<Integer>,
        number -> Nullable<Integer>,
        started_at -> Nullable<InstantSql>,
        ended_at -> Nullable<InstantSql>,
        reopen_reason -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};

    people (id) {
        id -> IdSql,
        surname -> Text,
        forename -> Text,
        aliases -> Text,
        born_on -> Nullable<Date>,
        unborn -> Bool,
        gender -> Nullable<CodeSql>,
        ethnicity -> Nullable<Text>,
        address -> Text,
        postcode -> Text,
        root_id -> IdSql,
        created_at -> InstantSql,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Text};

    person_keys (key, person_id) {
        key -> Text,
        person_id -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};

    cases (id) {
        id -> IdSql,
        reference -> Text,
        panel_id -> IdSql,
        person_id -> IdSql,
        state -> CodeSql,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        closed_by -> Nullable<IdSql>,
        close_reason -> Nullable<CodeSql>,
        close_note -> Text,
        next_review_on -> Nullable<Date>,
        trigger_note -> Text,
        trigger_at -> Nullable<InstantSql>,
        closure_proposed -> Text,
        history -> Text,
        content_version -> Integer,
        imported -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Date};

    case_agencies (case_id, agency_id) {
        case_id -> IdSql,
        agency_id -> IdSql,
        since -> Date,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    connection_answers (id) {
        id -> IdSql,
        case_id -> IdSql,
        panel_id -> IdSql,
        user_id -> Nullable<IdSql>,
        agency_id -> Nullable<IdSql>,
        reason -> Text,
        answered_by -> IdSql,
        answered_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Nullable, Text};

    case_lists (id) {
        id -> IdSql,
        case_id -> IdSql,
        panel_id -> IdSql,
        kind -> CodeSql,
        user_id -> Nullable<IdSql>,
        agency_id -> Nullable<IdSql>,
        conflict -> CodeSql,
        note -> Text,
        declared -> Bool,
        set_by -> IdSql,
        set_at -> InstantSql,
        lifted_by -> Nullable<IdSql>,
        lifted_at -> Nullable<InstantSql>,
        lift_reason -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Integer, Nullable, Text};

    referrals (id) {
        id -> IdSql,
        reference -> Text,
        panel_id -> IdSql,
        received_at -> InstantSql,
        source -> CodeSql,
        agency_id -> IdSql,
        perpetrator_id -> IdSql,
        state -> CodeSql,
        triage -> Text,
        history -> Text,
        resubmitted_at -> Nullable<InstantSql>,
        decided_at -> Nullable<InstantSql>,
        late_lane -> Nullable<CodeSql>,
        late_reason -> Text,
        late_by -> Nullable<IdSql>,
        late_at -> Nullable<InstantSql>,
        meeting_id -> Nullable<IdSql>,
        case_id -> Nullable<IdSql>,
        particulars -> Text,
        entered_by -> IdSql,
        entered_at -> InstantSql,
        imported -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Integer, Nullable};

    referral_people (referral_id, person_id, role) {
        referral_id -> IdSql,
        person_id -> IdSql,
        role -> CodeSql,
        position -> Integer,
        relationship -> Nullable<CodeSql>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Bool, Date, Nullable};

    incidents (id) {
        id -> IdSql,
        referral_id -> IdSql,
        victim_id -> Nullable<IdSql>,
        happened_on -> Nullable<Date>,
        identified_on -> Date,
        crime -> Bool,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    likenesses (left_id, right_id) {
        left_id -> IdSql,
        right_id -> IdSql,
        verdict -> CodeSql,
        evidence -> Text,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};

    agenda_items (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        section -> CodeSql,
        position -> Integer,
        case_id -> Nullable<IdSql>,
        case_type -> Nullable<CodeSql>,
        title -> Text,
        minutes -> Integer,
        presenter_id -> Nullable<IdSql>,
        late -> Bool,
        late_reason -> Text,
        state -> CodeSql,
        state_reason -> Text,
        carried_from -> Nullable<IdSql>,
        why -> Text,
        by_hand -> Bool,
        discussion -> Text,
        risks -> Text,
        victim_voice -> Text,
        voice_by -> Text,
        protective -> Text,
        approaches -> Text,
        decision -> Nullable<CodeSql>,
        decision_note -> Text,
        next_review_on -> Nullable<Date>,
        informs_victim -> Text,
        chair_notes -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Integer, Nullable};

    agendas (meeting_id) {
        meeting_id -> IdSql,
        version -> Integer,
        revising_since -> Nullable<InstantSql>,
        revising_by -> Nullable<IdSql>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Integer, Text};

    agenda_issues (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        number -> Integer,
        issued_at -> InstantSql,
        issued_by -> IdSql,
        snapshot -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};

    attendance (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        agency_id -> Nullable<IdSql>,
        user_id -> Nullable<IdSql>,
        name -> Text,
        status -> CodeSql,
        information_on -> Nullable<Date>,
        statement_at -> Nullable<InstantSql>,
        statement_on_paper -> Bool,
        statement_by -> Nullable<IdSql>,
        arrived_at_item -> Nullable<IdSql>,
        left_after_item -> Nullable<IdSql>,
        note -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};

    statement_acceptances (meeting_id, user_id) {
        meeting_id -> IdSql,
        user_id -> IdSql,
        accepted_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Date, Integer, Text};

    info_requests (id) {
        id -> IdSql,
        panel_id -> IdSql,
        meeting_id -> IdSql,
        case_id -> IdSql,
        agency_id -> IdSql,
        thread_id -> IdSql,
        asked_at -> InstantSql,
        due_at -> InstantSql,
        due_on -> Date,
        first_due_at -> InstantSql,
        state -> CodeSql,
        asked_version -> Integer,
        instance -> Integer,
        extension_reason -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Integer, Text};

    info_replies (id) {
        id -> IdSql,
        request_id -> IdSql,
        number -> Integer,
        kind -> CodeSql,
        facts -> Text,
        opinion -> Text,
        reason -> Text,
        particulars -> Text,
        marking -> Text,
        released -> Bool,
        late -> Bool,
        on_behalf -> Bool,
        replied_by -> IdSql,
        replied_at -> InstantSql,
        answered_version -> Integer,
        answered -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Binary, Nullable, Text};

    case_notes (id) {
        id -> IdSql,
        case_id -> IdSql,
        panel_id -> IdSql,
        agency_id -> IdSql,
        kind -> CodeSql,
        marking -> Text,
        sealed -> Binary,
        source -> Nullable<Binary>,
        draws_on -> Text,
        written_by -> IdSql,
        written_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    marking_changes (id) {
        id -> IdSql,
        record_kind -> CodeSql,
        record_id -> IdSql,
        case_id -> IdSql,
        panel_id -> IdSql,
        agency_id -> IdSql,
        before -> Text,
        after -> Text,
        reason -> Text,
        step -> CodeSql,
        proposed_by -> IdSql,
        proposed_at -> InstantSql,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Integer, Nullable, Text};

    minutes (id) {
        id -> IdSql,
        meeting_id -> IdSql,
        number -> Integer,
        reason -> Text,
        snapshot -> Text,
        sha256 -> Text,
        approved_by -> IdSql,
        approved_at -> InstantSql,
        reopened_at -> Nullable<InstantSql>,
        reopened_by -> Nullable<IdSql>,
        reopen_reason -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};

    actions (id) {
        id -> IdSql,
        panel_id -> IdSql,
        case_id -> Nullable<IdSql>,
        meeting_id -> Nullable<IdSql>,
        item_id -> Nullable<IdSql>,
        text -> Text,
        approach -> Nullable<CodeSql>,
        owner_agency -> IdSql,
        owner_user -> Nullable<IdSql>,
        owner_name -> Text,
        set_on -> Date,
        first_due -> Nullable<Date>,
        due -> Nullable<Date>,
        due_word -> Text,
        due_instance -> Integer,
        state -> CodeSql,
        reported_on -> Nullable<Date>,
        outcome -> Text,
        reason -> Text,
        was -> Nullable<CodeSql>,
        decided_by -> Nullable<IdSql>,
        decided_on -> Nullable<Date>,
        imported -> Bool,
        created_at -> InstantSql,
        version -> Integer,
        finished -> Bool,
        due_key -> Date,
        judged -> Nullable<Date>,
        search -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Date, Nullable, Text};

    action_extensions (id) {
        id -> IdSql,
        action_id -> IdSql,
        requested_on -> Date,
        requested_by -> IdSql,
        capacity -> CodeSql,
        due_then -> Date,
        proposed_due -> Date,
        reason -> Text,
        state -> CodeSql,
        decided_on -> Nullable<Date>,
        decided_by -> Nullable<IdSql>,
        agreed_due -> Nullable<Date>,
        decision_note -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Date, Nullable, Text};

    action_transfers (id) {
        id -> IdSql,
        action_id -> IdSql,
        from_agency -> IdSql,
        to_agency -> IdSql,
        proposed_on -> Date,
        proposed_by -> IdSql,
        capacity -> CodeSql,
        reason -> Text,
        state -> CodeSql,
        answered_on -> Nullable<Date>,
        answered_by -> Nullable<IdSql>,
        answer_note -> Text,
        due_state -> Nullable<CodeSql>,
        new_due -> Nullable<Date>,
        due_then -> Nullable<Date>,
        due_decided_by -> Nullable<IdSql>,
        due_decided_on -> Nullable<Date>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Bool, Date};

    action_moves (id) {
        id -> IdSql,
        action_id -> IdSql,
        panel_id -> IdSql,
        from_agency -> IdSql,
        to_agency -> IdSql,
        moved_on -> Date,
        by_transfer -> Bool,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Nullable, Text};

    action_entries (id) {
        id -> IdSql,
        action_id -> IdSql,
        at -> InstantSql,
        by_user -> Nullable<IdSql>,
        on_behalf -> Bool,
        kind -> CodeSql,
        note -> Text,
        detail -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Date, Integer, Nullable};

    notices (id) {
        id -> IdSql,
        rule -> CodeSql,
        panel_id -> IdSql,
        subject_kind -> CodeSql,
        subject_id -> IdSql,
        user_id -> Nullable<IdSql>,
        instance -> Integer,
        day -> Date,
        about_on -> Nullable<Date>,
        state -> CodeSql,
        reason -> Nullable<CodeSql>,
        message_id -> Nullable<IdSql>,
        planned_at -> InstantSql,
        settled_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Text};

    plan_marks (name) {
        name -> Text,
        day -> Date,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Integer, Nullable, Text};

    messages (id) {
        id -> IdSql,
        kind -> CodeSql,
        user_id -> IdSql,
        address -> Text,
        dedupe -> Text,
        content -> Text,
        secret -> Nullable<Text>,
        created_at -> InstantSql,
        not_before -> InstantSql,
        expires_at -> InstantSql,
        state -> CodeSql,
        attempts -> Integer,
        crash_attempts -> Integer,
        lease_owner -> Nullable<Text>,
        lease_epoch -> Integer,
        lease_until -> Nullable<InstantSql>,
        sent_at -> Nullable<InstantSql>,
        last_error -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Binary};

    data_keys (owner_id) {
        owner_id -> IdSql,
        sealed -> Binary,
        made_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Binary};

    whereabouts (referral_id, person_id) {
        referral_id -> IdSql,
        person_id -> IdSql,
        sealed -> Binary,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{Binary};

    whereabouts_marks (mark, referral_id, person_id) {
        mark -> Binary,
        referral_id -> IdSql,
        person_id -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    whereabouts_readers (id) {
        id -> IdSql,
        referral_id -> IdSql,
        user_id -> IdSql,
        reason -> Text,
        named_by -> IdSql,
        named_at -> InstantSql,
        ended_by -> Nullable<IdSql>,
        ended_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Text};

    reveals (id) {
        id -> IdSql,
        referral_id -> IdSql,
        person_id -> IdSql,
        user_id -> IdSql,
        at -> InstantSql,
        reason -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Binary};

    text_clearances (meeting_id, mark) {
        meeting_id -> IdSql,
        mark -> Binary,
        cleared_by -> IdSql,
        cleared_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Bool, Nullable, Text};

    audit_events (id) {
        id -> IdSql,
        at -> InstantSql,
        kind -> CodeSql,
        deed -> Text,
        actor_id -> Nullable<IdSql>,
        agency_id -> Nullable<IdSql>,
        on_behalf -> Bool,
        panel_id -> Nullable<IdSql>,
        case_id -> Nullable<IdSql>,
        subject_kind -> CodeSql,
        subject_id -> Nullable<IdSql>,
        cases -> Text,
        detail -> Text,
        request_id -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{BigInt, Binary};

    audit_seals (seq) {
        seq -> BigInt,
        event_id -> IdSql,
        sealed_at -> InstantSql,
        prev -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};
    use diesel::sql_types::{BigInt, Binary};

    audit_head (id) {
        id -> BigInt,
        log_id -> IdSql,
        size -> BigInt,
        hash -> Binary,
        reached -> IdSql,
        swept -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{BigInt, Binary, Text};

    audit_checkpoints (size) {
        size -> BigInt,
        log_id -> IdSql,
        made_at -> InstantSql,
        head -> Binary,
        public_key -> Text,
        signature -> Binary,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql};

    audit_shown (case_id, event_id) {
        case_id -> IdSql,
        event_id -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Binary, Integer, Nullable, Text};

    imports (id) {
        id -> IdSql,
        panel_id -> IdSql,
        uploaded_by -> IdSql,
        uploaded_at -> InstantSql,
        file_name -> Text,
        sha256 -> Text,
        content -> Nullable<Binary>,
        mapping -> Text,
        state -> CodeSql,
        summary -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Text};

    import_keys (panel_id, kind, key) {
        panel_id -> IdSql,
        key -> Text,
        kind -> CodeSql,
        record_id -> IdSql,
        import_id -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Date, Nullable, Text};

    glass (id) {
        id -> IdSql,
        case_id -> IdSql,
        panel_id -> IdSql,
        user_id -> IdSql,
        by_panel -> IdSql,
        by_agency -> IdSql,
        by_role -> CodeSql,
        cause -> CodeSql,
        reason -> Text,
        opened_at -> InstantSql,
        ends_at -> InstantSql,
        closed_at -> Nullable<InstantSql>,
        first_reviewer -> IdSql,
        second_reviewer -> IdSql,
        review_by -> Date,
        told_late_at -> Nullable<InstantSql>,
        outcome -> Nullable<CodeSql>,
        review -> Text,
        reviewed_by -> Nullable<IdSql>,
        reviewed_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Date, Integer, Nullable, Text};

    findings (id) {
        id -> IdSql,
        rule -> CodeSql,
        user_id -> IdSql,
        day -> Date,
        many -> Integer,
        found_at -> InstantSql,
        told_at -> Nullable<InstantSql>,
        closed_by -> Nullable<IdSql>,
        closed_at -> Nullable<InstantSql>,
        note -> Text,
    }
}

diesel::table! {
    use crate::sql_types::IdSql;
    use diesel::sql_types::BigInt;

    watch_head (id) {
        id -> BigInt,
        reached -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql};
    use diesel::sql_types::{Binary, Bool, Integer, Text};

    directories (agency_id) {
        agency_id -> IdSql,
        issuer -> Text,
        client_id -> Text,
        secret -> Binary,
        asks_second_factor -> Bool,
        standing -> CodeSql,
        version -> Integer,
    }
}

diesel::table! {
    use crate::sql_types::IdSql;
    use diesel::sql_types::Text;

    directory_domains (domain) {
        domain -> Text,
        agency_id -> IdSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::Text;

    directory_subjects (user_id) {
        user_id -> IdSql,
        agency_id -> IdSql,
        subject -> Text,
        kept_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{CodeSql, IdSql, InstantSql};
    use diesel::sql_types::{Nullable, Text};

    directory_errands (token_hash) {
        token_hash -> Text,
        agency_id -> IdSql,
        errand -> CodeSql,
        session_id -> Nullable<IdSql>,
        began_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};

    opened (user_id, what) {
        user_id -> IdSql,
        what -> IdSql,
        at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{Date, Text};

    reading_lifts (id) {
        id -> IdSql,
        user_id -> IdSql,
        day -> Date,
        lifted_by -> IdSql,
        lifted_at -> InstantSql,
        reason -> Text,
    }
}

diesel::joinable!(agenda_items -> meetings (meeting_id));
diesel::joinable!(agenda_items -> cases (case_id));
diesel::joinable!(info_requests -> agencies (agency_id));
diesel::joinable!(info_requests -> cases (case_id));
diesel::joinable!(info_requests -> meetings (meeting_id));
diesel::joinable!(info_replies -> info_requests (request_id));
diesel::joinable!(info_replies -> users (replied_by));
diesel::joinable!(case_notes -> agencies (agency_id));
diesel::joinable!(attendance -> agencies (agency_id));
diesel::joinable!(minutes -> meetings (meeting_id));
diesel::joinable!(cases -> people (person_id));
diesel::joinable!(referrals -> people (perpetrator_id));
diesel::joinable!(referrals -> agencies (agency_id));
diesel::joinable!(referral_people -> people (person_id));
diesel::joinable!(referral_people -> referrals (referral_id));
diesel::joinable!(incidents -> referrals (referral_id));
diesel::joinable!(person_keys -> people (person_id));
diesel::joinable!(panel_agencies -> agencies (agency_id));
diesel::joinable!(whereabouts_readers -> users (user_id));
diesel::joinable!(whereabouts -> referrals (referral_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(account_links -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    agencies,
    panels,
    panel_agencies,
    users,
    seats,
    account_links,
    sessions,
    second_factors,
    recovery_codes,
    attestations,
    passkeys,
    passkey_challenges,
    installation,
    api_tokens,
    drafts,
    operations,
    series,
    meetings,
    people,
    person_keys,
    cases,
    case_agencies,
    case_lists,
    connection_answers,
    referrals,
    referral_people,
    incidents,
    likenesses,
    agenda_items,
    agendas,
    agenda_issues,
    attendance,
    statement_acceptances,
    info_requests,
    info_replies,
    case_notes,
    marking_changes,
    minutes,
    actions,
    action_extensions,
    action_transfers,
    action_moves,
    action_entries,
    notices,
    plan_marks,
    messages,
    audit_events,
    audit_seals,
    audit_head,
    audit_checkpoints,
    audit_shown,
    imports,
    import_keys,
    data_keys,
    whereabouts,
    whereabouts_marks,
    whereabouts_readers,
    reveals,
    text_clearances,
    glass,
    findings,
    opened,
    reading_lifts,
    watch_head,
    directories,
    directory_domains,
    directory_subjects,
    directory_errands,
);
