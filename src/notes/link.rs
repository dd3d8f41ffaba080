//! Where links lead: to the web, within the library, or to a run.

use crate::library::{Library, MEETUP_FILE, PATH_FILE};
use crate::scenario::{fnv1a, nearest};
use crate::view::shell::quoted;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a page of the web, or to somebody's mailbox.
    Web(String),
    /// To a heading of a note: the note's path in the library, and the anchor.
    Note {
        /// The note's path in the library.
        path: String,
        /// The heading's anchor, if one is named.
        anchor: Option<String>,
    },
    /// To a run.
    Run(RunLink),
    /// To a picture of the library.
    Picture(String),
}

/// A run, as a link or a command names it: a scenario and what is changed in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunLink {
    /// The scenario: `PROBLEM/NAME`.
    pub story: String,
    /// Another seed than the scenario's.
    pub seed: Option<u64>,
    /// Settings, as after `--set`.
    pub set: Vec<String>,
    /// Choices, as after `--force`.
    pub force: Vec<String>,
}

/// What is wrong with a link, and how to mend it.
pub(super) type Wrong = (String, String);

impl RunLink {
    /// Whether it is the run of the scenario as it was written.
    pub fn is_plain(&self) -> bool {
        self.seed.is_none() && self.set.is_empty() && self.force.is_empty()
    }

    /// The command that makes this run.
    pub fn command(&self, library: &Library) -> String {
        format!("dsys run {}{}", library.short_name(&self.story), self.flags())
    }

    /// What stands after the scenario in the command: nothing, or flags with a blank before each.
    fn flags(&self) -> String {
        let mut flags = String::new();
        if let Some(seed) = self.seed {
            flags.push_str(&format!(" --seed {seed}"));
        }
        for (flag, values) in [("--set", &self.set), ("--force", &self.force)] {
            for value in values {
                flags.push_str(&format!(" {flag} {}", quoted(value)));
            }
        }
        flags
    }

    /// The name of the run's page: the story's, and a digest of what is changed in it, so that it
    /// stays the same as long as the link does.
    pub fn slug(&self) -> String {
        if self.is_plain() {
            return self.story.clone();
        }
        format!("{}-{:08x}", self.story, fnv1a(&self.flags()) >> 32)
    }
}

/// Where a link in the note at `from` leads.
///
/// # Errors
///
/// What is wrong with it, and how to mend it.
pub(super) fn resolve(library: &Library, from: &str, url: &str) -> Result<Target, Wrong> {
    if url.is_empty() {
        return wrong("the link leads nowhere", "name a file, a heading or a page");
    }
    if url.chars().any(|c| c.is_control() || c == '\\') {
        return wrong("the link holds characters that no address has", "leave them out");
    }
    if let Some((scheme, rest)) = scheme(url) {
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => web(url).map(|()| Target::Web(url.to_owned())),
            "mailto" if is_mailbox(rest) => Ok(Target::Web(url.to_owned())),
            _ => wrong(
                format!("links of the kind `{scheme}:` are not followed"),
                "`https:` and files of the library are",
            ),
        };
    }
    let (address, anchor) = match url.split_once('#') {
        Some((_, "")) => return wrong("the link names no heading after its `#`", "leave the `#` out"),
        Some((address, anchor)) => (address, Some(anchor.to_owned())),
        None => (url, None),
    };
    let (file, query) = match address.split_once('?') {
        Some((file, query)) => (file, Some(query)),
        None => (address, None),
    };
    let path = if file.is_empty() { from.to_owned() } else { place(from, file)? };
    if let Some(ending) = forgotten_ending(library, &path) {
        let help = format!("did you mean `{}{ending}`?", file.trim_end_matches('/'));
        return wrong(format!("there is no file `{path}` in the library"), help);
    }
    in_library(library, path, query, anchor)
}

/// Whether a link leads to a note that ships and is not taken over.
pub(super) fn is_not_taken(library: &Library, url: &str) -> bool {
    let file = url.split(['#', '?']).next().unwrap_or_default();
    let parts: Vec<&str> = file.split('/').filter(|part| !part.starts_with('.')).collect();
    library.not_taken(&parts.join("/")).is_some()
}

fn in_library(library: &Library, path: String, query: Option<&str>, anchor: Option<String>) -> Result<Target, Wrong> {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    if library.file(&path).is_none() {
        let (what, help) = match ending {
            "toml" => ("scenario", "`dsys list --all` shows all"),
            "md" => ("note", "`dsys notes` shows all"),
            _ => ("file", "copy it into `notes/`"),
        };
        let near = library.not_taken(&path).map(|(_, how)| how);
        let near = near.or_else(|| nearest_file(library, &path).map(|near| format!("did you mean `{near}`?")));
        let near = near.or_else(|| nearest_not_taken(library, &path));
        let help = near.unwrap_or_else(|| help.to_owned());
        return wrong(format!("there is no {what} `{path}` in the library"), help);
    }
    match (ending, query, anchor) {
        _ if path == PATH_FILE => {
            wrong("this is the path through the library, and no scenario", "link one of its steps")
        }
        _ if path == MEETUP_FILE => wrong("this file is no note", "link the note that tells of the meetup"),
        ("toml", query, None) => query_of(&path, query.unwrap_or_default()).map(Target::Run),
        ("toml", _, Some(_)) => wrong("a scenario has no headings", "leave what begins with `#` out"),
        (_, Some(_), _) => wrong("only a link to a scenario has a `?`", "leave what begins with `?` out"),
        ("md", None, anchor) => Ok(Target::Note { path, anchor }),
        _ => Ok(Target::Picture(path)),
    }
}

