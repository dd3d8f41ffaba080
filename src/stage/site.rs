//! The stage within the site of the notes: each run that has a page there can be played, without a
//! server.

use std::borrow::Cow;

use crate::library::Library;
use crate::notes::RunLink;
use crate::notes::site::{Files, Player, run_page, way};
use crate::report::Report;

use super::run_request::Telling;
use super::share::Link;
use super::http::assets;
use super::record;

/// Where the page's files are in the site.
const FOLDER: &str = "stage/";

/// Plays the runs of a site: the page's styles and script once, and for each run a page that has
/// the run in it.
#[derive(Clone, Copy, Debug)]
pub struct SitePlayer<'l> {
    /// The library that the site is made from.
    pub library: &'l Library,
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
        Ok(files)
    }

    fn page(&self, page: &str, link: &RunLink, report: &Report) -> Result<String, String> {
        let text = self.library.story(&link.story).map(|story| story.text).unwrap_or_default();
        let telling = Telling::new(Link::from(link), Vec::new(), text, &report.scenario, self.library);
        let told = way(page, &run_page(link));
        let recorded = telling.recorded(report, Some(&told)).map_err(|error| error.to_string())?;
        record::beside(&report.scenario.title, &recorded, &way(page, FOLDER), &told).map_err(|error| error.to_string())
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
