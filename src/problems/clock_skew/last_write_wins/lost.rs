//! Acknowledged writes that are lost.
//!
//! A replica that takes a write holds it or one with a greater stamp from then on. A write is lost
//! for good when every replica holds a greater one, if one that is greater than it had been
//! acknowledged before it began.

use std::collections::BTreeMap;

use crate::check::{Fold, Run, Verdict};
use crate::process::NodeId;
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind};

use super::super::hybrid::Stamp;
use super::answers::told;
use super::replicas::{Holdings, named, undecided};
use super::shown;

/// Writes are compared by it: stamp, writer, number.
type Rank = (i64, i64, NodeId, i64);

/// What is known of a write that may matter yet.
#[derive(Clone, Copy, Debug)]
struct Written {
    rank: Rank,
    began: Event,
    acknowledged: Option<Event>,
    /// Whether its user waits for an answer.
    is_awaited: bool,
    /// The greatest write that had been acknowledged before it began, with the event of that, if it
    /// is greater.
    to: Option<(Rank, Event)>,
}

/// Follows all writes until it is known whether they are lost.
#[derive(Debug, Default)]
pub(super) struct LostWrites {
    holdings: Holdings,
    /// The rank of what each replica holds.
    held: BTreeMap<NodeId, Rank>,
    /// Writes that not every replica has gone beyond, in their order.
    open: BTreeMap<Rank, Written>,
    /// The ranks of these, by their numbers.
    ranks: BTreeMap<i64, Rank>,
    /// Writes that every replica has gone beyond and whose users wait, by their numbers.
    awaited: BTreeMap<i64, Written>,
    /// The write of which the stamp is being noted, and the part that was.
    stamping: Option<(Event, i64, Option<i64>)>,
    greatest_acknowledged: Option<(Rank, Event)>,
    acknowledged: usize,
    lost: i64,
    first: Option<Written>,
}

impl LostWrites {
    fn take_in(&mut self, event: &Event, run: &Run<'_>) {
        match (told(event), event.what) {
            (Some((_, "writes", number)), _) => self.stamping = Some((*event, number, None)),
            (Some((_, "acknowledged", number)), _) => self.acknowledge(number, event),
            (Some((_, "gives-up", number)), _) => self.await_no_more(|of| of.rank.3 == number),
            // The users of its writes have gone.
            (_, EventKind::Crashed) => self.await_no_more(|of| Some(of.rank.2) == event.node),
            (_, EventKind::Noted(note)) if note.name == "stamp" => {
                let Some(number) = note.value.number() else { return };
                match self.stamping.take() {
                    Some((began, write, None)) => self.stamping = Some((began, write, Some(number))),
                    Some((began, write, Some(l))) => {
                        self.begin(began, write, l, number);
                        self.resolve(run);
                    }
                    None => {}
                }
            }
            _ => {
                if let Some((replica, number)) = self.holdings.see(event)
                    && let Some(&rank) = self.ranks.get(&number)
                {
                    self.held.insert(replica, rank);
                    self.resolve(run);
                }
            }
        }
    }

    fn begin(&mut self, began: Event, number: i64, l: i64, c: i64) {
        let Some(by) = began.node else { return };
        let rank = (l, c, by, number);
        let to = self.greatest_acknowledged.filter(|(other, _)| *other > rank);
        self.open.insert(rank, Written { rank, began, acknowledged: None, is_awaited: true, to });
        self.ranks.insert(number, rank);
    }

    fn acknowledge(&mut self, number: i64, event: &Event) {
        self.acknowledged += 1;
        let answered = |written: Written| Written { acknowledged: Some(*event), is_awaited: false, ..written };
        let rank = if let Some(written) = self.awaited.remove(&number) {
            self.decide(answered(written));
            written.rank
        } else if let Some(written) = self.ranks.get(&number).and_then(|rank| self.open.get_mut(rank)) {
            *written = answered(*written);
            written.rank
        } else {
            return;
        };
        if self.greatest_acknowledged.is_none_or(|(greatest, _)| greatest < rank) {
            self.greatest_acknowledged = Some((rank, *event));
        }
    }

