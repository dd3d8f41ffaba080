//! What the program prints, command by command, held against transcripts.
//!
//! `UPDATE_GOLDENS=1 cargo test --test cli transcripts` writes them anew; with `problems` instead
//! of `transcripts`, only those that list the problems.

use std::process::Command;

/// Holds transcripts against what the program prints; a test's name, and where they stand.
///
/// trycmd takes its orders from a variable of its own, and a variable can safely be set only for a
/// process that begins: this very test in another one. What trycmd says of what it writes reads as
/// failures do, and is shown only if it could not write.
fn transcripts(test: &str, files: &str) {
    const ORDER: &str = "TRYCMD";
    if std::env::var_os("UPDATE_GOLDENS").is_some() && std::env::var_os(ORDER).is_none() {
        let mut again = Command::new(std::env::current_exe().unwrap());
        let written = again.args(["--exact", test]).env(ORDER, "overwrite").output().unwrap();
        assert!(written.status.success(), "{}{}", super::stdout(&written), super::stderr(&written));
    } else {
        trycmd::TestCases::new().case(files);
    }
}

#[test]
fn they_are_as_they_were() {
    transcripts("transcripts::they_are_as_they_were", "tests/cli/*.trycmd");
}

/// What lists the problems is by itself, so that a new problem needs this one quick test.
#[test]
fn problems_are_listed() {
    transcripts("transcripts::problems_are_listed", "tests/cli/problems/*.trycmd");
}
