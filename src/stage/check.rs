//! Whether a scenario can be run, asked while somebody writes it.

use serde::Serialize;

use crate::library::Library;

use super::refusal::{ErrorTold, Refusal};
use super::run_request::RunRequest;

/// Whether a scenario can be run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CheckAnswer {
    /// What keeps it from being run, with places; null if nothing does.
    error: Option<ErrorTold>,
    /// What it calls itself; null if it cannot be run.
    title: Option<String>,
}

/// What `POST /api/check` answers.
pub(super) fn check(request: RunRequest, library: &Library) -> CheckAnswer {
    match request.stage(library).map_err(Refusal::from) {
        Ok(staged) => CheckAnswer { error: None, title: Some(staged.scenario.title.clone()) },
        Err(refusal) => CheckAnswer { error: Some(refusal.why()), title: None },
    }
}
