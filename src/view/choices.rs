//! Choices that somebody settled, in plain words: what happens, and not how it is asked for.

use crate::scenario::choice::Moment;
use crate::scenario::{Choice, Decision, Downtime, Fate};

use super::called::Called;
use super::text;

/// What a choice that was decided does, a clause: `the shop crashes the first time it has sent, for
/// 30ms`.
pub fn told(choice: &Choice, decision: &Decision, called: &Called) -> String {
    let option = || decision.option(called.names());
    match (choice, decision) {
        (Choice::Fate(message), Decision::Fate(fate)) => format!("{} {}", called.message(*message), suffers(*fate)),
        (Choice::Lie(message), _) => match option().as_str() {
            "silent" => format!("{} is not sent", called.message(*message)),
            words => format!("{} says “{words}”", called.message(*message)),
        },
        (Choice::Delay(message), _) if message.is_copy() => {
            format!("the copy of {} takes {}", called.message(*message), option())
        }
        (Choice::Delay(message) | Choice::Fate(message), _) => {
            format!("{} takes {}", called.message(*message), option())
        }
        (Choice::Crash(moment), Decision::Downtime(lasts)) => stops(["crash", "crashes"], moment, *lasts, called),
        (Choice::Pause(moment), Decision::Downtime(lasts)) => stops(["pause", "pauses"], moment, *lasts, called),
        (Choice::Crash(moment) | Choice::Pause(moment), _) => {
            format!("{} stops {}", called.node(node_of(moment)), place(moment))
        }
        (Choice::CrashGap(node, nth), _) => {
            format!("{} stays up for {} before its {} random crash", called.node(*node), option(), which(*nth))
        }
        (Choice::PauseLength(node, nth), _) => {
            format!("{}'s {} random pause lasts {}", called.node(*node), which(*nth), option())
        }
        (Choice::Coin(node, nth), _) => format!("{}'s {} draw is {}", called.node(*node), which(*nth), option()),
        (Choice::Offset(node), Decision::Span(by)) if by.is_negative() => {
            format!("the clock of {} is {} behind at the start", called.node(*node), by.abs())
        }
        (Choice::Offset(node), _) => format!("the clock of {} is {} ahead at the start", called.node(*node), option()),
        (Choice::Traitors, Decision::Nodes(nodes)) => match &nodes[..] {
            [one] => format!("{} is the traitor", called.node(*one)),
            nodes => format!("the traitors are {}", called.list(nodes)),
        },
        (Choice::Traitors, _) => format!("the traitors are {}", option()),
        (Choice::Load(word, call), Decision::Happens(happens)) => {
            format!("{word} {} to call {call}", if *happens { "happens" } else { "does not happen" })
        }
        (Choice::Load(word, call), _) if call.nth() > 0 => format!("the {word} of call {call} is {}", option()),
        (Choice::Load(word, call), _) => {
            format!("the {} {} of the workload is {}", which(call.request()), word, option())
        }
    }
}

const fn suffers(fate: Fate) -> &'static str {
    match fate {
        Fate::Deliver => "is delivered",
        Fate::Lose => "is lost",
        Fate::Corrupt => "is damaged",
        Fate::Twice => "is delivered twice",
    }
}

fn stops([one, does]: [&str; 2], moment: &Moment, lasts: Downtime, called: &Called) -> String {
    let (node, place) = (called.node(node_of(moment)), place(moment));
    match lasts {
        Downtime::No => format!("{node} does not {one} {place}"),
        Downtime::For(span) => format!("{node} {does} {place}, for {span}"),
        Downtime::Forever => format!("{node} {does} {place}, for good"),
    }
}

const fn node_of(moment: &Moment) -> crate::process::NodeId {
    match moment {
        Moment::Point { node, .. } | Moment::Event { node, .. } => *node,
    }
}

/// Points are named by what a node has done when it passes them.
fn place(moment: &Moment) -> String {
    match moment {
        Moment::Point { point, nth, .. } => passing(point, *nth),
        Moment::Event { event, .. } => format!("right after event {event}"),
    }
}

