//! Exactly-once delivery: what is lost, doubled and done again, against closed forms that were
//! derived by hand.

use dsys::check::{self, Run};
use dsys::problems::{Bound, SHIPPED};
use dsys::report;
use dsys::scenario::{Expected, Request};
use dsys::trace::Recording;

/// Runs behind every rate and mean.
const RUNS: u64 = 20_000;

/// The scenario of this text, between a shop and a ledger over a network on which everything takes
/// 1 ms.
pub(crate) fn scenario(protocol: &str, text: &str) -> Bound {
    let delay = if text.contains("network.delay") { "" } else { "network.delay = \"1ms\"\n" };
    let head = format!("title = \"A figure\"\nproblem = \"exactly-once\"\n{delay}");
    let nodes = if text.contains("nodes =") { "" } else { "nodes = 2\n" };
    let text = format!("{head}{nodes}protocol = \"{protocol}\"\n{text}");
    let request = Request::new("figure", &text);
    SHIPPED.load(&request).unwrap_or_else(|invalid| panic!("{}", invalid.styled()))
}

/// What the program's own theory says of a property or a measure.
fn theory(scenario: &Bound, of: &str) -> Option<f64> {
    let entry = SHIPPED.entry(&scenario.problem, &scenario.protocol).unwrap();
    entry.theory.iter().find(|theory| theory.of == of).and_then(|theory| (theory.value)(scenario))
}

fn samples(scenario: &Bound, names: &[&str]) -> Vec<Vec<f64>> {
    samples_of(scenario, names, RUNS)
}

/// The values of properties (1 where they are violated) and of measures in each of so many runs.
pub(crate) fn samples_of(scenario: &Bound, names: &[&str], runs: u64) -> Vec<Vec<f64>> {
    let (entry, mut runner) = (scenario.entry, scenario.prepare().unwrap());
    let recording = Recording::Outputs(report::needs(entry));
    let value = |name: &str, run: &Run<'_>| {
        let property = entry.properties.iter().find(|property| property.name == name);
        let measure = entry.measures.iter().find(|measure| measure.name == name);
        match (property, measure) {
            (Some(property), _) => f64::from(check::judge(property, run).word() == Expected::Violated),
            (_, Some(measure)) => measure.of.of(run).unwrap() as f64,
            _ => panic!("{name} is neither a property nor a measure"),
        }
    };
    let mut samples = vec![Vec::new(); names.len()];
    for seed in 1..=runs {
        let run = Run { scenario, trace: runner.run(seed, recording, None) };
        for (values, name) in samples.iter_mut().zip(names) {
            values.push(value(name, &run));
        }
    }
    samples
}

/// Holds rates and means against their exact values, and the program's theory against the same.
pub(crate) fn check(scenario: &Bound, figures: &[(&str, f64)]) {
    check_samples(scenario, figures);
    let protocol = &scenario.protocol;
    for &(of, exact) in figures {
        let theory = theory(scenario, of).unwrap_or_else(|| panic!("{protocol}: no theory of {of}"));
        assert!(
            (theory - exact).abs() <= 1e-4 * exact.max(1.0),
            "{protocol}: theory has {theory} for {of}, not {exact}"
        );
    }
}

/// The same of figures for which the program has no theory. The bound is 4.5 sigma: of the exact
/// value for a rate, of the sample for a mean, but never less than that of the rarest event that
/// moves it.
fn check_samples(scenario: &Bound, figures: &[(&str, f64)]) {
    let names: Vec<&str> = figures.iter().map(|&(of, _)| of).collect();
    let n = RUNS as f64;
    for (&(of, exact), values) in figures.iter().zip(samples(scenario, &names)) {
        let mean = values.iter().sum::<f64>() / n;
        let least = exact.fract() * (1.0 - exact.fract());
        let is_rate = exact <= 1.0 && values.iter().all(|&value| value == 0.0 || value == 1.0);
        let sample = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let variance = if is_rate { least } else { sample.max(least) };
        let bound = 4.5 * (variance / n).sqrt() + 1e-9;
        assert!((mean - exact).abs() <= bound, "{}: {of} is {mean}, not {exact} within {bound}", scenario.protocol);
    }
}

