//! The stage within the site of the notes: each run that has a page there can be played, without a
//! server.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::library::Library;
use crate::notes::RunLink;
use crate::notes::site::{Files, Player, STAGE, note_page, run_page, way};
use crate::report::Report;

use super::http::assets;
use super::http::notes::listed;
use super::listing::LibraryAnswer;
use super::record::{self, Beside};
use super::run_request::Telling;
use super::share::Link;

/// Where the page's files are in the site.
const FOLDER: &str = "stage/";
/// The script that holds what there is to choose from.
const LIBRARY: &str = "library.js";
/// The script that holds the engine and the scenarios that it runs.
const ENGINE: &str = "engine.js";

/// The most events of a run that has a page of its own: such a page is some 8 MB.
const MOST_PLAYED: usize = 20_000;

const WORKER: &str = include_str!("engine_worker.js");

/// Plays the runs of a site: the page's styles and script once, and for each run a page that has
/// the run in it. With an engine, what a server does is done in the browser.
#[derive(Clone, Debug)]
pub struct SitePlayer<'l> {
    /// The library that the site is made from.
    pub library: &'l Library,
    /// The module of WebAssembly that `engine/build` makes, if the site has it.
    pub engine: Option<Vec<u8>>,
}

impl SitePlayer<'_> {
    /// Whether these bytes may be the engine: a module of WebAssembly.
    pub fn is_engine(bytes: &[u8]) -> bool {
        bytes.starts_with(b"\0asm\x01\0\0\0")
    }

    /// The script of the library: what a server would answer that is asked what there is.
    fn library_script(&self) -> Result<String, String> {
        let library = LibraryAnswer::of(self.library).map_err(|invalid| invalid.to_string())?;
        let paths = self.library.files().map(|(path, _)| path).filter(|path| path.ends_with(".md"));
        let pages = paths.filter_map(|path| Some((path.strip_prefix("notes/")?, format!("../{}", note_page(path)))));
        let site = json!({
            "library": serde_json::to_value(&library).map_err(|error| error.to_string())?,
            "notes": listed(self.library),
            "pages": pages.collect::<BTreeMap<_, _>>(),
        });
        // Where the folder is, only the script's own address says.
        let here = "new URL(\".\", document.currentScript.src).href";
        Ok(format!(
            "var dsysSite = {site};\ndsysSite.folder = {here};\ndsysSite.engine = dsysSite.folder + \"{ENGINE}\";\n"
        ))
    }

    /// The script of the engine.
    fn engine_script(&self, module: &[u8]) -> Result<String, String> {
        let mut gzipped = GzEncoder::new(Vec::new(), Compression::best());
        let gzipped = gzipped.write_all(module).and_then(|()| gzipped.finish()).map_err(|error| error.to_string())?;
        let scenarios = self.library.files().filter(|(path, _)| path.starts_with("scenarios/"));
        let files: BTreeMap<&str, Cow<'_, str>> = scenarios.map(|(path, file)| (path, file.text())).collect();
        let packed = json!({ "module": STANDARD.encode(gzipped), "worker": WORKER, "files": files });
        Ok(format!("var dsysEngine = {packed};\n"))
    }

    /// The script of the library, as pages name it that have the engine.
    fn library_of_pages(&self) -> Option<&'static str> {
        self.engine.is_some().then_some(LIBRARY)
    }
}

impl Player for SitePlayer<'_> {
    fn files(&self) -> Result<Files, String> {
        let names = assets::files().filter(|name| name.ends_with(".css") || name.ends_with(".svg"));
        let file = |name: Cow<'static, str>| {
            let text = assets::text(&name).ok_or_else(|| format!("the page's file `{name}` is no text"))?;
            Ok((format!("{FOLDER}{name}"), text.into_bytes()))
        };
        let mut files: Files = names.map(file).collect::<Result<_, String>>()?;
        let shared = record::shared().map_err(|error| error.to_string())?;
        files.insert(format!("{FOLDER}{}", record::SHARED), shared.into_bytes());
        if let Some(module) = &self.engine {
            files.insert(format!("{FOLDER}{LIBRARY}"), self.library_script()?.into_bytes());
            files.insert(format!("{FOLDER}{ENGINE}"), self.engine_script(module)?.into_bytes());
            let page = Beside {
                title: "dsys: the stage",
                recorded: None,
                way: "",
                told: "../index.html",
                library: self.library_of_pages(),
            };
            let page = record::beside(&page).map_err(|error| error.to_string())?;
            files.insert(STAGE.to_owned(), page.into_bytes());
        }
        Ok(files)
    }

    fn plays(&self, report: &Report) -> bool {
        report.trace.events.len() <= MOST_PLAYED
    }

    fn page(&self, page: &str, link: &RunLink, report: &Report) -> Result<String, String> {
        let text = self.library.story(&link.story).map(|story| story.text).unwrap_or_default();
        let telling = Telling::new(Link::from(link), Vec::new(), text, &report.scenario, self.library);
        let told = way(page, &run_page(link));
        let recorded = telling.recorded(report, Some(&told)).map_err(|error| error.to_string())?;
        let page = Beside {
            title: &report.scenario.title,
            recorded: Some(&recorded),
            way: &way(page, FOLDER),
            told: &told,
            library: self.library_of_pages(),
        };
        record::beside(&page).map_err(|error| error.to_string())
    }
}

impl From<&RunLink> for Link {
    /// The run that a note links to.
    fn from(run: &RunLink) -> Link {
        let pairs = |flags: &[String]| -> Vec<(String, String)> {
            let pairs = flags.iter().filter_map(|flag| flag.split_once('='));
            pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
        };
        Link {
            dsys: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: run.story.clone(),
            seed: run.seed,
            set: pairs(&run.set),
            force: pairs(&run.force),
            ..Link::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_comes_with_the_library_that_it_runs() {
        let library = Library::shipped();
        let module = b"\0asm\x01\0\0\0".to_vec();
        assert!(SitePlayer::is_engine(&module) && !SitePlayer::is_engine(b"[package]"));
        let without = SitePlayer { library: &library, engine: None };
        let with = SitePlayer { library: &library, engine: Some(module) };
        let (without, with) = (without.files().unwrap(), with.files().unwrap());
        for (name, part) in [
            ("stage/library.js", "\"notes\":{\"notes\":[{\"path\""),
            ("stage/library.js", "\"topics/cap.md\":\"../topics/cap.html\""),
            ("stage/engine.js", "\"scenarios/two-generals/last-messenger.toml\":\""),
            ("stage/index.html", "<script defer src=\"library.js\"></script>"),
            ("stage/index.html", "worker-src blob:; script-src 'self' blob: 'wasm-unsafe-eval'; style-src 'self'"),
        ] {
            assert!(!without.contains_key(name), "{name}");
            let text = str::from_utf8(&with[name]).unwrap();
            assert!(text.contains(part), "{part} is not in {name}");
        }
    }
}
