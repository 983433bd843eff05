//! Files that people upload: workbooks, CSV, and the trackers in them.

use crate::{Parser, seeds, today};
use panel_core::coded::Coded;
use panel_core::tracker::fields::SheetKind;
use panel_core::tracker::headings::{read_as, recognise};
use panel_core::tracker::preview::preview;
use panel_core::tracker::sheet::Cell;
use panel_sheets::{Column, Table, Width, read, read_csv, write_csv, write_xlsx};

/// A file by its bytes, whatever it pretends to be.
pub(crate) const WORKBOOK: Parser = Parser { name: "workbook", reads: workbook, seeds: workbooks };
/// Plain text in cells.
pub(crate) const CSV: Parser = Parser { name: "csv", reads: csv, seeds: csvs };
/// A tracker, from its cells to what an import would do.
pub(crate) const TRACKER: Parser = Parser { name: "tracker", reads: tracker, seeds: csvs };

fn workbook(bytes: &[u8]) {
    let _ = read(bytes, "tracker.xlsx");
}

fn csv(bytes: &[u8]) {
    let _ = read_csv(bytes, "CSV");
}

fn tracker(bytes: &[u8]) {
    let Ok(book) = read_csv(bytes, "Actions") else { return };
    let proposed = recognise(&book);
    let _ = preview(&book, &proposed, &[], today());
    // As each kind of sheet that a reader could choose for it.
    for kind in SheetKind::ALL {
        let mut chosen = proposed.clone();
        chosen.sheets = book.sheets.iter().map(|sheet| read_as(sheet, *kind, 1)).collect();
        let _ = preview(&book, &chosen, &[], today());
    }
}

const ACTIONS: &str = "Case,Action,Owner,Due,Status,Done on\n\
                       C-1,Visit the flat,Police,14/05/2026,Open,\n\
                       C-1,Call,Housing,2026-05-14,Done,1 May 26\n";
const REFERRALS: &str = "Surname,Forename,Date of birth,Address,Postcode,Referred by,Date referred\n\
                         Adams,Max,01/05/1990,\"9 Lark Close, Town\",ZZ99 3VZ,Police,3 March 2026\n";
const PEOPLE: &str = "Name;Agency;Email\nPriya Nair;Police;p@police.example\n";
const QUOTED: &str = "\u{feff}\"Action\tno\"\tAgency\n\"a \"\"b\"\"\nc\"\t=1+1\n";

fn csvs() -> Vec<Vec<u8>> {
    let mut all = seeds(&[ACTIONS, REFERRALS, PEOPLE, QUOTED]);
    // In the two other encodings that spreadsheets save.
    let wide = REFERRALS.encode_utf16().flat_map(u16::to_le_bytes);
    all.push([0xFF, 0xFE].into_iter().chain(wide).collect());
    all.push(b"Name,Note\nZo\xeb,\x93quoted\x94\n".to_vec());
    all
}

fn workbooks() -> Vec<Vec<u8>> {
    let columns = ["Action", "Owner", "Due"].map(|heading| Column::new(heading, Width::Text));
    let row = ["Visit the flat", "Police", "14/05/2026"].map(Cell::text);
    let table =
        Table { title: "Actions".to_owned(), columns: columns.into(), rows: vec![row.into()] };
    let written = [write_xlsx(&table), write_csv(&table)];
    written.into_iter().flatten().collect()
}