/// Losses of both links: p from the shop to the ledger, q back.
fn losses(p: f64, q: f64) -> String {
    format!(
        "network.link = [{{ from = \"shop\", to = \"ledger\", loss = {p:?} }}, {{ from = \"ledger\", to = \"shop\", \
         loss = {q:?} }}]\n"
    )
}

#[test]
fn at_most_once_delivers_what_is_not_lost() {
    for p in [0.1, 0.3, 0.9] {
        let one = scenario("at-most-once", &format!("{}params.orders = 1", losses(p, 0.0)));
        check(&one, &[("no-loss", p), ("effects", 1.0 - p), ("losses", p), ("no-duplicate", 0.0)]);
    }
}

#[test]
fn at_least_once_charges_as_often_as_acknowledgements_are_lost() {
    for (p, q, mean) in [(0.0, 0.1, 1.11111), (0.6, 0.1, 1.11111), (0.2, 0.3, 1.42857), (0.3, 0.5, 2.0)] {
        let one = scenario("at-least-once", &format!("{}params = {{ orders = 1, every = \"5ms\" }}", losses(p, q)));
        check(
            &one,
            &[
                ("copies", mean),
                ("effects", mean),
                ("no-duplicate", q),
                ("sends", 1.0 / ((1.0 - p) * (1.0 - q))),
                ("no-loss", 0.0),
            ],
        );
    }
}

#[test]
fn at_least_once_with_four_attempts() {
    let params = "params = { orders = 1, every = \"5ms\", attempts = 4 }";
    let one = scenario("at-least-once", &format!("{}{params}", losses(0.2, 0.3)));
    check(
        &one,
        &[("copies", 1.37503), ("no-duplicate", 0.29184), ("no-loss", 0.2_f64.powi(4)), ("sends", 1.37503 / 0.8)],
    );
}

#[test]
fn the_copies_of_an_order_are_geometric() {
    let (p, q) = (0.3, 0.5);
    let one = scenario("at-least-once", &format!("{}params = {{ orders = 1, every = \"5ms\" }}", losses(p, q)));
    let copies = samples(&one, &["copies"]).remove(0);
    for d in 1..=6 {
        let exact = (1.0 - q) * q.powi(d - 1);
        let rate = copies.iter().filter(|&&copies| copies == f64::from(d)).count() as f64 / RUNS as f64;
        let bound = 4.5 * (exact * (1.0 - exact) / RUNS as f64).sqrt();
        assert!((rate - exact).abs() <= bound, "{d} copies: {rate}, not {exact}");
    }
}

#[test]
fn a_window_forgets_after_so_many_lost_acknowledgements() {
    for (q, window, twice, effects) in
        [(0.4, 25, 0.0640, 1.068376), (0.4, 5, 0.4, 1.0 / 0.6), (0.1, 55, 1e-6, 1.000001)]
    {
        let params = format!("params = {{ orders = 1, every = \"10ms\", ttl = \"{window}ms\" }}");
        let one = scenario("dedup", &format!("{}{params}", losses(0.0, q)));
        check(&one, &[("no-duplicate", twice), ("effects", effects)]);
    }
    for ttl in [10, 25] {
        let params = format!("params = {{ orders = 1, every = \"10ms\", ttl = \"{ttl}ms\", refreshed = true }}");
        check(&scenario("dedup", &format!("{}{params}", losses(0.0, 0.4))), &[("no-duplicate", 0.0)]);
    }
}

