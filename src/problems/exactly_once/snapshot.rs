//! The snapshot of a running system: what every node had, and what was under way, at no single
//! moment and yet consistent.
//!
//! K. Mani Chandy, Leslie Lamport, "Distributed snapshots: determining global states of distributed
//! systems", ACM TOCS 3(1), 1985, section 3.
//!
//! The problem: nodes pass tokens to each other all the time. A snapshot must hold each token
//! exactly once, at a node or on a link (conservation), without stopping anybody. It is what stream
//! processors restart from.
//!
//! The algorithm. The first node begins by itself, any other with the first marker that comes. (1)
//! To begin, a node records its own state and sends a marker on each of its links before anything
//! else. (2) On each link into it, it records what comes after its own state was recorded and
//! before that link's marker; the link on which the first marker came is empty. (3) When a marker
//! has come on every link into it, the node is done.
//!
//! Assumes that links lose nothing and keep the order of messages (fifo): the marker divides what
//! belongs before the snapshot from what belongs after it. On a link that is not fifo a token that
//! overtakes the marker is counted twice, and one that the marker overtakes is not counted at all;
//! nothing here refuses such a link, since that is the lesson. Departures: one snapshot a run,
//! begun by the first node.
//!
//! See `notes/problems/exactly-once.md` and
//! `scenarios/exactly-once/a-picture-of-moving-tokens.toml`.

mod judge;

use crate::check::{Judge, Kind};
use crate::problems::prelude::*;
use crate::scenario::Link;
use crate::trace::Kinds;

use super::tally::{Count, Marker};
use judge::{Conservation, Recorded, Termination};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "snapshot",
    title: "Distributed snapshot",
    summary: "Markers divide what belongs before the snapshot from what belongs after it.",
    paper: "Chandy, Lamport, \"Distributed snapshots: determining global states of distributed systems\", ACM TOCS \
            3(1), 1985, section 3",
    params: schema::of::<Params>,
    chances: &["coin"],
    properties: PROPERTIES,
    measures: MEASURES,
    theory: THEORY,
    table: Some(judge::table),
    layout: Layout::Row,
    prepare,
    outputs: &["snapshot"],
    edges: &["tokens = 0", "tokens = 1, moves = 1", "tokens = 3, moves = 9", "moves = 200, every = \"1ms\""],
    longer: &[Longer::doubling("params.moves", 100, "").within("nodes = 3\nuntil = \"30d\"\n[params]\ntokens = 5")],
    ..Entry::BLANK
};

params! {
    struct Params {
        /// How many tokens each node has at the start.
        #[schemars(range(min = 0, max = 1_000_000))]
        tokens: u32 = 3,
        /// How often each node passes a token on, if it has one.
        #[schemars(range(min = 0, max = 1_000_000))]
        moves: u32 = 10,
        /// How long a node waits before it passes a token on, and between two.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(4),
        /// When the first node begins the snapshot.
        #[serde(with = "Positive")]
        at: Span = Span::from_ms(20),
        /// Who is linked to whom.
        links: Links = Links::Complete,
    }
}

/// Who is linked to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Links {
    /// Everybody to everybody else.
    Complete,
    /// Everybody to the two beside it.
    Ring,
}

