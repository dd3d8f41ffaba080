//! Links that replay exactly one run, and say so if they no longer can.
//!
//! All that a run depends on stands in the fragment of the address, which browsers keep to
//! themselves:
//!
//! ```text
//! #v=1&dsys=0.1.0&scenario=byzantine-generals/three-generals&hash=cd98bc2b412121e7&seed=1&force=bob:alice:1=attack&event=14
//! ```
//!
//! | key | is |
//! |---|---|
//! | `v` | the version of this format, always first |
//! | `dsys` | the version of the program that made the link |
//! | `scenario` | the scenario's problem and name; of a text, what it is called |
//! | `hash` | the digest of the scenario's file, of one that ships |
//! | `text` | a file that does not ship: deflated, in the alphabet of URLs |
//! | `seed` | the seed |
//! | `set`, `force` | a setting or a choice, as these flags take them; any number of times |
//! | `event` | the event that is shown |
//!
//! Values are written as JavaScript's `encodeURIComponent` writes them, but that `:`, `/`, `=` and
//! `@` stay, so that the names of choices can be read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::io::{Read, Write};
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::library::Library;
use crate::scenario::old_story;
use crate::view::shell::quoted;

/// The version of the format.
const VERSION: &str = "1";
/// The largest link that is read. What chats and browsers carry is less.
const LONGEST: usize = 1 << 20;
/// The most keys and values of a link.
const MOST_PARTS: usize = 4_096;
/// The largest scenario that a link may hold.
const LARGEST: u64 = 1 << 20;

/// A run, as a link names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The version of the program that made it.
    pub dsys: String,
    /// The scenario's problem and name; of one that does not ship, what it is called.
    pub scenario: String,
    /// The digest of the scenario's file as it was, of one that ships.
    pub hash: Option<String>,
    /// The scenario's file, of one that does not ship.
    pub text: Option<String>,
    /// The seed; `None` for the scenario's own.
    pub seed: Option<u64>,
    /// Settings, by key and value. No key has an equals sign.
    pub set: Vec<(String, String)>,
    /// Choices, by name and option. No name has an equals sign.
    pub force: Vec<(String, String)>,
    /// The event that is shown.
    pub event: Option<u32>,
    /// The keys that this version does not know: read from a link, never written.
    pub unknown: Vec<String>,
    /// Whether the text's story was written for an older version, and is left out: read from a
    /// link, never written.
    pub is_without_story: bool,
}

/// Why a text is no link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It is longer than a link can be.
    #[error("this is too long for a link")]
    TooLong,
    /// It does not begin as a link does.
    #[error("this is no link to a run: one begins with `#v=1&`")]
    NoLink,
    /// It is of a format that a later version brought.
    #[error("this link needs a newer dsys: its format is {0}, and this one reads {VERSION}")]
    Newer(String),
    /// A key that must be there is not, or stands there twice, or its value is none.
    #[error("this link is damaged: {0}")]
    Damaged(Cow<'static, str>),
}

impl LinkError {
    fn damaged(how: impl Into<Cow<'static, str>>) -> LinkError {
        LinkError::Damaged(how.into())
    }
}

impl fmt::Display for Link {
    /// The fragment without its `#`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v={VERSION}&dsys={}&scenario={}", escaped(&self.dsys), escaped(&self.scenario))?;
        if let Some(hash) = &self.hash {
            write!(f, "&hash={}", escaped(hash))?;
        }
        if let Some(seed) = self.seed {
            write!(f, "&seed={seed}")?;
        }
        for (key, pairs) in [("set", &self.set), ("force", &self.force)] {
            for (name, value) in pairs {
                write!(f, "&{key}={}={}", escaped(name), escaped(value))?;
            }
        }
        if let Some(event) = self.event {
            write!(f, "&event={event}")?;
        }
        match &self.text {
            // The part that nobody reads comes last.
            Some(text) => write!(f, "&text={}", packed(text)),
            None => Ok(()),
        }
    }
}

impl FromStr for Link {
    type Err = LinkError;