/// The ending without which the path of a note or a scenario names nothing.
fn forgotten_ending(library: &Library, path: &str) -> Option<&'static str> {
    let is_file = |ending: &&str| library.file(&format!("{path}{ending}")).is_some();
    if library.file(path).is_some() { None } else { [".md", ".toml"].into_iter().find(|ending| is_file(ending)) }
}

/// The path in the library that `file` means in the note at `from`.
fn place(from: &str, file: &str) -> Result<String, Wrong> {
    if file.starts_with('/') {
        return wrong(
            "the link begins at the root of some disk",
            "write it from this note on, as in `../topics/cap.md`",
        );
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => {
                return wrong("the link leads out of the library", "a note links to its own library");
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    decoded(&parts.join("/"))
        .filter(|path| !path.contains(".."))
        .map_or_else(|| wrong("the link holds a `%` that means nothing", "write `%20` for a blank"), Ok)
}

/// A file of the library with nearly this path: the same name in another folder, or nearly the same
/// name. Capitals make no difference.
fn nearest_file(library: &Library, path: &str) -> Option<String> {
    let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let ending = |path: &str| path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    let paths: Vec<&str> =
        library.files().map(|(path, _)| path).filter(|other| ending(other) == ending(path)).collect();
    let name = file(path);
    if let Some(same) = paths.iter().find(|other| file(other) == name) {
        return Some((*same).to_owned());
    }
    let names: Vec<String> = paths.iter().map(|path| file(path)).collect();
    let near = nearest(&name, names.iter().map(String::as_str))?;
    paths.iter().find(|path| file(path) == near).map(|path| (*path).to_owned())
}

/// A shipped note with nearly this path that the library does not take over, and how it would.
fn nearest_not_taken(library: &Library, path: &str) -> Option<String> {
    let near = nearest_file(&Library::of(library.registry()), path)?;
    let (_, how) = library.not_taken(&near)?;
    Some(format!("did you mean `{near}`? {how}"))
}

/// A run from the query of a link to its scenario.
fn query_of(path: &str, query: &str) -> Result<RunLink, Wrong> {
    let story = path.trim_start_matches("scenarios/").trim_end_matches(".toml").to_owned();
    let mut run = RunLink { story, ..RunLink::default() };
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let Some(value) = decoded(value) else {
            return wrong(
                format!("`{part}` holds a `%` that means nothing"),
                "write `%20` for a blank, `%22` for a quote",
            );
        };
        match key {
            "seed" => match value.parse() {
                Ok(seed) => run.seed = Some(seed),
                Err(_) => return wrong(format!("`{value}` is no seed"), "a seed is a whole number from 0 on"),
            },
            "set" => run.set.push(value),
            "force" => run.force.push(value),
            _ => {
                let near = nearest(key, ["seed", "set", "force"]).map(|near| format!("did you mean `{near}`? "));
                let help = format!("{}A link may change `seed`, `set` and `force`", near.unwrap_or_default());
                return wrong(format!("`{key}` is nothing that a link can change"), help);
            }
        }
    }
    Ok(run)
}

/// The text with `%20` and the like decoded.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = |digit: &u8| char::from(*digit).to_digit(16);
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                bytes.push(u8::try_from(hex(high)? * 16 + hex(low)?).ok()?);
                rest = after;
            }
            (b'%', _) => return None,
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains(char::is_control))
}

/// The scheme of an address that has one, and what follows it.
fn scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    is_scheme.then_some((scheme, rest))
}

fn is_mailbox(text: &str) -> bool {
    text.contains('@') && !text.contains(char::is_whitespace)
}

/// Whether people can be reached at an address: a page of the web, or a mailbox.
pub(super) fn contact(url: &str) -> Result<(), Wrong> {
    let is_mail = url.strip_prefix("mailto:").is_some_and(is_mailbox);
    let clean = !url.contains(|c: char| c.is_control() || "<>\"".contains(c));
    if is_mail && clean {
        return Ok(());
    }
    if is_mailbox(url) && !url.contains([':', '/']) {
        return wrong(format!("`{url}` is an address for mail, and no link"), format!("write `mailto:{url}`"));
    }
    web(url)
}

