//! The engine by itself, on a toy protocol whose handlers each test writes.

mod forced;

use super::choice::{Departure, Enemy};
use super::*;
use crate::process::Value;
use crate::process::{Disk, MessageId};
use crate::scenario::choice::{self, Moment};
use crate::scenario::{
    Change, Choice, CrashWhen, Decision, DiskFate, Downtime, EnemyMay, Fault, Forced, Limits, Link, Links, Oscillator,
    PauseWhen, Probability,
};
use crate::time::{Distribution, Span, Time};
use crate::trace::Kinds;
use proptest::prelude::*;

type On<T> = fn(&mut Memory, T, &mut Context<'_, Toy>);

/// A protocol made of three functions.
#[derive(Clone)]
struct Toy {
    start: On<()>,
    message: On<(NodeId, u32)>,
    timer: On<u32>,
}

impl Default for Toy {
    fn default() -> Toy {
        Toy { start: |_, (), _| {}, message: |_, _, _| {}, timer: |_, _, _| {} }
    }
}

/// What a node keeps in memory: what it booted with from disk, and a counter.
#[derive(Clone)]
struct Memory {
    toy: Toy,
    from_disk: Vec<u32>,
    counter: u32,
}

#[derive(Clone, Default)]
struct Log(Vec<u32>);

impl Disk for Log {
    type Write = u32;

    fn write(&mut self, write: u32) {
        self.0.push(write);
    }
}

impl Protocol for Toy {
    type Process = Memory;
    type Message = u32;
    type Timer = u32;
    type Disk = Log;

    fn boot(&self, _: NodeId, disk: &Log) -> Memory {
        Memory { toy: self.clone(), from_disk: disk.0.clone(), counter: 0 }
    }
}

impl Process<Toy> for Memory {
    fn start(&mut self, ctx: &mut Context<'_, Toy>) {
        (self.toy.start)(self, (), ctx);
    }

    fn message(&mut self, from: NodeId, message: u32, ctx: &mut Context<'_, Toy>) {
        (self.toy.message)(self, (from, message), ctx);
    }

    fn timer(&mut self, timer: u32, ctx: &mut Context<'_, Toy>) {
        (self.toy.timer)(self, timer, ctx);
    }
}

const ALICE: NodeId = NodeId::new(0);
const BOB: NodeId = NodeId::new(1);

fn two() -> Scenario {
    Scenario::bare("toy", "toy", &["alice", "bob"], "")
}

fn slow(ms: i64) -> Link {
    Link { delay: Distribution::Constant(Span::from_ms(ms)), ..Link::default() }
}

fn at_ms(ms: i64) -> Time {
    Time::ZERO + Span::from_ms(ms)
}

fn run(toy: Toy, scenario: &Scenario) -> Trace {
    let mut simulation = Simulation::new(toy, None, scenario);
    let trace = simulation.run(scenario.seed, Recording::Everything, None).clone();
    assert_conserved(&trace);
    trace
}

fn assert_conserved(trace: &Trace) {
    let c = trace.counts;
    let ends = c.delivered + c.lost + c.corrupted + c.cut + c.to_crashed + c.in_flight;
    assert_eq!(c.sent + c.copies, ends, "{c:?}");
}

fn force(scenario: &mut Scenario, name: &str, option: &str) {
    let (choice, decision) = choice::parse(name, option, &scenario.names).unwrap();
    scenario.forced.push(Forced { choice, decision, span: 0..0, by_flag: true });
}

/// The outputs of a run as `node name value at-ms`.
fn told(trace: &Trace) -> Vec<String> {
    let tell = |(event, node, output): (&crate::trace::Event, NodeId, crate::process::Output)| {
        format!("{} {} {} {}", trace.names.of(node), output.name, output.value, event.at.ns() / 1_000_000)
    };
    trace.outputs().map(tell).collect()
}

fn tell(ctx: &mut Context<'_, Toy>, name: &'static str, number: u32) {
    ctx.output(name, Value::Number(i64::from(number)));
}

/// Alice sends the numbers 1 to 3 at the start; a node that gets one tells its user.
fn three_messages() -> Toy {
    Toy {
        start: |_, (), ctx| {
            if ctx.me() == ALICE {
                (1..=3).for_each(|number| ctx.send(BOB, number));
            }
        },
        message: |_, (_, number), ctx| tell(ctx, "got", number),
        ..Toy::default()
    }
}

// ---- messages ----

#[test]
fn a_message_arrives_after_its_delay_and_names_its_cause() {
    let mut scenario = two();
    scenario.network.default = slow(7);
    let trace = run(three_messages(), &scenario);
    assert_eq!(told(&trace), ["bob got 1 7", "bob got 2 7", "bob got 3 7"]);
    for event in trace.events.iter().filter(|event| event.what.kind() == Kinds::DELIVERED) {
        let sent = trace.event(event.cause.unwrap()).unwrap();
        assert_eq!(sent.what.message(), event.what.message());
    }
}

#[test]
fn a_lost_message_does_not_arrive_and_one_delivered_twice_has_two_delays() {
    let mut scenario = two();
    force(&mut scenario, "alice:bob:1", "lose");
    force(&mut scenario, "alice:bob:2", "twice");
    force(&mut scenario, "alice:bob:3", "corrupt");
    let trace = run(three_messages(), &scenario);
    let counts = trace.counts;
    assert_eq!((counts.lost, counts.copies, counts.corrupted, counts.delivered), (1, 1, 1, 2));
    let arrivals: Vec<Time> = trace.outputs().map(|(event, ..)| event.at).collect();
    assert_eq!(arrivals.len(), 2);
    assert_ne!(arrivals[0], arrivals[1], "the copy has a delay of its own");
}

#[test]
fn messages_overtake_each_other_unless_the_link_is_fifo() {
    let order = |fifo, seed| {
        let mut scenario = two();
        scenario.network.default.fifo = fifo;
        scenario.seed = seed;
        told(&run(three_messages(), &scenario)).iter().map(|line| line.as_bytes()[8]).collect::<Vec<u8>>()
    };
    assert!((1..20).any(|seed| order(false, seed) != b"123"), "some seed reorders");
    assert!((1..20).all(|seed| order(true, seed) == b"123"), "fifo never does");
}

#[test]
fn links_have_their_own_chances_in_each_direction() {
    let mut scenario = two();
    scenario.network.default = slow(5);
    let lossy = Link { loss: Probability::new(1.0).unwrap(), ..slow(5) };
    scenario.network.exceptions = vec![(BOB, ALICE, lossy)];
    let toy = Toy { message: |_, (from, number), ctx| ctx.send(from, number), ..three_messages() };
    let counts = run(toy, &scenario).counts;
    assert_eq!((counts.delivered, counts.lost), (3, 3));
}

// ---- crashes ----

#[test]
fn no_crash_comes_between_the_parts_of_a_commit() {
    let toy = || Toy {
        start: |memory, (), ctx| {
            if ctx.me() == BOB {
                tell(ctx, "disk", memory.from_disk.len() as u32);
                if memory.from_disk.is_empty() {
                    ctx.commit(1, "told", crate::process::Value::Number(1));
                    tell(ctx, "after", 1);
                }
            }
        },
        ..Toy::default()
    };
    let calm = run(toy(), &two());
    let wrote = calm.events.iter().find(|event| event.what == EventKind::Wrote).unwrap().id.number();
    for event in [wrote, wrote + 1] {
        let mut scenario = two();
        force(&mut scenario, &format!("bob@{event}.crash"), "1ms");
        assert_eq!(told(&run(toy(), &scenario)), ["bob disk 0 0", "bob told 1 0", "bob disk 1 1"], "after {event}");
    }
}

#[test]
fn a_crash_keeps_the_disk_and_nothing_else() {
    let mut scenario = two();
    scenario.network.default = slow(10);
    let crash = |ms, down| Fault::crash(BOB, CrashWhen::At(at_ms(ms)), down);
    scenario.faults = vec![crash(15, Some(Span::from_ms(5)))];
    let toy = Toy {
        start: |memory, (), ctx| {
            if ctx.me() == ALICE {
                ctx.send(BOB, 1);
                ctx.set_timer(Span::from_ms(20), 2);
            } else {
                tell(ctx, "disk", memory.from_disk.len() as u32);
                tell(ctx, "counter", memory.counter);
                ctx.set_timer(Span::from_ms(30), 7);
            }
        },
        message: |memory, (_, number), ctx| {
            memory.counter += 1;
            ctx.write(number);
            tell(ctx, "got", number);
        },
        timer: |_, number, ctx| {
            if ctx.me() == ALICE {
                ctx.send(BOB, number);
            } else {
                tell(ctx, "timer", number);
            }
        },
    };
    // Bob's first timer, due at 30 ms when it is up again, died with it; the one of its second life
    // fires at 50 ms.
    let expected = ["bob disk 0 0", "bob counter 0 0", "bob got 1 10", "bob disk 1 20", "bob counter 0 20"];
    assert_eq!(told(&run(toy, &scenario)), [&expected[..], &["bob got 2 30", "bob timer 7 50"]].concat());
}

#[test]
fn what_is_in_flight_reaches_a_node_that_is_up_again() {
    let mut scenario = two();
    scenario.network.default = slow(10);
    let down = |ms| Fault::crash(BOB, CrashWhen::At(at_ms(5)), Some(Span::from_ms(ms)));
    scenario.faults = vec![down(2)];
    assert_eq!(run(three_messages(), &scenario).counts.delivered, 3);
    scenario.faults = vec![down(20)];
    assert_eq!(run(three_messages(), &scenario).counts.to_crashed, 3);
}

#[test]
fn a_crash_at_a_point_applies_the_effects_before_it_and_none_after() {
    let toy = Toy {
        message: |_, (_, number), ctx| {
            ctx.crash_point("received");
            tell(ctx, "charged", number);
            ctx.crash_point("charged");
            ctx.write(number);
        },
        start: |memory, (), ctx| {
            tell(ctx, "disk", memory.from_disk.len() as u32);
            (three_messages().start)(memory, (), ctx);
        },
        ..Toy::default()
    };
    let mut scenario = two();
    scenario.network.default = slow(10);
    let when = CrashWhen::Point { point: "charged".to_owned(), nth: 2 };
    scenario.faults = vec![Fault::crash(BOB, when, Some(Span::ZERO))];
    let trace = run(toy, &scenario);
    // The third message was due at the same moment, before the restart: it found nobody.
    let bobs: Vec<String> = told(&trace).into_iter().filter(|line| line.starts_with("bob")).collect();
    assert_eq!(bobs, ["bob disk 0 0", "bob charged 1 10", "bob charged 2 10", "bob disk 1 10"]);
}

#[test]
fn a_crash_after_a_delivery_follows_what_the_delivery_caused() {
    let mut scenario = two();
    let when = CrashWhen::After(MessageId::first(ALICE, BOB, 1));
    scenario.faults = vec![Fault::crash(BOB, when, None)];
    force(&mut scenario, "alice:bob:1.delay", "1ms");
    assert_eq!(told(&run(three_messages(), &scenario)), ["bob got 1 1"]);
}

#[test]
fn a_crash_right_after_an_event_comes_before_what_the_event_causes() {
    let mut scenario = two();
    force(&mut scenario, "alice:bob:1.delay", "1ms");
    let delivered =
        run(three_messages(), &scenario).events.iter().find(|e| e.what.kind() == Kinds::DELIVERED).unwrap().id;
    let moment = Moment::Event { node: BOB, event: delivered.number() };
    let decision = Decision::Downtime(Downtime::Forever);
    scenario.forced.push(Forced { choice: Choice::Crash(moment), decision, span: 0..0, by_flag: true });
    let trace = run(three_messages(), &scenario);
    assert_eq!((told(&trace).len(), trace.counts.to_crashed), (0, 2));
}

#[test]
fn a_rate_of_crashes_gives_gaps_of_its_mean() {
    let mut scenario = two();
    scenario.until = Time::from_ns(2_000_000_000_000);
    let rate = Fault::crash(BOB, CrashWhen::Rate { per_second: 2.0, until: None }, Some(Span::ZERO));
    scenario.faults = vec![rate];
    let crashes = run(Toy::default(), &scenario).counts.crashes as f64;
    // Poisson with mean 4,000.
    assert!((crashes - 4_000.0).abs() <= 4.5 * 4_000_f64.sqrt(), "{crashes}");
}

// ---- pauses ----

#[test]
fn a_paused_node_handles_everything_late_and_in_order() {
    let toy = Toy {
        start: |memory, (), ctx| {
            if ctx.me() == BOB {
                ctx.set_timer(Span::from_ms(12), 9);
            }
            (three_messages().start)(memory, (), ctx);
        },
        timer: |_, number, ctx| tell(ctx, "timer", number),
        ..three_messages()
    };
    let mut scenario = two();
    scenario.network.default = slow(10);
    scenario.faults = vec![Fault::pause(BOB, at_ms(5), Some(Span::from_ms(25)))];
    let expected = ["bob got 1 30", "bob got 2 30", "bob got 3 30", "bob timer 9 30"];
    assert_eq!(told(&run(toy.clone(), &scenario)), expected);
    scenario.faults = vec![Fault::pause(BOB, at_ms(5), None)];
    assert_eq!(run(toy, &scenario).counts.in_flight, 3);
}

#[test]
fn a_pause_at_a_point_splits_a_handler_in_two() {
    let toy = Toy {
        message: |_, (_, number), ctx| {
            tell(ctx, "checked", number);
            ctx.crash_point("checked");
            tell(ctx, "wrote", number);
        },
        ..three_messages()
    };
    let mut scenario = two();
    scenario.network.default = slow(10);
    force(&mut scenario, "bob@checked:2.pause", "1s");
    let trace = run(toy, &scenario);
    let expected = ["bob checked 1 10", "bob wrote 1 10", "bob checked 2 10", "bob wrote 2 1010"];
    assert_eq!(told(&trace)[..4], expected);
    assert_eq!(told(&trace)[4..], ["bob checked 3 1010", "bob wrote 3 1010"]);
}

// ---- partitions ----

#[test]
fn a_partition_decides_at_delivery_and_can_be_one_way() {
    let cut = |from_ms, for_ms, one_way| {
        let mut scenario = two();
        scenario.network.default = slow(10);
        let (at, lasts) = (at_ms(from_ms), Some(Span::from_ms(for_ms)));
        scenario.faults = vec![Fault::Partition { groups: vec![vec![BOB], vec![ALICE]], at, lasts, one_way }];
        let toy = Toy {
            message: |_, (from, number), ctx| {
                if ctx.me() == BOB {
                    ctx.send(from, number);
                }
            },
            ..three_messages()
        };
        let counts = run(toy, &scenario).counts;
        (counts.delivered, counts.cut)
    };
    assert_eq!(cut(5, 10, false), (0, 3), "in flight when it begins: cut");
    assert_eq!(cut(1, 5, false), (6, 0), "healed before it arrives: delivered");
    assert_eq!(cut(5, 10, true), (6, 0), "only what leaves bob between 5 and 15 ms is cut");
    assert_eq!(cut(5, 30, true), (3, 3), "and the answers arrive at 20 ms");
}

// ---- clocks and timers ----

#[test]
fn a_step_leaves_timers_alone_and_a_drift_moves_them() {
    let toy = Toy {
        start: |_, (), ctx| {
            ctx.set_timer(Span::from_ms(10_000), 1);
        },
        timer: |_, _, ctx| {
            let reading = ctx.now().ns() / 1_000_000;
            ctx.output("fired", Value::Number(reading));
        },
        ..Toy::default()
    };
    let mut scenario = two();
    scenario.faults = vec![
        Fault::ClockStep { node: ALICE, at: at_ms(5_000), by: Span::from_ms(-2_000) },
        Fault::ClockDrift { node: BOB, at: at_ms(5_000), ppb: -50_000_000 },
    ];
    // Bob's last five seconds last 5 s / 0.95.
    assert_eq!(told(&run(toy, &scenario)), ["alice fired 8000 10000", "bob fired 10000 10263"]);
}

#[test]
fn a_cancelled_timer_does_not_fire() {
    let toy = Toy {
        start: |_, (), ctx| {
            let first = ctx.set_timer(Span::from_ms(1), 1);
            ctx.set_timer(Span::from_ms(2), 2);
            ctx.cancel_timer(first);
            ctx.cancel_timer(first);
        },
        timer: |_, number, ctx| tell(ctx, "fired", number),
        ..Toy::default()
    };
    assert_eq!(told(&run(toy, &two())), ["alice fired 2 2", "bob fired 2 2"]);
}

// ---- choices ----

#[test]
fn a_choice_is_forced_else_enumerated_else_drawn() {
    let mut scenario = two();
    scenario.network.default.loss = Probability::new(1.0).unwrap();
    force(&mut scenario, "alice:bob:1", "twice");
    let mut simulation = Simulation::new(three_messages(), None, &scenario);
    let second = Choice::Fate(MessageId::first(ALICE, BOB, 2));
    let enemy = Enemy { may: vec![EnemyMay::Lose, EnemyMay::Corrupt], ..Enemy::default() };
    let mut enumeration = Enumeration::new(enemy);
    enumeration.moves.departures = vec![Departure { at: 0, option: 2 }];
    enumeration.moves.naming = true;
    let counts = simulation.run(1, Recording::Everything, Some(enumeration)).counts;
    // The first is forced; of the others, which the enemy decides, the second departs from calm.
    assert_eq!((counts.copies, counts.corrupted, counts.delivered, counts.lost), (1, 1, 3, 0));
    let met = simulation.take_enumeration().unwrap().moves.met;
    assert_eq!(met.iter().map(|met| met.options.len()).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(met[0].choice, second);
    // Without an enemy, chance loses them all.
    assert_eq!(simulation.run(1, Recording::Everything, None).counts.lost, 2);
}

#[test]
fn what_was_forced_and_never_came_up_is_told() {
    let mut scenario = two();
    force(&mut scenario, "alice:bob:9", "lose");
    force(&mut scenario, "bob.coin:1", "7");
    let toy = Toy {
        start: |_, (), ctx| {
            ctx.draw(2);
        },
        ..Toy::default()
    };
    let mut simulation = Simulation::new(toy, None, &scenario);
    simulation.run(1, Recording::Everything, None);
    let warnings = simulation.warnings(false);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].starts_with("`alice:bob:9=lose` changed nothing"), "{warnings:?}");
    assert!(warnings[1].starts_with("`bob.coin:1=7` is out of range: the draw is at most 1"), "{warnings:?}");
}

