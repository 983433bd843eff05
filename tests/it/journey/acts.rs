//! What people do in a cycle, each through the pages and nothing else.

use super::stage::{Stage, send};
use panel_app::connections;
use panel_core::id::MeetingId;
use panel_tests::paper::Paper;
use panel_tests::world::{CHAIR, COORDINATOR};

/// Where every victim of these stories lives.
pub(crate) const HOME: &str = "9 Lark Close, Fenbridge";

/// A referral as it is typed in.
pub(crate) struct Referral<'a> {
    pub(crate) surname: &'a str,
    pub(crate) forename: &'a str,
    pub(crate) victim: &'a str,
    pub(crate) child: bool,
}

/// One item of a live meeting, and what is to be written down.
pub(crate) struct Item<'a> {
    pub(crate) who: &'a str,
    pub(crate) text: &'a str,
    pub(crate) agency: &'a str,
    pub(crate) person: &'a str,
    pub(crate) due: &'a str,
}

impl Stage<'_> {
    /// Writes a referral part by part and sends it; where it can be read.
    #[track_caller]
    pub(crate) fn refers(&self, who: &str, agency: &str, new: &Referral<'_>) -> String {
        let panel = self.world.town().panel.to_string();
        let page = self.see(who, "/referrals/new");
        let draft = self.press(who, &page.form("/referrals/new").with("panel", &panel)).path;
        self.fill(
            who,
            &format!("{draft}/about"),
            &[("source", "partner"), ("referring_agency", agency)],
        );
        self.fill(
            who,
            &format!("{draft}/person"),
            &[
                ("perpetrator.name.surname", new.surname),
                ("perpetrator.name.forename", new.forename),
                ("perpetrator.born-day", "29"),
                ("perpetrator.born-month", "2"),
                ("perpetrator.born-year", "1988"),
            ],
        );
        self.fill(
            who,
            &format!("{draft}/victims/1"),
            &[
                ("victims.0.name.surname", new.victim),
                ("victims.0.relationship", "former_partner"),
                ("victims.0.address.lines", HOME),
                ("victims.0.telephone", "07700 900 123"),
            ],
        );
        if new.child {
            self.fill(who, &format!("{draft}/children/1"), &[("children.0.unborn", "yes")]);
        }
        let week = self.today() - chrono::Days::new(7);
        let (day, month, year) = (
            week.format("%-d").to_string(),
            week.format("%-m").to_string(),
            week.format("%Y").to_string(),
        );
        self.fill(
            who,
            &format!("{draft}/incidents/1"),
            &[
                ("incidents.0.happened-day", &day),
                ("incidents.0.happened-month", &month),
                ("incidents.0.happened-year", &year),
                ("incidents.0.victim", "1"),
                ("incidents.0.kinds", "physical"),
            ],
        );
        let why = format!("{} was seen outside the school.", new.forename);
        self.fill(
            who,
            &format!("{draft}/grounds"),
            &[("grounds.criteria", "professional_judgement"), ("grounds.text", &why)],
        );
        let sent = self.fill(who, &format!("{draft}/check"), &[]);
        sent.holds(&["What happens next"]);
        sent.path.strip_suffix("/sent").unwrap().to_owned()
    }

    /// The chair accepts a referral. Gives the reference of the case it opens.
    #[track_caller]
    pub(crate) fn accepts(&self, referral: &str) -> String {
        let page = self.fill(CHAIR, &format!("{referral}/decide"), &[("outcome", "accepted")]);
        page.holds(&["Accepted"]);
        let case = page.links().into_iter().find(|(_, href)| href.starts_with("/cases/"));
        let case = self.see(COORDINATOR, &case.expect("the referral leads to its case").1);
        let words = case.words();
        let reference = words.strip_prefix("Case ").and_then(|rest| rest.split(' ').next());
        reference.expect("the case has a reference").to_owned()
    }

    /// The meeting of this date, such as `Wednesday 9 December 2026`.
    #[track_caller]
    pub(crate) fn meeting(&self, on: &str) -> String {
        let panel = self.world.town().panel;
        self.see(COORDINATOR, &format!("/panels/{panel}/meetings")).link(on)
    }

    /// Takes the proposal over as it stands, and issues it. Gives the proposal as it was shown.
    #[track_caller]
    pub(crate) fn issues(&self, meeting: &str) -> Paper {
        let agenda = format!("{meeting}/agenda");
        let proposal = self.see(COORDINATOR, &format!("{agenda}/proposal"));
        self.press(COORDINATOR, &proposal.form(&format!("{agenda}/proposal")))
            .holds(&["The proposal is on the agenda."]);
        self.answers_for_namesakes(meeting);
        let issued = self.fill(COORDINATOR, &format!("{agenda}/issue"), &[]);
        issued.holds(&["Issue 1", "are locked"]);
        proposal
    }

    /// Whoever bears a name of somebody a case is about is looked at before the agenda is issued.
    #[track_caller]
    pub(crate) fn answers_for_namesakes(&self, meeting: &str) {
        let id: MeetingId = meeting.rsplit('/').next().unwrap().parse().unwrap();
        let look = || connections::look(&self.world.by(COORDINATOR), id).unwrap();
        while let Some(question) = look().into_iter().find(|one| one.may_answer) {
            let answer = [("marks", &*question.mark), ("reason", "Asked the agency’s lead")];
            self.fill(COORDINATOR, &format!("{meeting}/agenda/connections"), &answer);
        }
    }

    /// The requests that a person owes an answer to, by whom they are about.
    #[track_caller]
    pub(crate) fn request(&self, who: &str, about: &str) -> String {
        let work = self.see(who, "/my-work");
        let found = work.links().into_iter().find(|(words, href)| {
            href.starts_with("/requests/") && words.contains("Reply") && has(words, about)
        });
        found.unwrap_or_else(|| panic!("nothing about {about}: {}", work.words())).1
    }

    /// Says that nothing is known: one click from the list, and one more.
    #[track_caller]
    pub(crate) fn knows_nothing(&self, who: &str, about: &str) {
        let request = self.request(who, about);
        let page = self.see(who, &request);
        let page = self.press(who, &page.form(&format!("{request}/nothing")));
        page.holds(&["Your reply is sent."]);
    }

    #[track_caller]
    pub(crate) fn replies(&self, who: &str, about: &str, facts: &str) -> Paper {
        let request = self.request(who, about);
        let page = self.see(who, &request);
        let form = page
            .form(&request)
            .with("kind", "information")
            .with("facts", facts)
            .pressing("do", "send");
        self.press(who, &form)
    }

    /// Begins the meeting and takes the roll: everybody of these names is there and has accepted
    /// the statement, the others have sent apologies.
    #[track_caller]
    pub(crate) fn begins(&self, meeting: &str, present: &[&str]) -> Paper {
        let page = self.see(COORDINATOR, meeting);
        let room = self.press(COORDINATOR, &page.form(&format!("{meeting}/start")));
        let live = format!("{meeting}/live");
        room.holds(&["Order of business", "Confidentiality statement"]);
        let form = room.form(&live);
        let seats: Vec<String> =
            form.names().iter().filter(|name| name.starts_with("status.")).cloned().collect();
        assert!(seats.len() >= present.len(), "{seats:?}");
        let mut filled = form;
        for status in seats {
            let name = name_of_seat(&room, &status);
            let here = present.iter().any(|one| name.contains(one));
            filled = filled.with(&status, if here { "present" } else { "apologies" });
            if here {
                filled = filled.with(&status.replace("status.", "statement."), "yes");
            }
        }
        let room = self.press(COORDINATOR, &filled);
        room.holds(&["Attendance"]);
        room
    }

    /// The items of a live meeting, in order: what they are called and where they are.
    pub(crate) fn items(&self, meeting: &str) -> Vec<(String, String)> {
        let live = format!("{meeting}/live/");
        let links = self.see(COORDINATOR, &format!("{meeting}/live")).links();
        let is_item = |href: &str| {
            href.strip_prefix(&live).is_some_and(|rest| rest.len() == 36 && !rest.contains('/'))
        };
        links.into_iter().filter(|(_, href)| is_item(href)).collect()
    }

    /// Writes down what was said about an item, and keeps the case where there is one. What became of
    /// it is read in the minutes.
    #[track_caller]
    pub(crate) fn records(&self, item: &str, said: &str) {
        let page = self.see(COORDINATOR, item);
        let mut form = page.form(item).with("discussion", said);
        if form.has("decision") {
            form = form.with("decision", "retain");
        }
        let answer = send(&self.visitor(COORDINATOR), &form);
        self.watch.redirect(&answer);
    }

    /// Adds an action at an item.
    #[track_caller]
    pub(crate) fn sets(&self, item: &str, new: &Item<'_>) -> Paper {
        let page = self.see(COORDINATOR, item);
        assert!(page.words().contains(new.who), "{item} is about {}", new.who);
        let form = page
            .form(&format!("{item}/actions"))
            .with("text", new.text)
            .with("agency", &page.option("agency", new.agency))
            .with("person", &page.option("person", new.person))
            .with("due", new.due)
            .with("approach", "prevention");
        let page = self.press(COORDINATOR, &form);
        page.holds(&[new.text]);
        page
    }

    #[track_caller]
    pub(crate) fn ends(&self, meeting: &str) {
        let room = self.see(COORDINATOR, &format!("{meeting}/live"));
        let page = self.press(COORDINATOR, &room.form(&format!("{meeting}/end")));
        page.holds(&["Held"]);
    }

    /// The chair reads the draft, and approves it. Gives the minutes as they are then printed,
    /// without the line that tells who printed them when.
    #[track_caller]
    pub(crate) fn approves(&self, meeting: &str) -> String {
        let minutes = format!("{meeting}/minutes");
        let draft = self.see(CHAIR, &minutes);
        draft.holds(&["Draft"]).lacks(&["Mend first"]);
        let approve = draft.link("Approve these minutes");
        let page = self.fill(CHAIR, &approve, &[]);
        page.holds(&["Approved"]);
        self.minutes(meeting)
    }

    /// The approved minutes as the coordinator reads them.
    #[track_caller]
    pub(crate) fn minutes(&self, meeting: &str) -> String {
        self.see(COORDINATOR, &format!("{meeting}/minutes")).words()
    }

    /// An action of a person's list: where its page is.
    #[track_caller]
    pub(crate) fn owed(&self, who: &str, text: &str) -> String {
        self.see(who, "/my-work").link(text)
    }

    /// Marks an action as done: one click from the list, and one more.
    #[track_caller]
    pub(crate) fn does(&self, who: &str, text: &str) {
        let work = self.see(who, "/my-work");
        let done = work.links().into_iter().find(|(words, href)| {
            words.starts_with("Done") && words.contains(text) && href.contains("/done?from=")
        });
        let (_, href) = done.unwrap_or_else(|| panic!("no {text}: {}", work.words()));
        let page = self.see(who, &href);
        let action = href.split('?').next().unwrap();
        let today = self.today().format("%-d/%-m/%Y").to_string();
        let form = page.form(action).with("on", &today).with("outcome", "Done as agreed");
        self.press(who, &form).holds(&["Marked as done. Thank you."]).lacks(&[text]);
    }
}

/// Whose attendance a control of the roll is about.
#[track_caller]
fn name_of_seat(room: &Paper, control: &str) -> String {
    let id = control.replace('.', "-");
    room.label(&id)
}

/// Whether a name can be read, in capitals or not.
pub(crate) fn has(words: &str, name: &str) -> bool {
    words.to_lowercase().contains(&name.to_lowercase())
}
