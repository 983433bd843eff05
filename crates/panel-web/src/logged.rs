//! Which lines of a log are kept, whatever an operator asks for.

use tracing::{Level, Metadata};

/// Whether a line may be written. Ours hold ids and counts at every level; those of the libraries may hold
/// what they work on below `info`: the values of a template, the head of a request, a letter.
pub fn is_kept(line: &Metadata<'_>) -> bool {
    is_ours(line.target()) || *line.level() <= Level::INFO
}

fn is_ours(target: &str) -> bool {
    let name = target.split("::").next().unwrap_or_default();
    name == "panel" || name.starts_with("panel_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_ours_by_the_name_of_its_crate() {
        assert!(is_ours("panel") && is_ours("panel_notify::worker"));
        assert!(!is_ours("handlebars::render") && !is_ours("panelling") && !is_ours(""));
    }
}