/// Everybody sends to everybody twice, over a network that does everything, with coins and points.
fn busy() -> Toy {
    Toy {
        start: |_, (), ctx| {
            let number = ctx.draw(1_000) as u32;
            ctx.multicast(ctx.others(), &number);
            ctx.set_timer(Span::from_ms(20), number);
        },
        message: |memory, (_, number), ctx| {
            memory.counter += 1;
            ctx.crash_point("received");
            tell(ctx, "got", number + memory.counter);
        },
        timer: |_, number, ctx| ctx.multicast(ctx.others(), &number),
    }
}

fn stormy(names: &[&str]) -> Scenario {
    let mut scenario = Scenario::bare("toy", "toy", names, "");
    let p = |p| Probability::new(p).unwrap();
    scenario.network.default = Link { loss: p(0.2), duplicate: p(0.2), corrupt: p(0.1), ..Link::default() };
    scenario
}

#[test]
fn another_node_changes_no_draw_that_both_runs_have() {
    let (few, many) = (stormy(&["alice", "bob"]), stormy(&["carol", "alice", "bob"]));
    let fates = |scenario: &Scenario| {
        let trace = run(busy(), scenario);
        let fate = |event: &crate::trace::Event| {
            let message =
                event.what.message().filter(|_| event.what.is_fate() || event.what.kind() == Kinds::COPIED)?;
            let name = (trace.names.message(message), message.is_copy(), event.what.word());
            let sent = trace.event(event.cause?)?;
            (!name.0.contains("carol")).then(|| (name, event.at.since(sent.at)))
        };
        let mut fates: Vec<_> = trace.events.iter().filter_map(fate).collect();
        fates.sort();
        fates
    };
    assert!(fates(&few).len() >= 4);
    assert_eq!(fates(&few), fates(&many));
}