#[test]
fn a_full_table_forgets_with_a_poisson_tail() {
    for (lag, capacity, exact) in [(30, 40, 0.04625), (10, 20, 0.003454), (20, 20, 0.52974)] {
        // As many others as the table holds are enough to push the first one out.
        let orders = capacity + 1;
        let text = format!(
            "until = \"1h\"\nforce = {{ \"ledger:shop:1\" = \"lose\" }}\nparams = {{ orders = {orders}, gap = {{ \
             exponential = {{ mean = \"1s\" }} }}, every = \"{lag}s\", capacity = {capacity} }}"
        );
        check(&scenario("dedup", &text), &[("no-duplicate", exact)]);
    }
}

#[test]
fn two_deeds_that_are_not_one() {
    let crash = |order: &str, point: &str, k: f64| {
        let fault = format!("{{ node = \"ledger\", point = \"{point}\", probability = {k:?}, for = \"1ms\" }}");
        let text = format!(
            "params = {{ orders = 1, every = \"5ms\", order = \"{order}\" }}\nfault = [{{ crash = {fault} }}]\n{}",
            losses(0.1, 0.2)
        );
        scenario("dedup", &text)
    };
    for (k, effects) in [(0.01, 1.010101), (0.05, 1.052632), (0.2, 1.25)] {
        let twice = ("no-duplicate", k);
        check(&crash("effect-then-record", "charged", k), &[("effects", effects), twice, ("no-loss", 0.0)]);
        check(&crash("record-then-effect", "recorded", k), &[("no-loss", k), ("losses", k), ("no-duplicate", 0.0)]);
        check(&crash("transaction", "recorded", k), &[("effects", 1.0), ("no-duplicate", 0.0), ("no-loss", 0.0)]);
    }
}

#[test]
fn a_table_in_memory_is_as_good_as_its_machine() {
    for (q, rate, every, extra, any) in
        [(0.1, 0.01, 10, 0.010574, 0.010463), (0.5, 0.1, 1, 0.095163, 0.086894), (0.3, 1.0, 10, 0.42855, 0.29999)]
    {
        let of = |durable: bool| {
            let text = format!(
                "until = \"{}s\"\nparams = {{ orders = 1, every = \"{every}s\", durable = {durable} }}\n\
                 fault = [{{ crash = {{ node = \"ledger\", rate = {rate:?}, for = \"0s\" }} }}]\n{}",
                12 * every,
                losses(0.0, q)
            );
            scenario("dedup", &text)
        };
        check(&of(false), &[("effects", 1.0 + extra), ("no-duplicate", any)]);
        check(&of(true), &[("effects", 1.0)]);
    }
}

#[test]
fn an_outbox_publishes_again_and_a_dual_write_loses() {
    let crash = |protocol: &str, point: &str, k: f64, params: &str| {
        let fault = format!("{{ node = \"shop\", point = \"{point}\", probability = {k:?}, for = \"1ms\" }}");
        scenario(protocol, &format!("params = {{ orders = 1{params} }}\nfault = [{{ crash = {fault} }}]"))
    };
    for (k, sends) in [(0.02, 1.02041), (0.1, 1.11111), (0.5, 2.0)] {
        let figures = [("sends", sends), ("no-loss", 0.0), ("effects", 1.0), ("no-duplicate", 0.0)];
        check(&crash("outbox", "published", k, ""), &figures);
        let figures = [("sends", sends), ("no-loss", 0.0), ("effects", sends), ("no-duplicate", k)];
        check(&crash("outbox", "published", k, ", idempotent = false"), &figures);
        check(&crash("dual-write", "committed", k, ""), &[("no-loss", k), ("losses", k), ("no-phantom", 0.0)]);
        let figures = [("no-loss", 0.0), ("losses", 0.0), ("no-phantom", k)];
        check(&crash("dual-write", "published", k, ", first = \"message\""), &figures);
        check(&crash("outbox", "published", k, ""), &[("no-phantom", 0.0)]);
        check_samples(&crash("outbox", "committed", k, ""), &[("no-loss", 0.0), ("no-duplicate", 0.0)]);
    }
}

