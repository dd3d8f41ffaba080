//! The knobs of faults.

use serde_json::Number;

use crate::problems::Entry;
use crate::process::{Names, NodeId};
use crate::scenario::{CrashWhen, Fate, Fault, Lie, PauseWhen, Probability, Traitors};
use crate::time::Span;

use super::{Group, Kind, Knob, Setting};

/// The knobs of one fault.
pub(super) fn knobs(names: &Names, entry: &Entry, row: usize, fault: &Fault) -> Vec<Knob> {
    let of = Row(row);
    match fault {
        Fault::Traitor { who, lie } => traitor(of, names, entry, who, lie),
        Fault::Message { message, fate } => {
            let name = names.message(*message);
            let words = Fate::ALL.map(|fate| fate.word().to_owned()).to_vec();
            let label = format!("fate of {name}");
            let knob = forced(name, label, Kind::Word, fate.word());
            vec![Knob { words, ..knob.saying("What becomes of this message, whatever chance says.") }]
        }
        Fault::Delay { message, to } => {
            let name = names.message(*message);
            let knob = forced(format!("{name}.delay"), format!("delay of {name}"), Kind::Span, &to.to_string());
            vec![knob.saying("How long this message takes, whatever chance says.")]
        }
        Fault::Crash { node, when, down, disk: _ } => crash(of, names.of(*node), when, *down).into_iter().collect(),
        Fault::Pause { node, when, .. } => pause(of, names, *node, when).into_iter().collect(),
        Fault::Degrade { at, lasts, change, .. } => {
            let chance = |loss| of.chance("degrade.loss", "loss on bad links", loss);
            let loss = change.loss.map(|loss| chance(loss).saying("How likely a message is lost there meanwhile."));
            let times = of.times("degrade", at, *lasts, ["bad links at", "bad links for"]);
            times.chain(loss).collect()
        }
        Fault::Hold { at, lasts, .. } => {
            of.times("hold", at, *lasts, ["messages held at", "messages held for"]).collect()
        }
        Fault::Partition { at, lasts, .. } => {
            of.times("partition", at, *lasts, ["partition at", "partition for"]).collect()
        }
        Fault::ClockStep { node, by, .. } => {
            let knob = of.span("clock-step.by", format!("clock of {} jumps by", names.of(*node)), by);
            vec![knob.saying("How far the clock jumps ahead; -50ms is back.")]
        }
        Fault::ClockDrift { node, ppb, .. } => {
            let label = format!("drift of {} in ppm", names.of(*node));
            let knob = of.knob("clock-drift.ppm", label, Kind::Number, Setting::of_float(*ppb as f64 / 1e3));
            vec![knob.saying("How many microseconds a second its clock gains; less than 0 if it loses.")]
        }
    }
}

/// A fault by its place in the scenario.
#[derive(Clone, Copy)]
struct Row(usize);

impl Row {
    fn knob(self, key: &str, label: impl Into<String>, kind: Kind, value: Option<Setting>) -> Knob {
        Knob::new(Group::Faults, format!("fault.{}.{key}", self.0), label, kind, value)
    }

    fn span(self, key: &str, label: impl Into<String>, value: impl ToString) -> Knob {
        self.knob(key, label, Kind::Span, Setting::text(value))
    }

    fn chance(self, key: &str, label: impl Into<String>, value: Probability) -> Knob {
        Knob::chance(Group::Faults, format!("fault.{}.{key}", self.0), label, value)
    }

    /// When a fault begins, and how long it lasts if it ends.
    fn times(
        self,
        kind: &str,
        at: impl ToString,
        lasts: Option<Span>,
        [begins, goes_on]: [&str; 2],
    ) -> impl Iterator<Item = Knob> {
        let lasts = lasts.map(|lasts| self.span(&format!("{kind}.for"), goes_on, lasts).saying("How long it lasts."));
        [self.span(&format!("{kind}.at"), begins, at).saying("When it begins.")].into_iter().chain(lasts)
    }
}

