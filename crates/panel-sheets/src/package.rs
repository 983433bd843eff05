//! Judges a workbook as a zip archive, before a spreadsheet reader sees it.
//!
//! The directory alone decides whether anything is unpacked at all. Then each part is unpacked once
//! through a small buffer, so that a directory that lies about sizes, a text without end or a count
//! that asks for all memory is found while it costs nothing.

use crate::error::SheetError;
use crate::limits;
use std::io::{Cursor, Read};
use zip::ZipArchive;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Refuses what is no workbook, or what would take too much to open.
pub(crate) fn check(bytes: &[u8]) -> Result<(), SheetError> {
    check_entry_count(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| SheetError::Broken("the directory of the file cannot be read"))?;
    check_directory(&archive, bytes.len())?;
    check_kind(&archive)?;
    (0..archive.len()).try_for_each(|index| check_part(&mut archive, index))
}

/// Reads the number of entries from the last record of the archive, since a directory of a million
/// entries is itself a bomb.
fn check_entry_count(bytes: &[u8]) -> Result<(), SheetError> {
    const LONGEST_TAIL: usize = 22 + 65_535;
    let tail = bytes.get(bytes.len().saturating_sub(LONGEST_TAIL)..).unwrap_or_default();
    let mut ends = tail.windows(12).filter(|window| window.starts_with(b"PK\x05\x06"));
    let entries = |end: &[u8]| match end {
        [.., low, high] => usize::from(u16::from_le_bytes([*low, *high])),
        _ => 0,
    };
    if ends.any(|end| entries(end) > limits::PARTS) { Err(SheetError::Bomb) } else { Ok(()) }
}

fn check_directory(archive: &Archive<'_>, packed: usize) -> Result<(), SheetError> {
    if archive.has_duplicate_names() {
        return Err(SheetError::Broken("it holds two parts of one name"));
    }
    if archive.len() > limits::PARTS {
        return Err(SheetError::Bomb);
    }
    let packed = u64::try_from(packed).unwrap_or(u64::MAX);
    let mut unpacked: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|_| unreadable())?;
        unpacked = unpacked.saturating_add(entry.size());
        let single = entry.size() > limits::FREE_BYTES
            && entry.size() / limits::RATIO > entry.compressed_size();
        if single || (!is_sheet(&name_of(entry.name())) && entry.size() > limits::PART_BYTES) {
            return Err(SheetError::Bomb);
        }
        if entry.encrypted() {
            return Err(SheetError::Encrypted);
        }
    }
    let too_dense = unpacked > limits::FREE_BYTES && unpacked / limits::RATIO > packed;
    if unpacked > limits::UNPACKED_BYTES || too_dense { Err(SheetError::Bomb) } else { Ok(()) }
}

fn unreadable() -> SheetError {
    SheetError::Broken("a part of the file cannot be read")
}

fn name_of<E>(name: Result<std::borrow::Cow<'_, str>, E>) -> String {
    name.map(|name| name.to_ascii_lowercase()).unwrap_or_default()
}

/// Whether a part may be long because it is read as a stream.
fn is_sheet(name: &str) -> bool {
    name.starts_with("xl/worksheets/")
}

/// Tells other archives apart, so that the answer names them.
fn check_kind(archive: &Archive<'_>) -> Result<(), SheetError> {
    let names: Vec<String> =
        (0..archive.len()).filter_map(|i| archive.name_for_index(i)).map(name_of).collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    let what = if has("xl/workbook.bin") {
        "a binary Excel workbook (.xlsb)"
    } else if has("xl/") {
        return Ok(());
    } else if has("word/") {
        "a Word document"
    } else if has("ppt/") {
        "a PowerPoint presentation"
    } else if has("content.xml") {
        "an OpenDocument file"
    } else {
        "an archive of files (.zip)"
    };
    Err(SheetError::OtherFormat { what })
}

/// Whether the spreadsheet reader takes a part, by its name in lower case, for XML.
fn is_markup(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    (name.starts_with("xl/") || name.starts_with("_rels/")) && ["xml", "rels"].contains(&extension)
}

/// Unpacks a part once, which ends at the size that the directory declared or with an error.
fn check_part(archive: &mut Archive<'_>, index: usize) -> Result<(), SheetError> {
    let mut part = archive.by_index(index).map_err(|_| unreadable())?;
    let name = name_of(part.name());
    if name.ends_with("sharedstrings.xml") {
        return check_texts(part);
    }
    let is_markup = is_markup(&name);
    let mut markup = Markup::default();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let taken = part.read(&mut buffer).map_err(|_| unreadable())?;
        let chunk = buffer.get(..taken).unwrap_or_default();
        if chunk.is_empty() {
            return Ok(());
        }
        if is_markup {
            markup.feed(chunk)?;
        }
    }
}

/// What has been seen of a part's XML.
#[derive(Default)]
struct Markup {
    /// Bytes since the last `<`.
    run: usize,
    /// Whether the last byte was `<`.
    after_mark: bool,
}

impl Markup {
    /// Refuses text without an end, and document types and comments: the first carry entities, and
    /// both may hold a `<` that starts nothing.
    fn feed(&mut self, chunk: &[u8]) -> Result<(), SheetError> {
        for piece in chunk.split_inclusive(|byte| *byte == b'<') {
            if self.after_mark && piece.first() == Some(&b'!') {
                return Err(SheetError::Broken("it holds comments or entities in its XML"));
            }
            self.run += piece.len();
            if self.run > limits::XML_RUN_BYTES {
                return Err(SheetError::Bomb);
            }
            self.after_mark = piece.last() == Some(&b'<');
            if self.after_mark {
                self.run = 0;
            }
        }
        Ok(())
    }
}

/// Checks the table of texts, which the directory keeps below [`limits::PART_BYTES`].
fn check_texts(mut part: impl Read) -> Result<(), SheetError> {
    let mut texts = Vec::new();
    part.read_to_end(&mut texts).map_err(|_| unreadable())?;
    Markup::default().feed(&texts)?;
    let mut tags = texts.split(|byte| *byte == b'<').filter(|tag| is_table_of_texts(tag));
    if tags.any(asks_too_much) { Err(SheetError::Bomb) } else { Ok(()) }
}

/// Whether a tag opens the table of texts, under whatever prefix.
fn is_table_of_texts(tag: &[u8]) -> bool {
    let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'>').next();
    name.and_then(|name| name.rsplit(|byte| *byte == b':').next()) == Some(b"sst")
}

/// A count of more figures than this asks for more than any file of its size can need.
const COUNT_FIGURES: usize = 6;

/// Whether the tag asks for memory beyond reason: the spreadsheet reader would give it at once.
fn asks_too_much(tag: &[u8]) -> bool {
    const COUNT: &[u8] = b"uniqueCount";
    let Some(at) = tag.windows(COUNT.len()).position(|window| window == COUNT) else {
        return false;
    };
    let value = tag.iter().skip(at + COUNT.len());
    let value = value.skip_while(|byte| b"=\"' \t\r\n".contains(byte));
    value.take_while(|byte| byte.is_ascii_digit()).count() > COUNT_FIGURES
}