#[test]
fn an_offset_is_committed_before_or_after_the_work() {
    let crash = |commit: &str, point: &str, k: f64| {
        let fault = format!("{{ node = \"ledger\", point = \"{point}\", probability = {k:?}, for = \"1ms\" }}");
        let text = format!(
            "nodes = [\"broker\", \"ledger\"]\nparams = {{ orders = 1, every = \"5ms\", commit = \"{commit}\" }}\n\
             network.loss = 0.1\nfault = [{{ crash = {fault} }}]"
        );
        scenario("consumer-offsets", &text)
    };
    for k in [0.05, 0.3] {
        let figures = [("effects", 1.0 / (1.0 - k)), ("no-duplicate", k), ("no-loss", 0.0), ("losses", 0.0)];
        check(&crash("after", "charged", k), &figures);
        let figures = [("effects", 1.0 - k), ("no-duplicate", 0.0), ("no-loss", k), ("losses", k)];
        check(&crash("before", "committed", k), &figures);
    }
}

/// A batch of B begins again after every crash, until B charges in a row are not interrupted.
#[test]
fn a_batch_is_charged_again_from_its_first_order() {
    let readers = |params: &str, fault: &str| {
        let text = format!(
            "nodes = [\"broker\", \"ledger\"]\nparams = {{ every = \"5ms\", gap = \"0s\", {params} }}\n\
             fault = [{{ crash = {{ node = \"ledger\", {fault}, for = \"1ms\" }} }}]"
        );
        scenario("consumer-offsets", &text)
    };
    let k: f64 = 0.1;
    let of_batch = |batch: i32| ((1.0 - k).powi(-batch) - 1.0) / k;
    let after = readers("orders = 7, batch = 3, commit = \"after\"", "point = \"charged\", probability = 0.1");
    let figures = [("effects", 2.0 * of_batch(3) + of_batch(1)), ("no-duplicate", 1.0 - 0.9_f64.powi(7))];
    check(&after, &figures);
    let before = readers("orders = 7, batch = 3, commit = \"before\"", "point = \"committed\", probability = 0.1");
    check(&before, &[("effects", 6.3), ("losses", 0.7), ("no-loss", 1.0 - 0.9_f64.powi(3)), ("no-duplicate", 0.0)]);
    for (batch, mean) in [(1, 1.0), (10, 5.5), (100, 50.5)] {
        let again = |nth: u32| {
            let one = readers(&format!("orders = {batch}, batch = {batch}"), &format!("point = \"charged:{nth}\""));
            let values = samples_of(&one, &["reprocessed"], 1);
            assert_eq!(theory(&one, "reprocessed"), Some(values[0][0]), "a crash at charge {nth} of {batch}");
            values[0][0]
        };
        assert_eq!((1..=batch).map(again).sum::<f64>() / f64::from(batch), mean);
    }
}

#[test]
fn what_is_not_committed_is_seen_twice_by_who_does_not_wait() {
    for (isolation, k, orders) in
        [("read-uncommitted", 0.2, 1), ("read-uncommitted", 0.1, 4), ("read-committed", 0.2, 3)]
    {
        let text = format!(
            "nodes = [\"broker\", \"ledger\", \"spare\"]\n\
             params = {{ orders = {orders}, every = \"5ms\", session = \"20ms\", isolation = \"{isolation}\" }}\n\
             fault = [{{ crash = {{ node = \"ledger\", point = \"produced\", probability = {k:?}, for = \"1ms\" }} }}]"
        );
        let one = scenario("transaction", &text);
        match isolation {
            "read-committed" => check(&one, &[("no-duplicate", 0.0)]),
            _ => {
                let twice = 1.0 - f64::powi(1.0 - k, orders);
                check(&one, &[("no-duplicate", twice), ("effects", f64::from(orders) + twice)]);
            }
        }
    }
}