    /// Reads a link: a whole address, or its fragment with or without the `#`.
    fn from_str(text: &str) -> Result<Link, LinkError> {
        if text.len() > LONGEST {
            return Err(LinkError::TooLong);
        }
        let fragment = text.split_once('#').map_or(text, |(_, fragment)| fragment);
        if fragment.split('&').nth(MOST_PARTS).is_some() {
            return Err(LinkError::TooLong);
        }
        let mut pairs = fragment.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        match pairs.next() {
            Some(("v", VERSION)) => {}
            Some(("v", version)) if version.bytes().all(|byte| byte.is_ascii_digit()) && !version.is_empty() => {
                return Err(LinkError::Newer(version.chars().take(20).collect()));
            }
            _ => return Err(LinkError::NoLink),
        }
        let mut link = Link::default();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (key, value) in pairs {
            let many = ["set", "force"].contains(&key);
            if !seen.insert(key) && !many {
                return Err(LinkError::damaged(format!("`{}` stands there twice", shown(key))));
            }
            link.take(key, value)?;
        }
        if link.scenario.is_empty() {
            return Err(LinkError::damaged("it names no scenario"));
        }
        Ok(link)
    }
}

impl Link {
    /// Takes in one key with its value as it is written.
    fn take(&mut self, key: &str, value: &str) -> Result<(), LinkError> {
        let no_number = || LinkError::damaged(format!("`{key}` is no number: `{}`", shown(value)));
        match key {
            "dsys" => self.dsys = plain(value)?,
            "scenario" => self.scenario = plain(value)?,
            "hash" => self.hash = Some(plain(value)?),
            "text" => {
                let text = unpacked(value)?;
                let without_story = old_story::without(&text);
                self.is_without_story = without_story.is_some();
                self.text = Some(without_story.unwrap_or(text));
            }
            "seed" => self.seed = Some(value.parse().map_err(|_| no_number())?),
            "event" => self.event = Some(value.parse().map_err(|_| no_number())?),
            "set" => self.set.push(pair(value)?),
            "force" => self.force.push(pair(value)?),
            // A later version may say more than this one understands: the person who opens the link
            // is told.
            _ => self.unknown.push(shown(key)),
        }
        Ok(())
    }

    /// What keeps the link from showing exactly what it showed when it was made: a sentence each.
    /// `hash` is the digest of the scenario's file as it is now.
    pub fn remarks(&self, hash: &str) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.hash.as_ref().is_some_and(|old| old != hash) {
            let scenario = &self.scenario;
            remarks.push(format!("`{scenario}` has changed since this link was made. This is today's."));
        }
        let dsys = env!("CARGO_PKG_VERSION");
        // A link that somebody wrote by hand names no version, and promises nothing that could
        // differ.
        if !self.dsys.is_empty() && self.dsys != dsys {
            let old = &self.dsys;
            remarks.push(format!("This link was made by dsys {old}, and this is dsys {dsys}. The run may differ."));
        }
        if self.is_without_story {
            remarks.push("The story in this link was written for an older dsys, and is left out.".to_owned());
        }
        let unknown = self.unknown.iter().map(|key| format!("This link says `{key}`, which this dsys does not know."));
        remarks.extend(unknown);
        remarks
    }

    /// The command that makes this run in a terminal. A text that does not ship has to be saved
    /// first.
    pub fn command(&self, library: &Library) -> String {
        let mut command = format!("dsys run {}", self.argument(library));
        if let Some(seed) = self.seed {
            command.push_str(&format!(" --seed {seed}"));
        }
        for (flag, pairs) in [("--set", &self.set), ("--force", &self.force)] {
            for (name, value) in pairs {
                command.push_str(&format!(" {flag} {}", quoted(&format!("{name}={value}"))));
            }
        }
        command
    }

    /// The scenario as a command names it, quoted for a shell.
    pub(super) fn argument(&self, library: &Library) -> String {
        match self.text {
            Some(_) => quoted(&format!("{}.toml", self.scenario)),
            None => quoted(library.short_name(&self.scenario)),
        }
    }
}

/// A key or a value within a sentence.
fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(40).collect()
}

/// The text as it stands in a link.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => escaped.push(char::from(byte)),
            _ if b"-_.!~*'():/=@".contains(&byte) => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// The text that stands in a link like this.
