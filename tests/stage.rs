//! The page: its modules by themselves (`tests/page`), and all of it in a real browser
//! (`tests/stage`).
//!
//! The modules want node and nothing else. The browser's tests also want Chromium (or Chrome), and
//! the packages of `tests/stage` (`npm ci` in that folder). A test whose programs are not there is
//! listed as ignored; `DSYS_BROWSER=required` makes that a failure. What `tsc` and Biome say of the
//! page is a step of CI, as what rustfmt and clippy say of Rust is: no test depends on it.
//!
//! - `cargo test --test stage looks` runs the tests of `looks.test.mjs`.
//! - `DSYS_CHROMIUM` names another browser.
//! - `STAGE_SHOTS` names a folder for pictures of the page at three sizes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "what a test in a browser says begins on a line of its own")]

#[path = "support/optional.rs"]
mod optional;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use libtest_mimic::Failed;
use optional::{Tests, in_path, node_with};

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const REQUIRED_BY: &str = "DSYS_BROWSER";

/// The program, serving, and where. It ends with its tests.
struct Stage {
    program: Child,
    url: String,
}

impl Stage {
    fn start() -> Stage {
        let mut program = Command::new(DSYS);
        program.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = program.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("The stage is at ").unwrap().to_owned();
        Stage { program, url }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn browser() -> Result<PathBuf, String> {
    let found = match std::env::var_os("DSYS_CHROMIUM") {
        Some(named) => Some(PathBuf::from(named)).filter(|file| file.is_file()),
        None => BROWSERS.iter().find_map(|name| in_path(name)),
    };
    found.ok_or_else(|| "there is no Chromium: `apt-get install chromium`, or name one by DSYS_CHROMIUM".to_owned())
}

/// The files of tests in a folder, with what they test.
fn files(folder: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<(String, PathBuf)> =
        names.filter_map(|name| Some((name.strip_suffix(".test.mjs")?.to_owned(), folder.join(&name)))).collect();
    files.sort();
    files
}

/// Tests of modules are quick: what they say is shown if one fails.
fn test_module(node: PathBuf, file: PathBuf) -> Result<(), Failed> {
    let tested = Command::new(node).args(["--test", "--test-reporter=spec"]).arg(file).output()?;
    if tested.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&tested.stdout).into()) }
}

/// Tests in a browser take long, and some measure: what they say is shown as they say it.
fn test_in_browser(node: PathBuf, browser: PathBuf, file: &Path, url: &str) -> Result<(), Failed> {
    println!();
    let mut tests = Command::new(node);
    tests.args(["--test", "--test-reporter=spec"]).arg(file).current_dir(file.parent().unwrap());
    tests.env("STAGE_URL", url).env("DSYS", DSYS).env("CHROMIUM", browser);
    if tests.status()?.success() { Ok(()) } else { Err("see above".into()) }
}

fn main() {
    let mut tests = Tests::default();
    for (name, file) in files("tests/page") {
        let node = node_with("tests/page", &[]);
        tests.add(format!("module::{name}"), node, REQUIRED_BY, move |node| test_module(node, file));
    }
    let stage: Arc<Mutex<Option<Stage>>> = Arc::default();
    for (name, file) in files("tests/stage") {
        let tools = node_with("tests/stage", &["playwright-core", "axe-core"])
            .and_then(|node| browser().map(|browser| (node, browser)));
        let stage = Arc::clone(&stage);
        tests.add(format!("browser::{name}"), tools, REQUIRED_BY, move |(node, browser)| {
            let mut stage = stage.lock().unwrap();
            let Stage { url, .. } = stage.get_or_insert_with(Stage::start);
            test_in_browser(node, browser, &file, url)
        });
    }
    tests.run("THE PAGE", || drop(stage.lock().unwrap().take()));
}
