//! What the problem's protocols are judged by: whether a system comes back by itself, works for
//! nobody, and keeps what it promises.

use std::marker::PhantomData;
use std::ops::Range;

use crate::check::{Fold, Judge, Kind, Run, Verdict, Windows};
use crate::problems::prelude::*;
use crate::process::Probability;
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind, Kinds};

use super::measures::Percentile;
use super::requests::{Open, TOLD, server, told, word};
use super::trigger::{Ended, Trigger};

/// What a scenario asks of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goals {
    /// How long after the last trigger all must be well again.
    pub(super) within: Span,
    /// Which share of the requests must then be answered well.
    pub(super) share: Probability,
    /// The time in which 99 of 100 good requests must be answered.
    pub(super) slo: Option<Span>,
}

/// Parameters that say what is asked of a run.
pub(super) trait Asks: serde::de::DeserializeOwned + JsonSchema + Send + 'static {
    /// What is asked.
    fn goals(&self) -> Goals;
}

fn goals<A: Asks>(run: &Run<'_>) -> Option<Goals> {
    run.scenario.params.read::<A>().ok().map(|params| params.goals())
}

/// The properties of every protocol of the problem.
pub(super) const fn properties<A: Asks>() -> [Property; 3] {
    [
        Property {
            name: "recovers",
            kind: Kind::Liveness,
            says: "Some time after the last thing that went wrong, requests are answered as before.",
            needs: TOLD.or(Trigger::NEEDS),
            judge: Judge::fold::<Recovers<A>>(),
        },
        Property {
            name: "no-wasted-work",
            kind: Kind::Safety,
            says: "No answer comes to a caller that has given up.",
            needs: Kinds::NOTED,
            judge: Judge::fold::<NoWastedWork>(),
        },
        Property {
            name: "slo",
            kind: Kind::Safety,
            says: "99 of 100 good requests are answered within `slo`.",
            needs: TOLD,
            judge: Judge::fold::<WithinSlo<A>>(),
        },
    ]
}

/// The measure of how long it took to recover.
pub(super) const fn recovered_after<A: Asks>() -> Measure {
    Measure {
        name: "recovered_after",
        unit: "ns",
        says: "The time from the end of the last trigger until enough requests were answered for good; not defined \
               where nothing went wrong, or where that did not come.",
        needs: TOLD.or(Trigger::NEEDS),
        of: Judge::fold::<RecoveredAfter<A>>(),
        in_words: None,
    }
}

/// The requests of a run, window by window as they came.
#[derive(Clone, Debug, Default)]
struct Goodput {
    trigger: Trigger,
    open: Open,
    windows: Vec<Came>,
}

/// The requests that came in one window.
#[derive(Clone, Copy, Debug, Default)]
struct Came {
    requests: u32,
    /// Those of them that were answered well, in this window or later.
    good: u32,
    /// Those that are not over.
    open: u32,
}

impl Came {
    /// Whether so many were answered well, whatever comes of the others.
    fn is_good(self, share: Probability) -> bool {
        f64::from(self.good) >= share.get() * f64::from(self.requests)
    }

    /// Whether too few can be answered well, whatever comes of the others.
    fn is_bad(self, share: Probability) -> bool {
        let hoped = Came { good: self.good + self.open, ..self };
        !hoped.is_good(share)
    }
}

impl Goodput {
    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.trigger.see(event);
        let windows = Windows::of(run.scenario);
        if let Some((came, is_good)) = self.open.see(event) {
            let window = &mut self.windows[windows.at(came)];
            window.open -= 1;
            window.good += u32::from(is_good);
        } else if let Some((word::ASKED, _)) = told(event) {
            let window = windows.at(event.at);
            self.windows.resize(self.windows.len().max(window + 1), Came::default());
            self.windows[window].requests += 1;
            self.windows[window].open += 1;
        }
    }

    /// The windows from `from` on that are over.
    fn after(run: &Run<'_>, from: usize) -> Range<usize> {
        from..Windows::of(run.scenario).ended_by(run.trace.ended_at)
    }

    fn came_in(&self, window: usize) -> Came {
        self.windows.get(window).copied().unwrap_or_default()
    }

    fn clear(&mut self) {
        self.trigger = Trigger::default();
        self.open.clear();
        self.windows.clear();
    }
}

struct Recovers<A>(Goodput, PhantomData<fn() -> A>);

