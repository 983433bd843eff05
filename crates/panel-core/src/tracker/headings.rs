//! Recognises the heading row of each sheet and what its columns mean, by the usual headings.

use super::fields::{Field, SheetKind};
use super::mapping::{ColumnMapping, Mapping, SheetMapping};
use super::sheet::{Row, Sheet, Workbook};
use crate::coded::Coded;
use crate::text::fold;

/// Rows that are searched for headings: titles, dates and markings may stand above them.
const SEARCHED_ROWS: usize = 30;

/// Fewer recognised columns than this are chance.
const FEWEST_COLUMNS: usize = 3;

/// Columns that must be recognised to the letter before slips are looked for in the others.
const FEWEST_EXACT: usize = 2;

/// How like a usual heading a mistyped one must be, where 1 is equal.
const ALIKE: f64 = 0.85;

/// Proposes how to read a workbook. Sheets that look like nothing known, and hidden ones, are left
/// out until the reader says what they hold.
pub fn recognise(workbook: &Workbook) -> Mapping {
    Mapping { sheets: workbook.sheets.iter().map(recognise_sheet).collect(), ..Mapping::default() }
}

/// Proposes how to read one sheet.
pub fn recognise_sheet(sheet: &Sheet) -> SheetMapping {
    let tab = fold(&sheet.name);
    let best = sheet
        .rows
        .iter()
        .take(SEARCHED_ROWS)
        .flat_map(|row| SheetKind::ALL.iter().map(move |kind| (row, *kind)))
        .map(|(row, kind)| {
            let columns = read_headings(row, kind);
            let known = columns.iter().filter(|column| column.field.is_some()).count();
            let named = kind.tab_words().iter().any(|word| tab.contains(word));
            (known, named, std::cmp::Reverse(row.number), kind, columns)
        })
        .filter(|(known, ..)| *known >= FEWEST_COLUMNS)
        .max_by_key(|(known, named, number, kind, _)| {
            (*known, *named, *number, std::cmp::Reverse(*kind))
        });
    match best {
        Some((_, _, number, kind, columns)) => SheetMapping {
            sheet: sheet.name.clone(),
            kind: (!sheet.hidden).then_some(kind),
            heading_row: number.0,
            columns,
        },
        None => unrecognised(sheet),
    }
}

/// Reads the headings of `row` again for a kind that the reader chose.
pub fn read_as(sheet: &Sheet, kind: SheetKind, heading_row: u32) -> SheetMapping {
    let row = sheet.rows.iter().find(|row| row.number == heading_row);
    SheetMapping {
        sheet: sheet.name.clone(),
        kind: Some(kind),
        heading_row,
        columns: row.map(|row| read_headings(row, kind)).unwrap_or_default(),
    }
}

fn unrecognised(sheet: &Sheet) -> SheetMapping {
    let first = sheet.rows.first();
    let columns = first.map(columns_of).unwrap_or_default();
    let heading_row = first.map_or(1, |row| row.number);
    SheetMapping { sheet: sheet.name.clone(), kind: None, heading_row, columns }
}

fn columns_of(row: &Row) -> Vec<ColumnMapping> {
    let cells = row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    cells
        .map(|(column, cell)| {
            let words = cell.value().shown();
            let heading = words.split_whitespace().collect::<Vec<_>>().join(" ");
            ColumnMapping { column, heading, field: None }
        })
        .collect()
}

/// Maps exact headings first, so that a mistyped heading never takes the place of a right one. Of
/// two columns with one meaning the first is taken; the other stays without.
fn read_headings(row: &Row, kind: SheetKind) -> Vec<ColumnMapping> {
    let mut columns = columns_of(row);
    let folded: Vec<String> = columns.iter().map(|column| fold(&column.heading)).collect();
    for alike in [1.0, ALIKE] {
        let exact = columns.iter().filter(|column| column.field.is_some()).count();
        if alike < 1.0 && exact < FEWEST_EXACT {
            break;
        }
        for field in kind.fields() {
            if columns.iter().any(|column| column.field == Some(*field)) {
                continue;
            }
            let free = columns.iter_mut().zip(&folded).filter(|(column, _)| column.field.is_none());
            if let Some((column, _)) = best_for(free, kind, *field, alike) {
                column.field = Some(*field);
            }
        }
    }
    columns
}

type Headed<'a> = (&'a mut ColumnMapping, &'a String);

