//! What the environment says: a setting whose name is mistyped is not left out without a word.

use crate::cli::Cli;
use crate::profile::Profile;
use anyhow::{Result, bail};
use clap::{Command, CommandFactory};

/// Settings that no flag reads.
const WITHOUT_FLAG: [&str; 2] = ["PANEL_LOG", "PANEL_TOKEN"];

/// How all names begin that can only be ours.
const OURS: &str = "PANEL_";

/// Letters that are wrong, left out, too many or exchanged, up to which a name was meant for another one.
const SLIPS: usize = 2;

/// Refuses names that look like a setting and are none. In production that is every name of ours, since what
/// was meant would be missing; elsewhere it is what is nearly a setting.
pub(crate) fn must_be_known(profile: Profile) -> Result<()> {
    let known = known(&Cli::command());
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    for name in names.filter(|name| !known.contains(name)) {
        match meant(&known, &name) {
            Some(meant) => bail!("{name} is not a setting; {meant} is"),
            None if profile == Profile::Production && name.starts_with(OURS) => {
                bail!("{name} is not a setting")
            }
            None => {}
        }
    }
    Ok(())
}

/// Every name that a flag of a command, or of one below it, takes its value from.
fn known(command: &Command) -> Vec<String> {
    let named = |command: &Command| {
        let names = command.get_arguments().filter_map(clap::Arg::get_env);
        names.map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = WITHOUT_FLAG.map(str::to_owned).into();
    all.extend(named(command));
    all.extend(command.get_subcommands().flat_map(known));
    all
}

fn meant<'a>(known: &'a [String], name: &str) -> Option<&'a str> {
    let far = |one: &&str| strsim::damerau_levenshtein(one, name);
    let nearest = known.iter().map(String::as_str).min_by_key(far)?;
    (far(&nearest) <= SLIPS).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(meant(&known(&Cli::command()), name), expected, "{name}");
    }

    #[test]
    fn a_slip_is_told_from_another_name() {
        check("PANEL_PROFLIE", Some("PANEL_PROFILE"));
        check("PANEL_KEY", Some("PANEL_KEYS"));
        check("SMPT_URL", Some("SMTP_URL"));
        check("DATABSE_URL", Some("DATABASE_URL"));
        for other in ["PATH", "HOME", "PANEL_COLOUR", "PANEL_TEST_POSTGRES", "LANG", "TZ", ""] {
            check(other, None);
        }
    }
}
