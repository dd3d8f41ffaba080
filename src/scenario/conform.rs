//! Holds a value against a JSON Schema, and says everything that does not fit in plain words.
//!
//! The schema is made from the very types that serde then reads the value with, so a range, a
//! default or a list of words is written once, and an editor and the loader say the same. What does
//! not fit is taken out of the value: what is left can be read, and whatever is wrong with that is
//! found in the same pass.

use serde_json::Value as Json;
use std::ops::Range;
use toml::de::{DeArray, DeTable, DeValue};

use super::document::Tree;
use super::findings::{Findings, known, short};
use super::formats;
use super::numbers;

/// A name for the values that are held against a schema, and what its own text says of them.
#[derive(Clone, Copy)]
struct Key<'a> {
    name: &'a str,
    description: &'a str,
}

/// Takes out of `value` what does not fit `schema`. `name` is what the value is called. Returns
/// whether what is left of the value itself fits.
pub(super) fn conform(value: &mut Tree<'_>, schema: &Json, name: &str, findings: &mut Findings) -> bool {
    let description = schema.get("description").and_then(Json::as_str).unwrap_or_default();
    let key = Key { name, description: description.split("\n\n").next().unwrap_or_default() };
    let span = value.span();
    let mut kinds = Vec::new();
    alternatives(schema, &mut kinds);
    if kinds.iter().any(|kind| kind.get("type").is_none() && words(kind).next().is_none()) {
        return true;
    }
    let of = |names: &[&str]| -> Vec<&Json> {
        kinds.iter().copied().filter(|kind| names.iter().any(|name| is_type(kind, name))).collect()
    };
    match value.get_mut() {
        DeValue::String(text) => match &of(&["string"])[..] {
            [] => wrong_type(key, &kinds, span, &format!("the text `{}`", short(text)), findings),
            kinds => fits_text(text, kinds, key, span, findings),
        },
        number @ (DeValue::Integer(_) | DeValue::Float(_)) => match of(&["integer", "number"])[..] {
            [] => wrong_type(key, &kinds, span, &format!("the number {}", numbers::shown(number)), findings),
            [kind, ..] => match numbers::fault(number, kind) {
                None => true,
                Some(fault) => complain(key, span, &fault, findings),
            },
        },
        DeValue::Boolean(truth) => match of(&["boolean"])[..] {
            [] => wrong_type(key, &kinds, span, &format!("`{truth}`"), findings),
            _ => true,
        },
        DeValue::Array(items) => match of(&["array"])[..] {
            [] => wrong_type(key, &kinds, span, "a list", findings),
            [kind, ..] => fits_list(items, kind, key, span, findings),
        },
        DeValue::Table(entries) => match &of(&["object"])[..] {
            [] => wrong_type(key, &kinds, span, "a table", findings),
            [kind] => fits_table(entries, kind, span, findings),
            kinds => fits_one_of(entries, kinds, key, span, findings),
        },
        DeValue::Datetime(date) => wrong_type(key, &kinds, span, &format!("the date {date}"), findings),
    }
}

/// The plain schemas of which a value must fit one.
fn alternatives<'a>(schema: &'a Json, found: &mut Vec<&'a Json>) {
    let combined = || ["anyOf", "oneOf", "allOf"].iter().find_map(|word| schema.get(word)).and_then(Json::as_array);
    // Most have a type of their own, and looking for what they do not have takes its time.
    match if schema.get("type").is_some() { None } else { combined() } {
        Some(several) => several.iter().for_each(|one| alternatives(one, found)),
        None => found.push(schema),
    }
}

fn is_type(schema: &Json, name: &str) -> bool {
    match schema.get("type") {
        Some(Json::Array(several)) => several.iter().any(|one| one == name),
        Some(one) => one == name,
        None => name == "string" && words(schema).next().is_some(),
    }
}

/// The words that a schema allows, if it lists them.
fn words(schema: &Json) -> impl Iterator<Item = &str> + Clone {
    let listed = schema.get("enum").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    listed.iter().chain(schema.get("const")).filter_map(Json::as_str)
}