impl<A> Default for Recovers<A> {
    fn default() -> Recovers<A> {
        Recovers(Goodput::default(), PhantomData)
    }
}

impl<A: Asks> Fold for Recovers<A> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.0.see(event, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let Some(Goals { within, share, .. }) = goals::<A>(run) else { return run.unknown(String::new) };
        let (at, what, event) = match self.0.trigger.ended(run) {
            Ended::Never => return run.holds_vacuously(|| "Nothing went wrong in this run.".to_owned()),
            Ended::NotYet => return run.unknown(|| "What went wrong lasts to the end of the run.".to_owned()),
            Ended::At(at, what, event) => (at, what, event),
        };
        let windows = Windows::of(run.scenario);
        let told = || format!("{what} ended at {}", since_start(at));
        let from = windows.from(at + within);
        let mut after = Goodput::after(run, from);
        if let Some(bad) = after.clone().find(|&window| self.0.came_in(window).is_bad(share)) {
            let shown = event.into_iter().chain(first_failure(run, windows, bad));
            return run.violated(|| format!("{}. {}", told(), self.0.why(run, bad, share)), shown);
        }
        if after.is_empty() {
            return run.unknown(|| format!("{}, and the run ends less than {} later.", told(), within.rounded()));
        }
        // Some requests of the last windows may still be open: what counts is how it was before.
        let is_good = |&window: &usize| self.0.came_in(window).is_good(share);
        let has_any = |&window: &usize| self.0.came_in(window).requests > 0;
        let Some(last_good) = after.clone().rfind(|window| has_any(window) && is_good(window)) else {
            let later = match after.any(|window| has_any(&window)) {
                true => "the requests that came later are not over",
                false => "no request came later",
            };
            return run.unknown(|| format!("{}, and {later}.", told()));
        };
        if let Some(open) = after.find(|window| *window < last_good && !is_good(window)) {
            let since = || since_start(windows.start(open));
            return run.unknown(|| format!("{}, and requests that came at {} are not over.", told(), since()));
        }
        run.holds(|| {
            let (from, share) = (since_start(windows.start(from)), percent(share));
            format!("{}. From {from} on, at least {share} of the requests that come are answered well.", told())
        })
    }

    fn begin(&mut self) {
        self.0.clear();
    }
}

impl Goodput {
    /// What happened in a window in which too few requests were answered: the figures, and what
    /// keeps it so.
    fn why(&self, run: &Run<'_>, bad: usize, share: Probability) -> String {
        let windows = Windows::of(run.scenario);
        let [from, to] = [windows.start(bad), windows.start(bad + 1)];
        let Came { requests, good, .. } = self.came_in(bad);
        let Load { calls, answers, late, waiting } = Load::between(run, from, to);
        let server = server(run).map_or("the server", |node| run.name(node));
        let well = match good {
            0 => "none was answered well".to_owned(),
            1 => "one was answered well".to_owned(),
            _ => format!("{good} were answered well"),
        };
        let came = match requests {
            1 => "Of the one request that came".to_owned(),
            _ => format!("Of the {requests} requests that came"),
        };
        let late = match late {
            0 => String::new(),
            _ if late == answers => ", all of them too late".to_owned(),
            _ => format!(", {late} of them too late"),
        };
        let waiting = match waiting {
            0 => String::new(),
            1 => "; one call waits in its queue".to_owned(),
            _ => format!("; {waiting} calls wait in its queue"),
        };
        format!(
            "{came} from {} to {}, {well}, and {} should be: meanwhile {} to {server}, which gave {}{late}{waiting}.",
            since_start(from),
            since_start(to),
            percent(share),
            came_words(calls),
            counted(answers, "answer"),
        )
    }
}

fn came_words(calls: u32) -> String {
    match calls {
        0 => "no call came".to_owned(),
        1 => "1 call came".to_owned(),
        _ => format!("{calls} calls came"),
    }
}

