//! Three cycles of a panel that begins with its old tracker.

use super::acts::{Item, Referral, has};
use super::stage::{Letter, Stage};
use panel_tests::on_both;
use panel_tests::paper::Paper;
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, POLICE, POLICE_LEAD, POLICE_SPOC,
    PROBATION, World,
};
use std::collections::{BTreeMap, BTreeSet};

const TRACKER: &[u8] = include_bytes!("../../data/tracker.xlsx");

on_both!(three_cycles_from_the_old_tracker_to_the_next_agenda);

pub(crate) const PEOPLE: [&str; 9] =
    [ADMINISTRATOR, COORDINATOR, CHAIR, POLICE, POLICE_SPOC, POLICE_LEAD, PROBATION, HOUSING, IDVA];

/// The single points of contact of police, probation and housing. The last two came in the tracker.
const CONTACTS: [&str; 3] =
    [POLICE_SPOC, "gareth.jones@probation.example.org", "mohammed.smith@housing.example.org"];

/// The days of one cycle, and what is new in it.
struct Cycle<'a> {
    on: &'a str,
    meets: &'a str,
    refer: &'a str,
    issue: &'a str,
    reply: &'a str,
    late: &'a str,
    approve: &'a str,
    update: &'a str,
    answer: &'a str,
    /// The day that the agency asks for instead, and the words in which it is read.
    until: (&'a str, &'a str),
    new: Referral<'a>,
    defers: Option<&'a str>,
}

const fn referral<'a>(surname: &'a str, forename: &'a str, victim: &'a str) -> Referral<'a> {
    Referral { surname, forename, victim, child: true }
}

const CYCLES: [Cycle<'static>; 3] = [
    Cycle {
        on: "Wednesday 9 December 2026",
        meets: "2026-12-09",
        refer: "2026-11-20 10:00",
        issue: "2026-11-26 09:00",
        reply: "2026-11-30 09:00",
        late: "2026-12-08 09:00",
        approve: "2026-12-10 09:00",
        update: "2026-12-14 09:00",
        answer: "2026-12-15 09:00",
        until: ("13/1/2027", "Wednesday 13 January 2027"),
        new: referral("Quillfeather", "Ambrose", "Dunmorrow"),
        defers: Some("Thistlewood"),
    },
    Cycle {
        on: "Wednesday 6 January 2027",
        meets: "2027-01-06",
        refer: "2026-12-16 09:00",
        issue: "2026-12-21 09:00",
        reply: "2026-12-23 09:00",
        late: "2027-01-05 09:00",
        approve: "2027-01-07 09:00",
        update: "2027-01-11 09:00",
        answer: "2027-01-12 09:00",
        until: ("10/2/2027", "Wednesday 10 February 2027"),
        new: referral("Pennyfold", "Lucian", "Ashgrovely"),
        defers: Some("Pennyfold"),
    },
    Cycle {
        on: "Wednesday 3 February 2027",
        meets: "2027-02-03",
        refer: "2027-01-13 09:00",
        issue: "2027-01-21 09:00",
        reply: "2027-01-25 09:00",
        late: "2027-02-02 09:00",
        approve: "2027-02-04 09:00",
        update: "2027-02-08 09:00",
        answer: "2027-02-09 09:00",
        until: ("10/3/2027", "Wednesday 10 March 2027"),
        new: referral("Vanterpool", "Cosmo", "Hollingsedge"),
        defers: None,
    },
];

fn three_cycles_from_the_old_tracker_to_the_next_agenda(world: &World) {
    let stage = Stage::on(world, "2026-11-20 09:00");
    enter(&stage);
    import(&stage);
    lay_out(&stage);
    below_the_threshold(&stage);
    let police = stage.world.town().police.to_string();
    let thistle = referral("Thistlewood", "Edmund", "Larkhamley");
    let reference = stage.accepts(&stage.refers(POLICE, &police, &thistle));
    let mut cases = Cases::from([(thistle.surname, reference)]);
    let mut approved = Vec::new();
    for (nth, cycle) in CYCLES.iter().enumerate() {
        let proposal = prepare(&stage, cycle, &mut cases);
        what_comes_back(&proposal, nth, &cases);
        let meeting = stage.meeting(cycle.on);
        hear_from_agencies(&stage, cycle);
        hold(&stage, cycle, &meeting);
        stage.set(cycle.approve);
        let minutes = stage.approves(&meeting);
        assert!(minutes.contains("Spoken about at length."), "{minutes}");
        approved.push((meeting.clone(), minutes));
        follow_up(&stage, cycle);
        for (meeting, minutes) in &approved {
            assert_eq!(&stage.minutes(meeting), minutes, "approved minutes never change");
        }
    }
    stage.mornings("2027-02-18");
    let fourth = stage.meeting("Wednesday 3 March 2027");
    let proposal = stage.see(COORDINATOR, &format!("{fourth}/agenda/proposal"));
    what_comes_back(&proposal, 3, &cases);
    stage.watch.holds_none_of(&secrets(&stage));
}

