//! Who may know whom: the walls between the crates, as one table.

use std::collections::BTreeSet;

use super::Finding;
use crate::workspace::{Package, Packages};

/// Each crate with the crates of this workspace that it may depend on.
///
/// The order is that of the work: nothing goes back up.
const MAY_KNOW: [(&str, &[&str]); 13] = [
    ("panel-core", &[]),
    ("panel-sheets", &["panel-core"]),
    ("panel-documents", &["panel-core"]),
    ("panel-store", &["panel-core"]),
    ("panel-vault", &["panel-core"]),
    ("panel-app", &["panel-core", "panel-documents", "panel-sheets", "panel-store", "panel-vault"]),
    ("panel-directory", &["panel-app", "panel-core"]),
    ("panel-notify", &["panel-core", "panel-store"]),
    ("panel-web", &["panel-app", "panel-core", "panel-documents"]),
    (
        "panel",
        &[
            "panel-app",
            "panel-core",
            "panel-directory",
            "panel-documents",
            "panel-notify",
            "panel-store",
            "panel-vault",
            "panel-web",
        ],
    ),
    ("panel-fuzz", &["panel-app", "panel-core", "panel-sheets", "panel-vault", "panel-web"]),
    (
        "panel-tests",
        &[
            "panel-app",
            "panel-core",
            "panel-directory",
            "panel-documents",
            "panel-notify",
            "panel-sheets",
            "panel-store",
            "panel-vault",
            "panel-web",
        ],
    ),
    ("xtask", &[]),
];

/// Test equipment, which the tests of any crate may use.
const EQUIPMENT: &str = "panel-tests";

pub(super) fn inspect(packages: &Packages) -> Vec<Finding> {
    let members: BTreeSet<&str> = packages.members().map(|package| package.name.as_str()).collect();
    let mut findings = Vec::new();
    for package in packages.members() {
        if let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == package.name) {
            findings.extend(forbidden(packages, &members, package, allowed));
        } else {
            let message = "has no place in the table of who may know whom";
            findings.push(Finding::failure(&package.name, None, message));
        }
    }
    for (name, _) in MAY_KNOW.iter().filter(|(name, _)| !members.contains(name)) {
        findings.push(Finding::failure(*name, None, "is in the table but not in the workspace"));
    }
    findings
}

fn forbidden(
    packages: &Packages,
    members: &BTreeSet<&str>,
    package: &Package,
    allowed: &[&str],
) -> Vec<Finding> {
    packages
        .dependencies_of(package)
        .filter(|(known, _)| members.contains(known.name.as_str()))
        .filter(|(known, _)| !allowed.contains(&known.name.as_str()))
        .filter(|(known, edge)| !(edge.dev_only && known.name == EQUIPMENT))
        .map(|(known, _)| {
            Finding::failure(&package.name, None, format!("may not depend on {}", known.name))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::tests::tree;

    /// The whole workspace as the table has it, with some crates' dependencies replaced.
    fn workspace(changes: &[(&str, &str)]) -> Packages {
        let line = |name: &str, allowed: &[&str]| {
            let other = changes.iter().find(|(changed, _)| *changed == name);
            let known = other.map_or_else(|| allowed.join(" "), |(_, known)| (*known).to_owned());
            format!("{name} | MIT | path | {known}\n")
        };
        tree(&MAY_KNOW.map(|(name, allowed)| line(name, allowed)).concat())
    }

    #[track_caller]
    fn check(changes: &[(&str, &str)], expected: &[&str]) {
        let found: Vec<_> = inspect(&workspace(changes)).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_table_itself_is_fine() {
        check(&[], &[]);
    }

    #[test]
    fn a_crate_may_know_less() {
        check(&[("panel-web", "panel-app")], &[]);
    }

    #[test]
    fn a_way_back_up_is_found() {
        check(
            &[("panel-store", "panel-core panel-app")],
            &["panel-store: may not depend on panel-app"],
        );
        check(&[("panel-core", "panel-sheets")], &["panel-core: may not depend on panel-sheets"]);
    }

    #[test]
    fn tests_may_use_the_equipment_and_no_more() {
        check(&[("panel-notify", "dev:panel-tests")], &[]);
        check(&[("panel-notify", "dev:panel-web")], &["panel-notify: may not depend on panel-web"]);
        check(&[("panel-notify", "panel-tests")], &["panel-notify: may not depend on panel-tests"]);
    }

    #[test]
    fn a_crate_outside_the_table_is_found_and_so_is_one_that_is_gone() {
        let found: Vec<_> =
            inspect(&tree("panel-extra | MIT | path |")).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1 + MAY_KNOW.len());
        assert!(found[0].starts_with("panel-extra: has no place"), "{found:?}");
    }
}
