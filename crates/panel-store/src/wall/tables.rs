//! Every table: which policies wall it, or why it needs none.

/// What stands before a table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wall {
    /// These policies, by name; `migrating` stands on every walled table besides.
    Up(&'static [&'static str]),
    /// Nothing, for this reason.
    Open(
        #[cfg_attr(
            not(test),
            expect(dead_code, reason = "it is for whoever reads, and for a test")
        )]
        &'static str,
    ),
}

use Wall::{Open, Up};

const DIRECTORY: &str = "says who works where and what they may do, of which every wall is made";
const ACCOUNT: &str = "proves who asks, before anybody is known; hashes and sealed secrets";
const CALENDAR: &str = "says when and where panels meet, and nothing of a case";
const PLANNED: &str = "is written for others than who acts; ids, dates and counts";
const STOOD_OUT: &str = "is found in the log by the worker: a rule, a person, a day and a count";
const BOUNDS: &str =
    "says how much somebody may read today: ids and instants, and why a bound was lifted";
const LOG: &str = "is added to by whoever acts and sealed by nobody in particular; ids, codes and counts, \
                   which nobody may change";

/// Every table of the schema.
pub(super) const TABLES: &[(&str, Wall)] = &[
    ("agencies", Open(DIRECTORY)),
    ("panels", Open(DIRECTORY)),
    ("panel_agencies", Open(DIRECTORY)),
    ("users", Open(DIRECTORY)),
    ("seats", Open(DIRECTORY)),
    ("installation", Open(DIRECTORY)),
    ("account_links", Open(ACCOUNT)),
    ("sessions", Open(ACCOUNT)),
    ("second_factors", Open(ACCOUNT)),
    ("recovery_codes", Open(ACCOUNT)),
    ("api_tokens", Open(ACCOUNT)),
    ("passkeys", Open(ACCOUNT)),
    ("passkey_challenges", Open(ACCOUNT)),
    ("attestations", Open(DIRECTORY)),
    ("directories", Open(ACCOUNT)),
    ("directory_domains", Open(ACCOUNT)),
    ("directory_subjects", Open(ACCOUNT)),
    ("directory_errands", Open(ACCOUNT)),
    ("series", Open(CALENDAR)),
    ("meetings", Open(CALENDAR)),
    ("notices", Open(PLANNED)),
    ("plan_marks", Open(PLANNED)),
    ("messages", Open(PLANNED)),
    ("audit_events", Open(LOG)),
    ("audit_seals", Open(LOG)),
    ("audit_head", Open(LOG)),
    ("audit_checkpoints", Open(LOG)),
    ("audit_shown", Open(LOG)),
    ("findings", Open(STOOD_OUT)),
    ("watch_head", Open(STOOD_OUT)),
    ("opened", Open(BOUNDS)),
    ("reading_lifts", Open(BOUNDS)),
    ("cases", Up(&["seats", "by_service", "beyond", "raised", "kept"])),
    ("case_agencies", Up(&["seats", "by_service", "kept"])),
    ("case_lists", Up(&["seats", "declared", "beyond"])),
    ("connection_answers", Up(&["seats"])),
    ("referrals", Up(&["seats", "beyond", "kept"])),
    ("referral_people", Up(&["parent", "beyond"])),
    ("incidents", Up(&["parent"])),
    ("people", Up(&["named", "made", "beyond", "linked"])),
    ("person_keys", Up(&["named", "made", "beyond"])),
    ("likenesses", Up(&["named", "made", "beyond"])),
    ("agenda_items", Up(&["seats", "beyond", "kept"])),
    ("agendas", Up(&["seats", "reads"])),
    ("agenda_issues", Up(&["seats", "reads"])),
    ("minutes", Up(&["seats", "reads", "by_service"])),
    ("text_clearances", Up(&["seats"])),
    ("attendance", Up(&["seats"])),
    ("statement_acceptances", Up(&["seats"])),
    ("info_requests", Up(&["seats", "by_service", "beyond", "kept"])),
    ("info_replies", Up(&["parent"])),
    ("case_notes", Up(&["seats", "beyond", "by_service", "kept"])),
    ("marking_changes", Up(&["seats", "kept"])),
    ("glass", Up(&["concerned", "by_service", "administered", "beyond", "closed"])),
    ("actions", Up(&["seats", "by_service", "beyond", "kept"])),
    ("action_extensions", Up(&["parent"])),
    ("action_transfers", Up(&["parent", "beyond"])),
    ("action_moves", Up(&["parent"])),
    ("action_entries", Up(&["parent"])),
    ("imports", Up(&["seats", "beyond"])),
    ("import_keys", Up(&["seats"])),
    ("drafts", Up(&["own", "by_service"])),
    ("operations", Up(&["own", "outdated", "swept"])),
    ("data_keys", Up(&["parent", "made", "by_service"])),
    ("whereabouts", Up(&["parent", "by_service"])),
    ("whereabouts_marks", Up(&["parent"])),
    ("whereabouts_readers", Up(&["parent"])),
    ("reveals", Up(&["parent"])),
];

/// The tables that nobody may change a row of.
pub(super) const APPENDED: [&str; 4] =
    ["audit_events", "audit_seals", "audit_checkpoints", "audit_shown"];

/// The tables behind a wall.
pub(super) fn walled() -> Vec<&'static str> {
    let is_up = |(name, wall): &(&'static str, Wall)| matches!(wall, Up(_)).then_some(*name);
    TABLES.iter().filter_map(is_up).collect()
}

/// The policies that are to be there, each as its table and its name.
pub(super) fn policies() -> Vec<String> {
    let of = |(table, wall): &(&'static str, Wall)| {
        let names = match wall {
            Up(names) => *names,
            Open(_) => return Vec::new(),
        };
        let all = names.iter().chain(&["migrating"]);
        all.map(|name| format!("{table} {name}")).collect()
    };
    TABLES.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_has_a_wall_or_a_reason_for_none() {
        let heads = include_str!("../schema.rs").lines().map(str::trim);
        let tables: Vec<&str> = heads
            .filter(|line| line.ends_with(") {"))
            .filter_map(|l| l.split(' ').next())
            .collect();
        let named: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        let set = |of: &[&'static str]| of.iter().copied().collect::<BTreeSet<_>>();
        assert!(tables.len() > 40, "{tables:?}");
        assert_eq!(named.len(), set(&named).len(), "each is named once");
        assert_eq!(set(&tables), set(&named));
        for (name, wall) in TABLES {
            match wall {
                Up(policies) => assert!(!policies.is_empty(), "{name}"),
                Open(reason) => assert!(reason.len() > 20, "{name}"),
            }
        }
    }
}