    /// Nobody waits for an answer to these any more.
    fn await_no_more(&mut self, which: impl Fn(&Written) -> bool) {
        self.awaited.retain(|_, written| !which(written));
        self.open.values_mut().filter(|written| which(written)).for_each(|written| written.is_awaited = false);
    }

    /// Decides of all writes that every replica has gone beyond.
    fn resolve(&mut self, run: &Run<'_>) {
        let is_everywhere = self.held.len() == run.trace.names.count();
        let Some(&least) = self.held.values().min().filter(|_| is_everywhere) else { return };
        while let Some(first) = self.open.first_entry().filter(|first| *first.key() < least) {
            let written = first.remove();
            self.ranks.remove(&written.rank.3);
            if written.is_awaited {
                self.awaited.insert(written.rank.3, written);
            } else {
                self.decide(written);
            }
        }
    }

    /// A write is over that nobody holds or waits for.
    fn decide(&mut self, written: Written) {
        if written.acknowledged.is_some() && written.to.is_some() {
            self.lost += 1;
            self.first.get_or_insert(written);
        }
    }
}

impl Fold for LostWrites {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.take_in(event, run);
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.lost)
    }
}

/// Whether any is lost.
#[derive(Debug, Default)]
pub(super) struct NoLostWrite(LostWrites);

impl Fold for NoLostWrite {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.0.take_in(event, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let LostWrites { holdings, acknowledged, first, .. } = &self.0;
        if let Some((written, to)) = first.as_ref().and_then(|first| Some((first, first.to?))) {
            let discards = run.trace.notes("discards").find(|(.., note)| note.value.number() == Some(written.rank.3));
            let evidence = [Some(to.1.id), Some(written.began.id), written.acknowledged.map(|event| event.id)];
            let evidence = evidence.into_iter().chain([discards.map(|(event, ..)| event.id)]).flatten();
            return run.violated(|| lost(run, holdings, written, to), evidence.collect::<Vec<EventId>>());
        }
        match (undecided(holdings, run), acknowledged) {
            (Some(apart), _) => run.unknown(|| format!("{apart} It is not decided yet which write remains.")),
            (None, 0) => run.holds_vacuously(|| "No write was acknowledged.".to_owned()),
            (None, _) => run.holds(|| "No acknowledged write was lost to one from before it.".to_owned()),
        }
    }
}

/// The sentence of a lost write.
fn lost(run: &Run<'_>, holdings: &Holdings, written: &Written, (rank, older): (Rank, Event)) -> String {
    let (whose, other) = (named(run, written.rank.3), named(run, rank.3));
    let other = other.strip_suffix(" write").unwrap_or(&other);
    let moment = |event: Event| event.at.since(Time::ZERO).rounded();
    let (began, older) = (moment(written.began), moment(older));
    let acknowledged = written.acknowledged.map_or("?".to_owned(), moment);
    let stamp = |(l, c, ..): Rank| shown(Stamp { l, c: u32::try_from(c).unwrap_or(u32::MAX) });
    let (low, high) = (stamp(written.rank), stamp(rank));
    let remains = match holdings.agreed(run) {
        Ok(Some(held)) if held == rank.3 => format!("every replica holds {other}"),
        _ => format!("every replica has come to hold {other}, or a greater one"),
    };
    let why = if (written.rank.0, written.rank.1) == (rank.0, rank.1) {
        format!("for both are stamped {high}, and of two equal stamps that of the later node counts")
    } else {
        format!("because its stamp {high} is greater than {low}")
    };
    format!(
        "{whose} of {began} was acknowledged at {acknowledged} and is lost: {remains}, which had been acknowledged at {older}, {why}."
    )
}
