//! Builds the program anew when a scenario or a note is added: the macro that embeds them knows only the files that it
//! has met.

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn main() {
    println!("cargo::rerun-if-changed=scenarios");
    println!("cargo::rerun-if-changed=notes");
}
