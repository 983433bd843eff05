//! A letter: one recipient, one subject, plain text, and nothing else.

use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Mailbox, Message};
use lettre::{Address, message};
use panel_core::id::MessageId;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

/// Who letters come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// Why a sender cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a sender such as `Panel <panel@example.org>`")]
pub struct SenderError(String);

impl Sender {
    /// Reads `Panel <panel@example.org>` or a bare address.
    ///
    /// # Errors
    /// [`SenderError`] when it is neither, or holds a control character: the mail builder panics on
    /// a line break in a display name.
    pub fn parse(text: &str) -> Result<Self, SenderError> {
        let refused = || SenderError(text.chars().take(100).collect());
        if text.chars().any(char::is_control) {
            return Err(refused());
        }
        text.parse().map(Self).map_err(|_| refused())
    }
}

/// A letter that is ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The message it carries. Its `Message-ID` derives from this, so that a letter that had to be
    /// sent twice can be told as one.
    pub id: MessageId,
    /// The address of the one recipient.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Why a letter cannot be sent at all, however often it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// A line break or another control character where a header could be forged.
    #[error("control_character")]
    ControlCharacter,
    /// The address is none, or needs what not every server on the way understands.
    #[error("bad_address")]
    Address,
    /// The mail builder gave up, or panicked.
    #[error("not_buildable")]
    Unbuildable,
}

/// A letter in the form in which it travels.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The letter.
    pub letter: Letter,
    /// When it was composed.
    pub at: DateTime<Utc>,
    /// Sender and the one recipient.
    pub(crate) envelope: Envelope,
    /// Headers and body, with CR LF.
    pub(crate) bytes: Vec<u8>,
}

impl Composed {
    /// The `Message-ID` with its brackets.
    pub fn message_id(&self) -> String {
        let domain = self.envelope.from().map_or("localhost", Address::domain);
        message_id(self.letter.id, domain)
    }
}

fn message_id(id: MessageId, domain: &str) -> String {
    format!("<{id}@{domain}>")
}

/// Puts a letter into the form in which it travels. Nothing that happens here stops a batch: the
/// builder is known to panic on hostile data, so its panics are caught and become an error too.
///
/// # Errors
/// [`LetterError`].
pub fn compose(
    sender: &Sender,
    letter: Letter,
    at: DateTime<Utc>,
) -> Result<Composed, LetterError> {
    if letter.to.chars().chain(letter.subject.chars()).any(char::is_control) {
        return Err(LetterError::ControlCharacter);
    }
    if !letter.to.is_ascii() {
        return Err(LetterError::Address);
    }
    let to: Address = letter.to.parse().map_err(|_| LetterError::Address)?;
    let from = sender.0.email.clone();
    let envelope =
        Envelope::new(Some(from), vec![to.clone()]).map_err(|_| LetterError::Unbuildable)?;
    let built = catch_unwind(AssertUnwindSafe(|| build(sender, to, &letter, at)));
    let bytes = match built {
        Ok(Ok(message)) => message.formatted(),
        Ok(Err(_)) | Err(_) => return Err(LetterError::Unbuildable),
    };
    Ok(Composed { letter, at, envelope, bytes })
}

fn build(
    sender: &Sender,
    to: Address,
    letter: &Letter,
    at: DateTime<Utc>,
) -> Result<Message, lettre::error::Error> {
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let mut message = message::MessageBuilder::new()
        .from(sender.0.clone())
        .to(Mailbox::new(None, to))
        .subject(letter.subject.as_str())
        .date(SystemTime::from(at))
        .message_id(Some(message_id(letter.id, sender.0.email.domain())))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.clone())?;
    message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use panel_core::id::Id;
    use uuid::Uuid;

    fn letter(to: &str, subject: &str) -> Letter {
        Letter {
            id: MessageId::from_uuid(Uuid::from_u128(7)),
            to: to.to_owned(),
            subject: subject.to_owned(),
            body: "Hello Siân,\n\nYou have 2 actions due.\n".to_owned(),
        }
    }

    fn composed(to: &str, subject: &str) -> Result<Composed, LetterError> {
        let sender = Sender::parse("Panel <panel@mail.example>").unwrap();
        let at = Utc.with_ymd_and_hms(2026, 12, 14, 8, 0, 0).unwrap();
        compose(&sender, letter(to, subject), at)
    }

    #[test]
    fn a_letter_has_one_recipient_plain_text_and_a_stable_message_id() {
        let composed = composed("jo@police.example", "You have 2 actions due").unwrap();
        insta::assert_snapshot!(String::from_utf8(composed.bytes.clone()).unwrap(), @r"
        From: Panel <panel@mail.example>
        To: jo@police.example
        Subject: You have 2 actions due
        Date: Mon, 14 Dec 2026 08:00:00 +0000
        Message-ID: <00000000-0000-0000-0000-000000000007@mail.example>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable
        Auto-Submitted: auto-generated

        Hello Si=C3=A2n,

        You have 2 actions due.
        ");
        assert_eq!(composed.message_id(), "<00000000-0000-0000-0000-000000000007@mail.example>");
    }

    #[test]
    fn what_could_forge_a_header_is_refused_before_the_builder_sees_it() {
        let refused = |to, subject| composed(to, subject).map(|_| ()).unwrap_err();
        assert_eq!(
            refused("jo@police.example\r\nBcc: x@y.example", "a"),
            LetterError::ControlCharacter
        );
        assert_eq!(
            refused("jo@police.example", "a\r\nBcc: x@y.example"),
            LetterError::ControlCharacter
        );
        assert_eq!(refused("jo@police.example", "a\0"), LetterError::ControlCharacter);
        assert_eq!(refused("jo, sam@police.example", "a"), LetterError::Address);
        assert_eq!(refused("", "a"), LetterError::Address);
        assert_eq!(refused("jo@pоlice.example", "a"), LetterError::Address);
    }

    #[test]
    fn a_sender_with_a_line_break_is_refused() {
        assert!(Sender::parse("Pa\r\nnel <panel@mail.example>").is_err());
        assert!(Sender::parse("nobody").is_err());
        assert!(Sender::parse("panel@mail.example").is_ok());
    }
}
