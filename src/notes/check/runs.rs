//! The runs that notes link to and speak of: each is made once, and holds what is said of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::explore::sweep;
use crate::library::Library;

use super::super::claim::{self, About};
use super::super::link::RunLink;
use super::super::rate::Sweep;
use super::super::worst::{self, Search};
use super::super::{Fault, run, shown};
use super::{Asked, Checking};

impl<'b> Checking<'b> {
    /// Makes all runs that are linked or claimed, each once, and holds what is said of them against
    /// them.
    pub(super) fn make_runs(&mut self, progress: &(dyn Fn(usize, usize) + Sync)) -> usize {
        let mut uses: BTreeMap<About, Vec<Asked<'b>>> = BTreeMap::new();
        for (run, place) in &self.wanted {
            uses.entry(About::Run(run.clone())).or_default().push(Asked::Made(place.clone()));
        }
        for (about, asked) in &self.claims {
            uses.entry(about.clone()).or_default().push(asked.clone());
        }
        let library = self.book.library;
        let (done, all) = (AtomicUsize::new(0), uses.len());
        let uses: Vec<(About, Vec<Asked<'b>>)> = uses.into_iter().collect();
        let found: Vec<Vec<Fault>> = uses
            .par_iter()
            .map(|(about, asked)| {
                let faults = match about {
                    About::Run(link) => faults_of_run(library, link, asked),
                    About::Sweep(sweep) => faults_of_sweep(library, sweep, asked),
                    About::Search(search) => faults_of_search(library, search, asked),
                };
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
                faults
            })
            .collect();
        self.faults.extend(found.into_iter().flatten());
        all
    }
}

/// What is wrong with what is asked of one run.
fn faults_of_run(library: &Library, link: &RunLink, asked: &[Asked<'_>]) -> Vec<Fault> {
    let ran = run::run(library, link);
    let shows_it = |help: String| if help.is_empty() { format!("`{}` shows it", link.command(library)) } else { help };
    let fault = |asked: &Asked<'_>| match (asked, &ran) {
        (Asked::Made((source, span)), Err((message, help))) => Some(Fault::new(source, span.clone(), message, help)),
        (Asked::Holds((source, span), statement), Ok(report)) => {
            let (message, help) = claim::hold(statement, report).err()?;
            Some(Fault::new(source, span.clone(), message, shows_it(help)))
        }
        (Asked::Prints(source, lines), Ok(report)) => {
            let (line, (message, help)) = shown::compare(lines, &run::text(library, link, report)).err()?;
            Some(Fault::new(source, line.span, message, shows_it(help)))
        }
        _ => None,
    };
    let warned = |asked: &Asked<'_>| match (asked, &ran) {
        (Asked::Tells(source), Ok(report)) => {
            let fault = |warning: &String| Fault::new(source, 0..0, warning, "let it change something, or take it out");
            report.warnings.iter().map(fault).collect()
        }
        _ => Vec::new(),
    };
    asked.iter().filter_map(fault).chain(asked.iter().flat_map(warned)).collect()
}

/// What is wrong with what is asked of many runs.
fn faults_of_sweep(library: &Library, sweep: &Sweep, asked: &[Asked<'_>]) -> Vec<Fault> {
    let rows = sweep.rows(library);
    let shows_it = |help: String| if help.is_empty() { format!("`{}` shows it", sweep.command(library)) } else { help };
    let fault = |asked: &Asked<'_>| match (asked, &rows) {
        (Asked::Made((source, span)), Err((message, help))) => Some(Fault::new(source, span.clone(), message, help)),
        (Asked::Holds((source, span), claim::Line::Says(statement)), Ok(rows)) => {
            let (message, help) = sweep::hold(statement, rows).err()?;
            Some(Fault::new(source, span.clone(), message, shows_it(help)))
        }
        _ => None,
    };
    asked.iter().filter_map(fault).collect()
}

/// What is wrong with what is asked of the worst case.
fn faults_of_search(library: &Library, search: &Search, asked: &[Asked<'_>]) -> Vec<Fault> {
    let worst = worst::seek(library, search);
    let shows_it =
        |help: String| if help.is_empty() { format!("`{}` shows it", search.command(library)) } else { help };
    let fault = |asked: &Asked<'_>| match (asked, &worst) {
        (Asked::Made((source, span)), Err((message, help))) => Some(Fault::new(source, span.clone(), message, help)),
        (Asked::Holds((source, span), claim::Line::Worst(statement)), Ok(worst)) => {
            let (message, help) = worst::hold(statement, worst).err()?;
            Some(Fault::new(source, span.clone(), message, shows_it(help)))
        }
        _ => None,
    };
    asked.iter().filter_map(fault).collect()
}