/// The address of a folder of the web, with a slash at its end.
pub(super) fn folder(url: &str) -> Result<String, Wrong> {
    web(url)?;
    if url.contains(['?', '#']) {
        return wrong(format!("`{url}` is no address of a folder"), "leave out what begins with `?` or `#`");
    }
    Ok(format!("{}/", url.trim_end_matches('/')))
}

/// Whether an address of the web is well formed. It is never fetched.
pub(super) fn web(url: &str) -> Result<(), Wrong> {
    let help = || "an address of the web is as in `https://example.org/page`".to_owned();
    let bad = |why: &str| Err((format!("`{url}` is no address of the web: {why}"), help()));
    let Some((scheme, rest)) = scheme(url) else { return bad("it has no `https:`") };
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return bad("it does not begin with `https:`");
    }
    let Some(rest) = rest.strip_prefix("//") else { return bad("it has no `//`") };
    if url.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c)) {
        return bad("it holds characters that no address has");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return bad("it names a user");
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return bad("its port is no number");
    }
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    if !(host.contains('.') || host == "localhost") || !host.split('.').all(is_label) {
        return bad("it names no host");
    }
    Ok(())
}

fn wrong<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    Err((message.into(), help.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expect: Result<&str, &str>) {
        let library = Library::shipped();
        let target = resolve(&library, "notes/topics/cap.md", url).map(|target| match target {
            Target::Web(url) => url,
            Target::Note { path, anchor } => format!("{path} {}", anchor.unwrap_or_default()),
            Target::Run(run) => run.command(&library),
            Target::Picture(path) => path,
        });
        assert_eq!(target.as_deref().map_err(|(message, _)| message.as_str()), expect, "{url}");
    }

    #[test]
    fn links_lead_to_the_web_to_notes_and_to_runs() {
        check("https://lu.ma/dsys03", Ok("https://lu.ma/dsys03"));
        check("#source", Ok("notes/topics/cap.md source"));
        check("../README.md#run-a-demo", Ok("notes/README.md run-a-demo"));
        check("./cap.md", Ok("notes/topics/cap.md "));
        let story = "../../scenarios/two-generals/last-messenger.toml";
        check(story, Ok("dsys run last-messenger"));
        check(
            &format!("{story}?seed=7&set=params.acks=4&force=alice:bob:2=lose&force=alice:bob:1.delay=5ms"),
            Ok(
                "dsys run last-messenger --seed 7 --set params.acks=4 --force alice:bob:2=lose --force alice:bob:1.delay=5ms",
            ),
        );
        check(&format!("{story}?set=nodes=%5B%22a%22%5D"), Ok("dsys run last-messenger --set 'nodes=[\"a\"]'"));
    }

    #[test]
    fn links_lead_nowhere_else() {
        check("", Err("the link leads nowhere"));
        check("javascript:alert(1)", Err("links of the kind `javascript:` are not followed"));
        check("JaVaScRiPt:alert(1)", Err("links of the kind `JaVaScRiPt:` are not followed"));
        check("data:text/html,x", Err("links of the kind `data:` are not followed"));
        check("file:///etc/passwd", Err("links of the kind `file:` are not followed"));
        check("//evil.example/x.md", Err("the link begins at the root of some disk"));
        check("/etc/passwd", Err("the link begins at the root of some disk"));
        check("../../../../etc/passwd", Err("the link leads out of the library"));
        check("%2e%2e/%2e%2e/x.md", Err("the link holds a `%` that means nothing"));
        check("..\\..\\x", Err("the link holds characters that no address has"));
        check("capp.md", Err("there is no note `notes/topics/capp.md` in the library"));
        check("cap.md?seed=1", Err("only a link to a scenario has a `?`"));
        let story = "../../scenarios/two-generals/last-messenger.toml";
        check(&format!("{story}?sed=1"), Err("`sed` is nothing that a link can change"));
        check(&format!("{story}?seed=-1"), Err("`-1` is no seed"));
        check(&format!("{story}#top"), Err("a scenario has no headings"));
    }

    #[test]
    fn an_address_of_the_web_is_well_formed_or_not() {
        for good in
            ["https://a.b", "http://localhost:7411/x", "https://a.b:80/c?d=e#f", "HTTPS://A.B", "https://münchen.de"]
        {
            assert_eq!(web(good), Ok(()), "{good}");
        }
        for bad in [
            "https:/a.b",
            "https://",
            "https://a b.c",
            "https://a..b",
            "https://a.b:x",
            "https://u:p@a.b",
            "ftp://a.b",
            "https://nohost",
        ] {
            assert!(web(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_page_of_a_run_keeps_its_name() {
        let plain = RunLink { story: "a/b".to_owned(), ..RunLink::default() };
        assert_eq!(plain.slug(), "a/b");
        let changed = RunLink { seed: Some(7), ..plain.clone() };
        assert_eq!(changed.slug(), changed.clone().slug());
        assert!(changed.slug().starts_with("a/b-") && changed.slug() != RunLink { seed: Some(8), ..plain }.slug());
    }
}
