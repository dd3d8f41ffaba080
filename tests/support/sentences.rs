//! What is wrong with a sentence that a program made, whatever it is about.
//!
//! Sentences are put together from numbers, names and clauses, and go wrong at the edges: where two
//! values are equal, where there is one of something or none, where a list is empty. All of that
//! can be read off the text.

#![allow(dead_code, reason = "each test crate uses its own part")]

use std::collections::BTreeSet;

use dsys::process::facts::in_words;
use dsys::report::Report;

/// All that is wrong with a sentence; empty if nothing is.
pub(crate) fn faults_of(sentence: &str) -> Vec<String> {
    if sentence.trim().is_empty() {
        return vec!["it is empty".to_owned()];
    }
    let whole = with_whole_lists(sentence);
    let words: Vec<Word<'_>> = whole.split_whitespace().map(Word::of).collect();
    let checks = [form, plurals, signs, comparisons, repetitions];
    checks.iter().flat_map(|check| check(sentence, &words)).collect()
}

/// What is wrong with its form alone.
pub(crate) fn form_of(sentence: &str) -> Vec<String> {
    let words: Vec<Word<'_>> = sentence.split_whitespace().map(Word::of).collect();
    form(sentence, &words).into_iter().chain(repetitions(sentence, &words)).collect()
}

/// The same sentence with each list in brackets as one word: `[2, 1]` is a stamp, and counts
/// nothing.
fn with_whole_lists(sentence: &str) -> String {
    let mut is_inside = false;
    let keep = |c: &char| {
        is_inside = (is_inside || *c == '[') && *c != ']';
        !(is_inside && *c == ' ')
    };
    sentence.chars().filter(keep).collect()
}

/// The sentences of a run: what its verdicts, its table's remarks and its warnings say, each with
/// where it stands.
pub(crate) fn sentences_of(report: &Report) -> Vec<(String, String)> {
    let verdicts = report.properties.iter().map(|judged| (judged.name.to_owned(), judged.verdict.because().to_owned()));
    let rows = report.table.iter().flat_map(|table| &table.rows).filter(|row| !row.remark.is_empty());
    let remarks = rows.map(|row| (format!("row {}", row.cells[0]), row.remark.clone()));
    let warnings = report.warnings.iter().map(|warning| ("a warning".to_owned(), format!("{warning}.")));
    verdicts.chain(remarks).chain(warnings).collect()
}

/// Where a run's words speak of one as of several: its sentences, the states of its nodes, its
/// messages and its notes.
pub(crate) fn plurals_in(report: &Report) -> Vec<String> {
    let trace = &report.trace;
    let states = trace.events.iter().filter_map(|event| trace.states.of(event.id));
    let states: Vec<String> = states.map(|facts| in_words(facts, &trace.names)).collect();
    let sentences = sentences_of(report);
    let mut said: BTreeSet<&str> = trace.events.iter().filter_map(|event| trace.words.of(event.id)).collect();
    said.extend(states.iter().map(String::as_str));
    said.extend(sentences.iter().map(|(_, sentence)| sentence.as_str()));
    let all = said.iter().flat_map(|text| {
        let words: Vec<Word<'_>> = text.split_whitespace().map(Word::of).collect();
        plurals(text, &words).into_iter().map(move |fault| format!("{fault}: {text}"))
    });
    all.collect()
}

/// What is wrong with the sentences of a run, each fault with its sentence.
pub(crate) fn faults_in(report: &Report) -> Vec<String> {
    let sentences = sentences_of(report);
    let all = sentences.iter().flat_map(|(place, sentence)| {
        faults_of(sentence).into_iter().map(move |fault| format!("{place}: {fault}: {sentence}"))
    });
    all.collect()
}

/// A word of a sentence, without what surrounds it.
#[derive(Clone, Copy)]
struct Word<'a> {
    bare: &'a str,
    /// Whether a clause ends behind it.
    ends_clause: bool,
}

impl<'a> Word<'a> {
    fn of(raw: &'a str) -> Word<'a> {
        let bare = raw.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '-' | '−' | '<' | '>' | '='));
        Word { bare, ends_clause: raw.ends_with([',', '.', ';', ':', '!', '?', ')']) }
    }

    /// Whether it begins with a number, a unit behind it or not.
    fn is_quantity(&self) -> bool {
        self.bare.trim_start_matches(['+', '-', '−']).starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether it is a number and nothing else.
    fn is_number(&self) -> bool {
        self.is_quantity() && self.bare.trim_start_matches(['+', '-', '−']).chars().all(|c| c.is_ascii_digit())
    }
}

