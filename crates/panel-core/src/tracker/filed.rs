//! What a draft becomes when it is filed: the form of a referral, the state and the notes of an
//! action. Nothing that was written in the file is lost on the way.

use super::draft::{ActionDraft, Children, ReferralDraft, SubjectDraft, VictimDraft};
use crate::action::{Acceptance, ActionState, ActionStatus};
use crate::id::{AgencyId, PanelId, UserId};
use crate::referral::{
    Address, Arrangement, Context, Criterion, Grounds, Perpetrator, PersonName, ReferralForm,
    Referrer, Source, Victim,
};
use crate::text::{LongNote, Name, Narrative, Note, TextError, Title};
use crate::time::resolve_leniently;
use crate::vocabulary::{Answer, Relationship};
use chrono::{NaiveDate, NaiveTime};

/// The most characters of one note of progress; longer comments become several.
const NOTE_CHARACTERS: usize = 4_000;

impl ReferralDraft {
    /// The referral form. The tracker knows the day on which it was received and not the hour, so it
    /// stands at the beginning of that day.
    pub fn form(&self, panel: PanelId, agency: AgencyId) -> ReferralForm {
        ReferralForm {
            panel,
            received_at: resolve_leniently(self.received.and_time(NaiveTime::MIN)),
            source: Source::Partner,
            referring_agency: agency,
            perpetrator: self.subject.perpetrator(),
            referrer: Referrer {
                name: self.referrer.clone(),
                email: self.referrer_email.clone(),
                telephone: None,
            },
            victims: self.victim.iter().map(|victim| self.victim_of(victim)).collect(),
            any_children: match self.children {
                Children::NotAsked => None,
                Children::NotKnown => Some(Answer::NotKnown),
                Children::Number(0) => Some(Answer::No),
                Children::Number(_) => Some(Answer::Yes),
            },
            children: Vec::new(),
            incidents: Vec::new(),
            grounds: self.grounds(),
            context: self.context(),
            gaps: std::collections::BTreeMap::new(),
        }
    }

    fn victim_of(&self, victim: &VictimDraft) -> Victim {
        Victim {
            name: PersonName {
                surname: Some(victim.surname.clone()),
                forename: victim.forename.clone(),
                known_as: Vec::new(),
            },
            born: victim.born,
            relationship: self.relationship,
            relative: self.relative,
            ..Victim::default()
        }
    }

    fn grounds(&self) -> Grounds {
        let told = [
            (self.criteria.high_risk, Criterion::VisibleHighRisk),
            (self.criteria.professional_judgement, Criterion::ProfessionalJudgement),
            (self.criteria.escalation, Criterion::PotentialEscalation),
            (self.criteria.repeat, Criterion::Repeat),
        ];
        let met = told.into_iter().filter(|(answer, _)| *answer == Some(true));
        let criteria = met.map(|(_, criterion)| criterion).collect();
        Grounds { criteria, text: self.words(), ..Grounds::default() }
    }

    fn context(&self) -> Context {
        let answer = |yes| if yes { Answer::Yes } else { Answer::No };
        let mappa = self.criteria.mappa.map(|yes| (Arrangement::Mappa, answer(yes)));
        Context { arrangements: mappa.into_iter().collect(), ..Context::default() }
    }

    /// The notes, and under them what the form has no field for.
    fn words(&self) -> Option<LongNote> {
        let mut kept = Vec::new();
        if let Some(reference) = &self.reference {
            kept.push(format!("Reference in the old tracker: {reference}"));
        }
        let told = self.relationship.is_some_and(|what| what != Relationship::Relative);
        if let Some(words) = self.relationship_words.as_ref().filter(|_| !told) {
            kept.push(format!("Relationship, as written: {words}"));
        }
        if let Children::Number(number @ 1..) = self.children {
            kept.push(format!("Number of children: {number}"));
        }
        let notes = self.notes.as_ref().map_or("", LongNote::as_str);
        let whole = format!("{notes}\n\n{}", kept.join("\n"));
        // Notes that fill the field leave no room; the reference is among the keys of the import.
        LongNote::parse(&whole).ok().or_else(|| self.notes.clone())
    }
}

