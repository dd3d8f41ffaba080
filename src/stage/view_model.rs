//! Everything that the page needs to play a run, as JSON.
//!
//! The page runs no protocol and computes no verdict: it steps through what is here. Events and
//! messages are lists and refer to each other by place; what is not there is left out. Times are
//! nanoseconds of true time.

mod challenge;
mod field;
mod judged;
mod knobs;
mod lies;
mod place;
mod story;
mod table;
mod twin;

use serde::Serialize;

use crate::problems::{Bound, Layout};
use crate::process::facts::Fact;
use crate::process::{MessageId, NodeId, Value};
use crate::report::{Latency, Report};
use crate::scenario::Try;
use crate::time::Time;
use crate::time::clock::History;
use crate::trace::{Counts, Event, EventId, EventKind, StopReason, Trace};
use crate::view::flight::{Ending, Flight, flights};
use crate::view::moments::moments;
use crate::view::spacetime;

use challenge::ChallengeShown;
use field::{NodeShown, PartitionShown};
use judged::{MeasureShown, VerdictShown};
use knobs::Knob;
use story::{BeatTold, Question};
use table::TableShown;
use twin::TwinShown;

pub use lies::{Alternatives, alternatives};

/// A run as the page plays it. What there can be many of is of a type of its own, so that a long
/// run is written out as it stands and not as a tree of values first.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ViewModel<'a> {
    scenario: &'a str,
    title: &'a str,
    problem: Titled<'a>,
    protocol: Titled<'a>,
    setup: &'a str,
    /// What happened and why it matters; only of the run that the file describes.
    lesson: Option<&'a str>,
    note: Option<&'a str>,
    r#try: &'a [Try],
    /// The other run of a pair that looks the same to one node, if the scenario names one.
    twin: Option<TwinShown<'a>>,
    changes: Option<String>,
    seed: u64,
    layout: Layout,
    nodes: Vec<NodeShown<'a>>,
    ends: u64,
    why: StopReason,
    course: Vec<Stretch>,
    events: Vec<TraceEvent<'a>>,
    messages: Vec<Message<'a>>,
    clocks: Option<Vec<Vec<Corner>>>,
    partitions: Vec<PartitionShown>,
    beats: Vec<BeatTold<'a>>,
    questions: Vec<Question>,
    /// The events at which a presenter stops where no story is told.
    moments: Vec<EventId>,
    verdicts: Vec<VerdictShown<'a>>,
    expected: Option<bool>,
    measures: Vec<MeasureShown<'a>>,
    #[cfg_attr(test, schemars(with = "Option<super::wire::read::Table>"))]
    table: Option<TableShown<'a>>,
    counts: &'a Counts,
    latency: Latency,
    warnings: &'a [String],
    crash_points: &'static [&'static str],
    /// The names of the outputs that are entries of a table.
    tables: &'static [&'static str],
    /// The lies that a traitor may choose without anything more to say of them.
    lies: Vec<&'static str>,
    knobs: Vec<Knob>,
    /// What is to be reached, if the scenario has a challenge.
    challenge: Option<ChallengeShown<'a>>,
    /// The keys of the scenario's own grid for `dsys sweep`; none if it has no grid.
    swept: Vec<&'a str>,
    /// Whether it says what the enemy may do in `dsys search`.
    has_search: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Titled<'a> {
    name: &'a str,
    title: &'a str,
}

/// A stretch of time, and whether it is folded, as in the diagram.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Stretch {
    from: u64,
    to: u64,
    folded: bool,
}

/// An event. Its place in the list is its number.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct TraceEvent<'a> {
    at: u64,
    #[cfg_attr(test, schemars(schema_with = "super::wire::event_kinds"))]
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<EventId>,
    /// The place of the message that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Shown>,
    /// Whether a node tells its user what it decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<&'a [Fact]>,
}

/// A message, on its way from one node to another.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Message<'a> {
    name: String,
    from: usize,
    to: usize,
    sent: u64,
    ends: u64,
    ending: Ending,
    began: EventId,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<EventId>,
    /// What an honest process would have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    truth: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lie: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy: Option<bool>,
    /// What a traitor could have said in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    alternatives: Option<&'a [String]>,
}

/// A moment, and how far a clock is ahead just before it and just after.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Corner(u64, i64, i64);

