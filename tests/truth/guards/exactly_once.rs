//! The theories of exactly-once delivery.

use super::table::{Arm, Base, column};

const RUNS: u64 = 400;
/// The same of a protocol whose runs take a hundred times as long.
const RUNS_OF_BARRIERS: u64 = 60;

/// All that can go wrong between two nodes, of which `A` asks and `B` answers. `every` is 50 ms.
const FAULTS: &[(&str, Arm<'_>)] = &[
    ("losses", Arm::Set(&["network.loss=0.3"])),
    ("all is lost", Arm::Set(&["network.loss=1"])),
    ("losses from A", Arm::Set(&["network.link=[{ from = \"`A`\", to = \"`B`\", loss = 0.3 }]"])),
    ("losses from B", Arm::Set(&["network.link=[{ from = \"`B`\", to = \"`A`\", loss = 0.3 }]"])),
    ("duplicates", Arm::Set(&["network.duplicate=0.2"])),
    ("duplicates from A", Arm::Set(&["network.link=[{ from = \"`A`\", to = \"`B`\", duplicate = 0.2 }]"])),
    ("duplicates from B", Arm::Set(&["network.link=[{ from = \"`B`\", to = \"`A`\", duplicate = 0.2 }]"])),
    ("corruption", Arm::Set(&["network.corrupt=0.2"])),
    ("delays that differ", Arm::Set(&["network.delay={ uniform = [\"1ms\", \"9ms\"] }"])),
    ("delays that differ, fifo", Arm::Set(&["network.delay={ uniform = [\"1ms\", \"9ms\"] }", "network.fifo=true"])),
    ("delays beyond `every`", Arm::Set(&["network.delay={ uniform = [\"1ms\", \"60ms\"] }"])),
    ("delays without bound", Arm::Set(&["network.delay={ exponential = { mean = \"20ms\" } }"])),
    ("fifo", Arm::Set(&["network.fifo=true"])),
    ("a message lost", Arm::Row("lose = { message = \"`A`:`B`:1\" }")),
    ("an answer lost", Arm::Row("lose = { message = \"`B`:`A`:1\" }")),
    ("a message corrupted", Arm::Row("corrupt = { message = \"`A`:`B`:1\" }")),
    ("a message twice", Arm::Row("twice = { message = \"`A`:`B`:1\" }")),
    ("an answer delayed", Arm::Row("delay = { message = \"`B`:`A`:1\", to = \"70ms\" }")),
    ("a crash of A", Arm::Row("crash = { node = \"`A`\", at = \"11ms\", for = \"20ms\" }")),
    ("a crash of B", Arm::Row("crash = { node = \"`B`\", at = \"11ms\", for = \"20ms\" }")),
    ("B dies", Arm::Row("crash = { node = \"`B`\", at = \"11ms\" }")),
    ("a crash after a message", Arm::Row("crash = { node = \"`B`\", after = \"`A`:`B`:1\", for = \"20ms\" }")),
    ("a crash rate of A", Arm::Row("crash = { node = \"`A`\", rate = 5.0, for = \"20ms\" }")),
    ("a crash rate of B", Arm::Row("crash = { node = \"`B`\", rate = 5.0, for = \"20ms\" }")),
    ("a pause of A", Arm::Row("pause = { node = \"`A`\", at = \"11ms\", for = \"80ms\" }")),
    ("a pause of B", Arm::Row("pause = { node = \"`B`\", at = \"11ms\", for = \"80ms\" }")),
    ("a partition", Arm::Row("partition = { groups = [[\"`A`\"], [\"`B`\"]], at = \"5ms\", for = \"80ms\" }")),
    (
        "a partition one way",
        Arm::Row("partition = { groups = [[\"`B`\"], [\"`A`\"]], at = \"5ms\", for = \"80ms\", one-way = true }"),
    ),
    ("B isolated", Arm::Row("isolate = { node = \"`B`\", at = \"5ms\", for = \"80ms\" }")),
    ("a step of a clock", Arm::Row("clock-step = { node = \"`B`\", at = \"5ms\", by = \"1h\" }")),
    ("an oscillator that changes", Arm::Row("clock-drift = { node = \"`B`\", at = \"5ms\", ppm = 90000 }")),
    ("losses for a while", Arm::Row("degrade = { from = \"`A`\", at = \"0ms\", for = \"60ms\", loss = 0.5 }")),
    ("slowness for a while", Arm::Row("degrade = { at = \"0ms\", for = \"60ms\", delay = \"70ms\" }")),
    ("messages held back", Arm::Row("hold = { to = \"`B`\", at = \"0ms\", for = \"90ms\" }")),
    ("a disk lost", Arm::Row("crash = { node = \"`B`\", at = \"25ms\", for = \"5ms\", disk = \"lost\" }")),
    ("writes lost", Arm::Row("crash = { node = \"`B`\", at = \"25ms\", for = \"5ms\", disk = \"unsynced\" }")),
    (
        "an oscillator suspended",
        Arm::Row("pause = { node = \"`A`\", at = \"11ms\", for = \"80ms\", oscillator = \"stops\" }"),
    ),
    ("oscillators 50 ppm fast", Arm::Set(&["clock.drift-ppm=50"])),
    ("an oscillator 10 % fast", Arm::Set(&["clock.`A`.drift-ppm=100000"])),
    ("an offset", Arm::Set(&["clock.`A`.offset=\"1h\""])),
    ("a message forced", Arm::Force("`A`:`B`:1=lose")),
    ("an answer forced", Arm::Force("`B`:`A`:1=lose")),
    ("a load forced", Arm::Force("load.gap:1=3ms")),
];

/// What each theory of a scenario says under each fault. The scenarios stand below, under the names
/// of the columns.
const TABLE: &str = "
                               most least  three  table window fresh charged recorded memory room offsets after before batch dual phantom outbox relay loose counted commits dirty snapshot barriers
nothing                        ++++ ++++++ ++++++ ++++  ++++   ++++  ++++    ++++     ++++   ...+ ++++.   ++++. ++++.  ....+ +++  +++     +++++  +++++ +++   +++     +.      ++    +.       +++
losses                         ++++ ++++++ ++++++ ++++  ....   ....  ++++    ++++     ....   .... ++++.   ++++. ++++.  ....+ ...  ...     .....  ..... +++   +++     +.      ..    ..       ..+
all is lost                    ++++ ...... ++++++ ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
losses from A                  ++++ ++++++ ++++++ ++++  ....   ....  ++++    ++++     ....   .... ++++.   ++++. ++++.  ....+ ...  ...     .....  ..... +++   +++     +.      ..    ..       ..+
losses from B                  ++++ ++++++ ++++++ ++++  ++++   ++++  ++++    ++++     ++++   .... ++++.   ++++. ++++.  ....+ ...  ...     .....  ..... +++   +++     +.      ..    ..       ..+
duplicates                     .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
duplicates from A              .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
duplicates from B              .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
corruption                     .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
delays that differ             ++++ ++++++ ++++++ ++++  ....   ....  ++++    ++++     ....   .... ++++.   ++++. ++++.  ....+ ...  ...     +++++  +++++ +++   +++     +.      ++    +.       ..+
delays that differ, fifo       ++++ ++++++ ++++++ ++++  ....   ....  ++++    ++++     ....   .... ++++.   ++++. ++++.  ....+ ...  ...     +++++  +++++ +++   +++     +.      ++    ++       ..+
delays beyond `every`          ++++ ...... ...... ++++  ....   ....  ++++    ++++     ....   .... ++++.   ++++. ++++.  ....+ ...  ...     .....  ..... ...   ...     +.      ..    +.       ..+
delays without bound           ++++ ...... ...... ++++  ....   ....  ++++    ++++     ....   .... ++++.   ++++. ++++.  ..... ...  ...     .....  ..... ...   ...     +.      ..    +.       ..+
fifo                           ++++ ++++++ ++++++ ++++  ++++   ++++  ++++    ++++     ++++   ...+ ++++.   ++++. ++++.  ....+ +++  +++     +++++  +++++ +++   +++     +.      ++    ++       +++
a message lost                 .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
an answer lost                 .... ...... ...... ....  ....   ....  ....    ....     ....   -    .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a message corrupted            .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a message twice                .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
an answer delayed              .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a crash of A                   .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a crash of B                   .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
B dies                         .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a crash after a message        .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a crash rate of A              .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a crash rate of B              .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a pause of A                   .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a pause of B                   .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a partition                    .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a partition one way            .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
B isolated                     .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a step of a clock              .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
an oscillator that changes     .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
losses for a while             .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
slowness for a while           .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
messages held back             .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a disk lost                    .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     ..      ..    ..       ...
writes lost                    .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     ..      ..    ..       ...
an oscillator suspended        .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
oscillators 50 ppm fast        ++++ ++++++ ++++++ ++++  ++++   ++++  ++++    ++++     ++++   ...+ ++++.   ++++. ++++.  ....+ +++  +++     +++++  +++++ +++   +++     +.      ++    +.       ..+
an oscillator 10 % fast        ++++ ++++++ ++++++ ++++  ++++   ++++  ++++    ++++     ++++   ...+ ++++.   ++++. ++++.  ....+ +++  +++     +++++  +++++ +++   +++     +.      ++    +.       ..+
an offset                      ++++ ++++++ ++++++ ++++  ++++   ++++  ++++    ++++     ++++   ...+ ++++.   ++++. ++++.  ....+ +++  +++     +++++  +++++ +++   +++     +.      ++    +.       +++
a message forced               .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
an answer forced               .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    ..       ..+
a load forced                  .... ...... ...... ....  ....   ....  ....    ....     ....   .... .....   ..... .....  ..... ...  ...     .....  ..... ...   ...     +.      ..    -        ..+
";

/// Holds the theories of a protocol against the column of this name, over links on which everything
/// takes 1 ms.
#[track_caller]
fn check(name: &str, protocol: &str, nodes: &[&str], params: &str, rows: &[&str]) {
    let text = format!(
        "title = \"t\"\nproblem = \"exactly-once\"\nprotocol = \"{protocol}\"\nnodes = {nodes:?}\n\
         network.delay = \"1ms\"\nuntil = \"20s\"\nparams = {{ {params} }}"
    );
    let runs = if protocol == "barriers" { RUNS_OF_BARRIERS } else { RUNS };
    Base { text: &text, rows, nodes: [nodes[0], nodes[1]] }.guards(FAULTS, runs, &column(TABLE, name));
}

const SHOPS: &[&str] = &["shop", "ledger"];
const READERS: &[&str] = &["broker", "ledger"];
const PRODUCERS: &[&str] = &["shop", "broker"];
const WORKERS: &[&str] = &["broker", "ledger", "spare"];

#[test]
fn at_most_once() {
    check("most", "at-most-once", SHOPS, "orders = 2", &[]);
}

#[test]
fn at_least_once() {
    check("least", "at-least-once", SHOPS, "orders = 2, every = \"50ms\"", &[]);
}

#[test]
fn at_least_once_with_three_attempts() {
    check("three", "at-least-once", SHOPS, "orders = 2, every = \"50ms\", attempts = 3", &[]);
}

#[test]
fn a_table() {
    check("table", "dedup", SHOPS, "orders = 2, every = \"50ms\"", &[]);
}

#[test]
fn a_table_with_a_window() {
    check("window", "dedup", SHOPS, "orders = 2, every = \"50ms\", ttl = \"120ms\"", &[]);
}

#[test]
fn a_table_that_is_refreshed() {
    check("fresh", "dedup", SHOPS, "orders = 2, every = \"50ms\", ttl = \"60ms\", refreshed = true", &[]);
}

#[test]
fn effect_then_record() {
    check(
        "charged",
        "dedup",
        SHOPS,
        "orders = 2, every = \"50ms\"",
        &["crash = { node = \"ledger\", point = \"charged\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn record_then_effect() {
    check(
        "recorded",
        "dedup",
        SHOPS,
        "orders = 2, every = \"50ms\", order = \"record-then-effect\"",
        &["crash = { node = \"ledger\", point = \"recorded\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn a_table_in_memory() {
    check(
        "memory",
        "dedup",
        SHOPS,
        "orders = 1, every = \"50ms\", durable = false",
        &["crash = { node = \"ledger\", rate = 2.0, for = \"0s\" }"],
    );
}

#[test]
fn a_table_with_a_capacity() {
    check(
        "room",
        "dedup",
        SHOPS,
        "orders = 5, every = \"50ms\", capacity = 4, gap = { exponential = { mean = \"20ms\" } }",
        &["lose = { message = \"ledger:shop:1\" }"],
    );
}

#[test]
fn offsets_after() {
    check("offsets", "consumer-offsets", READERS, "orders = 2, every = \"50ms\"", &[]);
}

#[test]
fn offsets_after_a_crash() {
    check(
        "after",
        "consumer-offsets",
        READERS,
        "orders = 2, every = \"50ms\", commit = \"after\"",
        &["crash = { node = \"ledger\", point = \"charged\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn offsets_before_a_crash() {
    check(
        "before",
        "consumer-offsets",
        READERS,
        "orders = 2, every = \"50ms\", commit = \"before\"",
        &["crash = { node = \"ledger\", point = \"committed\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn a_batch() {
    check(
        "batch",
        "consumer-offsets",
        READERS,
        "orders = 4, every = \"50ms\", gap = \"0s\", batch = 4",
        &["crash = { node = \"ledger\", point = \"charged:3\", for = \"5ms\" }"],
    );
}

#[test]
fn a_dual_write() {
    check(
        "dual",
        "dual-write",
        SHOPS,
        "orders = 2, every = \"50ms\"",
        &["crash = { node = \"shop\", point = \"committed\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn a_dual_write_message_first() {
    check(
        "phantom",
        "dual-write",
        SHOPS,
        "orders = 2, every = \"50ms\", first = \"message\"",
        &["crash = { node = \"shop\", point = \"published\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn an_outbox() {
    check("outbox", "outbox", SHOPS, "orders = 2, every = \"50ms\"", &[]);
}

#[test]
fn an_outbox_and_a_crash() {
    check(
        "relay",
        "outbox",
        SHOPS,
        "orders = 1, every = \"50ms\", idempotent = false",
        &["crash = { node = \"shop\", point = \"published\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn a_log_without_numbers() {
    check("loose", "idempotent-producer", PRODUCERS, "orders = 2, every = \"50ms\", idempotence = false", &[]);
}

#[test]
fn a_log_with_numbers() {
    check("counted", "idempotent-producer", PRODUCERS, "orders = 2, every = \"50ms\"", &[]);
}

#[test]
fn transactions() {
    check("commits", "transaction", WORKERS, "orders = 2, every = \"50ms\", session = \"200ms\"", &[]);
}

#[test]
fn dirty_reads() {
    check(
        "dirty",
        "transaction",
        WORKERS,
        "orders = 2, every = \"50ms\", session = \"200ms\", isolation = \"read-uncommitted\"",
        &["crash = { node = \"ledger\", point = \"produced\", probability = 0.2, for = \"5ms\" }"],
    );
}

#[test]
fn a_snapshot() {
    check("snapshot", "snapshot", &["north", "south"], "tokens = 2", &[]);
}

#[test]
fn barriers() {
    check(
        "barriers",
        "barriers",
        &["manager", "east", "west", "till", "bank"],
        "orders = 80, gap = { exponential = { mean = \"20ms\" } }, interval = \"40ms\", first = { uniform = [\"0ms\", \"40ms\"] }, every = \"50ms\"",
        &["crash = { node = \"till\", at = \"100ms\", for = \"2ms\" }"],
    );
}

/// A crash that is the fault which a theory allows, but takes a disk with it, strikes one order
/// only, or ends.
#[test]
fn a_crash_that_is_another() {
    let text = |protocol: &str, nodes: &[&str], params: &str| {
        format!(
            "title = \"t\"\nproblem = \"exactly-once\"\nprotocol = \"{protocol}\"\nnodes = {nodes:?}\n\
             network.delay = \"1ms\"\nuntil = \"20s\"\nparams = {{ orders = 2, every = \"50ms\", {params} }}"
        )
    };
    let cases = [
        ("dedup", SHOPS, "ledger", "charged", "", "...."),
        ("dedup", SHOPS, "ledger", "recorded", "order = \"record-then-effect\"", "...."),
        ("consumer-offsets", READERS, "ledger", "charged", "", "....."),
        ("dual-write", SHOPS, "shop", "committed", "", "..."),
        ("outbox", SHOPS, "shop", "published", "", "....."),
        ("transaction", WORKERS, "ledger", "produced", "isolation = \"read-uncommitted\"", ".."),
    ];
    for (protocol, nodes, node, point, params, silent) in cases {
        let text = text(protocol, nodes, params);
        for other in ["disk = \"lost\"", "disk = \"unsynced\"", "item = 1", "until = \"15ms\""] {
            let crash = format!(
                "crash = {{ node = \"{node}\", point = \"{point}\", probability = 0.2, for = \"5ms\", {other} }}"
            );
            let base = Base { text: &text, rows: &[&crash], nodes: [nodes[0], nodes[1]] };
            base.guards(&[], RUNS, &[format!("{:<30} {silent}", "nothing")]);
        }
    }
}
