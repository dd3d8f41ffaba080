//! What a reader has against a scenario: what is wrong, where, and what is allowed.

use std::ops::Range;

/// Something wrong with a scenario, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What is wrong, a clause without a full stop.
    pub message: String,
    /// What is allowed, or what was meant; empty if the message says it all.
    pub help: String,
}
