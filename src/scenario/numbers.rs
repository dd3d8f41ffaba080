//! Numbers of a scenario held against the ranges of a schema.

use serde_json::{Number, Value as Json};
use toml::de::DeValue;

/// What is wrong with a number, as the end of a sentence: `must be at least 0 and at most 1, not
/// 2`.
pub(super) fn fault(number: &DeValue<'_>, schema: &Json) -> Option<String> {
    let wants_integer = schema.get("type").is_some_and(|kind| kind == "integer");
    let shown = shown(number);
    let value = match number {
        DeValue::Integer(integer) => match i128::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(exact) => exact as f64,
            Err(_) => return Some(format!("is out of every range: {shown}")),
        },
        DeValue::Float(_) if wants_integer => return Some(format!("must be a whole number, not {shown}")),
        DeValue::Float(float) => float.as_str().parse().unwrap_or(f64::NAN),
        _ => return None,
    };
    if !value.is_finite() {
        return Some(format!("must be a finite number, not {shown}"));
    }
    let range = Range::of(schema);
    if !range.contains(value, number) {
        return Some(format!("must be {}, not {shown}", range.in_words(value)));
    }
    let is_rough = schema.get("format").is_some_and(|format| format == "ppm") && to_ppb(value).is_none();
    is_rough.then(|| format!("must have at most three decimals, not {shown}"))
}

/// A number of parts per million as a whole number of parts per billion, if it is one.
pub(super) fn to_ppb(ppm: f64) -> Option<i64> {
    let ppb = (ppm * 1000.0).round();
    (ppb / 1000.0 == ppm && ppb.abs() < 1e15).then_some(ppb as i64)
}

/// A number as the scenario has it, if that is short.
pub(super) fn shown(number: &DeValue<'_>) -> String {
    let text = match number {
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Float(float) => float.as_str().to_owned(),
        _ => String::new(),
    };
    match text.char_indices().nth(24) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

struct Range<'a> {
    least: Option<&'a Number>,
    most: Option<&'a Number>,
    above: Option<&'a Number>,
    /// What the type can hold, for whole numbers.
    holds: (i128, i128),
}

impl<'a> Range<'a> {
    fn of(schema: &'a Json) -> Range<'a> {
        let bound = |word| schema.get(word).and_then(Json::as_number);
        let holds = match schema.get("format").and_then(Json::as_str) {
            Some("uint8") => (0, u8::MAX.into()),
            Some("uint16") => (0, u16::MAX.into()),
            Some("uint32") => (0, u32::MAX.into()),
            Some("uint64" | "uint") => (0, u64::MAX.into()),
            Some("int8") => (i8::MIN.into(), i8::MAX.into()),
            Some("int16") => (i16::MIN.into(), i16::MAX.into()),
            Some("int32") => (i32::MIN.into(), i32::MAX.into()),
            _ => (i64::MIN.into(), i64::MAX.into()),
        };
        Range { least: bound("minimum"), most: bound("maximum"), above: bound("exclusiveMinimum"), holds }
    }

    fn contains(&self, value: f64, number: &DeValue<'_>) -> bool {
        let is_held = match number {
            DeValue::Integer(integer) => i128::from_str_radix(integer.as_str(), integer.radix())
                .is_ok_and(|exact| (self.holds.0..=self.holds.1).contains(&exact)),
            _ => true,
        };
        let of = |bound: Option<&Number>| bound.and_then(Number::as_f64);
        is_held
            && of(self.least).is_none_or(|least| value >= least)
            && of(self.most).is_none_or(|most| value <= most)
            && of(self.above).is_none_or(|above| value > above)
    }

    /// The range as the schema states it; where it states no end, what the type can hold, if that
    /// is what matters.
    fn in_words(&self, value: f64) -> String {
        let least = self.least.map(|least| format!("at least {}", grouped(least)));
        let above = self.above.map(|above| format!("above {}", grouped(above)));
        let most = self.most.map(|most| format!("at most {}", grouped(most)));
        let held = || (value > self.holds.1 as f64).then(|| format!("at most {}", grouped(&self.holds.1)));
        let parts: Vec<String> = above.or(least).into_iter().chain(most.or_else(held)).collect();
        match parts.is_empty() {
            true => "a smaller number".to_owned(),
            false => parts.join(" and "),
        }
    }
}

/// A bound with its thousands told apart: `4,000,000,000`.
pub(crate) fn grouped(number: &impl ToString) -> String {
    let text = number.to_string();
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let digits = text.trim_start_matches('-');
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{}{}", &text[..text.len() - digits.len()], groups.join(","))
}
