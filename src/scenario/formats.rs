//! Texts of a scenario that must read as something: durations, names.
//!
//! A schema names the form after `format`. Its `pattern` tells editors roughly the same; here it is
//! decided exactly.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value as Json;

use super::findings::short;
use crate::process::NodeId;
use crate::time::{Span, SpanError};

/// A duration, with a sign or without.
pub(super) const SPAN: &str = "span";
/// A duration that is not negative.
pub(super) const SPAN_FROM_ZERO: &str = "span-from-zero";
/// A duration that is longer than nothing.
pub(super) const SPAN_ABOVE_ZERO: &str = "span-above-zero";
/// Text without line breaks.
pub(super) const LINE: &str = "line";
/// A node's name.
pub(super) const NODE_NAME: &str = "node-name";

/// The name of one of the scenario's nodes.
const NODE: &str = "node";

/// What the longest name of a node may be.
pub(super) const LONGEST_NAME: usize = 40;

const HOW_TO_SPAN: &str = "a duration is a number with its unit in quotes, as in `\"50ms\"`, `\"1.5s\"` or `\"2h\"`";

/// What a text must be, in words.
pub(super) fn phrase(schema: &Json) -> &'static str {
    match format_of(schema) {
        SPAN | SPAN_FROM_ZERO | SPAN_ABOVE_ZERO => "a duration such as `\"50ms\"`",
        NODE_NAME | NODE => "a node's name",
        _ => "text",
    }
}

/// What is wrong with a text that is the value of `key`, and what to write instead, if there is
/// more to say.
pub(super) fn fault(key: &str, text: &str, schema: &Json) -> Option<(String, &'static str)> {
    if text.trim().is_empty() && schema.get("minLength").is_some() {
        return Some((format!("`{key}` must not be empty"), ""));
    }
    match format_of(schema) {
        format @ (SPAN | SPAN_FROM_ZERO | SPAN_ABOVE_ZERO) => span_fault(key, text, format),
        LINE if text.contains(char::is_control) => Some((format!("`{key}` must be a single line"), "")),
        NODE_NAME => name_fault(text),
        _ => None,
    }
}

/// Whether a schema is that of a [`NodeId`].
pub(super) fn is_node(schema: &Json) -> bool {
    format_of(schema) == NODE
}

impl JsonSchema for NodeId {
    fn schema_name() -> Cow<'static, str> {
        "NodeId".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": NODE, "description": "The name of a node." })
    }
}

/// Reads a node by its place, which [`Params::read`](super::Params::read) has put where the name
/// was.
impl<'de> Deserialize<'de> for NodeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NodeId, D::Error> {
        let place = <Cow<'_, str>>::deserialize(deserializer)?;
        place.parse().map(NodeId::new).map_err(|_| D::Error::custom("names of nodes can stand in `params` only"))
    }
}

fn format_of(schema: &Json) -> &str {
    schema.get("format").and_then(Json::as_str).unwrap_or_default()
}

fn span_fault(key: &str, text: &str, format: &str) -> Option<(String, &'static str)> {
    let shown = short(text);
    let fault = match text.parse::<Span>() {
        Err(SpanError::TooLong(_)) => format!("`{key}` must be at most ten years, not `{shown}`"),
        Err(SpanError::Unreadable(_)) => {
            return Some((format!("`{key}` must be a duration, not `{shown}`"), HOW_TO_SPAN));
        }
        Ok(span) if format == SPAN_FROM_ZERO && span.is_negative() => {
            format!("`{key}` must not be negative: `{shown}`")
        }
        Ok(span) if format == SPAN_ABOVE_ZERO && span <= Span::ZERO => {
            format!("`{key}` must be longer than nothing, not `{shown}`")
        }
        Ok(_) => return None,
    };
    Some((fault, ""))
}

fn name_fault(name: &str) -> Option<(String, &'static str)> {
    let of_a_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = name.bytes().all(of_a_name) && name.starts_with(|first: char| first.is_ascii_lowercase());
    let help = match name {
        "setup" | "load" => "choices that belong to no node begin with `setup` and `load`",
        _ if is_name && name.len() <= LONGEST_NAME => return None,
        _ => "a name is a letter of `a` to `z`, then letters, digits and `-`, at most 40 in all",
    };
    Some((format!("`{}` cannot be a node's name", short(name)), help))
}
