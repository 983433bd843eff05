//! Series of meetings: previewed, laid out, changed, ended.

mod setup;

pub(crate) use setup::{
    a_case, ahead, begin, first, form, hold_next, list_case, list_item, move_form, rows, rows_by,
    show, starts, thursdays, time, times, told, weeks,
};

use chrono::Weekday;
use panel_app::AppError;
use panel_app::calendar::Fate;
use panel_app::meetings::{self, EmergencyForm};
use panel_app::series::{self, ChangeForm, SeriesChange, SeriesForm};
use panel_core::agenda::Section;
use panel_core::cycle::Step;
use panel_core::id::{MeetingId, SeriesId, mint};
use panel_core::meeting::{AttendanceStatus, MeetingState};
use panel_core::reminder::Rule;
use panel_core::schedule::{End, HolidayPolicy, MonthDay, Pattern};
use panel_store::attendance::{self, Attendee};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{COORDINATOR, OBSERVER, OUTSIDER, POLICE, World, day};

#[track_caller]
fn change(world: &World, series: SeriesId, change: SeriesChange) -> Result<i32, AppError> {
    let version = series::show(&world.by(COORDINATOR), series).unwrap().version;
    series::change(&world.by(COORDINATOR), series, version, &ChangeForm { change, remove: false })
}

fn every_weeks(every: u8, on: Weekday, from: &str, end: End) -> SeriesChange {
    SeriesChange::Rule {
        rule: weeks(every, &[on]),
        from: day(from),
        end,
        holiday_policy: HolidayPolicy::Later,
    }
}

on_both!(
    the_preview_shows_every_date_and_deadline_and_saves_nothing,
    r11_the_preview_says_that_months_are_missed_and_offers_the_last_day,
    past_the_loaded_holidays_the_preview_warns_and_refuses_deadlines,
    a_clash_is_refused_with_both_slots_named,
    a_meeting_of_the_panel_at_the_same_time_is_named_in_the_preview,
    what_is_typed_wrongly_is_said_field_by_field,
    r13_ten_o_clock_stays_ten_o_clock_over_a_clock_change,
    a_series_is_laid_out_thirteen_months_ahead_and_further_as_time_goes_on,
    two_threads_that_lay_out_at_once_open_each_slot_once,
    r17_what_was_held_and_its_attendance_are_untouched_by_a_new_rule,
    r19_ending_keeps_the_past_and_removes_what_lies_ahead_even_if_cancelled,
    r22_a_new_time_of_day_keeps_every_date_and_the_past,
    r23_weekly_becomes_fortnightly_and_meetings_map_in_order,
    r23_slots_far_ahead_are_laid_out_again_when_they_are_near,
    a_meeting_that_was_moved_stays_where_it_was_put_when_its_slot_stays,
    an_earlier_end_that_orphans_meetings_needs_consent_with_their_number,
    another_venue_reaches_the_meetings_that_have_none_of_their_own,
    a_change_is_previewed_with_counts_and_a_stale_one_refused,
    only_those_who_run_the_panel_change_when_it_meets,
);

