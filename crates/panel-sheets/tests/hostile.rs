//! Files that are not what they say, that are damaged, or that mean harm: each gets a plain answer.
#![cfg(test)]

use panel_core::tracker::sheet::{Cell, Workbook};
use panel_sheets::{
    Column, SheetError, Table, Width, limits, read, read_csv, read_workbook, write_xlsx,
};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const TRACKER: &[u8] = include_bytes!("../../../tests/data/tracker.xlsx");

const RELS: &str = "<Relationships><Relationship Id=\"a\" Type=\"http://x/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
const BOOK: &str =
    "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
const BOOK_RELS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://x/relationships/worksheet\" \
    Target=\"worksheets/sheet1.xml\"/></Relationships>";

/// An archive of parts, each made by repeating its text.
fn archive(parts: &[(&str, &str, usize)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text, times) in parts {
        zip.start_file(*name, options).unwrap();
        for _ in 0..*times {
            zip.write_all(text.as_bytes()).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook around the XML of one sheet, with further parts.
fn book(sheet: &str, more: &[(&str, &str, usize)]) -> Vec<u8> {
    let mut parts = vec![
        ("_rels/.rels", RELS, 1),
        ("xl/workbook.xml", BOOK, 1),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS, 1),
        ("xl/worksheets/sheet1.xml", sheet, 1),
    ];
    parts.extend_from_slice(more);
    archive(&parts)
}

fn sheet_of(data: &str) -> String {
    format!("<worksheet><sheetData>{data}</sheetData></worksheet>")
}

fn cells(workbook: &Workbook) -> Vec<(u32, Vec<String>)> {
    let rows = workbook.sheets[0].rows.iter();
    rows.map(|row| (row.number, row.cells.iter().map(|cell| cell.shown().into()).collect()))
        .collect()
}

#[track_caller]
fn check(bytes: &[u8], expected: SheetError) {
    assert_eq!(read(bytes, "upload.xlsx"), Err(expected));
}

#[track_caller]
fn check_other(bytes: &[u8], what: &'static str) {
    check(bytes, SheetError::OtherFormat { what });
}

#[test]
fn a_file_that_is_something_else_is_named() {
    check(b"", SheetError::Empty);
    check_other(b"<html><body><table><tr><td>Ref</td></tr></table></body></html>", "a web page");
    check_other(b"\xef\xbb\xbf  <!DOCTYPE HTML PUBLIC>", "a web page");
    check_other(b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a web page");
    check_other(b"%PDF-1.7", "a PDF");
    check_other(b"{\\rtf1", "a rich-text document");
    check_other(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", "an old Excel workbook (.xls)");
    check_other(&archive(&[("word/document.xml", "<w/>", 1)]), "a Word document");
    check_other(&archive(&[("content.xml", "<o/>", 1)]), "an OpenDocument file");
    check_other(&archive(&[("xl/workbook.bin", "b", 1)]), "a binary Excel workbook (.xlsb)");
    check_other(&archive(&[("photo.jpg", "b", 1)]), "an archive of files (.zip)");
    let plain = read_workbook(b"Ref,Date\r\n1,2");
    assert_eq!(plain, Err(SheetError::OtherFormat { what: "not an Excel workbook" }));
    assert!(read_csv(TRACKER, "x").is_err(), "a workbook is not CSV");
}

#[test]
fn an_encrypted_workbook_says_what_to_do() {
    let name: Vec<u8> = "EncryptedPackage".bytes().flat_map(|byte| [byte, 0]).collect();
    let bytes = [&b"\xD0\xCF\x11\xE0"[..], &[0; 600], &name, &[0; 64]].concat();
    check(&bytes, SheetError::Encrypted);
    assert!(SheetError::Encrypted.to_string().contains("take the password off"));
}

#[test]
fn a_minimal_workbook_is_read() {
    let xml = sheet_of(
        "<row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>Siân</t></is></c>\
         <c r=\"D3\"><f t=\"shared\" si=\"4000000000\" ref=\"D3:D4\">SUM(A1)</f><v>2</v></c></row>\
         <row r=\"4\"><c r=\"D4\"><f t=\"shared\" si=\"4000000000\"/><v>3</v></c></row>",
    );
    let found = read(&book(&xml, &[]), "x.xlsx").unwrap();
    let expected = [
        (3, vec![String::new(), "Siân".into(), String::new(), "=SUM(A1)".into()]),
        (4, vec![String::new(), String::new(), String::new(), "=SUM(A2)".into()]),
    ];
    assert_eq!(cells(&found), expected);
    assert_eq!(found.sheets[0].rows[0].cell(3).value(), &Cell::Number(2.0));
}

#[test]
fn a_zip_bomb_is_refused_from_its_directory() {
    let dense = book("<worksheet/>", &[("xl/worksheets/sheet2.xml", "          ", 1 << 20)]);
    assert!(dense.len() < 100_000, "ten megabytes in {} bytes", dense.len());
    check(&dense, SheetError::Bomb);

    // The directory claims four gigabytes; whether they are there is never tried.
    let mut claimed = archive(&[("xl/workbook.xml", "<x/>", 1)]);
    let directory = claimed.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    claimed[directory + 24..directory + 28].copy_from_slice(&0xFFFF_FFF0_u32.to_le_bytes());
    check(&claimed, SheetError::Bomb);
}

#[test]
fn a_directory_that_lies_is_found_out() {
    let mut lying = book("<worksheet/>", &[("xl/media/a.bin", "          ", 1 << 16)]);
    let directory = lying.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    lying[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
    check(&lying, SheetError::Broken("a part of the file cannot be read"));
}

#[test]
fn a_directory_of_very_many_parts_is_refused_unread() {
    let names: Vec<String> = (0..=limits::PARTS).map(|n| format!("xl/{n}.xml")).collect();
    let parts: Vec<(&str, &str, usize)> = names.iter().map(|name| (name.as_str(), "", 1)).collect();
    check(&archive(&parts), SheetError::Bomb);
    let mut claimed = archive(&[("xl/workbook.xml", "<x/>", 1)]);
    let end = claimed.len() - 22;
    claimed[end + 8..end + 12].copy_from_slice(&[0xFE, 0xFF, 0xFE, 0xFF]);
    check(&claimed, SheetError::Bomb);
}

#[test]
fn a_text_without_end_is_refused() {
    let long = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
        "ab ".repeat(300_000)
    );
    check(&book(&sheet_of(&long), &[]), SheetError::Bomb);
    let cell = format!(
        "<row r=\"1\"><c r=\"D5\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
        "x".repeat(32_768)
    );
    let expected = SheetError::CellTooLong { sheet: "S".into(), cell: "D5".into() };
    check(&book(&sheet_of(&cell), &[]), expected);
}

#[test]
fn a_count_that_asks_for_all_memory_is_refused() {
    for attribute in ["uniqueCount=\"9000000000000\"", "uniqueCount = '99999999'"] {
        let strings = format!("<sst {attribute}><si><t>a</t></si></sst>");
        check(&book(&sheet_of(""), &[("xl/sharedStrings.xml", &strings, 1)]), SheetError::Bomb);
    }
}

#[test]
fn entities_are_never_expanded() {
    let laughs =
        "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><worksheet>&b;</worksheet>";
    let outside =
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet>&a;</worksheet>";
    for xml in [laughs, outside] {
        check(&book(xml, &[]), SheetError::Broken("it holds comments or entities in its XML"));
    }
}

#[test]
fn a_cell_name_that_overflows_does_not_bring_the_service_down() {
    for name in ["A99999999999", "ZZZZZZZZZZZZZZZZ1", "A0", "5", "", "A-1"] {
        let xml = sheet_of(&format!("<row r=\"1\"><c r=\"{name}\"><v>1</v></c></row>"));
        assert!(read(&book(&xml, &[]), "x.xlsx").is_err(), "{name:?}");
    }
    let backwards =
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    check(&book(&sheet_of(backwards), &[]), SheetError::Broken("its rows are not in order"));
    let far = sheet_of("<row r=\"7\"><c r=\"XFD7\"><v>1</v></c></row>");
    check(&book(&far, &[]), SheetError::TooManyColumns { sheet: "S".into(), row: 7 });
}

#[test]
fn a_file_cut_short_anywhere_gets_an_answer() {
    for length in (0..TRACKER.len()).step_by(211) {
        let cut = &TRACKER[..length];
        assert!(read(cut, "tracker.xlsx").is_err(), "{length} bytes");
    }
}

#[test]
fn a_file_with_any_byte_changed_gets_an_answer() {
    for place in (0..TRACKER.len()).step_by(797) {
        for change in [0x01, 0xFF] {
            let mut changed = TRACKER.to_vec();
            changed[place] ^= change;
            // Either the change is found, or it touched nothing that is read.
            if let Ok(workbook) = read(&changed, "tracker.xlsx") {
                assert_eq!(workbook.sheets.len(), 3);
            }
        }
    }
}

#[test]
fn a_sheet_of_damaged_xml_gets_an_answer() {
    let xml = sheet_of(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"b\"><v>1</v></c></row>",
    );
    let strings = [("xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>", 1)];
    assert!(read(&book(&xml, &strings), "x.xlsx").is_ok());
    for length in 0..xml.len() {
        let _ = read(&book(xml.get(..length).unwrap(), &strings), "x.xlsx");
    }
}

#[test]
fn a_hundred_thousand_rows_and_one_are_too_many() {
    let rows = (0..=limits::ROWS).map(|n| vec![Cell::text(format!("P{n}")), Cell::text("x")]);
    let columns = vec![Column::new("Ref", Width::Text), Column::new("Action", Width::Text)];
    let table = Table { title: "Actions".into(), columns, rows: rows.collect() };
    let bytes = write_xlsx(&table).unwrap();
    let error = read(&bytes, "long.xlsx").unwrap_err();
    assert_eq!(error, SheetError::TooManyRows { sheet: "Actions".into() });
    assert_eq!(error.to_string(), "sheet “Actions”: more than 100000 rows; split the file by year");
    let lines = "P1,x\r\n".repeat(limits::ROWS + 1);
    let expected = Err(SheetError::TooManyRows { sheet: "long".into() });
    assert_eq!(read(lines.as_bytes(), "long.csv"), expected);
}

#[test]
fn a_file_that_is_too_big_says_how_big() {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(limits::FILE_BYTES + 1, 0);
    check(&bytes, SheetError::TooBig { megabytes: 21, most: limits::FILE_BYTES });
    let text = "a,b\n".repeat(limits::CSV_BYTES / 4 + 1);
    let error = read(text.as_bytes(), "x.csv").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the file has 11 MB, at most 10 MB can be read; delete pictures and old sheets, or split it"
    );
}
