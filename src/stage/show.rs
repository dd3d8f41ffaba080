//! Everything that the page needs to play a run, as JSON.
//!
//! The page runs no protocol and computes no verdict: it steps through what is here. Events and messages are lists and
//! refer to each other by place; what is not there is left out. Times are nanoseconds of true time.

mod knobs;
mod lies;
mod place;
mod story;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::check::Table;
use crate::problems::{Bound, Layout};
use crate::process::{MessageId, NodeId, Value};
use crate::report::{Judged, Latency, Report};
use crate::scenario::Fault;
use crate::time::Time;
use crate::time::clock::History;
use crate::trace::{Counts, Event, EventId, Trace, What, Why};
use crate::view::flight::{Ending, Flight, flights};
use crate::view::{numbers, spacetime};

pub use lies::{Alternatives, alternatives};

/// A run as the page plays it. What there can be many of is of a type of its own, so that a long run is written out as
/// it stands and not as a tree of values first.
#[derive(Debug, Serialize)]
pub struct Show<'a> {
    scenario: &'a str,
    title: &'a str,
    problem: Titled<'a>,
    protocol: Titled<'a>,
    summary: &'a str,
    note: Option<&'a str>,
    r#try: &'a [String],
    changes: Option<String>,
    seed: u64,
    layout: Layout,
    nodes: Json,
    ends: u64,
    why: Why,
    course: Vec<Stretch>,
    events: Vec<Happening<'a>>,
    messages: Vec<Sending<'a>>,
    clocks: Option<Vec<Vec<Corner>>>,
    partitions: Json,
    beats: Json,
    predict: Option<Json>,
    verdicts: Vec<Json>,
    expected: Option<bool>,
    measures: Json,
    table: Option<&'a Table>,
    counts: &'a Counts,
    latency: Latency,
    warnings: &'a [String],
    crash_points: &'static [&'static str],
    knobs: Json,
}

#[derive(Debug, Serialize)]
struct Titled<'a> {
    name: &'a str,
    title: &'a str,
}

/// A stretch of time, and whether it is folded, as in the diagram.
#[derive(Debug, Serialize)]
struct Stretch {
    from: u64,
    to: u64,
    folded: bool,
}

/// An event. Its place in the list is its number.
#[derive(Debug, Serialize)]
struct Happening<'a> {
    at: u64,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

/// A message, on its way from one node to another.
#[derive(Debug, Serialize)]
struct Sending<'a> {
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
type Corner = (u64, i64, i64);

/// A run as the page plays it.
pub fn show<'a>(report: &'a Report, lies: &'a Alternatives) -> Show<'a> {
    let (scenario, trace) = (&report.scenario, &report.trace);
    let Bound { faces, entry, .. } = scenario;
    let layout = (faces.layout)(entry.name);
    let flights = flights(trace);
    Show {
        scenario: &scenario.name,
        title: &scenario.title,
        problem: Titled { name: faces.name, title: faces.title },
        protocol: Titled { name: entry.name, title: entry.title },
        summary: &scenario.story.summary,
        note: scenario.story.note.as_deref(),
        r#try: &scenario.story.try_next,
        changes: scenario.changes(),
        seed: scenario.seed,
        layout,
        nodes: nodes(report, layout),
        ends: trace.ended_at.ns(),
        why: trace.ended,
        course: course(report),
        events: trace.events.iter().map(|event| Happening::of(trace, event, &flights)).collect(),
        messages: flights.iter().map(|flight| Sending::of(trace, flight, lies)).collect(),
        clocks: clocks(trace),
        partitions: partitions(report),
        beats: story::beats(report, &flights),
        predict: story::predict(report),
        verdicts: report.properties.iter().map(|judged| verdict(report, judged)).collect(),
        expected: report.expected,
        measures: measures(report),
        table: report.table.as_ref(),
        counts: &trace.counts,
        latency: report.latency,
        warnings: &report.warnings,
        crash_points: entry.crash_points,
        knobs: knobs::knobs(scenario),
    }
}

fn nodes(report: &Report, layout: Layout) -> Json {
    let (scenario, trace) = (&report.scenario, &report.trace);
    let places = place::places(layout, trace.names.count());
    let lie_of = |node: NodeId| {
        let mut rows = scenario.faults.iter().filter_map(|fault| match fault {
            Fault::Traitor { who: crate::scenario::Traitors::These(nodes), lie } => Some((nodes.contains(&node), lie)),
            Fault::Traitor { lie, .. } => Some((true, lie)),
            _ => None,
        });
        rows.find(|(is_his, _)| *is_his).map(|(_, lie)| lie.name.clone())
    };
    let node = |(node, (x, y)): (NodeId, (f64, f64))| {
        let mut json = json!({ "name": trace.names.of(node), "x": round(x), "y": round(y) });
        if trace.is_traitor(node) {
            json["traitor"] = true.into();
            json["lie"] = lie_of(node).into();
        }
        json
    };
    NodeId::first(trace.names.count()).zip(places).map(node).collect()
}

