//! Open places in a text: what stands in double braces is to be filled in.

use std::ops::Range;

/// The longest that an open place is; what is longer was not meant as one.
const LONGEST: usize = 400;

/// A text with its open places filled, in one pass: a value that looks like an open place stays as
/// it is, and so does a place for which there is no value.
pub(crate) fn filled(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut end = 0;
    for place in places(text) {
        out.push_str(&text[end..place.start]);
        match value(inside(&text[place.clone()])) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&text[place.clone()]),
        }
        end = place.end;
    }
    out + &text[end..]
}

/// What stands in the open places of a text: `title` for `{{title}}`.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    places(text).map(|place| inside(&text[place]))
}

/// What stands between the braces.
fn inside(place: &str) -> &str {
    place.trim_start_matches("{{").trim_end_matches("}}").trim()
}

/// Where the open places of a text are, with their braces. None goes over a blank line.
pub(super) fn places(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(at) = text[from..].find("{{").map(|at| from + at) {
            let inside = &text[at + 2..];
            let is_one = |inside: &str| {
                let is_short = inside.len() <= LONGEST && !inside.contains("\n\n");
                is_short && !inside.contains('{') && !inside.trim().is_empty()
            };
            if let Some(end) = inside.find("}}").filter(|&end| is_one(&inside[..end])) {
                from = at + 2 + end + 2;
                return Some(at..from);
            }
            from = at + 1;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once() {
        let value = |key: &str| match key {
            "a" => Some("{{b}}".to_owned()),
            "b" => Some("B".to_owned()),
            _ => None,
        };
        let check = |text: &str, expect: &str| assert_eq!(filled(text, &value), expect);
        check("{{a}} {{b}} {{ b }}", "{{b}} B B");
        check("{{c}}, { b }, {{}}, {{{b}}", "{{c}}, { b }, {{}}, {B");
        check("{{b", "{{b");
        check("{{not\n\nb}}", "{{not\n\nb}}");
        assert_eq!(words("{{a}} x {{what\nelse}}").collect::<Vec<_>>(), ["a", "what\nelse"]);
    }
}