/// The references of the cases by the surname they are known by.
type Cases = BTreeMap<&'static str, String>;

/// Everybody follows the link of the invitation, and the observer does not yet: where that leads.
#[track_caller]
pub(crate) fn enter(stage: &Stage<'_>) -> String {
    let invited = stage.post();
    let invitation = |who| invited.iter().find(|letter| letter.to == who).expect("an invitation");
    for who in PEOPLE {
        stage.enters(invitation(who));
    }
    stage.link(invitation(OBSERVER))
}

/// The tracker is looked at, and its good rows are taken.
#[track_caller]
pub(crate) fn import(stage: &Stage<'_>) {
    let panel = stage.world.town().panel;
    let new = format!("/panels/{panel}/imports/new");
    let answer = stage.visitor(COORDINATOR).upload(&new, "tracker.xlsx", TRACKER.to_vec());
    let preview = stage.see(COORDINATOR, &stage.watch.redirect(&answer));
    preview.holds(&["115", "289"]);
    let import = preview.path.clone();
    stage.see(COORDINATOR, &format!("{import}/rows")).holds(&["15", "28", "52", "61", "97"]);
    let confirm = stage.see(COORDINATOR, &format!("{import}/confirm"));
    confirm.holds(&["Import 115 referrals", "289 actions", "leave 5 rows out"]);
    let form = confirm.form(&format!("{import}/confirm")).with("without_bad", "yes");
    stage.press(COORDINATOR, &form).holds(&["Imported"]);
}

/// Wednesdays at ten, every four weeks.
#[track_caller]
pub(crate) fn lay_out(stage: &Stage<'_>) {
    let panel = stage.world.town().panel;
    let new = format!("/panels/{panel}/series/new");
    let form = stage
        .see(COORDINATOR, &new)
        .form(&new)
        .with("unit", "weeks")
        .with("every", "4")
        .with("on", "wed")
        .with("from-day", "9")
        .with("from-month", "12")
        .with("from-year", "2026")
        .with("ends", "never")
        .with("holiday_policy", "later")
        .with("at", "10am")
        .with("minutes", "180")
        .with("venue", "Council chamber");
    let preview = stage.check(COORDINATOR, &form);
    preview.holds(&["Meets every 4 weeks on Wednesday", "10am on Wednesday 9 December 2026"]);
    let list = stage.press(COORDINATOR, &preview.form(&new).pressing("do", "confirm"));
    list.holds(&["10am on Wednesday 6 January 2027", "Every 4 weeks on Wednesday at 10am"]);
}

/// What does not reach the panel is refused with a reason, and comes to no agenda.
#[track_caller]
fn below_the_threshold(stage: &Stage<'_>) {
    let housing = stage.world.town().housing.to_string();
    let at = stage.refers(HOUSING, &housing, &referral("Wainfleetham", "Piers", "Oxtonbury"));
    let refused = stage.fill(
        CHAIR,
        &format!("{at}/decide"),
        &[
            ("outcome", "below_threshold"),
            ("threshold_reason", "One old report"),
            ("route", "Write to the chair."),
        ],
    );
    refused.holds(&["Below threshold", "One old report"]);
    stage.see(HOUSING, &at).holds(&["Write to the chair."]);
}

/// A referral is received and accepted, and the agenda goes out. Gives the proposal.
#[track_caller]
fn prepare(stage: &Stage<'_>, cycle: &Cycle<'static>, cases: &mut Cases) -> Paper {
    if stage.now() < panel_tests::world::london(cycle.refer) {
        stage.mornings(cycle.refer.split(' ').next().unwrap());
        stage.set(cycle.refer);
    }
    let police = stage.world.town().police.to_string();
    let at = stage.refers(POLICE, &police, &cycle.new);
    stage.see(COORDINATOR, &at).holds(&[cycle.new.victim, "was seen outside the school"]);
    cases.insert(cycle.new.surname, stage.accepts(&at));
    stage.mornings(cycle.issue.split(' ').next().unwrap());
    stage.set(cycle.issue);
    let meeting = stage.meeting(cycle.on);
    let agenda = format!("{meeting}/agenda");
    stage.see(PROBATION, &agenda).holds(&["This agenda has not been issued yet."]);
    let proposal = stage.issues(&meeting);
    let frozen = stage.see(COORDINATOR, &agenda);
    assert!(!frozen.buttons().iter().any(|(name, _)| name == "to"), "nothing can be moved");
    let read = stage.see(PROBATION, &agenda);
    assert!(has(&read.words(), cycle.new.surname), "{}", read.words());
    proposal
}