#[test]
fn an_injector_with_probability_zero_changes_nothing() {
    let mut scenario = stormy(&["alice", "bob", "carol"]);
    let calm = run(busy(), &scenario).digest;
    let when =
        CrashWhen::EachPoint { point: "received".to_owned(), probability: Probability::ZERO, item: None, until: None };
    scenario.faults = vec![Fault::crash(BOB, when, None)];
    assert_eq!(run(busy(), &scenario).digest, calm);
}

#[test]
fn a_simulation_that_was_used_gives_the_same_run_again_at_either_recording_level() {
    let scenario = stormy(&["alice", "bob", "carol", "dave"]);
    let mut used = Simulation::new(busy(), None, &scenario);
    for seed in 1..50 {
        let fresh = Simulation::new(busy(), None, &scenario).run(seed, Recording::Everything, None).clone();
        let outputs = used.run(seed, Recording::Outputs(Kinds::OUTPUT), None);
        assert_eq!((fresh.digest, fresh.counts, fresh.ended_at), (outputs.digest, outputs.counts, outputs.ended_at));
        assert!(outputs.events.iter().all(|event| fresh.event(event.id) == Some(event)));
    }
}

/// All that can change in a run, between two events too: what goes wrong, coins, timers, clocks,
/// what waits.
fn eventful() -> Scenario {
    let mut scenario = stormy(&["alice", "bob", "carol", "dave"]);
    scenario.network.default.fifo = true;
    scenario.clocks[0].drift_ppb = 50_000;
    scenario.faults = vec![
        Fault::crash(BOB, CrashWhen::After(MessageId::first(ALICE, BOB, 1)), Some(Span::from_ms(3))),
        Fault::pause(ALICE, at_ms(8), Some(Span::from_ms(10))),
        Fault::ClockDrift { node: ALICE, at: at_ms(5), ppb: -50_000 },
        Fault::Partition {
            groups: vec![vec![ALICE], vec![BOB]],
            at: at_ms(10),
            lasts: Some(Span::from_ms(10)),
            one_way: false,
        },
        Fault::Degrade {
            links: Links { from: Some(vec![NodeId::new(2)]), to: None },
            at: at_ms(4),
            lasts: Some(Span::from_ms(9)),
            change: Change { loss: Probability::new(0.5), ..Change::default() },
        },
        Fault::Hold { links: Links { from: None, to: Some(vec![BOB]) }, at: at_ms(7), lasts: Some(Span::from_ms(5)) },
        Fault::Crash {
            node: BOB,
            when: CrashWhen::At(at_ms(21)),
            down: Some(Span::from_ms(2)),
            disk: DiskFate::Unsynced,
        },
        Fault::Pause {
            node: NodeId::new(2),
            when: PauseWhen::At(at_ms(6)),
            lasts: Some(Distribution::Uniform { min: Span::from_ms(1), max: Span::from_ms(6) }),
            oscillator: Oscillator::Stops,
        },
    ];
    force(&mut scenario, "carol@20.pause", "3ms");
    force(&mut scenario, "dave@21.crash", "2ms");
    force(&mut scenario, "carol@22.crash", "2ms");
    scenario
}

