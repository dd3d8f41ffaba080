//! What the page and its server tell each other, as types of TypeScript: `wire.d.ts`, made from the
//! types that are sent.
//!
//! Only tests make schemas of these types, so that nobody else compiles them. A few answers are
//! made by layers below as JSON; the parts of them that the page reads have types here, and a test
//! reads real answers by these.

pub(super) mod read;
mod typescript;

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::library::Library;

use super::challenge::{ChallengeRequest, ChallengeTold};
use super::check::CheckAnswer;
use super::fork::{ForkAnswer, ForkRequest};
use super::http::notes::NotesAnswer;
use super::http::reach::ReachAnswer;
use super::http::stream::Queued;
use super::listing::LibraryAnswer;
use super::refusal::ErrorAnswer;
use super::run_request::{RunRequest, Told};
use super::search::{self, SearchRequest, SearchTold};
use super::sweep::{self, SweepRequest, SweepTold};
use super::wall::{WallRequest, WallTold};

/// The kinds of events, as traces name them.
pub(super) const EVENT_KINDS: [&str; 25] = [
    "traitor",
    "started",
    "sent",
    "withheld",
    "copied",
    "lost",
    "delivered",
    "corrupted",
    "cut",
    "to_crashed",
    "timer",
    "output",
    "noted",
    "wrote",
    "passed",
    "crashed",
    "writes_lost",
    "restarted",
    "paused",
    "resumed",
    "clock_stepped",
    "clock_slewed",
    "clock_drifted",
    "partitioned",
    "healed",
];

struct EventKind;

impl JsonSchema for EventKind {
    fn schema_name() -> Cow<'static, str> {
        "EventKind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": EVENT_KINDS })
    }
}

pub(super) fn event_kinds(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<EventKind>()
}

/// A line of a sweep.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, clippy::large_enum_variant, reason = "only its schema is wanted")]
enum SweepLine {
    Queued(Queued),
    Told(SweepTold<'static>),
    Error(ErrorAnswer<'static>),
}

/// A line of a search.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is wanted")]
enum SearchLine {
    Queued(Queued),
    Told(SearchTold<'static>),
    Error(ErrorAnswer<'static>),
}

/// A line of a wall of seeds.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is wanted")]
enum WallLine {
    Queued(Queued),
    Told(WallTold<'static>),
    Error(ErrorAnswer<'static>),
}

/// A line of the judge of challenges.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is wanted")]
enum ChallengeLine {
    Queued(Queued),
    Told(ChallengeTold<'static>),
    Error(ErrorAnswer<'static>),
}

/// All that is asked and answered, as TypeScript declares it.
fn declared() -> String {
    let mut asked = SchemaSettings::default().for_deserialize().into_generator();
    asked.subschema_for::<RunRequest>();
    asked.subschema_for::<SweepRequest>();
    asked.subschema_for::<SearchRequest>();
    asked.subschema_for::<WallRequest>();
    asked.subschema_for::<ChallengeRequest>();
    asked.subschema_for::<ForkRequest>();
    let mut answered = SchemaSettings::default().for_serialize().into_generator();
    answered.subschema_for::<Told<'static>>();
    answered.subschema_for::<LibraryAnswer>();
    answered.subschema_for::<NotesAnswer<'static>>();
    answered.subschema_for::<ReachAnswer>();
    answered.subschema_for::<SweepLine>();
    answered.subschema_for::<SearchLine>();
    answered.subschema_for::<WallLine>();
    answered.subschema_for::<ChallengeLine>();
    answered.subschema_for::<ForkAnswer>();
    answered.subschema_for::<CheckAnswer>();
    typescript::declarations(asked.definitions(), answered.definitions())
}

#[test]
fn what_is_written_down_is_what_is_sent() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/stage/wire.d.ts");
    let declared = declared();
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(path, &declared).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    assert!(declared == written, "src/stage/wire.d.ts is stale: UPDATE_GOLDENS=1 writes it anew");
}

fn read<T: DeserializeOwned>(answer: &Json) -> T {
    serde_json::from_value(answer.clone()).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

#[test]
fn the_library_is_read_as_declared() {
    let answer = LibraryAnswer::of(&Library::shipped()).unwrap();
    let problems: Vec<read::ProblemListed> = answer.problems.iter().map(read).collect();
    let path: Vec<read::StepListed> = answer.path.iter().map(read).collect();
    assert!(!problems.is_empty() && !path.is_empty());
}

#[test]
fn a_report_and_its_table_are_read_as_declared() {
    let library = Library::shipped();
    let order = RunRequest { scenario: Some("the-table-that-forgot".to_owned()), ..RunRequest::default() };
    let mut staged = order.stage(&library).unwrap();
    let report = staged.run().unwrap();
    let answer: Json = serde_json::from_str(&staged.telling.answer(&report).unwrap()).unwrap();
    read::<read::ReportRead>(&answer["report"]);
    read::<read::Table>(&answer["show"]["table"]);
}

#[test]
fn a_row_of_a_sweep_is_read_as_declared() {
    let order = serde_json::json!({
        "order": { "scenario": "three-generals" },
        "over": ["network.loss=0,0.5", "params.default=attack,retreat"],
        "runs": 3,
    });
    for row in sweep::rows(serde_json::from_value(order).unwrap(), &Library::shipped()) {
        read::<read::SweepRow>(&row);
    }
}

#[test]
fn what_a_search_finds_is_read_as_declared() {
    let order = serde_json::json!({ "order": { "scenario": "last-messenger" } });
    let found: read::SearchFound = read(&search::found(serde_json::from_value(order).unwrap(), &Library::shipped()));
    assert!(found.is_some());
}
