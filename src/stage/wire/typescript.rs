//! JSON Schemas as declarations of TypeScript.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

const HEADER: &str = "\
// What the page and its server tell each other. Made from the types in Rust, and kept current by a
// test: `UPDATE_GOLDENS=1 cargo test --lib stage::wire` writes it anew.
";

/// The columns of comments.
const COLUMNS: usize = 100;

/// The types of what is asked and of what is answered, by their names.
pub(super) fn declarations(asked: &Map<String, Json>, answered: &Map<String, Json>) -> String {
    let mut declared: BTreeMap<&str, String> = BTreeMap::new();
    let asked = asked.iter().map(|(name, schema)| (name, declaration(name, schema, Left::MayBeNull)));
    let answered = answered.iter().map(|(name, schema)| (name, declaration(name, schema, Left::Out)));
    for (name, text) in asked.chain(answered) {
        let known = declared.insert(name, text.clone());
        assert!(known.is_none_or(|known| known == text), "two types are called {name}");
    }
    let mut text = HEADER.to_owned();
    for declaration in declared.values() {
        text.push('\n');
        text.push_str(declaration);
    }
    text
}

/// What is not there: it is left out of an answer; a request may also say that it is null.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Out,
    MayBeNull,
}

fn declaration(name: &str, schema: &Json, left: Left) -> String {
    let is_interface = schema.get("properties").is_some() && alternatives(schema).is_none();
    if !is_interface {
        return format!("{}export type {name} = {};\n", comment("", schema), type_of(schema));
    }
    let mut text = format!("{}export interface {name} {{\n", comment("", schema));
    for (name, of, mark) in members(schema) {
        let mut type_name = type_of(of);
        if left == Left::Out && mark == "?" {
            type_name = type_name.trim_end_matches(" | null").to_owned();
        }
        text.push_str(&comment("  ", of));
        text.push_str(&format!("  {name}{mark}: {type_name};\n"));
    }
    text.push_str("}\n");
    text
}

/// The description of a schema as a comment, with its line's end.
fn comment(indent: &str, schema: &Json) -> String {
    let Some(text) = schema.get("description").and_then(Json::as_str) else { return String::new() };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = textwrap::wrap(&text, COLUMNS - indent.len() - "/** */".len() - 1);
    match &lines[..] {
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String = lines.iter().map(|line| format!("{indent} * {line}\n")).collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

/// The members of an object, with `?` where one may be missing.
fn members(schema: &Json) -> impl Iterator<Item = (&str, &Json, &'static str)> {
    let required = schema.get("required").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let properties = schema.get("properties").and_then(Json::as_object).into_iter().flatten();
    properties.map(move |(name, of)| {
        let is_required = required.iter().any(|required| required == name);
        (name.as_str(), of, if is_required { "" } else { "?" })
    })
}

fn alternatives(schema: &Json) -> Option<&Vec<Json>> {
    ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key)?.as_array())
}

/// The type of what a schema allows.
fn type_of(schema: &Json) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return union(words.iter().map(Json::to_string));
    }
    if let Some(all) = alternatives(schema) {
        return union(all.iter().map(type_of));
    }
    match schema.get("type") {
        Some(Json::Array(names)) => union(names.iter().filter_map(Json::as_str).map(|name| plain(name, schema))),
        Some(Json::String(name)) => plain(name, schema),
        _ => "unknown".to_owned(),
    }
}

fn plain(name: &str, schema: &Json) -> String {
    match name {
        "integer" | "number" => "number".to_owned(),
        "array" => array(schema),
        "object" => object(schema),
        other => other.to_owned(),
    }
}

fn array(schema: &Json) -> String {
    if let Some(items) = schema.get("prefixItems").and_then(Json::as_array) {
        return format!("[{}]", items.iter().map(type_of).collect::<Vec<_>>().join(", "));
    }
    let item = schema.get("items").map_or_else(|| "unknown".to_owned(), type_of);
    if item.contains(" | ") { format!("({item})[]") } else { format!("{item}[]") }
}

fn object(schema: &Json) -> String {
    if schema.get("properties").is_some() {
        let members: Vec<String> =
            members(schema).map(|(name, of, mark)| format!("{name}{mark}: {}", type_of(of))).collect();
        return format!("{{ {} }}", members.join("; "));
    }
    let value = schema.get("additionalProperties").map_or_else(|| "unknown".to_owned(), type_of);
    format!("Record<string, {value}>")
}

/// The types together, each once.
fn union(types: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for one in types {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all.join(" | ")
}
