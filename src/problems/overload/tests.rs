//! Runs small enough to be counted by hand.

use crate::problems::{Bound, SHIPPED};
use crate::report::{self, Claims, Report};
use crate::scenario::{Complaint, Expected, Request};
use crate::time::{Span, Time};
use crate::trace::EventKind;

/// A scenario with these parameters. `text` is the rest of the file; if it does not say otherwise,
/// there are two nodes, and every message takes 10 ms. What is wrong with it is an error.
fn load(protocol: &str, params: &str, text: &str, force: &[&str]) -> Result<Bound, String> {
    let unless_given = |key: &str, row: &str| if text.contains(key) { String::new() } else { format!("{row}\n") };
    let nodes = unless_given("nodes = ", "nodes = 2");
    let delay = unless_given("network.delay = ", "network.delay = \"10ms\"");
    let head = format!("title = \"A test\"\nproblem = \"overload\"\nprotocol = \"{protocol}\"");
    let text = format!("{head}\n{nodes}{delay}{text}\n[params]\n{params}");
    let force: Vec<String> = force.iter().map(|&choice| choice.to_owned()).collect();
    let told = |complaint: &Complaint| format!("{}; {}", complaint.message, complaint.help);
    let loaded = SHIPPED.load(&Request { force: &force, ..Request::new("test", &text) });
    loaded.map_err(|wrong| wrong.complaints().map(told).collect())
}

/// A run of `retry`.
fn run(params: &str, text: &str, force: &[&str]) -> Report {
    report::run(&load("retry", params, text, force).unwrap(), Claims::Always).unwrap()
}

/// A run of `shedding`.
fn shed(params: &str, text: &str) -> Report {
    report::run(&load("shedding", params, text, &[]).unwrap(), Claims::Always).unwrap()
}

/// The requests that were told to have ended so, in that order.
fn requests(report: &Report, word: &str) -> Vec<i64> {
    let ended = report.trace.outputs().filter(|(_, _, output)| output.name == word);
    ended.map(|(_, _, output)| output.value.number().unwrap()).collect()
}

fn measure(report: &Report, name: &str) -> Option<i64> {
    report.measures.iter().find(|measured| measured.measure.name == name).unwrap().value
}

fn measures<const N: usize>(report: &Report, names: [&str; N]) -> [i64; N] {
    names.map(|name| measure(report, name).unwrap())
}

fn judged(report: &Report, property: &str) -> (Expected, String) {
    let judged = report.properties.iter().find(|judged| judged.name == property).unwrap();
    (judged.verdict.word(), judged.verdict.because().to_owned())
}

const ENDS: [&str; 4] = ["offered", "good", "failed", "shed"];

#[test]
fn a_request_is_answered_after_the_way_there_the_work_and_the_way_back() {
    let report = run("arrival = 10\narrivals = \"even\"\nservice = \"30ms\"", "until = \"1s\"", &[]);
    // The one that comes at the end is still open.
    assert_eq!(measures(&report, ENDS), [10, 9, 0, 0]);
    assert_eq!(measure(&report, "mean"), Some(Span::from_ms(50).ns()));
    assert_eq!(judged(&report, "recovers"), (Expected::Holds, "Nothing went wrong in this run.".to_owned()));
}

#[test]
fn workers_serve_one_call_each_and_the_rest_waits_in_order() {
    let params = "arrival = 100\narrivals = \"even\"\nservice = \"100ms\"\nworkers = 2";
    let report = run(params, "until = \"75ms\"", &[]);
    // Calls come at 20, 30, 40, 50, 60 and 70 ms; two are in service.
    assert_eq!(measure(&report, "queue_max"), Some(4));
    let later = run(params, "until = \"235ms\"", &[]);
    // At 230 ms the answers to the calls of 20, 30 and, after another 100 ms, of 40 ms are here.
    assert_eq!(requests(&later, "good"), [1, 2, 3]);
}

#[test]
fn a_full_queue_turns_away_and_who_is_turned_away_too_often_is_shed() {
    let params = "arrival = 100\narrivals = \"even\"\nservice = \"10s\"\nworkers = 1\nqueue = 2\nattempts = 2";
    let report = run(params, "until = \"101ms\"", &[]);
    // Ten came. One is in service, two wait. Seven asked twice, but for those still on their way.
    assert_eq!(measures(&report, ["offered", "queue_max", "shed"]), [10, 2, 3]);
}

