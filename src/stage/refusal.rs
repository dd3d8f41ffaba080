//! Why something is not done, as the page reads it.

use serde::Serialize;

use crate::explore::challenge;
use crate::explore::sweep;
use crate::scenario::{Complaint, Invalid, Place};

use super::run_request::RequestError;
use super::sweep::PLANNING;

/// Something is not done, and why.
#[derive(Debug)]
pub struct Refusal {
    /// The status of HTTP that says the same.
    #[cfg_attr(not(feature = "stage"), allow(dead_code, reason = "only a server tells it"))]
    pub(super) status: u16,
    error: ErrorTold,
}

/// A refusal as the page reads it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ErrorAnswer<'a> {
    error: &'a ErrorTold,
}

/// Why something is not done.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ErrorTold {
    message: String,
    /// The error drawn as the command line draws it.
    report: String,
    findings: Vec<Finding>,
}

/// An error of a scenario, and its place in the text or the flag.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Finding {
    line: Option<usize>,
    column: Option<usize>,
    flag: Option<String>,
    message: String,
    help: String,
}

impl Refusal {
    /// A refusal in one sentence, with the status that says the same.
    pub(super) fn of_status(status: u16, message: impl Into<String>) -> Refusal {
        let message = message.into();
        Refusal { status, error: ErrorTold { report: format!("error: {message}"), message, findings: Vec::new() } }
    }

    /// What is asked for is understood and cannot be done.
    pub(super) fn unfit(message: impl Into<String>) -> Refusal {
        Refusal::of_status(422, message)
    }

    /// There is nothing of this name.
    pub(super) fn not_found() -> Refusal {
        Refusal::of_status(404, "there is nothing here")
    }

    /// What is asked for is not understood.
    pub(super) fn not_read(error: &serde_json::Error) -> Refusal {
        Refusal::of_status(400, format!("the request is not what is expected here: {error}"))
    }

    /// It was told to end before it had begun.
    pub(super) fn ended() -> Refusal {
        Refusal::of_status(503, "this was ended: nobody waits for it any more, or the stage ends")
    }

    /// Our own fault. What it was goes to the log.
    pub(super) fn internal(error: &dyn std::error::Error) -> Refusal {
        tracing::error!("{error}");
        Refusal::of_status(500, "something went wrong inside dsys; this is a bug")
    }

    /// The refusal as the page reads it.
    pub(super) fn told(&self) -> ErrorAnswer<'_> {
        ErrorAnswer { error: &self.error }
    }

    /// Why, without more.
    pub(super) fn why(self) -> ErrorTold {
        self.error
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Refusal {
        let message = match invalid.count() {
            1 => "the scenario has an error".to_owned(),
            count => format!("the scenario has {count} errors"),
        };
        let finding = |place: Place<'_>| Finding {
            line: place.line,
            column: place.column,
            flag: place.flag.map(str::to_owned),
            message: place.message.to_owned(),
            help: place.help.to_owned(),
        };
        let findings = invalid.places().map(finding).collect();
        let error = ErrorTold { message, report: invalid.to_string(), findings };
        Refusal { error, ..Refusal::unfit("") }
    }
}

/// What a protocol has against a scenario that was loaded; loading has asked it, so this should not
/// be.
impl From<Vec<Complaint>> for Refusal {
    fn from(complaints: Vec<Complaint>) -> Refusal {
        let messages: Vec<String> = complaints.into_iter().map(|complaint| complaint.message).collect();
        Refusal::unfit(messages.join("; "))
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Refusal {
        match error {
            RequestError::Invalid(invalid) => invalid.into(),
            RequestError::NotFound(_) => Refusal::of_status(404, error.to_string()),
            _ => Refusal::unfit(error.to_string()),
        }
    }
}

impl From<sweep::Refused> for Refusal {
    fn from(refused: sweep::Refused) -> Refusal {
        match refused {
            sweep::Refused::Scenario { invalid, .. } => (*invalid).into(),
            sweep::Refused::Words { message, .. } => Refusal::unfit(message),
            sweep::Refused::Ended { checked, of } => {
                let message = format!("only {checked} of {of} points could be read in the {PLANNING:?} that there are");
                Refusal::of_status(503, format!("{message}; `dsys sweep` has more time"))
            }
        }
    }
}

impl From<challenge::Refused> for Refusal {
    fn from(refused: challenge::Refused) -> Refusal {
        match refused {
            challenge::Refused::NotAllowed(not_allowed) => {
                Refusal::unfit(format!("{}: {}", not_allowed.message, not_allowed.help))
            }
            challenge::Refused::Scenario(invalid) => (*invalid).into(),
            challenge::Refused::Protocol(complaints) => complaints.into(),
        }
    }
}
