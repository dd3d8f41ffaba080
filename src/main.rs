//! The program: the command line, for the problems that ship.

use std::process::ExitCode;

use dsys::cli::Memory;
use dsys::problems::SHIPPED;

#[global_allocator]
static MEMORY: Memory = Memory;

fn main() -> ExitCode {
    dsys::main(SHIPPED)
}
