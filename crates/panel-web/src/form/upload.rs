//! A form with one file: its parts are read into memory within their limits.

use super::values::{InputError, Values};
use crate::errors::Failure;
use crate::limits::{CLIENT_REQUEST, UPLOAD_BYTES};
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::rt;
use actix_web::web::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

/// The most bytes of all plain fields beside the file.
const FIELDS_BYTES: usize = 256 * 1024;

/// The most characters of a file's name that are kept.
const NAME_CHARACTERS: usize = 150;

/// A file as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The field it came in.
    pub field: String,
    /// Its name, cleaned to a label; never used as a path.
    pub name: String,
    /// Its bytes. What they are is for the reader of the format to find out.
    pub bytes: Bytes,
}

/// Reads every part.
pub(super) async fn read(
    headers: &HeaderMap,
    payload: Payload,
) -> Result<(Values, Option<File>), Failure> {
    let mut parts = Multipart::new(headers, payload);
    let (mut values, mut file) = (Values::new(), None);
    let (mut fields_left, mut file_left) = (FIELDS_BYTES, UPLOAD_BYTES);
    while let Some(part) = next(&mut parts).await? {
        let mut part = part.map_err(|_| InputError::Broken)?;
        let name = part.name().ok_or(InputError::BadName)?.to_owned();
        let sent_as = part.content_disposition().and_then(|d| d.get_filename().map(label));
        let Some(file_name) = sent_as else {
            let bytes = whole(&mut part, &mut fields_left, InputError::TooLarge.into()).await?;
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| InputError::NotText)?;
            values.add(name, text)?;
            continue;
        };
        let too_large = Failure::TooLarge { limit: UPLOAD_BYTES };
        let bytes = whole(&mut part, &mut file_left, too_large).await?;
        if file_name.is_empty() && bytes.is_empty() {
            // A browser sends an empty part when no file was chosen.
            continue;
        }
        if file.is_some() {
            return Err(InputError::TooMany.into());
        }
        file = Some(File { field: name, name: file_name, bytes });
    }
    Ok((values, file))
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Result<Option<S::Item>, Failure> {
    rt::time::timeout(CLIENT_REQUEST, stream.next()).await.map_err(|_| Failure::TooSlow)
}

async fn whole(part: &mut Field, left: &mut usize, over: Failure) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(piece) = next(part).await? {
        let piece = piece.map_err(|_| InputError::Broken)?;
        let Some(rest) = left.checked_sub(piece.len()) else { return Err(over) };
        *left = rest;
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// A file's name as a label: the last step of any path, without what hides or turns text.
fn label(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let hides = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let clean: String = last.chars().filter(|c| !hides(c)).take(NAME_CHARACTERS).collect();
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_is_only_a_label() {
        for (sent, expected) in [
            ("tracker.xlsx", "tracker.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\tracker.xlsx", "tracker.xlsx"),
            ("a\r\nX: y.pdf", "aX: y.pdf"),
            ("gnp\u{202e}xslx.exe", "gnpxslx.exe"),
            (" Siân’s list.csv ", "Siân’s list.csv"),
            ("", ""),
        ] {
            assert_eq!(label(sent), expected, "{sent:?}");
        }
        assert_eq!(label(&"a".repeat(300)).len(), NAME_CHARACTERS);
    }
}
