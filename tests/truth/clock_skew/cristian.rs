//! Cristian, 1989: the error is half the difference of the delays, and at most half the round trip
//! less the shortest.

use super::estimate::Estimate;
use super::{because, measure, run, scenario, theory, verdict};
use dsys::scenario::Expected::{Holds, Violated};

/// One client; `there` and `back` are the delays of its question and of the answer.
fn path(there: &str, back: &str, params: &str) -> String {
    format!(
        "nodes = 2\nuntil = \"1s\"\n[params]\nrho-ppm = 0\nmax-rtt = \"60ms\"\n{params}\n\
         [clock.alice]\noffset = \"-77ms\"\n\
         [[network.link]]\nfrom = \"alice\"\nto = \"server\"\ndelay = {{ constant = \"{there}\" }}\n\
         [[network.link]]\nfrom = \"server\"\nto = \"alice\"\ndelay = {{ constant = \"{back}\" }}\n"
    )
}

#[test]
fn the_error_is_half_the_difference_of_the_delays() {
    // (there, back, shortest): the error signed by which is ahead, and the bound.
    for (there, back, min, error, bound) in
        [(10, 2, 1, 4, 5), (2, 10, 1, -4, 5), (6, 6, 6, 0, 0), (30, 10, 0, 10, 20), (1, 1, 0, 0, 1)]
    {
        let [there, back] = [there, back].map(|ms| format!("{ms}ms"));
        let report = run(&scenario("cristian", &path(&there, &back, &format!("min-delay = \"{min}ms\""))));
        let ended = report.trace.ended_at;
        let [server, alice] = [0, 1].map(|node| report.trace.clocks[node].read(ended));
        assert_eq!((alice - server).ns(), error * 1_000_000, "{there} there, {back} back");
        assert_eq!(measure(&report, "final_error"), error.abs() * 1_000_000);
        assert_eq!(measure(&report, "bound"), bound * 1_000_000);
        assert_eq!(verdict(&report, "bounded-skew"), Holds);
        assert_eq!(theory(&report.scenario, "final_error"), Some((error.abs() * 1_000_000) as f64));
    }
}

#[test]
fn a_delay_shorter_than_was_assumed_breaks_the_bound() {
    let report = run(&scenario("cristian", &path("10ms", "2ms", "min-delay = \"3ms\"")));
    assert_eq!(verdict(&report, "bounded-skew"), Violated);
    assert_eq!(
        because(&report, "bounded-skew"),
        "At 12ms alice was 4ms ahead of server; \
         the bound was 3ms: half the round trip by the oscillator less the shortest delay, and the drift since."
    );
}

#[test]
fn theory_says_nothing_where_its_assumptions_do_not_hold() {
    let plain = path("5ms", "5ms", "every = \"2s\"");
    let of = |text: &str, what| theory(&scenario("cristian", text), what);
    assert_eq!((of(&plain, "messages"), of(&plain, "final_error")), (Some(2.0), Some(0.0)));
    for (text, says) in [
        (plain.replace("every = \"2s\"", "every = \"100ms\""), [None, Some(0.0)]),
        (plain.clone() + "drift-ppm = 5\n", [None, None]),
        (plain.clone() + "loss = 0.5\n", [None, None]),
        (plain.replace("max-rtt = \"60ms\"", "max-rtt = \"11ms\"") + "loss = 0.5\n", [Some(4.0), None]),
        (plain.replace("max-rtt = \"60ms\"", "max-rtt = \"9ms\""), [None, None]),
        (plain.clone() + "[[fault]]\nlose = { message = \"alice:server:1\" }\n", [None, None]),
    ] {
        let text = text.replace("\ndrift-ppm = 5\n", "\n[clock.server]\ndrift-ppm = 5\n");
        assert_eq!(["messages", "final_error"].map(|what| of(&text, what)), says, "{text}");
    }
}

#[test]
fn a_lying_server_breaks_the_bound() {
    let lie = |lie: &str| {
        let fault = format!("[[fault]]\ntraitor = {{ node = \"server\", lie = \"{lie}\", by = \"1s\" }}\n");
        run(&scenario("cristian", &(path("5ms", "5ms", "") + &fault)))
    };
    assert_eq!(measure(&lie("offset-by"), "final_error"), 1_000_000_000);
    let two_faced = lie("two-faced");
    let alice = two_faced.trace.clocks[1].read(two_faced.trace.ended_at);
    assert_eq!(alice.ns(), 0, "alice is node 1, of odd index, and is told a second less");
    assert_eq!(verdict(&two_faced, "bounded-skew"), Violated);
}