impl Links {
    fn of(self, node: NodeId, nodes: usize) -> Vec<NodeId> {
        let others = NodeId::first(nodes).filter(|&other| other != node);
        let apart = |other: NodeId| (other.index() + nodes - node.index()) % nodes;
        others.filter(|&other| self == Links::Complete || apart(other) == 1 || apart(other) == nodes - 1).collect()
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    let nodes = scenario.names.count();
    let alone = || scenario.complain_of_nodes("a snapshot of one node has no links", "take two nodes or more");
    super::without_lies(scenario).refuse((nodes < 2).then(alone)).run(|params| Snapshots { params, nodes })
}

#[derive(Clone)]
struct Snapshots {
    params: Params,
    nodes: usize,
}

impl Protocol for Snapshots {
    type Process = Holder;
    type Message = Message;
    type Timer = Timer;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Holder {
        let neighbours = self.params.links.of(node, self.nodes);
        let Params { tokens, moves, .. } = self.params;
        Holder { params: self.params.clone(), neighbours, tokens: i64::from(tokens), moves, recording: None }
    }
}

#[derive(Clone, Copy, PartialEq, Serialize)]
enum Message {
    /// "Here is a token."
    Token,
    /// "What I sent before this belongs to the snapshot, what I send after it does not."
    Marker,
}

#[derive(Clone)]
enum Timer {
    /// A token is passed on.
    Move,
    /// The snapshot begins.
    Begin,
}

/// Holds tokens and passes them on.
#[derive(Clone)]
struct Holder {
    params: Params,
    neighbours: Vec<NodeId>,
    tokens: i64,
    moves: u32,
    recording: Option<Picture>,
}

/// A node's part of the snapshot.
#[derive(Clone)]
struct Picture {
    state: i64,
    /// For each neighbour, how many tokens came before its marker, and whether the marker came.
    links: Vec<(i64, bool)>,
}

impl Holder {
    /// Step 1.
    fn begin(&mut self, ctx: &mut Context<'_, Snapshots>) {
        let held = self.tokens;
        ctx.note("state", Value::Number(held), || format!("records that it holds {held}"));
        self.recording = Some(Picture { state: held, links: vec![(0, false); self.neighbours.len()] });
        for &to in &self.neighbours {
            ctx.note("marker", Value::Number(to.index() as i64), String::new);
            ctx.send(to, Message::Marker);
        }
    }

    /// Steps 2 and 3.
    fn close(&mut self, from: NodeId, ctx: &mut Context<'_, Snapshots>) {
        let Some(picture) = &mut self.recording else { return };
        let Some(index) = self.neighbours.iter().position(|&other| other == from) else { return };
        let (came, closed) = &mut picture.links[index];
        if *closed {
            return;
        }
        *closed = true;
        let came = *came;
        ctx.note("link", Value::Number(came), || format!("records {came} on the link"));
        if picture.links.iter().all(|&(_, closed)| closed) {
            let on_links: i64 = picture.links.iter().map(|&(came, _)| came).sum();
            ctx.output("snapshot", Value::Number(picture.state + on_links));
        }
    }

    fn pass_on(&mut self, ctx: &mut Context<'_, Snapshots>) {
        let whom = ctx.draw(self.neighbours.len() as u64) as usize;
        if self.tokens > 0
            && let Some(&to) = self.neighbours.get(whom)
        {
            self.tokens -= 1;
            ctx.send(to, Message::Token);
        }
        self.moves -= 1;
        self.await_move(ctx);
    }

