//! The invented people of a demonstration: agencies, a panel, a sign-in for each role, a series of
//! meetings, and a cycle that they have lived through. Everything is made by the same use cases that
//! people use.

mod history;

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use history::Stage;
use panel_app::agencies::{self, AgencyForm};
use panel_app::calendar::ScheduleForm;
use panel_app::panels::{self, PanelForm};
use panel_app::series::{self, SeriesForm};
use panel_app::users::{self, SeatForm, UserForm};
use panel_app::{App, Clock, Ctx, Presence, accounts, sign_in};
use panel_core::access::Role;
use panel_core::id::{AgencyId, PanelId};
use panel_core::schedule::{End, HolidayPolicy, Pattern};
use panel_core::time::{local_date, resolve_leniently};
use panel_core::vocabulary::AgencyType;
use serde::Serialize;
use std::collections::HashMap;

/// The password of every invented person.
pub(crate) const PASSWORD: &str = "lantern orchard violet";

/// One sign-in of the demonstration.
#[derive(Debug, Serialize)]
pub(crate) struct SignIn {
    pub(crate) role: &'static str,
    pub(crate) email: String,
}

/// Name of the agency, its kind, the first label of its domain, whether it is asked about every case.
const AGENCIES: [(&str, AgencyType, &str, bool); 11] = [
    ("Fenshire Constabulary", AgencyType::Police, "police", true),
    ("Fenshire Probation", AgencyType::Probation, "probation", true),
    ("Fenshire IDVA Service", AgencyType::Idva, "idva", true),
    ("Children’s Social Care", AgencyType::ChildrensSocialCare, "childrens-social-care", true),
    ("Adult Social Care", AgencyType::AdultSocialCare, "adult-social-care", false),
    ("City Council Housing", AgencyType::Housing, "housing", true),
    ("Fenshire NHS Mental Health Trust", AgencyType::MentalHealth, "mental-health", true),
    ("Clearwater Recovery", AgencyType::DrugAndAlcohol, "substance-misuse", false),
    ("Turnaround Trust", AgencyType::BehaviourChange, "behaviour-change-provider", false),
    ("Fenshire Stalking Advocacy", AgencyType::StalkingAdvocacy, "stalking-advocacy", false),
    ("Fenshire Partnership", AgencyType::Other, "partnership", false),
];

/// Role, name, first part of the address, the agency's domain label.
const PEOPLE: [(&str, Role, &str, &str, &str); 7] = [
    ("coordinator", Role::Coordinator, "Marian Okafor", "marian.okafor", "partnership"),
    ("chair", Role::Chair, "Owen Prosser", "owen.prosser", "police"),
    ("agency rep, police", Role::SinglePointOfContact, "Tamsin Reeve", "tamsin.reeve", "police"),
    (
        "agency rep, probation",
        Role::SinglePointOfContact,
        "Idris Vaughan",
        "idris.vaughan",
        "probation",
    ),
    ("agency rep, housing", Role::SinglePointOfContact, "Joy Adeyemi", "joy.adeyemi", "housing"),
    ("IDVA", Role::Representative, "Bronwen Lacey", "bronwen.lacey", "idva"),
    ("agency lead, police", Role::AgencyLead, "Graham Stott", "graham.stott", "police"),
];

/// Name, first part of the address and domain label of those who speak for the other agencies.
const COLLEAGUES: [(&str, &str, &str); 6] = [
    ("Hannah Birch", "hannah.birch", "childrens-social-care"),
    ("Noel Akhtar", "noel.akhtar", "adult-social-care"),
    ("Sian Mercer", "sian.mercer", "mental-health"),
    ("Rob Talbot", "rob.talbot", "substance-misuse"),
    ("Dilys Owen", "dilys.owen", "behaviour-change-provider"),
    ("Farah Siddiq", "farah.siddiq", "stalking-advocacy"),
];

const ADMINISTRATOR: &str = "admin@partnership.example.org";

/// Every sign-in of the demonstration.
pub(crate) fn sign_ins() -> Vec<SignIn> {
    let mut all = vec![SignIn { role: "administrator", email: ADMINISTRATOR.to_owned() }];
    all.extend(
        PEOPLE
            .iter()
            .map(|(role, _, _, local, domain)| SignIn { role, email: address(local, domain) }),
    );
    all
}

