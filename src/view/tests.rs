//! Tests of all pictures, on runs of a protocol whose every step the test writes down.

use std::collections::BTreeSet;
use std::fmt;

use crate::check::{Kind, Verdict};
use crate::problems::{Bound, Entry, Problem, SHIPPED, byzantine_generals};
use crate::process::{Context, MessageId, NodeId, Process, Protocol, Value};
use crate::report::{self, Claims, Judged, Latency, Report};
use crate::scenario::{CrashWhen, Fate, Fault, Lie, Params, Request, Scenario, Traitors};
use crate::sim::byzantine::{Dice, Liar, Slot};
use crate::sim::{Runner, Simulation};
use crate::time::{Span, Time};
use crate::trace::{EventId, EventKind, Kinds, Recording, Trace};

use super::flight::Ending;
use super::spacetime::{Frame, Layout, Limits, Rect, layout};
use super::{mermaid, svg};

/// One step of a node.
#[derive(Clone)]
enum Step {
    Say(u16, String),
    Tell(&'static str, &'static str),
    Note(String),
    Pass(&'static str),
    Jump(i64),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step")
    }
}

/// Who does what when, in milliseconds.
#[derive(Clone)]
struct Play(Vec<(u16, i64, Step)>);

#[derive(Clone)]
struct Actor(Vec<(i64, Step)>);

impl Protocol for Play {
    type Process = Actor;
    type Message = String;
    type Timer = Step;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Actor {
        let own = self.0.iter().filter(|(actor, ..)| NodeId::new(*actor) == node);
        Actor(own.map(|(_, at, step)| (*at, step.clone())).collect())
    }
}

impl Process<Play> for Actor {
    fn start(&mut self, ctx: &mut Context<'_, Play>) {
        for (at, step) in self.0.drain(..) {
            ctx.set_timer(Span::from_ms(at), step);
        }
    }

    fn message(&mut self, _: NodeId, _: String, _: &mut Context<'_, Play>) {}

    fn timer(&mut self, step: Step, ctx: &mut Context<'_, Play>) {
        match step {
            Step::Say(to, words) => ctx.send(NodeId::new(to), words),
            Step::Tell(name, value) => ctx.output(name, Value::Word(value)),
            Step::Note(words) => ctx.note("step", Value::Number(1), || words),
            Step::Pass(point) => ctx.crash_point(point),
            Step::Jump(ms) => ctx.step_clock(Span::from_ms(ms)),
        }
    }
}

/// Says the opposite; and nothing at all instead of `hush`.
#[derive(Clone)]
struct Contrary;

impl Liar<Play> for Contrary {
    fn begin(&mut self, _: &[(NodeId, usize)]) {}

    fn lie(&mut self, slot: &Slot<'_, Play>, _: &mut Dice, said: &mut Vec<String>) {
        if slot.honest != "hush" {
            said.push(format!("not {}", slot.honest));
        }
    }

