//! Where a scenario comes from: inside the program, a file, or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;

use crate::library::{NotFound, Story, absent};
use crate::scenario::Request;

use super::library::{library, registry};
use super::output::Input;
use super::usage::usage;

/// The most that a scenario file may hold: larger is no scenario, but a mistake.
const MOST_BYTES: u64 = 1 << 20;

/// A scenario's text, with what to call it.
#[derive(Debug)]
pub(super) struct Source {
    /// The story's name.
    pub(super) name: String,
    /// What errors call the text.
    pub(super) origin: String,
    /// The problem and the name of one that ships.
    pub(super) ships: Option<String>,
    /// The text.
    pub(super) text: String,
    /// The file that it was read from, which no result may replace.
    pub(super) input: Option<Input>,
}

/// The scenario that an argument names.
pub(super) fn read(argument: &str) -> anyhow::Result<Source> {
    read_or(argument, &none_ships)
}

/// The same, where `none` says what is wrong with a name that no scenario has.
pub(super) fn read_or(argument: &str, none: &dyn Fn(&NotFound) -> anyhow::Error) -> anyhow::Result<Source> {
    if argument == "-" {
        let text = text(io::stdin().lock(), "standard input")?;
        let (name, origin) = ("stdin".to_owned(), "<stdin>".to_owned());
        return Ok(Source { name, origin, ships: None, text, input: Input::stdin() });
    }
    let path = Path::new(argument);
    if is_plainly_a_path(argument) {
        return file(path);
    }
    match library().find(argument) {
        Ok(story) => Ok(shipped(story)),
        Err(NotFound::Unknown { .. }) if path.exists() => file(path),
        Err(error) => Err(scenarios_of(argument).or_else(|| absent(argument)).unwrap_or_else(|| none(&error))),
    }
}

/// What to say of a protocol that is not here yet: the scenarios nearest to it, and what to read.
pub(super) fn absent(name: &str) -> Option<anyhow::Error> {
    let absent = absent::named(library(), name)?;
    let book = if library().file("notes/resources.md").is_some() { ", under `dsys notes resources`" } else { "" };
    Some(usage(absent.says(library()), format!("to read: “{}”{book}", absent.resource)))
}

/// What to say of the name of a problem or a protocol: the scenarios that it has.
fn scenarios_of(name: &str) -> Option<anyhow::Error> {
    let is_problem = registry().problem(name).is_some();
    let is_protocol = registry().protocols().any(|(_, entry)| entry.name == name);
    if !is_problem && !is_protocol {
        return None;
    }
    let is_its_own = |story: &Story| {
        let request = Request { origin: "", ..Request::new(&story.name, &story.text) };
        library().load(&request).is_ok_and(|scenario| [&*scenario.problem, &*scenario.protocol].contains(&name))
    };
    let stories = library().stories();
    let names: Vec<String> =
        stories.iter().filter(|story| is_its_own(story)).map(|story| format!("`{}`", story.name)).collect();
    let what = if is_problem { "problem" } else { "protocol" };
    let help = match &names[..] {
        [] => format!("no scenario of it ships; `dsys list {name}` tells of it"),
        [only] => format!("its scenario is {only}"),
        [others @ .., last] => format!("its scenarios are {} and {last}", others.join(", ")),
    };
    Some(usage(format!("`{name}` is a {what}, not a scenario"), help))
}

/// A path as it must be typed to be taken for one, and not for the name of a scenario that ships.
pub(super) fn typed(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_taken = !matches!(library().find(&text), Err(NotFound::Unknown { .. }));
    if !is_plainly_a_path(&text) && is_taken { format!("./{text}") } else { text.into_owned() }
}

/// The scenario of this name that ships.
pub(super) fn ships(name: &str) -> anyhow::Result<Source> {
    library().find(name).map(shipped).map_err(|error| none_ships(&error))
}

fn none_ships(error: &NotFound) -> anyhow::Error {
    usage(error.to_string(), "`dsys list --all` shows all scenarios; a path ends in `.toml`")
}

fn shipped(story: Story) -> Source {
    let (path, origin) = (story.path(), story.shown_origin().to_owned());
    let input = Input::file(Path::new(&story.origin));
    Source { origin, ships: Some(path), name: story.name, text: story.text, input }
}

fn is_plainly_a_path(argument: &str) -> bool {
    argument.ends_with(".toml") || argument.starts_with(['.', '/', '~']) || argument.contains('\\')
}

fn file(path: &Path) -> anyhow::Result<Source> {
    let shown = path.display();
    if path.is_dir() {
        return Err(usage(format!("`{shown}` is a directory"), "name a scenario file in it"));
    }
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(no_file(path)),
        file => file.with_context(|| format!("`{shown}` cannot be read"))?,
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let origin = path.display().to_string();
    let input = Input::file(path);
    Ok(Source { name, origin, ships: None, text: text(file, &format!("`{shown}`"))?, input })
}

fn no_file(path: &Path) -> anyhow::Error {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let help = match library().find(&stem) {
        Ok(story) => format!("the scenario that ships is called `{}`, without an ending", story.name),
        Err(_) => "`dsys list --all` shows the scenarios that ship".to_owned(),
    };
    usage(format!("there is no file `{}`", path.display()), help)
}

fn text(source: impl Read, shown: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes).with_context(|| format!("{shown} cannot be read"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(usage(format!("{shown} is larger than 1 MiB"), "a scenario is a few kilobytes of TOML"));
    }
    if let Some(what) = mistaken_for(&bytes) {
        return Err(usage(format!("{shown} is {what}, and no scenario"), WANTED));
    }
    if let Some(encoding) = other_encoding(&bytes) {
        let help = format!("a scenario is UTF-8: `iconv -f {encoding} -t UTF-8` makes it that");
        return Err(usage(format!("{shown} is text in {encoding}"), help));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        usage(format!("{shown} is not text: byte {at} is not UTF-8"), WANTED)
    })?;
    match text.find('\0') {
        Some(at) => Err(usage(format!("{shown} is not text: byte {at} is 0"), WANTED)),
        None => Ok(text),
    }
}

const WANTED: &str = "a scenario is a TOML file, as `dsys show three-generals` prints one";

/// What a file is that begins as files of other programs do.
fn mistaken_for(bytes: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 8] = [
        (b"\x7fELF", "a program"),
        (b"MZ", "a program"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive, as office documents are"),
        (b"\x1f\x8b", "compressed by gzip"),
        (b"SQLite format 3", "a database"),
    ];
    let known = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    // Text may begin with two of these letters too; what comes then would be no text.
    known
        .filter(|_| std::str::from_utf8(bytes).is_err() || bytes.contains(&0) || bytes.starts_with(b"%PDF-"))
        .map(|&(_, what)| what)
}

/// The encoding of text that is not in UTF-8, where its first bytes tell.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    let is_zero = |from: usize| bytes.len() >= 4 && bytes.iter().take(64).skip(from).step_by(2).all(|byte| *byte == 0);
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        _ if is_zero(1) && !is_zero(0) => Some("UTF-16LE"),
        _ if is_zero(0) && !is_zero(1) => Some("UTF-16BE"),
        _ => None,
    }
}
