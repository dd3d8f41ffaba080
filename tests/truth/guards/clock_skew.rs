//! Where each theory speaks: every closed form of the problem against every way in which something
//! can go wrong. Where it speaks it agrees with what runs come to, and the table says where that
//! is, so that silence everywhere can't pass.

use crate::clock_skew::scenario;
use crate::theories;

/// The ways in which something goes wrong, and what each adds to the sections of a scenario: its
/// network, its clocks, and whole rows. `A` and `B` are two nodes that speak to each other.
const FAULTS: [(&str, &str, &str, &str); 29] = [
    ("nothing", "", "", ""),
    ("loss", "loss = 0.2", "", ""),
    ("duplicate", "duplicate = 0.3", "", ""),
    ("corrupt", "corrupt = 0.2", "", ""),
    ("slow", "delay = { uniform = [\"5ms\", \"60ms\"] }", "", ""),
    ("exponential", "delay = { exponential = { mean = \"10ms\", min = \"5ms\" } }", "", ""),
    ("fifo", "fifo = true", "", ""),
    ("fifo, slow", "fifo = true\ndelay = { uniform = [\"5ms\", \"60ms\"] }", "", ""),
    ("a lossy link", "", "", "[[network.link]]\nfrom = \"A\"\nto = \"B\"\nloss = 0.5\n"),
    ("a slow link", "", "", "[[network.link]]\nfrom = \"A\"\nto = \"B\"\ndelay = { constant = \"40ms\" }\n"),
    ("a link that copies", "", "", "[[network.link]]\nfrom = \"A\"\nto = \"B\"\nduplicate = 0.5\n"),
    ("lose", "", "", "[[fault]]\nlose = { message = \"A:B:1\" }\n"),
    ("corrupt one", "", "", "[[fault]]\ncorrupt = { message = \"A:B:1\" }\n"),
    ("twice", "", "", "[[fault]]\ntwice = { message = \"A:B:1\" }\n"),
    ("delay", "", "", "[[fault]]\ndelay = { message = \"A:B:1\", to = \"70ms\" }\n"),
    ("crash", "", "", "[[fault]]\ncrash = { node = \"B\", at = \"15ms\" }\n"),
    ("crash for", "", "", "[[fault]]\ncrash = { node = \"B\", at = \"15ms\", for = \"300ms\" }\n"),
    ("crash rate", "", "", "[[fault]]\ncrash = { node = \"B\", rate = 2.0, for = \"100ms\" }\n"),
    ("pause", "", "", "[[fault]]\npause = { node = \"B\", at = \"8ms\", for = \"5s\" }\n"),
    ("partition", "", "", "[[fault]]\npartition = { groups = [[\"A\"], [\"B\"]], at = \"0s\", for = \"300ms\" }\n"),
    ("one-way", "", "", "[[fault]]\npartition = { groups = [[\"A\"], [\"B\"]], at = \"0s\", one-way = true }\n"),
    (
        "degrade",
        "",
        "",
        "[[fault]]\ndegrade = { from = \"A\", at = \"0s\", for = \"1s\", loss = 0.5, delay = \"40ms\" }\n",
    ),
    ("hold", "", "", "[[fault]]\nhold = { to = \"B\", at = \"0s\", for = \"300ms\" }\n"),
    (
        "pause, oscillator too",
        "",
        "",
        "[[fault]]\npause = { node = \"B\", at = \"8ms\", for = \"5s\", oscillator = \"stops\" }\n",
    ),
    (
        "crash, disk lost",
        "",
        "",
        "[[fault]]\ncrash = { node = \"B\", at = \"15ms\", for = \"300ms\", disk = \"lost\" }\n",
    ),
    ("clock-step", "", "", "[[fault]]\nclock-step = { node = \"B\", at = \"8ms\", by = \"70ms\" }\n"),
    ("clock-drift", "", "", "[[fault]]\nclock-drift = { node = \"B\", at = \"8ms\", ppm = 40000 }\n"),
    ("drift", "", "drift-ppm = 30000", ""),
    ("force", "", "", "[force]\n\"A:B:1\" = \"lose\"\n"),
];

