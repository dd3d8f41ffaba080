//! The JSON Schema of a scenario file, for editors, for `dsys schema` and for the loader itself.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value as Json, json};

use super::spec::File;

/// What the schema says of one problem.
#[derive(Clone, Debug)]
pub struct ProblemWords {
    /// Its name.
    pub name: &'static str,
    /// Its protocols.
    pub protocols: Vec<ProtocolWords>,
}

/// What the schema says of one protocol.
#[derive(Clone, Debug)]
pub struct ProtocolWords {
    /// Its name.
    pub name: &'static str,
    /// The schema of its parameters.
    pub params: &'static Json,
    /// The names of its properties.
    pub properties: Vec<&'static str>,
    /// The names of its lies.
    pub lies: Vec<&'static str>,
}

/// The draft-07 schema of a type, all in one piece: without references, and without null, which
/// TOML does not know. Made once: a scenario that is run often has its parameters read often.
pub fn of<T: JsonSchema + 'static>() -> &'static Json {
    kept(TypeId::of::<T>(), made::<T>)
}

/// What was made for a type, or is made now.
fn kept(of: TypeId, make: fn() -> Json) -> &'static Json {
    static KEPT: Mutex<BTreeMap<TypeId, &'static Json>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    // There are as many as there are types of parameters, so what is leaked is bounded.
    kept.entry(of).or_insert_with(|| Box::leak(Box::new(make())))
}

fn made<T: JsonSchema>() -> Json {
    whole(&T::schema_name(), SchemaGenerator::subschema_for::<T>)
}

/// The schema of a type, of which `write` writes what the type says. What schemars has for this is
/// code for each type.
fn whole(title: &str, write: fn(&mut SchemaGenerator) -> Schema) -> Json {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut generator = settings.into_generator();
    let mut schema = write(&mut generator);
    let object = schema.ensure_object();
    object.entry("title").or_insert_with(|| title.into());
    if let Some(draft) = &generator.settings().meta_schema {
        object.insert("$schema".to_owned(), draft.as_ref().into());
    }
    generator.transforms_mut().for_each(|transform| transform.transform(&mut schema));
    RecursiveTransform(tidy as fn(&mut Schema)).transform(&mut schema);
    schema.to_value()
}

/// Takes null out of a schema, and the ends of a doc comment's lines out of its description.
fn tidy(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Json::String(description)) = object.get_mut("description") {
        let paragraphs = description.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
        *description = paragraphs.collect::<Vec<_>>().join("\n\n");
    }
    if let Some(Json::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if object.get("default").is_some_and(Json::is_null) {
        object.remove("default");
    }
    if let Some(Json::Array(several)) = object.get_mut("anyOf") {
        several.retain(|one| one.get("type").is_none_or(|name| name != "null"));
        if let [Json::Object(only)] = &several[..] {
            let only = only.clone();
            object.remove("anyOf");
            for (word, value) in only {
                object.entry(word).or_insert(value);
            }
        }
    }
}

/// The schema of a whole file that knows no problem: what the loader holds a file against.
///
/// To make it from the types is half of what a short run costs, so a release build reads it as a
/// test has written it down, and a debug build, in which the types may just have changed, makes it.
/// What makes it is then no part of the engine.
pub(crate) fn file() -> &'static Json {
    static FILE: LazyLock<Json> = LazyLock::new(|| match cfg!(debug_assertions) {
        true => made::<File>(),
        // The test that has written it down says that it can be read.
        false => serde_json::from_str(WRITTEN_DOWN).unwrap_or_default(),
    });
    &FILE
}

const WRITTEN_DOWN: &str = include_str!("file.schema.json");

/// The schema of a scenario file of one of `problems`.
pub fn schema(problems: &[ProblemWords]) -> Json {
    let mut schema = made::<File>();
    let names: Vec<&str> = problems.iter().map(|problem| problem.name).collect();
    put(&mut schema, "/properties/problem/enum", json!(names));
    let mut cases = Vec::new();
    for problem in problems {
        let protocols: Vec<&str> = problem.protocols.iter().map(|protocol| protocol.name).collect();
        cases.push(json!({
            "if": { "properties": { "problem": { "const": problem.name } }, "required": ["problem"] },
            "then": { "properties": { "protocol": { "enum": protocols } } },
        }));
        cases.extend(problem.protocols.iter().map(|protocol| case(problem.name, protocol)));
    }
    put(&mut schema, "/allOf", Json::Array(cases));
    without_formats(&mut schema);
    schema
}

/// Takes out the formats, which the loader alone knows: a validator may refuse a schema for one
/// that it does not know.
fn without_formats(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            // A key of a scenario that has this name is a table.
            if object.get("format").is_some_and(Json::is_string) {
                object.remove("format");
            }
            object.values_mut().for_each(without_formats);
        }
        Json::Array(items) => items.iter_mut().for_each(without_formats),
        _ => {}
    }
}

/// What a file of one protocol holds.
fn case(problem: &str, protocol: &ProtocolWords) -> Json {
    let mut params = protocol.params.clone();
    if let Some(object) = params.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
    }
    let expect: Map<String, Json> =
        protocol.properties.iter().map(|&name| (name.to_owned(), Json::Bool(true))).collect();
    // An empty list of words is no schema: of a protocol without lies, no word is one.
    let words = if protocol.lies.is_empty() { json!({ "not": {} }) } else { json!({ "enum": protocol.lies }) };
    let traitor = json!({ "type": "object", "properties": { "lie": words } });
    let lie = json!({ "type": "object", "properties": { "traitor": traitor } });
    json!({
        "if": {
            "properties": { "problem": { "const": problem }, "protocol": { "const": protocol.name } },
            "required": ["problem", "protocol"],
        },
        "then": { "properties": {
            "params": params,
            "expect": {
                "type": "object",
                "properties": expect,
                "required": protocol.properties,
                "additionalProperties": false,
            },
            "fault": { "type": "array", "items": lie },
        } },
    })
}

/// Puts a value at the end of a path whose other steps are there.
fn put(schema: &mut Json, path: &str, value: Json) {
    let Some((parent, last)) = path.rsplit_once('/') else { return };
    if let Some(parent) = schema.pointer_mut(parent).and_then(Json::as_object_mut) {
        parent.insert(last.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    fn what_is_written_down_is_what_the_types_say() {
        let made = made::<File>().to_string();
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/scenario/file.schema.json"), &made).unwrap();
            return;
        }
        assert!(made == WRITTEN_DOWN, "src/scenario/file.schema.json is stale: UPDATE_GOLDENS=1 writes it anew");
    }
}
