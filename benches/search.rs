//! `cargo bench --bench search`: what the search rules out in a second, beside the model checker
//! stateright.
//!
//! Both are given the same model, message by message, with the same choices for the enemy, and rule
//! out all that he can do. dsys runs each behaviour to its end, in true time, from where it parts
//! from the one before; stateright goes through states, depth first, and knows those that it has
//! seen. Both on one thread. The number of behaviours, complete ways for a run to go, is the same
//! for both, which is checked; the least time of several turns counts.

#![allow(clippy::disallowed_methods, reason = "what is measured here is the machine's own time")]
#![allow(clippy::disallowed_types, reason = "stateright knows the states that it has seen by their hash")]
#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]
#![allow(clippy::expect_used, reason = "the texts are our own")]

use std::fmt::Debug;
use std::hash::Hash;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use dsys::explore::search::{self, Effort};
use dsys::problems::{Bound, SHIPPED};
use dsys::scenario::Request;
use stateright::{Checker, Model, Property};

/// How often each model is gone through by either side.
const PAIRS: usize = 5;

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    println!(
        "{:34} {:>10}  {:>14}  {:>26}  {:>5}",
        "model", "behaviours", "dsys, a second", "stateright, a second", "ratio"
    );
    pool.install(|| {
        row("two generals, 10 acknowledgements", 400, &chain(10), || Chain::new(10));
        row("two generals, 100 acknowledgements", 40, &chain(100), || Chain::new(100));
        row("OM(1) of 4, a lieutenant lies", 200, &oral(4, 1, &["alice"], 31), || Oral::new(4, 1, &[1], 31));
        row("OM(1) of 6, two tell any lies", 10, &oral(6, 1, &["commander", "alice"], 31), || {
            Oral::new(6, 1, &[0, 1], 31)
        });
        row("OM(2) of 7, two tell up to 3 lies", 1, &oral(7, 2, &["commander", "frank"], 3), || {
            Oral::new(7, 2, &[0, 6], 3)
        });
        row("OM(2) of 7, two tell up to 4 lies", 1, &oral(7, 2, &["commander", "frank"], 4), || {
            Oral::new(7, 2, &[0, 6], 4)
        });
    });
}

/// Whether a row is asked for: by a part of its name, or by no argument at all.
fn is_wanted(name: &str) -> bool {
    let mut asked = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    asked.peek().is_none() || asked.any(|part| name.contains(&part))
}

/// A model whose behaviours can be counted as they end.
trait Counted: Model + Send + Sync + 'static {
    fn ended(&self) -> &AtomicU64;
}

fn row<M: Counted>(name: &str, times: u32, scenario: &Bound, model: impl Fn() -> M)
where
    M::State: Clone + PartialEq + Debug + Hash + Send + Sync,
    M::Action: Clone + PartialEq + Debug,
{
    if !is_wanted(name) {
        return;
    }
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    let (mut behaviours, mut states) = (0, 0);
    for _ in 0..PAIRS {
        ours = ours.min(timed(times, || behaviours = ruled_out(scenario)));
        theirs = theirs.min(timed(times, || {
            let checker = model().checker().threads(1).spawn_dfs().join();
            assert!(checker.discoveries().is_empty(), "{name}: stateright finds a violation");
            assert_eq!(checker.model().ended().load(Relaxed), behaviours, "{name}: the models differ");
            states = checker.unique_state_count();
        }));
    }
    let rate = |count: u64, took: Duration| count as f64 * f64::from(times) / took.as_secs_f64();
    let (ours, others) = (rate(behaviours, ours), rate(behaviours, theirs));
    let of_states = format!("{others:.0} ({:.1} M states)", rate(states as u64, theirs) / 1e6);
    println!("{name:34} {behaviours:>10}  {ours:>14.0}  {of_states:>26}  {:>5.2}", ours / others);
}

fn timed(times: u32, mut run: impl FnMut()) -> Duration {
    let began = Instant::now();
    (0..times).for_each(|_| run());
    began.elapsed()
}