/// A run as the page plays it.
pub fn show<'a>(report: &'a Report, lies: &'a Alternatives) -> ViewModel<'a> {
    let (scenario, trace) = (&report.scenario, &report.trace);
    let Bound { faces, entry, .. } = scenario;
    let flights = flights(trace);
    ViewModel {
        scenario: &scenario.name,
        title: &scenario.title,
        problem: Titled { name: faces.name, title: faces.title },
        protocol: Titled { name: entry.name, title: entry.title },
        setup: &scenario.story.setup,
        lesson: report.lesson(),
        note: scenario.story.note.as_deref(),
        r#try: &scenario.story.try_next,
        twin: twin::of(scenario),
        changes: scenario.changes(),
        seed: scenario.seed,
        layout: entry.layout,
        nodes: field::nodes(report),
        ends: trace.ended_at.ns(),
        why: trace.ended,
        course: course(report),
        events: trace.events.iter().map(|event| TraceEvent::of(report, event, &flights)).collect(),
        messages: flights.iter().map(|flight| Message::of(trace, flight, lies)).collect(),
        clocks: clocks(trace),
        partitions: field::partitions(report),
        beats: story::beats(report, &flights),
        questions: story::questions(report, &flights),
        moments: moments(report),
        verdicts: judged::verdicts(report),
        expected: report.expected,
        measures: judged::measures(report),
        table: table::table(report),
        counts: &trace.counts,
        latency: report.latency,
        warnings: &report.warnings,
        crash_points: entry.crash_points,
        tables: entry.tables,
        lies: entry.lies.iter().filter(|lie| lie.arguments.is_empty()).map(|lie| lie.name).collect(),
        knobs: knobs::knobs(scenario),
        challenge: challenge::of(scenario),
        swept: scenario.sweep.iter().flat_map(|sweep| &sweep.over).map(|(key, _)| key.as_str()).collect(),
        has_search: scenario.search.is_some(),
    }
}

fn course(report: &Report) -> Vec<Stretch> {
    let stretch = |s: spacetime::Segment| Stretch { from: s.from, to: s.to, folded: s.is_break };
    spacetime::course(report).into_iter().map(stretch).collect()
}

impl<'a> TraceEvent<'a> {
    fn of(report: &'a Report, event: &'a Event, flights: &[Flight]) -> TraceEvent<'a> {
        let trace = &report.trace;
        let message = event.what.message();
        let (name, value, nth) = match event.what {
            EventKind::Output(output) | EventKind::Noted(output) => {
                (Some(output.name), Some(Shown::of(output.value)), None)
            }
            EventKind::Passed { point, nth } => (Some(point), None, Some(nth.into())),
            EventKind::ClockStepped(by) | EventKind::ClockSlewed(by) => (None, Some(Shown::Text(by.rounded())), None),
            EventKind::ClockDrifted(ppb) => (None, Some(Shown::Text(format!("{:+} ppm", ppb as f64 / 1e3))), None),
            EventKind::WritesLost { writes, all } => (all.then_some("all"), None, Some(writes.into())),
            EventKind::Partitioned(index) | EventKind::Healed(index) => (None, None, Some(index.into())),
            _ => (None, None, None),
        };
        TraceEvent {
            at: event.at.ns(),
            what: event.what.word(),
            node: event.node.map(NodeId::index),
            cause: event.cause,
            message: message.and_then(|message| flight_of(event, message, flights)),
            name,
            value,
            decision: report.scenario.entry.is_decision(event).then_some(true),
            nth,
            // A message's words are its own.
            words: if message.is_none() { trace.words.of(event.id) } else { None },
            facts: trace.states.of(event.id),
        }
    }
}

/// A value for people: lengths of time in words, numbers as numbers.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Shown {
    Number(i64),
    Word(&'static str),
    Text(String),
}

impl Shown {
    fn of(value: Value) -> Shown {
        match value {
            Value::Number(number) => Shown::Number(number),
            Value::Word(word) => Shown::Word(word),
            Value::Span(span) => Shown::Text(span.rounded()),
        }
    }
}

/// The message that an event is about, by its place among the flights.
fn flight_of(event: &Event, message: MessageId, flights: &[Flight]) -> Option<usize> {
    let begins = |id: EventId| flights.binary_search_by_key(&id, |flight| flight.began).ok();
    let by_cause = || event.cause.and_then(begins).filter(|&index| flights[index].message == message);
    begins(event.id).or_else(by_cause)
}

