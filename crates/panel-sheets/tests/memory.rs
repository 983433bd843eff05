//! Reading stays within 64 MB, whatever the file. Alone in its process, since it measures it.
#![cfg(test)]
#![cfg(target_os = "linux")]

use panel_sheets::{SheetError, limits, read};
use std::fs;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Kilobytes of memory by its name in `/proc/self/status`.
fn kilobytes(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A workbook whose sheet is written piece by piece, so that making it takes no memory.
fn book(pieces: impl Iterator<Item = String>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, pieces: &mut dyn Iterator<Item = String>| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        pieces.for_each(|piece| zip.write_all(piece.as_bytes()).unwrap());
    };
    let rels = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"http://x/relationships/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let book =
        "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
    part("_rels/.rels", &mut std::iter::once(rels("officeDocument", "xl/workbook.xml")));
    part("xl/workbook.xml", &mut std::iter::once(book.to_owned()));
    let sheet = rels("worksheet", "worksheets/sheet1.xml");
    part("xl/_rels/workbook.xml.rels", &mut std::iter::once(sheet));
    let start = std::iter::once("<worksheet><sheetData>".to_owned());
    let end = std::iter::once("</sheetData></worksheet>".to_owned());
    part("xl/worksheets/sheet1.xml", &mut start.chain(pieces).chain(end));
    zip.finish().unwrap().into_inner()
}

fn row(number: usize, cells: usize) -> String {
    let cell = |column: usize| {
        let letter = char::from(b'A' + u8::try_from(column).unwrap());
        let text = (number * 7_919 + column * 104_729) % 1_000_003;
        format!("<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>text {text} of it</t></is></c>")
    };
    format!("<row r=\"{number}\">{}</row>", (0..cells).map(cell).collect::<String>())
}

#[test]
fn memory_stays_within_64_megabytes() {
    const COLUMNS: usize = 25;
    let rows = limits::CELLS / COLUMNS + 1;
    let bytes = book((1..=rows).map(|number| row(number, COLUMNS)));
    // Where the peak can be reset, it tells what reading alone takes.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = kilobytes("VmRSS");
    // The file is refused at its last row, with everything before it in memory.
    let refused = read(&bytes, "x.xlsx");
    let last = u32::try_from(rows).unwrap();
    assert_eq!(refused, Err(SheetError::TooMuch { sheet: "S".to_owned(), row: last }));
    let taken = kilobytes("VmHWM").saturating_sub(before);
    assert!((20 << 10..64 << 10).contains(&taken), "{taken} kB for {} bytes of file", bytes.len());
}