    fn say(&mut self, _: &Slot<'_, Play>, _: &str, _: &mut Vec<String>) {}

    fn options(&self, _: &Slot<'_, Play>) -> Vec<String> {
        Vec::new()
    }
}

fn say(from: u16, at: i64, to: u16, words: &str) -> (u16, i64, Step) {
    (from, at, Step::Say(to, words.to_owned()))
}

fn nth(from: u16, to: u16, nth: u32) -> MessageId {
    MessageId::first(NodeId::new(from), NodeId::new(to), nth)
}

fn liar(node: u16) -> Fault {
    let arguments = Params::new(&toml::de::DeTable::parse("").unwrap());
    let lie = Lie { name: "contrary".to_owned(), span: 0..0, arguments };
    Fault::Traitor { who: Traitors::These(vec![NodeId::new(node)]), lie }
}

fn fate(message: MessageId, fate: Fate) -> Fault {
    Fault::Message { message, fate }
}

/// The problem and the protocol of runs that are made by hand.
static TESTS: Problem = Problem { name: "tests", protocols: &[&PLAY], ..Problem::BLANK };
static PLAY: Entry = Entry { name: "play", ..Entry::BLANK };

fn bare(names: &[&str], faults: Vec<Fault>) -> Scenario {
    Scenario { faults, ..Scenario::bare("tests", "play", names, "") }
}

/// Plays, and judges the run by one property: violated, with the events that `evidence` finds, if
/// it finds any.
fn play(scenario: &Scenario, steps: Vec<(u16, i64, Step)>, evidence: impl Fn(&Trace) -> Vec<EventId>) -> Report {
    let mut simulation = Simulation::new(Play(steps), Some(Box::new(Contrary)), scenario);
    let trace = simulation.run(scenario.seed, Recording::Everything, None).clone();
    let evidence = evidence(&trace);
    let because = "What alice was told is not what bob was told, and neither of them can know it.".to_owned();
    let verdict = if evidence.is_empty() {
        Verdict::Holds { because, vacuous: false }
    } else {
        Verdict::Violated { because, evidence }
    };
    let agreement = Judged { name: "agreement", kind: Kind::Safety, verdict, expected: None };
    Report {
        scenario: Bound { scenario: scenario.clone(), faces: &TESTS, entry: &PLAY },
        trace,
        properties: vec![agreement],
        measures: Vec::new(),
        table: None,
        chart: None,
        latency: Latency::default(),
        warnings: Vec::new(),
        expected: None,
    }
}

fn none(_: &Trace) -> Vec<EventId> {
    Vec::new()
}

fn find(trace: &Trace, test: impl Fn(&EventKind) -> bool) -> Vec<EventId> {
    trace.events.iter().filter(|event| test(&event.what)).map(|event| event.id).take(1).collect()
}

/// Everything that can be drawn, in one run.
fn everything() -> Report {
    let partition = Fault::Partition {
        groups: vec![vec![NodeId::new(0)], vec![NodeId::new(1), NodeId::new(2)]],
        at: Time::from_ns(60_000_000),
        lasts: Some(Span::from_ms(25)),
        one_way: false,
    };
    let crash = Fault::crash(NodeId::new(2), CrashWhen::At(Time::from_ns(92_000_000)), Some(Span::from_ms(30)));
    let pause = Fault::pause(NodeId::new(1), Time::from_ns(95_000_000), Some(Span::from_ms(20)));
    let faults = vec![
        partition,
        crash,
        pause,
        liar(3),
        fate(nth(0, 1, 1), Fate::Lose),
        fate(nth(0, 2, 1), Fate::Corrupt),
        fate(nth(1, 0, 1), Fate::Twice),
        Fault::Delay { message: nth(0, 3, 1), to: Span::from_ms(500) },
    ];
    let mut scenario = bare(&["alice", "bob", "carol", "dave"], faults);
    scenario.until = Time::from_ns(150_000_000);
    scenario.title = "Everything that can go wrong, in one run".to_owned();
    let steps = vec![
        say(0, 2, 1, "attack"),
        say(0, 20, 2, "attack"),
        say(1, 30, 0, "retreat"),
        say(3, 35, 2, "attack"),
        say(3, 55, 1, "hush"),
        say(0, 68, 1, "wait"),
        say(0, 100, 2, "attack"),
        say(0, 105, 3, "a long message that will never fit into the room that there is for it"),
        (1, 50, Step::Jump(250)),
        (0, 125, Step::Note("nobody answers".to_owned())),
        (0, 15, Step::Pass("charged")),
        (0, 140, Step::Tell("decision", "attack")),
        (1, 142, Step::Tell("decision", "retreat")),
    ];
    play(&scenario, steps, |trace| {
        let lies = find(trace, |what| matches!(what, EventKind::Sent { lie: true, .. }));
        let decisions = trace.outputs().map(|(event, ..)| event.id).take(1);
        lies.into_iter().chain(decisions).collect()
    })
}

/// Names and words that want to be markup.
fn hostile() -> Report {
    let mut scenario = bare(&["end", "a<b>&\"'", "note over x; #35"], vec![liar(1)]);
    scenario.title = "</title><script>alert('1')</script> & \u{0} ]]>; end #59;".to_owned();
    scenario.name = "it's $(rm) \u{7}".to_owned();
    let words =
        ["end", "<img src=\"http://example.com/x.png\">", "a;b#c:d\ne%%{init: {}}%%\u{1}", "]]>-->", "wrap: end;"];
    let steps = words.iter().enumerate().flat_map(|(index, words)| {
        let at = 20 * index as i64;
        [say(0, at, 1, words), say(1, at, 2, words), say(2, at + 5, 0, words)]
    });
    play(&scenario, steps.collect(), |trace| find(trace, |what| matches!(what, EventKind::Sent { lie: true, .. })))
}

/// Rounds far apart, partitions that overlap, a node that is gone for good, and texts that are too
/// long.
fn rough() -> Report {
    let partition = |first: u16, second: u16, at: u64, lasts: Option<i64>| Fault::Partition {
        groups: vec![vec![NodeId::new(first)], vec![NodeId::new(second)]],
        at: Time::from_ns(at * 1_000_000),
        lasts: lasts.map(Span::from_ms),
        one_way: lasts.is_none(),
    };
    let when = CrashWhen::At(Time::from_ns(3_005_000_000));
    let faults = vec![
        partition(0, 1, 1_002, Some(3_000)),
        partition(1, 2, 2_001, None),
        partition(0, 2, 4_005, Some(2_500)),
        Fault::crash(NodeId::new(2), when, None),
        Fault::pause(NodeId::new(3), Time::from_ns(5_001_000_000), None),
        Fault::ClockDrift { node: NodeId::new(0), at: Time::from_ns(5_000_000), ppb: -50_000 },
    ];
    let long = "a-very-long-name-that-somebody-gave-to-a-node";
    let mut scenario = bare(&["alice", "bob", "carol", long], faults);
    scenario.title = "A title that goes on and on, ".repeat(12);
    scenario.limits.events = 190;
    let rounds = (0..12).flat_map(|round| {
        (0..4).flat_map(move |from: u16| (0..4).filter(move |&to| to != from).map(move |to| (from, to, round)))
    });
    let steps = rounds.map(|(from, to, round)| say(from, 1_000 * round, to, "over the hill"));
    play(&scenario, steps.collect(), |trace| find(trace, |what| matches!(what, EventKind::Cut(_))))
}

/// A few tries, and a minute of waiting.
fn long_wait() -> Report {
    let mut scenario = bare(&["alice", "bob"], vec![fate(nth(0, 1, 1), Fate::Lose), fate(nth(1, 0, 1), Fate::Lose)]);
    scenario.title = "Retry until the deadline".to_owned();
    let mut steps: Vec<_> = (0..4).map(|n| say(0, 20 * n, 1, "attack at dawn")).collect();
    steps.extend([say(1, 34, 0, "agreed"), say(1, 52, 0, "agreed")]);
    steps.extend([(0, 59_000, Step::Tell("decision", "attack")), (1, 59_000, Step::Tell("decision", "attack"))]);
    play(&scenario, steps, none)
}

/// So many messages among so many nodes.
fn crowd(nodes: u16, messages: u32) -> Report {
    let names: Vec<String> = (0..nodes).map(|n| format!("node-{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let steps = (0..messages).map(|n| {
        let from = (n % u32::from(nodes)) as u16;
        say(from, i64::from(n), (from + 1 + (n / 7 % (u32::from(nodes) - 1)) as u16) % nodes, "hello")
    });
    play(&bare(&names, Vec::new()), steps.collect(), none)
}

/// OM(m) with traitors.
fn generals(count: usize, m: u32, traitors: &[u16]) -> Report {
    let names = (byzantine_generals::PROBLEM.node_names)(count);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut scenario = Scenario::bare("byzantine-generals", "oral", &names, &format!("m = {m}"));
    scenario.title = format!("{count} generals, {} traitors", traitors.len());
    let lie = |node: &u16| match liar(*node) {
        Fault::Traitor { who, lie } => Fault::Traitor { who, lie: Lie { name: "flip".to_owned(), ..lie } },
        other => other,
    };
    scenario.faults = traitors.iter().map(lie).collect();
    report::run(&Bound::of(&scenario), Claims::IfUntouched).unwrap()
}

/// Two generals, whose messengers are lost.
fn two_generals(protocol: &str, params: &str, lost: &[MessageId]) -> Report {
    let mut scenario = Scenario::bare("two-generals", protocol, &["alice", "bob"], params);
    scenario.title = format!("Two generals: {protocol}");
    scenario.faults = lost.iter().map(|&message| fate(message, Fate::Lose)).collect();
    report::run(&Bound::of(&scenario), Claims::IfUntouched).unwrap()
}

/// The shipped scenario of three generals, one flag away from its file.
fn shipped() -> Report {
    let text = include_str!("../../scenarios/byzantine-generals/three-generals.toml");
    let set = ["params.default=\"retreat\"".to_owned()];
    let request = Request { name: "three-generals", origin: "test", text, set: &set, force: &[], seed: Some(7) };
    report::run(&SHIPPED.load(&request).unwrap(), Claims::IfUntouched).unwrap()
}

fn gallery() -> Vec<(&'static str, Report)> {
    vec![
        ("everything", everything()),
        ("hostile", hostile()),
        ("rough", rough()),
        ("long-wait", long_wait()),
        ("three-generals", generals(3, 1, &[2])),
        ("four-generals", generals(4, 1, &[2])),
        ("lying-commander", generals(3, 1, &[0])),
        ("seven-generals", generals(7, 2, &[3, 5])),
        ("crowd", crowd(60, 3000)),
        ("shipped", shipped()),
        ("ack-chain", two_generals("ack-chain", "acks = 5", &[nth(1, 0, 3)])),
        ("retry", two_generals("retry", "", &[nth(0, 1, 1), nth(0, 1, 2), nth(1, 0, 1)])),
        ("messengers", two_generals("messengers", "messengers = 100", &[])),
        ("nothing", play(&bare(&["alone"], Vec::new()), Vec::new(), none)),
    ]
}

const FRAME: Frame = Frame { left: 96.0, right: 1824.0, top: 200.0, height: 600.0 };

fn laid_out(report: &Report) -> Layout {
    layout(report, FRAME, Limits::default())
}

fn labels(layout: &Layout) -> Vec<Rect> {
    let arrows = layout.arrows.iter().filter_map(|arrow| arrow.label.as_ref());
    let marks = layout.marks.iter().filter_map(|mark| mark.label.as_ref());
    arrows.chain(marks).map(|label| label.frame).collect()
}

#[test]
fn every_message_has_its_arrow() {
    for (name, report) in gallery().into_iter().filter(|(name, _)| *name != "crowd") {
        let (layout, counts) = (laid_out(&report), report.trace.counts);
        let count = |ending| layout.arrows.iter().filter(|arrow| arrow.ending == ending).count() as u64;
        assert_eq!(count(Ending::Delivered), counts.delivered, "{name}");
        assert_eq!(count(Ending::Lost), counts.lost, "{name}");
        assert_eq!(count(Ending::Corrupted), counts.corrupted, "{name}");
        assert_eq!(count(Ending::Cut), counts.cut, "{name}");
        assert_eq!(count(Ending::ToCrashed), counts.to_crashed, "{name}");
        assert_eq!(count(Ending::InFlight), counts.in_flight, "{name}");
        let withheld = report.trace.events.iter().filter(|event| event.what.kind() == Kinds::WITHHELD).count();
        assert_eq!(count(Ending::Withheld), withheld as u64, "{name}");
    }
}

#[test]
fn everything_occurs_in_the_picture_of_everything() {
    let layout = laid_out(&everything());
    let endings: BTreeSet<Ending> = layout.arrows.iter().map(|arrow| arrow.ending).collect();
    assert_eq!(endings.len(), 7, "{endings:?}");
    assert_eq!((layout.bands.len(), layout.stretches.len()), (1, 2));
    assert!(layout.arrows.iter().any(|arrow| arrow.copy) && layout.arrows.iter().any(|arrow| arrow.lie));
}

#[test]
fn an_arrow_runs_from_lane_to_lane_and_a_lost_one_ends_halfway() {
    let layout = laid_out(&everything());
    let lane = |name: &str| layout.lanes.iter().find(|lane| lane.name == name).unwrap().y;
    let arrow = |name: &str| layout.arrows.iter().find(|arrow| arrow.message == name).unwrap();
    let lie = arrow("dave:carol:1");
    assert_eq!((lie.from.y, lie.to.y), (lane("dave"), lane("carol")));
    assert!(lie.from.x < lie.to.x);
    let lost = arrow("alice:bob:1");
    assert_eq!(lost.from.y, lane("alice"));
    assert_eq!(lost.to.y, (lane("alice") + lane("bob")) / 2.0);
    assert!(lost.from.x < lost.to.x);
}

#[test]
fn evidence_is_marked_with_its_property() {
    let report = everything();
    let layout = laid_out(&report);
    let arrows: Vec<&str> =
        layout.arrows.iter().filter(|a| !a.evidence.is_empty()).map(|a| a.message.as_str()).collect();
    assert_eq!(arrows, ["dave:carol:1"]);
    let lie = layout.arrows.iter().find(|arrow| !arrow.evidence.is_empty()).unwrap();
    assert_eq!(lie.label.as_ref().unwrap().tag, "agreement");
    assert!(lie.story.contains("not attack") && lie.story.contains("would have said: attack"), "{}", lie.story);
    assert_eq!(layout.marks.iter().filter(|mark| !mark.evidence.is_empty()).count(), 1);
    assert!(svg::render(&report).contains("evidence of a violation"));
    assert!(!svg::render(&long_wait()).contains("evidence of a violation"));
}

#[test]
fn labels_lie_apart_and_within_the_plot() {
    for (name, report) in gallery() {
        let layout = laid_out(&report);
        let labels = labels(&layout);
        for (index, a) in labels.iter().enumerate() {
            assert!(layout.plot.contains(a), "{name}: {a:?} leaves {:?}", layout.plot);
            assert!(!labels[..index].iter().any(|b| a.overlaps(b)), "{name}: {a:?} overlaps another");
        }
        for arrow in &layout.arrows {
            let Some(label) = &arrow.label else { continue };
            let on_lane = |y: f64| y > label.frame.y && y < label.frame.y + label.frame.height;
            assert!(!layout.lanes.iter().any(|lane| on_lane(lane.y)), "{name}: {} is on a lane", arrow.message);
        }
    }
}

#[test]
fn words_that_everybody_says_show_once_at_least() {
    let layout = laid_out(&two_generals("messengers", "messengers = 100", &[]));
    assert!(layout.arrows.iter().any(|arrow| arrow.label.is_some()));
}

#[test]
fn small_pictures_leave_no_label_out() {
    for (name, report) in gallery() {
        if ["everything", "long-wait", "three-generals", "lying-commander", "four-generals"].contains(&name) {
            assert_eq!(laid_out(&report).left_out, [""; 0], "{name}");
        }
    }
}

#[test]
fn what_is_capped_is_said() {
    let layout = laid_out(&crowd(60, 3000));
    assert_eq!((layout.lanes.len(), layout.arrows.len()), (40, 400));
    assert!(layout.left_out[0].starts_with("40 of 60 nodes are drawn"), "{:?}", layout.left_out);
    assert!(layout.left_out[1].starts_with("Messages 1 to 400 of "), "{:?}", layout.left_out);
    let svg = svg::render(&crowd(60, 3000));
    assert!(svg.contains("40 of 60 nodes"), "the picture itself says it");
}

#[test]
fn late_evidence_is_in_the_picture() {
    let report = crowd(5, 2000);
    let last = report.trace.events.iter().rfind(|event| matches!(event.what, EventKind::Delivered(_))).unwrap().id;
    let verdict = Verdict::Violated { because: "Too late.".to_owned(), evidence: vec![last] };
    let agreement = Judged { name: "agreement", kind: Kind::Safety, verdict, expected: None };
    let layout = laid_out(&Report { properties: vec![agreement], ..report });
    assert_eq!(layout.arrows.len(), 400);
    assert_eq!(layout.arrows.iter().filter(|arrow| !arrow.evidence.is_empty()).count(), 1);
    assert!(layout.left_out[0].starts_with("Messages 1,601 to 2,000 of 2,000"), "{:?}", layout.left_out);
}

#[test]
fn a_long_wait_is_folded() {
    let layout = laid_out(&long_wait());
    assert_eq!(layout.breaks.len(), 1);
    assert!(layout.breaks[0].text.starts_with("58."), "{:?}", layout.breaks);
    let cross = layout.arrows.iter().find(|arrow| arrow.ending == Ending::Lost).unwrap();
    assert!(cross.to.x - cross.from.x > 50.0, "the arrows have room: {cross:?}");
}

#[test]
fn an_svg_is_well_formed_and_refers_to_nothing_outside() {
    for (name, report) in gallery() {
        let svg = svg::render(&report);
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}\n{svg}"));
        let root = document.root_element();
        assert_eq!(root.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
        let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let labelled = root.attribute("aria-labelledby").unwrap().split(' ').all(|id| ids.contains(&id));
        assert!(labelled && root.attribute("role") == Some("img"), "{name}");
        for node in document.descendants().filter(|node| node.is_element()) {
            let allowed = ["svg", "title", "desc", "defs", "pattern", "rect", "line", "polygon", "circle", "g", "text"];
            assert!(allowed.contains(&node.tag_name().name()), "{name}: {}", node.tag_name().name());
            for attribute in node.attributes() {
                let value = attribute.value();
                assert!(attribute.name() != "href" && !value.contains("http") && !value.contains("NaN"), "{name}");
                assert!(value.matches("url(").count() == value.matches("url(#").count(), "{name}: {value}");
            }
        }
    }
}

#[test]
fn an_svg_says_what_was_said() {
    let svg = svg::render(&hostile());
    let document = roxmltree::Document::parse(&svg).unwrap();
    let title = document.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title"))).unwrap();
    assert_eq!(title.text(), Some("</title><script>alert('1')</script> & \\u{0} ]]>; end #59;"));
    let is_text = |node: &roxmltree::Node<'_, '_>| node.tag_name().name() == "text";
    let texts: Vec<&str> =
        document.descendants().filter(is_text).filter_map(|node| node.last_child()?.text()).collect();
    assert!(texts.contains(&"a<b>&\"'"), "{texts:?}");
}

#[test]
fn nothing_leaves_the_view_box() {
    for (name, report) in gallery() {
        let svg = svg::render(&report);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let view: Vec<f64> =
            document.root_element().attribute("viewBox").unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
        for node in document.descendants().filter(|node| !node.ancestors().any(|a| a.tag_name().name() == "defs")) {
            let number = |name: &str| node.attribute(name).and_then(|n| n.parse::<f64>().ok());
            let across = [number("x"), number("x1"), number("x2"), number("cx")].into_iter().flatten();
            let down = [number("y"), number("y1"), number("y2"), number("cy")].into_iter().flatten();
            let (width, height) = (number("width").unwrap_or(0.0), number("height").unwrap_or(0.0));
            for x in across {
                assert!(x >= 0.0 && x + width <= view[2], "{name}: {node:?}");
            }
            for y in down {
                assert!(y >= 0.0 && y + height <= view[3], "{name}: {node:?}");
            }
        }
    }
}

#[test]
fn a_layout_is_plain_data() {
    let layout = serde_json::to_value(laid_out(&everything())).unwrap();
    assert_eq!(layout["lanes"][3]["traitor"], true);
    assert_eq!(layout["arrows"][0]["ending"], "lost");
}

#[test]
fn pictures_are_the_same_every_time() {
    assert_eq!(svg::render(&everything()), svg::render(&everything()));
    assert_eq!(mermaid::render(&everything()), mermaid::render(&everything()));
}

#[test]
fn mermaid_has_a_line_for_every_message() {
    let report = everything();
    let diagram = mermaid::render(&report);
    let lines = |with: &str| diagram.lines().filter(|line| line.contains(with)).count() as u64;
    let counts = report.trace.counts;
    assert_eq!(lines("->>"), counts.delivered, "{diagram}");
    assert_eq!(lines("-x"), counts.lost + counts.corrupted + counts.cut + counts.to_crashed, "{diagram}");
    assert_eq!(lines("-)"), counts.in_flight, "{diagram}");
    assert_eq!(lines("(a lie, truth: attack)"), 1, "{diagram}");
    assert_eq!(lines("participant"), 4, "{diagram}");
    assert!(diagram.contains("dave (traitor)") && diagram.contains("crashes") && diagram.contains("decision: attack"));
}

#[test]
fn mermaid_is_cut_and_says_so() {
    let diagram = mermaid::render(&crowd(60, 3000));
    assert!(diagram.len() < 45_000, "{} bytes", diagram.len());
    assert_eq!(diagram.lines().filter(|line| line.contains("->>")).count(), 200);
    assert!(diagram.lines().last().unwrap().contains("Cut: 200 of 3000 messages are shown"), "{diagram}");
    assert!(!mermaid::render(&everything()).contains("Cut:"));
}

#[test]
fn mermaid_sees_no_markup_in_words() {
    for line in mermaid::render(&hostile()).lines() {
        let words = line.split_once(": ").map_or("", |(_, words)| words).replace("<br/>", "");
        let is_number = |part: &str| part.split_once(';').is_some_and(|(n, _)| n.parse::<u32>().is_ok());
        assert!(words.split('#').skip(1).all(is_number), "{line}");
        assert_eq!(words.matches('#').count(), words.matches(';').count(), "{line}");
        assert!(!words.contains(['<', '>', '%', '{', '"']), "{line}");
    }
}

/// `PICTURES=/tmp/pictures cargo test --lib pictures_to_look_at -- --ignored`
#[test]
#[ignore = "writes files, for people to look at"]
fn pictures_to_look_at() {
    let folder = std::path::PathBuf::from(std::env::var_os("PICTURES").expect("PICTURES names a folder"));
    for (name, report) in gallery() {
        std::fs::write(folder.join(format!("{name}.svg")), svg::render(&report)).unwrap();
        std::fs::write(folder.join(format!("{name}.mmd")), mermaid::render(&report)).unwrap();
    }
}
