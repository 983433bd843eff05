//! What a person reads of a mail that came.

use super::Mail;

impl Mail {
    /// The value of a header, without folding.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.text.split_once("\r\n\r\n")?;
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.trim_end().to_owned())
        })
    }

    /// The subject, as long as it is plain ASCII, which every one is.
    pub fn subject(&self) -> String {
        self.header("Subject").unwrap_or_default()
    }

    /// The text, out of the form in which it travelled.
    ///
    /// # Panics
    /// When it travelled in a form that nobody has needed yet.
    #[track_caller]
    pub fn body(&self) -> String {
        let (_, body) = self.text.split_once("\r\n\r\n").unwrap_or_default();
        match self.header("Content-Transfer-Encoding").as_deref() {
            Some("quoted-printable") => unquote(body),
            None | Some("7bit" | "8bit") => body.replace("\r\n", "\n"),
            Some(other) => panic!("a mail came in {other}"),
        }
    }
}

/// Undoes quoted-printable.
fn unquote(text: &str) -> String {
    let joined = text.replace("=\r\n", "").replace("\r\n", "\n");
    let mut parts = joined.split('=');
    let mut bytes: Vec<u8> = parts.next().unwrap_or_default().bytes().collect();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(code, 16));
        bytes.extend(rest.bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(head: &str, body: &str) -> Mail {
        let text = format!("Subject: You have\r\n 2 actions due\r\n{head}\r\n{body}");
        Mail { from: String::new(), to: Vec::new(), text, over_tls: false, user: None }
    }

    #[test]
    fn a_folded_subject_is_one_line() {
        assert_eq!(mail("", "").subject(), "You have 2 actions due");
    }

    #[test]
    fn a_name_beyond_ascii_is_read() {
        let quoted = "Content-Transfer-Encoding: quoted-printable\r\n";
        assert_eq!(
            mail(quoted, "Hello Zo=C3=AB,\r\n1 =3D=\r\n 1\r\n").body(),
            "Hello Zoë,\n1 = 1\n"
        );
        assert_eq!(mail("", "Hello Zoe,\r\n").body(), "Hello Zoe,\n");
    }
}
