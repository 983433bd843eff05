//! The workspace as cargo sees it: where it lies, its packages and who depends on whom.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::{capture, cargo};

/// Where the source and the build output lie.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks cargo, starting from this crate, so that a task may be started in any folder.
    pub(crate) fn locate() -> Result<Self> {
        #[derive(Deserialize)]
        struct Located {
            workspace_root: PathBuf,
            target_directory: PathBuf,
        }
        let text = capture(
            cargo()
                .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
                .current_dir(env!("CARGO_MANIFEST_DIR")),
        )?;
        let located: Located = serde_json::from_str(&text).context("cargo metadata")?;
        Ok(Self { root: located.workspace_root, target: located.target_directory })
    }

    /// The folder of the workspace's own `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's build folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// A cargo command run at the root.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = cargo();
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// The triple of this machine.
    pub(crate) fn host(&self) -> Result<String> {
        host(&capture(Command::new("rustc").arg("-vV").current_dir(&self.root))?)
    }

    /// Reads every package that a build for this machine takes in.
    ///
    /// Nothing is asked of the network as long as those packages have been fetched, which any
    /// build does; otherwise cargo fetches them.
    pub(crate) fn packages(&self) -> Result<Packages> {
        let host = self.host()?;
        let read = |offline: &[&str]| {
            let filter = ["metadata", "--format-version", "1", "--locked", "--filter-platform"];
            capture(self.cargo(filter).arg(&host).args(offline))
        };
        let text = read(&["--offline"]).or_else(|_| read(&[]))?;
        Packages::parse(&text)
    }
}

/// The line of `rustc -vV` that names this machine.
fn host(version: &str) -> Result<String> {
    version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .context("rustc -vV names no host")
}

/// Every package of the dependency tree, workspace members included.
#[derive(Debug)]
pub(crate) struct Packages {
    by_id: BTreeMap<String, Package>,
    members: Vec<String>,
    dependencies: BTreeMap<String, Vec<Dependency>>,
}

/// One package of the tree.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    /// Where it was fetched from; `None` for a path in this workspace.
    pub(crate) source: Option<String>,
}

/// A direct dependency of one package on another.
#[derive(Debug)]
pub(crate) struct Dependency {
    package: String,
    /// Whether only tests, examples and benchmarks see it.
    pub(crate) dev_only: bool,
}

impl Packages {
    /// Reads the output of `cargo metadata --format-version 1`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Metadata {
            packages: Vec<Package>,
            workspace_members: Vec<String>,
            resolve: Resolve,
        }
        #[derive(Deserialize)]
        struct Resolve {
            nodes: Vec<Node>,
        }
        #[derive(Deserialize)]
        struct Node {
            id: String,
            deps: Vec<NodeDependency>,
        }
        #[derive(Deserialize)]
        struct NodeDependency {
            pkg: String,
            dep_kinds: Vec<DependencyKind>,
        }
        #[derive(Deserialize)]
        struct DependencyKind {
            kind: Option<String>,
        }
        let metadata: Metadata = serde_json::from_str(text).context("cargo metadata")?;
        let is_dev = |kind: &DependencyKind| kind.kind.as_deref() == Some("dev");
        let dependencies = metadata.resolve.nodes.into_iter().map(|node| {
            let of_node = node.deps.into_iter().map(|dependency| Dependency {
                dev_only: dependency.dep_kinds.iter().all(is_dev),
                package: dependency.pkg,
            });
            (node.id, of_node.collect())
        });
        Ok(Self {
            dependencies: dependencies.collect(),
            members: metadata.workspace_members,
            by_id: metadata.packages.into_iter().map(|p| (p.id.clone(), p)).collect(),
        })
    }

    /// Every package that is part of the tree, in the order of their ids.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Package> {
        self.by_id.values().filter(|package| self.dependencies.contains_key(&package.id))
    }

    /// The packages of this workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.members.iter().filter_map(|id| self.by_id.get(id))
    }

    /// The direct dependencies of a package.
    pub(crate) fn dependencies_of(
        &self,
        package: &Package,
    ) -> impl Iterator<Item = (&Package, &Dependency)> {
        self.dependencies
            .get(&package.id)
            .into_iter()
            .flatten()
            .filter_map(|edge| Some((self.by_id.get(&edge.package)?, edge)))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A tree in short form, one package a line:
    /// `name | licence | registry, git or path | dependencies`, where `dev:` marks a test-only one.
    pub(crate) fn tree(lines: &str) -> Packages {
        let rows: Vec<Vec<&str>> = lines
            .lines()
            .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
            .filter(|row| row.len() == 4)
            .collect();
        let packages: Vec<_> = rows.iter().map(|row| package(row[0], row[1], row[2])).collect();
        let nodes: Vec<_> = rows
            .iter()
            .map(|row| {
                let deps: Vec<_> = row[3].split_whitespace().map(dependency).collect();
                serde_json::json!({ "id": row[0], "deps": deps })
            })
            .collect();
        let members: Vec<_> =
            rows.iter().filter(|row| row[2] == "path").map(|row| row[0]).collect();
        let metadata = serde_json::json!({
            "packages": packages,
            "workspace_members": members,
            "resolve": { "nodes": nodes },
        });
        Packages::parse(&metadata.to_string()).unwrap()
    }

    fn package(name: &str, licence: &str, origin: &str) -> serde_json::Value {
        let source = match origin {
            "path" => None,
            "registry" => Some("registry+https://github.com/rust-lang/crates.io-index"),
            other => Some(other),
        };
        let named = (licence != "-").then_some(licence);
        serde_json::json!({
            "id": name, "name": name, "version": "1.0.0", "license": named,
            "source": source,
        })
    }

    fn dependency(word: &str) -> serde_json::Value {
        let (kind, name) = match word.strip_prefix("dev:") {
            Some(name) => (Some("dev"), name),
            None => (None, word),
        };
        serde_json::json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] })
    }

    #[test]
    fn members_and_dependencies_are_read() {
        let packages = tree("a | MIT | path | b dev:c\nb | MIT | registry |\nc | MIT | registry |");
        let a = packages.members().next().unwrap();
        let seen: Vec<_> =
            packages.dependencies_of(a).map(|(p, edge)| (p.name.as_str(), edge.dev_only)).collect();
        assert_eq!(seen, [("b", false), ("c", true)]);
        assert_eq!(packages.members().count(), 1);
        assert_eq!(packages.all().count(), 3);
    }

    #[test]
    fn the_host_is_read_from_the_compiler() {
        let version = "rustc 1.95.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n";
        assert_eq!(host(version).unwrap(), "x86_64-unknown-linux-gnu");
    }
}