fn plain(escaped: &str) -> Result<String, LinkError> {
    let damaged = || LinkError::damaged(format!("`{}` holds a `%` that is none", shown(escaped)));
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (digit().ok_or_else(damaged)?, digit().ok_or_else(damaged)?);
                (high * 16 + low) as u8
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| LinkError::damaged(format!("`{}` is no text", shown(escaped))))
}

/// A name and its value. The first equals sign ends the name, so that a name with one would be read
/// as another.
fn pair(written: &str) -> Result<(String, String), LinkError> {
    let damaged = || LinkError::damaged(format!("`{}` says nothing of a value", shown(written)));
    let (name, value) = written.split_once('=').ok_or_else(damaged)?;
    let name = plain(name)?;
    if name.is_empty() || name.contains('=') {
        return Err(damaged());
    }
    Ok((name, plain(value)?))
}

/// A scenario's text in as few characters as an address can hold it.
fn packed(text: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing to a vector cannot fail.
    let _ = encoder.write_all(text.as_bytes());
    URL_SAFE_NO_PAD.encode(encoder.finish().unwrap_or_default())
}

fn unpacked(packed: &str) -> Result<String, LinkError> {
    let damaged = || LinkError::damaged("the scenario's text cannot be read");
    let deflated = URL_SAFE_NO_PAD.decode(packed).map_err(|_| damaged())?;
    let mut text = String::new();
    // Few bytes can inflate to many: no more are taken than a scenario may have.
    let mut decoder = DeflateDecoder::new(&deflated[..]).take(LARGEST + 1);
    decoder.read_to_string(&mut text).map_err(|_| damaged())?;
    if text.len() as u64 > LARGEST {
        return Err(LinkError::damaged("the scenario's text is larger than 1 MiB"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn generals() -> Link {
        Link {
            dsys: "0.1.0".to_owned(),
            scenario: "byzantine-generals/three-generals".to_owned(),
            hash: Some("cd98bc2b412121e7".to_owned()),
            seed: Some(7),
            set: vec![("nodes".to_owned(), "[\"a\", \"b\"]".to_owned())],
            force: vec![("bob:alice:1".to_owned(), "attack+retreat".to_owned())],
            event: Some(14),
            ..Link::default()
        }
    }

    #[test]
    fn a_link_can_be_read() {
        let link = "v=1&dsys=0.1.0&scenario=byzantine-generals/three-generals&hash=cd98bc2b412121e7&seed=7\
            &set=nodes=%5B%22a%22%2C%20%22b%22%5D&force=bob:alice:1=attack%2Bretreat&event=14";
        assert_eq!(generals().to_string(), link);
        for written in [link.to_owned(), format!("#{link}"), format!("http://127.0.0.1:7411/#{link}")] {
            assert_eq!(written.parse(), Ok(generals()), "{written}");
        }
        let command = "dsys run three-generals --seed 7 --set 'nodes=[\"a\", \"b\"]' \
            --force bob:alice:1=attack+retreat";
        assert_eq!(generals().command(&Library::shipped()), command);
    }

    #[test]
    fn a_text_comes_along_deflated() {
        let text = "title = \"Mine\"\n".repeat(100);
        let link = Link { text: Some(text.clone()), scenario: "mine".to_owned(), ..Link::default() };
        let written = link.to_string();
        assert!(written.len() < 120, "{written}");
        assert_eq!(written.parse::<Link>().map(|link| link.text), Ok(Some(text)));
    }

    #[test]
    fn a_text_of_before_comes_without_its_story_and_says_so() {
        let text = "title = \"Mine\"\n[story]\nsummary = \"S\"\n".to_owned();
        let link = Link { text: Some(text), scenario: "mine".to_owned(), ..Link::default() };
        let read: Link = link.to_string().parse().unwrap();
        assert_eq!(read.text.as_deref(), Some("title = \"Mine\"\n"));
        assert!(read.remarks("").iter().any(|remark| remark.contains("older dsys")), "{:?}", read.remarks(""));
        // What is read is new, so that a link made of it says nothing.
        assert_eq!(read.to_string().parse::<Link>().unwrap().remarks(""), [""; 0]);
    }

    fn check_refused(text: &str, expect: &str) {
        let error = text.parse::<Link>().expect_err(text).to_string();
        assert!(error.contains(expect), "{text}: {error}");
    }

    #[test]
    fn what_is_no_link_is_told_why() {
        for text in ["", "#", "scenario=three-generals", "v=&scenario=a", "v=x&scenario=a", "dsys=1&v=1&scenario=a"] {
            check_refused(text, "no link");
        }
        check_refused("v=2&anything", "newer dsys");
        check_refused("v=1", "no scenario");
        check_refused("v=1&scenario=", "no scenario");
        check_refused("v=1&scenario=a&seed=1&seed=2", "`seed` stands there twice");
        check_refused("v=1&scenario=a&seed=-1", "`seed` is no number");
        check_refused("v=1&scenario=a&seed=18446744073709551616", "`seed` is no number");
        check_refused("v=1&scenario=a&event=x", "`event` is no number");
        check_refused("v=1&scenario=%", "`%`");
        check_refused("v=1&scenario=%f", "`%`");
        check_refused("v=1&scenario=%ff", "no text");
        check_refused("v=1&scenario=a&set=nodes", "nothing of a value");
        check_refused("v=1&scenario=a&force==lose", "nothing of a value");
        check_refused("v=1&scenario=a&set=a%3Db=c", "nothing of a value");
        check_refused("v=1&scenario=a&text=_", "cannot be read");
        check_refused("v=1&scenario=a&text=AAAA", "cannot be read");
        check_refused(&format!("v=1&scenario={}", "a".repeat(LONGEST)), "too long");
        check_refused(&format!("v=1&scenario=a{}", "&x=1".repeat(MOST_PARTS)), "too long");
        check_refused(&format!("v=1&scenario=a&text={}", packed(&" ".repeat(2 << 20))), "larger than 1 MiB");
    }

    #[test]
    fn a_link_says_what_has_changed_since() {
        let remarks = |link: &Link| link.remarks("cd98bc2b412121e7");
        assert_eq!(remarks(&generals()), [""; 0]);
        let changed = Link { hash: Some("0".to_owned()), ..generals() };
        assert!(remarks(&changed)[0].contains("has changed"), "{changed:?}");
        let older = Link { dsys: "0.0.9".to_owned(), ..generals() };
        assert!(remarks(&older)[0].contains("dsys 0.0.9"), "{older:?}");
        let newer: Link = format!("{}&colour=blue", generals()).parse().unwrap();
        assert!(remarks(&newer)[0].contains("`colour`"), "{newer:?}");
    }

    fn names() -> impl Strategy<Value = Vec<(String, String)>> {
        vec(("[^=]{1,12}", ".{0,12}"), 0..4)
    }

    prop_compose! {
        fn links()(
            dsys in ".{0,8}",
            scenario in ".{1,20}",
            hash in option::of("[0-9a-f]{16}"),
            text in option::of("(?s).{0,200}"),
            seed in option::of(any::<u64>()),
            set in names(),
            force in names(),
            event in option::of(any::<u32>()),
        ) -> Link {
            Link { dsys, scenario, hash, text, seed, set, force, event, unknown: Vec::new(), is_without_story: false }
        }
    }

    proptest! {
        #[test]
        fn a_link_that_is_written_is_read_back(link in links()) {
            let written = link.to_string();
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.!~*'():/=@&%".contains(letter);
            prop_assert!(written.chars().all(is_plain), "{}", written);
            prop_assert_eq!(written.parse(), Ok(link));
        }

        #[test]
        fn whatever_is_read_is_written_so_that_it_is_read_the_same(text in "(v=1&)?((scenario|text|seed|set|force|event|x)=|&|%|[0-9a-zA-Z=%#_-]|.){0,60}") {
            if let Ok(link) = text.parse::<Link>() {
                let known = Link { unknown: Vec::new(), ..link };
                prop_assert_eq!(known.to_string().parse(), Ok(known));
            }
        }
    }
}