impl SubjectDraft {
    fn perpetrator(&self) -> Perpetrator {
        let lines = self.address.as_ref().and_then(|it| Narrative::parse(it.as_str()).ok());
        let address = Address { lines, postcode: self.postcode.clone() };
        let known = address.lines.is_some() || address.postcode.is_some();
        Perpetrator {
            name: PersonName {
                surname: Some(self.surname.clone()),
                forename: self.forename.clone(),
                known_as: self.alias.iter().cloned().collect(),
            },
            born: self.born,
            gender: self.gender,
            ethnicity: self.ethnicity,
            addresses: if known { vec![address] } else { Vec::new() },
            ..Perpetrator::default()
        }
    }
}

impl ActionDraft {
    /// Where the action stands, with the words of the tracker as its reason or outcome. `importer`
    /// stands for the chair of old, whom the tracker does not name.
    ///
    /// # Errors
    /// When the words cannot be a note, which no words of a status are.
    pub fn state(&self, importer: UserId, today: NaiveDate) -> Result<ActionState, TextError> {
        let on = self.ended_on(today);
        let words = self.status_words.as_ref().map(Title::as_str);
        let note = |otherwise| Note::parse(words.unwrap_or(otherwise));
        Ok(match self.status {
            ActionStatus::Open => ActionState::Open,
            ActionStatus::InProgress => ActionState::InProgress,
            ActionStatus::Completed => ActionState::Completed { on, outcome: note("Completed")? },
            ActionStatus::NotPossible => ActionState::NotPossible {
                on,
                reason: note("Not possible")?,
                acceptance: Acceptance::Imported,
            },
            ActionStatus::NotDone => ActionState::NotDone { on, reason: note("Not done")? },
            ActionStatus::Withdrawn => {
                ActionState::Withdrawn { on, by: importer, reason: note("Withdrawn")? }
            }
        })
    }

    /// The day on which it ended: the one reported, else its due date, else that of its meeting.
    pub fn ended_on(&self, today: NaiveDate) -> NaiveDate {
        let supposed = self.due.on.filter(|due| *due >= self.meeting).unwrap_or(self.meeting);
        self.status_on.unwrap_or(supposed.min(today))
    }

    /// The comments, and of an action without a referral whom it was about.
    pub fn remarks(&self) -> Vec<Note> {
        let about = || {
            let whom = [self.reference.as_ref(), self.name.as_ref()];
            let whom: Vec<&str> = whom.into_iter().flatten().map(Name::as_str).collect();
            format!("In the old tracker about: {}", whom.join(", "))
        };
        let about = self.referral.is_none().then(about);
        let comments = self.notes.as_ref().map(|notes| notes.as_str().to_owned());
        let all = about.into_iter().chain(comments);
        all.flat_map(|text| pieces(&text)).filter_map(|text| Note::parse(&text).ok()).collect()
    }
}

