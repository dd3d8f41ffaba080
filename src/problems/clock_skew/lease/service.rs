//! Whether every client that asks for the lease gets it in the end.

use std::collections::BTreeMap;

use crate::check::{Fold, Run, Verdict};
use crate::process::NodeId;
use crate::time::{Span, Time};
use crate::trace::{Event, EventKind};

use super::{FIRST_CLIENT, Lease, RETRY};

/// What is known of a client that was down or served.
#[derive(Clone, Copy, Debug, Default)]
struct Client {
    is_down: bool,
    /// When it came up again, if it was down.
    up_since: Time,
    is_served: bool,
}

/// Looks for the clients that wait.
#[derive(Debug, Default)]
pub(super) struct EveryClientServed(BTreeMap<NodeId, Client>);

impl Fold for EveryClientServed {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        let Some(node) = event.node.filter(|node| node.index() >= FIRST_CLIENT) else { return };
        match event.what {
            EventKind::Crashed => {
                self.0.insert(node, Client { is_down: true, ..Client::default() });
            }
            EventKind::Restarted => {
                self.0.insert(node, Client { up_since: event.at, ..Client::default() });
            }
            EventKind::Output(output) if output.name == "holds" => self.0.entry(node).or_default().is_served = true,
            _ => {}
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let Ok(params) = run.scenario.params.read::<Lease>() else { return run.unknown(String::new) };
        let clients = run.trace.names.count().saturating_sub(FIRST_CLIENT);
        // Each may have to wait until all have held the lease once, and a client asks again after a
        // while.
        let patience = (params.length + RETRY).times(clients as i64 + 1);
        let asks = |node: NodeId| {
            let client = self.0.get(&node).copied().unwrap_or_default();
            let since = client.up_since + params.stagger.times((node.index() - FIRST_CLIENT) as i64);
            (!client.is_down && since <= run.trace.ended_at).then_some((node, since, client.is_served))
        };
        let asking: Vec<(NodeId, Time, bool)> =
            NodeId::first(run.trace.names.count()).skip(FIRST_CLIENT).filter_map(asks).collect();
        match (asking.iter().find(|&&(.., is_served)| !is_served), asking.len()) {
            (None, 0) => run.holds_vacuously(|| "No client that stayed up asked for the lease.".to_owned()),
            (None, 1) => run.holds(|| format!("{} got the lease.", run.name(asking[0].0))),
            (None, 2) => run.holds(|| "Both clients that asked got the lease.".to_owned()),
            (None, count) => run.holds(|| format!("All {count} clients that asked got the lease.")),
            (Some(&(node, since, _)), _) => {
                let because = || {
                    let (who, since) = (run.name(node), since.since(Time::ZERO).rounded());
                    format!("{who} asked for the lease from {since} on and did not get it.")
                };
                if run.trace.ended_at.since(since) >= patience.max(Span::ZERO) {
                    run.violated(because, [])
                } else {
                    run.not_reached(because, Vec::new())
                }
            }
        }
    }
}
