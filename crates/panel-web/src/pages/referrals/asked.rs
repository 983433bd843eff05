//! What the referral form asks, part by part. A question's name is its place in the form's JSON.

use super::leaf::{Days, Ethnic, Leaf, Lines, Mailed, Numbered, Referring};
use crate::form::kinds::{
    birth_date, date, email, id, line, many_of, narrative, number, one_of, pick, some_of, tick,
    time,
};
use crate::form::{Choice, Days as Range, Optional};
use panel_core::coded::Coded;
use panel_core::referral::{
    Arrangement, ChildStatus, Criterion, ProtectedField, ReferralField, Source,
};
use panel_core::text::{Name, Narrative, Note, Title};
use panel_core::vocabulary::{
    AbuseOverlay, AbuseType, Accommodation, Answer, Disability, Employment, Gap, Gender, Liberty,
    LivesWithVictim, Need, OrderKind, PpitItem, PpitLevel, Relationship, RelativeKind, RiskMarker,
    SexualOrientation,
};

/// The name of the question that says what is kept apart.
pub(super) const KEPT: &str = "kept";

/// Questions that belong together.
pub(super) struct Group {
    /// The heading over them.
    pub(super) heading: &'static str,
    /// A sentence under the heading.
    pub(super) intro: Option<&'static str>,
    /// What their names begin with.
    pub(super) prefix: &'static str,
    /// The questions.
    pub(super) leaves: Vec<Box<dyn Leaf>>,
}

type Leaves = Vec<Box<dyn Leaf>>;

fn group(heading: &'static str, prefix: &'static str, leaves: Leaves) -> Group {
    Group { heading, intro: None, prefix, leaves }
}

impl Group {
    fn intro(mut self, intro: &'static str) -> Self {
        self.intro = Some(intro);
        self
    }
}

fn ask(leaf: impl Leaf + 'static) -> Box<dyn Leaf> {
    Box::new(leaf)
}

const fn name(name: &'static str, label: &'static str) -> Optional<'static, Name> {
    line::<150>(name, label).verbatim().optional()
}

const fn note(name: &'static str, label: &'static str) -> Optional<'static, Note> {
    narrative::<4_000>(name, label).rows(3).optional()
}

/// Yes, no, not known.
const fn answer(name: &'static str, label: &'static str) -> Optional<'static, Answer> {
    one_of(name, label).inline().optional()
}

const fn choice<C: Coded>(name: &'static str, label: &'static str) -> Optional<'static, C> {
    one_of(name, label).as_select().optional()
}

const fn phone(name: &'static str, label: &'static str) -> Optional<'static, Title> {
    line::<500>(name, label).verbatim().width(20).optional()
}

const fn address(name: &'static str, label: &'static str) -> Optional<'static, Narrative<500>> {
    narrative::<500>(name, label).rows(3).optional()
}

const fn postcode(name: &'static str, label: &'static str) -> Optional<'static, Name> {
    line::<150>(name, label).verbatim().width(10).optional()
}

fn offered(fields: &[ProtectedField]) -> Vec<Choice> {
    fields.iter().map(|field| Choice::new(field.code(), field.label())).collect()
}

/// What is known already and not shown. It is asked in corrections alone.
fn kept(offered: fn() -> Vec<Choice>) -> Optional<'static, Vec<ProtectedField>> {
    let hint = "Type a new answer above to replace one, or untick it to take it away.";
    some_of(KEPT, "Kept apart, and not shown here", offered).hint(hint).optional()
}

fn known_as(name: &'static str) -> Lines<'static> {
    Lines(
        note(name, "Other names and spellings")
            .hint("One a line: nicknames, aliases, earlier names."),
    )
}

fn ethnicity() -> Ethnic<'static> {
    Ethnic(pick("ethnicity", "Ethnicity").optional())
}

/// Where it came from and who refers; the instant of receipt only for whoever runs the panel.
pub(super) fn about(runs: bool) -> Vec<Group> {
    let mut first: Leaves = vec![
        ask(choice::<Source>("source", "Where the referral came from")),
        ask(Referring(id("referring_agency", "Referring agency").optional())),
    ];
    if runs {
        let day = date("received_on", "Date received").noun("the date received");
        let day = day.days(Range::UpToToday).hint("Leave it blank when it is received now.");
        first.push(ask(day.optional()));
        first.push(ask(time("received_time", "Time received").optional()));
    }
    let referrer: Leaves = vec![
        ask(name("name", "Name of the referrer")),
        ask(Mailed(email("email", "Secure email").optional())),
        ask(phone("telephone", "Telephone of the referrer")),
    ];
    vec![group("The referral", "", first), group("Who refers", "referrer.", referrer)]
}