fn complain(key: Key<'_>, span: Range<usize>, fault: &str, findings: &mut Findings) -> bool {
    findings.add(span, format!("`{}` {fault}", key.name), key.description);
    false
}

fn wrong_type(key: Key<'_>, kinds: &[&Json], span: Range<usize>, found: &str, findings: &mut Findings) -> bool {
    let mut wanted: Vec<String> = Vec::new();
    for kind in kinds {
        let phrase = phrase(kind);
        if !wanted.contains(&phrase) {
            wanted.push(phrase);
        }
    }
    let message = format!("`{}` must be {}, not {found}", key.name, wanted.join(" or "));
    let is_list_of_tables = |kind: &&Json| {
        kind.pointer("/items/type").is_some_and(|kind| kind == "object") || kind.pointer("/items/oneOf").is_some()
    };
    if found == "a table" && kinds.iter().any(is_list_of_tables) {
        findings.add(span, message, format!("its rows begin with two brackets: `[[{}]]`", key.name));
    } else {
        findings.add(span, message, key.description);
    }
    false
}

/// What a schema wants, in words.
fn phrase(schema: &Json) -> String {
    let types = match schema.get("type") {
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        Some(Json::String(one)) => vec![one.as_str()],
        _ => vec!["string"],
    };
    let of_type = |name: &str| match name {
        "string" if words(schema).next().is_some() => "one of its words",
        "string" => formats::phrase(schema),
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        _ => "a table",
    };
    types.into_iter().map(of_type).collect::<Vec<_>>().join(" or ")
}

fn fits_text(text: &str, kinds: &[&Json], key: Key<'_>, span: Range<usize>, findings: &mut Findings) -> bool {
    if let Some(free) = kinds.iter().find(|kind| words(kind).next().is_none()) {
        return match formats::fault(key.name, text, free) {
            None => true,
            Some((message, help)) => {
                findings.add(span, message, if help.is_empty() { key.description } else { help });
                false
            }
        };
    }
    let all = kinds.iter().flat_map(|kind| words(kind));
    if all.clone().any(|word| word == text) {
        return true;
    }
    findings.add(span, format!("`{}` cannot be `{}`", key.name, short(text)), known("words", all, text));
    false
}

fn fits_list(items: &mut DeArray<'_>, kind: &Json, key: Key<'_>, span: Range<usize>, findings: &mut Findings) -> bool {
    let limit = |word| kind.get(word).and_then(Json::as_u64).and_then(|limit| usize::try_from(limit).ok());
    let (least, most) = (limit("minItems").unwrap_or(0), limit("maxItems").unwrap_or(usize::MAX));
    if !(least..=most).contains(&items.len()) {
        let (wanted, count) = match (least, most) {
            (least, most) if least == most => (format!("exactly {least}"), least),
            (least, usize::MAX) => (format!("at least {least}"), least),
            (least, most) => (format!("{least} to {most}"), most),
        };
        let values = if count == 1 { "value" } else { "values" };
        return complain(key, span, &format!("takes {wanted} {values}, and here {}", are(items.len())), findings);
    }
    let Some(of_items) = kind.get("items") else { return true };
    let mut kept = DeArray::new();
    for (index, mut item) in std::mem::replace(items, DeArray::new()).into_iter().enumerate() {
        // A tuple has a schema for each place.
        let schema = of_items.as_array().map_or(Some(of_items), |places| places.get(index));
        if schema.is_none_or(|schema| !findings.is_full() && conform(&mut item, schema, key.name, findings)) {
            kept.push(item);
        } else {
            findings.lose(span.clone(), key.name);
        }
    }
    *items = kept;
    // A list of a fixed length is of no use without one of its values.
    least < most || items.len() == most
}

fn are(count: usize) -> String {
    match count {
        0 => "is none".to_owned(),
        1 => "is 1".to_owned(),
        _ => format!("are {count}"),
    }
}