fn the_preview_shows_every_date_and_deadline_and_saves_nothing(world: &World) {
    let panel = world.town().panel;
    let fridays = form(weeks(4, &[Weekday::Fri]), "2026-04-03", End::Never);
    let shown = series::preview(&world.by(COORDINATOR), panel, &fridays, None).unwrap();
    assert_eq!(shown.schedule.rule, "every 4 weeks on Friday");
    let good_friday = &shown.schedule.dates[0];
    assert_eq!(good_friday.slot, day("2026-04-03"));
    assert_eq!(good_friday.fate, Fate::Moved);
    assert_eq!(
        good_friday.why.as_deref(),
        Some(
            "moved from Friday 3 April 2026, Good Friday, past Monday 6 April 2026, Easter Monday"
        )
    );
    assert_eq!(good_friday.when, "10am on Tuesday 7 April 2026");
    let next = &shown.schedule.dates[1];
    assert_eq!((next.fate, next.on), (Fate::Kept, Some(day("2026-05-01"))));
    assert_eq!(next.deadlines.len(), 9);
    let cut_off = &next.deadlines[0];
    assert_eq!(
        (cut_off.step, &*cut_off.when),
        (Step::ReferralCutOff, "5pm on Friday 17 April 2026")
    );
    assert_eq!(cut_off.why, "10 working days before Friday 1 May 2026");
    let last = shown.schedule.dates.last().unwrap();
    assert!(last.slot > day("2028-03-01") && last.slot <= day("2028-04-03"), "{}", last.slot);
    assert_eq!(shown.until, day("2027-05-01"));
    assert_eq!(shown.laid_out, 15);
    assert_eq!(ahead(world), []);
    assert_eq!(series::list(&world.by(COORDINATOR), panel).unwrap(), []);
}

fn r11_the_preview_says_that_months_are_missed_and_offers_the_last_day(world: &World) {
    let monthly = Pattern::Months { every: 1, on: vec![MonthDay::Day(31)] };
    let form = form(monthly, "2026-04-01", End::Never);
    let panel = world.town().panel;
    let shown = series::preview(&world.by(COORDINATOR), panel, &form, Some(6)).unwrap();
    let missed = shown.schedule.missed.unwrap();
    assert_eq!(missed.months[..2], ["April 2026 has no 31st", "June 2026 has no 31st"]);
    assert_eq!(missed.instead, [MonthDay::LastDay]);
    assert_eq!(missed.instead_words, "the last day");
}

fn past_the_loaded_holidays_the_preview_warns_and_refuses_deadlines(world: &World) {
    let panel = world.town().panel;
    let form = form(weeks(1, &[Weekday::Thu]), "2028-12-28", End::Never);
    let shown = series::preview(&world.by(COORDINATOR), panel, &form, Some(1)).unwrap();
    let january = &shown.schedule.dates[1];
    assert_eq!(
        january.warnings,
        ["bank holidays are loaded up to 2028 only, so Thursday 4 January 2029 may be one"]
    );
    let by = |step: Step| january.deadlines.iter().find(|deadline| deadline.step == step).unwrap();
    assert_eq!((by(Step::ActionList).on, &*by(Step::ActionList).when), (None, "Not known"));
    assert!(by(Step::ActionList).why.contains("outside the loaded bank holidays (2012 to 2028)"));
    assert_eq!(by(Step::Meeting).on, Some(day("2029-01-04")));
    assert_eq!(by(Step::NextMeeting).on, Some(day("2029-02-01")), "days of any kind are counted");
}

fn a_clash_is_refused_with_both_slots_named(world: &World) {
    let both = form(weeks(1, &[Weekday::Mon, Weekday::Tue]), "2026-04-02", times(10));
    let panel = world.town().panel;
    let ctx = world.by(COORDINATOR);
    let shown = series::preview(&ctx, panel, &both, None).unwrap();
    assert_eq!(shown.schedule.clashes[0].with, day("2026-04-07"));
    let errors = invalid(series::create(&ctx, panel, &both));
    assert_eq!((&*errors[0].field, errors[0].code), ("holiday_policy", "clash"));
    assert_eq!(
        errors[0].message,
        "The meeting of Monday 6 April 2026 would move to Tuesday 7 April 2026, \
         which the meeting of Tuesday 7 April 2026 has already"
    );
    assert_eq!(ahead(world), []);
}

fn a_meeting_of_the_panel_at_the_same_time_is_named_in_the_preview(world: &World) {
    let panel = world.town().panel;
    let emergency = EmergencyForm {
        on: day("2026-04-09"),
        at: time("12:30"),
        which: None,
        minutes: 60,
        venue: String::new(),
        link: String::new(),
    };
    meetings::add_emergency(&world.by(COORDINATOR), panel, &emergency).unwrap();
    let thursdays = form(weeks(1, &[Weekday::Thu]), "2026-04-02", times(3));
    let shown = series::preview(&world.by(COORDINATOR), panel, &thursdays, None).unwrap();
    let expected = "The panel has another meeting at 12:30pm on Thursday 9 April 2026";
    assert_eq!(shown.overlaps, [expected]);
}

