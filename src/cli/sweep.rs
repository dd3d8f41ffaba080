//! `dsys sweep`: many seeds over a grid of settings.

use std::io::Write;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Once;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::explore::sweep::{self, Part, Plan, Progress, Refused, Shard, Wanted};
use crate::scenario;

use super::args::{Color, Sweep};
use super::exit::Outcome;
use super::library::registry;
use super::output::Input;
use super::rows::Results;
use super::source::Source;
use super::usage::usage;
use super::{bar, interrupt, source};

pub(super) fn run(args: &Sweep, color: Color) -> anyhow::Result<Outcome> {
    let shard = args.shard.as_deref().map(|text| shard(text, &|name| std::env::var(name).ok())).transpose();
    let shard = shard.map_err(refused)?;
    let results = Results::of(&args.results, shard.is_some())?;
    let (wanted, input) = wanted(args)?;
    let plan = Plan::new(registry(), wanted, shard.unwrap_or(Shard::WHOLE)).map_err(refused)?;
    results.check_names(&plan)?;
    let places = results.open()?;
    places.refuse_inputs(&input)?;
    let threads = args.threads.and_then(|threads| NonZeroUsize::new(threads.into()));
    let threads = threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let bar = bar(args.results.quiet);
    interrupt::ask();
    let begun = Once::new();
    let swept = sweep::sweep(&plan, threads, &|progress: Progress<'_>| {
        if progress.done > 0 {
            begun.call_once(|| tracing::info!("sweeping {}", args.scenario));
        }
        bar.set_length(progress.runs);
        // Threads may tell of their progress in another order than they made it.
        bar.set_position(bar.position().max(progress.done));
        if interrupt::came().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    bar.finish_and_clear();
    let swept = swept.map_err(refused)?;
    let is_partial = swept.is_partial;
    match shard {
        None => places.write(&plan, &swept.rows(&plan), is_partial, color)?,
        Some(_) => places.write_part(&Part::new(&plan, swept))?,
    }
    let Some(signal) = interrupt::came().filter(|_| is_partial) else { return Ok(Outcome::Done) };
    let kept = if shard.is_some() {
        "what is written is no whole part, and cannot be merged"
    } else {
        "the result is partial"
    };
    // Where standard error is gone, the exit code still tells.
    let _ = writeln!(anstream::stderr(), "interrupted: {kept}");
    Ok(Outcome::Interrupted(signal))
}

fn wanted(args: &Sweep) -> anyhow::Result<(Wanted, Option<Input>)> {
    let Source { name, origin, text, input, .. } = source::read(&args.scenario)?;
    tracing::info!("read {origin}");
    let wanted = Wanted {
        scenario: args.scenario.clone(),
        name,
        origin,
        text,
        set: args.set.clone(),
        force: args.force.clone(),
        seed: args.seed,
        over: args.over.clone(),
        runs: args.runs,
        precision: args.precision,
    };
    Ok((wanted, input))
}

/// What cannot be swept, as an error of the command line.
pub(super) fn refused(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::Words { message, help } => usage(message, help),
        Refused::Scenario { at, invalid } if at.is_empty() => (*invalid).into(),
        Refused::Scenario { at, invalid } => anyhow::Error::from(*invalid).context(at),
        ended @ Refused::Ended { .. } => ended.into(),
    }
}

/// Which part of the runs: as it is written, or as the scheduler that started this program says.
fn shard(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Shard, Refused> {
    let words = |message: String, help: &str| Refused::Words { message, help: help.to_owned() };
    let number = |name: &str| match env(name) {
        None => Ok(None),
        Some(value) => match value.trim().parse::<u64>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(words(format!("`--shard {text}`: {name} is `{value}`, which is no number"), "")),
        },
    };
    let count = match (text, text.strip_prefix("auto/")) {
        ("auto", _) => None,
        (_, Some(count)) => Some(count.to_owned()),
        _ => return text.parse(),
    };
    let part = if let Some(id) = number("SLURM_ARRAY_TASK_ID")? {
        let (first, step) =
            (number("SLURM_ARRAY_TASK_MIN")?.unwrap_or(1), number("SLURM_ARRAY_TASK_STEP")?.unwrap_or(1));
        id.saturating_sub(first) / step.max(1) + 1
    } else if let Some(index) = number("JOB_COMPLETION_INDEX")? {
        index.saturating_add(1)
    } else {
        let help =
            "it reads SLURM_ARRAY_TASK_ID of a Slurm array, or JOB_COMPLETION_INDEX of an indexed Kubernetes job";
        return Err(words(format!("`--shard {text}`: no scheduler says which part this is"), help));
    };
    match count.or(number("SLURM_ARRAY_TASK_COUNT")?.map(|count| count.to_string())) {
        Some(count) => format!("{part}/{count}").parse(),
        None => Err(words(
            format!("`--shard {text}`: part {part}, but of how many?"),
            "Kubernetes does not tell its pods how many there are: write it, as in `--shard auto/8`",
        )),
    }
}

/// A bar on standard error that shows how far it is, how fast it goes and how long it will take;
/// none where standard error is no terminal.
fn bar(is_quiet: bool) -> ProgressBar {
    let target = if is_quiet { ProgressDrawTarget::hidden() } else { bar::target() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    // A bar that is wider than the terminal would take several lines.
    let template = match bar::width() {
        Some(76..) | None => "{bar:14} {human_pos} of {human_len} runs, {rate}/s ({eta} left)",
        Some(48..) => "{bar:10} {human_pos} of {human_len} runs",
        Some(_) => "{human_pos} runs",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        // Indicatif's own rate has four decimals.
        let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&scenario::grouped(&(state.per_sec() as u64)));
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedulers_say_which_part_it_is() {
        let check = |text: &str, env: &[(&str, &str)], expect: Result<&str, &str>| {
            let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            let found = shard(text, &env).map(|shard| shard.to_string()).map_err(|refused| refused.to_string());
            match (&found, expect) {
                (Err(said), Err(part)) => assert!(said.contains(part), "{said}"),
                _ => assert_eq!(found.as_deref().map_err(String::as_str), expect),
            }
        };
        let slurm = |id, min, count| {
            [("SLURM_ARRAY_TASK_ID", id), ("SLURM_ARRAY_TASK_MIN", min), ("SLURM_ARRAY_TASK_COUNT", count)]
        };
        check("2/3", &[], Ok("2/3"));
        check("auto", &slurm("0", "0", "4"), Ok("1/4"));
        check("auto", &slurm("4", "1", "4"), Ok("4/4"));
        check("auto", &slurm("9", "1", "4"), Err("of 4 parts, the last is 4/4"));
        let mut stepped = slurm("5", "1", "4").to_vec();
        stepped.push(("SLURM_ARRAY_TASK_STEP", "2"));
        check("auto", &stepped, Ok("3/4"));
        check("auto/8", &[("JOB_COMPLETION_INDEX", "7")], Ok("8/8"));
        check("auto/8", &[("JOB_COMPLETION_INDEX", "8")], Err("the last is 8/8"));
        check("auto", &[("JOB_COMPLETION_INDEX", "0")], Err("part 1, but of how many?"));
        check("auto", &[("JOB_COMPLETION_INDEX", "x")], Err("JOB_COMPLETION_INDEX is `x`, which is no number"));
        check("auto", &[], Err("no scheduler says which part this is"));
        check("auto/0", &[("JOB_COMPLETION_INDEX", "0")], Err("`--shard 1/0`"));
    }
}