fn fits_table(entries: &mut DeTable<'_>, kind: &Json, span: Range<usize>, findings: &mut Findings) -> bool {
    let empty = serde_json::Map::new();
    let properties = kind.get("properties").and_then(Json::as_object).unwrap_or(&empty);
    let others = kind.get("additionalProperties");
    let required = kind.get("required").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let mut sound = true;
    for name in required.iter().filter_map(Json::as_str).filter(|&name| !entries.contains_key(name)) {
        let description = properties.get(name).and_then(|property| property.get("description"));
        let help = description.and_then(Json::as_str).unwrap_or_default();
        findings.add(span.clone(), format!("`{name}` is missing"), help);
        sound = false;
    }
    for (place, mut value) in std::mem::replace(entries, DeTable::new()) {
        let name: &str = place.get_ref();
        let fits = !findings.is_full()
            && match (properties.get(name), others) {
                (Some(schema), _) => conform(&mut value, schema, name, findings),
                (None, None | Some(Json::Bool(true))) => true,
                (None, Some(schema @ Json::Object(_))) if !is_misspelt(name, &value, schema, properties) => {
                    conform(&mut value, schema, name, findings)
                }
                (None, _) => {
                    let names = properties.keys().map(String::as_str);
                    let help = match properties.is_empty() {
                        true => "no further keys can stand here".to_owned(),
                        false => known("keys here", names, name),
                    };
                    findings.add(place.span(), format!("unknown key `{}`", short(name)), help);
                    false
                }
            };
        sound &= fits || !required.iter().any(|one| one == name);
        if fits {
            entries.insert(place, value);
        } else {
            findings.lose(span.clone(), name);
        }
    }
    sound
}

/// Whether a key that could be a name is rather a misspelt one of the table's own keys.
fn is_misspelt(name: &str, value: &Tree<'_>, others: &Json, properties: &serde_json::Map<String, Json>) -> bool {
    let is_other_kind = is_type(others, "object") && !value.get_ref().is_table();
    is_other_kind && super::nearest(name, properties.keys().map(String::as_str)).is_some()
}

/// A table that has exactly one of several keys: `{ crash = { … } }`.
fn fits_one_of(
    entries: &mut DeTable<'_>,
    kinds: &[&Json],
    key: Key<'_>,
    span: Range<usize>,
    findings: &mut Findings,
) -> bool {
    let Some(variants) = kinds.iter().map(|kind| variant(kind)).collect::<Option<Vec<_>>>() else { return true };
    let names = || variants.iter().map(|&(name, _)| name);
    let is_known = |name: &str| names().any(|known| known == name);
    for unknown in entries.keys().filter(|name| !is_known(name.get_ref())) {
        let name = unknown.get_ref();
        let message = format!("`{}` is no kind of `{}`", short(name), key.name);
        findings.add(unknown.span(), message, known("kinds", names(), name));
    }
    let given = entries.keys().filter(|name| is_known(name.get_ref()));
    let given: Vec<(String, Range<usize>)> = given.map(|name| (name.get_ref().to_string(), name.span())).collect();
    match &given[..] {
        [] if entries.is_empty() => {
            let message = format!("this `{}` does not say its kind", key.name);
            findings.add(span, message, known("kinds", names(), ""));
            false
        }
        [] => false,
        [(name, _)] => {
            let schema = variants.iter().find(|(variant, _)| variant == name).map(|&(_, schema)| schema);
            let value = entries.get_mut(name.as_str());
            let fits = schema.zip(value).is_some_and(|(schema, value)| conform(value, schema, name, findings));
            fits && entries.len() == 1
        }
        [(first, there), .., (last, place)] => {
            let message = format!("this `{}` has {} kinds, `{first}` and `{last}` among them", key.name, given.len());
            let message =
                if given.len() == 2 { format!("this `{}` is both `{first}` and `{last}`", key.name) } else { message };
            findings.add_beside(
                place.clone(),
                message,
                "exactly one kind can stand here",
                (there.clone(), "the first"),
            );
            false
        }
    }
}

/// The one key of a schema that has one, and what its value must fit.
fn variant(schema: &Json) -> Option<(&str, &Json)> {
    let properties = schema.get("properties")?.as_object()?;
    let (name, schema) = properties.iter().next().filter(|_| properties.len() == 1)?;
    Some((name, schema))
}