fn what_is_typed_wrongly_is_said_field_by_field(world: &World) {
    let panel = world.town().panel;
    let wrong = |wrong: &SeriesForm| {
        let errors = invalid(series::create(&world.by(COORDINATOR), panel, wrong));
        errors.into_iter().map(|error| (error.field, error.code)).collect::<Vec<_>>()
    };
    let good = || form(weeks(1, &[Weekday::Thu]), "2026-04-02", End::Never);
    let mut typed = good();
    typed.schedule.rule = weeks(53, &[Weekday::Thu]);
    typed.minutes = 2;
    typed.link = "javascript:alert(1)".to_owned();
    let expected =
        [("every", "out_of_bounds"), ("minutes", "out_of_bounds"), ("link", "not_a_link")];
    assert_eq!(wrong(&typed), expected.map(|(field, code)| (field.to_owned(), code)));
    let mut typed = good();
    typed.schedule.end = End::Until(day("2026-04-01"));
    assert_eq!(wrong(&typed), [("end".to_owned(), "before_start")]);
    let mut typed = good();
    typed.schedule.rule = Pattern::Months { every: 12, on: vec![MonthDay::Day(30)] };
    typed.schedule.from = day("2027-02-01");
    assert_eq!(wrong(&typed), [("rule".to_owned(), "no_dates")]);
}

fn r13_ten_o_clock_stays_ten_o_clock_over_a_clock_change(world: &World) {
    begin(world, weeks(1, &[Weekday::Wed]), "2026-10-21", times(2));
    let shown = ahead(world);
    assert_eq!(starts(&shown), ["2026-10-21 10:00", "2026-10-28 10:00"]);
    let utc: Vec<String> = shown.iter().map(|m| m.starts_at.format("%H:%M").to_string()).collect();
    assert_eq!(utc, ["09:00", "10:00"]);
}

fn a_series_is_laid_out_thirteen_months_ahead_and_further_as_time_goes_on(world: &World) {
    let id = thursdays(world, 4, End::Never);
    let before = ahead(world);
    assert_eq!(before.last().unwrap().slot, Some(day("2027-04-29")));
    assert_eq!(series::extend(&world.by(COORDINATOR), id).unwrap().opened, 0);
    world.set("2026-05-27 09:00");
    assert_eq!(series::extend_all(&world.app).unwrap().opened, 2);
    assert_eq!(series::extend_all(&world.app).unwrap().opened, 0);
    // The start of a meeting opens what is missing by then.
    world.set("2026-05-28 10:00");
    let today = first(world);
    assert_eq!(today.on, day("2026-05-28"));
    world.set("2026-06-24 10:00");
    meetings::start(&world.by(COORDINATOR), today.id, today.version).unwrap();
    assert_eq!(ahead(world).last().unwrap().slot, Some(day("2027-07-22")));
}

