//! The words of values, and what happens to them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;

use super::{Digest, fold, fold_by_halves, words_of};

fn digest(value: &impl Serialize) -> u64 {
    let mut digest = Digest::default();
    digest.value(value);
    digest.number()
}

#[derive(Serialize)]
struct Composite {
    bytes: &'static [u8],
    shorts: Vec<u16>,
    words: [u64; 2],
    size: usize,
    signed: (i8, isize, i128),
    kind: Kind,
    text: &'static str,
    known: Option<bool>,
    unknown: Option<u32>,
    map: BTreeMap<char, u128>,
}

#[derive(Serialize)]
enum Kind {
    Unit,
    Pair(u32, Box<Kind>),
    Fields { inner: Box<Kind>, truth: bool },
    New(i64),
}

fn composite() -> Composite {
    let pair = Kind::Pair(7, Box::new(Kind::New(-7)));
    Composite {
        bytes: &[1, 2, 3],
        shorts: vec![0x0102, 0xfffe],
        words: [u64::MAX, 0x0102_0304_0506_0708],
        size: 1 << 20,
        signed: (-1, -9, i128::MIN + 5),
        kind: Kind::Fields { inner: Box::new(pair), truth: true },
        text: "zwölf Boxkämpfer",
        known: Some(false),
        unknown: None,
        map: BTreeMap::from([('a', 1), ('ß', u128::MAX - 1)]),
    }
}

proptest! {
    #[test]
    fn a_product_is_folded_by_halves_as_in_one(a: u64, b: u64) {
        let carries = [0, 1, u64::from(u32::MAX), 1 << 32, u64::MAX];
        let pairs = carries.into_iter().flat_map(|one| carries.map(|other| (one, other)));
        for (a, b) in pairs.chain(carries.map(|carry| (a, carry))).chain([(a, b)]) {
            prop_assert_eq!(fold_by_halves(a, b), fold(a, b), "{} and {}", a, b);
        }
    }

    #[test]
    fn the_words_of_a_text_are_its_bytes_filled_up_with_zeros(mut bytes: Vec<u8>) {
        let mut words = Vec::new();
        words_of(&bytes, |word| words.extend(word.to_le_bytes()));
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        prop_assert_eq!(words, bytes);
    }
}

/// Pinned: what comes out is the same on every machine, and a change of it changes every trace
/// hash.
#[test]
fn the_digest_of_a_composite_value_is_pinned() {
    assert_eq!(format!("{:016x}", digest(&composite())), "e4bb0075fffd9231");
    assert_eq!(format!("{:016x}", digest(&"alice")), "b01d117361d37057");
    assert_eq!(format!("{:016x}", digest(&(1_u32, -1_i8, true))), "8efae7c68e9967b3");
}

#[test]
fn a_digest_sees_values_not_widths() {
    assert_eq!(digest(&7_u8), digest(&7_u64));
    assert_eq!(digest(&7_usize), digest(&7_u32));
    assert_eq!(digest(&-7_isize), digest(&-7_i64));
    assert_eq!(digest(&f64::NAN), digest(&-f64::NAN));
}

#[test]
fn values_of_a_type_that_differ_have_digests_that_differ() {
    let lists: [&[&[u8]]; 6] = [&[], &[&[]], &[&[], &[]], &[&[0]], &[&[1]], &[&[0], &[]]];
    let texts = ["", "\0", "a", "a\0", "aaaaaaaa", "aaaaaaaa\0"];
    let kinds = [Kind::Unit, Kind::New(0), Kind::New(1), Kind::Pair(0, Box::new(Kind::Unit))];
    let options = [None, Some(None), Some(Some(0_u8)), Some(Some(1))];
    assert_all_differ(&lists.map(|list| digest(&list)));
    assert_all_differ(&texts.map(|text| digest(&text)));
    assert_all_differ(&kinds.map(|kind| digest(&kind)));
    assert_all_differ(&options.map(|option| digest(&option)));
    assert_all_differ(&[digest(&(1, 2)), digest(&(2, 1))]);
}

/// A sequence that cannot say its length before.
struct Filtered(&'static [u8]);

impl Serialize for Filtered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().filter(|&&byte| byte > 0))
    }
}

#[test]
fn the_end_of_a_sequence_of_unknown_length_is_seen() {
    let pairs =
        [(Filtered(&[1, 1]), Filtered(&[])), (Filtered(&[1]), Filtered(&[1])), (Filtered(&[]), Filtered(&[1, 1]))];
    assert_all_differ(&pairs.map(|pair| digest(&pair)));
}

fn assert_all_differ(digests: &[u64]) {
    for (place, digest) in digests.iter().enumerate() {
        assert!(!digests[..place].contains(digest), "{digests:x?}: {place}");
    }
}
