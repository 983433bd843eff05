//! How much one person reads and takes, and how often she asks for what is not there: to the bound and no
//! further, at two requests at once as well, told to administrators, and lifted by whoever coordinates.

use crate::agenda::{build, issue, meetings_of};
use crate::casework::{Accepted, accept};
use crate::glass::form as emergency;
use crate::proofs::mask::Mask;
use crate::sealed::{run, worker};
use crate::series::rows;
use chrono::Duration;
use panel_app::actions::Filters;
use panel_app::actions::sheet::{Format, export};
use panel_app::budget::{self, LiftForm};
use panel_app::cases::{self, ReviewForm};
use panel_app::{Ctx, Presence, agenda, glass, referrals, watch};
use panel_core::budget::{Kind, ReadingPolicy};
use panel_core::id::{CaseId, Id};
use panel_core::watch::WatchRule;
use panel_tests::bounds::bound;
use panel_tests::on_both;
use panel_tests::program::Program;
use panel_tests::refusal::{invalid, not_found, rule, spent};
use panel_tests::site::Pages;
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, POLICE_SPOC, PROBATION, World,
};
use std::sync::Barrier;
use uuid::Uuid;

on_both!(
    a_scripted_scrape_is_stopped_at_the_61st_case_and_an_hour_later_goes_on,
    whatever_way_a_case_is_opened_counts_once,
    whoever_prepares_forty_cases_for_a_meeting_is_never_stopped,
    requests_at_once_do_not_slip_through,
    a_coordinator_lifts_it_for_another_for_the_rest_of_the_day,
    three_files_are_taken_in_a_day_and_papers_of_long_ago_are_files,
    whoever_asks_for_what_is_not_there_is_slowed_alike_for_hidden_and_unknown,
    searches_and_references_that_find_nothing_are_guesses,
    whoever_asks_without_a_pause_is_stopped_for_the_minute_and_that_is_noted_once,
    bounds_that_were_tightened_hold_for_the_next_request,
    files_that_are_sent_are_counted_whatever_is_in_them,
    the_bounds_are_set_by_administrators_within_limits,
);

fn accepted(world: &World, many: usize) -> Vec<CaseId> {
    let surname = |n: usize| format!("Person{n}");
    let of = |n: usize| accept(world, &Accepted { surname: &surname(n), ..Accepted::default() });
    (0..many).map(of).collect()
}

fn few() -> ReadingPolicy {
    ReadingPolicy { cases: 20, cases_runs: 20, ..ReadingPolicy::default() }
}

/// What administrators see, by rule, person and count.
fn found(world: &World) -> Vec<(WatchRule, String, i32)> {
    let all = watch::list(&world.by(ADMINISTRATOR)).unwrap();
    all.into_iter().map(|row| (row.rule, row.user_name, row.many)).collect()
}

fn a_scripted_scrape_is_stopped_at_the_61st_case_and_an_hour_later_goes_on(world: &World) {
    let all = accepted(world, 62);
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    for case in all.iter().take(60) {
        assert_eq!(priya.open(&format!("/cases/{case}")).status().as_u16(), 200);
        world.pass(Duration::seconds(20));
    }
    let refused = priya.open(&format!("/cases/{}", all[60]));
    assert_eq!(refused.status().as_u16(), 429);
    // The first was opened twenty minutes ago.
    assert_eq!(refused.headers()["retry-after"], "2400");
    let page = refused.text().unwrap();
    for says in ["as many cases as an hour allows", "60 different cases", "at 10am", "coordinator"]
    {
        assert!(page.contains(says), "{says}");
    }
    assert!(!page.contains("Person60") && !page.contains("PERSON60"), "nothing of the case");
    let program = Program::of(&pages, world, POLICE);
    let answer = program.get(&format!("/api/v1/cases/{}", all[61]));
    assert_eq!((answer.status, answer.body["code"].as_str()), (429, Some("cases_spent")));
    assert!(!answer.body.to_string().to_uppercase().contains("PERSON"));
    for open in [format!("/cases/{}", all[0]), "/".to_owned(), "/my-work".to_owned()] {
        assert_eq!(priya.open(&open).status().as_u16(), 200, "{open}");
    }
    assert_eq!(found(world), [(WatchRule::Bound, "Priya Nair".to_owned(), 61)]);
    cases::show(&world.by(POLICE_SPOC), all[61]).unwrap();
    let (mut worker, mailbox) = worker(world, None);
    world.set("2026-04-02 08:30");
    run(world, &mut worker);
    let told = mailbox.letters().into_iter().find(|one| one.subject.contains("stands out"));
    assert_eq!(told.unwrap().to, ADMINISTRATOR);
    cases::show(&world.by(POLICE), all[60]).unwrap();
}