/// The column whose heading stands earliest in the list of usual headings, or is most like one.
fn best_for<'a>(
    columns: impl Iterator<Item = Headed<'a>>,
    kind: SheetKind,
    field: Field,
    alike: f64,
) -> Option<Headed<'a>> {
    let rated = columns.filter_map(|(column, heading)| {
        let place = kind.headings(field).position(|known| {
            heading == known || (alike < 1.0 && is_mistyped(heading, known, alike))
        })?;
        Some((place, (column, heading)))
    });
    rated.min_by_key(|(place, _)| *place).map(|(_, headed)| headed)
}

fn is_mistyped(heading: &str, known: &str, alike: f64) -> bool {
    known.len() >= 6
        && heading.len().abs_diff(known.len()) <= 2
        && strsim::normalized_damerau_levenshtein(heading, known) >= alike
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracker::mapping::MappingProblem;
    use crate::tracker::sheet::Cell;

    fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
        let row = |(index, cells): (usize, &&[&str])| Row {
            number: u32::try_from(index).unwrap() + 1,
            cells: cells.iter().map(|text| Cell::text(*text)).collect(),
        };
        let rows = rows.iter().enumerate().map(row).collect();
        Sheet { name: name.to_owned(), rows, ..Sheet::default() }
    }

    fn fields(mapping: &SheetMapping) -> Vec<Option<Field>> {
        mapping.columns.iter().map(|column| column.field).collect()
    }

    #[test]
    fn headings_are_found_under_a_title_and_in_any_order() {
        let sheet = sheet(
            "Sheet1",
            &[
                &["Actions 2026 OFFICIAL-SENSITIVE"],
                &["By when", "ACTION", " Agency  responsible ", "Panel date", "Ref."],
                &["3/4/26", "Call", "Police", "1/4/26", "P1"],
            ],
        );
        let mapping = recognise_sheet(&sheet);
        assert_eq!((mapping.kind, mapping.heading_row), (Some(SheetKind::Actions), 2));
        let expected = [Field::Due, Field::Action, Field::Agency, Field::Meeting, Field::Reference];
        assert_eq!(fields(&mapping), expected.map(Some));
    }

    #[test]
    fn a_mistyped_heading_is_recognised_but_never_before_a_right_one() {
        let sheet = sheet(
            "x",
            &[&["Refering agency", "Date recieved", "Surname", "Surnames", "Aegncy", "DOB"]],
        );
        let mapping = recognise_sheet(&sheet);
        let expected = [
            Some(Field::Agency),
            Some(Field::Received),
            Some(Field::Surname),
            None,
            None,
            Some(Field::Born),
        ];
        assert_eq!(fields(&mapping), expected);
    }

    #[test]
    fn of_two_equal_headings_the_first_is_taken() {
        let sheet = sheet("Reps", &[&["Agency", "Name", "Email", "Email"]]);
        let mapping = recognise_sheet(&sheet);
        let expected = [Some(Field::Agency), Some(Field::Name), Some(Field::Email), None];
        assert_eq!(fields(&mapping), expected);
    }

    #[test]
    fn a_sheet_of_something_else_and_a_hidden_sheet_are_left_out() {
        let rota = sheet("Rota", &[&["Week", "Room", "Tea"]]);
        assert_eq!(recognise_sheet(&rota).kind, None);
        let hidden = Sheet { hidden: true, ..sheet("Reps", &[&["Agency", "Name", "Email"]]) };
        assert_eq!(recognise_sheet(&hidden).kind, None);
        assert_eq!(recognise_sheet(&Sheet::default()).columns, []);
    }

    #[test]
    fn a_mapping_that_cannot_be_used_says_everything_that_is_wrong() {
        let workbook = Workbook { sheets: vec![sheet("Reps", &[&["Agency", "Name", "Post"]])] };
        let mut mapping = recognise(&workbook);
        assert_eq!(mapping.problems(&workbook), [MappingProblem::NothingToRead]);
        let reps = mapping.sheets.first_mut().unwrap();
        *reps = read_as(workbook.sheets.first().unwrap(), SheetKind::Reps, 1);
        reps.assign(2, Some(Field::Name));
        let said: Vec<String> =
            mapping.problems(&workbook).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "sheet “Reps” has no column for “Email”",
                "sheet “Reps”: columns B and C are both “Full name”",
            ]
        );
    }

    #[test]
    fn a_mapping_survives_being_stored() {
        let workbook = Workbook { sheets: vec![sheet("Reps", &[&["Agency", "Name", "Email"]])] };
        let mapping = recognise(&workbook);
        let stored = serde_json::to_string(&mapping).unwrap();
        assert_eq!(serde_json::from_str::<Mapping>(&stored).unwrap(), mapping);
    }
}
