//! Inks, and text that fits.
//!
//! The inks are middle tones of the 256 colours, near those of Okabe and Ito ("Color Universal
//! Design", 2008): each has a contrast of at least 3.5 on white and on black, so that a report can
//! be read on a projector and in either kind of terminal. None of them carries meaning alone: a
//! sign or a word always says the same.

use anstyle::{Ansi256Color, Style};
use unicode_width::UnicodeWidthStr;

use crate::scenario::visible::visible;
use crate::view::numbers;

/// What is written in the terminal's own colour.
pub(super) const PLAIN: Style = Style::new();
/// Titles and names of sections.
pub(super) const STRONG: Style = Style::new().bold();
/// What may be skipped.
pub(super) const FAINT: Style = ink(243);
/// Messages.
pub(super) const MESSAGE: Style = ink(32);
/// Lies and those who tell them.
pub(super) const LIE: Style = ink(133);
/// What is well.
pub(super) const GOOD: Style = ink(29).bold();
/// What went wrong.
pub(super) const BAD: Style = ink(166).bold();
/// What was lost, cut or is down.
pub(super) const LOST: Style = ink(166);
/// What processes tell their users.
pub(super) const TOLD: Style = ink(29).bold();
/// The presenter's words.
pub(super) const BEAT: Style = Style::new().bold().italic();

const fn ink(colour: u8) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi256(Ansi256Color(colour))))
}

/// The text in an ink. Blank text stays as it is.
pub(super) fn inked(style: Style, text: &str) -> String {
    if style.is_plain() || text.trim().is_empty() { text.to_owned() } else { format!("{style}{text}{style:#}") }
}

/// The columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text in one line with everything to be seen: what a scenario says cannot steer the terminal.
pub(super) fn clean(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// A story's Markdown without its asterisks: a terminal's reader needs `*emphasis*` less than plain
/// words. What stands in backquotes stays.
pub(super) fn without_emphasis(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        let is_code = index % 2 == 1;
        out.push_str(if index > 0 { "`" } else { "" });
        out.push_str(&if is_code { part.to_owned() } else { without_asterisks(part) });
    }
    out
}

fn without_asterisks(text: &str) -> String {
    let Some((before, rest)) = text.split_once('*') else { return text.to_owned() };
    let mark = if rest.starts_with('*') { "**" } else { "*" };
    let inner = &rest[mark.len() - 1..];
    match inner.split_once(mark) {
        Some((word, after)) if !word.is_empty() && !word.contains('*') && !word.starts_with(char::is_whitespace) => {
            format!("{before}{word}{}", without_asterisks(after))
        }
        _ => format!("{before}{mark}{}", without_asterisks(inner)),
    }
}

/// The text in lines of at most `room` columns. They break at blanks, so that a name with a hyphen
/// stays whole; a word that is longer than a line is broken.
pub(super) fn wrapped(text: &str, room: usize) -> Vec<String> {
    let options = textwrap::Options::new(room.max(1))
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(&clean(text), options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The text followed by blanks up to `columns`.
pub(super) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A count with its digits in groups of three: `1,234`.
pub(super) fn grouped(count: u64) -> String {
    numbers::grouped(&count.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_steer_the_terminal() {
        for (text, expect) in [
            ("a\u{1b}[31mb", "a\\u{1B}[31mb"),
            ("one\n two\t", "one two"),
            ("a\u{202e}b\u{9b}c", "a\\u{202E}b\\u{9B}c"),
        ] {
            assert_eq!(clean(text), expect);
        }
    }

    #[test]
    fn emphasis_is_plain_in_a_terminal() {
        for (text, expect) in [
            ("they *never* meet, **never**.", "they never meet, never."),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("`a*b*c` and *one* `*`", "`a*b*c` and one `*`"),
            ("*open", "*open"),
            ("**", "**"),
            ("*a* *b*", "a b"),
        ] {
            assert_eq!(without_emphasis(text), expect);
        }
    }

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(wrapped("dsys run more-acks-do-not-help", 24), ["dsys run", "more-acks-do-not-help"]);
    }

    #[test]
    fn digits_come_in_groups() {
        for (count, expect) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count), expect);
        }
    }

    /// The relative luminance of one of the 216 colours of the cube or of the greys. (WCAG 2.2,
    /// relative luminance.)
    fn luminance(colour: u8) -> f64 {
        let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
        let rgb = match colour {
            16..=231 => [(colour - 16) / 36, (colour - 16) / 6 % 6, (colour - 16) % 6].map(level),
            _ => [8 + 10 * (colour - 232); 3],
        };
        let linear = rgb.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    #[test]
    fn every_ink_is_seen_on_white_and_on_black() {
        for style in [FAINT, MESSAGE, LIE, GOOD, BAD, LOST, TOLD] {
            let Some(anstyle::Color::Ansi256(Ansi256Color(colour))) = style.get_fg_color() else { panic!("no colour") };
            let (on_white, on_black) = (1.05 / (luminance(colour) + 0.05), (luminance(colour) + 0.05) / 0.05);
            assert!(on_white >= 3.5 && on_black >= 3.5, "{colour}: {on_white:.2} on white, {on_black:.2} on black");
        }
    }
}
