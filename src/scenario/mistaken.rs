//! What a text is that is no TOML: somebody gave the wrong file, and a parser's first stumble would
//! not tell them.

/// What the text is, if it is plainly something else than a scenario.
pub(super) fn what(text: &str) -> Option<&'static str> {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let first_line = start.lines().next().unwrap_or_default();
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if start.starts_with(['{', '[', '"']) && is_json(start) {
        Some("JSON")
    } else if start.starts_with('{') && is_json(first_line) {
        Some("lines of JSON")
    } else if start.starts_with('{') {
        Some("something like JSON")
    } else if start.starts_with('<') {
        Some("HTML or XML")
    } else if start.starts_with("---") || is_of(start, is_yaml) {
        Some("YAML")
    } else if is_of(start, |line| !is_toml(line)) {
        Some("plain text")
    } else {
        None
    }
}

/// Whether each of the first lines that say something is of a kind.
fn is_of(text: &str, is_kind: fn(&str) -> bool) -> bool {
    const LOOKED_AT: usize = 50;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut lines = lines.take(LOOKED_AT).peekable();
    lines.peek().is_some() && lines.all(is_kind)
}

fn is_yaml(line: &str) -> bool {
    let key =
        line.trim_start_matches("- ").split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' '));
    line.starts_with("- ") || key.is_some_and(|(key, _)| is_key(key))
}

/// Whether a line could stand in TOML: a key with its value, or the name of a table.
fn is_toml(line: &str) -> bool {
    let is_header =
        line.starts_with('[') && !line.starts_with("[ ") && line.trim_end().ends_with(']') && !line.contains(' ');
    is_header || line.split_once('=').is_some_and(|(key, _)| is_key(key.trim()))
}

fn is_key(word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.\"'".contains(c);
    !word.is_empty() && (word.chars().all(is_plain) || word.starts_with(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_scenario_is_called_by_its_name() {
        for (text, expect) in [
            ("{ \"title\": 1 }", Some("JSON")),
            ("\u{feff}[1, 2]\n", Some("JSON")),
            ("{\"id\":0}\n{\"id\":1}\n", Some("lines of JSON")),
            ("{ \"title\": ", Some("something like JSON")),
            ("<!doctype html>\n", Some("HTML or XML")),
            ("---\ntitle: x\n", Some("YAML")),
            ("title: x\nnodes:\n- a\n", Some("YAML")),
            ("2026-11-29 12:00:01 INFO started x=1\n2026-11-29 12:00:02 INFO ended\n", Some("plain text")),
            ("[2026-11-29 12:00:01] started\n", Some("plain text")),
            ("Dear all,\nthe meeting\n", Some("plain text")),
            ("title = \"x\"\nnodes == 2\n", None),
            ("# only a comment\n", None),
            ("[network]\nloss 0.2\n", None),
            ("", None),
        ] {
            assert_eq!(what(text), expect, "{text}");
        }
    }
}
