//! A run of which only the verdicts are wanted is judged part by part, and comes to the same as one
//! that is there whole.

use std::ops::ControlFlow;

use dsys::problems::{Bound, SHIPPED};
use dsys::report::{self, Claims, Trials};
use dsys::scenario::Request;

/// A shipped scenario with some settings.
fn shipped(story: &str, set: &[&str]) -> Bound {
    let path = format!("{}/scenarios/clock-skew/{story}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let set: Vec<String> = set.iter().map(|&set| set.to_owned()).collect();
    let request = Request { name: story, origin: &path, text: &text, set: &set, force: &[], seed: None };
    SHIPPED.load(&request).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// What a run comes to: the words of its verdicts, whether each is vacuous, and its measures.
type Told = (Vec<(String, bool)>, Vec<Option<i64>>);

fn whole(scenario: &Bound) -> Told {
    let report = report::run(scenario, Claims::Always).unwrap();
    let verdicts = report.properties.iter().map(|judged| &judged.verdict);
    let words = verdicts.map(|verdict| (format!("{:?}", verdict.word()), verdict.is_vacuous())).collect();
    (words, report.measures.iter().map(|measured| measured.value).collect())
}

fn in_parts_of(events: usize, scenario: &Bound) -> Told {
    let mut trials = Trials::new(scenario).unwrap().in_parts_of(events);
    let mut trial = trials.run(scenario.seed, None, &mut || ControlFlow::Continue(()));
    let words = trial.verdicts().map(|verdict| (format!("{:?}", verdict.word()), verdict.is_vacuous())).collect();
    (words, trial.values().collect())
}

/// Runs so long that they are taken in by several parts: a part is taken every few thousand events
/// at most.
const LONG: [(&str, &[&str]); 24] = [
    ("as-near-as-clocks-can-be", &["nodes=60"]),
    ("berkeley-and-one-mad-clock", &["until=2h"]),
    ("berkeley-and-one-mad-clock", &["until=3h", "network.loss=0.2", "params.correct=slew"]),
    ("fencing", &["nodes=60", "until=600s"]),
    ("four-days-without-synchronisation", &["until=400d"]),
    ("halving-the-skew-with-a-liar", &["until=2h"]),
    ("halving-the-skew-with-a-liar", &["until=2h", "network.loss=0.1"]),
    ("happened-before", &["params.events=999"]),
    ("last-write-wins-under-a-partition", &["params.writes=300", "until=600s"]),
    ("nobody-came-first", &["params.events=999"]),
    ("order-that-tells-the-time", &["params.events=999"]),
    ("the-answer-before-the-question", &["params.events=999"]),
    ("the-asymmetric-path", &["until=30h"]),
    ("the-leap-backwards", &["until=6h"]),
    ("the-lease-held-twice", &["nodes=80", "until=600s"]),
    ("the-write-that-vanished", &["params.writes=500", "until=600s"]),
    ("the-write-that-vanished", &["params.writes=500", "until=600s", "network.loss=0.3", "params.acks=all"]),
    ("two-falsetickers-among-seven", &["until=20h"]),
    ("waiting-for-a-quick-answer", &["until=6h"]),
    ("waiting-for-a-quick-answer", &["until=3h", "network.loss=0.3", "params.correct=slew"]),
    ("where-fencing-fails", &["nodes=60", "until=600s"]),
    ("why-spanner-waits", &["params.transactions=3000", "until=600s"]),
    ("servers-that-follow-servers", &["until=20h"]),
    ("the-register-that-forgets", &["params.writes=300", "until=600s"]),
];

#[test]
fn parts_of_a_run_come_to_the_same_as_the_whole() {
    for (story, set) in LONG {
        for (seed, parts) in [(1, &[1, 64][..]), (2, &[7])] {
            let mut scenario = shipped(story, set);
            scenario.scenario.seed = seed;
            let expected = whole(&scenario);
            for &part in parts {
                assert_eq!(in_parts_of(part, &scenario), expected, "{story} {set:?}, seed {seed}, parts of {part}");
            }
            let mut trials = Trials::new(&scenario).unwrap();
            let trial = trials.run(scenario.seed, None, &mut || ControlFlow::Continue(()));
            assert!(trial.trace().counts.events > 4_096, "{story} {set:?} is too short to have parts");
        }
    }
}

#[test]
fn runs_that_nobody_looks_at_keep_no_events() {
    for (story, set) in LONG {
        let scenario = shipped(story, set);
        let mut trials = Trials::new(&scenario).unwrap();
        let mut most = 0;
        let trial = trials.run(1, None, &mut || ControlFlow::Continue(()));
        most = most.max(trial.trace().events.len());
        assert!(most < 12_000, "{story} {set:?} keeps {most} of {} events", trial.trace().counts.events);
        let pieces = trial.trace().clocks.iter().map(|clock| clock.pieces().count()).max().unwrap();
        assert!(pieces < 12_000, "{story} {set:?} keeps {pieces} pieces of a clock");
    }
}
