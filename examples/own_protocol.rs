//! A protocol of your own, outside this project: a crate's whole text.
//!
//! The problem here is leader election, and the protocol that of a ring: Ernest Chang, Rosemary
//! Roberts, "An improved algorithm for decentralized extrema-finding in circular configurations of
//! processes", CACM 22(5), 1979. (1) Each process sends its number to the next one in the ring; (2)
//! a process that hears a larger number than its own passes it on, and drops a smaller one; (3) one
//! that hears its own number is the leader, and (4) tells the others around the ring.
//!
//! Assumes that no message is lost and nobody crashes.
//!
//! Where the numbers stand decides what it costs: with n processes, (1) and (2) take n(n+1)/2
//! messages if the numbers fall around the ring, and 2n-1 if they rise.
//!
//! A crate with this text depends on `dsys` and `serde`, and has a feature `cli` for the program:
//!
//! ```toml
//! [features]
//! default = ["cli"]
//! cli = ["dsys/cli"]
//!
//! [dependencies]
//! dsys = { path = "../dsys", default-features = false }
//! serde = { version = "1.0", features = ["derive"] }
//! ```
//!
//! The whole program is there for it: `cargo run --example own_protocol -- --library
//! examples/own_library run who-leads`, and `sweep`, `search`, `notes`, `serve` and the rest in the
//! same way.

use dsys::check::standard::{self, Decides};
use dsys::problems::Registry;
use dsys::problems::prelude::*;

/// All that the program knows.
pub static REGISTRY: Registry = Registry { problems: &[&ELECTION] };

#[cfg(feature = "cli")]
fn main() -> std::process::ExitCode {
    dsys::main(REGISTRY)
}

static ELECTION: Problem = Problem {
    name: "election",
    title: "Leader election",
    summary: "Can processes that know only their neighbour agree on one of them?",
    protocols: &[&RING],
    ..Problem::BLANK
};

static RING: Entry = Entry {
    name: "ring",
    title: "Election on a ring",
    summary: "Each number goes around until a larger one stops it: the largest comes back.",
    paper: "Chang, Roberts, \"An improved algorithm for decentralized extrema-finding\", CACM 22(5), 1979",
    params: schema::of::<Params>,
    outputs: &[LEADER],
    decisions: &[LEADER],
    properties: &[ONE_LEADER, EVERYBODY_KNOWS],
    measures: &[check::MESSAGES],
    prepare: |scenario| Setup::read(scenario).run(|Params { numbers }| Ring { numbers, nodes: scenario.names.count() }),
    ..Entry::BLANK
};

/// The output by which a process tells its user who leads.
const LEADER: &str = "leader";

params! {
    struct Params {
        /// How the processes' numbers go around the ring: they `rise`, or they `fall`.
        numbers: Numbers = Numbers::Fall,
    }
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Numbers {
    Rise,
    Fall,
}

#[derive(Clone)]
struct Ring {
    numbers: Numbers,
    nodes: usize,
}

impl Protocol for Ring {
    type Process = Candidate;
    type Message = Word;
    type Timer = Never;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Candidate {
        let number = match self.numbers {
            Numbers::Rise => node.index(),
            Numbers::Fall => self.nodes - 1 - node.index(),
        };
        Candidate { number: number as u32, next: NodeId::new(((node.index() + 1) % self.nodes) as u16) }
    }
}

#[derive(Clone, PartialEq, Serialize)]
enum Word {
    Candidate(u32),
    Leader(u32),
}

words!(Word {
    Candidate(number) => "candidate {number}";
    Leader(number) => "{number} leads";
});

#[derive(Clone)]
struct Candidate {
    number: u32,
    next: NodeId,
}

impl Process<Ring> for Candidate {
    fn start(&mut self, ctx: &mut Context<'_, Ring>) {
        // Step 1.
        ctx.send(self.next, Word::Candidate(self.number));
    }

    fn message(&mut self, _from: NodeId, word: Word, ctx: &mut Context<'_, Ring>) {
        match word {
            // Step 2.
            Word::Candidate(number) if number > self.number => ctx.send(self.next, word),
            // Step 3.
            Word::Candidate(number) if number == self.number => {
                ctx.output(LEADER, number);
                ctx.send(self.next, Word::Leader(number));
            }
            // Step 4.
            Word::Leader(number) if number != self.number => {
                ctx.output(LEADER, number);
                ctx.send(self.next, word);
            }
            _ => {}
        }
    }
}

/// A process that learns who leads: what it tells its user once and for all.
#[derive(Default)]
struct Elected;

impl Decides for Elected {
    const OUTPUT: &'static str = LEADER;
    const WHO: &'static str = "process";
}

const ONE_LEADER: Property = Property {
    name: "one-leader",
    says: "No two processes learn of different leaders.",
    ..standard::agreement::<Elected>()
};

const EVERYBODY_KNOWS: Property = Property {
    name: "everybody-knows",
    says: "Every process that stays up learns who leads.",
    ..standard::termination::<Elected>()
};

#[cfg(test)]
mod tests {
    use dsys::report::{self, Claims, Report};
    use dsys::scenario::{Expected, Request};

    use super::REGISTRY;

    fn report(more: &str) -> Report {
        let text = format!("title = \"t\"\nproblem = \"election\"\nprotocol = \"ring\"\nnodes = 5\n{more}");
        let request = Request::new("t", &text);
        let scenario = REGISTRY.load(&request).expect("a sound scenario");
        report::run(&scenario, Claims::Always).expect("a scenario that runs")
    }

    fn verdicts(more: &str) -> Vec<Expected> {
        report(more).properties.iter().map(|judged| judged.verdict.word()).collect()
    }

    #[test]
    fn the_largest_number_leads_unless_a_message_is_lost() {
        assert_eq!(verdicts(""), [Expected::Holds, Expected::Holds]);
        assert_eq!(verdicts("network.loss = 1.0"), [Expected::Holds, Expected::Violated]);
    }

    #[test]
    fn numbers_that_rise_cost_least_and_numbers_that_fall_most() {
        // The leader's own number goes around the ring once more.
        for (numbers, candidates) in [("rise", 2 * 5 - 1), ("fall", 5 * 6 / 2)] {
            let report = report(&format!("params.numbers = \"{numbers}\""));
            assert_eq!(report.measures[0].value, Some(candidates + 5), "{numbers}");
        }
    }
}