fn two_threads_that_lay_out_at_once_open_each_slot_once(world: &World) {
    thursdays(world, 1, End::Never);
    world.set("2026-06-24 10:00");
    let opened: usize = std::thread::scope(|scope| {
        let work = || series::extend_all(&world.app).unwrap().opened;
        let both = [scope.spawn(work), scope.spawn(work)];
        both.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(opened, 12);
    let all = ahead(world);
    assert!(all.windows(2).all(|pair| pair[0].slot < pair[1].slot));
}

fn r17_what_was_held_and_its_attendance_are_untouched_by_a_new_rule(world: &World) {
    let id = thursdays(world, 1, End::Never);
    hold_next(world);
    // The meeting of 9 April is brought forward and held on Tuesday 7 April.
    let second = first(world);
    let form = move_form("2026-04-07", "14:00");
    meetings::move_to(&world.by(COORDINATOR), second.id, second.version, &form).unwrap();
    let now = world.app.clock.now().unwrap();
    let police = Attendee {
        id: mint(&*world.app.ids, now),
        meeting: second.id,
        agency: Some(world.town().police),
        user: None,
        name: "Priya Nair".to_owned(),
        status: AttendanceStatus::Present,
        information_on: None,
        statement_at: None,
        statement_on_paper: false,
        statement_by: None,
        arrived_at: None,
        left_after: None,
        note: String::new(),
        version: 1,
    };
    rows(world, |az| attendance::insert(az, &police));
    let held = hold_next(world);
    assert_eq!(starts(std::slice::from_ref(&held)), ["2026-04-07 14:00"]);

    change(world, id, every_weeks(1, Weekday::Wed, "2026-04-01", End::Never)).unwrap();
    assert_eq!(show(world, held.id), held);
    let there = rows(world, |az| attendance::list(az, second.id));
    assert_eq!(there.len(), 1);
    assert_eq!((&*there[0].0.name, there[0].0.status), ("Priya Nair", AttendanceStatus::Present));
    // Wednesday 8 April is ahead, but not after the slot of 9 April that was delivered.
    assert_eq!(first(world).slot, Some(day("2026-04-15")));
}

fn r19_ending_keeps_the_past_and_removes_what_lies_ahead_even_if_cancelled(world: &World) {
    let id = thursdays(world, 1, End::Never);
    let held = hold_next(world);
    let all = ahead(world);
    let (third, fourth) = (&all[2], &all[3]);
    meetings::cancel(&world.by(COORDINATOR), third.id, third.version, "No room").unwrap();
    list_item(world, fourth.id, Section::Other, "A visit from Westshire");
    let shown =
        series::preview_change(&world.by(COORDINATOR), id, &SeriesChange::EndNow {}).unwrap();
    assert_eq!((shown.removed.len(), shown.removed_cancelled), (all.len() - 1, 1));
    assert_eq!(shown.kept_as_record, 2);
    assert_eq!(shown.opened, 0);

    world.set("2026-04-03 09:00");
    change(world, id, SeriesChange::EndNow {}).unwrap();
    let series = series::show(&world.by(COORDINATOR), id).unwrap();
    assert_eq!((series.end, series.ended), (End::Until(day("2026-04-02")), true));
    assert_eq!(ahead(world), []);
    not_found(meetings::show(&world.by(COORDINATOR), third.id));
    // What something was recorded in stays on record, called off and out of the series.
    let past = meetings::past(&world.by(COORDINATOR), world.town().panel, None).unwrap().rows;
    assert!(past.contains(&held));
    // So does the next one, because people have it in their diaries and are told.
    for id in [all[0].id, fourth.id] {
        let kept = past.iter().find(|meeting| meeting.id == id).unwrap();
        assert_eq!((kept.state, kept.slot), (MeetingState::Cancelled, None));
        assert_eq!(told(world, id), [Rule::MeetingCancelled]);
    }
    assert_eq!(past.len(), 3);
    assert_eq!(series::extend_all(&world.app).unwrap().opened, 0);
}

fn r22_a_new_time_of_day_keeps_every_date_and_the_past(world: &World) {
    let id = thursdays(world, 1, times(5));
    let held = hold_next(world);
    let second = first(world);
    let form = move_form("2026-04-10", "11:00");
    meetings::move_to(&world.by(COORDINATOR), second.id, second.version, &form).unwrap();
    let at = time("14:30");
    let shown =
        series::preview_change(&world.by(COORDINATOR), id, &SeriesChange::Time { at }).unwrap();
    assert_eq!((shown.moved.len(), shown.deadlines_moved, shown.removed.len()), (4, 0, 0));
    change(world, id, SeriesChange::Time { at }).unwrap();
    assert_eq!(
        starts(&ahead(world)),
        ["2026-04-10 14:30", "2026-04-16 14:30", "2026-04-23 14:30", "2026-04-30 14:30"]
    );
    assert_eq!(show(world, held.id), held);
}

fn r23_weekly_becomes_fortnightly_and_meetings_map_in_order(world: &World) {
    let id = thursdays(world, 1, times(4));
    hold_next(world);
    let before: Vec<MeetingId> = ahead(world).iter().map(|meeting| meeting.id).collect();
    change(world, id, every_weeks(2, Weekday::Thu, "2026-04-09", times(3))).unwrap();
    let after = ahead(world);
    assert_eq!(after.iter().map(|meeting| meeting.id).collect::<Vec<_>>(), before);
    let slots: Vec<_> = after.iter().filter_map(|meeting| meeting.slot).collect();
    assert_eq!(slots, ["2026-04-09", "2026-04-23", "2026-05-07"].map(day));
    assert_eq!(after[1].earlier, ["Thursday 16 April 2026"]);
    assert_eq!(told(world, after[0].id), [], "it stays on 9 April");
    assert_eq!(told(world, after[1].id), [Rule::MeetingMoved]);
}

fn r23_slots_far_ahead_are_laid_out_again_when_they_are_near(world: &World) {
    let id = thursdays(world, 1, End::Never);
    let all = ahead(world);
    let last = all.last().unwrap();
    list_item(world, last.id, Section::Other, "A visit from Westshire");
    let rule = every_weeks(2, Weekday::Thu, "2026-04-02", End::Never);
    let shown = series::preview_change(&world.by(COORDINATOR), id, &rule).unwrap();
    assert_eq!((shown.removed.len(), shown.needs_consent), (0, false));
    change(world, id, rule).unwrap();
    let after = ahead(world);
    assert_eq!(after.len(), all.len() - shown.laid_out_later);
    // Every meeting is on its new slot within the horizon, but for the one with something on it.
    let (beyond, near): (Vec<_>, Vec<_>) =
        after.iter().partition(|meeting| meeting.on > day("2027-05-01"));
    assert_eq!(beyond.iter().map(|meeting| meeting.id).collect::<Vec<_>>(), [last.id]);
    assert_eq!(near.len(), 29);
    let weekly = every_weeks(1, Weekday::Thu, "2026-04-02", End::Never);
    change(world, id, weekly).unwrap();
    assert_eq!(starts(&ahead(world)), starts(&all));
}

fn a_meeting_that_was_moved_stays_where_it_was_put_when_its_slot_stays(world: &World) {
    let id = thursdays(world, 2, times(3));
    let second = &ahead(world)[1];
    let form = move_form("2026-04-17", "14:00");
    meetings::move_to(&world.by(COORDINATOR), second.id, second.version, &form).unwrap();
    change(world, id, every_weeks(2, Weekday::Thu, "2026-04-02", times(4))).unwrap();
    assert_eq!(
        starts(&ahead(world)),
        ["2026-04-02 10:00", "2026-04-17 14:00", "2026-04-30 10:00", "2026-05-14 10:00"]
    );
}

fn an_earlier_end_that_orphans_meetings_needs_consent_with_their_number(world: &World) {
    let id = thursdays(world, 1, times(5));
    let end = End::Until(day("2026-04-20"));
    let (code, message) = rule(change(world, id, SeriesChange::SetEnd { end }));
    assert_eq!(code, "would_orphan");
    assert_eq!(
        message,
        "2 meetings already open would fall outside the series: \
         Thursday 23 April 2026 and Thursday 30 April 2026"
    );
    assert_eq!(ahead(world).len(), 5);
    let ctx = world.by(COORDINATOR);
    let shown = series::preview_change(&ctx, id, &SeriesChange::SetEnd { end }).unwrap();
    assert!(shown.needs_consent);
    let form = ChangeForm { change: SeriesChange::SetEnd { end }, remove: true };
    let version = series::show(&ctx, id).unwrap().version;
    series::change(&ctx, id, version, &form).unwrap();
    assert_eq!(ahead(world).len(), 3);
    change(world, id, SeriesChange::SetEnd { end: times(6) }).unwrap();
    assert_eq!(ahead(world).len(), 6, "a later end lays the series out again");
    let gone =
        invalid(change(world, id, SeriesChange::SetEnd { end: End::Until(day("2026-03-01")) }));
    assert_eq!((&*gone[0].field, gone[0].code), ("end", "before_start"));
}

fn another_venue_reaches_the_meetings_that_have_none_of_their_own(world: &World) {
    let id = thursdays(world, 1, times(3));
    let second = &ahead(world)[1];
    let own = meetings::PlaceForm { venue: "Library".to_owned(), link: String::new() };
    meetings::set_venue(&world.by(COORDINATOR), second.id, second.version, &own).unwrap();
    let venue = "Town hall".to_owned();
    let link = "https://call.example/panel".to_owned();
    change(world, id, SeriesChange::Place { minutes: 150, venue, link }).unwrap();
    let places: Vec<_> =
        ahead(world).iter().map(|meeting| (meeting.venue.clone(), meeting.minutes)).collect();
    let expected = [("Town hall", 150), ("Library", 180), ("Town hall", 150)];
    assert_eq!(places, expected.map(|(venue, minutes)| (venue.to_owned(), minutes)));
}

fn a_change_is_previewed_with_counts_and_a_stale_one_refused(world: &World) {
    let id = thursdays(world, 1, times(4));
    let rule = every_weeks(2, Weekday::Thu, "2026-04-02", times(4));
    let shown = series::preview_change(&world.by(COORDINATOR), id, &rule).unwrap();
    assert_eq!(shown.moved.len(), 3);
    let second = &shown.moved[0];
    assert_eq!(second.from, "10am on Thursday 9 April 2026");
    assert_eq!(second.to, "10am on Thursday 16 April 2026");
    assert_eq!(second.deadlines, 9);
    assert_eq!(shown.deadlines_moved, 27);
    assert_eq!(shown.told, 8, "all who come to meetings but the coordinator herself");
    assert_eq!(shown.after.summary, "Every 2 weeks on Thursday at 10am, 4 times");
    assert_eq!(starts(&ahead(world))[1], "2026-04-09 10:00", "a preview saves nothing");

    let ctx = world.by(COORDINATOR);
    let change = ChangeForm { change: rule, remove: false };
    assert_eq!(series::change(&ctx, id, 1, &change).unwrap(), 2);
    stale(series::change(&ctx, id, 1, &change));
}

fn only_those_who_run_the_panel_change_when_it_meets(world: &World) {
    let id = thursdays(world, 1, times(2));
    let panel = world.town().panel;
    let new = form(weeks(1, &[Weekday::Fri]), "2026-05-01", times(2));
    for email in [POLICE, OBSERVER] {
        let ctx = world.by(email);
        assert_eq!(meetings::upcoming(&ctx, panel, None).unwrap().rows.len(), 2, "{email}");
        assert_eq!(series::list(&ctx, panel).unwrap().len(), 1);
        not_found(series::create(&ctx, panel, &new));
        not_found(series::preview(&ctx, panel, &new, None));
        not_found(series::extend(&ctx, id));
        not_found(series::preview_change(&ctx, id, &SeriesChange::EndNow {}));
        let form = ChangeForm { change: SeriesChange::EndNow {}, remove: false };
        not_found(series::change(&ctx, id, 1, &form));
    }
    let ctx = world.by(OUTSIDER);
    not_found(meetings::upcoming(&ctx, panel, None));
    not_found(meetings::past(&ctx, panel, None));
    not_found(series::list(&ctx, panel));
    not_found(series::show(&ctx, id));
    not_found(meetings::show(&ctx, first(world).id));
}
