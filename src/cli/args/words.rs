//! The words that arguments are made of, and how they are read.

use std::net::SocketAddr;
use std::time::Duration;

use clap::ValueEnum;

use crate::scenario::{self, EnemyMay};
use crate::time::Span;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Into pipes and files too
    Always,
    /// Plain text
    Never,
}

impl Color {
    /// The choice as the libraries below know it.
    pub(in crate::cli) fn choice(self) -> anstream::ColorChoice {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }

    /// Makes this the choice of the whole program.
    pub(in crate::cli) fn write_global(self) {
        self.choice().write_global();
    }
}

/// The format of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one object
    Json,
}

impl Format {
    /// The word of `--format`.
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
        }
    }
}

/// The format of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RowsFormat {
    /// For people: tables
    Text,
    /// For programs: one object
    Json,
    /// For spreadsheets and databases: a line for each property and measure of each point
    Csv,
}

impl RowsFormat {
    /// The word of `--format`.
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            RowsFormat::Text => "text",
            RowsFormat::Json => "json",
            RowsFormat::Csv => "csv",
        }
    }
}

/// How much a search may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Budget {
    Runs(u64),
    Time(Duration),
}

pub(super) fn budget(text: &str) -> Result<Budget, String> {
    let budget = match (text.parse(), text.parse::<Span>()) {
        (Ok(runs), _) => Budget::Runs(runs),
        (_, Ok(span)) if !span.is_negative() => Budget::Time(Duration::from_nanos(span.ns().unsigned_abs())),
        _ => return Err("a budget is a number of runs, as in `500000`, or a time, as in `30s`".to_owned()),
    };
    match budget {
        Budget::Runs(0) | Budget::Time(Duration::ZERO) => Err("nothing can be found without a single run".to_owned()),
        budget => Ok(budget),
    }
}

pub(super) fn may(text: &str) -> Result<EnemyMay, String> {
    EnemyMay::ALL.into_iter().find(|kind| kind.word() == text).ok_or_else(|| {
        let words = EnemyMay::ALL.map(EnemyMay::word);
        scenario::known("kinds", words, text)
    })
}

pub(super) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| {
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        match digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
            Some(seed) => format!("a seed is written in decimal: this one is {seed}"),
            None => format!("a seed is a whole number from 0 to {}, in decimal", u64::MAX),
        }
    })
}

pub(super) fn runs(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "write a whole number".to_owned())
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    let with_name = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let text = with_name.as_deref().unwrap_or(text);
    text.parse().map_err(|_| "write an address and a port, as in `127.0.0.1:7411` or `[::1]:7411`".to_owned())
}
