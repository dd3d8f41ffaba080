//! Text that somebody else wrote, made safe to show: what steers a terminal, turns the direction of
//! what follows or is not seen at all is shown as its number.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character is not seen, or changes how others are: controls, marks of direction, blanks
/// of no width.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with each invisible character as `\u{202E}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    shown(text, is_invisible)
}

/// The same, where the text has lines: their ends stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    shown(text, |c| c != '\n' && is_invisible(c))
}

fn shown(text: &str, is_escaped: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(is_escaped) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_escaped(c) {
            // Writing into a text cannot fail.
            let _ = write!(shown, "\\u{{{:X}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

/// The text with marks of as many bytes where invisible characters are, so that every place in it
/// stays where it is. Ends of lines and tabs stay.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    let is_masked = |c: char| !matches!(c, '\n' | '\r' | '\t') && is_invisible(c);
    if !text.contains(is_masked) {
        return text.into();
    }
    let mask = |c: char| {
        if is_masked(c) { ["", "?", "??", "\u{fffd}", "\u{fffd}?"][c.len_utf8()].to_owned() } else { c.into() }
    };
    text.chars().map(mask).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_shown_as_its_number() {
        for (text, expect) in [
            ("bob", "bob"),
            ("über → ∞ 囲碁", "über → ∞ 囲碁"),
            ("a\u{202e}b", "a\\u{202E}b"),
            ("a\u{1b}[31m\n", "a\\u{1B}[31m\\u{A}"),
            ("\u{feff}a\u{200b}\u{e0041}", "\\u{FEFF}a\\u{200B}\\u{E0041}"),
        ] {
            assert_eq!(visible(text), expect);
        }
        assert_eq!(visible_lines("a\nb\u{7}"), "a\nb\\u{7}");
    }

    #[test]
    fn a_mask_is_as_long_as_what_it_hides() {
        for text in ["a\u{202e}b", "\u{1b}[31m", "a\u{9b}", "\u{e0041}b", "a\n\tb"] {
            let masked = masked(text);
            assert!(masked.len() == text.len() && masked.chars().all(|c| c == '\n' || c == '\t' || !is_invisible(c)));
        }
    }
}
