//! The square that a camera reads, as lines of a drawing: no file of its own, and no style in the page.

use super::ViewError;
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;
use std::fmt::Write;

/// The light frame around a square, in its own dots, as cameras need it.
const FRAME: i32 = 4;

/// A square with the words for whoever does not see it.
#[derive(Debug, Clone, Serialize)]
pub struct Square {
    text: String,
    size: i32,
    path: String,
}

impl Square {
    /// The square that says `content`; `text` says what it is.
    ///
    /// # Errors
    /// [`ViewError::Square`] when there is more to say than a square holds, which is some 2,000 letters.
    pub fn new(content: &str, text: impl Into<String>) -> Result<Self, ViewError> {
        let code = QrCode::encode_text(content, QrCodeEcc::Medium)
            .map_err(|error| ViewError::Square(error.to_string()))?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                // Writing into a string does not fail.
                let _ = write!(path, "M{} {}h1v1h-1z", x + FRAME, y + FRAME);
            }
        }
        Ok(Self { text: text.into(), size: code.size() + 2 * FRAME, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_has_its_three_corners_and_a_light_frame() {
        let square = Square::new("otpauth://totp/Panel:a?secret=GEZDGNBV", "A square").unwrap();
        let dots: std::collections::BTreeSet<(i32, i32)> = square
            .path
            .split('M')
            .filter_map(|dot| dot.strip_suffix("h1v1h-1z")?.split_once(' '))
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect();
        let last = square.size - FRAME - 1;
        for (x, y) in [(FRAME, FRAME), (last, FRAME), (FRAME, last), (FRAME + 3, FRAME + 3)] {
            assert!(dots.contains(&(x, y)), "{x} {y}");
        }
        assert!(!dots.contains(&(FRAME + 1, FRAME + 1)));
        assert!(dots.iter().all(|(x, y)| (FRAME..=last).contains(x) && (FRAME..=last).contains(y)));
        assert!(Square::new(&"a".repeat(3_000), "Too much").is_err());
    }
}
