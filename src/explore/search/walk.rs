//! Running the behaviours: in canonical order, several blocks at a time, or drawn at random.

use std::mem;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use crate::check::Verdict;
use crate::explore::cores;
use crate::report::Trials;
use crate::scenario::{Complaint, Expected};
use crate::sim::choice::{AtRandom, Departure, Enumeration};
use crate::trace::LOOK_EVERY;

use super::level::{self, Level};
use super::setup::Setup;
use super::{Progress, Told};

/// How many runs of a level are one block: enough that its own costs do not count.
const BLOCK: u64 = 64;
/// How many blocks are run before their results are put in order.
const BLOCKS: u64 = 128;
/// How many runs pass from one call of [`Told`] to the next.
const TELL_EVERY: u64 = 64;

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Runs in canonical order.
    pub(super) runs: u64,
    /// Those of them that belong to the level that is not ended.
    pub(super) of_level: u64,
    /// The last level that was ended.
    pub(super) deepest: u32,
    /// How many runs the level below this one has, as far as this one was run.
    pub(super) children: u64,
    pub(super) sampled: u64,
    pub(super) choices: u64,
    pub(super) unknown: u64,
    /// The violation, by its departures, and whether chance found it.
    pub(super) found: Option<(Vec<Departure>, bool)>,
    pub(super) was_interrupted: bool,
}

impl Tally {
    pub(super) fn end_level(&mut self, depth: u32) {
        self.deepest = depth;
        self.of_level = 0;
    }

    fn add(&mut self, block: &Block) {
        self.runs += block.runs;
        self.of_level += block.runs;
        self.sampled += block.sampled;
        self.unknown += block.unknown;
        self.choices = self.choices.max(block.choices);
        self.children = self.children.saturating_add(block.children);
    }
}

/// The samples beyond the levels that were enumerated.
pub(super) struct Beyond {
    /// The number of departures that was not enumerated.
    pub(super) least: u32,
    /// The most departures that the enemy may make.
    pub(super) at_most: u32,
    pub(super) samples: u64,
}

/// Tells how far the search has come, and hears whether it is to end.
pub(super) struct Watch<'a> {
    told: Told<'a>,
    before: u64,
    depth: u32,
    of: Option<u64>,
    at_random: bool,
    done: AtomicU64,
    /// Events since somebody was last asked whether to go on.
    events: AtomicU64,
    is_stopped: AtomicBool,
}

impl<'a> Watch<'a> {
    fn new(told: Told<'a>, tally: &Tally, depth: u32, of: Option<u64>, at_random: bool) -> Watch<'a> {
        let before = tally.runs + tally.sampled;
        let (done, events) = (AtomicU64::new(0), AtomicU64::new(0));
        Watch { told, before, depth, of, at_random, done, events, is_stopped: AtomicBool::new(false) }
    }

    /// One run more; answers whether to go on.
    fn tick(&self) -> bool {
        let done = self.done.fetch_add(1, Relaxed);
        if done.is_multiple_of(TELL_EVERY) {
            let Watch { depth, of, at_random, .. } = *self;
            let progress = Progress { runs: self.before + done, depth, done, of, at_random };
            if (self.told)(progress) == ControlFlow::Break(()) {
                self.is_stopped.store(true, Relaxed);
            }
        }
        !self.is_stopped.load(Relaxed)
    }

    /// A run took so many events. Short runs, of which none is looked into, add up.
    fn took(&self, events: u64) {
        if self.events.fetch_add(events, Relaxed) + events >= LOOK_EVERY {
            self.events.store(0, Relaxed);
            // What it answers is kept.
            let _ = self.look();
        }
    }

    /// Asks in the middle of a run whether the search is to go on.
    fn look(&self) -> ControlFlow<()> {
        let Watch { depth, of, at_random, .. } = *self;
        let done = self.done.load(Relaxed);
        let asked = (self.told)(Progress { runs: self.before + done, depth, done, of, at_random });
        if asked == ControlFlow::Break(()) {
            self.is_stopped.store(true, Relaxed);
        }
        if self.is_stopped.load(Relaxed) { ControlFlow::Break(()) } else { asked }
    }
}

/// What came of the runs of a block.
#[derive(Default)]
struct Block {
    runs: u64,
    sampled: u64,
    unknown: u64,
    choices: u64,
    children: u64,
    found: Option<Vec<Departure>>,
    /// What follows from them, if that is kept.
    below: Option<Level>,
}

/// A simulation that runs one behaviour after the other.
pub(super) struct Bench<'a> {
    setup: &'a Setup<'a>,
    trials: Trials,
    /// Who may stop a run in its midst.
    watch: Option<&'a Watch<'a>>,
    pub(super) enumeration: Enumeration,
}

impl<'a> Bench<'a> {
    /// Runs the behaviour with these departures. Returns `None` if it was stopped in its midst.
    pub(super) fn run(&mut self, departures: &[Departure]) -> Option<Expected> {
        self.enumeration.moves.departures.clear();
        self.enumeration.moves.departures.extend_from_slice(departures);
        self.run_on()
    }

