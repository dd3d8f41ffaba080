//! Nodes that crash, with what is on their disks, and nodes that pause, with what their oscillators
//! do.

use dsys::trace::{EventKind, StopReason};

use super::{count, ms, orders, pick, run, verdict};

const STOPPED: i64 = -1_000_000_000;

#[test]
fn a_crash_can_be_tied_to_an_order() {
    let poison = |item: u64, until: &str| {
        let crash = format!(
            "crash = {{ node = \"ledger\", point = \"received\", item = {item}, probability = 1.0, for = \"100ms\"{until} }}"
        );
        run(&format!(
            "title = \"T\"\nproblem = \"exactly-once\"\nprotocol = \"consumer-offsets\"\nnodes = [\"broker\", \"ledger\"]\n\
             until = \"5s\"\nparams = {{ orders = 3, commit = \"after\" }}\n[network]\ndelay = \"10ms\"\n[[fault]]\n{crash}"
        ))
    };
    let report = poison(2, "");
    // The first order passes; the second kills the consumer each time that it comes back, and hides
    // the third.
    let charged: Vec<i64> = report
        .trace
        .outputs()
        .filter(|(.., output)| output.name == "charged")
        .filter_map(|(.., output)| output.value.number())
        .collect();
    assert_eq!(charged, [1]);
    assert_eq!(report.trace.counts.crashes, 42);
    let text = dsys::view::terminal::render(
        &report,
        &dsys::view::terminal::Print { columns: 100, scenario: "t", again: "", has_states: false },
    );
    assert!(text.contains("ledger crashed 42 times at `received`"), "{text}");
    let cured = poison(2, ", until = \"1s\"");
    assert_eq!(
        (cured.trace.ended, verdict(&cured, "no-loss").as_str()),
        (StopReason::Quiescent, "holds: All 3 orders were charged.")
    );
    let other = poison(7, "");
    assert_eq!(
        other.warnings,
        [
            "the chance that ledger crashes at `received` changed nothing: ledger never passed `received` with item 7 in this run"
        ]
    );
}

#[test]
fn with_an_end_of_crashes_lost_orders_are_judged() {
    let lossy = |until: &str| {
        let rate = format!("crash = {{ node = \"ledger\", rate = 2, for = \"200ms\"{until} }}");
        orders(
            "at-most-once",
            &format!("params = {{ orders = 20, gap = \"100ms\" }}\nuntil = \"60s\"\n[[fault]]\n{rate}"),
        )
    };
    let endless = lossy("");
    assert_eq!(endless.trace.ended, StopReason::TimeLimit);
    assert!(verdict(&endless, "no-loss").starts_with("unknown: "), "{}", verdict(&endless, "no-loss"));
    let ended = lossy(", until = \"3s\"");
    assert_eq!(ended.trace.ended, StopReason::Quiescent);
    assert!(verdict(&ended, "no-loss").starts_with("violated: "), "{}", verdict(&ended, "no-loss"));
    // Up to then they are one run.
    let before = |report| pick(report, |event| (event.at < ms(3_000)).then_some(*event));
    assert_eq!(before(&endless), before(&ended));
    let late = pick(&ended, |event| (event.what == EventKind::Crashed && event.at >= ms(3_000)).then_some(()));
    assert!(late.is_empty() && ended.trace.counts.crashes > 0);
}

/// Three orders at a ledger that keeps a table on its disk, whose answers are lost for a while.
fn ledger_that_crashes(disk: &str, at: &str) -> dsys::report::Report {
    let params =
        "params = { orders = 3, gap = \"10ms\", every = \"100ms\", durable = true }\n[network]\ndelay = \"5ms\"";
    let lost = "[[fault]]\ndegrade = { to = \"shop\", at = \"0s\", for = \"60ms\", loss = 1 }";
    orders(
        "dedup",
        &format!("{params}\n{lost}\n[[fault]]\ncrash = {{ node = \"ledger\", {at}, for = \"10ms\"{disk} }}"),
    )
}

fn charges(report: &dsys::report::Report) -> Vec<i64> {
    let mut times = vec![0; 3];
    for (.., output) in report.trace.outputs().filter(|(.., output)| output.name == "charged") {
        times[output.value.number().unwrap() as usize - 1] += 1;
    }
    times
}