fn counted(count: u32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn percent(share: Probability) -> String {
    format!("{}%", libm::round(share.get() * 1e4) / 1e2)
}

fn since_start(at: Time) -> String {
    at.since(Time::ZERO).rounded()
}

/// What the server had to do in a window of a run that somebody looks at.
#[derive(Default)]
struct Load {
    calls: u32,
    answers: u32,
    late: u32,
    /// How many waited when a call last joined the queue before the window's end.
    waiting: i64,
}

impl Load {
    fn between(run: &Run<'_>, from: Time, to: Time) -> Load {
        let mut load = Load::default();
        let server = server(run);
        for event in run.trace.events.iter().take_while(|event| event.at < to) {
            let told = told(event);
            if let Some((word::QUEUED, waiting)) = told.filter(|_| event.node == server) {
                load.waiting = waiting;
            }
            if event.at < from {
                continue;
            }
            match event.what {
                EventKind::Delivered(message) if Some(message.to()) == server => load.calls += 1,
                EventKind::Sent { message, .. } if Some(message.from()) == server => load.answers += 1,
                _ => load.late += u32::from(told.is_some_and(|(name, _)| name == word::LATE)),
            }
        }
        load
    }
}

/// The first request that was not answered well in a window.
fn first_failure(run: &Run<'_>, windows: Windows, window: usize) -> Option<EventId> {
    let in_window = run.trace.events.iter().filter(|event| windows.at(event.at) == window);
    let is_failure = |event: &&Event| told(event).is_some_and(|(name, _)| [word::FAILED, word::SHED].contains(&name));
    in_window.clone().find(is_failure).map(|event| event.id)
}

struct RecoveredAfter<A>(Goodput, PhantomData<fn() -> A>);

impl<A> Default for RecoveredAfter<A> {
    fn default() -> RecoveredAfter<A> {
        RecoveredAfter(Goodput::default(), PhantomData)
    }
}

impl<A: Asks> Fold for RecoveredAfter<A> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.0.see(event, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Option<i64> {
        let Ended::At(at, ..) = self.0.trigger.ended(run) else { return None };
        let windows = Windows::of(run.scenario);
        let share = goals::<A>(run)?.share;
        let mut after = Goodput::after(run, windows.from(at));
        let (first, last) = (after.start, after.end);
        let good_from = after.rfind(|&window| !self.0.came_in(window).is_good(share)).map_or(first, |bad| bad + 1);
        (good_from < last).then(|| windows.start(good_from).since(at).ns())
    }

    fn begin(&mut self) {
        self.0.clear();
    }
}

/// The first answer that nobody waited for, and how many there were.
#[derive(Default)]
struct NoWastedWork {
    first: Option<(EventId, Time, i64)>,
    count: u32,
}

impl Fold for NoWastedWork {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let Some((word::LATE, request)) = told(event) {
            self.first.get_or_insert((event.id, event.at, request));
            self.count += 1;
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let Some((event, at, request)) = self.first else {
            return run.holds(|| "No answer came to a caller that had given up.".to_owned());
        };
        let because = || {
            let more = match self.count {
                1 => "No other answer came too late.".to_owned(),
                2 => "Another answer came too late after it.".to_owned(),
                count => format!("{} more answers came too late after it.", count - 1),
            };
            format!(
                "At {} an answer to request {request} came when its caller had given up: work for nobody. {more}",
                since_start(at)
            )
        };
        run.violated(because, [event])
    }
}

struct WithinSlo<A> {
    took: Percentile<990>,
    /// The last good answer, which shows a violation.
    last: Option<EventId>,
    asks: PhantomData<fn() -> A>,
}

impl<A> Default for WithinSlo<A> {
    fn default() -> WithinSlo<A> {
        WithinSlo { took: Percentile::default(), last: None, asks: PhantomData }
    }
}

impl<A: Asks> Fold for WithinSlo<A> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.took.see(event, run);
        if let Some((word::GOOD, _)) = told(event) {
            self.last = Some(event.id);
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let Some(slo) = goals::<A>(run).and_then(|goals| goals.slo) else {
            return run.holds_vacuously(|| "The scenario promises no time: it has no `slo`.".to_owned());
        };
        let Some((p99, count)) = self.took.now() else {
            return run.holds_vacuously(|| "No request was answered well.".to_owned());
        };
        let of = || format!("99 of 100 of the {count} good requests took at most {}", Span::from_ns(p99).rounded());
        if p99 <= slo.ns() {
            return run.holds(|| format!("{}, and {} were promised.", of(), slo.rounded()));
        }
        run.violated(|| format!("{}, and only {} were promised.", of(), slo.rounded()), self.last)
    }

    fn begin(&mut self) {
        self.took.begin();
        self.last = None;
    }
}