/// A protocol with a theory: its nodes, of which the two that speak first, its parameters, its
/// network, its clocks.
struct Base {
    protocol: &'static str,
    nodes: &'static str,
    speak: [&'static str; 2],
    until: &'static str,
    params: &'static str,
    network: &'static str,
    clocks: &'static str,
}

const fn base(protocol: &'static str, nodes: &'static str, speak: [&'static str; 2], params: &'static str) -> Base {
    Base {
        protocol,
        nodes,
        speak,
        until: "60s",
        params,
        network: "delay = { uniform = [\"5ms\", \"15ms\"] }",
        clocks: "",
    }
}

const CONSTANT: &str = "delay = { constant = \"10ms\" }";

fn bases() -> Vec<Base> {
    let uniform = "offset = { uniform = [\"-100ms\", \"100ms\"] }";
    vec![
        base("free-running", "[\"a\", \"b\"]", ["a", "b"], "rho-ppm = 50000"),
        base("cristian", "[\"server\", \"alice\"]", ["alice", "server"], "every = \"60s\"\nmax-rtt = \"18ms\""),
        Base {
            network: CONSTANT,
            ..base("cristian", "[\"server\", \"alice\"]", ["alice", "server"], "every = \"60s\"\nmax-rtt = \"100ms\"")
        },
        Base { clocks: uniform, ..base("berkeley", "[\"m\", \"a\", \"b\"]", ["m", "a"], "rho-ppm = 0") },
        Base { clocks: uniform, ..base("average", "[\"a\", \"b\", \"c\"]", ["a", "b"], "rho-ppm = 0") },
        Base { clocks: uniform, ..base("midpoint", "[\"a\", \"b\", \"c\", \"d\"]", ["a", "b"], "rho-ppm = 0") },
        Base { clocks: uniform, ..base("lamport", "[\"a\", \"b\", \"c\"]", ["a", "b"], "") },
        Base { clocks: uniform, ..base("vector", "[\"a\", \"b\", \"c\"]", ["a", "b"], "") },
        base("hybrid", "[\"a\", \"b\", \"c\"]", ["a", "b"], ""),
        Base { clocks: uniform, ..base("last-write-wins", "[\"a\", \"b\"]", ["a", "b"], "gap = \"20ms\"") },
        Base {
            network: CONSTANT,
            clocks: "a = { offset = \"30ms\" }",
            ..base(
                "last-write-wins",
                "[\"a\", \"b\"]",
                ["a", "b"],
                "gaps = \"exponential\"\ngap = \"20ms\"\nstamp = \"hybrid\"",
            )
        },
        Base {
            network: CONSTANT,
            ..base("lease", "[\"l\", \"s\", \"a\", \"b\"]", ["a", "l"], "from = \"reception\"\nfencing = true")
        },
        Base {
            network: CONSTANT,
            ..base(
                "lease",
                "[\"l\", \"s\", \"a\", \"b\", \"c\", \"d\"]",
                ["a", "l"],
                "from = \"reception\"\nfencing = true\nlength = \"12s\"\ntrust = \"15s\"\nwork = \"500ms\"\nwrites = 30",
            )
        },
        base("commit-wait", "[\"user\", \"a\", \"b\"]", ["user", "a"], ""),
    ]
}

fn text(base: &Base, (_, network, clocks, rows): (&str, &str, &str, &str)) -> String {
    // What is said twice counts as said last.
    let lines = |old: &str, new: &str| {
        let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
        let kept = old.lines().filter(|old| !new.lines().any(|new| key(new) == key(old)));
        kept.chain(new.lines()).map(|line| format!("{line}\n")).collect::<String>()
    };
    let [a, b] = base.speak;
    let rows = rows.replace("\"A:B:1\"", &format!("\"{a}:{b}:1\"")).replace("\"A\"", &format!("\"{a}\""));
    let rows = rows.replace("\"B\"", &format!("\"{b}\""));
    format!(
        "nodes = {}\nuntil = \"{}\"\n[params]\n{}\n[network]\n{}[clock]\n{}{rows}",
        base.nodes,
        base.until,
        base.params,
        lines(base.network, network),
        lines(base.clocks, clocks),
    )
}

/// Where each theory speaks, a sign a fault in the order of [`FAULTS`].
const SPEAKS: &str = "
+++++++++++................+. free-running final_skew
+++++++++++++++++++++++++++++ free-running bound
++.+....+.................... cristian messages
............................. cristian final_error
++.++.+.++................... cristian messages
+.+...+..++.................. cristian final_error
+.+.++++.++................+. berkeley bound
+.+.++++.++................+. average bound
+.+.++++.++................+. midpoint bound
+++++++++++................+. lamport clock-condition
+++++++++++................+. vector clock-condition
+++++++++++................+. vector strong-clock-condition
+++++++++++................+. hybrid clock-condition
+++++++++++.................. hybrid near-physical-time
+++++++++++.................. hybrid bounded-counter
+.+.++++..................... last-write-wins no-lost-write
+.+.++++..................... last-write-wins lost_writes
+.+...+...................... last-write-wins no-lost-write
+.+...+...................... last-write-wins lost_writes
+.....+....................+. lease overlap
............................. lease overlap
+.+.++++..................... commit-wait commit_wait
+.+.++++..................... commit-wait extra_wait
";

const RUNS: u64 = 200;

#[test]
fn a_theory_speaks_where_it_holds_and_nowhere_else() {
    let mut table = String::from("\n");
    for base in bases() {
        let signs = FAULTS.map(|fault| {
            let scenario = scenario(base.protocol, &text(&base, fault));
            theories::agree(&scenario, RUNS, &format!("{}: {}", fault.0, base.params));
            theories::signs(&scenario)
        });
        for (index, theory) in scenario(base.protocol, &text(&base, FAULTS[0])).entry.theory.iter().enumerate() {
            let row: String = signs.iter().map(|signs| &signs[index..=index]).collect();
            table.push_str(&format!("{row} {} {}\n", base.protocol, theory.of));
        }
    }
    assert_eq!(table, SPEAKS, "{table}");
}
