//! Commands that read or write case content: they act as a person, through the same use cases and
//! with the same audit rows as the pages.

use crate::output::{Output, table};
use anyhow::{Context, Result, bail};
use clap::Args;
use panel_app::actions::{self, Filters, Register};
use panel_app::imports::{self, Found, Reading, Summary};
use panel_app::meetings::{self, MeetingView};
use panel_app::{Ctx, agenda, minutes, panels};
use panel_core::action::StatusFilter;
use panel_core::coded::Coded;
use panel_core::id::{MeetingId, PanelId};
use panel_core::tracker::remark::BadRow;
use panel_core::words::{self, count};
use panel_documents::Frame;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What to import, and how far to go.
#[derive(Debug, Clone, Args)]
pub(crate) struct TrackerArgs {
    /// The tracker: an Excel workbook or a CSV file.
    file: PathBuf,
    /// The panel, by id or name; needed by those who coordinate several.
    #[arg(long)]
    panel: Option<String>,
    /// Import it. Without this the command only says what it would do.
    #[arg(long)]
    confirm: bool,
    /// Import the good rows although there are bad ones.
    #[arg(long, requires = "confirm")]
    without_bad: bool,
}

/// What `import tracker` says.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Outcome {
    Unreadable { problems: Vec<String> },
    Checked(Box<Found>),
    Imported(Box<Summary>),
}

/// Says what an import would do, or does it. A check leaves nothing behind.
pub(crate) fn import_tracker(ctx: &Ctx<'_>, args: &TrackerArgs, out: Output) -> Result<()> {
    let panel = coordinated(ctx, args.panel.as_deref())?;
    let (name, bytes) = read(&args.file)?;
    let id = imports::upload(ctx, panel, &name, &bytes)?;
    let shown = imports::show(ctx, id)?;
    let version = shown.import.version;
    let outcome = match shown.reading {
        Reading::Preview(_) if args.confirm => {
            match imports::confirm(ctx, id, version, args.without_bad) {
                Ok(summary) => Outcome::Imported(Box::new(summary)),
                Err(error) => {
                    imports::discard(ctx, id, version)?;
                    return Err(error.into());
                }
            }
        }
        Reading::Preview(found) => Outcome::Checked(found),
        Reading::Problems { problems } => Outcome::Unreadable { problems },
        Reading::Imported(_) | Reading::Discarded => bail!("the upload has ended already"),
    };
    if !matches!(outcome, Outcome::Imported(_)) {
        imports::discard(ctx, id, version)?;
    }
    out.show(&outcome, |outcome| match outcome {
        Outcome::Unreadable { problems } => {
            format!("The file cannot be imported:\n{}", problems.join("\n"))
        }
        Outcome::Checked(found) => checked(found),
        Outcome::Imported(summary) => imported(summary),
    })?;
    if args.confirm && matches!(outcome, Outcome::Unreadable { .. }) {
        bail!("nothing was imported; correct what its columns mean on the import page");
    }
    Ok(())
}

fn read(file: &Path) -> Result<(String, Vec<u8>)> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok((name.unwrap_or_default(), bytes))
}

/// The panel of this id or name, or the only one that the person coordinates.
fn coordinated(ctx: &Ctx<'_>, named: Option<&str>) -> Result<PanelId> {
    let all = panels::list(ctx)?;
    let mut mine = all.iter().map(|panel| &panel.value).filter(|panel| {
        let this = |name: &str| panel.id.to_string() == name || panel.name.as_str() == name;
        ctx.actor().coordinates(panel.id) && named.is_none_or(this)
    });
    match (mine.next(), mine.next()) {
        (Some(panel), None) => Ok(panel.id),
        (None, _) => bail!("there is no such panel that you coordinate"),
        (Some(_), Some(_)) => bail!("you coordinate several panels: name one with --panel"),
    }
}

fn checked(found: &Found) -> String {
    let bad = &found.preview.bad;
    let row = |bad: &BadRow| {
        let place = &bad.place;
        let column = place.column.clone().unwrap_or_default();
        vec![place.sheet.clone(), place.row.to_string(), column, bad.reason.clone()]
    };
    let rows: Vec<Vec<String>> = bad.iter().map(row).collect();
    let summary = format!(
        "{}, {} and {} are new; {} cannot be imported; {} to look at for the same person.",
        count(found.new_referrals(), "referral"),
        count(found.new_actions(), "action"),
        count(found.new_reps(), "representative"),
        count(found.preview.counts.bad_rows, "row"),
        count(found.offers.len(), "pair"),
    );
    let end = "Nothing was saved. Run it again with --confirm to import.";
    if rows.is_empty() {
        return format!("{summary}\n{end}");
    }
    let listed = table(&["sheet", "row", "column", "why not"], &rows);
    format!("{summary}\n\n{listed}\n\n{end} With --without-bad the good rows go in alone.")
}