/// Makes everything, once: a database that has its first account is left as it is.
///
/// The panel meets on a Thursday, seven to thirteen days from now, and met four weeks earlier. What lies before
/// today is entered at its own time, by a clock of its own.
pub(crate) fn seed(app: &App) -> Result<()> {
    let today = local_date(app.clock.now()?);
    let to_thursday = (10 - u64::from(today.weekday().num_days_from_monday())) % 7;
    let held = today + Days::new(to_thursday + 7) - Days::new(28);
    let past = App { clock: Clock::hand(morning(held - Days::new(40))?), ..app.clone() };
    let Some((panel, agencies)) = people_and_panel(&past)? else { return Ok(()) };
    meetings(&past, panel, held)?;
    history::live_through(&Stage { app: &past, panel, agencies: &agencies, held }, today)
}

/// Nine in the morning.
fn morning(day: NaiveDate) -> Result<DateTime<Utc>> {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).context("a time")?;
    Ok(resolve_leniently(day.and_time(nine)))
}

/// Agencies by the first label of their mail domain.
type Agencies = HashMap<&'static str, AgencyId>;

/// The agencies, the panel and its people, unless there is an account already.
fn people_and_panel(app: &App) -> Result<Option<(PanelId, Agencies)>> {
    let Ok(link) = accounts::bootstrap(app, ADMINISTRATOR) else { return Ok(None) };
    spend(app, &link)?;
    let admin =
        Ctx::new(app, sign_in::impersonate(app, ADMINISTRATOR)?)?.present(Presence::Machine);
    let agencies = AGENCIES
        .iter()
        .map(|(name, kind, domain, core)| {
            let form = AgencyForm {
                name: (*name).to_owned(),
                kind: *kind,
                mail_domains: vec![format!("{domain}.example.org")],
                aliases: Vec::new(),
            };
            Ok((*domain, agencies::add(&admin, &form)?, *core))
        })
        .collect::<Result<Vec<(&str, AgencyId, bool)>>>()?;
    let form = PanelForm { name: "Fenshire MATAC".to_owned(), area: "Fenshire".to_owned() };
    let panel = panels::add(&admin, &form)?;
    let members: Vec<_> = agencies.iter().map(|(_, id, core)| (*id, *core)).collect();
    panels::set_agencies(&admin, panel, &members)?;
    for (_, role, name, local, domain) in PEOPLE {
        let (_, agency, _) = agencies.iter().find(|(d, ..)| *d == domain).context("an agency")?;
        person(&admin, panel, *agency, role, name, &address(local, domain))?;
    }
    for (name, local, domain) in COLLEAGUES {
        let (_, agency, _) = agencies.iter().find(|(d, ..)| *d == domain).context("an agency")?;
        let role = Role::SinglePointOfContact;
        person(&admin, panel, *agency, role, name, &address(local, domain))?;
    }
    let agencies = agencies.into_iter().map(|(label, id, _)| (label, id)).collect();
    Ok(Some((panel, agencies)))
}

fn person(
    admin: &Ctx<'_>,
    panel: PanelId,
    agency: AgencyId,
    role: Role,
    name: &str,
    email: &str,
) -> Result<()> {
    let form =
        UserForm { name: name.to_owned(), email: email.to_owned(), agency, administrator: false };
    let invited = users::invite(admin, &form)?;
    let from = admin.today;
    users::seat(
        admin,
        invited.user,
        &SeatForm { panel, role, from, until: None, deputy_for: None },
    )?;
    spend(admin.app, &invited.link)
}

fn address(local: &str, domain: &str) -> String {
    format!("{local}@{domain}.example.org")
}

fn spend(app: &App, link: &str) -> Result<()> {
    let (_, token) = link.rsplit_once('/').context("a one-time link")?;
    accounts::spend_link(app, token, PASSWORD)?;
    Ok(())
}

/// Every four weeks on a Thursday at half past nine.
fn meetings(app: &App, panel: PanelId, from: NaiveDate) -> Result<()> {
    let coordinator =
        Ctx::new(app, sign_in::impersonate(app, "marian.okafor@partnership.example.org")?)?
            .present(Presence::Machine);
    let schedule = ScheduleForm {
        rule: Pattern::Weeks { every: 4, on: vec![Weekday::Thu], week_start: Weekday::Mon },
        from,
        end: End::Never,
        at: NaiveTime::from_hms_opt(9, 30, 0).context("a time")?,
        holiday_policy: HolidayPolicy::Later,
    };
    let form = SeriesForm {
        schedule,
        minutes: 240,
        venue: "Room 2, Fenshire House".to_owned(),
        link: String::new(),
    };
    series::create(&coordinator, panel, &form)?;
    Ok(())
}
