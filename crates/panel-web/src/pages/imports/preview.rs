//! What an import would do, and what it did.

use super::{load, path};
use crate::answer::Answer;
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::imports::{Found, Reading, Shown, Summary};
use panel_core::action::ActionStatus;
use panel_core::coded::Coded;
use panel_core::id::ImportId;
use panel_core::time::local_date;
use panel_core::tracker::remark::{BadRow, Place, WarningKind};
use panel_core::tracker::status::ReferralWord;
use panel_core::words::count;

/// The bad rows that the page itself lists; the rest have a page of their own.
const LISTED: usize = 50;

pub(super) async fn show(asker: Asker, id: web::Path<ImportId>) -> Answer {
    let shown = load(&asker, *id).await?;
    let (title, sheet) = match &shown.reading {
        Reading::Preview(found) => ("Check the import", preview(&shown, found)),
        Reading::Problems { problems } => ("Check the import", problem(&shown, problems)),
        Reading::Imported(summary) => ("Import complete", done(&shown, summary)),
        Reading::Discarded => (
            "Import discarded",
            Sheet::new("Import discarded")
                .caption(&*shown.import.file_name)
                .text("The file was thrown away. Nothing of it was saved."),
        ),
    };
    let back = super::list_of(shown.import.panel);
    let page = Page::new(title).section("import").back(back, "Import");
    asker.page(&page, "pages/sheet", &sheet)
}

fn problem(shown: &Shown, problems: &[String]) -> Sheet {
    let at = path(shown.import.id);
    let said = "The file cannot be imported yet: say what its sheets and columns mean.";
    let sheet = Sheet::new("Check the import")
        .caption(&*shown.import.file_name)
        .warning(Warning { text: said.to_owned() })
        .list(problems.to_vec());
    sheets(sheet, shown).acts(vec![discard(&at)])
}

fn discard(at: &str) -> Act {
    Act::link(format!("{at}/discard"), "Discard").quiet()
}

fn preview(shown: &Shown, found: &Found) -> Sheet {
    let at = path(shown.import.id);
    let mut sheet = Sheet::new("Check the import").caption(&*shown.import.file_name);
    if found.is_empty() {
        sheet = sheet.text("Everything in this file was imported before. There is nothing to add.");
    } else {
        sheet = sheet.text("Nothing is saved until you confirm the import.");
    }
    sheet = sheet.heading("What is imported").facts(totals(found));
    let mut acts = Vec::new();
    if !found.is_empty() {
        acts.push(Act::link(format!("{at}/confirm"), "Go on to the import"));
    }
    acts.push(discard(&at));
    sheet = bad_rows(sheet.acts(acts), &at, found);
    sheet = people(sheet, &at, found);
    sheet = agencies(sheet, &at, shown, found);
    sheet = words(sheet, &at, found);
    sheet = sheets(sheet, shown);
    warnings(sheet, &at, found)
}

/// `115`, or `3, and 112 that were imported before`.
fn and_kept(new: usize, kept: usize) -> String {
    if kept == 0 { new.to_string() } else { format!("{new}, and {kept} that were imported before") }
}

fn totals(found: &Found) -> Facts {
    let (preview, kept) = (&found.preview, found.kept);
    let mut rows = vec![
        Fact::new("Referrals", and_kept(found.new_referrals(), kept.referrals)),
        Fact::new("Actions", and_kept(found.new_actions(), kept.actions)),
        Fact::new("Agency representatives", and_kept(found.new_reps(), kept.reps)),
    ];
    if let (Some(first), Some(last)) = (preview.meetings.first(), preview.meetings.last()) {
        let days = format!(
            "{} from {} to {}",
            preview.meetings.len(),
            dates::short(*first),
            dates::short(*last)
        );
        rows.push(Fact::new("Meetings that the actions name", days));
    }
    rows.push(Fact::new("Rows that cannot be imported", preview.counts.bad_rows.to_string()));
    if preview.counts.repeated_rows > 0 {
        let repeated = preview.counts.repeated_rows.to_string();
        rows.push(Fact::new("Rows that stand there twice, taken once", repeated));
    }
    Facts::new(rows)
}

/// The table of bad rows.
pub(super) fn bad_table<'r>(rows: impl Iterator<Item = &'r BadRow>) -> Table {
    let drawn = rows.map(|bad| {
        let mut cells = place_cells(&bad.place);
        cells.push(Cell::text(bad.reason.clone()));
        Row::new(cells)
    });
    let columns = ["Sheet", "Row", "Column", "What stands there", "Why not"].map(Column::new);
    Table::new(columns.into(), drawn.collect())
        .hidden_caption("Rows that cannot be imported")
        .wide()
        .or_say("Every row can be imported.")
}

