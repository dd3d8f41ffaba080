//! The two generals: the closed forms of the literature, and what runs show of them.

use dsys::check::{self, Run};
use dsys::problems::{Bound, SHIPPED};
use dsys::report;
use dsys::scenario::{self, Request};
use dsys::trace::Recording;

/// Runs a row. The tolerance of a probability and of a mean is 4.5 standard errors.
const RUNS: u64 = 20_000;
const SIGMAS: f64 = 4.5;

/// The protocol between two generals with these settings, each as it would be written after
/// `--set`.
fn generals(protocol: &str, settings: &[&str]) -> Bound {
    forced(protocol, settings, &[])
}

/// The same with choices settled by hand, each as it would be written after `--force`.
fn forced(protocol: &str, settings: &[&str], force: &[&str]) -> Bound {
    let text = format!(
        "title = \"Two\"\nproblem = \"two-generals\"\nprotocol = \"{protocol}\"\nnodes = [\"alice\", \"bob\"]\n"
    );
    let set: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
    let force: Vec<String> = force.iter().map(|&choice| choice.to_owned()).collect();
    let request = Request { name: "two", origin: "two.toml", text: &text, set: &set, force: &force, seed: None };
    SHIPPED.load(&request).unwrap_or_else(|invalid| panic!("{settings:?}: {invalid}"))
}

