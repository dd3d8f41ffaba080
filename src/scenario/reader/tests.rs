//! The reader against that of the `toml` crate, which knows nothing of it.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use super::*;
use crate::scenario::conform::conform;
use crate::scenario::findings::Findings;
use crate::scenario::schema;
use crate::scenario::spec::File;
use crate::scenario::story::old;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(dead_code, reason = "read and shown")]
struct Sample {
    small: u8,
    signed: Option<i64>,
    wide: Option<u64>,
    float: Option<f64>,
    truth: Option<bool>,
    text: Option<Spanned<String>>,
    list: Option<Vec<Spanned<u16>>>,
    pair: Option<(String, u32)>,
    shape: Option<Shape>,
    named: Option<BTreeMap<String, Spanned<Shape>>>,
    anything: Option<Spanned<IgnoredAny>>,
    wrapped: Option<Wrapped>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(dead_code, reason = "read and shown")]
enum Shape {
    Plain,
    Of(u8),
    Both(u8, u8),
    Wide { width: Spanned<u32> },
}

#[derive(Debug, Deserialize)]
struct Wrapped(#[allow(dead_code, reason = "read and shown")] Box<Sample>);

/// What came of it: the value, or what is wrong and where.
type Told = Result<String, (Option<Range<usize>>, String)>;

fn told<T: Debug, E>(read: Result<T, E>, parts: impl FnOnce(E) -> (Option<Range<usize>>, String)) -> Told {
    read.map(|value| format!("{value:?}")).map_err(parts)
}

#[track_caller]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
fn check<T: Debug + DeserializeOwned>(text: &str) -> Told {
    let table = DeTable::parse(text).unwrap();
    check_tree::<T>(toml::Spanned::new(table.span(), DeValue::Table(table.into_inner())), text)
}

#[track_caller]
fn check_tree<T: Debug + DeserializeOwned>(tree: Tree<'_>, text: &str) -> Told {
    let ours = told(read::<T>(&tree), Fault::into_parts);
    let theirs =
        told(T::deserialize(ValueDeserializer::from(tree)), |error| (error.span(), error.message().to_owned()));
    assert_eq!(ours, theirs, "{text}");
    ours
}

#[test]
fn values_are_read_as_by_the_crate_for_toml() {
    let sound = [
        "small = 1",
        "small = 0xff\nsigned = -9223372036854775808\nwide = 9223372036854775807\nfloat = 1e3\ntruth = true",
        "small = 0\nfloat = 3\ntext = 'zwölf'\nlist = [1, 2,\n 65535]\npair = ['a', 7]",
        "small = 0\nshape = 'plain'\nnamed = { a = { of = 3 }, b = 'plain', c = { both = [1, 2] }, d = { plain = {} } }",
        "small = 0\nshape.wide.width = 7\nanything = { a = [1, { b = 'c' }] }",
        "small = 0\n[wrapped]\nsmall = 2\n[wrapped.shape]\nof = 255",
    ];
    for text in sound {
        assert!(check::<Sample>(text).is_ok(), "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_as_by_the_crate_for_toml() {
    let wrong = [
        "signed = 1",
        "small = 256",
        "small = -1",
        "small = 1.5",
        "small = 'one'",
        "small = 1\nlarge = 2",
        "small = 1\ntruth = 1",
        "small = 1\ntruth = 'yes'",
        "small = 1\nfloat = 'x'",
        "small = 1\ntext = [1]",
        "small = 1\ntext = { a = 1 }",
        "small = 1\ntext = 1",
        "small = 1\nlist = 'x'",
        "small = 1\nlist = [1, 65536]",
        "small = 1\nlist = [1, true]",
        "small = 1\npair = ['a', 'b']",
        "small = 1\npair = ['a']",
        "small = 1\nshape = 'round'",
        "small = 1\nshape = 3",
        "small = 1\nshape = {}",
        "small = 1\nshape = { of = 1, plain = {} }",
        "small = 1\nshape = { of = 'x' }",
        "small = 1\nshape = 'of'",
        "small = 1\nshape = 'both'",
        "small = 1\nshape = 'wide'",
        "small = 1\nshape = { plain = { a = 1 } }",
        "small = 1\nshape = { wide = { height = 1 } }",
        "small = 1\nshape = { wide = 3 }",
        "small = 1\nnamed = { a = { wide = { width = -3 } } }",
        "small = 1\n[wrapped]\nsigned = 1",
        "small = 1\nwrapped = 7",
    ];
    for text in wrong {
        assert!(check::<Sample>(text).is_err(), "{text}");
    }
}

#[test]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
fn every_shipped_scenario_is_read_as_by_the_crate_for_toml() {
    let problems = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).unwrap();
    let folders = problems.map(|folder| folder.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let mut count = 0;
    for file in files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let table = DeTable::parse(&text).unwrap();
        let mut tree = toml::Spanned::new(table.span(), DeValue::Table(table.into_inner()));
        // As the loader does: one question becomes a list, and what only a lie can read goes.
        let mut findings = Findings::default();
        old::refuse(&mut tree, &mut findings);
        conform(&mut tree, schema::file(), "scenario", &mut findings);
        let read = check_tree::<File>(tree, &text);
        assert!(read.is_ok(), "{}: {read:?}", file.display());
        count += 1;
    }
    assert!(count > 30, "{count} scenarios are read");
}