/// Common mistake C31: a late answer to the first attempt is no answer to the second.
#[test]
fn an_answer_to_an_attempt_that_was_given_up_changes_nothing() {
    let params = "arrival = 1\narrivals = \"even\"\ntimeout = \"50ms\"\nattempts = 2\nservice = \"40ms\"";
    let report = run(params, "until = \"1.9s\"", &[]);
    assert_eq!(measures(&report, ENDS), [1, 0, 1, 0]);
    assert_eq!(measures(&report, ["attempts", "wasted"]), [2, 2]);
    let because = "At 1.06s an answer to request 1 came when its caller had given up: work for nobody. Another answer \
                   came too late after it.";
    assert_eq!(judged(&report, "no-wasted-work"), (Expected::Violated, because.to_owned()));
    // A second attempt that is quicker is a good one.
    let quick = run(params, "until = \"1.9s\"", &["load.service:1.2=10ms"]);
    assert_eq!((measures(&quick, ENDS), measure(&quick, "wasted")), ([1, 1, 0, 0], Some(1)));
}

#[test]
fn a_copy_of_an_answer_is_no_wasted_work() {
    let report = run("arrival = 1\narrivals = \"even\"", "until = \"1.9s\"", &["server:client:1=twice"]);
    assert_eq!((measures(&report, ENDS), measure(&report, "wasted")), ([1, 1, 0, 0], Some(0)));
}

#[test]
fn one_attempt_can_fail_alone() {
    let params = "arrival = 1\narrivals = \"even\"\nattempts = 3\nfail = 1.0";
    let report = run(params, "until = \"1.9s\"", &["load.fail:1.2=no"]);
    assert_eq!((measures(&report, ENDS), measure(&report, "attempts")), ([1, 1, 0, 0], Some(2)));
    let report = run("arrival = 1\narrivals = \"even\"\nattempts = 3", "until = \"1.9s\"", &["load.fail:1.1=yes"]);
    assert_eq!((measures(&report, ENDS), measure(&report, "attempts")), ([1, 1, 0, 0], Some(2)));
}

/// TRUTH: a dead bottom costs R^L.
#[test]
fn attempts_of_layers_multiply() {
    for (nodes, attempts, calls) in [(2, 4, 4), (3, 3, 9), (4, 4, 64), (4, 3, 27), (5, 2, 16), (5, 3, 81)] {
        let params = format!("arrival = 1\narrivals = \"even\"\nattempts = {attempts}\nfail = 1.0\nservice = \"1ms\"");
        let report = run(&params, &format!("nodes = {nodes}\nuntil = \"1.999s\"\nnetwork.delay = \"1ms\""), &[]);
        assert_eq!(measure(&report, "attempts"), Some(calls), "{nodes} nodes, {attempts} attempts");
        assert_eq!(measures(&report, ENDS), [1, 0, 1, 0]);
    }
}

/// The waits before the attempts at one request that fails again and again, in milliseconds.
fn waits(backoff: &str, base: u32, cap: u32, attempts: u32) -> Vec<i64> {
    let params = format!(
        "arrival = 1\narrivals = \"even\"\nattempts = {attempts}\nfail = 1.0\nservice = \"0ms\"\nbackoff = \
         \"{backoff}\"\nbase = \"{base}ms\"\ncap = \"{cap}ms\""
    );
    let report = run(&params, "until = \"100s\"\nnetwork.delay = \"0ms\"", &[]);
    let is_of_first = |id| report.trace.words.of(id).is_some_and(|words| words.starts_with("request 1."));
    let sent = report.trace.events.iter().filter(|event| matches!(event.what, EventKind::Sent { .. }));
    let sent: Vec<Time> = sent.filter(|event| is_of_first(event.id)).map(|event| event.at).collect();
    sent.windows(2).map(|pair| (pair[1] - pair[0]).ns() / 1_000_000).collect()
}

/// Common mistake C32: the first wait is `base`, and the cap is put on each wait.
#[test]
fn waits_grow_from_the_base_to_the_cap() {
    assert_eq!(waits("exponential", 100, 1_000, 7), [100, 200, 400, 800, 1_000, 1_000]);
    assert_eq!(waits("fixed", 100, 1_000, 4), [100; 3]);
    assert_eq!(waits("fixed", 100, 60, 4), [60; 3], "the cap holds for all");
    assert_eq!(waits("none", 100, 1_000, 4), [0; 3]);
    for (wait, most) in waits("equal", 100, 1_000, 7).into_iter().zip([100, 200, 400, 800, 1_000, 1_000]) {
        assert!((most / 2..=most).contains(&wait), "{wait} of {most}");
    }
    let mut last = 100;
    for wait in waits("decorrelated", 100, 500, 9) {
        assert!((100..=500.min(3 * last + 3)).contains(&wait), "{wait} after {last}");
        last = wait;
    }
}

