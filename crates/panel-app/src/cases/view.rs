//! What is shown of cases: lists, the search, and the page of one.

use crate::context::Ctx;
use crate::error::AppError;
use crate::referrals::{self as referral_cases, Flags, names_of};
use crate::{budget, watch, whereabouts};
use panel_core::audit::occasion::Occasion;
use panel_core::case::{CaseStatus, ClosureCheck, ClosureProposal, Reopening, unticked};
use panel_core::id::{AgencyId, CaseId, PersonId, ReferralId, UserId};
use panel_core::likeness::Verdict;
use panel_core::referral::NamedAs;
use panel_core::vocabulary::Relationship;
use panel_store::cases::{self, CaseFilter, CaseRow, Sitting};
use panel_store::people::{self, Link, Person};
use panel_store::referrals::{self, Mention, ReferralRow};
use panel_store::{Authz, StoreError, actions, panels};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one page of a list.
const ROWS: usize = 50;

/// Meetings that the page of a case shows.
const SITTINGS: i64 = 50;

/// One page of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CasePage {
    /// The rows, newest first.
    pub rows: Vec<CaseRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<CaseId>,
}

/// A page of the cases that the caller may know of.
///
/// # Errors
/// When the database fails.
pub fn list(
    ctx: &Ctx<'_>,
    filter: CaseFilter,
    after: Option<CaseId>,
) -> Result<CasePage, AppError> {
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
    ctx.read(|az| {
        let mut rows = cases::page(az, filter, after, limit + 1)?;
        let more = rows.len() > ROWS;
        rows.truncate(ROWS);
        let next = rows.last().filter(|_| more).map(|last| last.id);
        Ok(CasePage { rows, next })
    })
}

/// How many cases a list holds, up to 1,001.
///
/// # Errors
/// When the database fails.
pub fn count(ctx: &Ctx<'_>, filter: CaseFilter) -> Result<i64, AppError> {
    ctx.read(|az| Ok(cases::count(az, filter)?))
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = SearchFound))]
pub struct Found {
    /// Cases, open ones first, at most 50.
    pub cases: Vec<CaseRow>,
    /// Referrals that have no case, the newest first, at most 50.
    pub referrals: Vec<ReferralRow>,
}

/// Searches cases and referrals by name, other name or reference, each word from its beginning, in
/// what the caller may know of; for a coordinator also by the whole number or postcode of somebody harmed.
///
/// # Errors
/// [`AppError::Invalid`] for fewer than three letters; [`AppError::Spent`] for whoever found nothing again and
/// again.
pub fn search(ctx: &Ctx<'_>, text: &str) -> Result<Found, AppError> {
    referral_cases::searchable(text)?;
    watch::searched(ctx, text)?;
    ctx.read(|az| {
        budget::may_look(az)?;
        let cases = cases::search(az, text, referral_cases::FOUND)?;
        let marks = whereabouts::marks_of(&ctx.app.vault, text);
        let marked = referrals::marked(az, &marks, referral_cases::FOUND)?;
        let mut referrals = referrals::search(az, text, referral_cases::FOUND)?;
        referrals.retain(|row| row.case.is_none());
        referrals.extend(marked);
        if cases.is_empty() && referrals.is_empty() {
            budget::found_nothing(az);
        }
        Ok(Found { cases, referrals })
    })
}

/// One victim or child of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pair {
    /// The newest record; without an address for agencies that did not refer her or him.
    pub person: Person,
    /// As what.
    pub named_as: NamedAs,
    /// What the perpetrator is to a victim, as last referred.
    pub relationship: Option<Relationship>,
    /// The referrals that name the person, oldest first.
    pub referrals: Vec<ReferralId>,
}

/// A referral of a case with its flags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReferralLine {
    /// The referral.
    pub row: ReferralRow,
    /// Its flags, with evidence.
    pub flags: Flags,
}

/// Closures of a case that were taken back, and a proposal that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = CaseHistory))]
pub struct History {
    /// Who proposes to close it and why.
    pub proposal: Option<ClosureProposal>,
    /// What that proposal has not seen to.
    pub unticked: Vec<ClosureCheck>,
    /// Closures that were taken back, oldest first.
    pub reopenings: Vec<Reopening>,
}

