//! The letters, as templates, and the little that a template may know.
//!
//! A view holds the recipient's own name, one link, and words made from counts and dates. No field of
//! a case, a panel or another person exists here, so no template can print one.

use crate::words;
use chrono::{DateTime, NaiveDate, Utc};
use handlebars::{Handlebars, RenderError};
use panel_core::audit::checkpoint::Checkpoint;
use panel_core::outbox::{Content, MessageKind};
use panel_core::time::local;
use panel_core::words as plain;
use serde::Serialize;

/// What the letter of an account link may say.
#[derive(Debug, Serialize)]
struct AccountView<'a> {
    name: &'a str,
    link: &'a str,
    until: String,
}

/// What a digest or a chase may say.
#[derive(Debug, Serialize)]
struct DigestView<'a> {
    name: &'a str,
    link: &'a str,
    headline: String,
    lines: Vec<String>,
}

/// What the letter with a checkpoint may say.
#[derive(Debug, Serialize)]
struct CheckpointView<'a> {
    name: &'a str,
    link: &'a str,
    lines: Vec<&'a str>,
}

/// A subject and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) body: String,
}

/// The templates, compiled.
#[derive(Debug)]
pub(crate) struct Templates(Handlebars<'static>);

/// A template is broken: found by the first test that makes the registry.
#[derive(Debug, thiserror::Error)]
#[error("a template of a letter is broken: {0}")]
pub struct TemplateError(#[from] Box<handlebars::TemplateError>);

macro_rules! sources {
    ($($kind:ident: $name:literal),+ $(,)?) => {
        [$(
            (concat!($name, "/subject"), include_str!(concat!("../templates/", $name, "/subject.txt.hbs"))),
            (concat!($name, "/body"), include_str!(concat!("../templates/", $name, "/body.txt.hbs"))),
        )+]
    };
}

const SOURCES: [(&str, &str); 28] = sources!(
    Invitation: "invitation",
    Reset: "reset",
    Security: "security",
    Dormant: "dormant",
    Suspended: "suspended",
    SuspendedLead: "suspended-lead",
    AttestDue: "attest-due",
    AttestOverdue: "attest-overdue",
    Digest: "digest",
    Chase: "chase",
    Checkpoint: "checkpoint",
    Glass: "glass",
    GlassLate: "glass-late",
    Findings: "findings",
);

const fn name(kind: MessageKind) -> (&'static str, &'static str) {
    match kind {
        MessageKind::Invitation => ("invitation/subject", "invitation/body"),
        MessageKind::Reset => ("reset/subject", "reset/body"),
        MessageKind::Security => ("security/subject", "security/body"),
        MessageKind::Dormant => ("dormant/subject", "dormant/body"),
        MessageKind::Suspended => ("suspended/subject", "suspended/body"),
        MessageKind::SuspendedLead => ("suspended-lead/subject", "suspended-lead/body"),
        MessageKind::AttestDue => ("attest-due/subject", "attest-due/body"),
        MessageKind::AttestOverdue => ("attest-overdue/subject", "attest-overdue/body"),
        MessageKind::Digest => ("digest/subject", "digest/body"),
        MessageKind::Chase => ("chase/subject", "chase/body"),
        MessageKind::Checkpoint => ("checkpoint/subject", "checkpoint/body"),
        MessageKind::Glass => ("glass/subject", "glass/body"),
        MessageKind::GlassLate => ("glass-late/subject", "glass-late/body"),
        MessageKind::Findings => ("findings/subject", "findings/body"),
    }
}

impl Templates {
    pub(crate) fn new() -> Result<Self, TemplateError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        // Letters are plain text: an ampersand is an ampersand.
        registry.register_escape_fn(handlebars::no_escape);
        for (name, source) in SOURCES {
            registry.register_template_string(name, source).map_err(Box::new)?;
        }
        Ok(Self(registry))
    }

    /// The letter of an account link, which can be spent until `until`.
    pub(crate) fn account(
        &self,
        kind: MessageKind,
        recipient: &str,
        link: &str,
        until: DateTime<Utc>,
    ) -> Result<Text, RenderError> {
        let until = plain::date_time(local(until));
        self.render(kind, &AccountView { name: &greeted(recipient), link, until })
    }

    /// The letter of a digest or a chase.
    pub(crate) fn digest(
        &self,
        kind: MessageKind,
        recipient: &str,
        link: &str,
        content: &Content,
        today: NaiveDate,
    ) -> Result<Text, RenderError> {
        let headline = words::headline(&content.entries, today);
        let lines = words::lines(&content.entries, today);
        self.render(kind, &DigestView { name: &greeted(recipient), link, headline, lines })
    }

    /// The letter with a checkpoint of the audit log.
    pub(crate) fn checkpoint(
        &self,
        recipient: &str,
        link: &str,
        checkpoint: &Checkpoint,
    ) -> Result<Text, RenderError> {
        let text = checkpoint.to_string();
        let lines = text.lines().collect();
        let view = CheckpointView { name: &greeted(recipient), link, lines };
        self.render(MessageKind::Checkpoint, &view)
    }

    fn render(&self, kind: MessageKind, view: &impl Serialize) -> Result<Text, RenderError> {
        let (subject, body) = name(kind);
        Ok(Text {
            subject: self.0.render(subject, view)?.trim().to_owned(),
            body: self.0.render(body, view)?,
        })
    }
}

/// A name as it fits behind a greeting: one line, cut where it would break the letter's width.
fn greeted(name: &str) -> String {
    let plain = name.split(|c: char| c.is_control() || c.is_whitespace());
    let words: Vec<&str> = plain.filter(|word| !word.is_empty()).collect();
    let name = words.join(" ");
    if name.chars().count() <= 57 {
        return name;
    }
    name.chars().take(56).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use panel_core::coded::Coded;
    use panel_core::reminder::{Entry, Group};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const LINK: &str = "https://panel.example/my-work";

    fn digest_of(name: &str, entries: Vec<Entry>) -> Text {
        let templates = Templates::new().unwrap();
        let content = Content { entries };
        templates.digest(MessageKind::Digest, name, LINK, &content, day("2026-12-09")).unwrap()
    }

    fn every_group() -> Vec<Entry> {
        let entry = |group: &Group| Entry {
            group: *group,
            count: 99_999,
            dates: vec![(day("2025-09-24"), 1), (day("2027-09-22"), 99_998)],
        };
        Group::ALL.iter().map(entry).collect()
    }

    #[test]
    fn a_digest_reads_as_a_letter() {
        let dates = vec![(day("2026-12-11"), 1), (day("2026-12-14"), 1)];
        let due = Entry { group: Group::DueSoon, count: 2, dates };
        let text = digest_of("Siân O'Neill & Co", vec![due]);
        assert_eq!(text.subject, "You have 2 actions due by Monday 14 December");
        insta::assert_snapshot!(text.body, @r"
        Hello Siân O'Neill & Co,

        You have:
        - 2 actions due by Monday 14 December

        Sign in to see them:
        https://panel.example/my-work
        ");
    }

    #[test]
    fn account_letters_say_what_the_link_is_for_and_how_long_it_works() {
        let templates = Templates::new().unwrap();
        let until = Utc.with_ymd_and_hms(2026, 7, 8, 8, 30, 0).unwrap();
        let text = templates.account(MessageKind::Invitation, "Jo", LINK, until).unwrap();
        assert_eq!(text.subject, "Set your password for Panel");
        insta::assert_snapshot!(text.body, @r"
        Hello Jo,

        An account was made for you in Panel. Set your password here:

        https://panel.example/my-work

        It works once, until 9:30am on Wednesday 8 July 2026.
        If you did not expect this, you do not need to do anything.
        ");
    }

    fn checkpoint() -> Checkpoint {
        use panel_core::audit::checkpoint::{SecretKey, Statement};
        use panel_core::audit::seal::Hash;
        use panel_core::id::{Id, LogId};
        let log = LogId::from_uuid(uuid::Uuid::from_u128(9));
        let at = Utc.with_ymd_and_hms(2026, 12, 9, 8, 0, 0).unwrap();
        let says = Statement { log, size: 99_999_999, at, head: Hash::genesis(log) };
        SecretKey::from_seed([1; 32]).unwrap().sign(says)
    }

    #[test]
    fn a_checkpoint_can_be_read_out_of_its_letter() {
        let text = Templates::new().unwrap().checkpoint("Jo", LINK, &checkpoint()).unwrap();
        assert_eq!(text.subject, "Keep this checkpoint of the audit log");
        insta::assert_snapshot!(text.body, @r"
        Hello Jo,
        Keep this letter. It can show that nobody rewrote the audit log.

        panel audit checkpoint 1
        log 00000000-0000-0000-0000-000000000009
        size 99999999
        time 2026-12-09T08:00:00.000000Z
        head xE8SjZVHoB92iqFYiCCeT84roualL-IWru8W43EUrBE
        sign n74v-Jc2iwEHj-i-hWTqH_VYNMUzXCb6AUiISyIYzCI
        sign JlMjAFTPz0uhQA3wc62dWKAAroNw2IcP89Dflav8mAo

        https://panel.example/my-work
        ");
        assert_eq!(Checkpoint::read_all(&text.body).unwrap(), [checkpoint()]);
    }

    #[track_caller]
    fn fits(text: &Text) {
        assert!(text.body.lines().count() <= 12, "{}", text.body);
        assert!(text.body.lines().all(|line| line.chars().count() <= 65), "{}", text.body);
        assert!(text.subject.chars().count() <= 78 && !text.subject.contains('\n'));
        assert_eq!(text.body.matches("://").count(), 1, "one link");
    }

    #[test]
    fn every_letter_fits_in_twelve_lines_of_65() {
        let long = "Wolfeschlegelsteinhausenbergerdorff ".repeat(5);
        fits(&digest_of(&long, every_group()));
        let templates = Templates::new().unwrap();
        for kind in [
            MessageKind::Invitation,
            MessageKind::Reset,
            MessageKind::Security,
            MessageKind::Dormant,
            MessageKind::Suspended,
            MessageKind::SuspendedLead,
            MessageKind::AttestDue,
            MessageKind::AttestOverdue,
            MessageKind::Glass,
            MessageKind::GlassLate,
            MessageKind::Findings,
        ] {
            let until = Utc.with_ymd_and_hms(2026, 9, 23, 21, 59, 0).unwrap();
            fits(&templates.account(kind, &long, LINK, until).unwrap());
        }
        let content = Content { entries: every_group() };
        let today = day("2026-12-09");
        fits(&templates.digest(MessageKind::Chase, &long, LINK, &content, today).unwrap());
        fits(&templates.checkpoint(&long, LINK, &checkpoint()).unwrap());
    }

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(greeted("Jo\r\nBcc: all@example.org"), "Jo Bcc: all@example.org");
    }

    /// The whole of what a view holds is named here. Whoever adds a field has to add it to this test,
    /// and to answer for it.
    #[test]
    fn a_template_knows_a_name_a_link_and_words_made_of_counts_and_dates() {
        let AccountView { name: _, link: _, until: _ } =
            AccountView { name: "", link: "", until: String::new() };
        let DigestView { name: _, link: _, headline: _, lines: _ } =
            DigestView { name: "", link: "", headline: String::new(), lines: Vec::new() };
        let CheckpointView { name: _, link: _, lines: _ } =
            CheckpointView { name: "", link: "", lines: Vec::new() };
        // The words are made from these alone, and the lines of a checkpoint from it.
        let Content { entries: _ } = Content::default();
        let Entry { group: _, count, dates } =
            Entry { group: Group::Chased, count: 0, dates: Vec::new() };
        let (_, _): (usize, Vec<(NaiveDate, usize)>) = (count, dates);
        let used: std::collections::BTreeSet<&str> = SOURCES
            .iter()
            .flat_map(|(_, source)| source.split("{{").skip(1))
            .filter_map(|rest| rest.split("}}").next())
            .collect();
        let known = ["#each lines", "/each", "headline", "link", "name", "this", "until"];
        assert_eq!(used.into_iter().collect::<Vec<_>>(), known);
    }

    #[test]
    fn what_is_kept_of_a_message_cannot_hold_another_field() {
        let smuggled = r#"{"entries":[{"group":"overdue","count":1,"dates":[],"name":"Ann"}]}"#;
        assert!(serde_json::from_str::<Content>(smuggled).is_err());
        assert!(serde_json::from_str::<Content>(r#"{"entries":[],"case":"K7MQ"}"#).is_err());
    }

    #[test]
    fn no_letter_names_a_panel_or_carries_a_marking() {
        for (_, source) in SOURCES {
            let lower = source.to_lowercase();
            for word in ["matac", "official", "sensitive", "restricted", "perpetrator", "case"] {
                assert!(!lower.contains(word), "{word}: {source}");
            }
        }
    }
}
