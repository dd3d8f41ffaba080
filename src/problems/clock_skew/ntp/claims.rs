//! What an NTP client claims of its clock, and why it claims nothing, or claimed too much.

use crate::check::Run;
use crate::process::{NodeId, Output, Value};
use crate::time::{Span, Time};

use super::super::judge::{
    self, Bounded, Docket, Promise, Promises, Regard, Subject, UNTIL_FURTHER_NOTICE, ahead, told,
};
use super::report::Selection;
use super::{Constants, DISTANCE};

/// What each client claims, from one update to the next. A step ends what was claimed: after it the
/// client is not synchronised until the next update.
#[derive(Debug, Default)]
pub(super) struct Claims {
    growth_ppb: i64,
}

impl Promises for Claims {
    const REFERENCE: Option<NodeId> = None;

    fn begin<R: Regard>(&mut self, run: &Run<'_>, _docket: &mut Docket<R>) {
        // The scenario was accepted, so its parameters can be read.
        self.growth_ppb = 1_000 * i64::from(constants(run).tolerance_ppm);
    }

    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        let key = node.index();
        match (output.name, output.value) {
            (DISTANCE, Value::Span(at_first)) => {
                docket.close(key, at, run);
                let (of, to, growth_ppb) = (Bounded::Error(node), UNTIL_FURTHER_NOTICE, self.growth_ppb);
                docket.open(key, Promise { of, from: at, to, at_first, growth_ppb });
            }
            (judge::CORRECTION, _) => docket.close(key, at, run),
            _ => {}
        }
    }
}

fn constants(run: &Run<'_>) -> Constants {
    run.scenario.params.read().unwrap_or_default()
}

impl Subject for Claims {
    const BOUND: &'static str = "the root distance that the client claims, and PHI since";
    const ROUNDING: Span = Span::from_ns(5);
    const COUNTS_FROM: &'static str = DISTANCE;

    /// All but the servers of stratum 1.
    fn nodes(run: &Run<'_>) -> Vec<NodeId> {
        let nodes = run.trace.names.count();
        let first = constants(run).strata(nodes).first().map_or(nodes, |first| first.end);
        NodeId::first(nodes).skip(first).collect()
    }

    /// From the first time on that a client claims to be synchronised.
    fn since(_run: &Run<'_>, _node: NodeId, at: Time) -> Time {
        at
    }

    /// A client that WATCH has passed for has asked often enough, and so has one that follows it by
    /// then.
    fn due(run: &Run<'_>) -> Option<Time> {
        let constants = constants(run);
        let strata = constants.strata(run.trace.names.count()).len();
        Some(Time::ZERO + constants.watch.times(strata as i64))
    }

    fn why_nothing(run: &Run<'_>) -> String {
        let claims_nothing = |node: &NodeId| told(run, DISTANCE, *node).next().is_none();
        match Claims::nodes(run).into_iter().find(claims_nothing) {
            Some(node) => Claims::why_unset(run, node),
            None => "no client was synchronised".to_owned(),
        }
    }

    fn why_unset(run: &Run<'_>, node: NodeId) -> String {
        let gave_up = |&(_, by, output): &(_, NodeId, Output)| by == node && output.value == Value::Word("panic");
        if run.trace.outputs().any(|output| gave_up(&output)) {
            return format!("it was off by more than `panict` = {} and gave up", constants(run).panict);
        }
        match Selection::all(run).into_iter().rfind(|selection| selection.client == node) {
            None => "no server answered often enough to be followed".to_owned(),
            Some(last) if last.truechimers > 0 => "it was not synchronised again after its last step".to_owned(),
            Some(last) => match last.candidates {
                0 => "no server was fit to be followed".to_owned(),
                2 => "its two servers disagree, and two cannot outvote each other".to_owned(),
                many => format!("its {many} servers disagree, and no majority of them agrees"),
            },
        }
    }

    fn what_was_not_assumed(run: &Run<'_>, node: NodeId, at: Time) -> Option<String> {
        // The first is what led the client astray; once its clock is wrong, right servers seem to
        // be.
        let mut selections = Selection::all(run).into_iter().filter(|of| of.client == node && of.at <= at);
        selections.find_map(|selection| wrong_servers(run, &selection))
    }
}

/// Which servers an update followed though they were wrong, and what NTP assumes of that.
fn wrong_servers(run: &Run<'_>, selection: &Selection) -> Option<String> {
    // How far true time was ahead of the client's clock, to the nanosecond.
    let truth = -crate::check::chart::to_ns(ahead(run, selection.client, selection.at, judge::Side::Before));
    let is_right = |(_, low, high): &&(NodeId, i64, i64)| *low - 1 <= truth && truth <= *high + 1;
    let (right, wrong): (Vec<_>, Vec<_>) = selection.intervals.iter().partition(is_right);
    let &&(first, low, high) = wrong.first()?;
    let (who, when) = (run.name(first), selection.at.since(Time::ZERO).rounded());
    if wrong.len() >= right.len() {
        let (count, all) = (wrong.len(), selection.intervals.len());
        return Some(match (count, all) {
            (1, 1) => {
                format!("NTP assumes that most servers are right: at {when} {who} was not, and it was the only one.")
            }
            _ => format!(
                "NTP assumes that most servers are right: at {when} {count} of {all} were not, {who} among them."
            ),
        });
    }
    let overlaps = |&&(_, other_low, other_high): &&(NodeId, i64, i64)| low <= other_high && other_low <= high;
    let other = right.iter().copied().find(|right| overlaps(right))?;
    let by = Span::from_ns((truth - low.midpoint(high)).abs()).rounded();
    Some(format!(
        "This was not promised: at {when} {who} was wrong by {by}, and its interval overlapped that of {}, which was right, \
         so that selection could not tell the two apart.",
        run.name(other.0)
    ))
}