    fn run_on(&mut self) -> Option<Expected> {
        let Bench { setup, trials, watch, enumeration } = self;
        let mut goes_on = || watch.map_or(ControlFlow::Continue(()), Watch::look);
        let mut trial = trials.run(setup.scenario.seed, Some(mem::take(enumeration)), &mut goes_on);
        let word = (!trial.is_interrupted()).then(|| worst(trial.verdicts()));
        let events = trial.trace().counts.events;
        if let Some(watch) = watch {
            watch.took(events);
        }
        *enumeration = trials.take_enumeration().unwrap_or_default();
        word
    }

    /// The options of the choices that came up after the last of so many departures.
    fn open(&self, departures: &[Departure]) -> &[u32] {
        let next = departures.last().map_or(0, |last| last.at as usize + 1);
        self.enumeration.moves.options.get(next..).unwrap_or_default()
    }

    /// Runs one behaviour that counts.
    fn count(&mut self, departures: &[Departure], block: &mut Block) {
        let Some(verdict) = self.run(departures) else { return };
        block.runs += 1;
        self.note(verdict, block);
        if verdict == Expected::Violated {
            block.found = Some(departures.to_vec());
        }
        let open = self.open(departures);
        block.children = block.children.saturating_add(level::children(open));
        if let Some(below) = &mut block.below {
            below.push(departures, open);
        }
        // A block may not take more than its part of the room.
        if block.below.as_ref().is_some_and(|below| below.bytes() > self.setup.room / BLOCKS as usize) {
            block.below = None;
        }
    }

    fn note(&self, verdict: Expected, block: &mut Block) {
        block.unknown += u64::from(verdict == Expected::Unknown);
        let choices = self.enumeration.moves.options.iter().filter(|&&options| options > 1).count();
        block.choices = block.choices.max(choices as u64);
    }

    /// Runs all behaviours with `depth` departures that begin with these. Returns whether to go on.
    fn descend(&mut self, path: &mut Vec<Departure>, depth: usize, watch: &Watch<'_>, block: &mut Block) -> bool {
        if path.len() == depth {
            if !watch.tick() {
                return false;
            }
            self.count(path, block);
            return block.found.is_none();
        }
        self.run(path);
        let first = path.last().map_or(0, |last| last.at + 1);
        let open = self.open(path).to_vec();
        for (at, options) in (first..).zip(open) {
            for option in 1..options {
                path.push(Departure { at, option });
                let goes_on = self.descend(path, depth, watch, block);
                path.pop();
                if !goes_on {
                    return false;
                }
            }
        }
        true
    }

    fn enumerate(&mut self, level: &Level, part: Range<u64>, depth: usize, watch: &Watch<'_>, keep: bool) -> Block {
        let mut block = Block { below: keep.then(Level::default), ..Block::default() };
        level.each(part, |path| self.descend(path, depth, watch, &mut block));
        block
    }

    fn sample(&mut self, part: Range<u64>, plan: &Plan, watch: &Watch<'_>) -> Block {
        let mut block = Block::default();
        for sample in part {
            if !watch.tick() {
                break;
            }
            self.enumeration.moves.at_random = Some(plan.of(sample));
            let Some(verdict) = self.run_on() else { break };
            block.sampled += 1;
            self.note(verdict, &mut block);
            if verdict == Expected::Violated {
                block.found = Some(self.enumeration.moves.departures.clone());
                break;
            }
        }
        block
    }

    /// The departures without those that are not needed, tried one after the other: none of what is
    /// left can be spared by itself.
    pub(super) fn shrink(&mut self, mut departures: Vec<Departure>) -> Vec<Departure> {
        let mut index = 0;
        while index < departures.len() {
            let mut fewer = departures.clone();
            fewer.remove(index);
            if self.run(&fewer) == Some(Expected::Violated) {
                // A departure at a place at which nothing came up was none.
                let options = &self.enumeration.moves.options;
                fewer.retain(|departure| options.get(departure.at as usize).is_some_and(|&n| departure.option < n));
                departures = fewer;
            } else {
                index += 1;
            }
        }
        departures
    }
}

/// Violated if any verdict is, else unknown if any is.
fn worst(verdicts: impl Iterator<Item = Verdict>) -> Expected {
    let mut worst = Expected::Holds;
    for verdict in verdicts {
        match verdict.word() {
            Expected::Holds => {}
            Expected::Unknown => worst = Expected::Unknown,
            Expected::Violated => return Expected::Violated,
        }
    }
    worst
}

/// How samples are drawn: with as many departures on average as are to be tried, one number after
/// the other.
struct Plan {
    least: u64,
    most: u64,
    at_most: u32,
    choices: u64,
}

