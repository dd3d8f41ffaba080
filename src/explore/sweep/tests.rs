//! Sweeps from outside: the same on any number of threads, whole or in parts, and near the theory.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::problems::SHIPPED;
use crate::report;

const TWO: &str = "title = \"T\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\nnodes = 2\nseed = 11\n\
                   [network]\nloss = 0.2\n";

fn wanted(over: &[&str], runs: u64) -> Wanted {
    Wanted {
        scenario: "two".to_owned(),
        name: "two".to_owned(),
        origin: "two.toml".to_owned(),
        text: TWO.to_owned(),
        over: over.iter().map(|&over| over.to_owned()).collect(),
        runs: Some(runs),
        ..Wanted::default()
    }
}

fn threads(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

fn swept(plan: &Plan, count: usize) -> Sweep {
    sweep(plan, threads(count), &|_| ControlFlow::Continue(())).unwrap()
}

fn json(plan: &Plan, sweep: &Sweep) -> String {
    serde_json::to_string_pretty(&to_json(plan, &sweep.rows(plan), sweep.is_partial)).unwrap()
}

const GRID: [&str; 2] = ["network.loss=0,0.3", "params.acks=0..2"];

#[test]
fn threads_change_nothing() {
    let plan = Plan::new(SHIPPED, wanted(&GRID, 1_100), Shard::WHOLE).unwrap();
    let one = json(&plan, &swept(&plan, 1));
    for count in [2, 3, 16] {
        assert_eq!(json(&plan, &swept(&plan, count)), one, "{count} threads");
    }
}

/// Points of a single piece, taken by more workers than there are: what one of them has counted
/// must neither get lost nor be waited for when another takes the last piece between two of its
/// looks.
#[test]
fn workers_that_meet_at_a_point_lose_nothing() {
    let plan = Plan::new(SHIPPED, wanted(&GRID, 40), Shard::WHOLE).unwrap();
    let one = json(&plan, &swept(&plan, 1));
    for _ in 0..60 {
        assert_eq!(json(&plan, &swept(&plan, 12)), one);
    }
}

/// The parts of these files, joined.
fn join(files: &[(String, String)]) -> Result<(Plan, Sweep), NotJoined> {
    let read = |(name, text): &(String, String)| Ok((name.clone(), read_part(SHIPPED, name, text.as_bytes())?));
    super::join(SHIPPED, &files.iter().map(read).collect::<Result<Vec<_>, _>>()?)
}

fn part(shard: &str, wanted: &Wanted) -> (String, String) {
    let plan = Plan::new(SHIPPED, wanted.clone(), shard.parse().unwrap()).unwrap();
    let part = Part::new(&plan, swept(&plan, 2));
    (format!("{}.json", shard.replace('/', "-of-")), serde_json::to_string(&part).unwrap())
}

#[test]
fn parts_join_to_the_whole() {
    let wanted = wanted(&GRID, 1_001);
    let whole = Plan::new(SHIPPED, wanted.clone(), Shard::WHOLE).unwrap();
    let expected = json(&whole, &swept(&whole, 2));
    for of in [1, 3, 7] {
        // In any order.
        let parts: Vec<_> = (1..=of).rev().map(|nth| part(&format!("{nth}/{of}"), &wanted)).collect();
        let (plan, joined) = join(&parts).unwrap();
        assert_eq!(json(&plan, &joined), expected, "{of} parts");
        assert_eq!(plan.command(), whole.command());
    }
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let same = wanted(&["network.loss=0,0.3"], 40);
    let [one, two, three] = ["1/3", "2/3", "3/3"].map(|shard| part(shard, &same));
    let check = |parts: &[&(String, String)], expect: &str| {
        let parts: Vec<_> = parts.iter().map(|&part| part.clone()).collect();
        let said = join(&parts).map(|_| ()).unwrap_err().to_string();
        assert!(said.contains(expect), "{said}");
    };
    let changed = |(name, text): &(String, String), from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        (name.clone(), text.replacen(from, to, 1))
    };
    check(&[&one, &three], "of 3 parts, one is not here: 2/3");
    check(&[&two], "of 3 parts, some are not here: 1/3, 3/3");
    check(&[&one, &two, &one, &three], "`1-of-3.json` holds part 1/3, which `1-of-3.json` holds too");
    let other = |change: fn(&mut Wanted)| {
        let mut wanted = same.clone();
        change(&mut wanted);
        part("2/3", &wanted)
    };
    check(&[&one, &other(|w| w.text.push('#')), &three], "is of another scenario than `1-of-3.json`");
    check(&[&one, &other(|w| w.seed = Some(9)), &three], "has another seed than");
    check(&[&one, &other(|w| w.runs = Some(41)), &three], "has another number of runs than");
    check(&[&one, &other(|w| w.over.push("params.acks=1".to_owned())), &three], "has another grid than");
    check(&[&one, &other(|w| w.set.push("params.acks=1".to_owned())), &three], "has other settings than");
    check(&[&one, &part("2/2", &same)], "is one of another number of parts than");
    check(&[&changed(&one, "\"partial\":false", "\"partial\":true")], "was interrupted");
    check(&[&changed(&one, env!("CARGO_PKG_VERSION"), "9.9.9")], "was made by dsys 9.9.9");
    check(&[&changed(&one, "\"part\":1", "\"part\":4")], "says 4/3, and there is no such part");
    let no_sum = one.1.split_once(",\"checksum\"").unwrap().0.to_owned() + "}";
    check(&[&(one.0.clone(), no_sum)], "has no `checksum`: an older dsys wrote it; sweep this part again");
    check(&[&changed(&one, "title", "titel")], "`checksum` is crc32:");
    check(&[&("x".to_owned(), "{}".to_owned())], "is no part of a sweep");
    check(&[&("x".to_owned(), "loss".to_owned())], "is no JSON");
    check(&[], "one is not here");
}

