//! The command line: parses the arguments, does what they say, and answers with an exit code.

use std::process::ExitCode;

use dsys::cli;

#[global_allocator]
static MEMORY: cli::Memory = cli::Memory;

fn main() -> ExitCode {
    match cli::run() {
        Ok(outcome) => outcome.exit_code(),
        Err(error) => cli::report(&error),
    }
}