/// What the agenda of the meeting after so many others brings.
#[track_caller]
fn what_comes_back(proposal: &Paper, held: usize, cases: &Cases) {
    let words = proposal.words();
    let children = "New cases involving children";
    let new = CYCLES.get(held).map(|cycle| &cases[cycle.new.surname]);
    assert_eq!(words.contains(children), new.is_some(), "{words}");
    assert!(new.is_none_or(|reference| words.contains(reference)), "{words}");
    let counted =
        |ordinal: &str, on: &str| format!("{ordinal} meeting after it was first heard on {on}");
    let [first, second, _] = [CYCLES[0].on, CYCLES[1].on, CYCLES[2].on];
    let expected: &[(&str, &str)] = match held {
        0 => &[],
        1 => &[("1st", first)],
        // What was put off was first heard a meeting later.
        2 => &[("2nd", first), ("1st", second)],
        _ => &[("3rd", first), ("2nd", second)],
    };
    for (ordinal, on) in expected {
        assert!(words.contains(&counted(ordinal, on)), "{ordinal} {on}: {words}");
    }
    let put_off = held.checked_sub(1).and_then(|last| CYCLES[last].defers);
    let section = "Deferred from the last meeting";
    assert_eq!(words.contains(section), put_off.is_some(), "{words}");
    if let Some(surname) = put_off {
        let (_, rest) = words.split_once(section).unwrap();
        let first = rest.trim_start();
        assert!(first.starts_with(&cases[surname]), "put off, it comes first: {first}");
        assert!(first.contains("Awaiting the report"), "{first}");
    }
}

/// The agencies are asked by mail, and answer, each in its own way.
#[track_caller]
fn hear_from_agencies(stage: &Stage<'_>, cycle: &Cycle<'_>) {
    let told = stage.mornings(cycle.reply.split(' ').next().unwrap());
    for who in [POLICE, PROBATION, HOUSING] {
        digest(&told, who, "agenda ready");
    }
    for who in CONTACTS {
        digest(&told, who, "new information request");
    }
    stage.set(cycle.reply);
    let surname = cycle.new.surname;
    stage.knows_nothing(POLICE, surname);
    stage
        .replies(HOUSING, surname, "Two complaints about noise in October.")
        .holds(&["Your reply is sent."]);
    let overdue = stage.mornings(cycle.late.split(' ').next().unwrap());
    digest(&overdue, CONTACTS[1], "overdue");
    stage.set(cycle.late);
    stage
        .replies(PROBATION, surname, "Missed one appointment.")
        .holds(&["It came after the deadline and is marked late."]);
}

/// The meeting: who is there, what is said of every case, what is put off and what is to be done.
#[track_caller]
fn hold(stage: &Stage<'_>, cycle: &Cycle<'_>, meeting: &str) {
    stage.mornings(cycle.meets);
    stage.set(&format!("{} 10:00", cycle.meets));
    stage.begins(meeting, &["Carol Finch", "Colin Hart", "Priya Nair", "Hana Sato", "Rhys Evans"]);
    for (label, item) in stage.items(meeting) {
        if cycle.defers.is_some_and(|surname| has(&label, surname)) {
            let reason = [("reason", "Awaiting the report")];
            stage.fill(COORDINATOR, &format!("{item}/defer"), &reason);
            continue;
        }
        stage.records(&item, "Spoken about at length.");
    }
    let about =
        if cycle.defers == Some(cycle.new.surname) { "Quillfeather" } else { cycle.new.surname };
    let items = stage.items(meeting);
    let (_, item) = items.iter().find(|(label, _)| has(label, about)).expect("the case");
    let page = stage.see(COORDINATOR, item);
    if about == cycle.new.surname {
        page.holds(&["Two complaints about noise in October.", "Missed one appointment.", "Late"]);
    }
    for (text, agency, person, due) in [
        ("Speak to the school", "Eastshire Police", "Priya Nair", "5 working days"),
        ("Serve the notice", "Eastshire Police", "Priya Nair", "5 working days"),
        ("Fit new locks", "Eastshire Homes", "Hana Sato", "10 working days"),
        ("Look at the licence", "Probation Service", "Rhys Evans", "10 working days"),
        ("Offer another flat", "Eastshire Homes", "Hana Sato", "next panel"),
    ] {
        let text = format!("{text} before {}", cycle.until.0);
        stage.sets(item, &Item { who: "", text: &text, agency, person, due });
    }
    stage.ends(meeting);
}