#[test]
fn theory_lies_within_the_intervals() {
    let plan =
        Plan::new(SHIPPED, wanted(&["network.loss=0..0.8/0.2", "params.acks=0,1,3"], 2_000), Shard::WHOLE).unwrap();
    let rows = swept(&plan, 2).rows(&plan);
    let rates: Vec<&Rate> = rows.iter().flat_map(|row| &row.rates).filter(|rate| rate.theory.is_some()).collect();
    let misses = rates.iter().filter(|rate| rate.misses()).count();
    assert!(rates.len() >= 15, "{}", rates.len());
    // One in twenty misses by chance; the points share their weather, so misses come together.
    assert!(misses <= rates.len() / 5, "{misses} of {}", rates.len());
    for rate in rates {
        let theory = rate.theory.unwrap();
        let room = 4.5 * (theory * (1.0 - theory) / 2_000.0).sqrt();
        assert!((rate.rate - theory).abs() <= room, "{}: {} and {theory}", rate.property.name, rate.rate);
    }
    let figures = rows.iter().flat_map(|row| &row.figures).filter_map(|figure| Some((figure, figure.theory?)));
    for (figure, theory) in figures {
        let (mean, sd) = (figure.mean.unwrap(), figure.sd.unwrap());
        let room = 4.5 * sd / (figure.n as f64).sqrt() + 1e-9;
        assert!((mean - theory).abs() <= room, "{}: {mean} and {theory}", figure.measure.name);
    }
}

#[test]
fn examples_are_the_first_of_their_kind() {
    let plan = Plan::new(SHIPPED, wanted(&["params.acks=1,2"], 300), Shard::WHOLE).unwrap();
    for row in swept(&plan, 3).rows(&plan) {
        let scenario = plan.load(row.point).unwrap();
        for rate in &row.rates {
            let verdict = |seed| {
                let mut scenario = scenario.clone();
                scenario.scenario.seed = seed;
                let report = report::run(&scenario, report::Claims::IfUntouched).unwrap();
                report.properties.iter().find(|judged| judged.name == rate.property.name).unwrap().verdict.word()
            };
            let first = |word| (11..311).find(|&seed| verdict(seed) == word);
            assert_eq!(rate.example.violated, first(crate::scenario::Expected::Violated), "{}", rate.property.name);
            assert_eq!(rate.example.holds, first(crate::scenario::Expected::Holds), "{}", rate.property.name);
        }
    }
}

#[test]
fn a_point_that_is_precise_enough_is_done() {
    let width = 0.05;
    let wanted = Wanted { precision: Some(width), ..wanted(&["network.loss=0,0.05,0.5", "params.acks=0"], 5_000) };
    let plan = Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap();
    let counts: Vec<Sweep> = [1, 3].map(|count| swept(&plan, count)).into();
    assert_eq!(counts[0].counts, counts[1].counts);
    let rows = counts[0].rows(&plan);
    for row in &rows {
        let widest = row.rates.iter().map(|rate| rate.interval.width()).fold(0.0, f64::max);
        assert!(row.runs % 1_000 == 0 && (widest <= width || row.runs == 5_000), "{widest} after {}", row.runs);
    }
    assert!(rows[0].runs < rows[2].runs, "{} and {}", rows[0].runs, rows[2].runs);
}

