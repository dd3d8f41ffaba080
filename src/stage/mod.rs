//! The stage: the page for presenters, and the server that it comes from.
//!
//! The page steps through reports that [`crate::report`] made; no protocol runs in JavaScript. The server keeps
//! nothing from one request to the next, so that everything that the page does is a link or a file.
//!
//! | route | answers with |
//! |---|---|
//! | `GET /` and the page's files | what is in `assets/`, embedded |
//! | `GET /api/library` | problems, protocols, scenarios: as `dsys list --format json`, and the stage's own limits |
//! | `GET /api/scenario/{problem}/{story}` | a shipped scenario's file |
//! | `POST /api/run` | an [`order::Order`] in, `{ "report", "show", "stage" }` out |
//!
//! Every refusal is `{ "error": { "message", "report", "findings" } }` with a status that fits: `report` is the error
//! drawn as the command line draws it, `findings` are its parts with their places.
//!
//! In reading order: [`server`] takes connections, `guard` lets requests in, `routes` says which is answered by what,
//! `order` makes a report of what the page asks for, and `answer` says it as HTTP.

mod answer;
mod assets;
mod guard;
pub mod order;
mod routes;
pub mod server;
pub mod show;

pub use guard::{PublicUrl, UrlError};
pub use server::{BindError, Options, Stage};