/// What became of the actions: done, more time, another agency, not possible.
#[track_caller]
fn follow_up(stage: &Stage<'_>, cycle: &Cycle<'_>) {
    let text = |text: &str| format!("{text} before {}", cycle.until.0);
    let ready = stage.mornings(cycle.update.split(' ').next().unwrap());
    for who in [POLICE, PROBATION, HOUSING] {
        digest(&ready, who, "minutes ready");
    }
    stage.set(cycle.update);
    stage.does(POLICE, &text("Speak to the school"));
    let serve = stage.owed(POLICE, &text("Serve the notice"));
    let reason = [("reason", "He is in custody")];
    let page = stage.fill(POLICE, &format!("{serve}/not-possible"), &reason);
    page.holds(&["Not possible, to be accepted"]);
    let locks = stage.owed(HOUSING, &text("Fit new locks"));
    let fields = [("due", cycle.until.0), ("reason", "The locksmith is away")];
    stage.fill(HOUSING, &format!("{locks}/extend"), &fields).holds(&["More time is asked for."]);
    let licence = stage.owed(PROBATION, &text("Look at the licence"));
    let page = stage.see(PROBATION, &format!("{licence}/transfer"));
    let form = page
        .form(&format!("{licence}/transfer"))
        .with("to", &page.option("to", "Eastshire Homes"))
        .with("reason", "They hold the file");
    stage.press(PROBATION, &form).holds(&["A transfer waits."]);

    let told = stage.mornings(cycle.answer.split(' ').next().unwrap());
    digest(&told, CHAIR, "reported as not possible");
    digest(&told, COORDINATOR, "extension to answer");
    digest(&told, CONTACTS[2], "transfer to answer");
    stage.set(cycle.answer);
    let page = stage.fill(CHAIR, &format!("{serve}/accept-not-possible"), &[]);
    page.holds(&["Not possible, accepted"]);
    let page = stage.fill(COORDINATOR, &format!("{locks}/agree-extension"), &[]);
    page.holds(&[cycle.until.1, "First due date"]);
    let page = stage.see(HOUSING, &format!("{licence}/accept-transfer"));
    let form = page.form(&format!("{licence}/accept-transfer"));
    let form = form.with("person", &page.option("person", "Hana Sato"));
    stage.press(HOUSING, &form).holds(&["Your agency owes it now."]);
    stage.see(PROBATION, "/my-work").lacks(&[&text("Look at the licence")]);
    stage.does(HOUSING, &text("Look at the licence"));
}

/// The digest of these mornings that says this to this person.
#[track_caller]
fn digest(letters: &[Letter], who: &str, says: &str) -> Letter {
    let mine: Vec<&Letter> = letters.iter().filter(|letter| letter.to == who).collect();
    let found = mine.iter().find(|letter| letter.says().contains(says));
    (*found.unwrap_or_else(|| panic!("{who} was not told of {says:?} but {mine:?}"))).clone()
}

/// What may be in no address, mail or log: names and references of cases, the panel's name.
#[track_caller]
pub(crate) fn secrets(stage: &Stage<'_>) -> BTreeSet<String> {
    let mut secrets: BTreeSet<String> =
        ["Eastshire MATAC", "MATAC", "OFFICIAL", "Spoken about", "Awaiting the report"]
            .map(str::to_owned)
            .into();
    for cycle in &CYCLES {
        let Referral { surname, forename, victim, .. } = cycle.new;
        secrets.extend([surname, forename, victim].map(str::to_owned));
    }
    let mut page = Some("/cases".to_owned());
    while let Some(path) = page {
        let list = stage.see(COORDINATOR, &path);
        for (words, href) in list.links() {
            if href.starts_with("/cases/") && href.len() == 43 {
                secrets.insert(words);
            }
        }
        page = list.links().into_iter().find(|(words, _)| words.contains("Next")).map(|it| it.1);
    }
    assert!(secrets.len() > 50, "{secrets:?}");
    secrets
}