/// A knob that forces a choice.
fn forced(name: impl Into<String>, label: String, kind: Kind, value: &str) -> Knob {
    let knob = Knob::new(Group::Faults, "", label, kind, Setting::text(value));
    Knob { key: None, force: Some(name.into()), ..knob }
}

fn traitor(of: Row, names: &Names, entry: &Entry, who: &Traitors, lie: &Lie) -> Vec<Knob> {
    let lies = entry.lies.iter().filter(|lie| lie.arguments.is_empty());
    let mut words: Vec<String> = lies.map(|lie| lie.name.to_owned()).collect();
    if !words.contains(&lie.name) {
        words.push(lie.name.clone());
    }
    let (knob, liars) = match who {
        Traitors::These(nodes) if nodes.len() == 1 => {
            let name = names.of(nodes[0]);
            let knob = of.knob("traitor.node", "traitor", Kind::Word, Setting::text(name));
            let words = names.iter().map(str::to_owned).collect();
            (Some(Knob { words, ..knob.saying("Who is the traitor.") }), name.to_owned())
        }
        Traitors::These(nodes) => (None, names.list(nodes)),
        Traitors::Count(count) => {
            let count = Some(Setting::Number(Number::from(*count)));
            let knob = of.knob("traitor.count", "traitors", Kind::Integer, count);
            (Some(knob.saying("How many nodes, drawn by lot, are traitors.")), "traitors".to_owned())
        }
    };
    let says = entry.lies.iter().find(|doc| doc.name == lie.name).map(|doc| doc.says.to_owned());
    let lie = of.knob("traitor.lie", format!("lie of {liars}"), Kind::Word, Setting::text(&lie.name));
    knob.into_iter().chain([Knob { words, says, ..lie }]).collect()
}

fn crash(of: Row, name: &str, when: &CrashWhen, down: Option<Span>) -> Option<Knob> {
    Some(match when {
        CrashWhen::At(at) => of.span("crash.at", format!("{name} crashes at"), at).saying("When it crashes."),
        CrashWhen::Point { point, nth } => {
            let down = down.map_or_else(|| "forever".to_owned(), |down| down.to_string());
            let label = format!("{name} crashes at {point}:{nth} for");
            let knob = forced(format!("{name}@{point}:{nth}.crash"), label, Kind::Word, &down);
            let mut words = vec!["no".to_owned(), down, "forever".to_owned()];
            words.dedup();
            Knob { words, ..knob.saying("How long it is down; `no` if it does not crash.") }
        }
        CrashWhen::EachPoint { probability, point, item, .. } => {
            let label = format!("{name} crashes at {point}{} with chance", about(*item));
            of.chance("crash.probability", label, *probability).saying("How likely it crashes each time it gets there.")
        }
        CrashWhen::Rate { per_second, .. } => {
            let label = format!("crashes of {name} a second");
            let knob = of.knob("crash.rate", label, Kind::Number, Setting::of_float(*per_second));
            knob.saying("How often it crashes on average, at random moments.")
        }
        CrashWhen::After(_) => return None,
    })
}

fn pause(of: Row, names: &Names, node: NodeId, when: &PauseWhen) -> Option<Knob> {
    let name = names.of(node);
    match when {
        PauseWhen::At(at) => Some(of.span("pause.at", format!("{name} pauses at"), at).saying("When it pauses.")),
        PauseWhen::Point { .. } => None,
        PauseWhen::EachPoint { probability, point, item, .. } => {
            let label = format!("{name} pauses at {point}{} with chance", about(*item));
            Some(
                of.chance("pause.probability", label, *probability)
                    .saying("How likely it pauses each time it gets there."),
            )
        }
    }
}

fn about(item: Option<u64>) -> String {
    item.map_or_else(String::new, |item| format!(" with item {item}"))
}
