//! Texts in pictures: how wide they are, how they are shortened and wrapped, and the command under
//! them.
//!
//! A picture cannot measure text, since the font is the viewer's. The widths here are those of a
//! wide sans serif, so that in most fonts a text takes a little less room than was kept for it.

use crate::scenario::Scenario;
use crate::scenario::visible::visible;

use super::shell::quoted;

/// The width of `text` in a font of this size, estimated.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// The width of a character as a part of the font's size.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '|' | '!' | '.' | ',' | ':' | ';' | '\'' | '`' => 0.33,
        ' ' | 'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '"' => 0.41,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' | '…' | '→' => 0.99,
        'A'..='Z' => 0.72,
        '\u{2e80}'.. => 1.05,
        _ => 0.64,
    }
}

/// The text in one line with everything to be seen: every run of blanks and line breaks becomes one
/// blank.
pub(super) fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// The text in one line that is at most `room` wide, cut with `…` if need be.
pub(super) fn shorten(text: &str, room: f64, size: f64) -> String {
    let text = one_line(text);
    if width(&text, size) <= room {
        return text;
    }
    let mut left = room - em('…') * size;
    let fits = |c: &char| {
        left -= em(*c) * size;
        left >= 0.0
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// The text in lines that are at most `room` wide; the last of at most `lines` is cut with `…` if
/// need be.
pub(super) fn wrap(text: &str, room: f64, size: f64, lines: usize) -> Vec<String> {
    let text = one_line(text);
    let mut wrapped: Vec<String> = Vec::new();
    let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
    while wrapped.len() + 1 < lines && words.peek().is_some() {
        let mut line = String::new();
        while let Some(word) = words.peek() {
            let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
            if !line.is_empty() && width(&longer, size) > room {
                break;
            }
            line = longer;
            words.next();
        }
        wrapped.push(shorten(&line, room, size));
    }
    let rest = words.collect::<Vec<_>>().join(" ");
    if !rest.is_empty() {
        wrapped.push(shorten(&rest, room, size));
    }
    wrapped
}

/// `1st`, `2nd`, `3rd`, `4th` …
pub(super) fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// What a crash took from a disk.
pub(super) fn writes_lost(writes: u32, all: bool) -> String {
    let them = if writes == 1 { "it is" } else { "they are" };
    match (all, writes) {
        (true, 1) => "the disk is lost, with the one write on it".to_owned(),
        (true, _) => format!("the disk is lost, with {writes} writes on it"),
        (false, 1) => format!("the last write was not synced: {them} gone"),
        (false, _) => format!("the last {writes} writes were not synced: {them} gone"),
    }
}

/// How fast an oscillator runs, in parts per million where that is a whole number: `+50 ppm`.
pub(super) fn drift(ppb: i64) -> String {
    if ppb % 1_000 == 0 { format!("{:+} ppm", ppb / 1_000) } else { format!("{ppb:+} ppb") }
}

/// The command that makes this run again.
pub(super) fn command(scenario: &Scenario) -> String {
    let mut command = format!("dsys run {} --seed {}", quoted(&scenario.name), scenario.seed);
    for (key, value) in scenario.overridden.iter().filter(|(key, _)| key != "seed") {
        command.push_str(&format!(" --set {}", quoted(&format!("{key}={value}"))));
    }
    let by_hand = scenario.forced.iter().filter(|_| scenario.forced_by_flag);
    for forced in by_hand {
        let (name, option) = (forced.choice.name(&scenario.names), forced.decision.option(&scenario.names));
        command.push_str(&format!(" --force {}", quoted(&format!("{name}={option}"))));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_room_ends() {
        assert_eq!(shorten("attack", 200.0, 20.0), "attack");
        assert_eq!(shorten("attack\n\tat \u{0} dawn", 400.0, 20.0), "attack at \\u{0} dawn");
        let cut = shorten("attack at dawn", 100.0, 20.0);
        assert!(cut.ends_with('…') && cut.starts_with("att") && width(&cut, 20.0) <= 100.0, "{cut}");
    }

    #[test]
    fn a_text_is_wrapped_between_words() {
        let check = |lines, expect: &[&str]| assert_eq!(wrap("one two three four five", 130.0, 20.0, lines), expect);
        check(9, &["one two", "three four", "five"]);
        check(2, &["one two", "three four…"]);
        assert_eq!(wrap("", 130.0, 20.0, 2), [""; 0]);
    }
}