proptest! {
    #[test]
    fn a_run_that_goes_on_from_another_is_the_same_as_from_its_beginning(
        plots in prop::collection::vec(prop::collection::btree_map(0_u32..60, 1_u32..4, 0..4), 2..12),
        lasting in prop::collection::vec((any::<bool>(), prop::bool::weighted(0.1)), 12),
    ) {
        let enemy = Enemy {
            may: vec![EnemyMay::Lose, EnemyMay::Twice, EnemyMay::Delay, EnemyMay::Crash, EnemyMay::Pause],
            downtimes: vec![Downtime::For(Span::from_ms(2))],
            pauses: vec![Span::from_ms(4)],
            ..Enemy::default()
        };
        let scenario = eventful();
        let mut used = Simulation::new(busy(), None, &scenario);
        let mut last = Enumeration::new(enemy.clone());
        for (plot, &(is_last_ones, seed_between)) in plots.iter().zip(&lasting) {
            let departures: Vec<Departure> = plot.iter().map(|(&at, &option)| Departure { at, option }).collect();
            let run = |simulation: &mut Simulation<Toy>, mut enumeration: Enumeration| {
                enumeration.moves.departures.clone_from(&departures);
                let trace = simulation.run(1, Recording::Outputs(Kinds::OUTPUT), Some(enumeration));
                let what = (trace.digest, trace.counts, trace.ended_at, trace.events.clone(), trace.clocks.clone());
                (what, simulation.take_enumeration().unwrap())
            };
            let (fresh, all) = run(&mut Simulation::new(busy(), None, &scenario), Enumeration::new(enemy.clone()));
            let given = if is_last_ones { last } else { Enumeration::new(enemy.clone()) };
            if seed_between {
                used.run(2, Recording::Outputs(Kinds::OUTPUT), None);
            }
            let (gone_on, again) = run(&mut used, given);
            prop_assert_eq!(fresh, gone_on);
            prop_assert_eq!(&all.moves.options, &again.moves.options);
            last = again;
        }
    }
}