/// What the caller may do with a case now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = CaseMay))]
#[expect(clippy::struct_excessive_bools, reason = "one answer for each button of the page")]
pub struct May {
    /// Agree on a review, note an event.
    pub review: bool,
    /// Propose to close it.
    pub propose: bool,
    /// Close it.
    pub close: bool,
    /// Open it again.
    pub reopen: bool,
    /// Correct what records say and link them.
    pub correct: bool,
    /// Say which agencies take part, and from whom it is kept.
    pub agencies: bool,
    /// Declare a conflict of interest.
    pub declare: bool,
}

/// One case as its page shows it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseDetail {
    /// As lists show it.
    pub row: CaseRow,
    /// What its panel is called.
    pub panel_name: String,
    /// Whether the caller has it open in an emergency, and reads it for no other reason.
    pub in_emergency: bool,
    /// The person's record.
    pub person: Person,
    /// Every name the person goes by in records the caller may know of.
    pub names: Vec<String>,
    /// Other records of the person, oldest first.
    pub records: Vec<Person>,
    /// The person's other cases, newest first.
    pub others: Vec<CaseRow>,
    /// Records that look alike, with what was said about them; for whoever may decide it.
    pub links: Vec<Link>,
    /// Agencies that take part.
    pub agencies: Vec<(AgencyId, String)>,
    /// How many live lines name somebody from whom it is kept or to whom it is shown; 0 for whoever does
    /// not run the panel.
    pub named: usize,
    /// How many sealed notes on the case the caller reads.
    pub sealed_notes: usize,
    /// Victims and children.
    pub pairs: Vec<Pair>,
    /// Referrals with their flags, oldest first.
    pub referrals: Vec<ReferralLine>,
    /// Meetings that have or had it on their agenda, latest first.
    pub sittings: Vec<Sitting>,
    /// Unfinished actions within the caller's sight.
    pub open_actions: usize,
    /// Proposal and earlier closures.
    pub history: History,
    /// Names of those who closed, proposed or opened again.
    pub people: BTreeMap<UserId, String>,
    /// What the caller may do now.
    pub may: May,
}

/// One case.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: CaseId) -> Result<CaseDetail, AppError> {
    let (detail, occasion) = ctx.read(|az| detail(ctx, az, id))?;
    if let Some(occasion) = occasion {
        let pairs = detail.pairs.iter().map(|pair| &pair.person);
        let people = pairs.chain(&detail.records).chain([&detail.person]);
        watch::opened(ctx, occasion, people.map(|person| person.surname.as_str()))?;
    }
    Ok(detail)
}

/// One case, and on what occasion it is opened; none in an emergency, which is reviewed by itself.
fn detail(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: CaseId,
) -> Result<(CaseDetail, Option<Occasion>), AppError> {
    let row = cases::find(az, id)?.ok_or(AppError::NotFound)?;
    let panel = panels::find(az, row.panel)?.ok_or(AppError::NotFound)?.value;
    let referrals: Vec<ReferralLine> = referrals::of_case(az, id)?
        .into_iter()
        .map(|row| {
            Ok(ReferralLine {
                flags: referral_cases::flags_of(az, &row, panel.policy.pattern)?,
                row,
            })
        })
        .collect::<Result<_, AppError>>()?;
    let runs = ctx.actor().runs(row.panel);
    let (person, records) = person(az, &row, &referrals)?;
    let all: Vec<PersonId> = records.iter().map(|one| one.id).chain([person.id]).collect();
    let others = cases::of_person(az, &all)?;
    let links = if runs { people::links_of(az, &all)? } else { Vec::new() };
    let history = history(az, id)?;
    let open = actions::of_case(az, id, true)?;
    let in_emergency = az.glass() == Some(id);
    let occasion = if in_emergency { None } else { cases::note_occasion(az, id, row.panel)? };
    let detail = CaseDetail {
        names: names(&person, &records),
        others: others.into_iter().filter(|other| other.id != id).collect(),
        links: links.into_iter().filter(|link| link.verdict != Verdict::Different).collect(),
        agencies: cases::agencies_of(az, id)?,
        named: cases::lists::live_lines(az, row.panel, id)?,
        sealed_notes: crate::notes::count(az, id)?,
        pairs: pairs(az, &referrals)?,
        sittings: cases::sittings(az, id, SITTINGS)?,
        open_actions: open.len(),
        people: names_of(az, &deciders(&row, &history))?,
        may: may(ctx, &row, in_emergency),
        in_emergency,
        panel_name: panel.name.into(),
        history,
        person,
        records,
        referrals,
        row,
    };
    Ok((detail, occasion))
}