/// When a node passes a point: `the second time it has charged`; each time for the 0th.
pub(super) fn passing(point: &str, nth: u32) -> String {
    match nth {
        0 => format!("at times when it has {}", done(point)),
        nth => format!("the {} time it has {}", which(nth), done(point)),
    }
}

/// What a node has done that passes a point. Scenarios and draws go by a point's name, so one that
/// is not written as what is done keeps it.
fn done(point: &str) -> String {
    if point == "began" { "begun".to_owned() } else { point.replace('-', " ") }
}

/// `first`, `second` … `ninth`, `10th` …
fn which(nth: u32) -> String {
    const WORDS: [&str; 9] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    let word = nth.checked_sub(1).and_then(|index| WORDS.get(index as usize));
    word.map_or_else(|| text::ordinal(nth), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use crate::problems::SHIPPED;
    use crate::scenario::{Request, choice};

    const KINDS: [(&str, &str); 15] = [
        ("ONE:OTHER:1", "lose"),
        ("ONE:OTHER:1", "deliver"),
        ("ONE:OTHER:2", "corrupt"),
        ("ONE:OTHER:2", "twice"),
        ("ONE:OTHER:3.delay", "30ms"),
        ("ONE:OTHER:3.delay2", "30ms"),
        ("ONE:OTHER:1.lie", "silent"),
        ("ONE:OTHER:1.lie", "attack"),
        ("ONE@12.pause", "5s"),
        ("ONE.crash-gap:2", "9s"),
        ("ONE.pause-length:1", "3s"),
        ("ONE.coin:4", "1"),
        ("setup.traitors", "ONE+OTHER"),
        ("setup.offset:ONE", "-12ms"),
        ("load.gap:7", "10ms"),
    ];

    /// In every scenario, all kinds of choices, and all points of its protocol.
    #[test]
    fn every_choice_of_every_protocol_is_told_in_plain_words() {
        for story in library::stories() {
            let scenario = SHIPPED.load(&Request::new(&story.name, &story.text)).unwrap();
            let (called, names) = (Called::of(&scenario), &scenario.names);
            let (one, other) = (names.iter().next().unwrap(), names.iter().nth(1).unwrap());
            let filled = |text: &str| text.replace("ONE", one).replace("OTHER", other);
            let points = scenario.entry.crash_points.iter().flat_map(|point| {
                ["no", "30ms", "forever"].map(|lasts| (format!("{one}@{point}:2.crash"), lasts.to_owned()))
            });
            for (name, option) in KINDS.iter().map(|(name, option)| (filled(name), filled(option))).chain(points) {
                let (choice, decision) = choice::parse(&name, &option, names).unwrap();
                let says = told(&choice, &decision, &called);
                let is_code = says.contains(['@', '=', '`', '_', ':', '.']) || says.contains("  ");
                assert!(!is_code, "{}: {name}={option}: {says}", story.name);
                let sentence = called.told(&format!("{says}."));
                assert_eq!(called.told(&sentence), sentence, "what was told is told the same again");
            }
        }
    }

    /// "the first time it has sent" needs points that are named by what was done.
    #[test]
    fn crash_points_are_named_by_what_a_node_has_done() {
        for (_, entry) in SHIPPED.protocols() {
            for point in entry.crash_points {
                let done = done(point);
                let is_done = done.ends_with("ed") || ["sent", "taken", "begun"].contains(&done.as_str());
                assert!(is_done, "{}: `{point}`", entry.name);
            }
        }
    }

    #[test]
    fn a_crash_is_told_by_what_the_node_has_done() {
        let story = library::find("the-dual-write").unwrap();
        let scenario = SHIPPED.load(&Request::new(&story.name, &story.text)).unwrap();
        let (choice, decision) = choice::parse("shop@committed:1.crash", "forever", &scenario.names).unwrap();
        let says = told(&choice, &decision, &Called::of(&scenario));
        assert_eq!(says, "the shop crashes the first time it has committed, for good");
    }
}