/// The text in pieces that each fit a note.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for (place, letter) in text.chars().enumerate() {
        if place > 0 && place % NOTE_CHARACTERS == 0 {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(letter);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::{DueText, sample::id};
    use crate::reminder::sample::day;
    use crate::tracker::draft::{CriteriaDraft, DueDraft, Origin};
    use crate::tracker::status::ReferralWord;

    fn origin(external: &str) -> Origin {
        Origin { sheet: "Log".to_owned(), row: 2, external: external.to_owned() }
    }

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    fn referral() -> ReferralDraft {
        ReferralDraft {
            origin: origin("referral p1"),
            reference: Some(name("P1")),
            received: day("2026-07-03"),
            agency: "police".to_owned(),
            referrer: None,
            referrer_email: None,
            subject: SubjectDraft {
                surname: name("O'Neill"),
                forename: Some(name("Siân")),
                alias: None,
                born: None,
                address: Some(Title::parse("1 High Street, Ely").unwrap()),
                postcode: None,
                gender: None,
                ethnicity: None,
            },
            victim: Some(VictimDraft { surname: name("Ward"), forename: None, born: None }),
            relationship_words: Some(name("mother")),
            relationship: Some(Relationship::Relative),
            relative: None,
            children: Children::Number(2),
            criteria: CriteriaDraft {
                high_risk: Some(true),
                escalation: Some(false),
                mappa: Some(false),
                ..CriteriaDraft::default()
            },
            status: ReferralWord::Open,
            notes: LongNote::parse("see email").ok(),
        }
    }

    fn action() -> ActionDraft {
        ActionDraft {
            origin: origin("action"),
            meeting: day("2026-03-04"),
            reference: Some(name("P1")),
            referral: Some("referral p1".to_owned()),
            name: Some(name("Siân O'Neill")),
            wording: Title::parse("Call").unwrap(),
            agency: "police".to_owned(),
            owner: None,
            due: DueDraft { on: Some(day("2026-03-11")), words: DueText::parse("next panel").ok() },
            status: ActionStatus::Completed,
            status_words: Title::parse("DONE").ok(),
            status_on: Some(day("2026-03-09")),
            notes: None,
        }
    }

    #[test]
    fn a_referral_keeps_everything_that_was_written() {
        let form = referral().form(id(1), id(2));
        assert_eq!(crate::time::local_date(form.received_at), day("2026-07-03"));
        assert_eq!(form.problems(day("2026-07-03"), day("2026-07-03")), []);
        assert_eq!(form.perpetrator.name.forename.unwrap().as_str(), "Siân");
        assert_eq!(form.perpetrator.addresses.len(), 1);
        assert_eq!(form.victims[0].relationship, Some(Relationship::Relative));
        assert_eq!(form.any_children, Some(Answer::Yes));
        assert_eq!(form.grounds.criteria, [Criterion::VisibleHighRisk].into());
        assert_eq!(form.context.arrangements, [(Arrangement::Mappa, Answer::No)].into());
        assert_eq!(
            form.grounds.text.unwrap().as_str(),
            "see email\n\nReference in the old tracker: P1\nRelationship, as written: mother\n\
             Number of children: 2"
        );
    }

    #[test]
    fn notes_that_fill_the_field_are_kept_whole() {
        let notes = LongNote::parse(&"a".repeat(20_000)).unwrap();
        let form = ReferralDraft { notes: Some(notes.clone()), ..referral() }.form(id(1), id(2));
        assert_eq!(form.grounds.text, Some(notes));
    }

    #[test]
    fn an_ended_action_has_the_day_reported_or_the_nearest_that_is_known() {
        let today = day("2026-04-01");
        let ended = |change: fn(&mut ActionDraft)| {
            let mut draft = action();
            change(&mut draft);
            draft.ended_on(today).to_string()
        };
        assert_eq!(ended(|_| {}), "2026-03-09");
        assert_eq!(ended(|it| it.status_on = None), "2026-03-11");
        assert_eq!(ended(|it| (it.status_on, it.due.on) = (None, None)), "2026-03-04");
        let late: fn(&mut ActionDraft) =
            |it| (it.status_on, it.due.on) = (None, Some(day("2026-09-01")));
        assert_eq!(ended(late), "2026-04-01");
    }

    #[test]
    fn the_words_of_the_tracker_are_the_reason() {
        let state = |status, words: &str| {
            let draft = ActionDraft { status, status_words: Title::parse(words).ok(), ..action() };
            draft.state(id(9), day("2026-04-01")).unwrap()
        };
        let ActionState::NotPossible { reason, acceptance, .. } =
            state(ActionStatus::NotPossible, "N/A - moved away")
        else {
            panic!("not possible");
        };
        assert_eq!((reason.as_str(), acceptance), ("N/A - moved away", Acceptance::Imported));
        let open = state(ActionStatus::Open, "O/S");
        assert_eq!(open, ActionState::Open);
        let ActionState::NotDone { reason, .. } = state(ActionStatus::NotDone, "") else {
            panic!("not done");
        };
        assert_eq!(reason.as_str(), "Not done");
    }

    #[test]
    fn long_comments_become_several_notes_and_nothing_is_lost() {
        let draft = ActionDraft { notes: LongNote::parse(&"é".repeat(9_000)).ok(), ..action() };
        let lengths: Vec<usize> =
            draft.remarks().iter().map(|note| note.as_str().chars().count()).collect();
        assert_eq!(lengths, [4_000, 4_000, 1_000]);
        let lost = ActionDraft { referral: None, ..action() };
        let said: Vec<String> = lost.remarks().iter().map(ToString::to_string).collect();
        assert_eq!(said, ["In the old tracker about: P1, Siân O'Neill"]);
    }
}
