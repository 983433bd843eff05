//! Templates escape what they show: raw output stands only in a layout's content slot.

use super::{File, Finding};

pub(super) fn inspect(file: &File) -> Vec<Finding> {
    if !file.has_extension("hbs") {
        return Vec::new();
    }
    let message = "shows text unescaped; only the `content` slot of a layout may";
    file.lines()
        .filter(|(_, line)| is_raw(line, is_layout(file)))
        .map(|(number, _)| Finding::failure(&file.path, Some(number), message))
        .collect()
}

fn is_layout(file: &File) -> bool {
    file.name().starts_with("layout.")
}

/// Handlebars has two ways to leave text as it is: three braces, and an ampersand after two.
fn is_raw(line: &str, is_layout: bool) -> bool {
    let mut line = line.to_owned();
    if is_layout {
        for slot in ["{{{content}}}", "{{{ content }}}"] {
            line = line.replace(slot, "");
        }
    }
    line.contains("{{{") || line.contains("{{&") || line.contains("{{~&") || line.contains("{{~{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[usize]) {
        let lines: Vec<_> =
            inspect(&File::new(path, text)).iter().filter_map(|finding| finding.line).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn escaped_output_is_fine() {
        check("a.hbs", "<p>{{name}}</p>\n{{#each rows}}{{> row}}{{/each}}\n", &[]);
    }

    #[test]
    fn raw_output_is_found_in_each_spelling() {
        check("a.hbs", "<p>\n{{{name}}}\n", &[2]);
        check("a.hbs", "{{& name}}\n{{~{name}~}}\n{{~& name}}\n", &[1, 2, 3]);
    }

    #[test]
    fn a_layout_has_one_raw_slot() {
        check("templates/layout.hbs", "<main>{{{content}}}</main>\n", &[]);
        check("templates/layout.html.hbs", "{{{ content }}}\n", &[]);
        check("templates/layout.hbs", "{{{content}}}{{{title}}}\n", &[1]);
        check("templates/page.hbs", "{{{content}}}\n", &[1]);
    }

    #[test]
    fn other_files_may_speak_of_braces() {
        check("docs/a.md", "{{{\n", &[]);
    }
}
