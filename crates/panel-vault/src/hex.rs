//! Bytes as people type and compare them.

/// Two lower-case digits a byte.
pub(crate) fn write(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 0xf].map(|half| char::from_digit(half.into(), 16));
    bytes.iter().flat_map(digits).flatten().collect()
}

/// Exactly `N` bytes, blanks and hyphens between digits left out; nothing when it is anything else.
pub(crate) fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_digit(16));
    let digits: Vec<u8> = digits.map(|d| u8::try_from(d?).ok()).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect::<Option<_>>()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        assert_eq!(write(&[0, 15, 255]), "000fff");
        assert_eq!(read(" 00-0F ff"), Some([0, 15, 255]));
        for bad in ["", "000ff", "000fffff", "000fgg", "é0ff"] {
            assert_eq!(read::<3>(bad), None, "{bad}");
        }
    }
}
