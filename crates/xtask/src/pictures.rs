//! `pictures`: takes the pictures of the guides from the running program.
//!
//! The walk is a program of its own, the example named below: it knows the product, this task does
//! not.

use anyhow::Result;

use crate::equipment;
use crate::process::perform;
use crate::workspace::Workspace;

const EXAMPLE: &str = "pictures";
const TRACKER: &str = "tests/data/tracker.xlsx";
const FOLDER: &str = "docs/images";

/// The task `pictures`: writes docs/images.
///
/// # Errors
/// When Chromium is missing, the build fails, or a page is not as the walk expects it.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    equipment::browser()?;
    // The same selection of packages as for the tests, so that nothing is built twice.
    let build = ["build", "--workspace", "--bin", "panel", "--example", EXAMPLE, "--locked"];
    perform(&mut workspace.cargo(build))?;
    let programs = workspace.target().join("debug");
    let mut walk = std::process::Command::new(programs.join("examples").join(EXAMPLE));
    let paths =
        [programs.join("panel"), workspace.root().join(TRACKER), workspace.root().join(FOLDER)];
    perform(walk.args(paths))
}
