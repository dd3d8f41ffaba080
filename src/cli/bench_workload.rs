//! `dsys bench-workload`: one of the engine's workloads, as a whole process that outside benchmarks
//! can time.

use std::time::Instant;

use super::args::BenchWorkload;
use super::exit::Outcome;
use super::output;
use super::usage::usage;
use crate::bench::WORKLOADS;

#[allow(clippy::disallowed_methods, reason = "what is measured here is the machine's own time")]
pub(super) fn run(args: &BenchWorkload) -> anyhow::Result<Outcome> {
    let Some(workload) = WORKLOADS.iter().find(|workload| workload.name == args.name) else {
        let names: Vec<&str> = WORKLOADS.iter().map(|workload| workload.name).collect();
        return Err(usage(format!("there is no workload `{}`", args.name), format!("there are {}", names.join(", "))));
    };
    let run = if args.floor { workload.floor } else { workload.engine };
    let began = Instant::now();
    let done = run(args.n.unwrap_or(workload.usual));
    let seconds = began.elapsed().as_secs_f64();
    let stdout = std::path::Path::new("-");
    output::to(stdout, |out| writeln!(out, "{} deliveries {seconds:.6} seconds {:016x}", done.delivered, done.digest))?;
    Ok(Outcome::Done)
}
