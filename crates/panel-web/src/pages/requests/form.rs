//! The form of a reply: facts apart from professional opinion, and who reads it.

use crate::form::kinds::{date, line, narrative, number, one_of};
use crate::form::{
    Days, Declared, Field, Form, FormView, Layout, Optional, Readable, Refused, Section, Values,
};
use crate::pages::handling;
use crate::posted::Posted;
use chrono::NaiveDate;
use panel_app::handling::Nameable;
use panel_app::information::ReplyForm;
use panel_core::information::{Regime, ReplyKind};
use panel_core::text::{LongNote, Name, Note};

pub(super) static KIND: Field<'_, ReplyKind> = one_of("kind", "What do you reply?");
static REASON: Optional<'_, Note> = narrative("reason", "Reason, or what is held and by whom")
    .hint("Needed when you do not share")
    .rows(3)
    .optional();
static FACTS: Optional<'_, LongNote> = narrative("facts", "Facts about the person")
    .hint("What your records show, with dates")
    .rows(8)
    .optional();
static VICTIMS: Optional<'_, Note> =
    narrative("victim_facts", "Facts about those who are harmed").rows(3).optional();
static CHILDREN: Optional<'_, Note> =
    narrative("children_facts", "Facts about children").rows(3).optional();
static CONTACT: Optional<'_, NaiveDate> =
    date("last_contact", "Last contact").days(Days::UpToToday).optional();
static WORKER: Optional<'_, Name> = line("worker", "Who works with the person now").optional();
static ENGAGEMENT: Optional<'_, Note> = narrative("engagement", "Engagement")
    .hint("Appointments, attendance, how it changes")
    .rows(3)
    .optional();
static ORDERS: Optional<'_, Note> = narrative("orders", "Orders in force").rows(3).optional();
static STAFF: Optional<'_, Note> = narrative("risk_to_staff", "Risk to staff").rows(3).optional();
static PROTECTIVE: Optional<'_, Note> = narrative("protective", "What protects").rows(3).optional();
static OPINION: Optional<'_, LongNote> = narrative("opinion", "Professional opinion")
    .hint("What you make of the facts")
    .rows(6)
    .optional();
static OFFERS: Optional<'_, Note> =
    narrative("proposed_actions", "What your agency offers to do").rows(3).optional();
static BASIS: Optional<'_, Name> = line("lawful_basis", "Lawful basis").optional();
static REGIME: Optional<'_, Regime> =
    one_of("regime", "Law that applies to your agency").optional();
static RECEIVED: Optional<'_, NaiveDate> = date("received_on", "Day the reply came")
    .hint("Today, when left empty. It decides whether the reply is late.")
    .days(Days::UpToToday)
    .optional();
/// The content version of the case that the page shows.
pub(super) static ANSWERS: Field<'_, u32> = number("answers", "Version", 0, u32::MAX).hidden();

static SECTIONS: [Section; 5] = [
    Section::new("Your reply", &[&ANSWERS, &KIND, &REASON]),
    Section::new(
        "Facts",
        &[
            &FACTS,
            &VICTIMS,
            &CHILDREN,
            &CONTACT,
            &WORKER,
            &ENGAGEMENT,
            &ORDERS,
            &STAFF,
            &PROTECTIVE,
        ],
    ),
    Section::new("Professional opinion", &[&OPINION, &OFFERS])
        .intro("Kept apart from the facts, so that nobody takes one for the other."),
    Section::new("Sharing", &[&BASIS, &REGIME]),
    Section::new("Who reads this reply", &handling::MARKING).intro(
        "Your agency always reads it. Who may not read it sees that you replied, and no more, if \
                they run the panel; everybody else sees nothing.",
    ),
];
static FORM: Form = Form::sections(&SECTIONS);

/// The texts that are saved while they are typed.
static TEXTS: [&dyn Declared; 10] = [
    &REASON,
    &FACTS,
    &VICTIMS,
    &CHILDREN,
    &ENGAGEMENT,
    &ORDERS,
    &STAFF,
    &PROTECTIVE,
    &OPINION,
    &OFFERS,
];