#[test]
fn drift_adds_two_rho_a_second_until_the_next_reading() {
    let text = |rho: u32| {
        format!(
            "nodes = 2\nuntil = \"1h\"\n[params]\nevery = \"60s\"\nmin-delay = \"5ms\"\nrho-ppm = {rho}\n\
             [clock.server]\ndrift-ppm = -100\n[clock.alice]\ndrift-ppm = 100\n"
        )
    };
    let report = run(&scenario("cristian", &text(100)));
    assert_eq!(verdict(&report, "bounded-skew"), Holds);
    // 12 ms of drift and at most 10 ms of reading error; the bound says so, and a few microseconds
    // more.
    assert!((12_000_000..22_000_000).contains(&measure(&report, "max_error")));
    assert!((measure(&report, "max_error")..22_100_000).contains(&measure(&report, "bound")));
    assert_eq!(verdict(&run(&scenario("cristian", &text(10))), "bounded-skew"), Violated);
}

#[test]
fn an_attempt_that_succeeds_with_probability_s_costs_1_over_s_attempts() {
    // Delays of 0 to 10 ms, round trips of at most `max`: the sum of two uniform variables. Losses
    // of both ways.
    for (max_ms, loss, success) in [(10, 0.0, 0.5), (5, 0.0, 0.125), (20, 0.2, 0.64), (10, 0.5, 0.125)] {
        let text = format!(
            "nodes = 2\nuntil = \"1h\"\n[params]\nevery = \"2h\"\nmax-rtt = \"{max_ms}ms\"\n\
             [network]\nloss = {loss}\ndelay = {{ uniform = [\"0ms\", \"10ms\"] }}\n"
        );
        let mut attempts = Estimate::new(scenario("cristian", &text));
        attempts.over(2_000, |trace| (trace.counts.timers + 1) as f64);
        let (s, sd) = (success, f64::sqrt(1.0 - success) / success);
        attempts.is_near(1.0 / s, sd, &format!("max-rtt {max_ms} ms, loss {loss}"));
        let expected = theory(&scenario("cristian", &text), "messages");
        assert!(expected.is_some_and(|messages| (messages - (2.0 - loss) / s).abs() < 1e-9), "{expected:?}");
        if loss == 0.0 {
            let mut messages = Estimate::new(scenario("cristian", &text));
            messages.over(2_000, |trace| trace.counts.sent as f64);
            messages.is_near(2.0 / s, 2.0 * sd, &format!("messages at max-rtt {max_ms} ms"));
        }
    }
}

#[test]
fn a_slew_never_runs_backwards_and_a_step_does() {
    let ahead = |how: &str| {
        let text = format!(
            "nodes = 2\nuntil = \"60s\"\n[params]\ncorrect = \"{how}\"\n[clock.alice]\noffset = \"3s\"\ndrift-ppm = 40\n"
        );
        run(&scenario("cristian", &text))
    };
    let (step, slew) = (ahead("step"), ahead("slew"));
    assert_eq!((verdict(&step, "monotonic"), verdict(&slew, "monotonic")), (Violated, Holds));
    assert_eq!((verdict(&step, "bounded-skew"), verdict(&slew, "bounded-skew")), (Holds, Holds));
    assert_eq!(measure(&slew, "steps"), 0);
    assert!(measure(&slew, "final_error") < 16_000_000);
}

#[test]
fn an_old_answer_does_not_count_for_a_new_attempt() {
    // The first answer comes when the second question has just left: a client that took it for the
    // second's would see a round trip of 1 ms, and be 39 ms behind.
    let text = path("5ms", "1ms", "max-rtt = \"40ms\"").replace("max-rtt = \"60ms\"\n", "")
        + "[[fault]]\ndelay = { message = \"server:alice:1\", to = \"36ms\" }\n";
    let report = run(&scenario("cristian", &text));
    assert_eq!(measure(&report, "max_error"), 2_000_000);
}