fn round(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

fn course(report: &Report) -> Vec<Stretch> {
    let stretch = |s: spacetime::Segment| Stretch { from: s.from, to: s.to, folded: s.is_break };
    spacetime::course(report).into_iter().map(stretch).collect()
}

impl<'a> Happening<'a> {
    fn of(trace: &'a Trace, event: &'a Event, flights: &[Flight]) -> Happening<'a> {
        let message = event.what.message();
        let (name, value, nth) = match event.what {
            What::Output(output) | What::Noted(output) => (Some(output.name), Some(Shown::of(output.value)), None),
            What::Passed { point, nth } => (Some(point), None, Some(nth.into())),
            What::ClockStepped(by) | What::ClockSlewed(by) => (None, Some(Shown::Text(by.rounded())), None),
            What::ClockDrifted(ppb) => (None, Some(Shown::Text(format!("{:+} ppm", ppb as f64 / 1e3))), None),
            What::WritesLost { writes, all } => (all.then_some("all"), None, Some(writes.into())),
            What::Partitioned(index) | What::Healed(index) => (None, None, Some(index.into())),
            _ => (None, None, None),
        };
        Happening {
            at: event.at.ns(),
            what: event.what.word(),
            node: event.node.map(NodeId::index),
            cause: event.cause,
            message: message.and_then(|message| flight_of(event, message, flights)),
            name,
            value,
            nth,
            // A message's words are its own.
            words: if message.is_none() { trace.words.of(event.id) } else { None },
            state: trace.states.of(event.id),
        }
    }
}

/// A value for people: lengths of time in words, numbers as numbers.
#[derive(Debug, Serialize)]
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

impl<'a> Sending<'a> {
    fn of(trace: &Trace, flight: &Flight, lies: &'a Alternatives) -> Sending<'a> {
        let id = flight.message;
        Sending {
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

/// How far each node's clock is ahead of true time, as the corners of its course: moment, just before, just after.
/// Nothing where all clocks are right all the time.
fn clocks(trace: &Trace) -> Option<Vec<Vec<Corner>>> {
    let ns = |atto: i128| i64::try_from(atto / crate::time::clock::ATTO_PER_NS).unwrap_or(i64::MAX);
    let corners = |history: &History| {
        let end = trace.ended_at;
        let at = history.bends().filter(|&at| at < end).chain([end]);
        let corner = |at: Time| (at.ns(), ns(history.before(at).ahead(at)), ns(history.at(at).ahead(at)));
        at.map(corner).collect::<Vec<_>>()
    };
    let clocks: Vec<Vec<Corner>> = trace.clocks.iter().map(corners).collect();
    let is_off = |&(_, before, after): &Corner| before != 0 || after != 0;
    clocks.iter().flatten().any(is_off).then_some(clocks)
}

fn partitions(report: &Report) -> Json {
    let events = &report.trace.events;
    let healed = |index: u16| events.iter().find(|event| event.what == What::Healed(index)).map(|event| event.at.ns());
    let groups = |index: u16| {
        let partitions = report.scenario.faults.iter().filter_map(|fault| match fault {
            Fault::Partition { groups, one_way, .. } => Some((groups, *one_way)),
            _ => None,
        });
        partitions.into_iter().nth(usize::from(index))
    };
    let partition = |event: &Event| {
        let What::Partitioned(index) = event.what else { return None };
        let (groups, one_way) = groups(index)?;
        let groups: Vec<Vec<usize>> =
            groups.iter().map(|group| group.iter().map(|node| node.index()).collect()).collect();
        Some(json!({ "from": event.at.ns(), "to": healed(index), "groups": groups, "one_way": one_way }))
    };
    events.iter().filter_map(partition).collect()
}

fn verdict(report: &Report, judged: &Judged) -> Json {
    let properties = report.scenario.entry.properties;
    let property = properties.iter().find(|property| property.name == judged.name);
    json!({
        "name": judged.name,
        "kind": judged.kind,
        "says": property.map(|property| property.says),
        "verdict": judged.verdict.word(),
        "vacuous": judged.verdict.is_vacuous(),
        "sign": judged.verdict.sign(),
        "because": judged.verdict.because(),
        "evidence": judged.verdict.evidence(),
        "expected": judged.expected,
        "as_expected": judged.expected.is_none_or(|claim| judged.verdict.is_as(claim)),
    })
}

fn measures(report: &Report) -> Json {
    let names = &report.trace.names;
    let measure = |measured: &crate::report::Measured| {
        let crate::report::Measured { measure, value } = measured;
        let words = value.map(|value| match measure.in_words {
            Some(in_words) => in_words(value, names),
            None => numbers::amount(value, measure),
        });
        json!({ "name": measure.name, "says": measure.says, "words": words })
    };
    report.measures.iter().map(measure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use crate::problems::SHIPPED;
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
            let begun = shown["events"].as_array().unwrap().iter().filter(begins).count();
            assert_eq!(begun, messages, "{}", story.name);
            let request =
                Request { name: &story.name, origin: "", text: &story.text, set: &[], force: &[], seed: None };
            let said = SHIPPED.load(&request);
            assert_eq!(count("beats"), said.unwrap().story.beats.len(), "{}: every beat is told", story.name);
            let moments: Vec<u64> =
                shown["beats"].as_array().unwrap().iter().map(|b| b["at"].as_u64().unwrap()).collect();
            assert!(moments.is_sorted() && moments.iter().all(|&at| at <= shown["ends"].as_u64().unwrap()));
        }
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
        for (name, ms) in [("three-generals", 40), ("last-messenger", 80), ("four-generals", 40)] {
            assert_eq!(shown(name, &[], &[])["predict"]["at"], ms * 1_000_000, "{name}");
        }
        assert!(shown("three-generals", &["nodes=4"], &[])["predict"].is_null(), "it is about another run");
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
