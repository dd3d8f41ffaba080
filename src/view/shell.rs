//! Words of commands, as a shell reads them back.

use unicode_width::UnicodeWidthStr;

use crate::scenario::visible::is_invisible;

/// The word as it can be typed: quoted where it must be, and only there.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@+,%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else if word.contains(is_invisible) {
        // The one way to write what is not seen.
        format!("$'{}'", escaped(word))
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn escaped(word: &str) -> String {
    let escape = |c: char| match c {
        '\'' | '\\' => format!("\\{c}"),
        c if is_invisible(c) && u32::from(c) > 0xffff => format!("\\U{:08X}", u32::from(c)),
        c if is_invisible(c) => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    word.chars().map(escape).collect()
}

/// A command in lines of at most `columns` columns where its flags allow it, joined as a shell
/// joins them.
pub fn in_lines(command: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (index, part) in command.split(" --").enumerate() {
        let part = if index == 0 { part.to_owned() } else { format!("--{part}") };
        match lines.last_mut() {
            // Two columns are for the sign that the command goes on.
            Some(line) if line.width() + 1 + part.width() + 2 <= columns => line.push_str(&format!(" {part}")),
            Some(line) => {
                line.push_str(" \\");
                lines.push(format!("    {part}"));
            }
            None => lines.push(part),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_quoted_words_back() {
        for (word, expect) in [("a:b:1=lose", "a:b:1=lose"), ("it's", "'it'\\''s'"), ("a b", "'a b'"), ("", "''")] {
            assert_eq!(quoted(word), expect);
            assert_eq!(shlex::split(&quoted(word)), Some(vec![word.to_owned()]));
        }
    }

    #[test]
    fn what_is_not_seen_is_written_by_its_number() {
        assert_eq!(quoted("it's \u{202e}\u{e0041}\\"), "$'it\\'s \\u202E\\U000E0041\\\\'");
    }

    #[test]
    fn a_long_command_goes_on_in_the_next_line() {
        let check = |columns, expect: &[&str]| assert_eq!(in_lines("dsys run a --set b=1 --seed 7", columns), expect);
        check(40, &["dsys run a --set b=1 --seed 7"]);
        check(30, &["dsys run a --set b=1 \\", "    --seed 7"]);
        check(10, &["dsys run a \\", "    --set b=1 \\", "    --seed 7"]);
    }
}
