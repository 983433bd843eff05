//! Migrations go both ways, and the common ones keep to what both databases understand.

use std::collections::BTreeSet;

use super::{File, Finding};

/// What one of the two databases lacks or reads differently, as words of a statement.
const NOT_PORTABLE: [(&str, &str); 21] = [
    ("SERIAL", "ids are minted by the application"),
    ("BIGSERIAL", "ids are minted by the application"),
    ("SMALLSERIAL", "ids are minted by the application"),
    ("IDENTITY", "ids are minted by the application"),
    ("AUTOINCREMENT", "ids are minted by the application"),
    ("DEFAULT NOW", "time is an argument"),
    ("CURRENT_TIMESTAMP", "time is an argument"),
    ("CURRENT_DATE", "time is an argument"),
    ("GEN_RANDOM_UUID", "ids are minted by the application"),
    ("JSON", "use TEXT"),
    ("JSONB", "use TEXT"),
    ("ARRAY", "use a table"),
    ("ENUM", "use TEXT with CHECK"),
    ("CREATE TYPE", "use TEXT with CHECK"),
    ("ALTER COLUMN", "SQLite cannot; rebuild the table in a dialect's folder"),
    ("ADD CONSTRAINT", "SQLite cannot; rebuild the table in a dialect's folder"),
    ("TRIGGER", "each dialect has its own; use its folder"),
    ("FUNCTION", "PostgreSQL only; use its folder"),
    ("EXTENSION", "PostgreSQL only; use its folder"),
    ("PRAGMA", "SQLite only; use its folder"),
    ("ILIKE", "PostgreSQL only"),
];

/// The same for signs, which stand apart from words.
const NOT_PORTABLE_SIGNS: [(&str, &str); 2] = [("[]", "use a table"), ("::", "use CAST")];

pub(super) fn inspect(file: &File) -> Vec<Finding> {
    let parts: Vec<&str> = file.path.split('/').collect();
    if !file.has_extension("sql") || !parts.contains(&"migrations") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if !["up.sql", "down.sql"].contains(&file.name()) {
        let message = "a migration is a folder with up.sql and down.sql";
        findings.push(Finding::failure(&file.path, None, message));
    }
    if parts.contains(&"common") {
        findings.extend(not_portable(&file.text).into_iter().map(|(line, word, instead)| {
            let message = format!("`{word}` is not portable: {instead}");
            Finding::failure(&file.path, Some(line), message)
        }));
    }
    findings
}

/// Folders with one direction but not the other.
pub(super) fn unpaired(files: &[File]) -> Vec<Finding> {
    let folders = |name: &str| -> BTreeSet<&str> {
        files
            .iter()
            .filter(|file| file.path.split('/').any(|part| part == "migrations"))
            .filter_map(|file| file.path.strip_suffix(name)?.strip_suffix('/'))
            .collect()
    };
    let (up, down) = (folders("up.sql"), folders("down.sql"));
    let lone = |have: &BTreeSet<&str>, lack: &BTreeSet<&str>, name: &str| -> Vec<Finding> {
        let message = format!("has no {name}");
        have.difference(lack)
            .map(|folder| Finding::failure(*folder, None, message.clone()))
            .collect()
    };
    [lone(&up, &down, "down.sql"), lone(&down, &up, "up.sql")].concat()
}

/// Words and signs that are not portable, each with its line.
fn not_portable(sql: &str) -> Vec<(usize, &'static str, &'static str)> {
    let mut found = Vec::new();
    for (index, line) in without_text(sql).lines().enumerate() {
        let line = line.to_uppercase();
        let words: Vec<&str> = line
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|w| !w.is_empty())
            .collect();
        for (word, instead) in NOT_PORTABLE {
            let wanted: Vec<&str> = word.split(' ').collect();
            if words.windows(wanted.len()).any(|window| window == wanted) {
                found.push((index + 1, word, instead));
            }
        }
        let signs = NOT_PORTABLE_SIGNS.iter().filter(|(sign, _)| line.contains(sign));
        found.extend(signs.map(|(sign, instead)| (index + 1, *sign, *instead)));
    }
    found
}

/// The statement without its line comments and quoted text, with the same line breaks.
fn without_text(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quoted = false;
    for line in sql.lines() {
        let mut rest = line.chars().peekable();
        while let Some(letter) = rest.next() {
            match letter {
                '\'' => {
                    quoted = !quoted;
                    out.push(' ');
                }
                '-' if !quoted && rest.peek() == Some(&'-') => break,
                other if !quoted => out.push(other),
                _ => {}
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &[(usize, &str)]) {
        let found: Vec<_> =
            not_portable(sql).into_iter().map(|(line, word, _)| (line, word)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_portable_subset_is_fine() {
        check(
            "CREATE TABLE a (\n  id UUID PRIMARY KEY,\n  at TIMESTAMPTZ NOT NULL,\n  \
             kind TEXT NOT NULL DEFAULT 'open' CHECK (kind IN ('open', 'done'))\n);\n\
             ALTER TABLE a ADD COLUMN note TEXT;\nCREATE UNIQUE INDEX b ON a (at) WHERE note IS NULL;",
            &[],
        );
    }

    #[test]
    fn a_word_of_one_database_is_found_with_its_line() {
        check("CREATE TABLE a (\n  id BIGSERIAL\n);", &[(2, "BIGSERIAL")]);
        check("at TIMESTAMPTZ DEFAULT now()", &[(1, "DEFAULT NOW")]);
        check("data jsonb,\ntags TEXT[]", &[(1, "JSONB"), (2, "[]")]);
        check("ALTER TABLE a ALTER COLUMN b TYPE TEXT;", &[(1, "ALTER COLUMN")]);
        check("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);", &[(1, "ADD CONSTRAINT")]);
        check("SELECT 1::text", &[(1, "::")]);
    }

    #[test]
    fn a_longer_word_is_another_word() {
        check("serial_number TEXT, is_array BOOLEAN", &[]);
    }

    #[test]
    fn comments_and_quoted_text_say_nothing() {
        check("-- no SERIAL here\nkind TEXT CHECK (kind <> 'JSON''B') -- nor JSONB", &[]);
    }

    #[test]
    fn only_common_migrations_must_be_portable() {
        let text = "CREATE TRIGGER a";
        let found = |path: &str| inspect(&File::new(path, text)).len();
        assert_eq!(found("migrations/common/0001_a/up.sql"), 1);
        assert_eq!(found("migrations/sqlite/0001_a/up.sql"), 0);
        assert_eq!(found("docs/common/up.sql"), 0);
    }

    #[test]
    fn a_migration_has_two_directions() {
        let files = [
            File::new("migrations/common/1_a/up.sql", ""),
            File::new("migrations/common/1_a/down.sql", ""),
            File::new("migrations/common/2_b/up.sql", ""),
            File::new("migrations/sqlite/3_c/down.sql", ""),
        ];
        let found: Vec<_> = unpaired(&files).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["migrations/common/2_b: has no down.sql", "migrations/sqlite/3_c: has no up.sql"]
        );
        let stray = File::new("migrations/common/4.sql", "");
        assert_eq!(inspect(&stray).len(), 1);
    }
}