#[test]
fn runs_that_begin_alike_leave_checkpoints_that_do_not_grow_without_bound() {
    let chatter = Toy {
        start: |_, (), ctx| {
            if ctx.me() == ALICE {
                ctx.send(BOB, 0);
            }
        },
        message: |_, (from, number), ctx| {
            if number < 4_000 {
                ctx.send(from, number + 1);
            }
        },
        ..Toy::default()
    };
    let mut simulation = Simulation::new(chatter, None, &two());
    let mut enumeration = Enumeration::new(Enemy { may: vec![EnemyMay::Lose], ..Enemy::default() });
    for at in [3_000, 3_001, 10] {
        enumeration.moves.departures = vec![Departure { at, option: 1 }];
        let counts = simulation.run(1, Recording::Outputs(Kinds::NONE), Some(enumeration)).counts;
        assert_eq!((counts.sent, counts.lost), (u64::from(at) + 1, 1));
        enumeration = simulation.take_enumeration().unwrap();
        let most = if at == 10 { 3 } else { 64 };
        assert!((1..=most).contains(&simulation.checkpoints.len()), "{} checkpoints", simulation.checkpoints.len());
    }
}

#[test]
fn messages_are_conserved_whatever_goes_wrong() {
    for seed in 0..200 {
        let mut scenario = stormy(&["alice", "bob", "carol"]);
        scenario.seed = seed;
        scenario.until = at_ms(i64::try_from(seed).unwrap());
        let crash = CrashWhen::EachPoint {
            point: "received".to_owned(),
            probability: Probability::new(0.2).unwrap(),
            item: None,
            until: None,
        };
        scenario.faults = vec![
            Fault::crash(BOB, crash, Some(Span::from_ms(3))),
            Fault::pause(ALICE, at_ms(8), Some(Span::from_ms(10))),
            Fault::crash(ALICE, CrashWhen::At(at_ms(12)), Some(Span::from_ms(1))),
            Fault::Partition {
                groups: vec![vec![ALICE], vec![BOB]],
                at: at_ms(20),
                lasts: Some(Span::from_ms(10)),
                one_way: false,
            },
        ];
        run(busy(), &scenario);
    }
}

// ---- limits ----

#[test]
fn a_run_ends_at_its_limits_and_says_which() {
    let forever = Toy {
        start: |_, (), ctx| {
            ctx.set_timer(Span::ZERO, 0);
        },
        timer: |_, number, ctx| {
            ctx.send(if ctx.me() == ALICE { BOB } else { ALICE }, number);
            ctx.set_timer(Span::ZERO, 0);
        },
        ..Toy::default()
    };
    let mut scenario = two();
    scenario.limits.events = 100;
    assert_eq!(run(forever.clone(), &scenario).ended, StopReason::EventLimit);
    scenario.limits = Limits { messages: 10, ..Limits::default() };
    assert_eq!(run(forever, &scenario).ended, StopReason::MessageLimit);
    let mut scenario = two();
    scenario.network.default = slow(100);
    scenario.until = at_ms(50);
    let trace = run(three_messages(), &scenario);
    assert_eq!((trace.ended, trace.ended_at, trace.counts.in_flight), (StopReason::TimeLimit, at_ms(50), 3));
}
