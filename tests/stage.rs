//! The page in a real browser: runs `tests/stage/*.test.mjs` with node against a server of its own.
//!
//! Wants Chromium (or Chrome), node, and the packages of `tests/stage` (`npm ci` in that folder).
//! Where one of them is not there the tests are left out, loudly; `DSYS_BROWSER=required` makes
//! that a failure.
//!
//! - `DSYS_CHROMIUM` names another browser.
//! - `STAGE_SHOTS` names a folder for pictures of the page at three sizes.
//! - `STAGE_TESTS` names the files to run, parted by blanks: `looks.test.mjs`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stage");
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A program that ends with its test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The file of this name in the folders of `PATH`.
fn in_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn browser() -> Option<PathBuf> {
    match std::env::var_os("DSYS_CHROMIUM") {
        Some(named) => Some(PathBuf::from(named)).filter(|file| file.is_file()),
        None => BROWSERS.iter().find_map(|name| in_path(name)),
    }
}

/// Node and a browser; or what is missing.
fn tools() -> Result<(PathBuf, PathBuf), &'static str> {
    let node = in_path("node").ok_or("there is no `node`")?;
    let browser = browser().ok_or("there is no Chromium: `apt-get install chromium`, or name one by DSYS_CHROMIUM")?;
    if !Path::new(FOLDER).join("node_modules/playwright-core").is_dir() {
        return Err("the packages are not there: run `npm ci` in tests/stage");
    }
    Ok((node, browser))
}

#[test]
fn the_page_does_what_it_should_in_a_browser() {
    let (node, browser) = match tools() {
        Ok(tools) => tools,
        Err(missing) if std::env::var_os("DSYS_BROWSER").is_some_and(|wish| wish == "required") => panic!("{missing}"),
        Err(missing) => {
            eprintln!("\n!!! THE PAGE IS NOT TESTED IN A BROWSER: {missing} !!!\n");
            return;
        }
    };
    let mut server = Command::new(DSYS);
    server.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = Server(server.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("The stage is at ").unwrap();
    let named = std::env::var("STAGE_TESTS").unwrap_or_default();
    let mut files: Vec<PathBuf> = named.split_whitespace().map(PathBuf::from).collect();
    if files.is_empty() {
        let all = std::fs::read_dir(FOLDER).unwrap().map(|entry| PathBuf::from(entry.unwrap().file_name()));
        files.extend(all.filter(|file| file.to_string_lossy().ends_with(".test.mjs")));
        files.sort();
    }
    let mut tests = Command::new(node);
    // One file at a time: each has a browser of its own, and a machine may be small.
    tests.args(["--test", "--test-concurrency=1"]).args(files).current_dir(FOLDER);
    tests.env("STAGE_URL", url).env("DSYS", DSYS).env("CHROMIUM", browser);
    assert!(tests.status().unwrap().success(), "a test of the page failed: see above");
}