fn whatever_way_a_case_is_opened_counts_once(world: &World) {
    bound(world, few());
    let all = accepted(world, 21);
    let program = |case: CaseId| cases::show(&world.by(POLICE).present(Presence::Program), case);
    for case in all.iter().take(10) {
        let shown = cases::show(&world.by(POLICE), *case).unwrap();
        program(*case).unwrap();
        referrals::show(&world.by(POLICE), shown.referrals[0].row.id).unwrap();
    }
    for case in &all[10..20] {
        program(*case).unwrap();
    }
    let last = cases::show(&world.by(CHAIR), all[20]).unwrap();
    let at_bound = spent(referrals::show(&world.by(POLICE), last.referrals[0].row.id));
    assert_eq!((at_bound.kind, at_bound.bound), (Kind::Cases, 20));
    // A page that reads several things at once is one transaction.
    let together = |ctx: &Ctx<'_>| ctx.together(|ctx| cases::show(ctx, all[20]));
    assert_eq!(spent(together(&world.by(POLICE))).kind, Kind::Cases);
    not_found(cases::show(&world.by(POLICE), CaseId::from_uuid(Uuid::from_u128(7))));
    // Recording goes on.
    for case in all.iter().take(20) {
        cases::show(&world.by(COORDINATOR), *case).unwrap();
    }
    assert_eq!(spent(cases::show(&world.by(COORDINATOR), all[20])).bound, 20);
    let form = ReviewForm { trigger_note: "New threats".to_owned(), ..ReviewForm::default() };
    cases::review(&world.by(COORDINATOR), all[20], last.row.version, &form).unwrap();
}

fn whoever_prepares_forty_cases_for_a_meeting_is_never_stopped(world: &World) {
    let all = accepted(world, 40);
    for email in [COORDINATOR, CHAIR, POLICE] {
        for case in all.iter().chain(&all) {
            let shown = cases::show(&world.by(email), *case).unwrap();
            referrals::show(&world.by(email), shown.referrals[0].row.id).unwrap();
        }
    }
    assert_eq!(found(world), []);
}

fn requests_at_once_do_not_slip_through(world: &World) {
    bound(world, few());
    let all = accepted(world, 24);
    for case in all.iter().take(19) {
        cases::show(&world.by(POLICE), *case).unwrap();
    }
    let start = Barrier::new(4);
    let opens = |case: CaseId| {
        let by = world.by(POLICE);
        start.wait();
        cases::show(&by, case).is_ok()
    };
    let shown = std::thread::scope(|scope| {
        let opens = &opens;
        let all: Vec<_> = all[20..].iter().map(|case| scope.spawn(move || opens(*case))).collect();
        all.into_iter().map(|one| one.join().unwrap()).filter(|ok| *ok).count()
    });
    assert_eq!(shown, 1, "of four at once, one is the twentieth");
}

fn a_coordinator_lifts_it_for_another_for_the_rest_of_the_day(world: &World) {
    bound(world, few());
    let all = accepted(world, 22);
    let priya = world.by(POLICE).user();
    let open = |n: usize| cases::show(&world.by(POLICE), all[n]);
    for n in 0..20 {
        open(n).unwrap();
    }
    spent(open(20));
    let form = |reason: &str| LiftForm { reason: reason.to_owned() };
    let lift = |email| budget::lift(&world.by(email), priya, &form("A visit of the inspectorate"));
    for email in [POLICE, POLICE_SPOC, CHAIR, OUTSIDER, ADMINISTRATOR] {
        not_found(lift(email));
        not_found(budget::show(&world.by(email), priya));
    }
    let by_program = world.by(COORDINATOR).present(Presence::Program);
    assert_eq!(rule(budget::lift(&by_program, priya, &form("x"))).0, "in_person");
    invalid(budget::lift(&world.by(COORDINATOR), priya, &form(" ")));
    let carol = world.by(COORDINATOR).user();
    not_found(budget::lift(&world.by(COORDINATOR), carol, &form("My own")));
    let pages = Pages::of(world);
    let coordinator = pages.signed_in(world, COORDINATOR);
    let at = format!("/users/{priya}/reading");
    assert!(coordinator.read("/reading").contains(&at));
    coordinator.fill(&at, &[("reason", "A visit of the inspectorate")]);
    assert!(coordinator.read(&at).contains("lifted for today"));
    assert_eq!(rule(lift(COORDINATOR)).0, "lifted");
    open(20).unwrap();
    // Nobody else coordinates her panel, so that an administrator may do it for the coordinator.
    budget::lift(&world.by(ADMINISTRATOR), carol, &form("A long agenda")).unwrap();
    for case in &all {
        cases::show(&world.by(COORDINATOR), *case).unwrap();
    }
    world.set("2026-04-02 00:10");
    for n in 0..20 {
        open(n).unwrap();
    }
    spent(open(21));
}

