//! Why something cannot be swept.

use crate::scenario::Invalid;

/// Why something cannot be swept.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refused {
    /// The words for it are wrong.
    #[error("{message}")]
    Words {
        /// What is wrong.
        message: String,
        /// What is allowed; may be empty.
        help: String,
    },
    /// A point of the grid is no scenario, or the scenario itself is none.
    #[error("{invalid}\n\n{at}")]
    Scenario {
        /// Which point, a sentence; empty for the scenario itself.
        at: String,
        /// What is wrong.
        invalid: Box<Invalid>,
    },
    /// Somebody ended the check of the grid.
    #[error("the check of the grid was ended after {checked} of {of} points")]
    Ended {
        /// Points that were checked.
        checked: usize,
        /// Points of the grid.
        of: usize,
    },
}

impl Refused {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Refused {
        Refused::Words { message: message.into(), help: help.into() }
    }
}
