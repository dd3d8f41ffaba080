//! The chart of clocks: exact at its points, and a clock leaves its band exactly where the bound is
//! broken.

use super::{run, scenario, verdict};
use dsys::check::chart::{Band, Chart, Series};
use dsys::report::Report;
use dsys::scenario::Expected::Violated;

fn chart(report: &Report) -> &Chart {
    report.chart.as_ref().unwrap()
}

/// How far outside of a band the clock is at worst, in nanoseconds; negative if it stays within.
fn outside(series: &Series, band: &Band) -> i64 {
    let beyond = |off: i64, (low, high): (i64, i64)| (low - off).max(off - high);
    let between = |a: (u64, i64, i64), b: (u64, i64, i64), at: u64| {
        let part = |first: i64, last: i64| {
            first + (i128::from(last - first) * i128::from(at - a.0) / i128::from(b.0 - a.0)) as i64
        };
        (part(a.1, b.1), part(a.2, b.2))
    };
    // A promise may be made in the moment in which the run ends.
    let (from, low, high) = band.points[0];
    let mut worst = beyond(series.around(from).unwrap().1, (low, high));
    for pair in band.points.windows(2).filter(|pair| pair[0].0 < pair[1].0) {
        let (a, b) = (pair[0], pair[1]);
        worst = worst.max(beyond(series.around(a.0).unwrap().1, (a.1, a.2)));
        worst = worst.max(beyond(series.around(b.0).unwrap().0, (b.1, b.2)));
        for &(at, off) in series.points.iter().filter(|&&(at, _)| a.0 < at && at < b.0) {
            worst = worst.max(beyond(off, between(a, b, at)));
        }
    }
    worst
}

#[test]
fn ten_ppm_over_a_day_is_charted_to_the_nanosecond() {
    let text = "nodes = 2\nuntil = \"1d\"\n[params]\nrho-ppm = 10\n[clock.alice]\ndrift-ppm = 10\n";
    let report = run(&scenario("free-running", text));
    let day = 86_400_000_000_000;
    let [server, alice] = &chart(&report).series[..] else { panic!("two clocks") };
    assert_eq!(server.points, [(0, 0), (day, 0)]);
    assert_eq!(alice.points, [(0, 0), (day, 864_000_000)]);
    // 2ρT = 1.728 s, around the middle of the two.
    assert_eq!(
        chart(&report).bands[0].points,
        [(0, 0, 0), (day, 432_000_000 - 864_000_000, 432_000_000 + 864_000_000)]
    );
    let json = serde_json::json!(report);
    assert_eq!(json["chart"]["series"][1]["points"], serde_json::json!([[0, 0], [day, 864_000_000]]));
    assert_eq!(json["chart"]["unit"], "ns");
}

#[test]
fn a_run_of_perfect_clocks_has_a_chart_only_where_the_protocol_is_about_them() {
    let plain = run(&scenario("lamport", "nodes = 2\n"));
    assert_eq!(plain.chart, None);
    assert!(run(&scenario("cristian", "nodes = 2\n")).chart.is_some());
    let off = run(&scenario("lamport", "nodes = 2\n[clock.alice]\noffset = \"1ms\"\n"));
    assert_eq!(chart(&off).series[1].points.first(), Some(&(0, 1_000_000)));
    assert_eq!(chart(&off).bound, None);
}

#[test]
fn a_clock_leaves_its_band_exactly_where_the_bound_is_broken() {
    let off = "[clock]\noffset = { uniform = [\"-40ms\", \"40ms\"] }\n";
    let drifts = |ppm: u32| format!("[clock.alice]\ndrift-ppm = {ppm}\n[clock.bob]\ndrift-ppm = -{ppm}\n");
    let mut broken = [0, 0];
    for (protocol, params) in [
        ("free-running", "spread = \"60ms\"\n"),
        ("cristian", "every = \"3s\"\n"),
        ("cristian", "every = \"3s\"\ncorrect = \"slew\"\nmin-delay = \"5ms\"\n"),
        ("berkeley", "every = \"3s\"\n"),
        ("average", "min-delay = \"7ms\"\nmax-delay = \"14ms\"\n"),
        ("midpoint", "every = \"3s\"\nbeta = \"80ms\"\nmin-delay = \"6ms\"\nmax-delay = \"13ms\"\n"),
    ] {
        for ppm in [40, 900] {
            for seed in 1..=40 {
                let text = format!("nodes = 4\nuntil = \"20s\"\n[params]\n{params}{off}{}", drifts(ppm));
                let mut scenario = scenario(protocol, &text);
                scenario.scenario.seed = seed;
                let report = run(&scenario);
                let of = |node: &String| chart(&report).series.iter().find(|series| series.node == *node).unwrap();
                let bands = chart(&report).bands.iter();
                let worst = bands.flat_map(|band| band.nodes.iter().map(move |node| outside(of(node), band))).max();
                let is_broken = verdict(&report, "bounded-skew") == Violated;
                // Reading clocks in whole nanoseconds adds a few to the bound, and a picture
                // rounds.
                let worst = worst.unwrap_or(i64::MIN);
                assert_eq!(worst > 7, is_broken, "{protocol}, {params}, {ppm} ppm, seed {seed}: {worst} ns outside");
                broken[usize::from(is_broken)] += 1;
            }
        }
    }
    assert!(broken[0] > 50 && broken[1] > 50, "both happen: {broken:?}");
}
