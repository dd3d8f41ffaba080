//! The JSON Schema of scenario files as others read it: ajv compiles it, and ajv and taplo hold the
//! shipped scenarios against it.
//!
//! Wants node and the packages of `tests/schema` (`npm ci` in that folder). Where they are not
//! there the test is listed as ignored; `DSYS_SCHEMA=required` makes that a failure.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/optional.rs"]
mod optional;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use optional::{Tests, node_with};
use serde_json::{Map, Value as Json};

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema");

fn main() {
    let mut tests = Tests::default();
    let tools = node_with("tests/schema", &["ajv", "@taplo/cli"]);
    let name = "ajv_and_taplo_accept_the_schema_and_the_shipped_scenarios";
    tests.add(name, tools, "DSYS_SCHEMA", |node| accepted_by_others(&node));
    tests.run("THE SCHEMA", || ());
}

fn scenarios() -> Vec<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == "toml"))
            .collect()
    };
    let mut found: Vec<PathBuf> =
        inside(Path::new("scenarios")).iter().filter(|path| path.is_dir()).flat_map(|path| inside(path)).collect();
    found.push("tests/everything.toml".into());
    found.sort();
    found
}

fn as_json(text: &str) -> Json {
    serde_json::to_value(toml::from_str::<toml::Value>(text).unwrap()).unwrap()
}

fn accepted_by_others(node: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir().unwrap();
    let (schema, documents) = (folder.path().join("schema.json"), folder.path().join("documents.json"));
    assert!(Command::new(DSYS).args(["schema", "-o"]).arg(&schema).status().unwrap().success());
    let scenarios = scenarios();
    assert!(scenarios.len() > 40, "{scenarios:?}");
    let mut all: Map<String, Json> = scenarios
        .iter()
        .map(|path| (path.display().to_string(), as_json(&fs::read_to_string(path).unwrap())))
        .collect();
    let bad = "title = \"T\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\nnodes = 2\n";
    for (name, more) in [
        ("bad key", "sead = 1\n"),
        ("bad parameter", "[params]\nacsk = 1\n"),
        ("bad lie", "[[fault]]\ntraitor = { node = \"bob\", lie = \"flip\" }\n"),
        ("bad claim", "[expect]\nagreement = \"holds\"\n"),
    ] {
        all.insert(name.to_owned(), as_json(&format!("{bad}{more}")));
    }
    fs::write(&documents, Json::Object(all).to_string()).unwrap();
    let ajv = Command::new(node).arg("check.mjs").args([&schema, &documents]).current_dir(FOLDER).output().unwrap();
    assert!(ajv.status.success(), "{}", String::from_utf8_lossy(&ajv.stderr));

    let mut taplo = Command::new(node);
    taplo.arg(Path::new(FOLDER).join("node_modules/@taplo/cli/dist/cli.js"));
    taplo.args(["lint", "--schema", &format!("file://{}", schema.display())]).args(&scenarios);
    let taplo = taplo.output().unwrap();
    assert!(taplo.status.success(), "{}", String::from_utf8_lossy(&taplo.stderr));
    Ok(())
}
