//! Checkpoint barriers: what is done again after a crash at a moment that nothing in the job knows
//! of.

use crate::exactly_once::{check, samples_of, scenario};

/// A job whose orders come at random, one `gap` apart at each source on average, and whose operator
/// crashes at 70 ms. A checkpoint begins every `interval`, the first of them at a random moment, so
/// that the crash comes at any moment between two. Everything takes 1 ms on its way.
fn job(sources: usize, gap: &str, interval: &str, more: &str) -> String {
    let names = ["east", "west", "north"][..sources].join("\", \"");
    format!(
        "nodes = [\"manager\", \"{names}\", \"till\", \"bank\"]\n\
         fault = [{{ crash = {{ node = \"till\", at = \"70ms\", for = \"2ms\" }} }}]\n{more}\n[params]\norders = 100\n\
         gap = {{ exponential = {{ mean = \"{gap}\" }} }}\ninterval = \"{interval}\"\n\
         first = {{ uniform = [\"0ms\", \"{interval}\"] }}\nevery = \"10ms\"\n"
    )
}

/// The run may stop when everything has been sent again.
const SOON: &str = "until = \"85ms\"";

#[test]
fn half_an_interval_is_done_again() {
    for (sources, gap, interval, exact) in
        [(2, "20ms", "40ms", 2.0), (2, "10ms", "20ms", 2.0), (3, "10ms", "60ms", 9.0), (1, "5ms", "30ms", 3.0)]
    {
        let figures = [("reprocessed", exact), ("duplicates", exact), ("exact-state", 0.0)];
        check(&scenario("barriers", &job(sources, gap, interval, SOON)), &figures);
    }
}

#[test]
fn a_sink_that_commits_with_the_checkpoint_charges_nothing_again() {
    let text = job(2, "20ms", "40ms", SOON) + "sink = \"transactional\"\n";
    check(&scenario("barriers", &text), &[("reprocessed", 2.0), ("duplicates", 0.0)]);
}

#[test]
fn the_total_is_exact_for_every_seed_and_only_with_alignment() {
    const JOBS: u64 = 1_000;
    let crashes = ["manager", "east", "west", "till", "bank"]
        .map(|node| format!("{{ crash = {{ node = \"{node}\", rate = 1.0, for = \"5ms\" }} }}"))
        .join(", ");
    let of = |aligned: bool| {
        let text = format!(
            "nodes = [\"manager\", \"east\", \"west\", \"till\", \"bank\"]\nuntil = \"3s\"\n\
             network.delay = {{ uniform = [\"1ms\", \"9ms\"] }}\nfault = [{crashes}]\n[params]\norders = 20\n\
             gap = \"10ms\"\ninterval = \"30ms\"\nevery = \"50ms\"\naligned = {aligned}\nsink = \"transactional\"\n"
        );
        let names = ["conservation", "exact-state", "no-duplicate", "no-loss"];
        let values = samples_of(&scenario("barriers", &text), &names, JOBS);
        values.iter().map(|values| values.iter().sum::<f64>()).collect::<Vec<_>>()
    };
    assert_eq!(of(true), [0.0; 4]);
    let loose = of(false);
    assert!(loose[..3].iter().all(|&broken| broken > 50.0), "without alignment: {loose:?}");
    assert_eq!(loose[3], 0.0, "at least once is still promised");
}
