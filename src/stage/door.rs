//! One door to all that the page asks to be worked for, without a server: a route and a body, as
//! `POST /api/ROUTE` takes them, and the bytes that it answers.
//!
//! The engine in the browser has this door alone. Answers are those of the server, byte for byte:
//! both call the same functions.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::library::Library;

use super::check::check;
use super::fork::ForkRequest;
pub use super::lines::Listener;
use super::lines::{Lines, written};
pub use super::refusal::Refusal;
use super::run_request::RunRequest;
use super::{challenge, search, sweep, wall};

/// How long a run may take, and what is as short.
pub const RUN: Duration = Duration::from_secs(10);
/// How long a sweep, a search or the like may take; what is known by then is told.
pub const SURVEY: Duration = Duration::from_secs(60);
/// The most that a request may hold: a scenario of the largest size that is read, and what JSON
/// adds to it.
pub const MOST_BYTES: usize = 3 << 19;

/// The routes that the door knows.
pub const ROUTES: [&str; 7] = ["run", "fork", "check", "sweep", "search", "wall", "challenge"];

/// Does what a request asks for, and tells `listener` the answer: JSON in one piece, or in lines,
/// of which `{ "error" }` is the last if it is refused.
pub fn answer(route: &str, body: &[u8], library: &Library, listener: &dyn Listener) {
    if let Err(refusal) = answered(route, body, library, listener) {
        listener.hear(written(&refusal.told()));
    }
}

fn answered(route: &str, body: &[u8], library: &Library, listener: &dyn Listener) -> Result<(), Refusal> {
    let is_whole = ["run", "fork", "check"].contains(&route);
    let patient = Patient { listener, until: listener.clock() + if is_whole { RUN } else { SURVEY } };
    let is_wanted = || patient.waits();
    let lines = Lines::to(&patient);
    match route {
        "run" => listener.hear(patient.in_time(read::<RunRequest>(body)?.stage(library)?.answer(&is_wanted))?.into()),
        "fork" => lines.end(&patient.in_time(read::<ForkRequest>(body)?.answer(library, &is_wanted))?),
        "check" => lines.end(&check(read(body)?, library)),
        "sweep" => sweep::sweep(read(body)?, library, &lines)?,
        "search" => search::search(read(body)?, library, &lines)?,
        "wall" => wall::fill(read(body)?, library, &lines)?,
        "challenge" => challenge::judge(read(body)?, library, &lines)?,
        _ => return Err(Refusal::not_found()),
    }
    Ok(())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    if body.len() > MOST_BYTES {
        return Err(Refusal::of_status(413, "a request has at most 1.5 MiB; a scenario has some kilobytes"));
    }
    serde_json::from_slice(body).map_err(|error| Refusal::not_read(&error))
}

/// A listener that waits no longer than until some time.
struct Patient<'l> {
    listener: &'l dyn Listener,
    until: Duration,
}

impl Patient<'_> {
    /// What came of a run, with the reason where its time was over.
    fn in_time<T>(&self, done: Result<T, Refusal>) -> Result<T, Refusal> {
        let is_over = self.listener.waits() && !self.waits();
        done.map_err(|refusal| {
            if !is_over {
                return refusal;
            }
            Refusal::of_status(503, format!("a run of the stage has {RUN:?}, and this one takes longer"))
        })
    }
}

impl Listener for Patient<'_> {
    fn waits(&self) -> bool {
        self.listener.waits() && self.clock() < self.until
    }

    fn clock(&self) -> Duration {
        self.listener.clock()
    }

    fn hear(&self, line: Vec<u8>) {
        self.listener.hear(line);
    }

    fn keeps_up(&self) -> bool {
        self.listener.keeps_up()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Hears everything, with a clock that leaps ahead when it was looked at `late` times.
    struct Ear {
        heard: Mutex<Vec<String>>,
        looks: AtomicU64,
        late: u64,
    }

    impl Listener for Ear {
        fn waits(&self) -> bool {
            true
        }

        fn clock(&self) -> Duration {
            let is_late = self.looks.fetch_add(1, Ordering::Relaxed) >= self.late;
            Duration::from_secs(if is_late { 1_000 } else { 0 })
        }

        fn hear(&self, line: Vec<u8>) {
            self.heard.lock().unwrap().push(String::from_utf8(line).unwrap());
        }
    }

    fn heard(route: &str, body: &str, late: u64) -> Vec<String> {
        let ear = Ear { heard: Mutex::default(), looks: AtomicU64::new(0), late };
        answer(route, body.as_bytes(), &Library::shipped(), &ear);
        ear.heard.into_inner().unwrap()
    }

    #[test]
    fn every_route_answers_and_no_other() {
        let order = r#"{"scenario":"last-messenger"}"#;
        for route in ROUTES {
            let body = match route {
                "run" | "check" => order.to_owned(),
                "fork" => format!("{{\"before\":{order},\"after\":{order}}}"),
                "challenge" => format!("{{\"order\":{order},\"impossible\":true}}"),
                _ => format!("{{\"order\":{order},\"runs\":2}}"),
            };
            let lines = heard(route, &body, u64::MAX);
            let last = lines.last().unwrap();
            assert!(!last.starts_with(r#"{"error":{"#), "{route}: {last}");
        }
        assert!(heard("export", order, u64::MAX)[0].contains("there is nothing here"));
        assert!(heard("run", r#"{"script":1}"#, u64::MAX)[0].contains("unknown field"));
        assert!(heard("run", &" ".repeat(MOST_BYTES + 1), u64::MAX)[0].contains("at most 1.5 MiB"));
    }

    #[test]
    fn what_takes_too_long_ends_and_says_so() {
        let run = heard("run", r#"{"scenario":"last-messenger"}"#, 1);
        assert!(run[0].contains("a run of the stage has 10s"), "{run:?}");
        let wall = heard("wall", r#"{"order":{"scenario":"last-messenger"}}"#, 20);
        let last = wall.last().unwrap();
        assert!(last.contains("filled") && !last.contains(":10000"), "what is known is told: {last}");
    }
}