/// Ends, gaps, and what only a program writes.
fn form(sentence: &str, words: &[Word<'_>]) -> Vec<String> {
    const NEVER: [&str; 15] =
        ["  ", " .", " ,", " :", ":.", ": .", ",.", ", .", "..", ",,", "{", "}", "Some(", "Ok(", "\n"];
    let mut faults: Vec<String> = NEVER
        .iter()
        .filter(|never| sentence.contains(*never))
        .map(|never| format!("`{}` is in it", never.escape_debug()))
        .collect();
    if !sentence.ends_with(['.', '!', '?']) {
        faults.push("it does not end".to_owned());
    }
    let dangling = words
        .windows(2)
        .any(|pair| matches!(pair[0].bare, "and" | "or" | "of" | "by" | "the" | "a" | "an") && pair[1].bare.is_empty());
    let last = words.last().map_or("", |word| word.bare);
    if dangling || matches!(last, "and" | "or" | "the" | "a" | "an") {
        faults.push("something is missing in it".to_owned());
    }
    const OF_PROGRAMS: [&str; 6] = ["None", "NaN", "nan", "inf", "null", "undefined"];
    faults.extend(words.iter().filter(|word| OF_PROGRAMS.contains(&word.bare)).filter_map(|word| {
        // "None of them" is English.
        let is_english = word.bare == "None" && ["None of", "None is", "None was"].iter().any(|n| sentence.contains(n));
        (!is_english).then(|| format!("`{}` is no English", word.bare))
    }));
    faults
}

/// Words after which a number is a name and counts nothing: "order 1 stands behind order 2".
const NAMED_BY_NUMBER: &[&str] = &[
    "order",
    "request",
    "call",
    "orders",
    "checkpoint",
    "round",
    "rounds",
    "transaction",
    "epoch",
    "key",
    "token",
    "number",
    "node",
    "attempt",
    "phase",
    "step",
    "offset",
    "producer",
    "server",
    "write",
    "version",
    "seed",
    "event",
    "stamp",
    "level",
    "depth",
    "word",
    "value",
    "message",
    "stratum",
    "is",
    "was",
    "to",
    "than",
    "and",
    "with",
    "holds",
    "says",
    "after",
];

/// Words that end as plurals do and are none.
const NO_PLURALS: &[&str] = &[
    "is",
    "was",
    "has",
    "does",
    "as",
    "this",
    "its",
    "us",
    "less",
    "across",
    "thus",
    "always",
    "plus",
    "unless",
    "ns",
    "ms",
    "s",
    "loss",
    "process",
    "bus",
    "us",
    "µs",
    "perhaps",
    "besides",
    "towards",
    "afterwards",
    "goes",
    "waits",
];

/// "1 orders", "one orders", "all 1 of", "2 order".
fn plurals(_sentence: &str, words: &[Word<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before].bare);
        let of_one = word.bare == "1" && !NAMED_BY_NUMBER.contains(&before.to_lowercase().as_str());
        if (word.bare == "1" || word.bare == "0") && before.eq_ignore_ascii_case("all") {
            faults.push(format!("`all {}`", word.bare));
        }
        if word.ends_clause {
            continue;
        }
        let mut rest = words[at + 1..].iter().map(|word| word.bare);
        let next = rest.next().unwrap_or_default();
        let counted = if matches!(next, "more" | "other" | "further") { rest.next().unwrap_or_default() } else { next };
        let is_plural = counted.len() > 3
            && counted.ends_with('s')
            && counted.chars().all(char::is_alphabetic)
            && !NO_PLURALS.contains(&counted);
        if of_one && is_plural {
            faults.push(format!("one is no plural: `1 {counted}`"));
        }
        if matches!(word.bare, "one" | "One") && COUNTED.contains(&counted) {
            faults.push(format!("one is no plural: `one {counted}`"));
        }
        let is_several = word.is_number() && !matches!(word.bare, "0" | "1" | "+1" | "-1");
        let one = COUNTED.iter().any(|plural| singular(plural) == counted);
        if is_several && one && !NAMED_BY_NUMBER.contains(&before.to_lowercase().as_str()) {
            faults.push(format!("many are no singular: `{} {counted}`", word.bare));
        }
    }
    faults
}

