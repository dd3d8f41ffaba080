//! What a change of a run came to, in words.

use serde::{Deserialize, Serialize};

use crate::library::Library;
use crate::view::fork::{self, Clause};

use super::refusal::Refusal;
use super::run_request::RunRequest;

/// A run, and the same run with something changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ForkRequest"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct ForkRequest {
    pub(super) before: RunRequest,
    pub(super) after: RunRequest,
}

/// What the change came to: clauses that follow from each other; none if the runs are the same.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ForkAnswer {
    clauses: Vec<Clause>,
}

impl ForkRequest {
    /// What `POST /api/fork` answers.
    pub(super) fn answer(self, library: &Library, is_wanted: &dyn Fn() -> bool) -> Result<ForkAnswer, Refusal> {
        let report = |request: RunRequest| request.stage(library)?.report(is_wanted);
        let (before, after) = (report(self.before)?, report(self.after)?);
        Ok(ForkAnswer { clauses: fork::told(&before, &after) })
    }
}