#[test]
fn a_budget_is_spent_and_earned_again() {
    // Ten are there, and each of twenty requests adds a tenth, but the first finds them all there.
    let params = "arrival = 10\narrivals = \"even\"\nattempts = 5\nfail = 1.0\nservice = \"1ms\"\nbudget = 0.1";
    let report = run(params, "until = \"2.05s\"", &[]);
    assert_eq!(measures(&report, ["offered", "attempts", "failed"]), [20, 31, 20]);
    let none = run(&params.replace("0.1", "0.0"), "until = \"2.05s\"", &[]);
    assert_eq!(measure(&none, "attempts"), Some(30), "those that were there");
}

const STALL: &str =
    "until = \"60s\"\nnetwork.delay = \"1ms\"\nfault = [{ pause = { node = \"server\", at = \"10s\", for = \"5s\" } }]";

/// TRUTH B7.
#[test]
fn a_stall_keeps_the_server_busy_for_nobody_if_callers_ask_twice() {
    let params = "arrival = 60\ntimeout = \"1s\"\nservice = { exponential = { mean = \"10ms\" } }\nworkers = 1\nwithin = \
                  \"30s\"\nattempts = ";
    let storm = run(&format!("{params}2"), STALL, &[]);
    let (word, because) = judged(&storm, "recovers");
    assert_eq!(word, Expected::Violated);
    let start = "The pause of server ended at 15s. Of the 26 requests that came from 45s to 45.5s, none was answered \
                 well, and 90% should be: meanwhile 58 calls came to server, which gave 47 answers, all of them too \
                 late; ";
    assert!(because.starts_with(start) && because.ends_with(" calls wait in its queue."), "{because}");
    assert_eq!(measure(&storm, "recovered_after"), None);
    for params in [format!("{params}1"), format!("{params}3\nbudget = 0.1")] {
        let heals = run(&params, STALL, &[]);
        let because = "The pause of server ended at 15s. From 45s on, at least 90% of the requests that come are \
                       answered well.";
        assert_eq!(judged(&heals, "recovers"), (Expected::Holds, because.to_owned()));
        let after = Span::from_ns(measure(&heals, "recovered_after").unwrap());
        assert!((Span::from_ms(2_000)..Span::from_ms(20_000)).contains(&after), "{}", after.rounded());
    }
}

#[test]
fn a_run_that_ends_too_soon_is_not_judged() {
    let told = |text: &str, params: &str| judged(&run(&format!("arrival = 10\n{params}"), text, &[]), "recovers");
    let short = told("until = \"20s\"\nfault = [{ pause = { node = \"server\", at = \"1s\", for = \"1s\" } }]", "");
    assert_eq!(short.1, "The pause of server ended at 2s, and the run ends less than 60s later.");
    let lasting = told("until = \"20s\"\nfault = [{ crash = { node = \"server\", at = \"1s\" } }]", "");
    assert_eq!(lasting.1, "What went wrong lasts to the end of the run.");
    let degraded = "fault = [{ degrade = { at = \"1s\", for = \"1s\", loss = 1.0 } }]";
    let open = told(&format!("until = \"20s\"\n{degraded}"), "within = \"1s\"\nservice = \"1h\"");
    assert_eq!(open.1, "The bad weather of the links ended at 2s, and the requests that came later are not over.");
    let rare = told(&format!("until = \"20s\"\n{degraded}"), "within = \"1s\"").1;
    assert!(rare.contains("answered well"), "{rare}");
    let none = run("arrival = 0.001", &format!("until = \"20s\"\n{degraded}"), &[]);
    let (word, _) = judged(&none, "recovers");
    assert_eq!(word, Expected::Unknown);
    assert!([short.0, lasting.0, open.0].iter().all(|&word| word == Expected::Unknown));
}

#[test]
fn requests_that_come_while_the_clients_are_down_are_nobodys() {
    let text = "until = \"1.05s\"\nfault = [{ crash = { node = \"client\", at = \"250ms\", for = \"500ms\" } }]";
    let report = run("arrival = 10\narrivals = \"even\"\nservice = \"1ms\"", text, &[]);
    let asked: Vec<i64> = report.trace.notes("asked").map(|(_, _, note)| note.value.number().unwrap()).collect();
    assert_eq!(asked, [1, 2, 8, 9, 10]);
    let paused = run("arrival = 10\narrivals = \"even\"\nservice = \"1ms\"", &text.replace("crash", "pause"), &[]);
    assert_eq!(measures(&paused, ["offered", "good"]), [10, 10], "they wait for it to go on");
}

