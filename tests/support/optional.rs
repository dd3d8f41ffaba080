//! Tests that need programs which may not be there: such a test is then listed as ignored, and a
//! line at the end says what is missing. The harness of the standard library can leave a test out
//! only when it is compiled, and hides what a test prints that passes.

#![allow(clippy::print_stderr, reason = "a test that is left out says so")]

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

#[path = "harness.rs"]
mod harness;

/// Tests by their names, and what is missing for some of them.
#[derive(Default)]
pub(crate) struct Tests {
    trials: Vec<Trial>,
    missing: Vec<String>,
}

impl Tests {
    /// Adds a test that wants what `tools` found; without that it is ignored, unless the variable
    /// of the environment `required_by` says `required`: then it fails.
    pub(crate) fn add<T: Send + 'static>(
        &mut self,
        name: impl Into<String>,
        tools: Result<T, String>,
        required_by: &str,
        run: impl FnOnce(T) -> Result<(), Failed> + Send + 'static,
    ) {
        let is_required = std::env::var_os(required_by).is_some_and(|wish| wish == "required");
        let trial = match tools {
            Ok(tools) => Trial::test(name, move || run(tools)),
            Err(missing) if is_required => Trial::test(name, move || Err(missing.into())),
            Err(missing) => {
                if !self.missing.contains(&missing) {
                    self.missing.push(missing);
                }
                Trial::test(name, || Ok(())).with_ignored_flag(true)
            }
        };
        self.trials.push(trial);
    }

    /// Runs the tests one after the other, calls `finish`, and ends the program. `what` is not
    /// tested where something is missing.
    pub(crate) fn run(self, what: &str, finish: impl FnOnce()) -> ! {
        let (arguments, conclusion) = harness::run(self.trials, Some(1));
        finish();
        if !arguments.list {
            for missing in &self.missing {
                eprintln!("!!! {what} IS NOT TESTED: {missing} !!!\n");
            }
        }
        conclusion.exit()
    }
}

/// The program of this name in the folders of `PATH`.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Node, and these packages in a folder of tests; or what is missing.
pub(crate) fn node_with(folder: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let node = in_path("node").ok_or("there is no `node`")?;
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("node_modules");
    if packages.iter().all(|package| modules.join(package).is_dir()) {
        Ok(node)
    } else {
        Err(format!("the packages are not there: run `npm ci` in {folder}"))
    }
}
