//! The stage: the page for presenters.

pub mod show;