#[test]
fn a_sweep_can_be_watched_and_stopped() {
    let plan = Plan::new(SHIPPED, wanted(&GRID, 1_000), Shard::WHOLE).unwrap();
    let (rows, done) = (Mutex::new(Vec::new()), AtomicU64::new(0));
    let watch = |progress: Progress<'_>| {
        assert_eq!(progress.runs, 6_000);
        done.fetch_max(progress.done, Ordering::Relaxed);
        rows.lock().unwrap().extend(progress.row.map(|row| row.point));
        ControlFlow::Continue(())
    };
    assert!(!sweep(&plan, threads(2), &watch).unwrap().is_partial);
    let mut rows = rows.into_inner().unwrap();
    rows.sort_unstable();
    assert_eq!((rows, done.into_inner()), ((0..6).collect(), 6_000));

    for count in [1, 3] {
        let stop = |progress: Progress<'_>| {
            if progress.done >= 1_500 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let partial = sweep(&plan, threads(count), &stop).unwrap();
        let runs: u64 = partial.rows(&plan).iter().map(|row| row.runs).sum();
        assert!(partial.is_partial && (1_500..1_500 + 64 * count as u64).contains(&runs), "{runs} runs");
        assert!(json(&plan, &partial).contains("\"partial\": true"));
    }
}

#[test]
fn what_cannot_be_swept_is_refused_by_its_flag() {
    let check = |change: &dyn Fn(&mut Wanted), shard: &str, expect: &str| {
        let mut wanted = wanted(&["network.loss=0..0.9/0.1"], 100);
        change(&mut wanted);
        let said =
            shard.parse().and_then(|shard| Plan::new(SHIPPED, wanted, shard)).map(|_| ()).unwrap_err().to_string();
        assert!(said.contains(expect), "{said}");
    };
    let over = |over: &'static str| move |wanted: &mut Wanted| wanted.over = vec![over.to_owned()];
    check(&over("network.loss"), "1/1", "`--over network.loss` names no key and values");
    check(&over("network.loss="), "1/1", "`--over network.loss=` has an empty place");
    check(&over("network.loss=[]"), "1/1", "has an empty place");
    check(&over("network.loss=0,,1"), "1/1", "has an empty place");
    check(&over("network.loss=0.9..0/0.1"), "1/1", "`0.9..0/0.1` holds no values");
    check(&over("network.loss=0..0.9/0"), "1/1", "holds no values: it goes upwards by a step above 0");
    check(&over("network.loss=0..1/0.000001"), "1/1", "holds 1000001 values: at most 10,000");
    check(&over("network.loss=0..1.5"), "1/1", "`0..1.5` has no step");
    check(&over("network.los=0.1"), "1/1", "unknown key `los`");
    check(&over("network.loss=0.5,1.5"), "1/1", "loss");
    check(&over("network.loss=0.5,0.5"), "1/1", "`--over` gives `network.loss` the value `0.5` twice");
    check(&over("seed=1..5"), "1/1", "`--over` cannot go over `seed`");
    check(&over("title=a,b"), "1/1", "`title`, which changes no run");
    check(&|w| w.over.push("network.loss=0.2".to_owned()), "1/1", "goes over `network.loss` twice");
    check(&|w| w.set.push("network.loss=0.2".to_owned()), "1/1", "is set by `--set` and gone over by `--over`");
    check(
        &|w| w.over = vec!["network.loss=0..1/0.01".into(), "params.acks=0..99".into()],
        "1/1",
        "has 101 × 100 points",
    );
    check(&|w| w.runs = Some(0), "1/1", "`--runs 0` is out of range");
    check(&|w| w.runs = Some(MOST_RUNS + 1), "1/1", "is out of range: from 1 to 1000000000");
    check(&|w| w.seed = Some(u64::MAX - 1), "1/1", "there are not 100 more");
    check(&|w| w.precision = Some(0.0), "1/1", "`--precision 0` is out of range");
    check(&|w| w.precision = Some(f64::NAN), "1/1", "`--precision NaN` is out of range");
    check(&|w| w.precision = Some(0.1), "1/2", "`--precision` cannot be held by a part");
    check(&|_| (), "1/101", "100 runs cannot be divided into 101 parts");
    check(&|_| (), "5/4", "`--shard 5/4`");
}