/// What many runs showed of a rate of violation or of a measure.
#[derive(Clone, Copy, Default)]
struct Seen {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Seen {
    fn see(&mut self, value: f64) {
        self.n += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn mean(self) -> f64 {
        self.sum / self.n
    }

    fn sd(self) -> f64 {
        ((self.squares / self.n - self.mean() * self.mean()).max(0.0) * self.n / (self.n - 1.0)).sqrt()
    }
}

/// Runs a scenario for many seeds, and returns what it showed of each of `names`, a property or a
/// measure each.
fn sample(scenario: &Bound, names: &[&str]) -> Vec<Seen> {
    let (entry, mut runner) = (scenario.entry, scenario.prepare().unwrap());
    let property = |name: &str| entry.properties.iter().find(|property| property.name == name);
    let measure = |name: &str| entry.measures.iter().find(|measure| measure.name == name);
    let mut seen = vec![Seen::default(); names.len()];
    for seed in 1..=RUNS {
        let trace = runner.run(seed, Recording::Outputs(report::needs(entry)), None);
        let run = Run { scenario, trace };
        for (seen, name) in seen.iter_mut().zip(names) {
            match (property(name), measure(name)) {
                (Some(property), _) => {
                    let word = check::judge(property, &run).word();
                    assert_ne!(word, scenario::Expected::Unknown, "{name}, seed {seed}");
                    seen.see(f64::from(u8::from(word == scenario::Expected::Violated)));
                }
                (None, Some(measure)) => {
                    if let Some(value) = measure.of.of(&run) {
                        seen.see(value as f64);
                    }
                }
                (None, None) => panic!("there is no `{name}`"),
            }
        }
    }
    seen
}

/// Holds the figures of the literature against theory, which must give them, and against what runs
/// show.
fn check(protocol: &str, settings: &[&str], figures: &[(&str, f64)]) {
    let scenario = generals(protocol, settings);
    let theory = SHIPPED.entry("two-generals", protocol).unwrap().theory;
    let names: Vec<&str> = figures.iter().map(|&(name, _)| name).collect();
    for (seen, &(name, exact)) in sample(&scenario, &names).into_iter().zip(figures) {
        let given = theory.iter().find(|theory| theory.of == name).and_then(|theory| (theory.value)(&scenario));
        let given = given.unwrap_or_else(|| panic!("{protocol} {settings:?}: no theory of {name}"));
        assert!((given - exact).abs() < 1e-5, "{protocol} {settings:?}: {name} is {exact}, theory says {given}");
        let is_rate = matches!(name, "agreement" | "alone_given_attack");
        let sd = if is_rate { (exact * (1.0 - exact)).max(0.0).sqrt() } else { seen.sd() };
        let (off, allowed) = ((seen.mean() - exact).abs(), SIGMAS * sd / seen.n.sqrt() + 1e-5);
        let mean = seen.mean();
        assert!(off <= allowed, "{protocol} {settings:?}: {name} is {exact}, runs say {mean} (± {allowed})");
    }
}

#[test]
fn a_longer_chain_does_not_make_an_attacker_less_alone() {
    for (acks, loss, alone) in [("0", 0.1, 0.1), ("2", 0.1, 0.081), ("5", 0.25, 0.059_326)] {
        let settings = [&*format!("params.acks={acks}"), &*format!("network.loss={loss}")];
        check("ack-chain", &settings, &[("agreement", alone), ("alone_given_attack", loss)]);
    }
}

#[test]
fn both_ends_of_a_chain_attack_as_often_as_all_of_it_arrives() {
    // Two attackers with (1-p)^k, one with (1-p)^(k-1) p; messages: one more than arrive, but for
    // the last.
    let (both, alone) = (0.729, 0.081);
    let figures = [("attackers", 2.0 * both + alone), ("messages", 1.0 + 0.9 + 0.81)];
    check("ack-chain", &["params.acks=2", "network.loss=0.1"], &figures);
}

#[test]
fn knowledge_grows_by_one_a_delivery() {
    check("ack-chain", &["params.acks=4", "network.loss=0.1"], &[("knowledge_depth", 3.685_59)]);
    check("ack-chain", &["params.acks=9", "network.loss=0.5"], &[("knowledge_depth", 0.999_02)]);
    // As good as without end: 0.8^100 is 2e-10.
    check("ack-chain", &["params.acks=99", "network.loss=0.2"], &[("knowledge_depth", 4.0)]);
}

#[test]
fn damage_counts_as_loss_and_each_way_has_its_own() {
    let settings = [
        "params.acks=1",
        "network.loss=0.1",
        "network.link=[{ from = \"bob\", to = \"alice\", loss = 0.2, corrupt = 0.25 }]",
    ];
    check("ack-chain", &settings, &[("agreement", 0.9 * 0.4), ("alone_given_attack", 0.4)]);
}

#[test]
fn messengers_without_acks_all_fail_now_and_then() {
    for (messengers, loss, alone) in [("3", 0.5, 0.125), ("3", 0.3, 0.027), ("6", 0.1, 1e-6)] {
        let settings = [&*format!("params.messengers={messengers}"), &*format!("network.loss={loss}")];
        check("messengers", &settings, &[("agreement", alone), ("attackers", 2.0 - alone)]);
    }
}

#[test]
fn messengers_with_acks_move_the_doubt_to_the_acks() {
    for (n, m, loss, alone) in [(3, 3, 0.3, 0.026_271), (4, 4, 0.5, 0.058_594), (2, 2, 0.1, 0.0099)] {
        let settings = [
            &*format!("params.messengers={n}"),
            &*format!("params.ack-messengers={m}"),
            &*format!("network.loss={loss}"),
        ];
        let unheard = f64::powi(loss, n);
        let figures = [
            ("agreement", alone),
            ("alone_given_attack", f64::powi(loss, m)),
            ("copies_received", f64::from(n) * (1.0 - loss)),
            ("messages", f64::from(n) + (1.0 - unheard) * f64::from(m)),
        ];
        check("messengers", &settings, &figures);
    }
}

/// The settings of a network that loses `p` of what goes to bob and `q` of what comes back.
fn lossy(p: f64, q: f64) -> [String; 2] {
    let back = format!("network.link=[{{ from = \"bob\", to = \"alice\", loss = {q:?} }}]");
    [format!("network.loss={p:?}"), back]
}

#[test]
fn retries_leave_bob_alone_if_all_acks_are_lost() {
    for (p, q, most, alone) in [(0.2, 0.3, 4, 0.035_881), (0.1, 0.1, 3, 0.005_859), (0.5, 0.5, 10, 0.055_337)] {
        let [there, back] = lossy(p, q);
        let settings = [&*format!("params.attempts={most}"), &*there, &*back];
        let unheard = f64::powi(p, most);
        let conditional = ("alone_given_attack", alone / (1.0 - unheard));
        check("retry", &settings, &[("agreement", alone), conditional]);
    }
}

#[test]
fn retries_take_as_many_attempts_as_a_geometric_variable() {
    for (p, q, most, made) in
        [(0.1, 0.1, 500, 1.234_57), (0.2, 0.3, 500, 1.785_71), (0.5, 0.5, 500, 4.0), (0.2, 0.3, 4, 1.718_78)]
    {
        let [there, back] = lossy(p, q);
        let settings = [&*format!("params.attempts={most}"), &*there, &*back];
        let figures = [("attempts", made), ("copies_received", (1.0 - p) * made), ("messages", (2.0 - p) * made)];
        check("retry", &settings, &figures);
    }
}

#[test]
fn a_secret_key_bounds_disagreement_by_one_over_the_rounds() {
    for (rounds, bound) in [(5, 0.2), (10, 0.1), (100, 0.01)] {
        let settings =
            [&*format!("params.rounds={rounds}"), "network.link=[{ from = \"bob\", to = \"alice\", loss = 1.0 }]"];
        check("randomized", &settings, &[("agreement", bound)]);
    }
    check("randomized", &["params.rounds=10"], &[("agreement", 0.0), ("attackers", 2.0), ("level", 10.0)]);
}

#[test]
fn under_chance_losses_levels_part_once_and_for_good() {
    // e = 2 * 0.3 * 0.7 = 0.42: P = (1 - 0.58^4) / 4.
    let settings = ["params.rounds=4", "network.loss=0.3"];
    let scenario = generals("randomized", &settings);
    let level = SHIPPED.entry("two-generals", "randomized").unwrap().theory.iter().find(|theory| theory.of == "level");
    let level = (level.unwrap().value)(&scenario).unwrap();
    check("randomized", &settings, &[("agreement", (1.0 - f64::powi(0.58, 4)) / 4.0), ("level", level)]);
}

#[test]
fn of_all_single_losses_only_the_last_breaks_a_chain() {
    for acks in 0..=12 {
        for lost in 1..=acks + 1 {
            let (from, to) = if lost % 2 == 1 { ("alice", "bob") } else { ("bob", "alice") };
            let force = format!("{from}:{to}:{}=lose", (lost + 1) / 2);
            let scenario = forced("ack-chain", &[&format!("params.acks={acks}")], &[&force]);
            let report = report::run(&scenario, report::Claims::Always).unwrap();
            let expected = if lost == acks + 1 { scenario::Expected::Violated } else { scenario::Expected::Holds };
            assert_eq!(report.properties[0].verdict.word(), expected, "{acks} acks, {force}");
            assert!(report.warnings.is_empty(), "{:?}", report.warnings);
        }
    }
}
