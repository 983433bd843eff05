//! `bench`: starts what the measurements need and runs them, built for release.
//!
//! The measurements are a program of their own, the benchmark target named below: it knows the
//! product, this task does not. It prints its table and writes `docs/benchmarks.md`.

use anyhow::{Result, bail};

use crate::cluster::{Cluster, Durability, URL_VARIABLE};
use crate::equipment;
use crate::process::{perform, say};
use crate::workspace::{Package, Workspace};

const PACKAGE: &str = "panel-tests";
const TARGET: &str = "pages";

/// The task `bench`, in one run on both databases, with the servers' own durability.
///
/// # Errors
/// When the workspace holds no such target, PostgreSQL cannot be started or a measurement fails.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    if !workspace.packages()?.members().any(holds_target) {
        bail!("package {PACKAGE} has no benchmark named `{TARGET}`: nothing to measure");
    }
    let cluster = Cluster::start(&equipment::postgres()?, Durability::On)?;
    say("PostgreSQL: throw-away cluster started");
    let bench = ["bench", "--package", PACKAGE, "--bench", TARGET, "--locked"];
    perform(workspace.cargo(bench).env(URL_VARIABLE, cluster.url()))
}

fn holds_target(package: &Package) -> bool {
    let is_bench = |kinds: &[String]| kinds.iter().any(|kind| kind == "bench");
    package.name == PACKAGE
        && package.targets.iter().any(|target| target.name == TARGET && is_bench(&target.kind))
}
