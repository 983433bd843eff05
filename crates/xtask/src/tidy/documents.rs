//! Documents that point at one another: decisions in their index, links to files that exist.

use super::{File, Finding};

const DECISIONS: &str = "docs/adr/";
const INDEX: &str = "docs/adr/README.md";

/// Decision records that the index does not link, and indexes that are not there.
pub(super) fn unindexed_decisions(files: &[File]) -> Vec<Finding> {
    let index = files.iter().find(|file| file.path == INDEX).map(|file| file.text.as_str());
    files
        .iter()
        .filter(|file| file.path.starts_with(DECISIONS) && file.path != INDEX)
        .filter(|file| !index.unwrap_or_default().contains(&format!("]({}", file.name())))
        .map(|file| Finding::failure(&file.path, None, format!("is not linked in {INDEX}")))
        .collect()
}

/// Relative links to files that do not exist; `exists` is asked with a path from the root.
pub(super) fn dead_links(files: &[File], exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.has_extension("md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, link) in links(file) {
            let target = link.split(['#', '?']).next().unwrap_or_default();
            if target.is_empty() || target.contains(':') {
                continue;
            }
            let found = resolve(folder, target).is_some_and(|path| exists(&path));
            if !found {
                let message = format!("links to `{target}`, which does not exist");
                findings.push(Finding::failure(&file.path, Some(number), message));
            }
        }
    }
    findings
}

/// The targets of `[text](target)` outside code, with their lines.
fn links(file: &File) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut in_code = false;
    for (number, line) in file.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second part between back-ticks is code.
        let targets = line.split('`').step_by(2).flat_map(|prose| prose.split("](").skip(1));
        let ends = targets.filter_map(|rest| rest.split([')', ' ']).next());
        links.extend(ends.map(|target| (number, target)));
    }
    links
}

/// A path from the root, out of a folder and a link; `None` when it leaves the repository.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_links(path: &str, text: &str, expected: &[&str]) {
        let exists = |path: &str| ["README.md", "docs/guide.md", "docs"].contains(&path);
        let files = [File::new(path, text)];
        let found: Vec<_> = dead_links(&files, exists).into_iter().map(|f| f.message).collect();
        let expected: Vec<_> =
            expected.iter().map(|t| format!("links to `{t}`, which does not exist")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        check_links("README.md", "[a](docs/guide.md#part) and [b](docs/)", &[]);
        check_links("docs/guide.md", "[up](../README.md) [here](#part) [next](./guide.md)", &[]);
        check_links("README.md", "[web](https://www.gov.uk) [mail](mailto:a@example.org)", &[]);
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        check_links("README.md", "[a](docs/gone.md) [b](docs/guide.md)", &["docs/gone.md"]);
        check_links("docs/guide.md", "![picture](shot.png \"A title\")", &["shot.png"]);
        check_links("README.md", "[out](../other/README.md)", &["../other/README.md"]);
    }

    #[test]
    fn code_is_no_link() {
        check_links("README.md", "`[a](gone.md)`\n```\n[b](gone.md)\n```\n", &[]);
    }

    #[test]
    fn a_decision_must_be_in_the_index() {
        let files = [
            File::new(INDEX, "- [Sync Diesel](0001-sync-diesel.md)"),
            File::new("docs/adr/0001-sync-diesel.md", ""),
            File::new("docs/adr/0002-pure-core.md", ""),
        ];
        let places: Vec<_> = unindexed_decisions(&files).into_iter().map(|f| f.place).collect();
        assert_eq!(places, ["docs/adr/0002-pure-core.md"]);
        let lone = [File::new("docs/adr/0001-sync-diesel.md", "")];
        assert_eq!(unindexed_decisions(&lone).len(), 1);
    }
}