#[test]
fn a_promise_is_held_against_99_of_100() {
    let told =
        |slo: &str| judged(&run(&format!("arrival = 10\narrivals = \"even\"\n{slo}"), "until = \"1s\"", &[]), "slo");
    let no_promise = (Expected::Holds, "The scenario promises no time: it has no `slo`.".to_owned());
    assert_eq!(told(""), no_promise);
    let kept = "99 of 100 of the 9 good requests took at most 30.015ms, and 40ms were promised.";
    assert_eq!(told("slo = \"40ms\""), (Expected::Holds, kept.to_owned()));
    assert_eq!(told("slo = \"20ms\"").0, Expected::Violated);
}

#[test]
fn who_cannot_take_part_is_refused() {
    let wrong = |params: &str, text: &str| load("retry", params, text, &[]).err().unwrap();
    assert_eq!(
        wrong("", "nodes = 6"),
        "`retry` takes 2 to 5 nodes, and the scenario has 6; in this order: client, gateways if there are any, server"
    );
    assert!(wrong("arrival = 0", "").contains("must be at least 0.001"), "{}", wrong("arrival = 0", ""));
    assert!(wrong("attempts = 0", "").contains("must be at least 1"), "{}", wrong("attempts = 0", ""));
    let traitor = wrong("", "fault = [{ traitor = { node = \"server\", lie = \"flip\" } }]");
    assert!(traitor.contains("no protocol of this problem has lies"), "{traitor}");
}

/// Calls come each 10 ms from 20 ms on, and each is 100 ms of work.
const BUSY: &str = "arrival = 100\narrivals = \"even\"\nservice = \"100ms\"";

#[test]
fn the_newest_is_served_first_if_the_scenario_says_so() {
    let newest = shed(&format!("{BUSY}\ndiscipline = \"lifo\""), "until = \"335ms\"");
    // The worker is done at 120, 220 and 320 ms. Before 120 ms call 10 came last, before 220 ms 20.
    assert_eq!(requests(&newest, "good"), [1, 10, 20]);
    assert_eq!(requests(&shed(BUSY, "until = \"335ms\""), "good"), [1, 2, 3]);
}

#[test]
fn who_would_be_served_last_is_turned_away() {
    let text = "until = \"75ms\"";
    // By then calls 1 to 6 are here, and the answers to those that came until 60 ms. One is in
    // service, two wait.
    let newest_last = shed(&format!("{BUSY}\nqueue = 2"), text);
    assert_eq!((requests(&newest_last, "shed"), measure(&newest_last, "queue_max")), (vec![4, 5], Some(2)));
    let oldest_last = shed(&format!("{BUSY}\nqueue = 2\ndiscipline = \"lifo\""), text);
    assert_eq!((requests(&oldest_last, "shed"), measure(&oldest_last, "queue_max")), (vec![2, 3], Some(2)));
    let nobody_waits = shed(&format!("{BUSY}\nqueue = 0"), text);
    assert_eq!(requests(&nobody_waits, "shed"), [2, 3, 4, 5]);
}

#[test]
fn what_has_waited_too_long_is_not_served() {
    let patient = shed(&format!("{BUSY}\ndeadline = \"50ms\""), "until = \"335ms\"");
    // At 120 ms call 2 has waited for 90 ms, and call 6 for 50, which is not too long.
    assert_eq!(requests(&patient, "shed")[..4], [2, 3, 4, 5]);
    assert_eq!(requests(&patient, "good")[..2], [1, 6]);
    let dropped: Vec<i64> = patient.trace.notes("dropped").map(|(_, _, note)| note.value.number().unwrap()).collect();
    assert_eq!(dropped[..4], [2, 3, 4, 5]);
}

#[test]
fn a_queue_serves_callers_who_have_gone_unless_it_drops_them_or_takes_the_newest() {
    let load = "arrival = 12\narrivals = \"even\"\nservice = \"100ms\"\ntimeout = \"2s\"";
    let of = |rest: &str| shed(&format!("{load}\n{rest}"), "until = \"60s\"");
    let [dead, newest, dropped] = ["", "discipline = \"lifo\"", "deadline = \"1s\""].map(of);
    assert!(measure(&dead, "good") < Some(150) && measure(&dead, "wasted") > Some(400));
    for well in [newest, dropped] {
        assert!(measure(&well, "good") > Some(590));
        assert_eq!(judged(&well, "no-wasted-work").0, Expected::Holds);
    }
}