pub(super) fn place_cells(place: &Place) -> Vec<Cell<'_>> {
    let column = match (&place.column, &place.heading) {
        (Some(column), Some(heading)) => format!("{column} ({heading})"),
        (Some(column), None) => column.clone(),
        (None, _) => "The whole row".to_owned(),
    };
    let value = if place.value.is_empty() { "Nothing" } else { &place.value };
    vec![
        Cell::text(place.sheet.clone()),
        Cell::text(place.row.to_string()).heading(),
        Cell::text(column),
        Cell::text(value),
    ]
}

fn bad_rows(sheet: Sheet, at: &str, found: &Found) -> Sheet {
    let bad = &found.preview.bad;
    let sheet = sheet
        .anchored("bad-rows", "Rows that cannot be imported")
        .table(bad_table(bad.iter().take(LISTED)));
    if bad.len() <= LISTED {
        return sheet;
    }
    let all = format!("All {} remarks on rows that cannot be imported", bad.len());
    sheet.links(vec![Link::new(format!("{at}/rows"), all)])
}

fn people(sheet: Sheet, at: &str, found: &Found) -> Sheet {
    let open = found.offers.iter().filter(|offer| offer.same.is_none()).count();
    if found.offers.is_empty() {
        return sheet;
    }
    let told = format!(
        "{} of referrals look like one person under two spellings; {open} to be decided. Nobody is \
         linked unless you say so. What you leave open is offered again after the import.",
        count(found.offers.len(), "pair")
    );
    let link = Link::new(format!("{at}/people"), "Decide who is the same person");
    sheet.anchored("people", "People who may be the same").text(told).links(vec![link])
}

fn agencies(sheet: Sheet, at: &str, shown: &Shown, found: &Found) -> Sheet {
    let name = |id| shown.agencies.iter().find(|it| Some(it.id) == id).map(|it| it.name.as_str());
    let rows = found.preview.agencies.iter().enumerate().map(|(place, guess)| {
        let written: Vec<String> = guess
            .spellings
            .iter()
            .map(|it| format!("“{}” ({})", it.written, count(it.rows, "row")))
            .collect();
        let becomes = if let Some(name) = name(guess.known) {
            Cell::text(name)
        } else {
            let kind = guess.kind.map_or("type not known, becomes Other", Coded::label);
            Cell::text(format!("New: {}", guess.name)).note(kind)
        };
        Row::new(vec![
            Cell::text(written.join(", ")).heading().note(guess.evidence.join("; ")),
            becomes,
            Cell::link(format!("{at}/agencies/{place}"), "Change").about(&*guess.name),
        ])
    });
    let columns = ["In the file", "Agency", ""].map(Column::new).into();
    let table = Table::new(columns, rows.collect())
        .hidden_caption("Agencies of the file")
        .or_say("The file names no agency.");
    let sheet = sheet.anchored("agencies", "Agencies").table(table);
    let link = |(place, word): (usize, &String)| {
        Link::new(format!("{at}/unknown/{place}"), format!("Say which agency “{word}” is"))
    };
    sheet.links(found.unknown_agencies.iter().enumerate().map(link).collect())
}

fn words(sheet: Sheet, at: &str, found: &Found) -> Sheet {
    let written = |words: &str| {
        if words.is_empty() { "(left empty)".to_owned() } else { words.to_owned() }
    };
    let row = |of: &'static str, word: &str, rows: usize, meaning: Option<&'static str>| {
        let meaning = meaning.unwrap_or("Not known: its rows cannot be imported");
        Row::new(vec![
            Cell::text(written(word)).heading(),
            Cell::text(of),
            Cell::number(rows),
            Cell::text(meaning),
        ])
    };
    let actions = found.preview.action_words.iter();
    let actions =
        actions.map(|it| row("Actions", &it.written, it.rows, it.meaning.map(ActionStatus::label)));
    let referrals = found.preview.referral_words.iter();
    let referrals = referrals
        .map(|it| row("Referrals", &it.written, it.rows, it.meaning.map(ReferralWord::label)));
    let rows: Vec<Row<'_>> = referrals.chain(actions).collect();
    if rows.is_empty() {
        return sheet;
    }
    let columns = vec![
        Column::new("Word"),
        Column::new("Of"),
        Column::numeric("Rows"),
        Column::new("What it means"),
    ];
    let table = Table::new(columns, rows).hidden_caption("Words for where something stands");
    let told = "What is not possible keeps its words as the reason and counts as accepted.";
    sheet
        .anchored("words", "Status words")
        .text(told)
        .table(table)
        .links(vec![Link::new(format!("{at}/words"), "Change what words mean")])
}

