//! What most protocols' files name, for `use crate::problems::prelude::*`; a crate of your own says
//! `dsys::problems::prelude`.
//!
//! What only a few need (the judges of [`check`], the trace) they name themselves.

pub use std::fmt;

pub use schemars::JsonSchema;
pub use serde::{Deserialize, Serialize};

pub use super::{Entry, Layout, NoParams, Prepared, Problem, Role, Setup, Theory};
pub use crate::check::standard::{AGREEMENT, DECISION, TERMINATION};
pub use crate::check::{self, Measure, Property};
pub use crate::process::{Context, Disk, Never, NodeId, Process, Protocol, TimerId, Value};
pub use crate::scenario::{Complaint, FromZero, Positive, Scenario, schema};
pub use crate::time::{Distribution, Monotonic, Reading, Span};
pub use crate::{output_words, params, roles, words};
