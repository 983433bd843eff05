//! The text of a CSV file: its encoding, and the mark that separates its values.

use crate::error::SheetError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text of a file in UTF-8, UTF-16 or Windows-1252, without its byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, SheetError> {
    let (encoding, start) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let body = bytes.get(start..).unwrap_or_default();
    let (text, failed) = encoding.decode_without_bom_handling(body);
    if let Some(at) = text.find('\0') {
        let (line, column) = place(text.get(..at).unwrap_or_default());
        return Err(SheetError::Nul { line, column });
    }
    // Bytes that Windows-1252 does not define come out as control characters of the upper set.
    let undefined = |c: char| failed && c == '\u{fffd}' || matches!(c, '\u{80}'..='\u{9f}');
    if let Some(at) = text.find(undefined) {
        let (line, column) = place(text.get(..at).unwrap_or_default());
        return Err(SheetError::NotText { line, column });
    }
    // Excel for the old Macintosh ended lines with CR alone.
    let lines_end_in_cr = text.contains('\r') && !text.contains('\n');
    Ok(if lines_end_in_cr { text.replace('\r', "\n") } else { text.into_owned() })
}

/// Without a mark, text is what it can be: pairs of bytes, UTF-8, or what Excel saved before that.
fn guess(bytes: &[u8]) -> &'static Encoding {
    match bytes {
        [0, second, ..] if *second != 0 => UTF_16BE,
        [first, 0, ..] if *first != 0 => UTF_16LE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    }
}

/// Line and column after `before`, both from 1.
fn place(before: &str) -> (usize, usize) {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}

/// Bytes that are looked at for the mark between values.
const LOOKED_AT: usize = 64 << 10;

/// The mark between values: what Excel's own first line `sep=;` says, else whichever of comma,
/// semicolon and tab stands most often outside quotation marks.
pub(crate) fn separator(text: &str) -> u8 {
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', mark, b'\r' | b'\n', ..] = text.as_bytes()
    {
        return *mark;
    }
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.bytes().take(LOOKED_AT) {
        quoted ^= byte == b'"';
        for (_, count) in counts.iter_mut().filter(|(mark, _)| !quoted && *mark == byte) {
            *count += 1;
        }
    }
    // The first of equals wins, so that a file of one column counts as separated by commas.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}