/// The person's record and the others of the same person, as far as the caller may know of them.
fn person(
    az: &mut Authz<'_>,
    row: &CaseRow,
    referrals: &[ReferralLine],
) -> Result<(Person, Vec<Person>), AppError> {
    let mut ids = people::records_of(az, row.person)?;
    ids.extend(referrals.iter().map(|line| line.row.perpetrator));
    let mut found = people::find_many(az, &ids)?;
    let own = found.iter().position(|one| one.id == row.person).ok_or(AppError::NotFound)?;
    let person = found.remove(own);
    Ok((person, found))
}

/// Every name but the heading's own, each once.
fn names(person: &Person, records: &[Person]) -> Vec<String> {
    let heading = person.name();
    let mut names = BTreeSet::new();
    for one in std::iter::once(person).chain(records) {
        names.insert(one.name());
        names.extend(one.aliases.iter().cloned());
    }
    names.into_iter().filter(|name| *name != heading && !name.is_empty()).collect()
}

/// Victims and children, each once by the root of their records, victims first.
fn pairs(az: &mut Authz<'_>, referrals: &[ReferralLine]) -> Result<Vec<Pair>, AppError> {
    let ids: Vec<ReferralId> = referrals.iter().map(|line| line.row.id).collect();
    let mentions = referrals::mentions_of(az, &ids)?;
    let named: Vec<PersonId> = mentions.iter().map(|(_, mention)| mention.person).collect();
    let found = people::find_many(az, &named)?;
    let in_order = |id: &ReferralId| ids.iter().position(|one| one == id);
    let mut mentions: Vec<(ReferralId, Mention)> = mentions;
    mentions.sort_by_key(|(referral, mention)| (in_order(referral), mention.position));
    let mut pairs: Vec<(PersonId, Pair)> = Vec::new();
    for (referral, mention) in mentions {
        let Some(record) = found.iter().find(|one| one.id == mention.person) else { continue };
        let person = record.clone();
        let known = |(root, pair): &&mut (PersonId, Pair)| {
            *root == record.root && pair.named_as == mention.named_as
        };
        match pairs.iter_mut().find(known) {
            Some((_, pair)) => {
                pair.person = person;
                pair.relationship = mention.relationship.or(pair.relationship);
                pair.referrals.push(referral);
            }
            None => pairs.push((
                record.root,
                Pair {
                    person,
                    named_as: mention.named_as,
                    relationship: mention.relationship,
                    referrals: vec![referral],
                },
            )),
        }
    }
    let mut pairs: Vec<Pair> = pairs.into_iter().map(|(_, pair)| pair).collect();
    pairs.sort_by_key(|pair| pair.named_as);
    Ok(pairs)
}

/// The closures that were taken back, from how they are kept.
pub(super) fn reopenings(kept: &str) -> Result<Vec<Reopening>, AppError> {
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(kept).map_err(|e| StoreError::from(e).into())
}

fn history(az: &mut Authz<'_>, id: CaseId) -> Result<History, AppError> {
    let notes = cases::notes(az, id)?.ok_or(AppError::NotFound)?;
    let proposal: Option<ClosureProposal> = if notes.closure_proposed.is_empty() {
        None
    } else {
        serde_json::from_str(&notes.closure_proposed).map_err(StoreError::from)?
    };
    let unticked = proposal.as_ref().map_or_else(Vec::new, |p| unticked(&p.ticked));
    Ok(History { proposal, unticked, reopenings: reopenings(&notes.history)? })
}

fn deciders(row: &CaseRow, history: &History) -> BTreeSet<UserId> {
    let reopened = history.reopenings.iter().flat_map(|one| [one.closed_by, Some(one.by)]);
    let proposed = history.proposal.iter().map(|one| Some(one.by));
    reopened.chain(proposed).chain([row.closed_by]).flatten().collect()
}

fn may(ctx: &Ctx<'_>, row: &CaseRow, in_emergency: bool) -> May {
    let (runs, chairs) = (ctx.actor().runs(row.panel), ctx.actor().chairs(row.panel));
    let open = row.state == CaseStatus::Open;
    May {
        review: runs && open,
        propose: runs && open,
        close: chairs && open,
        reopen: chairs && !open,
        correct: runs,
        agencies: runs,
        declare: !runs && !in_emergency && ctx.actor().takes_part(),
    }
}
