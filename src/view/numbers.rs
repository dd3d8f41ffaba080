//! Figures in words: as many digits as help, and no more.

use crate::check::Measure;
use crate::process::Names;
use crate::time::Span;

/// A number to four digits or so: `0.0812`, `3.686`, `0.00038`, `1,204`.
pub(super) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    if size >= 1_000.0 {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}", grouped(&format!("{size:.0}")));
    }
    let mut decimals = if size >= 100.0 { 1 } else { 4 };
    let mut small = size;
    while small > 0.0 && small < 0.01 && decimals < 12 {
        small *= 10.0;
        decimals += 1;
    }
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A figure of a measure in its unit, where the unit says how to write it: `12.5ms`.
pub(super) fn in_unit(value: f64, unit: &str) -> String {
    // Beyond what a span can be, it is held there.
    if unit == "ns" { Span::from_ns(value.round() as i64).rounded() } else { short(value) }
}

/// Digits in groups of three: `1,234`.
pub(super) fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The unit of a measure, if it is a word that can stand behind a figure: not the name of the
/// measure, not a range, and not where the measure has words of its own.
pub(super) fn unit_in_words(measure: &Measure) -> Option<&'static str> {
    let is_word = measure.unit != "ns" && !measure.unit.starts_with(|c: char| c.is_ascii_digit());
    (is_word && measure.unit != measure.name && measure.in_words.is_none()).then_some(measure.unit)
}

/// A measure's value with its unit, for people.
pub(crate) fn amount(value: i64, measure: &Measure) -> String {
    if measure.unit == "ns" {
        return Span::from_ns(value).rounded();
    }
    let sign = if value < 0 { "-" } else { "" };
    let number = format!("{sign}{}", grouped(&value.unsigned_abs().to_string()));
    match unit_in_words(measure) {
        None => number,
        Some(unit) if value == 1 => format!("1 {}", unit.strip_suffix('s').unwrap_or(unit)),
        Some(unit) => format!("{number} {unit}"),
    }
}

/// A measure's value with all that the measure says of it: `3: bob knows that alice knows the
/// plan`.
pub(super) fn told(value: i64, measure: &Measure, names: &Names) -> String {
    match measure.in_words {
        // A length of time is words enough.
        Some(in_words) if measure.unit != "ns" => format!("{value}: {}", in_words(value, names)),
        _ => amount(value, measure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_its_unit_once_and_in_words() {
        let check = |value, name, unit, in_words: Option<fn(i64, &Names) -> String>, expect: &str| {
            let measure = Measure { name, unit, in_words, ..crate::check::MESSAGES };
            assert_eq!(told(value, &measure, &Names::new(["bob"])), expect);
        };
        check(1, "attackers", "generals", None, "1 general");
        check(2_000, "attackers", "generals", None, "2,000 generals");
        check(1, "alone", "0 or 1", None, "1");
        check(1, "steps", "steps", None, "1");
        check(15_231_192, "max_error", "ns", Some(|ns, _| format!("{ns}")), "15.231ms");
        check(1, "depth", "knows", Some(|_, names| format!("{} knows", names.iter().next().unwrap())), "1: bob knows");
    }

    #[test]
    fn numbers_have_the_digits_that_help() {
        for (value, expect) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (0.081, "0.081"),
            (0.000_382_71, "0.000383"),
            (1e-9, "0.000000001"),
            (1e-30, "0"),
            (3.685_59, "3.6856"),
            (123.456, "123.5"),
            (1_234_567.8, "1,234,568"),
            (-0.25, "-0.25"),
            (-1e-20, "0"),
            (-12_345.0, "-12,345"),
            (f64::INFINITY, "–"),
        ] {
            assert_eq!(short(value), expect, "{value}");
        }
        assert_eq!((in_unit(12_500_000.0, "ns"), in_unit(2.5, "messages")), ("12.5ms".to_owned(), "2.5".to_owned()));
    }
}
