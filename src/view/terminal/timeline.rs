//! The timeline: one line an event, a column a node where they fit.

use std::collections::BTreeSet;
use std::fmt::Write;

use anstyle::Style;

use crate::process::facts::{Fact, in_words};
use crate::report::Report;
use crate::scenario::BeatWhen;
use crate::time::Time;
use crate::time::clock::History;
use crate::trace::{Event, EventId, EventKind, Kinds, StopReason, Trace};
use crate::view::windows::windows;

use super::lanes::{Lane, Lanes, Mark};
use super::rows::{self, Row};
use super::style::{BAD, BEAT, FAINT, STRONG, clean, grouped, inked, padded, width, without_emphasis, wrapped};

/// The columns of a moment such as `999.999ms`; in longer runs moments want more.
const SHORT_MOMENT: usize = 9;
/// What stands over moments of true time, and over what the clock of the node showed.
const HEADINGS: [&str; 2] = ["true time", "its clock"];
/// The sign of evidence before a moment and the gap behind it.
const AROUND_MOMENT: usize = 3;
/// The least room that the words of an event want beside the lanes.
const WORDS: usize = 31;
/// The room that the words get before the lanes are drawn wider than they must be.
const AMPLE_WORDS: usize = 48;
/// A timeline of more rows is told without its middle, but for what its verdicts rest on.
const MOST_ROWS: usize = 64;
const ROWS_BEFORE: usize = 36;
const ROWS_AFTER: usize = 20;
/// Leaving out fewer rows than this would save nothing.
const WORTH_SKIPPING: usize = 3;
/// Messages that are still under way at the end are named up to this many.
const MOST_UNDER_WAY: usize = 5;

/// What stands for a question in the text of a run that asks: its number follows. No text of a
/// scenario holds it, since control characters are taken out.
pub(super) const ASKED: char = '\u{1e}';

/// Whether something is to be told before an event.
fn is_due(when: BeatWhen, event: &Event) -> bool {
    match when {
        BeatWhen::At(at) => event.at >= at,
        BeatWhen::On(message) => event.what.is_fate() && event.what.message() == Some(message),
    }
}

/// What a timeline tells beside what happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Details {
    /// Places for the story's questions.
    pub(super) is_asking: bool,
    /// What each node knows, whenever that changes.
    pub(super) has_states: bool,
}

/// The timeline of a run, in at most `columns` columns.
pub(super) fn timeline(report: &Report, details: Details, columns: usize) -> String {
    let mut timeline = Timeline::new(report, details, columns);
    let rows: Vec<&Event> = report.trace.events.iter().filter(|event| timeline.has_row(event)).collect();
    let kept = timeline.kept(&rows);
    timeline.divide(rows.iter().zip(&kept).filter(|&(_, &kept)| kept).map(|(&event, _)| event));
    timeline.head();
    let mut skipped = 0;
    let mut told = 0;
    for (row, event) in rows.iter().enumerate() {
        let since = &report.trace.events[told..=event.id.number() as usize];
        timeline.follow(since);
        told = event.id.number() as usize + 1;
        if kept[row] {
            timeline.skip(&mut skipped);
            let (before, now) = since.split_at(since.partition_point(|earlier| earlier.at < event.at));
            if details.has_states {
                timeline.tell_states(before);
            }
            timeline.tell_windows(event.at);
            timeline.tell_beats(event);
            timeline.event(event);
            if details.has_states {
                timeline.tell_states(now);
            }
        } else {
            skipped += 1;
        }
    }
    timeline.skip(&mut skipped);
    timeline.end();
    timeline.out
}

struct Timeline<'a> {
    report: &'a Report,
    trace: &'a Trace,
    columns: usize,
    /// The columns before the lanes: the moments, and what is around them.
    margin: usize,
    /// The columns of what clocks show; none where clocks do not matter or the lanes need the room.
    local: usize,
    lanes: Option<Lanes>,
    states: Vec<Lane>,
    /// What each node knew when that was last told.
    known: Vec<&'a [Fact]>,
    evidence: BTreeSet<EventId>,
    /// When links become otherwise than usual and usual again, latest first, as far as that has not
    /// been told.
    windows: Vec<(Time, String)>,
    /// Which beats of the story have been told.
    told: Vec<bool>,
    /// Which questions have their places.
    asked: Vec<bool>,
    last_moment: Option<Time>,
    /// Whether the last line was a gap, which needs no other.
    after_gap: bool,
    out: String,
}

