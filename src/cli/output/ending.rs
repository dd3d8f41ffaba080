//! The format that the ending of a file's name says: one rule for every command that writes a file.
//!
//! An ending that says a format decides where the command writes that format, and is refused where
//! it does not. Any other ending, or none, says nothing.

use std::path::Path;

use super::is_stdout;
use crate::cli::usage::usage;
use crate::scenario::visible::visible;

/// Endings that say a format, whether or not some command writes it. An ending that ends in another
/// stands before it.
const KNOWN: [&str; 36] = [
    ".perfetto.json",
    ".json",
    ".jsonl",
    ".ndjson",
    ".csv",
    ".tsv",
    ".svg",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".bmp",
    ".tiff",
    ".ico",
    ".pdf",
    ".ps",
    ".eps",
    ".html",
    ".htm",
    ".xhtml",
    ".xml",
    ".mmd",
    ".shiviz",
    ".toml",
    ".yaml",
    ".yml",
    ".md",
    ".xlsx",
    ".ods",
    ".docx",
    ".odt",
    ".parquet",
    ".sqlite",
    ".zip",
    ".gz",
];

/// The ending of a file's name, in small letters, if it says a format.
fn said(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    // A name that is nothing but an ending is that of a hidden file.
    KNOWN.into_iter().find(|ending| name.len() > ending.len() && name.ends_with(ending))
}

/// What a flag that names a file can write there.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Endings<'a, F> {
    /// The flag, or the word for an argument.
    pub(in crate::cli) flag: &'a str,
    /// The formats that have endings, in the order in which they are told.
    pub(in crate::cli) formats: &'a [(&'static str, F)],
    /// What a file of another ending gets.
    pub(in crate::cli) otherwise: &'a str,
    /// Where to get what this flag does not write: an ending, and what to write instead.
    pub(in crate::cli) elsewhere: &'a [(&'static str, &'a str)],
}

impl<F: Copy + PartialEq> Endings<'_, F> {
    /// The format that the file gets: as `--format` says, else its ending; `None` if neither says
    /// one.
    ///
    /// # Errors
    ///
    /// When the ending says a format that cannot be written there, or another than `--format` does.
    pub(in crate::cli) fn format(&self, path: &Path, asked: Option<(&str, F)>) -> anyhow::Result<Option<F>> {
        let asked_for = asked.map(|(_, format)| format);
        let Some(ending) = said(path).filter(|_| !is_stdout(path)) else { return Ok(asked_for) };
        let shown = path.to_string_lossy();
        let shown = visible(&shown);
        let Some(&(_, format)) = self.formats.iter().find(|(known, _)| *known == ending) else {
            return Err(usage(
                format!("`{} {shown}`: {ending} is not a format that this writes", self.flag),
                self.help(ending),
            ));
        };
        match asked {
            Some((word, asked)) if asked != format => {
                let message = format!("`--format {word}` contradicts the ending of `{shown}`");
                Err(usage(message, "leave `--format` out, or give the file another ending"))
            }
            _ => Ok(Some(format)),
        }
    }

    fn help(&self, ending: &str) -> String {
        if let Some((_, instead)) = self.elsewhere.iter().find(|(known, _)| *known == ending) {
            return (*instead).to_owned();
        }
        let endings: Vec<String> = self.formats.iter().map(|(ending, _)| format!("`{ending}`")).collect();
        let otherwise = format!("with `.txt`, or without an ending, it is {}", self.otherwise);
        match endings.split_last() {
            None => otherwise,
            Some((last, [])) => format!("end the file's name in {last}; {otherwise}"),
            Some((last, others)) => format!("end the file's name in {} or {last}; {otherwise}", others.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides_unless_it_says_nothing() {
        let endings = Endings {
            flag: "-o",
            formats: &[(".json", 1), (".svg", 2)],
            otherwise: "text",
            elsewhere: &[(".toml", "T")],
        };
        let check = |name: &str, asked: Option<i32>, expect: Result<Option<i32>, &str>| {
            let found = endings.format(Path::new(name), asked.map(|asked| ("word", asked)));
            let found = found.map_err(|error| error.to_string());
            match (&found, expect) {
                (Err(said), Err(part)) => assert!(said.contains(part), "{said}"),
                _ => {
                    assert_eq!(found.as_ref().map_err(String::as_str), expect.as_ref().map_err(|part| *part), "{name}");
                }
            }
        };
        for name in ["r", "r.txt", "r.log", ".json", "json", "a.json/r", "-"] {
            check(name, None, Ok(None));
            check(name, Some(2), Ok(Some(2)));
        }
        for name in ["r.json", "R.JSON", "a.svg.json"] {
            check(name, None, Ok(Some(1)));
            check(name, Some(1), Ok(Some(1)));
            check(name, Some(2), Err("`--format word` contradicts the ending"));
        }
        check("r.png", None, Err("`-o r.png`: .png is not a format that this writes"));
        check("r.perfetto.json", None, Err(".perfetto.json is not a format"));
        check("r.toml", Some(1), Err(".toml is not a format"));
    }

    #[test]
    fn no_known_ending_hides_another() {
        for (at, ending) in KNOWN.iter().enumerate() {
            assert!(!KNOWN[..at].iter().any(|before| ending.ends_with(before)), "{ending}");
        }
    }
}
