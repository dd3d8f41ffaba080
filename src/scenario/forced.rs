//! `[force]` and `--force`: choices settled by hand.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cast::Cast;
use super::choice::{self, Choice, FATES, Moment};
use super::document::{Document, FlagKind};
use super::findings::{Findings, short};
use super::overrides;
use super::values::{At, Entries, OptionText};
use super::{CrashWhen, Decision, Distribution, Fault, Forced, PauseWhen, Traitors};
use crate::arrange::Arrange;
use crate::process::Names;

/// Reads what is forced, in the order of the choices' names. A flag wins over the file, a later
/// flag over an earlier. `settled` holds the choices that the file's faults settle.
pub(super) fn read(
    entries: &Entries<OptionText>,
    document: &Document<'_>,
    cast: &Cast<'_>,
    mut settled: BTreeMap<Choice, Range<usize>>,
    findings: &mut Findings,
) -> Vec<Forced> {
    let mut forced: BTreeMap<String, Forced> = BTreeMap::new();
    for (name, option) in &entries.0 {
        let option = At::new(option.0.as_str(), option.span());
        let by_flag = document.flag_at(name.span().start).is_some();
        let name = At::new(name.as_str(), name.span());
        let Some(one) = one(&name, &option, by_flag, cast, findings) else { continue };
        // A key that `--set` wrote wins, as one that `--force` wrote does.
        if !by_flag {
            if let Some(first) = settled.get(&one.choice) {
                let message = format!("`{}` is settled twice", one.choice.name(&cast.names));
                findings.add_beside(
                    name.span(),
                    message,
                    "a choice can go only one way",
                    (first.clone(), "first here"),
                );
                continue;
            }
            settled.insert(one.choice.clone(), name.span());
        }
        forced.insert(one.choice.name(&cast.names), one);
    }
    for flag in document.flags().iter().filter(|flag| flag.kind == FlagKind::Force) {
        let (argument, start) = flag.argument();
        let Some((name, option, at)) = overrides::split(argument) else {
            let help = "write a choice and its option, as in `--force alice:bob:1=lose`";
            findings.add(flag.span(), format!("`{}` does not settle anything", flag.shown), help);
            continue;
        };
        let name = At::new(name, start..start + name.len());
        let option = At::new(option, start + at..start + at + option.len());
        if let Some(one) = one(&name, &option, true, cast, findings) {
            forced.insert(one.choice.name(&cast.names), one);
        }
    }
    forced.into_values().collect()
}

fn one(name: &At<&str>, option: &At<&str>, by_flag: bool, cast: &Cast<'_>, findings: &mut Findings) -> Option<Forced> {
    match choice::parse(name, option, &cast.names) {
        Ok((choice, decision)) => {
            let forced = Forced { choice, decision, span: option.span(), by_flag };
            can_be(&forced.choice, name, option, cast, findings).then_some(forced)
        }
        Err(error) => {
            let span = if error.in_option { option.span() } else { name.span() };
            findings.add(span, error.message, error.help);
            None
        }
    }
}

/// Whether there can be such a choice in a run of this protocol; a complaint if not.
fn can_be(choice: &Choice, name: &At<&str>, option: &At<&str>, cast: &Cast<'_>, findings: &mut Findings) -> bool {
    match choice {
        Choice::Crash(Moment::Point { point, .. }) | Choice::Pause(Moment::Point { point, .. }) => {
            cast.check_point(point, name.span(), findings)
        }
        Choice::Lie(_) if !cast.has_lies() => {
            let nobody = format!("nobody lies in `{}`", cast.protocol);
            if name.ends_with(".lie") {
                findings.add(name.span(), format!("there is no `{}`", **name), nobody);
            } else {
                let message = format!("`{}` is no option of `{}`", short(option), **name);
                findings.add(option.span(), message, format!("{FATES}, and a delay as in `50ms`; {nobody}"));
            }
            false
        }
        Choice::Fate(message) | Choice::Delay(message) | Choice::Lie(message) => {
            cast.check_message(*message, name.span(), findings)
        }
        Choice::Load(word, _) => cast.check_chance(&format!("load.{word}"), name.span(), findings),
        Choice::Coin(..) => cast.check_chance("coin", name.span(), findings),
        _ => true,
    }
}

/// Says if the seed does not draw what is forced: there is no row of the scenario that leaves it to
/// chance.
pub(super) fn check_drawn(forced: &[Forced], faults: &[Fault], names: &Names, findings: &mut Findings) {
    for Forced { choice, span, .. } in forced {
        let (node, has_row, help) = match choice {
            Choice::CrashGap(node, _) => {
                let has = |fault: &Fault| matches!(fault, Fault::Crash { node: whose, when: CrashWhen::Rate { .. }, .. } if whose == node);
                (*node, faults.iter().any(has), "`crash-gap` is of a node whose crashes have a `rate`")
            }
            Choice::PauseLength(node, _) => {
                let is_drawn = |lasts: &Distribution| !matches!(lasts, Distribution::Constant(_));
                let has = |fault: &Fault| match fault {
                    Fault::Pause { node: whose, when: PauseWhen::At(_), lasts: Some(lasts), .. } => {
                        whose == node && is_drawn(lasts)
                    }
                    _ => false,
                };
                let help = "`pause-length` is of a node that pauses `at` a moment, `for` a distribution";
                (*node, faults.iter().any(has), help)
            }
            _ => continue,
        };
        if !has_row {
            let message =
                format!("there is no `{}`: nothing leaves it to chance for {}", choice.name(names), names.of(node));
            findings.add(span.clone(), message, help);
        }
    }
}

/// Says if the traitors that are forced are not those that the scenario leaves to chance.
pub(super) fn check_traitors(forced: &[Forced], faults: &[Fault], findings: &mut Findings) {
    for forced in forced {
        let (Choice::Traitors, Decision::Nodes(nodes)) = (&forced.choice, &forced.decision) else { continue };
        let count = faults.iter().find_map(|fault| match fault {
            Fault::Traitor { who: Traitors::Count(count), .. } => Some(*count),
            _ => None,
        });
        let mut distinct = nodes.clone();
        distinct.arrange();
        distinct.dedup();
        match count {
            None => {
                let help = "`setup.traitors` says who they are where a traitor's row has a `count`";
                findings.add(forced.span.clone(), "the seed does not place any traitors here", help);
            }
            Some(count) if count != nodes.len() || distinct.len() != nodes.len() => {
                let message = format!("{count} traitors are wanted here, each named once");
                findings.add(forced.span.clone(), message, "join the names with `+`, as in `alice+bob`");
            }
            Some(_) => {}
        }
    }
}
