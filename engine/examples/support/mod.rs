//! What the examples share: requests that are answered in node, by the engine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dsys::library::Library;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

/// A route and the body of a request.
pub(crate) type Request = (&'static str, Json);

/// The engine that the first argument names, or the one that `engine/build` makes.
pub(crate) fn module() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/dsys-engine.wasm");
    std::env::args_os().nth(1).map_or_else(|| default.into(), PathBuf::from)
}

/// How long a request is made again and again to take its time.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Rounds {
    /// At least so often.
    pub(crate) least: u32,
    /// And at least for so long.
    pub(crate) milliseconds: u32,
}

impl Rounds {
    /// Whether there is another round, after so many in so long.
    #[allow(dead_code, reason = "who takes no time does not ask")]
    pub(crate) fn go_on(self, made: u32, milliseconds: f64) -> bool {
        made < self.least || milliseconds < f64::from(self.milliseconds)
    }
}

/// Makes requests in node; with `rounds`, takes the time instead of the answers.
pub(crate) fn in_node<T: DeserializeOwned>(
    library: &Library,
    requests: &[Request],
    rounds: Option<Rounds>,
) -> anyhow::Result<Vec<T>> {
    let files: Map<String, Json> = library
        .files()
        .filter(|(path, _)| path.starts_with("scenarios/"))
        .map(|(path, file)| (path.to_owned(), file.text().into()))
        .collect();
    let folder = tempfile::tempdir()?;
    let (orders, answers) = (folder.path().join("orders.json"), folder.path().join("answers.json"));
    fs::write(&orders, json!({ "files": files, "requests": requests, "rounds": rounds }).to_string())?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/support/answers.mjs");
    let status = Command::new("node").arg(script).arg(module()).arg(&orders).arg(&answers).status()?;
    anyhow::ensure!(status.success(), "node says {status}");
    Ok(serde_json::from_str(&fs::read_to_string(answers)?)?)
}