impl Plan {
    fn of(&self, sample: u64) -> AtRandom {
        let departures = self.least + sample % (self.most - self.least + 1);
        let one_in = u32::try_from(self.choices / departures).unwrap_or(u32::MAX).max(1);
        AtRandom { sample, one_in, at_most: self.at_most }
    }
}

impl Setup<'_> {
    /// Ready to run behaviours, which `watch` may stop in their midst.
    pub(super) fn bench<'a>(&'a self, watch: Option<&'a Watch<'a>>) -> Result<Bench<'a>, Vec<Complaint>> {
        let trials = Trials::of_properties(&self.scenario, &self.properties)?;
        Ok(Bench { setup: self, trials, watch, enumeration: Enumeration::new(self.enemy.clone()) })
    }

    /// Runs the behaviour without any departure. Returns the level below it.
    pub(super) fn calm(&self, told: Told<'_>, tally: &mut Tally) -> Result<Level, Vec<Complaint>> {
        let watch = Watch::new(told, tally, 0, Some(1), false);
        let mut block = Block { below: Some(Level::default()), ..Block::default() };
        if watch.tick() {
            let mut bench = self.bench(Some(&watch))?;
            bench.count(&[], &mut block);
            if block.below.is_none() {
                let mut level = Level::default();
                level.push(&[], bench.open(&[]));
                block.below = Some(level);
            }
        }
        tally.add(&block);
        tally.found = block.found.map(|found| (found, false));
        tally.was_interrupted = watch.is_stopped.into_inner();
        Ok(block.below.unwrap_or_default())
    }

    /// Runs all behaviours with `depth` departures, which follow from those of `level`. Returns the
    /// level below them, if there is room for it.
    pub(super) fn enumerate(
        &self,
        level: &Level,
        depth: u32,
        told: Told<'_>,
        tally: &mut Tally,
    ) -> Result<Option<Level>, Vec<Complaint>> {
        let watch = Watch::new(told, tally, depth, Some(tally.children), false);
        tally.children = 0;
        let mut below = Some(Level::default());
        for start in (0..level.size()).step_by((BLOCK * BLOCKS) as usize) {
            let end = level.size().min(start + BLOCK * BLOCKS);
            let keep = below.is_some();
            let blocks = self.in_blocks(start..end, &watch, |bench, part| {
                bench.enumerate(level, part, depth as usize, &watch, keep)
            })?;
            for block in blocks {
                tally.add(&block);
                if let Some(found) = block.found {
                    tally.found = Some((found, false));
                    return Ok(None);
                }
                below = below.zip(block.below).map(|(mut below, more)| {
                    below.append(&more);
                    below
                });
                below = below.filter(|below| below.bytes() <= self.room);
            }
            if watch.is_stopped.load(Relaxed) {
                tally.was_interrupted = true;
                return Ok(None);
            }
        }
        Ok(below)
    }

    /// Runs behaviours that chance draws.
    pub(super) fn sample(&self, beyond: &Beyond, told: Told<'_>, tally: &mut Tally) -> Result<(), Vec<Complaint>> {
        let watch = Watch::new(told, tally, beyond.least, Some(beyond.samples), true);
        let least = u64::from(beyond.least);
        let most = tally.choices.min(u64::from(beyond.at_most)).max(least);
        let plan = Plan { least, most, at_most: beyond.at_most, choices: tally.choices };
        for start in (0..beyond.samples).step_by((BLOCK * BLOCKS) as usize) {
            let end = beyond.samples.min(start + BLOCK * BLOCKS);
            let blocks = self.in_blocks(start..end, &watch, |bench, part| bench.sample(part, &plan, &watch))?;
            for block in blocks {
                tally.add(&block);
                if let Some(found) = block.found {
                    tally.found = Some((self.bench(Some(&watch))?.shrink(found), true));
                    return Ok(());
                }
            }
            if watch.is_stopped.load(Relaxed) {
                tally.was_interrupted = true;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Runs a part of the canonical order in blocks, several at a time, and returns what came of
    /// them in order. Blocks after one that has found something are left out.
    fn in_blocks<'a>(
        &'a self,
        part: Range<u64>,
        watch: &'a Watch<'a>,
        run: impl Fn(&mut Bench<'_>, Range<u64>) -> Block + Sync,
    ) -> Result<Vec<Block>, Vec<Complaint>> {
        let first_found = AtomicU64::new(u64::MAX);
        let starts: Vec<u64> = part.clone().step_by(BLOCK as usize).collect();
        let one = |bench: &mut Result<Bench<'_>, Vec<Complaint>>, &start: &u64| {
            let bench = bench.as_mut().map_err(|complaints| complaints.clone())?;
            if first_found.load(Relaxed) < start || watch.is_stopped.load(Relaxed) {
                return Ok(Block::default());
            }
            let block = run(bench, start..part.end.min(start + BLOCK));
            if block.found.is_some() {
                first_found.fetch_min(start, Relaxed);
            }
            Ok(block)
        };
        cores::for_each(&starts, || self.bench(Some(watch)), one)
    }
}