#[test]
fn a_disk_keeps_loses_all_or_loses_its_last_writes() {
    let at = "at = \"70ms\"";
    for (disk, expected, gone) in [
        ("", [1, 1, 1], None),
        (", disk = \"kept\"", [1, 1, 1], None),
        (", disk = \"lost\"", [2, 2, 2], Some((3, true))),
        (", disk = \"unsynced\"", [1, 1, 2], Some((1, false))),
    ] {
        let report = ledger_that_crashes(disk, at);
        assert_eq!(charges(&report), expected, "{disk}");
        let lost = pick(&report, |event| match event.what {
            EventKind::WritesLost { writes, all } => Some((writes, all)),
            _ => None,
        });
        assert_eq!(lost.first().copied(), gone, "{disk}");
        assert!(report.warnings.is_empty(), "{disk}: {:?}", report.warnings);
    }
}

#[test]
fn a_crash_within_a_handler_takes_the_writes_of_that_handler() {
    // At the point `recorded` the second order's row has been written, and is not synced.
    let report = ledger_that_crashes(", disk = \"unsynced\"", "point = \"recorded:2\"");
    assert_eq!(charges(&report)[..2], [1, 2]);
    let kept = ledger_that_crashes("", "point = \"recorded:2\"");
    assert_eq!(charges(&kept)[..2], [1, 1]);
}

#[test]
fn a_disk_with_nothing_on_it_is_said() {
    let crash = "[[fault]]\ncrash = { node = \"ledger\", at = \"15ms\", for = \"1ms\", disk = \"lost\" }";
    let report = orders("at-least-once", &format!("params = {{ orders = 1 }}\n{crash}"));
    assert_eq!(report.warnings, ["the loss of the disk of ledger changed nothing: there was nothing on it"]);
}

/// A lease holder that is out for twenty seconds.
fn lease(faults: &str) -> dsys::report::Report {
    run(&format!(
        "title = \"T\"\nproblem = \"clock-skew\"\nprotocol = \"lease\"\nnodes = [\"locks\", \"store\", \"alice\", \"bob\"]\n\
         params = {{ length = \"15s\", from = \"sending\", work = \"4s\", writes = 4 }}\n[network]\ndelay = \"10ms\"\n{faults}"
    ))
}

#[test]
fn a_suspended_machine_believes_that_no_time_has_passed() {
    let pause = |oscillator: &str| {
        lease(&format!("[[fault]]\npause = {{ node = \"alice\", at = \"2s\", for = \"20s\"{oscillator} }}"))
    };
    let (runs, stops) = (pause(", oscillator = \"runs\""), pause(", oscillator = \"stops\""));
    assert_eq!(runs.trace.digest, pause("").trace.digest);
    // It takes its lease to be good until 20 ms + 15 s of an oscillator that stood still for 20 s.
    let because =
        "violated: alice believed in lease 1 until 35s, and bob held lease 2 from 15.04s on: two holders for 14.98s.";
    assert_eq!(verdict(&stops, "mutual-exclusion").replace("  ", " "), because);
    assert!(verdict(&runs, "mutual-exclusion").contains("until 22s"), "{}", verdict(&runs, "mutual-exclusion"));
    // An oscillator that is stopped by hand for as long does the same to the clock.
    let drift =
        |at: &str, ppm: i64| format!("[[fault]]\nclock-drift = {{ node = \"alice\", at = \"{at}\", ppm = {ppm} }}\n");
    let by_hand = lease(&(drift("2s", -1_000_000) + &drift("22s", 0)));
    let end = |report: &dsys::report::Report| report.trace.clocks[2].read(ms(40_000)).ns();
    assert_eq!((end(&stops), end(&by_hand), end(&runs)), (20_000_000_000, 20_000_000_000, 40_000_000_000));
    assert!(verdict(&by_hand, "mutual-exclusion").starts_with("violated: "));
    // In the trace the oscillator stops and goes on.
    let drifts = pick(&stops, |event| match event.what {
        EventKind::ClockDrifted(ppb) => Some((event.at, ppb)),
        _ => None,
    });
    assert_eq!(drifts, [(ms(2_000), STOPPED), (ms(22_000), 0)]);
}