#[test]
fn a_log_without_idempotence_is_longer_than_what_was_sent() {
    const ORDERS: u32 = 10_000;
    const LOGS: u64 = 10;
    for (q, length) in [(0.05, 10_526.0), (0.1, 11_111.0), (0.5, 20_000.0)] {
        let of = |idempotence: bool| {
            let text = format!(
                "nodes = [\"shop\", \"broker\"]\nuntil = \"10h\"\nnetwork.link = [{{ from = \"broker\", to = \"shop\", \
                 loss = {q:?} }}]\nparams = {{ orders = {ORDERS}, gap = \"2ms\", every = \"5ms\", idempotence = {idempotence} }}"
            );
            scenario("idempotent-producer", &text)
        };
        let loose = of(false);
        let (entry, mut runner) = (loose.entry, loose.prepare().unwrap());
        let recording = Recording::Outputs(report::needs(entry));
        let measure = entry.measures.iter().find(|measure| measure.name == "log_length").unwrap();
        let length_of = |seed| {
            let run = Run { scenario: &loose, trace: runner.run(seed, recording, None) };
            measure.of.of(&run).unwrap() as f64
        };
        let mean = (1..=LOGS).map(length_of).sum::<f64>() / LOGS as f64;
        // The copies of an order are geometric: their variance is q/(1-q)^2.
        let sd = (f64::from(ORDERS) * q).sqrt() / (1.0 - q);
        assert!((mean - length).abs() <= 4.5 * sd / (LOGS as f64).sqrt() + 0.5, "q = {q}: {mean}, not {length}");
        assert!((theory(&loose, "log_length").unwrap() - length).abs() < 1.0);
        let strict = of(true);
        let mut runner = strict.prepare().unwrap();
        let run = Run { scenario: &strict, trace: runner.run(1, recording, None) };
        assert_eq!(measure.of.of(&run), Some(i64::from(ORDERS)), "with idempotence, exactly what was sent");
    }
}

#[test]
#[ignore = "it times a release build: cargo test --release --test truth -- --ignored"]
#[allow(clippy::disallowed_methods, reason = "here it is real time that is measured")]
fn a_hundred_thousand_orders_take_less_than_a_second() {
    for protocol in ["at-least-once", "dedup"] {
        let text = "until = \"1h\"\nparams = { orders = 100_000, gap = \"1ms\" }\nnetwork.loss = 0.1";
        let many = scenario(protocol, text);
        let (entry, mut runner) = (many.entry, many.prepare().unwrap());
        let begun = std::time::Instant::now();
        let trace = runner.run(1, Recording::Outputs(report::needs(entry)), None);
        let run = Run { scenario: &many, trace };
        assert_eq!(
            entry.properties.iter().filter(|property| check::judge(property, &run).word() == Expected::Unknown).count(),
            0
        );
        let took = begun.elapsed();
        assert!(took.as_secs_f64() < 1.0, "{protocol}: {} events in {took:?}", trace.counts.events);
    }
}

#[test]
fn one_marker_goes_over_each_link_and_every_token_is_kept() {
    for (nodes, links, markers) in [(4, "complete", 12.0), (5, "complete", 20.0), (6, "ring", 12.0)] {
        let text = format!(
            "nodes = {nodes}\nnetwork.fifo = true\nnetwork.delay = {{ uniform = [\"1ms\", \"30ms\"] }}\n\
             params.links = \"{links}\""
        );
        let all = scenario("snapshot", &text);
        for (of, exact) in [("markers", markers), ("conservation", 0.0)] {
            let values = samples(&all, &[of]).remove(0);
            assert!(values.iter().all(|&value| value == exact), "{of} with {nodes} nodes, {links}");
        }
        assert_eq!(theory(&all, "markers"), Some(markers));
        assert_eq!(theory(&all, "conservation"), Some(0.0));
        let loose = scenario("snapshot", &text.replace("fifo = true", "fifo = false"));
        let broken: f64 = samples(&loose, &["conservation"]).remove(0).iter().sum();
        assert!(broken > 0.0, "links that keep no order must break a snapshot");
    }
}
