//! The stage: the page for presenters, and the server that it comes from.
//!
//! The page steps through reports that [`crate::report`] made; no protocol runs in JavaScript. The
//! server keeps nothing from one request to the next, so that everything that the page does is a
//! link or a file.
//!
//! | route | takes | returns |
//! |---|---|---|
//! | `GET /` and the page's files | | what is in `assets/`, embedded |
//! | `GET /api/library` | | what there is to choose from, where to start, and the stage's limits |
//! | `GET /api/scenario/{problem}/{story}` | | a shipped scenario's file |
//! | `POST /api/run` | an [`run_request::RunRequest`] | the run: [`run_request::Telling::answer`] |
//! | `POST /api/export/{ending}` | an [`run_request::RunRequest`] | the run as a file: [`export::Export`] |
//! | `POST /api/fork` | a run, and the same run changed | what the change came to, in words |
//! | `POST /api/check` | an [`run_request::RunRequest`] | what keeps it from being run, with places |
//! | `POST /api/sweep` | a sweep's order | lines of JSON while it goes on: `sweep` |
//! | `POST /api/search` | a search's order | the same: `search` |
//! | `POST /api/challenge` | an answer to a challenge | the same: `challenge` |
//! | `GET /api/notes` | | the notes that there are: path, kind, title, summary, tags |
//! | `GET /api/notes/{path}` | | a note as HTML, with links to runs and notes of the page |
//! | `GET /api/reach` | | where others can open the page: [`Reach`] |
//! | `GET /api/qr?link=&at=` | a link's fragment, an address | the QR code of both, as SVG |
//!
//! `wire.d.ts` has the JSON that they take and answer.
//!
//! Every refusal is `{ "error": { "message", "report", "findings" } }` with a status that fits:
//! `report` is the error drawn as the command line draws it, `findings` are its parts with their
//! places.
//!
//! A page that has `<script type="application/json" id="recorded">` plays what it finds there, an
//! answer of `POST /api/run`, and asks no server: so a run is one file ([`record`]).
//!
//! The page is plain modules of JavaScript, with nothing to build; browsers get them without the
//! comments, and line for line as they are written. `assets/main.js` begins;
//! `run.js` is a run at any moment, `player.js` plays it, `theatre.js` shows it; `session.js` is
//! what is open, `shell.js` the page around it, `router.js` the address. The TypeScript compiler
//! checks them against `wire.d.ts`, which a test writes from the types that are sent. In
//! `tests/stage`, after `npm ci`: `npm run types`, `lint`, `unit`, and `fix`, which mends.
//!
//! What takes a while waits for its turn, so that nobody in a room can keep the others from being
//! answered: `queue` says who is next, by address and by page, and `connections` who may stay. Work
//! ends when nobody waits for it any more.
//!
//! The work itself knows no HTTP, and is all that there is without the feature `stage`: [`door`]
//! leads to it by a route and a body, which is how the engine in the browser is asked.
//!
//! In reading order: [`run_request`] makes a report of what the page asks for, `sweep`, `search`,
//! `wall` and `challenge` make many and tell of them in `lines`; in `http`, `server` takes
//! connections, `guard` lets requests in, `routes` says which is answered by what, `limiter` and
//! `stream` let the work be done; [`share`] is the links, `export` the files and `record` the page
//! as a file.

mod challenge;
mod check;
pub mod door;
#[cfg(feature = "stage")]
pub mod export;
mod fork;
#[cfg(feature = "stage")]
mod http;
mod lines;
#[cfg(feature = "stage")]
mod listing;
#[cfg(feature = "stage")]
pub mod record;
mod refusal;
pub mod run_request;
mod search;
pub mod share;
#[cfg(feature = "stage")]
pub mod site;
mod sweep;
pub mod view_model;
mod wall;
#[cfg(test)]
#[cfg(feature = "stage")]
mod wire;

#[cfg(feature = "stage")]
pub use http::assets::files;
#[cfg(feature = "stage")]
pub use http::guard::{HostName, NameError, PublicUrl, UrlError};
#[cfg(feature = "stage")]
pub use http::reach::Reach;
#[cfg(feature = "stage")]
pub use http::server::{BindError, Options, Stage};
#[cfg(feature = "stage")]
pub use http::shared::Patience;