impl<'a> Timeline<'a> {
    fn new(report: &'a Report, details: Details, columns: usize) -> Timeline<'a> {
        let trace = &report.trace;
        // The story is about the run as it was written; under other settings its words would be
        // lies.
        let told = report.scenario.story.beats.iter().map(|_| !report.scenario.is_untouched()).collect();
        Timeline {
            report,
            trace,
            columns,
            margin: AROUND_MOMENT + SHORT_MOMENT,
            local: 0,
            lanes: None,
            states: vec![Lane::Up; trace.names.count()],
            known: vec![&[]; trace.names.count()],
            evidence: report.properties.iter().flat_map(|judged| judged.verdict.evidence()).copied().collect(),
            windows: turns(report),
            told,
            asked: report.scenario.story.predict.iter().map(|asks| !details.is_asking || asks.when.is_none()).collect(),
            last_moment: None,
            after_gap: false,
            out: String::new(),
        }
    }

    /// Divides the columns between moments, clocks, lanes and words, given the events that will be
    /// shown.
    fn divide(&mut self, shown: impl Iterator<Item = &'a Event>) {
        let trace = self.trace;
        let (mut moments, mut clocks) = (SHORT_MOMENT.max(width(&moment(trace.ended_at))), HEADINGS[1].len());
        for event in shown {
            moments = moments.max(width(&moment(event.at)));
            clocks = clocks.max(width(&self.shows(event)));
        }
        let fit = |margin: usize| {
            let room = self.columns.saturating_sub(margin + 1);
            let fit = |words| Lanes::fit(&trace.names, &trace.traitors, room.saturating_sub(words));
            fit(AMPLE_WORDS).or_else(|| fit(WORDS))
        };
        let plain = AROUND_MOMENT + moments;
        let wide = plain + clocks + 2;
        (self.lanes, self.margin) = (fit(plain), plain);
        if self.report.chart.is_some() {
            let lanes = fit(wide);
            if lanes.is_some() || self.lanes.is_none() {
                (self.lanes, self.margin, self.local) = (lanes, wide, clocks);
            }
        }
    }

    /// What the clock of the event's node showed when it happened.
    fn shows(&self, event: &Event) -> String {
        let clock = event.node.and_then(|node| self.trace.clocks.get(node.index()));
        let later = self.trace.events.get(event.id.number() as usize + 1..).unwrap_or_default();
        let is_change = |later: &Event| later.node == event.node && later.what.kind() == Kinds::CLOCK;
        let is_before = later.iter().take_while(|later| later.at == event.at).any(is_change);
        let read =
            |clock: &History| if is_before { clock.before(event.at).read(event.at) } else { clock.read(event.at) };
        clock.map_or_else(String::new, |clock| read(clock).since_zero().rounded())
    }

    fn head(&mut self) {
        if self.local > 0 {
            let first = self.margin - self.local - 4;
            let heading = format!("{:>first$}  {:>second$}", HEADINGS[0], HEADINGS[1], second = self.local);
            self.line(&format!(" {}", inked(FAINT, &heading)));
        }
        let Some(lanes) = &self.lanes else { return };
        let lines = [Some(lanes.names(&self.trace.names, self.margin)), lanes.traitors(self.margin)];
        for line in lines.into_iter().flatten() {
            self.line(&line);
        }
        self.gap();
    }

    fn has_row(&self, event: &Event) -> bool {
        let is_quiet = matches!(event.what, EventKind::TimerFired | EventKind::Passed { .. });
        let is_proof = is_quiet && self.evidence.contains(&event.id);
        is_proof || rows::has_row(self.trace, event)
    }

    /// Whether each row is shown.
    fn kept(&self, rows: &[&Event]) -> Vec<bool> {
        let is_evidence = |event: &Event| rows::stands_for(event).any(|id| self.evidence.contains(&id));
        let near_an_end = |row: usize| row < ROWS_BEFORE || row + ROWS_AFTER >= rows.len();
        let mut kept: Vec<bool> = rows
            .iter()
            .enumerate()
            .map(|(row, event)| rows.len() <= MOST_ROWS || near_an_end(row) || is_evidence(event))
            .collect();
        for (beat, told) in self.told.iter().enumerate() {
            if let Some(row) = rows.iter().position(|event| !told && self.is_due(beat, event)) {
                kept[row] = true;
            }
        }
        for question in 0..self.asked.len() {
            if let Some(row) = rows.iter().position(|event| self.is_to_be_asked(question, event)) {
                kept[row] = true;
            }
        }
        let mut begin = 0;
        for run in kept.clone().chunk_by(|one, other| one == other) {
            if run.len() < WORTH_SKIPPING {
                kept[begin..begin + run.len()].fill(true);
            }
            begin += run.len();
        }
        kept
    }

    /// Keeps up with who is down and who is paused.
    fn follow(&mut self, events: &[Event]) {
        for event in events {
            let lane = match event.what {
                EventKind::Crashed => Lane::Down,
                EventKind::Restarted | EventKind::Resumed => Lane::Up,
                EventKind::Paused => Lane::Paused,
                _ => continue,
            };
            if let Some(node) = event.node {
                self.states[node.index()] = lane;
            }
        }
    }

    fn event(&mut self, event: &Event) {
        let row = rows::row(&self.report.scenario, self.trace, event, self.lanes.is_some());
        // A mark before the question would answer it.
        let is_asked = self.asked.iter().all(|&asked| asked);
        let is_evidence = is_asked && rows::stands_for(event).any(|id| self.evidence.contains(&id));
        self.row(event.at, &self.shows(event), is_evidence, &row);
    }

    /// Tells what nodes know since these events, where it is another than was told last.
    fn tell_states(&mut self, since: &[Event]) {
        let trace = self.trace;
        let changes = since.iter().filter_map(|event| Some((event, event.node?, trace.states.of(event.id)?)));
        for (event, node, facts) in changes {
            let before = std::mem::replace(&mut self.known[node.index()], facts);
            let news: Vec<Fact> = facts.iter().filter(|fact| !before.contains(fact)).cloned().collect();
            let words = if news.is_empty() { "knows less".to_owned() } else { in_words(&news, &trace.names) };
            let text = format!("{}: {words}", trace.names.of(node));
            let row = Row { mark: Mark::Nothing, text, ink: FAINT, aside: String::new() };
            self.row(event.at, "", false, &row);
        }
    }

    fn row(&mut self, at: Time, clock: &str, is_evidence: bool, row: &Row) {
        let is_same = self.last_moment == Some(at);
        let moment = if is_same { String::new() } else { moment(at) };
        let clock = match self.local {
            0 => String::new(),
            columns => inked(FAINT, &format!("{clock:>columns$}  ")),
        };
        self.last_moment = Some(at);
        let sign = if is_evidence { inked(BAD, "!") } else { " ".to_owned() };
        let (before, continued) = self.picture(row.mark);
        let picture = self.lanes.as_ref().map_or_else(|| width(&before), |lanes| lanes.columns() + 1);
        let room = self.columns.saturating_sub(self.margin + picture);
        let words = wrapped(&row.text, room);
        let is_one_line = words.len() <= 1;
        for (index, words) in words.iter().enumerate() {
            let inked_words = inked(row.ink, words);
            let aside_fits = is_one_line && width(words) + width(&row.aside) + 2 <= room;
            let aside = match row.aside.as_str() {
                aside if aside_fits && !aside.is_empty() => {
                    format!("{}{}", padded("", room - width(words) - width(aside)), inked(FAINT, &clean(aside)))
                }
                _ => String::new(),
            };
            let line = match index {
                0 => {
                    let local = if self.local > 0 { self.local + 2 } else { 0 };
                    let columns = self.margin - AROUND_MOMENT - local;
                    format!("{sign}{moment:>columns$}  {clock}{before}{inked_words}{aside}")
                }
                _ => format!("{}{continued}{inked_words}", padded("", self.margin)),
            };
            self.line(&line);
        }
    }

    /// What stands before an event's words: the lanes, or who speaks to whom; and the same under
    /// it.
    fn picture(&self, mark: Mark) -> (String, String) {
        match (&self.lanes, mark) {
            (Some(lanes), _) => {
                let draw = |mark| format!("{} ", lanes.draw(&self.states, mark));
                (draw(mark), draw(Mark::Nothing))
            }
            (None, Mark::Arrow { from, to, lie, .. }) => {
                let arrow = if lie { "⇒" } else { "→" };
                let names = format!("{} {arrow} {}  ", self.trace.names.of(from), self.trace.names.of(to));
                let under = padded("", width(&names));
                (names, under)
            }
            (None, _) => (String::new(), String::new()),
        }
    }

    /// Whether a beat is to be told before this event.
    fn is_due(&self, beat: usize, event: &Event) -> bool {
        is_due(self.report.scenario.story.beats[beat].when, event)
    }

    /// Whether a question is to be asked before this event.
    fn is_to_be_asked(&self, question: usize, event: &Event) -> bool {
        let when = self.report.scenario.story.predict[question].when;
        !self.asked[question] && when.is_none_or(|when| is_due(when, event))
    }

    /// Leaves places for the questions that are asked before this event, or for all at the end.
    fn ask(&mut self, event: Option<&Event>) {
        for question in 0..self.asked.len() {
            if !self.asked[question] && event.is_none_or(|event| self.is_to_be_asked(question, event)) {
                self.asked[question] = true;
                self.line(&format!("{ASKED}{question}"));
            }
        }
    }

    /// Tells of the links that are otherwise than usual from a moment on, up to this one.
    fn tell_windows(&mut self, now: Time) {
        while let Some((at, words)) = self.windows.pop_if(|(at, _)| *at <= now) {
            let row = Row { mark: Mark::Nothing, text: words, ink: STRONG, aside: String::new() };
            self.row(at, "", false, &row);
        }
    }

    fn tell_beats(&mut self, event: &Event) {
        self.ask(Some(event));
        for beat in 0..self.told.len() {
            if !self.told[beat] && self.is_due(beat, event) {
                self.tell(beat);
            }
        }
    }

    fn tell(&mut self, beat: usize) {
        self.told[beat] = true;
        self.last_moment = None;
        let say = &self.report.scenario.story.beats[beat].say;
        self.gap();
        for (index, line) in wrapped(&without_emphasis(say), self.columns.saturating_sub(4)).iter().enumerate() {
            let sign = if index == 0 { "»" } else { " " };
            self.line(&format!("  {} {}", inked(BEAT, sign), inked(BEAT, line)));
        }
        self.gap();
    }

    /// Lanes and nothing else; a blank line where there are none.
    fn gap(&mut self) {
        if self.after_gap {
            return;
        }
        let lanes = self.lanes.as_ref().map(|lanes| lanes.draw(&self.states, Mark::Nothing));
        match lanes {
            Some(lanes) => self.line(&format!("{}{lanes}", padded("", self.margin))),
            None => self.line(""),
        }
        self.after_gap = true;
    }

    fn skip(&mut self, skipped: &mut usize) {
        if *skipped > 0 {
            let events = if *skipped == 1 { "event" } else { "events" };
            let count = grouped(*skipped as u64);
            self.remark("", STRONG, &format!("… {count} {events} not shown; --trace FILE writes all"));
            self.last_moment = None;
        }
        *skipped = 0;
    }

    fn end(&mut self) {
        self.ask(None);
        self.tell_windows(self.trace.ended_at);
        let late = self.report.scenario.story.beats.iter().enumerate();
        let late = late.filter(|&(index, beat)| !self.told[index] && matches!(beat.when, BeatWhen::At(_)));
        for beat in late.map(|(index, _)| index).collect::<Vec<_>>() {
            self.tell(beat);
        }
        self.under_way();
        self.gap();
        let at = moment(self.trace.ended_at);
        let why = match self.trace.ended {
            StopReason::Quiescent => "nothing is left to happen".to_owned(),
            StopReason::TimeLimit => "`until` is reached".to_owned(),
            StopReason::EventLimit => format!("cut short: `limits.events` is {}", self.report.scenario.limits.events),
            StopReason::Interrupted => "interrupted".to_owned(),
            StopReason::MessageLimit => {
                format!("cut short: `limits.messages` is {}", self.report.scenario.limits.messages)
            }
        };
        self.remark(&at, FAINT, &format!("The run ends: {why}."));
    }

    /// The messages that had not arrived when the run ended.
    fn under_way(&mut self) {
        if self.trace.counts.in_flight == 0 {
            return;
        }
        let ended: BTreeSet<EventId> =
            self.trace.events.iter().filter(|event| event.what.is_fate()).filter_map(|event| event.cause).collect();
        let sent = self
            .trace
            .events
            .iter()
            .filter(|event| matches!(event.what, EventKind::Sent { .. } | EventKind::Copied(_)));
        let flying: Vec<&Event> = sent.filter(|event| !ended.contains(&event.id)).collect();
        for event in flying.iter().take(MOST_UNDER_WAY) {
            let row = rows::row(&self.report.scenario, self.trace, event, self.lanes.is_some());
            self.row(self.trace.ended_at, "", self.evidence.contains(&event.id), &row);
        }
        if let Some(more @ 1..) = flying.len().checked_sub(MOST_UNDER_WAY) {
            self.remark("", STRONG, &format!("… and {} more still under way", grouped(more as u64)));
        }
    }

    /// Words that belong to no node.
    fn remark(&mut self, moment: &str, ink: Style, text: &str) {
        for (index, line) in wrapped(text, self.columns.saturating_sub(self.margin)).iter().enumerate() {
            let moment = if index == 0 { moment } else { "" };
            let local = if self.local > 0 { self.local + 2 } else { 0 };
            let blank = padded("", local);
            self.line(&format!("{moment:>columns$}  {blank}{}", inked(ink, line), columns = self.margin - 2 - local));
        }
    }

    fn line(&mut self, line: &str) {
        self.after_gap = false;
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{}", line.trim_end());
    }
}

/// When windows open and close, latest first.
fn turns(report: &Report) -> Vec<(Time, String)> {
    let turns = windows(report).into_iter();
    let mut turns: Vec<(Time, String)> = turns
        .flat_map(|window| {
            let over = window.over;
            [(window.from, window.words)].into_iter().chain(window.to.map(|to| (to, over)))
        })
        .collect();
    turns.sort_by_key(|&(at, _)| at);
    turns.reverse();
    turns
}

/// A moment, rounded for people.
fn moment(at: Time) -> String {
    at.since(Time::ZERO).rounded()
}
