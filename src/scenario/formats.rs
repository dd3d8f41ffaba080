//! Texts of a scenario that must read as something: durations, names.
//!
//! A schema names the form after `format`. Its `pattern` tells editors roughly the same; here it is decided exactly.

use serde_json::Value as Json;

use crate::time::{Span, SpanError};

/// A duration, with a sign or without.
pub(super) const SPAN: &str = "span";
/// A duration that is not negative.
pub(super) const SPAN_FROM_ZERO: &str = "span-from-zero";
/// A duration that is longer than nothing.
pub(super) const SPAN_ABOVE_ZERO: &str = "span-above-zero";
/// A node's name.
pub(super) const NODE_NAME: &str = "node-name";

/// What the longest name of a node may be.
pub(super) const LONGEST_NAME: usize = 40;

const HOW_TO_SPAN: &str = "a duration is a number with its unit in quotes, as in `\"50ms\"`, `\"1.5s\"` or `\"2h\"`";
const HOW_TO_NAME: &str = "a node's name is at most 40 of `a` to `z`, `0` to `9` and `-`, a letter first";

/// What a text must be, in words.
pub(super) fn phrase(schema: &Json) -> &'static str {
    match format_of(schema) {
        SPAN | SPAN_FROM_ZERO | SPAN_ABOVE_ZERO => "a duration such as `\"50ms\"`",
        NODE_NAME => "a node's name",
        _ => "text",
    }
}

/// What is wrong with a text, as the end of a sentence, and what to write instead.
pub(super) fn fault(text: &str, schema: &Json) -> Option<(String, &'static str)> {
    if text.trim().is_empty() && schema.get("minLength").is_some() {
        return Some(("must not be empty".to_owned(), ""));
    }
    match format_of(schema) {
        format @ (SPAN | SPAN_FROM_ZERO | SPAN_ABOVE_ZERO) => span_fault(text, format),
        NODE_NAME => name_fault(text).map(|fault| (fault, HOW_TO_NAME)),
        _ => None,
    }
}

fn format_of(schema: &Json) -> &str {
    schema.get("format").and_then(Json::as_str).unwrap_or_default()
}

fn span_fault(text: &str, format: &str) -> Option<(String, &'static str)> {
    let fault = match text.parse::<Span>() {
        Err(SpanError::TooLong(_)) => format!("is too long: `{text}` is more than ten years"),
        Err(SpanError::Unreadable(_)) => return Some((format!("must be a duration, not `{text}`"), HOW_TO_SPAN)),
        Ok(span) if format == SPAN_FROM_ZERO && span.is_negative() => format!("must not be negative: `{text}`"),
        Ok(span) if format == SPAN_ABOVE_ZERO && span <= Span::ZERO => {
            format!("must be longer than nothing, not `{text}`")
        }
        Ok(_) => return None,
    };
    Some((fault, ""))
}

fn name_fault(name: &str) -> Option<String> {
    if name == "setup" || name == "load" {
        return Some(format!("cannot hold a node called `{name}`: choices are named after it"));
    }
    let of_a_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = name.bytes().all(of_a_name) && name.starts_with(|first: char| first.is_ascii_lowercase());
    (!is_name || name.len() > LONGEST_NAME).then(|| format!("cannot hold a node called `{name}`"))
}
