//! Builds the program anew when a scenario, a note or a file of the page is added: the macro that
//! embeds them knows only the files that it has met.

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn main() {
    println!("cargo::rerun-if-changed=scenarios");
    println!("cargo::rerun-if-changed=notes");
    println!("cargo::rerun-if-changed=src/stage/assets");
}
