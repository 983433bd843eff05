//! Tells by its first bytes what a file is, whatever its name says.

use crate::error::SheetError;

/// Bytes that are looked at.
const HEAD: usize = 1024;

/// Whether the file is a zip archive, as every workbook since 2007 is.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    [&b"PK\x03\x04"[..], b"PK\x05\x06"].iter().any(|start| bytes.starts_with(start))
}

/// What the file is, where it is neither an archive nor plain text.
pub(crate) fn recognise(bytes: &[u8]) -> Option<SheetError> {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let what = if bytes.is_empty() {
        return Some(SheetError::Empty);
    } else if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        // An encrypted workbook hides in the same container as the workbooks of before 2007.
        let encrypted: Vec<u8> = "EncryptedPackage".bytes().flat_map(|byte| [byte, 0]).collect();
        if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
            return Some(SheetError::Encrypted);
        }
        "an old Excel workbook (.xls)"
    } else if head.starts_with(b"%PDF") {
        "a PDF"
    } else if text.starts_with("<?xml") && text.contains("urn:schemas-microsoft-com:office") {
        "an XML spreadsheet of 2003"
    } else if is_web_page(text) {
        "a web page"
    } else if text.starts_with("{\\rtf") {
        "a rich-text document"
    } else {
        return None;
    };
    Some(SheetError::OtherFormat { what })
}

/// Many systems save a web page under the name of a workbook, and Excel opens it.
fn is_web_page(text: &str) -> bool {
    let starts = ["<!doctype html", "<html", "<table", "<head", "<meta", "mime-version:"];
    starts.iter().any(|start| text.starts_with(start))
        || (text.starts_with('<') && text.contains("<html"))
}
