//! CSV files as people and programs save them.
#![cfg(test)]

use panel_core::tracker::sheet::Workbook;
use panel_sheets::{SheetError, read};

fn shown(workbook: &Workbook) -> Vec<(u32, Vec<String>)> {
    let rows = workbook.sheets[0].rows.iter();
    rows.map(|row| (row.number, row.cells.iter().map(|cell| cell.shown().into()).collect()))
        .collect()
}

#[track_caller]
fn check(bytes: &[u8], expected: &[(u32, &[&str])]) {
    let found = shown(&read(bytes, "list.csv").unwrap());
    let found: Vec<(u32, Vec<&str>)> = found
        .iter()
        .map(|(row, cells)| (*row, cells.iter().map(String::as_str).collect()))
        .collect();
    let expected: Vec<(u32, Vec<&str>)> =
        expected.iter().map(|(row, cells)| (*row, cells.to_vec())).collect();
    assert_eq!(found, expected);
}

const PLAIN: &[(u32, &[&str])] = &[(1, &["Ref", "Name"]), (2, &["1", "Siân O’Neill"])];

#[test]
fn every_usual_encoding_is_read() {
    let text = "Ref,Name\r\n1,Siân O’Neill\r\n";
    check(text.as_bytes(), PLAIN);
    check(format!("\u{feff}{text}").as_bytes(), PLAIN);
    let (low, high): (Vec<u8>, Vec<u8>) = (
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    );
    check(&low, PLAIN);
    check(&high, PLAIN);
    check(&[&b"\xFF\xFE"[..], &low].concat(), PLAIN);
    check(&[&b"\xFE\xFF"[..], &high].concat(), PLAIN);
    check(b"Ref,Name\r\n1,Si\xE2n O\x92Neill\r\n", PLAIN);
}

#[test]
fn every_usual_separator_and_line_end_is_read() {
    check("Ref;Name\n1;Siân O’Neill".as_bytes(), PLAIN);
    check("Ref\tName\r\n1\tSiân O’Neill\r\n".as_bytes(), PLAIN);
    check(
        "sep=;\r\nRef;Name\r\n1;Siân O’Neill".as_bytes(),
        &[(2, &["Ref", "Name"]), (3, &["1", "Siân O’Neill"])],
    );
    check(
        b"Address;Name\n\"1 Mill Road, Ely, Cambs\";Lee",
        &[(1, &["Address", "Name"]), (2, &["1 Mill Road, Ely, Cambs", "Lee"])],
    );
}

#[test]
fn quotes_blank_lines_and_ragged_rows_keep_their_place() {
    check(
        b"a,b,c\r\n\r\n\"x, \"\"y\"\"\",\"one\ntwo\"\r\n,,\r\n1,2,3,4\r\n\r\n\r\nlast",
        &[
            (1, &["a", "b", "c"]),
            (3, &["x, \"y\"", "one\ntwo"]),
            (5, &["1", "2", "3", "4"]),
            (8, &["last"]),
        ],
    );
}

#[test]
fn what_is_no_text_is_refused_with_line_and_column() {
    let refuse = |bytes: &[u8]| read(bytes, "x.csv").unwrap_err();
    assert_eq!(refuse(b"a,b\nc,d\0e\n"), SheetError::Nul { line: 2, column: 4 });
    assert_eq!(refuse(b"a,b\nc\x81,d\n"), SheetError::NotText { line: 2, column: 2 });
    assert_eq!(refuse(b"\xef\xbb\xbfa,b\n\xE2,d\n"), SheetError::NotText { line: 2, column: 1 });
    assert_eq!(refuse(b"\xFF\xFEa\0\x00\xD8b\0"), SheetError::NotText { line: 1, column: 2 });
    assert_eq!(refuse(b"a,b\n1,\"open\n2,x\n3,y\n"), SheetError::OpenQuote { line: 2 });
}

#[test]
fn the_sheet_is_named_after_the_file() {
    let name = |file: &str| read(b"a,b", file).unwrap().sheets[0].name.clone();
    assert_eq!(name("C:\\temp\\Actions 2026.csv"), "Actions 2026");
    assert_eq!(name("../../x.y.csv"), "x.y");
    assert_eq!(name(""), "CSV");
}