fn sheets(sheet: Sheet, shown: &Shown) -> Sheet {
    let at = path(shown.import.id);
    let fact = |(place, entry): (usize, &panel_core::tracker::mapping::SheetMapping)| {
        let shape = shown.sheets.iter().find(|shape| shape.name == entry.sheet);
        let rows = count(shape.map_or(0, |shape| shape.rows), "row");
        let hidden = if shape.is_some_and(|shape| shape.hidden) { ", hidden" } else { "" };
        let said = match entry.kind {
            Some(kind) => format!("{kind}, headings in row {}", entry.heading_row),
            None => "Not read".to_owned(),
        };
        Fact::new(entry.sheet.clone(), format!("{said} ({rows}{hidden})")).link(
            format!("{at}/sheets/{place}"),
            "Change",
            format!("how the sheet {} is read", entry.sheet),
        )
    };
    let entries = shown.choices.mapping.sheets.iter().enumerate();
    sheet.anchored("sheets", "Sheets and headings").facts(Facts::new(entries.map(fact).collect()))
}

fn warnings(sheet: Sheet, at: &str, found: &Found) -> Sheet {
    let warnings = &found.preview.warnings;
    let of = |kind: WarningKind| warnings.iter().filter(|it| it.kind == kind).count();
    let counted = WarningKind::ALL.iter().map(|kind| (*kind, of(*kind)));
    let links = counted.filter(|(_, many)| *many > 0).map(|(kind, many)| {
        let href = format!("{at}/warnings?kind={}", kind.code());
        Link::new(href, format!("{}: {many}", kind.label()))
    });
    let mut sheet = sheet.anchored("warnings", "Things to know about rows that are imported");
    let links: Vec<Link> = links.collect();
    if links.is_empty() && found.without_seat == 0 {
        sheet = sheet.text("Nothing.");
    }
    if found.without_seat > 0 {
        let told = format!(
            "{} by the file as coordinator, chair, member of the steering group or observer. They \
             are registered without a seat, which only an administrator gives.",
            if found.without_seat == 1 {
                "1 person is named".to_owned()
            } else {
                format!("{} people are named", found.without_seat)
            }
        );
        sheet = sheet.text(told);
    }
    sheet.links(links)
}

fn done(shown: &Shown, summary: &Summary) -> Sheet {
    let by_code = |counts: &std::collections::BTreeMap<String, usize>,
                   label: &dyn Fn(&str) -> String| {
        let words: Vec<String> =
            counts.iter().map(|(code, many)| format!("{} {many}", label(code))).collect();
        if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
    };
    let status = |code: &str| {
        ActionStatus::from_code(code).map_or(code.to_owned(), |it| it.label().to_lowercase())
    };
    let word = |code: &str| {
        ReferralWord::from_code(code).map_or(code.to_owned(), |it| it.label().to_lowercase())
    };
    let referrals = format!("{}{}", summary.referrals, by_code(&summary.referral_words, &word));
    let actions = format!("{}{}", summary.actions, by_code(&summary.action_status, &status));
    let facts = Facts::new(vec![
        Fact::new("Referrals", referrals),
        Fact::new("People", summary.people.to_string()),
        Fact::new("Cases", summary.cases.to_string()),
        Fact::new("Actions", actions),
        Fact::new("Past meetings", summary.meetings.to_string()),
        Fact::new("Agencies added", summary.agencies.to_string()),
        Fact::new("People registered", summary.accounts.to_string()),
        Fact::new("Seats given", summary.seats.to_string()),
        Fact::new("Pairs called one person", summary.linked.to_string()),
        Fact::new("Pairs still to be decided", summary.offered.to_string()),
        Fact::new("Rows that were imported before", summary.kept.to_string()),
        Fact::new("Rows left out", summary.left_out.to_string()),
    ]);
    let told = format!(
        "Imported on {}. The file itself is no longer kept.",
        dates::with_weekday(local_date(summary.at))
    );
    let next = vec![
        Link::new("/referrals", "Go to the referrals"),
        Link::new("/actions", "Go to the actions"),
        Link::new(super::list_of(shown.import.panel), "All imports"),
    ];
    let later = "Nobody was sent any mail. People who were registered are invited by an \
                 administrator, who also says which agencies are asked about every case.";
    Sheet::new("Import complete")
        .caption(&*shown.import.file_name)
        .text(told)
        .facts(facts)
        .text(later)
        .links(next)
}
