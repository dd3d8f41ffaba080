//! The theories of the overloaded service, which count the calls of requests that come by chance.

use super::{Armed, check, force, rows, set};

/// Few requests of which many fail, over two seconds.
const BASE: &str = "title = \"Armed\"\nproblem = \"overload\"\nprotocol = \"retry\"\nnodes = [\"client\", \"server\"]\n\
     until = \"1s\"\nnetwork.delay = \"10ms\"\n[params]\narrival = 5\nattempts = 3\nfail = 0.5\nservice = \"20ms\"";

/// Offered, attempts, good, failed.
const ALL: &str = "++++";
const OFFERED: &str = "+...";
const NONE: &str = "....";

fn check_all(what: &str, fault: Armed, speaks: &str) {
    check(what, BASE, fault, speaks);
}

#[test]
fn theory_speaks_where_calls_do_not_wait_for_each_other() {
    check_all("nothing", Armed::default(), ALL);
    check_all("no failure", set(&["params.fail=0.0"]), ALL);
    check_all("nothing but failures", set(&["params.fail=1.0"]), ALL);
    check_all("one attempt", set(&["params.attempts=1"]), ALL);
    check_all("a slow way", set(&["network.delay=300ms"]), ALL);
    check_all("a run shorter than its attempts", set(&["until=100ms", "network.delay=30ms"]), ALL);
    check_all("a time limit that never counts", set(&["params.timeout=200ms"]), ALL);
    check_all("a promise", set(&["params.slo=1ms"]), ALL);
}

#[test]
fn theory_counts_requests_alone_where_calls_wait_or_are_lost() {
    check_all("one worker", set(&["params.workers=1"]), OFFERED);
    check_all("a wait before each retry", set(&["params.backoff=fixed"]), OFFERED);
    check_all("a budget", set(&["params.budget=0.1"]), OFFERED);
    check_all("a time limit", set(&["params.timeout=10ms"]), OFFERED);
    check_all("work by chance", set(&["params.service={ uniform = [\"1ms\", \"9ms\"] }"]), OFFERED);
    check_all("ways by chance", set(&["network.delay={ uniform = [\"1ms\", \"9ms\"] }"]), OFFERED);
    check_all("loss", set(&["network.loss=0.1"]), OFFERED);
    check_all("copies", set(&["network.duplicate=0.1"]), OFFERED);
    check_all("damage", set(&["network.corrupt=0.1"]), OFFERED);
    check_all("a gateway", set(&["nodes=[\"client\", \"gateway\", \"server\"]"]), OFFERED);
}

#[test]
fn theory_is_silent_of_requests_that_come_otherwise() {
    check_all("even", set(&["params.arrivals=even"]), NONE);
    check_all("a forced gap", force(&["load.gap:1=1s"]), NONE);
    check_all("a forced failure", force(&["load.fail:1.1=yes"]), NONE);
    let pause = "[[fault]]\npause = { node = \"client\", at = \"1s\", for = \"100ms\" }";
    check_all("a pause", rows(pause), NONE);
    check_all("a fast clock", rows("[clock.client]\ndrift-ppm = 100"), NONE);
}

#[test]
fn theory_counts_the_requests_of_a_server_that_sheds() {
    let base = BASE.replace("retry", "shedding").replace("attempts = 3\nfail = 0.5\n", "");
    check("nothing", &base, Armed::default(), "+");
    check("a short queue", &base, set(&["params.queue=1"]), "+");
    check("loss", &base, set(&["network.loss=0.1"]), "+");
    check("even", &base, set(&["params.arrivals=even"]), ".");
    check("a forced gap", &base, force(&["load.gap:1=1s"]), ".");
    let pause = "[[fault]]\npause = { node = \"client\", at = \"1s\", for = \"100ms\" }";
    check("a pause", &base, rows(pause), ".");
}