/// The person the panel would manage.
pub(super) fn person() -> Vec<Group> {
    let who: Leaves = vec![
        ask(name("name.surname", "Surname").width(30)),
        ask(name("name.forename", "Forename").width(30)),
        ask(known_as("name.known_as")),
        ask(birth_date("born", "Date of birth").optional()),
        ask(Days(
            note("other_births", "Other dates of birth in use").hint("One a line, like 31/3/1980."),
        )),
        ask(choice::<Gender>("gender", "Gender")),
        ask(ethnicity()),
        ask(name("first_language", "First language").width(20)),
        ask(answer("interpreter", "Is an interpreter needed?")),
    ];
    let home: Leaves = vec![
        ask(address("addresses.0.lines", "Present address")),
        ask(postcode("addresses.0.postcode", "Postcode")),
        ask(address("addresses.1.lines", "Earlier or other address")),
        ask(postcode("addresses.1.postcode", "Postcode of the other address")),
        ask(phone("telephone", "Telephone")),
        ask(Lines(note("vehicles", "Vehicles").hint("One a line: make, colour, registration."))),
        ask(choice::<Accommodation>("accommodation", "Accommodation")),
        ask(one_of::<LivesWithVictim>("lives_with_victim", "Does the person live with a victim?")
            .optional()),
    ];
    let now: Leaves = vec![
        ask(choice::<Liberty>("liberty", "At liberty, in custody or under conditions")),
        ask(date("release_on", "Release date").hint("When the person is in custody.").optional()),
        ask(choice::<Employment>("employment", "Employment")),
        ask(name("occupation", "Occupation").width(30)),
        ask(name("employer", "Employer").width(30)),
        ask(answer("position_of_trust", "Work or volunteering with children or adults at risk?")),
        ask(name("gp", "General practice").width(30)),
    ];
    vec![
        group("Who the person is", "perpetrator.", who),
        group("Where the person lives", "perpetrator.", home),
        group("How things stand now", "perpetrator.", now),
    ]
}

/// One person who is harmed.
pub(super) fn victim() -> Vec<Group> {
    let who: Leaves = vec![
        ask(name("name.surname", "Surname").width(30)),
        ask(name("name.forename", "Forename").width(30)),
        ask(known_as("name.known_as")),
        ask(birth_date("born", "Date of birth").optional()),
        ask(choice::<Relationship>("relationship", "What the person referred is to the victim")),
        ask(choice::<RelativeKind>("relative", "Which relative")),
        ask(answer("current", "Does the relationship go on?")),
    ];
    let contact: Leaves = vec![
        ask(address("address.lines", "Address")),
        ask(postcode("address.postcode", "Postcode")),
        ask(name("landlord", "Home owner or landlord").width(30)),
        ask(phone("telephone", "Telephone")),
        ask(answer("safe_to_call", "Is it safe to call this number?")),
        ask(note("contact_notes", "When and how contact is safe")),
        ask(note("afraid_of", "Who is the victim afraid of?")),
        ask(note("safe_to_talk_to", "Who is it safe to talk to?")),
        ask(note("not_safe_to_talk_to", "Who is it not safe to talk to?")),
        ask(kept(|| offered(&ProtectedField::OF_VICTIMS))),
    ];
    vec![
        group("Who the victim is", "", who),
        group("Safe contact", "", contact)
            .intro("The address, the telephone, the landlord and the notes on contact are sealed. Only the victim’s advocates, the coordinator and people named one by one can read them."),
        group("What the victim knows and wants", "", voice()),
        group("About the victim", "", identity()),
    ]
}

fn voice() -> Leaves {
    vec![
        ask(answer("aware", "Does the victim know of this referral?")),
        ask(note("unaware_reason", "If not, why not?")),
        ask(answer("consent", "Does the victim consent?")),
        ask(note("no_consent_reason", "If not, why, or why was it not asked?")),
        ask(name("advocate", "Advocate (IDVA) who works with the victim").width(30)),
        ask(note("wishes", "What the victim wants to happen")),
        ask(answer("wants_police", "Does the victim want to speak to the police?")),
        ask(note("wants_police_reason", "Why, or why not?")),
    ]
}

fn identity() -> Leaves {
    vec![
        ask(choice::<Gender>("gender", "Gender")),
        ask(ethnicity()),
        ask(choice::<SexualOrientation>("orientation", "Sexual orientation")),
        ask(answer("disabled", "Is the victim disabled?")),
        ask(many_of::<Disability>("disabilities", "Disabilities").optional()),
        ask(answer("pregnant", "Is the victim pregnant?")),
        ask(name("first_language", "First language").width(20)),
        ask(answer("interpreter", "Is an interpreter needed?")),
        ask(name("occupation", "Occupation").width(30)),
        ask(name("employer", "Employer").width(30)),
        ask(name("gp", "General practice").width(30)),
    ]
}

/// Whether there are children at all.
pub(super) fn family() -> Vec<Group> {
    vec![group("", "", vec![ask(answer("any_children", "Are there children in the family?"))])]
}