fn three_files_are_taken_in_a_day_and_papers_of_long_ago_are_files(world: &World) {
    let take = |email| export(&world.by(email), &Filters::default(), Format::Csv);
    let meeting = meetings_of(world, 1).remove(0).id;
    accepted(world, 1);
    build(world, meeting);
    issue(world, meeting);
    for _ in 0..5 {
        agenda::document(&world.by(POLICE), meeting).unwrap();
    }
    for _ in 0..3 {
        take(POLICE).unwrap();
    }
    let stopped = spent(take(POLICE));
    assert_eq!((stopped.kind, stopped.bound), (Kind::Files, 3));
    assert_eq!(found(world), [(WatchRule::Files, "Priya Nair".to_owned(), 4)]);
    agenda::document(&world.by(POLICE), meeting).unwrap();
    take(HOUSING).unwrap();
    world.set("2026-12-01 00:05");
    take(POLICE).unwrap();
    agenda::document(&world.by(POLICE), meeting).unwrap();
    agenda::document(&world.by(POLICE), meeting).unwrap();
    assert_eq!(spent(agenda::document(&world.by(POLICE), meeting)).kind, Kind::Files);
    assert_eq!(spent(take(POLICE)).kind, Kind::Files);
}

fn whoever_asks_for_what_is_not_there_is_slowed_alike_for_hidden_and_unknown(world: &World) {
    let hidden = accepted(world, 1)[0];
    let pages = Pages::of(world);
    let rhys = pages.signed_in(world, PROBATION);
    let unknown = |n: u128| format!("/cases/{}", Uuid::from_u128(n));
    for n in 0..15 {
        assert_eq!(rhys.open(&unknown(n)).status().as_u16(), 404);
        assert_eq!(rhys.open(&format!("/cases/{hidden}")).status().as_u16(), 404);
    }
    let answer = |path: &str| {
        let answer = rhys.open(path);
        let wait =
            answer.headers().get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
        (answer.status().as_u16(), wait, Mask::default().over(&answer.text().unwrap()))
    };
    let of_hidden = answer(&format!("/cases/{hidden}"));
    assert_eq!((of_hidden.0, of_hidden.1.as_deref()), (429, Some("600")));
    assert_eq!(of_hidden, answer(&unknown(99)));
    assert!(of_hidden.2.contains("asked too often for what was not found"));
    for open in ["/", "/my-work", "/account", "/cases"] {
        assert_eq!(rhys.open(open).status().as_u16(), 200, "{open}");
    }
    let program = Program::of(&pages, world, PROBATION);
    let told = [hidden.to_string(), Uuid::from_u128(98).to_string()]
        .map(|id| program.get(&format!("/api/v1/cases/{id}")));
    for one in &told {
        assert_eq!((one.status, one.body["code"].as_str()), (429, Some("too_many_not_found")));
    }
    assert_eq!(told[0].body["detail"], told[1].body["detail"]);
    rows(world, |az| panel_store::cases::join(az, hidden, &[world.town().housing]));
    rows(world, |az| panel_store::cases::join(az, hidden, &[world.town().probation]));
    assert_eq!(spent(cases::show(&world.by(PROBATION), hidden)).kind, Kind::Guesses);
    cases::show(&world.by(HOUSING), hidden).unwrap();
    assert_eq!(found(world), [(WatchRule::Guesses, "Rhys Evans".to_owned(), 30)]);
    world.pass(Duration::minutes(10));
    cases::show(&world.by(PROBATION), hidden).unwrap();
    assert_eq!(rhys.open(&unknown(100)).status().as_u16(), 404);
}

fn searches_and_references_that_find_nothing_are_guesses(world: &World) {
    accepted(world, 1);
    for _ in 0..40 {
        cases::search(&world.by(POLICE), "Person0").unwrap();
    }
    for n in 0..30 {
        assert!(cases::search(&world.by(POLICE), &format!("Nobody{n}")).unwrap().cases.is_empty());
    }
    assert_eq!(spent(cases::search(&world.by(POLICE), "Person0")).kind, Kind::Guesses);
    for n in 0..30 {
        let _ = glass::open(&world.by(COORDINATOR), &emergency(&format!("C-NOBODY{n}")));
    }
    let slowed = glass::open(&world.by(COORDINATOR), &emergency("C-PERSON0"));
    assert_eq!(spent(slowed).kind, Kind::Guesses);
    let names: Vec<String> = found(world).into_iter().map(|(_, name, _)| name).collect();
    assert!(names.contains(&"Priya Nair".to_owned()) && names.contains(&"Carol Finch".to_owned()));
}

