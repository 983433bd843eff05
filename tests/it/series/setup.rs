//! What tests of series and meetings lay out.

use chrono::{NaiveTime, Weekday};
use panel_app::calendar::ScheduleForm;
use panel_app::meetings::{self, MeetingView, MoveForm};
use panel_app::series::{self, SeriesForm};
use panel_core::agenda::{CaseType, ItemState, Section};
use panel_core::id::{AgendaItemId, CaseId, MeetingId, SeriesId, mint};
use panel_core::reminder::{NoticeState, Rule, Subject};
use panel_core::schedule::{End, HolidayPolicy, Pattern};
use panel_core::time::local;
use panel_store::cases::{self, NewCase};
use panel_store::people::{self, Person};
use panel_store::{Authz, agenda, notices};
use panel_tests::caller;
use panel_tests::world::{COORDINATOR, POLICE, World, day};
use std::num::NonZeroU16;

#[track_caller]
pub(crate) fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

/// Every so many weeks on these weekdays.
pub(crate) fn weeks(every: u8, on: &[Weekday]) -> Pattern {
    Pattern::Weeks { every, on: on.to_vec(), week_start: Weekday::Mon }
}

/// Three hours from ten, moved on from bank holidays.
#[track_caller]
pub(crate) fn form(rule: Pattern, from: &str, end: End) -> SeriesForm {
    SeriesForm {
        schedule: ScheduleForm {
            rule,
            from: day(from),
            end,
            at: time("10:00"),
            holiday_policy: HolidayPolicy::Later,
        },
        minutes: 180,
        venue: "Council chamber".to_owned(),
        link: String::new(),
    }
}

#[track_caller]
pub(crate) fn times(n: u16) -> End {
    End::Count(NonZeroU16::new(n).unwrap())
}

/// A series of the town's panel.
#[track_caller]
pub(crate) fn begin(world: &World, rule: Pattern, from: &str, end: End) -> SeriesId {
    let panel = world.town().panel;
    series::create(&world.by(COORDINATOR), panel, &form(rule, from, end)).unwrap()
}

/// Thursdays from 2 April 2026 on.
#[track_caller]
pub(crate) fn thursdays(world: &World, every: u8, end: End) -> SeriesId {
    begin(world, weeks(every, &[Weekday::Thu]), "2026-04-02", end)
}

/// Every meeting of the panel that lies ahead, over all pages.
#[track_caller]
pub(crate) fn ahead(world: &World) -> Vec<MeetingView> {
    let (ctx, mut all, mut after) = (world.by(COORDINATOR), Vec::new(), None);
    loop {
        let page = meetings::upcoming(&ctx, world.town().panel, after).unwrap();
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

/// Local starts such as `2026-04-02 10:00`.
pub(crate) fn starts(meetings: &[MeetingView]) -> Vec<String> {
    meetings.iter().map(|m| local(m.starts_at).format("%Y-%m-%d %H:%M").to_string()).collect()
}

#[track_caller]
pub(crate) fn first(world: &World) -> MeetingView {
    ahead(world).remove(0)
}

#[track_caller]
pub(crate) fn show(world: &World, id: MeetingId) -> MeetingView {
    meetings::show(&world.by(COORDINATOR), id).unwrap().meeting
}

/// Starts and ends the first meeting ahead, on its day at its hour.
#[track_caller]
pub(crate) fn hold_next(world: &World) -> MeetingView {
    let meeting = first(world);
    world.app.clock.set(meeting.starts_at);
    let version = meetings::start(&world.by(COORDINATOR), meeting.id, meeting.version).unwrap();
    meetings::end(&world.by(COORDINATOR), meeting.id, version).unwrap();
    show(world, meeting.id)
}

#[track_caller]
pub(crate) fn move_form(on: &str, at: &str) -> MoveForm {
    MoveForm { on: day(on), at: time(at), which: None, minutes: None }
}

/// Works on the rows themselves, where no use case of this area writes them.
#[track_caller]
pub(crate) fn rows<T>(
    world: &World,
    work: impl FnOnce(&mut Authz<'_>) -> Result<T, panel_store::StoreError>,
) -> T {
    rows_by(world, COORDINATOR, work)
}

/// The same for somebody else: PostgreSQL lets nobody change what is another panel's.
pub(crate) fn rows_by<T>(
    world: &World,
    email: &str,
    work: impl FnOnce(&mut Authz<'_>) -> Result<T, panel_store::StoreError>,
) -> T {
    let ctx = world.by(email);
    let caller = caller::of(&ctx);
    world.app.store.write(&caller, work).unwrap()
}

/// A case under the panel's management.
#[track_caller]
pub(crate) fn a_case(world: &World, reference: &str, surname: &str) -> CaseId {
    let ctx = world.by(COORDINATOR);
    let id = ctx.mint();
    let person = Person::named(id, "Alex".to_owned(), surname.to_owned());
    let case = NewCase {
        id: ctx.mint(),
        reference: reference.to_owned(),
        panel: world.town().panel,
        person: person.id,
        opened_on: ctx.today,
        imported: false,
    };
    rows(world, |az| {
        people::insert(az, &person)?;
        assert!(cases::insert(az, &case)?);
        Ok(())
    });
    case.id
}

/// Puts an item without a case on the agenda of a meeting.
#[track_caller]
pub(crate) fn list_item(world: &World, meeting: MeetingId, section: Section, title: &str) {
    list(world, meeting, section, title, None);
}

/// Puts a case on the agenda of a meeting.
#[track_caller]
pub(crate) fn list_case(world: &World, meeting: MeetingId, case: CaseId) -> AgendaItemId {
    list(world, meeting, Section::Adults, "", Some(case))
}

#[track_caller]
fn list(
    world: &World,
    meeting: MeetingId,
    section: Section,
    title: &str,
    case: Option<CaseId>,
) -> AgendaItemId {
    let now = world.app.clock.now().unwrap();
    let item = agenda::Item {
        id: mint(&*world.app.ids, now),
        meeting,
        section,
        position: 10,
        case,
        case_type: case.map(|_| CaseType::New),
        title: title.to_owned(),
        minutes: 10,
        presenter: None,
        late: false,
        late_reason: String::new(),
        state: ItemState::Listed,
        state_reason: String::new(),
        carried_from: None,
        why: String::new(),
        version: 1,
        by_hand: false,
    };
    rows(world, |az| agenda::insert(az, &item));
    item.id
}

/// What a representative is to be told about a meeting and was not told yet.
#[track_caller]
pub(crate) fn told(world: &World, meeting: MeetingId) -> Vec<Rule> {
    let priya = world.by(POLICE).user();
    let all = rows(world, |az| notices::list_for_subject(az, Subject::Meeting(meeting)));
    let waits =
        |row: &notices::NoticeRow| row.person == Some(priya) && row.state == NoticeState::Planned;
    all.into_iter().filter(waits).map(|row| row.rule).collect()
}
