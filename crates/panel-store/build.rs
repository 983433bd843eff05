//! `embed_migrations!` does not watch its folders, so a new migration would be missed without this.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
