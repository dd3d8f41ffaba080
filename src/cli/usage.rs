//! The error of a user who asked for something that cannot be.

/// The user asked for something that cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Usage {
    pub(super) message: String,
    pub(super) help: String,
}

/// An error about what the user asked for; `help` says what is allowed, and may be empty.
pub(super) fn usage(message: impl Into<String>, help: impl Into<String>) -> anyhow::Error {
    Usage { message: message.into(), help: help.into() }.into()
}