/// The form; with the day on which it came for a mailed reply.
fn layout(mailed: bool) -> Layout<'static> {
    let layout = FORM.layout();
    if mailed { layout.section("When it came", None).with(&RECEIVED) } else { layout }
}

/// What the boxes of a reply hold.
pub(super) fn values(form: &ReplyForm) -> Values {
    let mut values = Values::new();
    ANSWERS.write(&u32::try_from(form.answers).unwrap_or(0), &mut values);
    KIND.write(&form.kind, &mut values);
    handling::write(&form.marking.clone().unwrap_or_default(), &mut values);
    REGIME.write(&form.regime, &mut values);
    CONTACT.write(&form.last_contact, &mut values);
    for (name, text) in [
        ("facts", &form.facts),
        ("opinion", &form.opinion),
        ("reason", &form.reason),
        ("victim_facts", &form.victim_facts),
        ("children_facts", &form.children_facts),
        ("worker", &form.worker),
        ("engagement", &form.engagement),
        ("orders", &form.orders),
        ("risk_to_staff", &form.risk_to_staff),
        ("protective", &form.protective),
        ("proposed_actions", &form.proposed_actions),
        ("lawful_basis", &form.lawful_basis),
    ] {
        values.set(name, text.clone());
    }
    values
}

/// An agency's own form, saved while it is typed.
pub(super) fn own(at: &str, form: &ReplyForm, names: &Nameable) -> FormView<'static> {
    let view = handling::naming(FormView::new(layout(false), at), names)
        .typed(values(form))
        .version(form.version.unwrap_or(0).into());
    TEXTS.iter().fold(view, |view, text| view.autosave(*text, format!("{at}/draft")))
}

/// The form of a reply that came by mail.
pub(super) fn mailed(at: &str, form: &ReplyForm, names: &Nameable) -> FormView<'static> {
    handling::naming(FormView::new(layout(true), at), names).typed(values(form))
}

/// Reads a reply.
pub(super) fn read(posted: &Posted, today: NaiveDate, mailed: bool) -> Result<ReplyForm, Refused> {
    fn text<T: Into<String>>(read: Option<T>) -> String {
        read.map(Into::into).unwrap_or_default()
    }
    let mut reader = layout(mailed).read(&posted.values, today);
    let (answers, kind) = (reader.get(&ANSWERS), reader.get(&KIND));
    let (reason, facts) = (reader.get(&REASON).map(text), reader.get(&FACTS).map(text));
    let victims = reader.get(&VICTIMS).map(text);
    let children = reader.get(&CHILDREN).map(text);
    let (contact, worker) = (reader.get(&CONTACT), reader.get(&WORKER).map(text));
    let (engagement, orders) = (reader.get(&ENGAGEMENT).map(text), reader.get(&ORDERS).map(text));
    let (staff, protective) = (reader.get(&STAFF).map(text), reader.get(&PROTECTIVE).map(text));
    let (opinion, offers) = (reader.get(&OPINION).map(text), reader.get(&OFFERS).map(text));
    let (marking, basis) = (handling::read(&mut reader), reader.get(&BASIS).map(text));
    let regime = reader.get(&REGIME);
    let received = if mailed { reader.get(&RECEIVED) } else { Some(None) };
    reader.finish(|| {
        Some(ReplyForm {
            version: Some(posted.version).filter(|version| *version > 0),
            answers: i32::try_from(answers?).ok()?,
            kind: kind?,
            facts: facts?,
            opinion: opinion?,
            reason: reason?,
            victim_facts: victims?,
            children_facts: children?,
            last_contact: contact?,
            worker: worker?,
            engagement: engagement?,
            orders: orders?,
            risk_to_staff: staff?,
            protective: protective?,
            proposed_actions: offers?,
            lawful_basis: basis?,
            regime: regime?,
            marking: Some(marking?),
            received_on: received?,
        })
    })
}
