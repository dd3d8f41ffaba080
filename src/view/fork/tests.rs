//! What forks of shipped scenarios are told as.

use std::fmt::Write;

use super::{Clause, Decision, decisions, told};
use crate::library;
use crate::problems::SHIPPED;
use crate::report::{self, Claims, Report};
use crate::scenario::{Flags, Invalid, Request, Try};
use crate::trace::EventKind;

fn run(name: &str, set: &[&str], force: &[&str], seed: Option<u64>) -> Result<Report, Box<Invalid>> {
    let story = library::find(name).unwrap();
    let [set, force] = [set, force].map(|flags| flags.iter().map(|&flag| flag.to_owned()).collect::<Vec<_>>());
    let request = Request { set: &set, force: &force, seed, ..Request::new(&story.name, &story.text) };
    let scenario = SHIPPED.load(&request).map_err(Box::new)?;
    Ok(report::run(&scenario, Claims::IfUntouched).unwrap())
}

fn fork(name: &str, set: &[&str], force: &[&str]) -> String {
    let (before, after) = (run(name, &[], &[], None).unwrap(), run(name, set, force, None).unwrap());
    told(&before, &after).iter().map(|clause| clause.says.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_change_is_told_from_what_is_forced_to_what_comes_of_it() {
    let told = [
        fork("three-generals", &[], &["bob:alice:1=attack"]),
        fork("last-messenger", &[], &["alice:bob:1=lose"]),
        fork("last-messenger", &[], &["bob:alice:2=deliver"]),
        fork("four-generals", &[], &["alice@5.crash=forever"]),
        // It crashes amid what it does when its timer fires: that is no other timer.
        fork("the-outbox", &[], &["shop@sent:1.crash=10ms"]),
        fork("the-table-that-forgot", &["params.durable=true"], &[]),
        fork("three-generals", &["nodes=4"], &[]),
        fork("the-dual-write", &["protocol=outbox"], &[]),
        // What is set is told, and then what can be seen of it, not what differs inside.
        fork("retry-until-the-deadline", &["params.attempts=8"], &[]),
        fork("last-messenger", &["params.acks=2"], &[]),
        fork("at-least-once-charges-twice", &["params.every=10ms"], &[]),
        // It is heard, but too late; and in another copy.
        fork("last-messenger", &["network.delay={ constant = \"30ms\" }"], &[]),
        fork("retry-until-the-deadline", &[], &["alice:bob:1=deliver"]),
        // Who is loyal now is told, too, and what a violation is of.
        fork("three-generals", &["fault.0.traitor.node=alice"], &[]),
        fork("at-least-once-charges-twice", &[], &["shop:ledger:1=lose"]),
        // Nothing differs but what a node keeps to itself.
        fork("back-to-the-checkpoint", &["params.aligned=false"], &[]),
        // A cut says between whom, and until when.
        fork(
            "more-acks-do-not-help",
            &["fault.+1={ partition = { groups = [[\"alice\"], [\"bob\"]], at = \"30ms\", for = \"100ms\" } }"],
            &[],
        ),
        fork("randomized-attack", &["fault.+1={ crash = { node = \"bob\", at = \"45ms\" } }"], &[]),
        // What is sent more or less often, or at another moment, is no longer "no longer sent".
        fork("one-storm", &["params.messengers=10"], &[]),
        fork("three-generals", &["fault.+1={ delay = { message = \"commander:alice:1\", to = \"30ms\" } }"], &[]),
        // What a setting changes is not said to follow from what else differs first.
        fork("randomized-attack", &["params.rounds=1"], &[]),
        fork("late-is-silent", &["params.round=40ms"], &[]),
        fork("signatures-save-three", &["params.order=retreat"], &[]),
        // What follows where nothing is decided; and a crash at another time than before.
        fork("between-charge-and-record", &[], &["shop:ledger:4=lose"]),
        fork("the-outbox", &["fault.0.crash.point=sent:2"], &[]),
        // A fault that is gone and a new one of its kind are one that moved; one that lasts longer,
        // one that takes the disk too, and one that comes after the end.
        fork("one-storm", &["fault.0.partition.at=2ms"], &[]),
        fork("one-storm", &["fault.0.partition.for=30ms"], &[]),
        fork("one-storm", &["fault.0.partition.at=10s"], &[]),
        fork("the-outbox", &["fault.0.crash.for=30ms"], &[]),
        fork("the-outbox", &["fault.0.crash.disk=lost"], &[]),
        fork("fencing", &[], &["alice@checked:1.pause=3s"]),
        // A verdict that holds for another reason; nodes that decide alike.
        fork("four-generals", &["fault.+1={ traitor = { node = \"commander\", lie = \"flip\" } }"], &[]),
        fork("withheld-chain", &["fault.+1={ isolate = { node = \"alice\", at = \"0s\" } }"], &[]),
        // All verdicts are as before, and yet what nodes hear or tell is not.
        fork("the-leap-backwards", &[], &["server:alice:3=lose"]),
        fork("berkeley-and-one-mad-clock", &["fault.0.traitor.node=alice"], &[]),
        fork("fencing", &[], &["alice:store:1=lose"]),
        // What comes at the same moments is not heard otherwise: it is forgotten. What is said in
        // another round is no silence.
        fork("six-generals", &["fault.+1={ crash = { node = \"alice\", at = \"12000us\", for = \"6001us\" } }"], &[]),
        fork("withheld-chain", &["params.m=2"], &[]),
        // What was changed is told itself: a draw, a point, a lie, a node.
        fork("randomized-attack", &[], &["alice.coin:1=0"]),
        fork("between-charge-and-record", &["fault.0.crash.point=recorded:2"], &[]),
        fork("the-dual-write", &["fault.0.crash.point=sent:2"], &[]),
        fork("the-outbox", &["fault.0.crash.point=marked:2"], &[]),
        fork("six-generals-two-rounds", &["fault.0.traitor.lie=flip"], &[]),
        fork("back-to-the-checkpoint", &["fault.0.crash.node=east"], &[]),
        fork("the-asymmetric-path", &["network.delay=10ms"], &[]),
        fork("why-spanner-waits", &[], &["oslo:user:1=lose"]),
        fork("withheld-chain", &["fault.1.traitor.victim=carol"], &[]),
        fork("the-lease-held-twice", &["fault.0.delay.to=20ms"], &[]),
        // Why it made no difference: what mattered was over, or known.
        fork("retry-until-the-deadline", &["fault.+1={ crash = { node = \"bob\", at = \"185ms\" } }"], &[]),
        fork(
            "at-least-once-charges-twice",
            &["fault.+1={ partition = { groups = [[\"shop\"], [\"ledger\"]], at = \"5s\" } }"],
            &[],
        ),
    ];
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_change_of_nothing_is_told_as_nothing() {
    let told = fork("three-generals", &["params.m=1"], &[]);
    assert_eq!(told, "Nothing comes of it: all nodes do the same, and all verdicts are as before.");
    let run = || run("three-generals", &["params.m=1"], &[], None).unwrap();
    assert_eq!(super::told(&run(), &run()), []);
}

/// Every change that a scenario has prepared, with the sentences for what it comes to.
#[test]
fn every_prepared_change_is_told() {
    let mut all = String::new();
    for story in library::stories() {
        let path = story.path();
        let before = run(&path, &[], &[], None).unwrap();
        writeln!(all, "# {path}\n").unwrap();
        for Try { says, flags } in &before.scenario.story.try_next {
            let Flags { set, force, seed } = Flags::read(flags).unwrap();
            let [set, force] = [&set, &force].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
            let after = run(&path, &set, &force, seed).unwrap();
            let clauses = told(&before, &after);
            writeln!(all, "{} [{flags}]", says.as_deref().unwrap_or("?")).unwrap();
            for clause in &clauses {
                assert_is_about_events(clause, &before, &after, &path);
                writeln!(all, "  {}", clause.says).unwrap();
            }
            for warning in &after.warnings {
                writeln!(all, "  ! {warning}").unwrap();
            }
            all.push('\n');
            assert_tells_what_changed(&clauses, &before, &after, &format!("{path} {flags}"));
        }
    }
    insta::assert_snapshot!(all);
}

/// Whether an event is of a kind.
type IsKind = fn(&EventKind) -> bool;

/// Each verdict that is another word is told, decisions that differ are, and nothing is said to
/// happen no more that happens as often as before.
fn assert_tells_what_changed(clauses: &[Clause], before: &Report, after: &Report, of: &str) {
    let tells = |words: &str| clauses.iter().any(|clause| clause.says.to_lowercase().contains(words));
    assert!(!clauses.is_empty(), "{of}");
    for (was, now) in before.properties.iter().flat_map(|was| after.properties.iter().map(move |now| (was, now))) {
        let is_other = was.name == now.name && was.verdict.word() != now.verdict.word();
        assert!(!is_other || tells(&format!("{} ", now.name)), "{of}: {} is not told", now.name);
    }
    let is_decided_otherwise = decisions(before, after).iter().any(Decision::is_changed);
    assert!(!is_decided_otherwise || tells(" decide"), "{of}");
    let count = |report: &Report, is: IsKind| report.trace.events.iter().filter(|event| is(&event.what)).count();
    let kinds: [(&str, IsKind); 4] = [
        ("does not crash any more", |what| *what == EventKind::Crashed),
        ("does not pause any more", |what| *what == EventKind::Paused),
        ("is not cut", |what| matches!(what, EventKind::Partitioned(_))),
        ("does not jump", |what| matches!(what, EventKind::ClockStepped(_))),
    ];
    for (words, is) in kinds {
        assert!(!tells(words) || count(after, is) < count(before, is), "{of}: it is not true that it {words}");
    }
}

/// What every key of a fault's row may be set to, and a word of a clause that is about it.
const OF_ROWS: [(&str, &[&str]); 12] = [
    ("crash", &["crash"]),
    ("pause", &["pause"]),
    ("partition", &["cut"]),
    ("isolate", &["cut"]),
    ("traitor", &["traitor", " lie"]),
    ("lose", &["loses", "lost it"]),
    ("corrupt", &["damaged"]),
    ("twice", &["twice"]),
    ("delay", &[" takes "]),
    ("degrade", &["in the degrade"]),
    ("hold", &["in the hold"]),
    ("clock", &["clock", "oscillator"]),
];

/// Each change of a fault's row that changes the run has a clause about that fault.
#[test]
fn every_change_of_a_fault_is_told() {
    let mut told_changes = 0;
    for story in library::stories() {
        let path = story.path();
        let before = run(&path, &[], &[], None).unwrap();
        let file: toml::Table = toml::from_str(&story.text).unwrap();
        let rows = file.get("fault").and_then(toml::Value::as_array).into_iter().flatten().enumerate();
        let keys = rows.flat_map(|(row, fault)| {
            let kinds = fault.as_table().into_iter().flatten();
            kinds.flat_map(move |(kind, of)| {
                let keys = of.as_table().into_iter().flatten();
                keys.map(move |(key, _)| (kind.clone(), format!("fault.{row}.{kind}.{key}"), key.clone()))
            })
        });
        for (kind, key, name) in keys {
            for set in others(&name, &before).iter().map(|value| format!("{key}={value}")) {
                let Ok(after) = run(&path, &[&set], &[], None) else { continue };
                if before.trace.digest == after.trace.digest {
                    continue;
                }
                let says = told(&before, &after).iter().map(|clause| clause.says.clone()).collect::<Vec<_>>().join(" ");
                let words = OF_ROWS.iter().find(|(known, _)| kind.starts_with(known)).unwrap().1;
                assert!(words.iter().any(|word| says.contains(word)), "{path} {set}: {says}");
                told_changes += 1;
            }
        }
    }
    assert!(told_changes > 40, "only {told_changes} changes");
}

/// Values for a key of a fault's row. What a scenario does not take is left out.
fn others(key: &str, report: &Report) -> Vec<String> {
    let entry = report.scenario.entry;
    let names = || report.trace.names.iter().map(str::to_owned);
    match key {
        "node" | "victim" => names().collect(),
        "nodes" => names().map(|name| format!("[\"{name}\"]")).collect(),
        "at" | "for" | "to" | "by" => ["7ms", "2s"].map(str::to_owned).to_vec(),
        "point" => entry.crash_points.iter().flat_map(|point| [1, 2].map(|nth| format!("{point}:{nth}"))).collect(),
        "lie" => entry.lies.iter().map(|lie| lie.name.to_owned()).collect(),
        "disk" => vec!["lost".to_owned()],
        "count" => vec!["1".to_owned()],
        "message" => {
            let flights = super::super::flight::flights(&report.trace).into_iter().take(4);
            flights.map(|flight| report.trace.names.message(flight.message)).collect()
        }
        _ => Vec::new(),
    }
}

/// Every clause points at events of the two runs, for each change that a scenario proposes, for
/// another seed, and for each message that is lost.
#[test]
fn every_clause_is_about_events() {
    let mut clauses = 0;
    for story in library::stories() {
        let path = story.path();
        let before = run(&path, &[], &[], None).unwrap();
        let mut others: Vec<Report> = (1..=2).filter_map(|seed| run(&path, &[], &[], Some(seed)).ok()).collect();
        let messages = super::super::flight::flights(&before.trace).into_iter().take(6);
        let lost = messages.map(|flight| format!("{}=lose", before.trace.names.message(flight.message)));
        others.extend(lost.filter_map(|force| run(&path, &[], &[&force], None).ok()));
        for after in &others {
            for clause in told(&before, after) {
                assert_is_about_events(&clause, &before, after, &path);
                clauses += 1;
            }
        }
    }
    assert!(clauses > 200, "only {clauses} clauses");
}

fn assert_is_about_events(Clause { says, before, after, .. }: &Clause, was: &Report, now: &Report, path: &str) {
    assert!(!before.is_empty() || !after.is_empty(), "{path}: {says}");
    assert!(before.iter().all(|&id| was.trace.event(id).is_some()), "{path}: {says}");
    assert!(after.iter().all(|&id| now.trace.event(id).is_some()), "{path}: {says}");
    assert!(says.ends_with('.') && !says.contains("  ") && !says.contains(".."), "{path}: {says}");
}

/// The clauses that say what was done to the run.
fn changes(name: &str, set: &[&str], force: &[&str], seed: Option<u64>) -> Vec<String> {
    let (before, after) = (run(name, &[], &[], None).unwrap(), run(name, set, force, seed).unwrap());
    told(&before, &after).into_iter().filter(|clause| clause.is_change).map(|clause| clause.says).collect()
}

#[test]
fn what_was_done_is_told_apart_from_what_came_of_it() {
    assert_eq!(changes("three-generals", &["nodes=4"], &[], None), ["Carol takes part, too."]);
    let lost = ["The network loses Alice's 2nd message to Bob (“ack 2”), which arrived before."];
    assert_eq!(changes("last-messenger", &[], &["alice:bob:2=lose"], None), lost);
    let traitor = ["Alice is now a traitor, and Bob is no traitor any more."];
    assert_eq!(changes("three-generals", &["fault.0.traitor.node=alice"], &[], None), traitor);
    // With another seed or setting, who is a traitor and what is lost comes of that.
    assert!(changes("drawn-by-lot", &[], &[], Some(2)).is_empty());
    assert!(changes("a-hundred-messengers", &["network.loss=1.0"], &[], None).is_empty());
    let both = changes("last-messenger", &["params.acks=4", "fault.0.lose.message=alice:bob:3"], &[], None);
    assert!(both.is_empty(), "{both:?}");
}
