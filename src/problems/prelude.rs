//! What most protocols' files name, for `use crate::problems::prelude::*`; a crate of your own says
//! `dsys::problems::prelude`. [`params!`] lists the types that a parameter can have, [`NodeId`]
//! among them; [`Setup`] says how they are read and checked. With the prelude, a parameter's own
//! `enum` can derive `JsonSchema` in a crate that depends on this one and on `serde` alone.
//!
//! A few files need more, and name it themselves: the judges of [`check`], and what a judge reads,
//! [`Time`](crate::time::Time) and [`trace`](crate::trace).

pub use std::fmt;

pub use schemars::{self, JsonSchema};
pub use serde::{Deserialize, Serialize};

pub use super::{Entry, Layout, Longer, NoParams, Prepared, Problem, Role, Setup, Theory};
pub use crate::check::standard::{AGREEMENT, DECISION, RECOVERED_TERMINATION, TERMINATION};
pub use crate::check::{self, Measure, Property};
pub use crate::process::{Context, Disk, Element, Facts, Never, NodeId, Process, Protocol, TimerId, Value};
pub use crate::scenario::{Complaint, FromZero, Positive, Scenario, schema};
pub use crate::time::{Distribution, Monotonic, Reading, Span};
pub use crate::{output_words, params, roles, words};