/// The number of behaviours, all of which keep the property.
fn ruled_out(scenario: &Bound) -> u64 {
    let spec = scenario.search.as_ref().expect("a scenario to search");
    let answer = search::search(scenario, spec, Effort::DEFAULT, &|_| ControlFlow::Continue(())).expect("a search");
    assert!(answer.found.is_none(), "dsys finds a violation");
    answer.enumerated
}

fn load(text: &str) -> Bound {
    let request = Request::new("model", text);
    SHIPPED.load(&request).expect("a model's scenario")
}

fn chain(acks: u32) -> Bound {
    load(&format!(
        r#"
        title = "Acknowledgements"
        problem = "two-generals"
        protocol = "ack-chain"
        nodes = 2
        params = {{ acks = {acks} }}
        search = {{ may = ["lose"], property = "validity" }}
        "#
    ))
}

fn oral(nodes: usize, m: usize, traitors: &[&str], at_most: u32) -> Bound {
    load(&format!(
        r#"
        title = "Oral messages"
        problem = "byzantine-generals"
        protocol = "oral"
        nodes = {nodes}
        params = {{ m = {m} }}
        fault = [{{ traitor = {{ nodes = {traitors:?}, lie = "flip" }} }}]
        search = {{ may = ["lie"], at-most = {at_most}, property = "termination" }}
        "#
    ))
}

/// The two generals' chain of acknowledgements: the message under way arrives or is lost; then
/// deadlines pass.
struct Chain {
    last: u8,
    ended: AtomicU64,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Generals {
    /// The number of the message under way; 0 if none is.
    under_way: u8,
    /// The last message that each has heard.
    heard: [u8; 2],
    /// Whether each attacks, once decided.
    attacks: [Option<bool>; 2],
}

#[derive(Clone, Debug, PartialEq)]
enum Move {
    Deliver,
    Lose,
    Deadline(usize),
}

impl Chain {
    fn new(acks: u8) -> Chain {
        Chain { last: acks + 1, ended: AtomicU64::new(0) }
    }
}

impl Counted for Chain {
    fn ended(&self) -> &AtomicU64 {
        &self.ended
    }
}

impl Model for Chain {
    type State = Generals;
    type Action = Move;

    fn init_states(&self) -> Vec<Generals> {
        vec![Generals { under_way: 1, heard: [0; 2], attacks: [None; 2] }]
    }

    fn actions(&self, state: &Generals, actions: &mut Vec<Move>) {
        if state.under_way > 0 {
            actions.extend([Move::Deliver, Move::Lose]);
        } else {
            actions.extend(state.attacks.iter().position(Option::is_none).map(Move::Deadline));
        }
    }