#[test]
fn a_suspended_machine_that_drifts_goes_on_drifting() {
    let report = lease(
        "[clock.alice]\ndrift-ppm = 100\n[[fault]]\npause = { node = \"alice\", at = \"2s\", for = \"2s\", oscillator = \"stops\" }\n\
         [[fault]]\nclock-drift = { node = \"alice\", at = \"3s\", ppm = 50000 }",
    );
    let drifts = pick(&report, |event| match event.what {
        EventKind::ClockDrifted(ppb) => Some((event.at, ppb)),
        _ => None,
    });
    assert_eq!(drifts, [(ms(2_000), STOPPED), (ms(4_000), 50_000_000)]);
}

#[test]
fn a_timer_on_an_oscillator_that_stands_still_never_fires() {
    let stop = "[[fault]]\nclock-drift = { node = \"shop\", at = \"15ms\", ppm = -1000000 }";
    let report = orders("at-least-once", &format!("params = {{ orders = 3, gap = \"10ms\" }}\n{stop}"));
    assert_eq!(count(&report, |what| matches!(what, EventKind::Output(output) if output.name == "ordered")), 1);
    assert_eq!(report.trace.ended, StopReason::Quiescent, "what will never happen is not waited for");
    let again = format!("{stop}\n[[fault]]\nclock-drift = {{ node = \"shop\", at = \"1015ms\", ppm = 0 }}");
    let report = orders("at-least-once", &format!("params = {{ orders = 3, gap = \"10ms\" }}\n{again}"));
    let ordered = pick(&report, |event| {
        matches!(event.what, EventKind::Output(output) if output.name == "ordered").then_some(event.at)
    });
    assert_eq!(ordered, [ms(10), ms(1_020), ms(1_030)]);
}

#[test]
fn a_pause_can_come_at_a_point_by_chance_and_for_as_long_as_chance_says() {
    let pauses = |more: &str| {
        let pause = format!(
            "pause = {{ node = \"ledger\", point = \"received\", for = {{ uniform = [\"10ms\", \"20ms\"] }}{more} }}"
        );
        orders("at-least-once", &format!("params = {{ orders = 40, gap = \"100ms\" }}\n[[fault]]\n{pause}"))
    };
    let lengths = |report: &dsys::report::Report| {
        let at = |is: EventKind| pick(report, |event| (event.what == is).then_some(event.at));
        let spans: Vec<i64> =
            at(EventKind::Paused).iter().zip(at(EventKind::Resumed)).map(|(&from, to)| to.since(from).ns()).collect();
        spans
    };
    let half = pauses(", probability = 0.5");
    let spans = lengths(&half);
    assert!((10..30).contains(&spans.len()), "{}", spans.len());
    assert!(spans.iter().all(|span| (10_000_000..=20_000_000).contains(span)));
    assert!(spans.iter().max() > spans.iter().min());
    let one = pauses(", item = 7");
    assert_eq!(
        count(&one, |what| *what == EventKind::Paused),
        count(
            &one,
            |what| matches!(what, EventKind::Noted(note) if note.name == "received" && note.value.number() == Some(7))
        )
    );
    assert_eq!(count(&pauses(", probability = 1, until = \"0s\""), |what| *what == EventKind::Paused), 0);
    // The length that chance gives a pause at a moment is a choice that can be forced.
    let at = "params = { orders = 40, gap = \"100ms\" }\n[[fault]]\npause = { node = \"ledger\", at = \"1s\", for = { uniform = [\"10ms\", \"20ms\"] } }\n[force]\n\"ledger.pause-length:1\" = \"500ms\"";
    assert_eq!(lengths(&orders("at-least-once", at)), [500_000_000]);
}

#[test]
fn two_rows_at_one_point_both_count() {
    let crash = |item: u32| {
        format!(
            "[[fault]]\ncrash = {{ node = \"ledger\", point = \"charged\", item = {item}, for = \"1ms\", until = \"1s\" }}\n"
        )
    };
    let report = orders(
        "dedup",
        &format!("params = {{ orders = 3, gap = \"10ms\", order = \"effect-then-record\" }}\n{}{}", crash(1), crash(3)),
    );
    let times = charges(&report);
    assert!(times[0] > 1 && times[1] == 1 && times[2] > 1, "{times:?}");
}
