//! dsys in a browser: the stage's work as a module of WebAssembly.
//!
//! The module has a raw interface of numbers, and no tool has to fit it. All texts are UTF-8, by
//! their place in the module's memory and their length.
//!
//! | it exports | which |
//! |---|---|
//! | `reserve(length) -> place` | gives room for a text |
//! | `open(text, length) -> 0 or 1` | takes the library: the scenarios' files as a JSON object, by their paths; once; 1 if it is none |
//! | `ask(route, length, body, length)` | does what `POST /api/ROUTE` does with this body |
//!
//! | it imports | which |
//! |---|---|
//! | `host.hear(text, length)` | hears the answer, or each line of it, while `ask` goes on |
//! | `host.now() -> milliseconds` | is a clock; nothing that a run comes to depends on it |
//! | `host.fail(text, length)` | hears why the module is about to trap: it panicked |
//!
//! `open` and `ask` take what they are given: its room is free afterwards. After a trap the
//! instance is of no use; make another. To end work, end the worker that it goes on in.
//!
//! `dsys` itself has no unsafe code; what this interface needs is here.

#[cfg(target_arch = "wasm32")]
mod abi;