    fn await_move(&self, ctx: &mut Context<'_, Snapshots>) {
        if self.moves > 0 {
            ctx.set_timer(self.params.every, Timer::Move);
        }
    }
}

impl Process<Snapshots> for Holder {
    fn start(&mut self, ctx: &mut Context<'_, Snapshots>) {
        self.await_move(ctx);
        if ctx.me() == NodeId::new(0) {
            ctx.set_timer(self.params.at, Timer::Begin);
        }
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Snapshots>) {
        match message {
            Message::Token => {
                self.tokens += 1;
                let place = self.neighbours.iter().position(|&other| other == from);
                if let (Some(picture), Some(index)) = (&mut self.recording, place)
                    && let (came, false) = &mut picture.links[index]
                {
                    *came += 1;
                }
            }
            Message::Marker => {
                if self.recording.is_none() {
                    self.begin(ctx);
                }
                self.close(from, ctx);
            }
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Snapshots>) {
        match timer {
            Timer::Move => self.pass_on(ctx),
            Timer::Begin if self.recording.is_none() => self.begin(ctx),
            Timer::Begin => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.level("tokens", usize::try_from(self.tokens).unwrap_or_default(), None);
        if self.recording.is_some() {
            facts.operation("records", "what arrives");
        }
    }
}

words!(Message {
    Token => "a token";
    Marker => "marker";
});

words!(Timer {
    Move => "pass a token on";
    Begin => "begin the snapshot";
});

const PROPERTIES: &[Property] = &[
    Property {
        name: "conservation",
        kind: Kind::Safety,
        says: "A complete snapshot holds as many tokens as there are.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<Conservation>(),
    },
    Property {
        name: "termination",
        kind: Kind::Liveness,
        says: "Every node completes its part of the snapshot.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<Termination>(),
    },
];

const MEASURES: &[Measure] = &[
    crate::check::MESSAGES,
    Measure {
        name: "markers",
        unit: "messages",
        says: "Markers sent: one on each link, each way.",
        needs: Kinds::NOTED,
        of: Judge::fold::<Count<Marker>>(),
        in_words: None,
    },
    Measure {
        name: "recorded",
        unit: "tokens",
        says: "Tokens that the snapshot holds, at nodes and on links.",
        needs: Kinds::OUTPUT,
        of: Judge::fold::<Recorded>(),
        in_words: None,
    },
];

const THEORY: &[Theory] = &[
    Theory {
        of: "markers",
        formula: "complete n(n-1); ring 2n, for n > 2",
        assumes: "the run is long enough, nothing is lost and nobody crashes",
        value: |scenario| {
            let params: Params = scenario.params.read().ok()?;
            let nodes = scenario.names.count();
            let links = NodeId::first(nodes).map(|node| params.links.of(node, nodes).len()).sum::<usize>();
            is_reliable(scenario).then_some(links as f64)
        },
    },
    Theory {
        of: "conservation",
        formula: "0",
        assumes: "links are fifo, nothing is lost and nobody crashes",
        value: |scenario| (is_reliable(scenario) && links(scenario).all(|link| link.fifo)).then_some(0.0),
    },
];

fn links(scenario: &Scenario) -> impl Iterator<Item = &Link> {
    let network = &scenario.network;
    std::iter::once(&network.default).chain(network.exceptions.iter().map(|(_, _, link)| link))
}

/// Whether every message arrives once.
fn is_reliable(scenario: &Scenario) -> bool {
    let losses = links(scenario).map(|link| link.loss.get() + link.corrupt.get() + link.duplicate.get());
    // A node whose oscillator stands still passes nothing on, and begins nothing.
    let runs = scenario.clocks.iter().all(|clock| clock.drift_ppb > -1_000_000_000);
    scenario.faults.is_empty() && scenario.forced.is_empty() && losses.sum::<f64>() == 0.0 && runs
}

#[cfg(test)]
mod tests {
    use super::super::tests;
    use crate::problems::tests::verdicts;
    use crate::report::Report;

    fn tokens(nodes: usize, extra: &str, force: &[&str]) -> Report {
        tests::report(&tests::scenario("snapshot", &nodes.to_string(), extra, force))
    }

    #[test]
    fn one_marker_goes_over_each_link() {
        for (nodes, links, markers) in [(4, "complete", 12), (5, "complete", 20), (6, "ring", 12), (2, "ring", 2)] {
            let report = tokens(nodes, &format!("params.links = \"{links}\"\nnetwork.fifo = true"), &[]);
            assert_eq!(tests::measure(&report, "markers"), Some(markers));
            tests::holds(&report, "conservation");
            tests::holds(&report, "termination");
        }
    }

    #[test]
    fn a_token_that_passes_a_marker_is_counted_twice_or_never() {
        let calm = "params = { moves = 1, every = \"19ms\" }";
        let report = tokens(2, calm, &["shop:ledger:1.delay=12ms"]);
        let because = "The snapshot holds 5 tokens, and there are 6: the marker shop:ledger:2 overtook the token \
                       shop:ledger:1, which nobody counted.";
        tests::is_violated(&report, "conservation", because);
        let report = tokens(2, "params = { moves = 1, every = \"21ms\" }", &["shop:ledger:2.delay=5ms"]);
        let because = "The snapshot holds 7 tokens, and there are 6: the token shop:ledger:2 overtook the marker \
                       shop:ledger:1, and was counted at both ends.";
        tests::is_violated(&report, "conservation", because);
    }

    #[test]
    fn a_lost_token_is_missed_and_a_lost_marker_waited_for() {
        let calm = "params = { moves = 1, every = \"10ms\" }";
        let report = tokens(2, calm, &["shop:ledger:1=lose"]);
        let because = "The snapshot holds 5 tokens, and there are 6: shop:ledger:1 was lost.";
        tests::is_violated(&report, "conservation", because);
        let [conservation, termination] = &verdicts(&tokens(2, calm, &["shop:ledger:2=lose"]))[..] else { panic!() };
        assert!(conservation.starts_with('–'), "{conservation}");
        assert_eq!(termination, "✗ Not complete: shop and ledger.");
    }
}
