//! The rules of `deny.toml` and what they say about a tree of packages.

use anyhow::{Context, Result};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::workspace::{Package, Packages};

/// The part of cargo-deny's format that is judged here.
///
/// Unknown keys inside the three tables are refused: a rule that is not judged must not look as if
/// it were.
#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Licences {
    /// Identifiers of which a package's expression must be satisfied.
    #[serde(deserialize_with = "licensees")]
    allow: Vec<Licensee>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Licences that are allowed for one package besides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    #[serde(deserialize_with = "licensees")]
    allow: Vec<Licensee>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Bans {
    deny: Vec<Ban>,
    #[expect(dead_code, reason = "cargo-deny would warn; two versions are no fault here")]
    multiple_versions: Allowance,
}

/// A package that only its wrappers may depend on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ban {
    #[serde(rename = "crate")]
    package: String,
    #[serde(default)]
    wrappers: Vec<String>,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Sources {
    #[expect(dead_code, reason = "only `deny` can be read, and it is what is done")]
    unknown_registry: Refusal,
    #[expect(dead_code, reason = "only `deny` can be read, and it is what is done")]
    unknown_git: Refusal,
    allow_registry: Vec<String>,
    allow_git: Vec<String>,
}

/// A level that this task can keep to: the thing is not looked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Allowance {
    Allow,
}

/// A level that this task can keep to: the thing is always refused.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Refusal {
    Deny,
}

impl Policy {
    /// Reads the text of `deny.toml`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context("deny.toml")
    }

    /// Everything that breaks a rule, in the order of the packages.
    pub(super) fn judge(&self, packages: &Packages) -> Vec<String> {
        let mut findings = Vec::new();
        for package in packages.all() {
            findings.extend(self.judge_licence(package));
            findings.extend(self.judge_source(package));
            for (known, _) in packages.dependencies_of(package) {
                findings.extend(self.judge_dependency(package, known));
            }
        }
        findings
    }

    fn judge_licence(&self, package: &Package) -> Option<String> {
        let shown = format!("{} {}", package.name, package.version);
        let Some(licence) = &package.license else {
            return Some(format!("{shown}: names no licence"));
        };
        // Old packages write `MIT/Apache-2.0`; lax reading takes the stroke for `OR`.
        let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return Some(format!("{shown}: `{licence}` is no licence expression"));
        };
        let exceptions = self.licenses.exceptions.iter();
        let excepted = exceptions.filter(|exception| exception.package == package.name);
        let licences: Vec<&Licensee> =
            self.licenses.allow.iter().chain(excepted.flat_map(|one| &one.allow)).collect();
        let allowed =
            expression.evaluate(|wanted| licences.iter().any(|one| one.satisfies(wanted)));
        (!allowed).then(|| format!("{shown}: licence `{licence}` is not allowed"))
    }

    fn judge_source(&self, package: &Package) -> Option<String> {
        // A path has no source; only this workspace has paths.
        let source = package.source.as_deref()?;
        let allowed = |kind: &str, list: &[String]| {
            source.strip_prefix(kind).is_some_and(|from| list.iter().any(|one| one == from))
        };
        let known = allowed("registry+", &self.sources.allow_registry)
            || allowed("git+", &self.sources.allow_git);
        (!known).then(|| format!("{}: comes from `{source}`", package.name))
    }

    fn judge_dependency(&self, package: &Package, known: &Package) -> Option<String> {
        let ban = self.bans.deny.iter().find(|ban| ban.package == known.name)?;
        (!ban.wrappers.contains(&package.name))
            .then(|| format!("{}: may not depend on {}: {}", package.name, known.name, ban.reason))
    }
}

fn licensees<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Vec<Licensee>, D::Error> {
    let names = Vec::<String>::deserialize(input)?;
    names.iter().map(|name| Licensee::parse(name).map_err(serde::de::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::tests::tree;

    const RULES: &str = r#"
        [graph]
        targets = ["x86_64-unknown-linux-gnu"]
        [licenses]
        allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"]
        exceptions = [{ crate = "selectors", allow = ["MPL-2.0"] }]
        [bans]
        multiple-versions = "allow"
        deny = [{ crate = "diesel", wrappers = ["store"], reason = "one crate knows the database" }]
        [sources]
        unknown-registry = "deny"
        unknown-git = "deny"
        allow-registry = ["https://github.com/rust-lang/crates.io-index"]
        allow-git = []
    "#;

    #[track_caller]
    fn check(packages: &str, expected: &[&str]) {
        assert_eq!(Policy::parse(RULES).unwrap().judge(&tree(packages)), expected);
    }

    #[test]
    fn one_allowed_licence_of_a_choice_is_enough() {
        check("a | MIT OR GPL-3.0-only | registry |", &[]);
        check("a | MIT/Apache-2.0 | registry |", &[]);
        check("a | (GPL-2.0-only OR MIT) AND ISC | registry |", &[]);
    }

    #[test]
    fn every_licence_of_a_sum_must_be_allowed() {
        check(
            "a | MIT AND GPL-3.0-only | registry |",
            &["a 1.0.0: licence `MIT AND GPL-3.0-only` is not allowed"],
        );
    }

    #[test]
    fn an_exception_to_a_licence_is_allowed_by_itself() {
        check("a | Apache-2.0 WITH LLVM-exception | registry |", &[]);
        check(
            "a | GPL-3.0-or-later | registry |",
            &["a 1.0.0: licence `GPL-3.0-or-later` is not allowed"],
        );
    }

    #[test]
    fn a_licence_may_be_allowed_for_one_package_alone() {
        check("selectors | MPL-2.0 | registry |", &[]);
        check("a | MPL-2.0 | registry |", &["a 1.0.0: licence `MPL-2.0` is not allowed"]);
    }

    #[test]
    fn a_package_must_say_its_licence_in_words_that_can_be_read() {
        check("a | - | registry |", &["a 1.0.0: names no licence"]);
        check("a | as you like | registry |", &["a 1.0.0: `as you like` is no licence expression"]);
    }

    #[test]
    fn a_walled_package_is_for_its_wrappers() {
        check("store | MIT | path | diesel\ndiesel | MIT | registry |", &[]);
        check(
            "web | MIT | path | diesel\ndiesel | MIT | registry |",
            &["web: may not depend on diesel: one crate knows the database"],
        );
    }

    #[test]
    fn a_wall_holds_for_tests_and_for_strangers() {
        check(
            "web | MIT | path | dev:diesel helper\nhelper | MIT | registry | diesel\n\
             diesel | MIT | registry |",
            &[
                "helper: may not depend on diesel: one crate knows the database",
                "web: may not depend on diesel: one crate knows the database",
            ],
        );
    }

    #[test]
    fn only_named_sources_are_taken() {
        check(
            "a | MIT | git+https://example.org/a |",
            &["a: comes from `git+https://example.org/a`"],
        );
        check(
            "a | MIT | registry+https://example.org/index |",
            &["a: comes from `registry+https://example.org/index`"],
        );
    }

    #[test]
    fn a_rule_that_is_not_judged_is_refused() {
        let clarified = RULES.replace("[bans]", "clarify = []\n[bans]");
        assert!(Policy::parse(&clarified).is_err());
        let loose = RULES.replace("unknown-git = \"deny\"", "unknown-git = \"allow\"");
        assert!(Policy::parse(&loose).is_err());
        assert!(Policy::parse(&RULES.replace("\"ISC\"", "\"NOT-A-LICENCE\"")).is_err());
    }
}