fn imported(summary: &Summary) -> String {
    format!(
        "Imported {}, {} and {}, and {}; {} were there before and {} left out.",
        count(summary.referrals, "referral"),
        count(summary.cases, "case"),
        count(summary.actions, "action"),
        count(summary.meetings, "past meeting"),
        count(summary.kept, "row"),
        count(summary.left_out, "row"),
    )
}

/// The meetings of the person's panels: the last ones held and those ahead.
pub(crate) fn meetings(ctx: &Ctx<'_>, out: Output) -> Result<()> {
    let mut all: Vec<MeetingView> = Vec::new();
    for panel in panels::list(ctx)? {
        let panel = panel.value.id;
        if ctx.actor().seats.iter().any(|seat| seat.panel == panel) {
            all.extend(meetings::past(ctx, panel, None)?.rows);
            all.extend(meetings::upcoming(ctx, panel, None)?.rows);
        }
    }
    all.sort_by_key(|meeting| meeting.starts_at);
    out.show(&all, |all| {
        let row = |meeting: &MeetingView| {
            vec![meeting.id.to_string(), meeting.when.clone(), meeting.state.label().to_owned()]
        };
        table(&["meeting", "when", "state"], &all.iter().map(row).collect::<Vec<_>>())
    })
}

/// The agenda of a meeting, as it stands for the person.
pub(crate) fn agenda(ctx: &Ctx<'_>, meeting: MeetingId, out: Output) -> Result<()> {
    out.show(&agenda::document(ctx, meeting)?, |document| {
        panel_documents::text(Frame::default(), document)
    })
}

/// The minutes of a meeting: the latest version, or the draft for whoever runs the panel.
pub(crate) fn minutes(ctx: &Ctx<'_>, meeting: MeetingId, out: Output) -> Result<()> {
    out.show(&minutes::document(ctx, meeting, None)?, |document| {
        panel_documents::text(Frame::default(), document)
    })
}

/// Which actions to list.
#[derive(Debug, Clone, Args)]
pub(crate) struct ActionsArgs {
    /// Words of the action, its owner, the person or the case's reference.
    #[arg(long, default_value = "")]
    search: String,
    /// Where they stand: open, `in_progress`, overdue, unfinished, completed …
    #[arg(long, value_parser = status)]
    status: Option<StatusFilter>,
    /// Where the list goes on, as the last one said.
    #[arg(long)]
    after: Option<String>,
}

fn status(text: &str) -> Result<StatusFilter, String> {
    StatusFilter::from_code(text).map_err(|_| {
        let codes: Vec<&str> = StatusFilter::ALL.iter().map(|status| status.code()).collect();
        format!("one of {}", codes.join(", "))
    })
}

/// One page of the register, as the person may see it.
pub(crate) fn list_actions(ctx: &Ctx<'_>, args: &ActionsArgs, out: Output) -> Result<()> {
    let filters =
        Filters { search: args.search.clone(), status: args.status, ..Filters::default() };
    let register = actions::list(ctx, &filters, args.after.as_deref())?;
    out.show(&register, register_in_words)
}

fn register_in_words(register: &Register) -> String {
    let row = |row: &actions::Row| {
        let line = &row.line;
        let overdue = if row.overdue { ", overdue" } else { "" };
        vec![
            line.reference.clone().unwrap_or_default(),
            line.agency_name.clone().unwrap_or_default(),
            line.due.map_or_else(|| line.due_word.clone(), words::date),
            format!("{}{overdue}", row.status.label()),
            line.text.clone(),
        ]
    };
    if register.rows.is_empty() {
        return "There are no such actions.".to_owned();
    }
    let rows: Vec<Vec<String>> = register.rows.iter().map(row).collect();
    let listed = table(&["case", "agency", "due", "status", "action"], &rows);
    match &register.next {
        Some(next) => format!("{listed}\n\nThere are more: --after {next}"),
        None => listed,
    }
}