fn whoever_asks_without_a_pause_is_stopped_for_the_minute_and_that_is_noted_once(world: &World) {
    bound(world, ReadingPolicy { requests: 120, ..ReadingPolicy::default() });
    let pages = Pages::of(world);
    let (priya, program) = (pages.signed_in(world, POLICE), Program::of(&pages, world, POLICE));
    let asked =
        |n: usize| priya.open(if n.is_multiple_of(2) { "/my-work" } else { "/" }).status().as_u16();
    assert_eq!((1..=120).map(asked).find(|status| *status != 200), None);
    world.pass(Duration::seconds(15));
    let refused = priya.open("/my-work");
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"45".parse().unwrap())
    );
    let page = refused.text().unwrap();
    assert!(page.contains("Too many requests") && page.contains("120 requests"), "{page}");
    for _ in 0..10 {
        program.get("/api/v1/my-work").problem(429, "too_many_requests");
    }
    assert_eq!(found(world), [(WatchRule::Requests, "Priya Nair".to_owned(), 121)]);
    let dan = pages.signed_in(world, PROBATION);
    assert_eq!(dan.open("/my-work").status().as_u16(), 200, "nobody else is slowed");
    world.pass(Duration::seconds(45));
    assert_eq!(priya.open("/my-work").status().as_u16(), 200);
}

fn bounds_that_were_tightened_hold_for_the_next_request(world: &World) {
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let ask = || priya.open("/").status().as_u16();
    assert_eq!((1..=130).map(|_| ask()).find(|status| *status != 200), None);
    let tighter = ReadingPolicy { requests: 125, ..ReadingPolicy::default() };
    budget::set_policy(&world.by(ADMINISTRATOR), 0, &tighter).unwrap();
    assert_eq!(ask(), 429);
    let wider = ReadingPolicy { requests: 140, ..tighter };
    budget::set_policy(&world.by(ADMINISTRATOR), 1, &wider).unwrap();
    assert_eq!(ask(), 200);
}

fn files_that_are_sent_are_counted_whatever_is_in_them(world: &World) {
    bound(world, ReadingPolicy { uploads: 10, ..ReadingPolicy::default() });
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, COORDINATOR);
    let path = format!("/api/v1/panels/{}/imports?file_name=tracker.xlsx", world.town().panel);
    let send = |bytes: &[u8]| program.send(&path, "application/octet-stream", bytes);
    for n in 0..10 {
        send(if n == 0 { b"" } else { b"PK\x03\x04 torn" }).problem(422, "invalid");
    }
    send(b"PK\x03\x04 torn").problem(429, "too_many_uploads");
    program.get("/api/v1/my-work").well();
    assert_eq!(found(world), [(WatchRule::Uploads, "Carol Finch".to_owned(), 11)]);
    world.pass(Duration::hours(1));
    send(b"PK\x03\x04 torn").problem(422, "invalid");
}

fn the_bounds_are_set_by_administrators_within_limits(world: &World) {
    let usual = ReadingPolicy::default();
    let set = |email, value: ReadingPolicy| budget::set_policy(&world.by(email), 0, &value);
    not_found(set(COORDINATOR, usual));
    for wrong in [
        ReadingPolicy { cases: 19, ..usual },
        ReadingPolicy { cases: 201, ..usual },
        ReadingPolicy { cases_runs: 79, ..usual },
        ReadingPolicy { files: 0, ..usual },
        ReadingPolicy { guesses: 9, ..usual },
        ReadingPolicy { requests: 119, ..usual },
        ReadingPolicy { uploads: 201, ..usual },
    ] {
        invalid(set(ADMINISTRATOR, wrong));
    }
    let pages = Pages::of(world);
    let ada = pages.signed_in(world, ADMINISTRATOR);
    let at = "/settings/reading";
    let typed = |cases| {
        let others = [("cases_runs", "120"), ("files", "3"), ("guesses", "30")];
        [&[("cases", cases), ("requests", "600"), ("uploads", "30")], others.as_slice()].concat()
    };
    assert_eq!(ada.fill(at, &typed("300")).status().as_u16(), 422);
    ada.fill(at, &typed("20"));
    assert_eq!(budget::policy(&world.by(ADMINISTRATOR)).unwrap().value.cases, 20);
    let all = accepted(world, 21);
    for case in all.iter().take(20) {
        cases::show(&world.by(POLICE), *case).unwrap();
    }
    assert_eq!(spent(cases::show(&world.by(POLICE), all[20])).bound, 20);
}