/// What sentences count.
const COUNTED: &[&str] = &[
    "orders",
    "messages",
    "charges",
    "crashes",
    "timers",
    "nodes",
    "events",
    "generals",
    "lieutenants",
    "traitors",
    "writes",
    "servers",
    "checkpoints",
    "attempts",
    "acknowledgements",
    "records",
    "tokens",
    "clocks",
    "transactions",
    "times",
    "values",
    "answers",
    "votes",
    "messengers",
    "readings",
    "rounds",
    "copies",
    "followers",
    "violations",
];

fn singular(plural: &str) -> String {
    let stems = [("copies", "copy"), ("crashes", "crash")];
    let known = stems.iter().find(|(many, _)| *many == plural).map(|&(_, one)| one);
    known.unwrap_or_else(|| plural.trim_end_matches('s')).to_owned()
}

/// Negative counts and lengths, and zeros with a sign.
fn signs(_sentence: &str, words: &[Word<'_>]) -> Vec<String> {
    const LENGTHS: [&str; 9] = ["took", "takes", "within", "lasts", "lasted", "waits", "waited", "for", "after"];
    let mut faults = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.is_quantity()) {
        let digits = word.bare.trim_start_matches(['+', '-', '−']);
        let is_signed = digits.len() < word.bare.len();
        let number: String = digits.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let is_zero = number.chars().all(|c| !c.is_ascii_digit() || c == '0');
        let is_negative = word.bare.starts_with(['-', '−']);
        let before = at.checked_sub(1).map_or("", |before| words[before].bare);
        let next = words.get(at + 1).filter(|_| !word.ends_clause).map_or("", |next| next.bare);
        if is_signed && is_zero {
            faults.push(format!("zero has no sign: `{}`", word.bare));
        }
        if is_negative && (COUNTED.contains(&next) || COUNTED.iter().any(|plural| singular(plural) == next)) {
            faults.push(format!("a count is not negative: `{} {next}`", word.bare));
        }
        if is_negative && LENGTHS.contains(&before) {
            faults.push(format!("a length of time is not negative: `{before} {}`", word.bare));
        }
        if is_zero && matches!(next, "more" | "others") {
            faults.push(format!("none are not worth a word: `{} {next}`", word.bare));
        }
    }
    faults
}

/// What says that the left differs from the right, in the words between them.
const COMPARISONS: &[&[&str]] = &[
    &["<"],
    &[">"],
    &["less", "than"],
    &["more", "than"],
    &["fewer", "than"],
    &["greater", "than"],
    &["smaller", "than"],
    &["larger", "than"],
    &["longer", "than"],
    &["shorter", "than"],
    &["later", "than"],
    &["earlier", "than"],
    &["sooner", "than"],
    &["higher", "than"],
    &["lower", "than"],
    &["stands", "behind"],
    &["not"],
    &["instead", "of"],
    &["is", "before"],
    &["is", "after"],
    &["is", "below"],
    &["is", "above"],
    &["is", "beyond"],
];

/// "5ms is less than 5ms", "order 1 stands behind order 1", "7, not 7".
fn comparisons(_sentence: &str, words: &[Word<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    for at in 0..words.len() {
        for comparison in COMPARISONS {
            let end = at + comparison.len();
            let fits =
                words.get(at..end).is_some_and(|found| found.iter().map(|w| w.bare).eq(comparison.iter().copied()));
            if !fits {
                continue;
            }
            // A few words may stand on either side: "which is 5ms, is less than the bound of 5ms".
            let left = words[..at].iter().rev().take(4).find(|word| word.is_quantity());
            let right = words[end..].iter().take(4).find(|word| word.is_quantity());
            if let (Some(left), Some(right)) = (left, right)
                && left.bare == right.bare
            {
                faults.push(format!(
                    "equals do not differ: `{} … {} … {}`",
                    left.bare,
                    comparison.join(" "),
                    right.bare
                ));
            }
        }
    }
    faults
}

/// "the the".
fn repetitions(_sentence: &str, words: &[Word<'_>]) -> Vec<String> {
    let twice = words.windows(2).filter(|pair| {
        let is_word = !pair[0].bare.is_empty() && pair[0].bare.chars().all(char::is_alphabetic);
        is_word && !pair[0].ends_clause && pair[0].bare == pair[1].bare && !matches!(pair[0].bare, "had" | "that")
    });
    twice.map(|pair| format!("`{} {}`", pair[0].bare, pair[1].bare)).collect()
}
