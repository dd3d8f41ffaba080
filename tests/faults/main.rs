//! Faults, each tried both ways: what it must do, and what it must leave alone.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "this is how a test fails")]

mod machines;
mod said;
#[path = "../support/mod.rs"]
mod support;
mod windows;

use dsys::process::MessageId;
use dsys::report::{self, Claims, Report};
use dsys::time::{Span, Time};
use dsys::trace::{Event, EventKind};

/// Runs a scenario of a shop that sends orders to a ledger.
fn orders(protocol: &str, more: &str) -> Report {
    run(&format!("title = \"T\"\nproblem = \"exactly-once\"\nprotocol = \"{protocol}\"\nnodes = 2\n{more}"))
}

fn run(text: &str) -> Report {
    report::run(&support::load(text), Claims::Always).unwrap()
}

fn ms(ms: i64) -> Time {
    Time::ZERO + Span::from_ms(ms)
}

/// The events that a test picks, each with what is picked of it.
fn pick<T>(report: &Report, of: impl Fn(&Event) -> Option<T>) -> Vec<T> {
    report.trace.events.iter().filter_map(of).collect()
}

/// When each message was sent.
fn sent(report: &Report) -> Vec<(MessageId, Time)> {
    pick(report, |event| match event.what {
        EventKind::Sent { message, .. } => Some((message, event.at)),
        _ => None,
    })
}

/// When each message arrived.
fn delivered(report: &Report) -> Vec<(MessageId, Time)> {
    pick(report, |event| match event.what {
        EventKind::Delivered(message) => Some((message, event.at)),
        _ => None,
    })
}

/// Which messages were lost.
fn lost(report: &Report) -> Vec<MessageId> {
    pick(report, |event| match event.what {
        EventKind::Lost { message, .. } => Some(message),
        _ => None,
    })
}

fn count(report: &Report, is: impl Fn(&EventKind) -> bool) -> usize {
    report.trace.events.iter().filter(|event| is(&event.what)).count()
}

fn verdict(report: &Report, property: &str) -> String {
    let judged = report.properties.iter().find(|judged| judged.name == property).unwrap();
    format!("{}: {}", judged.verdict.word(), judged.verdict.because())
}