impl<'a> Message<'a> {
    fn of(trace: &Trace, flight: &Flight, lies: &'a Alternatives) -> Message<'a> {
        let id = flight.message;
        Message {
            name: trace.names.message(id),
            from: id.from().index(),
            to: id.to().index(),
            sent: flight.sent_at.ns(),
            ends: flight.ends_at.ns(),
            ending: flight.ending,
            began: flight.began,
            words: flight.words(trace),
            ended: flight.ended,
            truth: flight.truth(trace),
            lie: (flight.lie || flight.ending == Ending::Withheld).then_some(true),
            copy: id.is_copy().then_some(true),
            alternatives: lies.get(&id.slot()).map(Vec::as_slice),
        }
    }
}

/// How far each node's clock is ahead of true time, as the corners of its course: moment, just
/// before, just after. `None` where all clocks are right all the time.
fn clocks(trace: &Trace) -> Option<Vec<Vec<Corner>>> {
    let ns = |atto: i128| i64::try_from(atto / crate::time::clock::ATTO_PER_NS).unwrap_or(i64::MAX);
    let corners = |history: &History| {
        let end = trace.ended_at;
        let at = history.bends().filter(|&at| at < end).chain([end]);
        let corner = |at: Time| Corner(at.ns(), ns(history.before(at).ahead(at)), ns(history.at(at).ahead(at)));
        at.map(corner).collect::<Vec<_>>()
    };
    let clocks: Vec<Vec<Corner>> = trace.clocks.iter().map(corners).collect();
    let is_off = |&Corner(_, before, after): &Corner| before != 0 || after != 0;
    clocks.iter().flatten().any(is_off).then_some(clocks)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::library;
    use crate::problems::{Role, SHIPPED};
    use crate::report::Claims;
    use crate::scenario::Request;

    fn shown(name: &str, set: &[&str], force: &[&str]) -> Json {
        let story = library::find(name).unwrap();
        let [set, force] = [set, force].map(|flags| flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>());
        let (name, text) = (&story.name, &story.text);
        let request = Request { name, origin: name, text, set: &set, force: &force, seed: None };
        let scenario = SHIPPED.load(&request).unwrap();
        let report = crate::report::run(&scenario, Claims::IfUntouched).unwrap();
        serde_json::to_value(show(&report, &alternatives(&report))).unwrap()
    }

    /// The places of a list's entries that are numbers below `count`.
    fn all_below(list: &Json, key: &str, count: usize) -> bool {
        let places = list.as_array().unwrap().iter().filter_map(|entry| entry.get(key));
        places.filter(|place| !place.is_null()).all(|place| place.as_u64().unwrap() < count as u64)
    }

    #[test]
    fn every_shipped_scenario_can_be_shown() {
        for story in library::stories() {
            let shown = shown(&story.path(), &[], &[]);
            let count = |key: &str| shown[key].as_array().unwrap().len();
            let (nodes, events, messages) = (count("nodes"), count("events"), count("messages"));
            assert_eq!(shown["counts"]["events"], events, "{}", story.name);
            assert!(all_below(&shown["events"], "node", nodes) && all_below(&shown["events"], "message", messages));
            assert!(all_below(&shown["events"], "cause", events) && all_below(&shown["messages"], "began", events));
            let begins = |event: &&Json| ["sent", "withheld", "copied"].iter().any(|word| event["what"] == *word);
            let knobs = shown["knobs"].as_array().unwrap();
            let mute: Vec<&Json> = knobs.iter().filter(|knob| knob.get("says").is_none()).collect();
            assert!(mute.is_empty(), "{}: these do not say what they change: {mute:?}", story.name);
            let kinds = shown["events"].as_array().unwrap().iter().map(|event| event["what"].as_str().unwrap());
            assert!(kinds.clone().all(|kind| super::super::wire::EVENT_KINDS.contains(&kind)), "{}", story.name);
            let begun = shown["events"].as_array().unwrap().iter().filter(begins).count();
            assert_eq!(begun, messages, "{}", story.name);
            let request = Request { origin: "", ..Request::new(&story.name, &story.text) };
            let said = SHIPPED.load(&request);
            assert_eq!(count("beats"), said.unwrap().story.beats.len(), "{}: every beat is told", story.name);
            let moments: Vec<u64> =
                shown["beats"].as_array().unwrap().iter().map(|b| b["at"].as_u64().unwrap()).collect();
            assert!(moments.is_sorted() && moments.iter().all(|&at| at <= shown["ends"].as_u64().unwrap()));
        }
    }

    /// What of a picture must not follow from names: the layout, and each node's role and place.
    fn picture(shown: &Json) -> (Json, Vec<[Json; 3]>) {
        let nodes = shown["nodes"].as_array().unwrap().iter();
        (shown["layout"].clone(), nodes.map(|node| ["role", "x", "y"].map(|key| node[key].clone())).collect())
    }

    #[test]
    fn renamed_nodes_keep_their_places_and_glyphs() {
        for (name, renamed, roles) in [
            ("three-generals", r#"nodes=["shop", "ledger", "locks"]"#, &["commander", "lieutenant", "lieutenant"][..]),
            (
                "fencing",
                r#"nodes=["alice", "broker", "store", "commander"]"#,
                &["lock-service", "store", "client", "client"],
            ),
            ("the-zombie-producer", r#"nodes=["ledger", "store", "shop"]"#, &["broker", "worker", "worker"]),
        ] {
            let set: Vec<String> = [renamed, "fault=[]", "story.beat=[]"].map(str::to_owned).into();
            let story = library::find(name).unwrap();
            let shown = |set: &[String]| {
                let (name, text) = (&story.name, &story.text);
                let request = Request { set, ..Request::new(name, text) };
                let report = crate::report::run(&SHIPPED.load(&request).unwrap(), Claims::IfUntouched).unwrap();
                serde_json::to_value(show(&report, &alternatives(&report))).unwrap()
            };
            let (before, after) = (shown(&set[1..]), shown(&set));
            assert_ne!(before["nodes"][0]["name"], after["nodes"][0]["name"]);
            assert_eq!(picture(&before), picture(&after), "{name}");
            let told = after["nodes"].as_array().unwrap().iter().map(|node| node["role"].as_str().unwrap());
            assert_eq!(told.collect::<Vec<_>>(), roles, "{name}");
        }
    }

    /// A role that the page doesn't know would be drawn as a letter by chance.
    #[test]
    fn the_page_knows_every_role() {
        let glyphs = include_str!("assets/glyphs.js");
        let known = |role: Role| {
            let word = role.word();
            [format!("\n  {word}:"), format!("\n  \"{word}\":"), format!("\"{word}\",")]
                .iter()
                .filter(|key| glyphs.contains(key.as_str()))
                .count()
        };
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.word());
            assert_eq!(known(role), 1, "{role:?} has a picture or a letter in glyphs.js");
        }
    }

    #[test]
    fn the_page_learns_from_the_entry_what_a_decision_is() {
        let decisions = |name: &str| {
            let shown = shown(name, &[], &[]);
            let all = shown["events"].as_array().unwrap().iter();
            all.filter(|event| event["decision"] == true).map(|event| event["name"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(decisions("three-generals"), ["decision"; 3]);
        assert!(decisions("the-table-that-forgot").is_empty());
    }

    #[test]
    fn a_lie_can_be_told_otherwise_and_the_others_stay() {
        let shown = shown("seven-generals", &[], &[]);
        let lies = shown["messages"].as_array().unwrap().iter().filter(|message| message.get("lie").is_some());
        for lie in lies {
            let words: Vec<&str> = lie["alternatives"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
            assert!(words.contains(&lie["truth"].as_str().unwrap()), "{lie}");
        }
        assert!(shown["messages"][10].get("alternatives").is_none(), "a loyal general has only the truth");
    }

    #[test]
    fn a_question_is_asked_before_anything_of_its_answer() {
        for story in crate::library::stories() {
            let shown = shown(&story.name, &[], &[]);
            for question in shown["questions"].as_array().unwrap() {
                let (asked, settled) = (question["at"].as_u64().unwrap_or(0), question["settled"].as_u64().unwrap());
                assert!(asked <= settled, "{}: {question}", story.name);
            }
        }
        let answer = |set: &[&str]| shown("three-generals", set, &[])["questions"][0]["answer"].clone();
        assert_ne!(answer(&[]), answer(&["nodes=4"]), "it is the answer of the run that is shown");
    }

    #[test]
    fn clocks_are_told_where_they_matter() {
        assert!(shown("three-generals", &[], &[])["clocks"].is_null());
        let clocks = shown("two-falsetickers-among-seven", &[], &[])["clocks"][7].clone();
        assert_eq!(clocks[0], json!([0, -5_000_000_000_i64, -5_000_000_000_i64]));
        let late = clocks.as_array().unwrap().last().unwrap()[2].as_i64().unwrap();
        assert!(late.abs() < 16_000_000, "{late}");
    }

    #[test]
    fn a_table_names_nodes_and_tells_times_in_words() {
        let rows = shown("two-falsetickers-among-seven", &[], &[])["table"]["rows"].clone();
        let cells = rows[0]["cells"].as_array().unwrap();
        assert_eq!((&cells[0], &cells[1]), (&json!("client"), &json!("ada")));
        assert!(cells[3].as_str().is_some_and(|low| low.starts_with('-') && low.ends_with("ms")), "{cells:?}");
    }

    #[test]
    fn a_knob_says_what_it_is_set_to_and_what_it_may_be() {
        let shown = shown("the-table-that-forgot", &["params.every=50ms"], &[]);
        let knobs = shown["knobs"].as_array().unwrap();
        let knob = |label: &str| knobs.iter().find(|knob| knob["label"] == label).unwrap();
        assert_eq!((&knob("every")["value"], &knob("every")["kind"]), (&json!("50ms"), &json!("span")));
        assert_eq!((&knob("durable")["value"], &knob("durable")["kind"]), (&json!(false), &json!("truth")));
        assert_eq!(knob("order")["words"].as_array().unwrap().len(), 3);
        assert_eq!(knob("fate of ledger:shop:3")["force"], "ledger:shop:3");
    }
}