    fn next_state(&self, state: &Generals, action: Move) -> Option<Generals> {
        let mut next = state.clone();
        match action {
            Move::Deliver => {
                let number = state.under_way;
                let to = usize::from(number % 2 == 1);
                next.heard[to] = number;
                next.under_way = if number < self.last { number + 1 } else { 0 };
                if number + 1 >= self.last {
                    next.attacks[to] = Some(true);
                }
            }
            Move::Lose => next.under_way = 0,
            Move::Deadline(general) => next.attacks[general] = Some(false),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Chain>> {
        vec![Property::always("a general that attacks has heard of the order", |model: &Chain, state: &Generals| {
            if state.under_way == 0 && state.attacks.iter().all(Option::is_some) {
                model.ended.fetch_add(1, Relaxed);
            }
            state.attacks[1] != Some(true) || state.heard[1] > 0
        })]
    }
}

/// Oral messages: one message after the other in the order of rounds, senders and paths; a traitor
/// says either word.
struct Oral {
    traitors: Vec<usize>,
    at_most: u8,
    script: Vec<Step>,
    /// For each lieutenant, the paths that end at others, as a tree.
    trees: Vec<Option<Tree>>,
    ended: AtomicU64,
}

/// One message: who says it to whom, of which path, where its truth stands among what the sender
/// has heard, and where it will stand among what the receiver has.
struct Step {
    from: usize,
    to: usize,
    path: Vec<usize>,
    truth: Option<usize>,
    rank: usize,
}

/// A path that a lieutenant hears of: where that stands, and the paths that go on from it.
struct Tree {
    rank: usize,
    longer: Vec<Tree>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Camp {
    /// What each general has heard, a bit a message, set for attack.
    heard: Vec<u32>,
    next: u16,
    lies: u8,
}

impl Oral {
    fn new(nodes: usize, m: usize, traitors: &[usize], at_most: u8) -> Oral {
        let mut script: Vec<Step> = Vec::new();
        let mut round = vec![(vec![], 0, None)];
        for _ in 0..=m {
            let mut next = Vec::new();
            for (path, from, truth) in round {
                let path: Vec<usize> = [path, vec![from]].concat();
                for to in (1..nodes).filter(|to| !path.contains(to)) {
                    let rank = script.iter().filter(|step| step.to == to).count();
                    script.push(Step { from, to, path: path.clone(), truth, rank });
                    next.push((path.clone(), to, Some(rank)));
                }
            }
            round = next;
        }
        let trees = (0..nodes).map(|me| Tree::of(me, &[0], nodes, &script)).collect();
        Oral { traitors: traitors.to_vec(), at_most, script, trees, ended: AtomicU64::new(0) }
    }

    /// What each loyal lieutenant decides.
    fn decisions(&self, camp: &Camp) -> Vec<bool> {
        let loyal = self.trees.iter().enumerate().filter(|(me, _)| !self.traitors.contains(me));
        loyal.filter_map(|(me, tree)| Some(tree.as_ref()?.settled(camp.heard[me]))).collect()
    }
}

impl Tree {
    fn of(me: usize, path: &[usize], nodes: usize, script: &[Step]) -> Option<Tree> {
        let rank = script.iter().find(|step| step.to == me && step.path == path)?.rank;
        let others = (1..nodes).filter(|other| *other != me && !path.contains(other));
        let longer = others.filter_map(|other| Tree::of(me, &[path, &[other]].concat(), nodes, script)).collect();
        Some(Tree { rank, longer })
    }

    /// The majority of what was heard of the path and of what is settled on for those that go on
    /// from it.
    fn settled(&self, heard: u32) -> bool {
        let own = heard >> self.rank & 1 == 1;
        let attacks = self.longer.iter().filter(|longer| longer.settled(heard)).count() + usize::from(own);
        2 * attacks > self.longer.len() + 1
    }
}

impl Counted for Oral {
    fn ended(&self) -> &AtomicU64 {
        &self.ended
    }
}

impl Model for Oral {
    type State = Camp;
    /// Whether the next message is a lie.
    type Action = bool;

    fn init_states(&self) -> Vec<Camp> {
        vec![Camp { heard: vec![0; self.trees.len()], next: 0, lies: 0 }]
    }

    fn actions(&self, camp: &Camp, actions: &mut Vec<bool>) {
        if let Some(step) = self.script.get(usize::from(camp.next)) {
            actions.push(false);
            if self.traitors.contains(&step.from) && camp.lies < self.at_most {
                actions.push(true);
            }
        }
    }

    fn next_state(&self, camp: &Camp, is_lie: bool) -> Option<Camp> {
        let step = &self.script[usize::from(camp.next)];
        let truth = step.truth.is_none_or(|rank| camp.heard[step.from] >> rank & 1 == 1);
        let mut next = camp.clone();
        next.heard[step.to] |= u32::from(truth != is_lie) << step.rank;
        next.next += 1;
        next.lies += u8::from(is_lie);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Oral>> {
        vec![Property::always("every loyal lieutenant decides", |model: &Oral, camp: &Camp| {
            if usize::from(camp.next) == model.script.len() {
                model.ended.fetch_add(1, Relaxed);
                std::hint::black_box(model.decisions(camp));
            }
            true
        })]
    }
}