/// Every number of a part is changed by one, and every one that is not there put there: each is
/// found, and most by name.
#[test]
fn a_part_that_was_damaged_is_refused() {
    let (name, text) = part("1/2", &wanted(&["network.loss=0.3"], 40));
    let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut places = Vec::new();
    fields(&whole["points"], "/points", &mut places);
    assert!(places.len() > 20, "{places:?}");
    for place in &places {
        let mut damaged = whole.clone();
        let value = damaged.pointer_mut(place).unwrap();
        *value = match (value.as_u64(), value.as_str().map(str::to_owned)) {
            (Some(number), _) => (number + 1).into(),
            (None, Some(text)) => {
                text.parse::<u64>().map_or_else(|_| text.replace('A', "B"), |n| (n + 1).to_string()).into()
            }
            (None, None) => 0.into(),
        };
        let said = |part: &serde_json::Value| match read_part(SHIPPED, &name, part.to_string().as_bytes()) {
            Ok(part) => super::join(SHIPPED, &[(name.clone(), part)]).map(|_| ()).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        let told = said(&damaged);
        assert!(told.starts_with("`1-of-2.json` is "), "{place}: {told}");
    }
}

/// The paths of all that is no table and no list.
fn fields(value: &serde_json::Value, path: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| fields(value, &format!("{path}/{key}"), found));
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| fields(value, &format!("{path}/{index}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

/// What a part says of one thing in several fields agrees, whatever its checksum is.
#[test]
fn counts_that_cannot_be_are_refused_by_the_field() {
    let plan = Plan::new(SHIPPED, wanted(&["network.loss=0.3"], 40), Shard::WHOLE).unwrap();
    let entry = plan.point(0).entry;
    let counts = swept(&plan, 1).counts[0].clone().unwrap();
    let sense = |counts: &Counts| sense::point(counts, &(0..40), entry.properties.len(), entry.measures.len());
    assert_eq!(sense(&counts), Ok(()));
    let check = |change: fn(&mut Counts), field: &str| {
        let mut changed = counts.clone();
        change(&mut changed);
        let nonsense = sense(&changed).unwrap_err();
        assert_eq!(nonsense.field, field, "{}", nonsense.why);
    };
    let (property, measure) = (counts.verdicts[0], &counts.values[0]);
    assert!(property.violated > 1 && property.first_held.is_some() && measure.sums.n > 1 && measure.min < measure.max);
    check(|c| c.runs = 39, "runs");
    check(|c| c.verdicts.truncate(1), "properties");
    check(|c| c.values.clear(), "measures");
    check(|c| c.verdicts[0].violated = 41, "properties[0].violated");
    check(|c| c.verdicts[0].unknown = u64::MAX, "properties[0].violated");
    check(|c| c.verdicts[0].vacuous = 40, "properties[0].vacuous");
    check(|c| (c.verdicts[0].violated, c.verdicts[0].vacuous) = (40, 0), "properties[0].first_violated");
    check(|c| c.verdicts[0].first_violated = None, "properties[0].first_violated");
    check(|c| c.verdicts[0].first_violated = Some(40), "properties[0].first_violated");
    check(|c| c.verdicts[0].first_violated = Some(39), "properties[0].first_violated");
    check(|c| c.verdicts[0].first_held = None, "properties[0].first_held");
    check(|c| c.verdicts[0].first_held = c.verdicts[0].first_violated, "properties[0].first_held");
    check(
        |c| {
            let first = &mut c.verdicts[0];
            (first.first_violated, first.first_held) = (Some(3), Some(1));
        },
        "properties[0].unknown",
    );
    check(|c| c.values[0].sums.n = 41, "measures[0].n");
    check(|c| c.values[0].sums.n -= 1, "measures[0].n");
    check(|c| c.values[0].sums.sum = 0, "measures[0].sum");
    check(|c| c.values[0].sums.squares = ethnum::I256::MAX, "measures[0].squares");
    check(|c| c.values[0].sums.squares = ethnum::I256::ZERO, "measures[0].squares");
    check(|c| c.values[0].sums.squares += ethnum::I256::ONE, "measures[0].squares");
    check(|c| c.values[0].min = None, "measures[0].min");
    check(|c| c.values[0].max = None, "measures[0].max");
    check(|c| c.values[0].min = Some(99), "measures[0].min");
    check(|c| (c.values[0].min, c.values[0].max) = (None, None), "measures[0].min");
    check(|c| c.values[0].max = c.values[0].max.map(|max| max + 1), "measures[0].above");
    check(|c| c.values[0].min = Some(0), "measures[0].above");
}

#[test]
fn no_more_is_read_of_a_part_than_is_wrong_with_it() {
    /// A file without end, and how much of it was read.
    struct Endless<'a>(&'a [u8], &'a AtomicU64);
    impl std::io::Read for Endless<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.iter_mut().zip(self.0.iter().cycle()).for_each(|(to, from)| *to = *from);
            self.1.fetch_add(buffer.len() as u64, Ordering::Relaxed);
            Ok(buffer.len())
        }
    }
    let read = AtomicU64::new(0);
    for (bytes, expect) in [(&b"\0"[..], "is no JSON: expected value"), (b"{\n", "is no JSON: key must be a string")] {
        let said = read_part(SHIPPED, "zero", Endless(bytes, &read)).unwrap_err().to_string();
        assert!(said.contains(expect), "{said}");
    }
    assert!(read.into_inner() < 100_000);
}
