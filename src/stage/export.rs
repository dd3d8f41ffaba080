//! A run as a file for other programs, or for those who have none.

use std::io;

use crate::report::Report;
use crate::view::{mermaid, perfetto, shiviz, svg, trace_lines};

use super::record;
use super::run_request::Telling;

/// A kind of file that a run can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// A space-time diagram.
    Svg,
    /// A sequence diagram as Mermaid's text.
    Mermaid,
    /// A log for ShiViz.
    ShiViz,
    /// A trace for Perfetto, in Chrome's format.
    Perfetto,
    /// Every event as a line of JSON.
    Trace,
    /// The page with the run in it.
    Html,
}

impl Export {
    /// All kinds.
    pub const ALL: [Export; 6] =
        [Export::Svg, Export::Mermaid, Export::ShiViz, Export::Perfetto, Export::Trace, Export::Html];

    /// The ending of such a file's name, with its dot.
    pub const fn ending(self) -> &'static str {
        match self {
            Export::Svg => ".svg",
            Export::Mermaid => ".mmd",
            Export::ShiViz => ".shiviz",
            Export::Perfetto => ".perfetto.json",
            Export::Trace => ".jsonl",
            Export::Html => ".html",
        }
    }

    /// The kind that a file of this name is.
    pub fn of(file: &str) -> Option<Export> {
        Export::ALL.into_iter().find(|kind| file.ends_with(kind.ending()))
    }

    /// The media type of such a file.
    pub const fn media_type(self) -> &'static str {
        match self {
            Export::Svg => "image/svg+xml",
            Export::Mermaid | Export::ShiViz => "text/plain; charset=utf-8",
            Export::Perfetto => "application/json",
            Export::Trace => "application/jsonl",
            Export::Html => "text/html; charset=utf-8",
        }
    }

    /// Writes a run as such a file.
    ///
    /// # Errors
    ///
    /// Those of the writer; and that the page's own files are not as they must be.
    pub fn write(self, report: &Report, telling: &Telling, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Export::Svg => out.write_all(svg::render(report).as_bytes()),
            Export::Mermaid => out.write_all(mermaid::render(report).as_bytes()),
            Export::ShiViz => shiviz::write(report, out),
            Export::Perfetto => perfetto::write(report, out),
            Export::Trace => trace_lines::write(&report.trace, &mut { out }),
            Export::Html => {
                let recorded = telling.recorded(report, None)?;
                let page = record::page(&report.scenario.title, &recorded).map_err(io::Error::other)?;
                out.write_all(page.as_bytes())
            }
        }
    }
}