/// One child.
pub(super) fn child() -> Vec<Group> {
    let leaves: Leaves = vec![
        ask(name("name.surname", "Surname").width(30)),
        ask(name("name.forename", "Forename").width(30)),
        ask(birth_date("born", "Date of birth").optional()),
        ask(tick("unborn", "Not born yet")),
        ask(name("to_victim", "What the child is to the victim").width(30)),
        ask(name("to_perpetrator", "What the child is to the person referred").width(30)),
        ask(name("lives_with", "Who the child lives with").width(30)),
        ask(name("school", "School or nursery").width(30)),
        ask(choice::<ChildStatus>("status", "Status with children’s social care")),
        ask(kept(|| offered(&ProtectedField::OF_CHILDREN))),
    ];
    vec![group("", "", leaves)]
}

/// One incident.
pub(super) fn incident() -> Vec<Group> {
    let day = |name, label, hint| date(name, label).days(Range::UpToToday).hint(hint).optional();
    let leaves: Leaves = vec![
        ask(day("happened", "When it happened", "Leave it blank when nobody knows.")),
        ask(day(
            "identified",
            "When an agency learnt of it",
            "Counts where the date it happened is not known.",
        )),
        ask(Numbered(pick("victim", "Who was harmed").optional())),
        ask(many_of::<AbuseType>("kinds", "Kinds of abuse").optional()),
        ask(many_of::<AbuseOverlay>("overlays", "Forms that need their own response").optional()),
        ask(answer("crime", "Would it be a crime if it were reported?")),
        ask(name("crime_number", "Crime number").width(20)),
        ask(number("gravity", "Gravity, from 1 (no crime) to 5", 1, 5).optional()),
        ask(note("account", "What happened")),
        ask(note("outcome", "What came of it")),
    ];
    vec![group("", "", leaves)]
}

/// Why the person is referred.
pub(super) fn grounds() -> Vec<Group> {
    let why: Leaves = vec![
        ask(many_of::<Criterion>("criteria", "Criteria met").optional()),
        ask(narrative::<20_000>("text", "Why you refer this person").rows(8).optional()),
        ask(number("checklist", "Answers of yes on the risk checklist, out of 24", 0, 24)
            .optional()),
        ask(date("listed_on", "When the pair was last listed").optional()),
        ask(name("listed_as", "Under which number").width(20)),
    ];
    let marks =
        PpitItem::ALL.iter().map(|item| ask(choice::<PpitLevel>(item.code(), item.label())));
    vec![
        group("", "grounds.", why).intro(
            "Professional judgement alone is enough. A low score, or none, never stops a referral.",
        ),
        group("Identification tool (PPIT)", "grounds.ppit.", marks.collect()),
    ]
}

/// What else is known.
pub(super) fn context() -> Vec<Group> {
    let risks: Leaves = vec![
        ask(note("weapons", "Weapons").hint("Write “none known” when that is so.")),
        ask(note("risks_to_staff", "Risks to staff")),
        ask(answer("new_partner", "Does the person have a new partner?")),
        ask(many_of::<RiskMarker>("markers", "Risk markers").optional()),
        ask(many_of::<Need>("needs", "Needs").optional()),
        ask(note("engagement", "How the person has engaged so far")),
        ask(name("officer", "Officer in the case").width(30)),
    ];
    let others = Arrangement::ALL.iter().map(|one| ask(answer(one.code(), one.label())));
    let elsewhere: Leaves = vec![
        ask(answer("other_panel", "Has another area’s panel been asked?")),
        ask(note("other_panel_note", "Which, and when?")),
        ask(date("last_marac_on", "Date of the last MARAC").optional()),
    ];
    let informed: Leaves = vec![
        ask(answer("informed", "Has the person been told of this referral?")),
        ask(date("on", "When").days(Range::UpToToday).optional()),
        ask(name("by", "By whom").width(30)),
        ask(name("authorised_by", "Who authorised it").width(30)),
    ];
    vec![
        group("Risks and needs", "context.", risks),
        group("Other arrangements", "context.arrangements.", others.collect()),
        group("Other panels", "context.", elsewhere),
        group("Whether the person knows", "context.informed.", informed)
            .intro("Nobody tells the person unless somebody with authority decided so."),
    ]
}

/// One order.
pub(super) fn order() -> Vec<Group> {
    let leaves: Leaves = vec![
        ask(choice::<OrderKind>("kind", "Kind of order")),
        ask(date("made_on", "Made on").optional()),
        ask(date("ends_on", "Ends on").optional()),
        ask(note("conditions", "Conditions")),
    ];
    vec![group("", "", leaves)]
}

/// Why fields are empty: one question a field.
pub(super) fn gaps() -> Vec<Group> {
    let fields = ReferralField::ALL.iter();
    let leaves = fields.map(|field| ask(choice::<Gap>(field.code(), field.label())));
    vec![group("", "gaps.", leaves.collect())]
}
