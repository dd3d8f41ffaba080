//! How traitorous generals lie.
//!
//! A [`Strategy`] decides, for one message slot, the [`Word`] that goes out instead of the honest
//! one. The protocol says what a word is as a message: an oral statement can claim anything, a
//! signed chain only what the traitors' keys can sign.

use std::collections::{BTreeMap, BTreeSet};

use crate::problems::prelude::*;
use crate::process::{MessageId, Names};
use crate::scenario::{self, Choice, Decision, Fault, Lie, Traitors, choice};
use crate::sim::byzantine::Dice;

use super::{COMMANDER, Order};
use crate::problems::LieDoc;

/// What a traitor says in one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// One order.
    Order(Order),
    /// Both orders, one message each.
    Both,
    /// Nothing.
    Silent,
}

impl Word {
    /// All words, in the order in which a search tries them.
    pub const ALL: [Word; 4] = [Word::Order(Order::Attack), Word::Order(Order::Retreat), Word::Silent, Word::Both];

    /// The word of this text.
    pub fn parse(text: &str) -> Option<Word> {
        Word::ALL.into_iter().find(|word| word.to_string() == text)
    }

    /// The orders that the word says.
    pub fn orders(self) -> &'static [Order] {
        match self {
            Word::Order(Order::Attack) => &[Order::Attack],
            Word::Order(Order::Retreat) => &[Order::Retreat],
            Word::Both => &[Order::Attack, Order::Retreat],
            Word::Silent => &[],
        }
    }
}

words!(Word {
    Order(order) => "{order}";
    Both => "attack+retreat";
    Silent => "silent";
});

const fn doc(name: &'static str, short: &'static str, arguments: &'static str, says: &'static str) -> LieDoc {
    LieDoc { name, arguments, says, short }
}

/// The lies by signed messages.
pub const SIGNED: &[LieDoc] = &[
    doc("flip", "says the opposite", "", "Says the opposite of the truth, to everybody."),
    doc("silent", "says nothing", "", "Says nothing."),
    doc("random", "tosses a coin", "", "Tosses a fair coin for every message."),
    doc(
        "parity",
        "says two things",
        "",
        "Tells nodes of odd index to attack and nodes of even index to retreat; the commander's is 0.",
    ),
    doc("split", "says two things", "", "Tells the first half of the others to attack and the rest to retreat."),
    doc(
        "constant",
        "says one thing to all",
        "word = \"attack\"",
        "Always says the same word: attack, retreat, attack+retreat or silent.",
    ),
    doc(
        "scripted",
        "lies now and then",
        "words = { \"bob:alice:1\" = \"attack\" }",
        "Says what is written, and the truth elsewhere.",
    ),
    doc(
        "withhold",
        "keeps it to the end",
        "victim = \"alice\"",
        "Keeps what it hears, and in the last round tells it to the victim only.",
    ),
];

/// The lies by oral messages: all but the last.
pub const ORAL: &[LieDoc] = match SIGNED.split_last() {
    Some((_, others)) => others,
    None => SIGNED,
};

/// A traitor's way to lie.
#[derive(Clone, Debug)]
pub enum Strategy {
    /// The opposite of the truth.
    Flip,
    /// Nothing.
    Silent,
    /// A fair coin each slot.
    Random,
    /// Attack to odd indices, retreat to even ones.
    Parity,
    /// Attack to the first half of the others, retreat to the rest.
    Split,
    /// Always this word.
    Constant(Word),
    /// These words in these slots, the truth elsewhere.
    Scripted(BTreeMap<MessageId, Word>),
    /// Nothing until the last round, then what was kept to this node. For signed messages.
    Withhold(NodeId),
}

/// A slot as a strategy sees it.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The slot's name.
    pub id: MessageId,
    /// What an honest general says in it.
    pub honest: Word,
    /// How many generals there are.
    pub nodes: usize,
    /// What a traitor that holds back what it hears can release in this slot: something in the last
    /// round only.
    pub kept: Word,
}

impl Strategy {
    /// The word that goes out.
    pub fn word(&self, ask: &Ask, dice: &mut Dice) -> Word {
        let attack_if = |attack| Word::Order(if attack { Order::Attack } else { Order::Retreat });
        let to = ask.id.to().index();
        match self {
            Strategy::Scripted(words) => words.get(&ask.id).copied().unwrap_or(ask.honest),
            Strategy::Withhold(victim) if ask.id.to() == *victim => ask.kept,
            Strategy::Withhold(_) | Strategy::Silent => Word::Silent,
            // All other lies replace something said: where an honest general is silent, they are
            // too.
            _ if ask.honest == Word::Silent => Word::Silent,
            Strategy::Flip => match ask.honest {
                Word::Order(order) => Word::Order(order.other()),
                other => other,
            },
            Strategy::Random => attack_if(dice.below(2) == 1),
            Strategy::Parity => attack_if(to % 2 == 1),
            Strategy::Split => {
                let others = NodeId::first(ask.nodes).filter(|&node| node != COMMANDER && node != ask.id.from());
                let before = others.clone().filter(|&node| node < ask.id.to()).count();
                attack_if(before * 2 < others.count())
            }
            Strategy::Constant(word) => *word,
        }
    }
}

/// The strategies of a scenario's traitors.
#[derive(Clone, Debug, Default)]
pub struct Plot {
    rows: Vec<Strategy>,
    row_of: BTreeMap<NodeId, usize>,
    /// The scripted slots that came up in this run.
    came_up: BTreeSet<MessageId>,
}

impl Plot {
    /// Reads the strategies of a scenario, of which the protocol knows `known`, and checks the
    /// words that are forced on its traitors.
    ///
    /// # Errors
    ///
    /// Every lie that is none of `known`, every argument that is wrong, and every forced word that
    /// is no word.
    pub fn read(scenario: &Scenario, known: &[LieDoc]) -> Result<Plot, Vec<Complaint>> {
        let mut plot = Plot::default();
        let mut complaints = bad_words(scenario);
        for fault in &scenario.faults {
            if let Fault::Traitor { who, lie } = fault {
                match strategy(who, lie, scenario, known) {
                    Ok(strategy) => plot.rows.push(strategy),
                    Err(more) => complaints.extend(more),
                }
            }
        }
        if complaints.is_empty() { Ok(plot) } else { Err(complaints) }
    }

    /// Learns which node follows which row.
    pub fn begin(&mut self, traitors: &[(NodeId, usize)]) {
        self.row_of.clear();
        self.row_of.extend(traitors.iter().copied());
        self.came_up.clear();
    }

    /// Learns that a slot came up, no matter who decides what is said in it.
    pub fn meet(&mut self, slot: MessageId) {
        if self.scripted().any(|written| written == slot) {
            self.came_up.insert(slot);
        }
    }

    /// The scripted slots that did not come up in this run.
    pub fn never_came_up(&self) -> Vec<MessageId> {
        self.scripted().filter(|slot| !self.came_up.contains(slot)).collect()
    }

    fn scripted(&self) -> impl Iterator<Item = MessageId> {
        let words = self.rows.iter().filter_map(|strategy| match strategy {
            Strategy::Scripted(words) => Some(words),
            _ => None,
        });
        words.flat_map(|words| words.keys().copied())
    }

    /// The word that a traitor's strategy puts in a slot.
    pub fn word(&self, ask: &Ask, dice: &mut Dice) -> Word {
        let strategy = self.row_of.get(&ask.id.from()).and_then(|&row| self.rows.get(row));
        strategy.map_or(ask.honest, |strategy| strategy.word(ask, dice))
    }

    /// Whether all traitors say one order wherever an honest general says one, and nothing
    /// elsewhere.
    pub fn all_speak(&self) -> bool {
        let speaks = |strategy: &Strategy| match strategy {
            Strategy::Flip | Strategy::Random | Strategy::Parity | Strategy::Split => true,
            Strategy::Constant(word) => matches!(word, Word::Order(_)),
            Strategy::Silent | Strategy::Scripted(_) | Strategy::Withhold(_) => false,
        };
        self.rows.iter().all(speaks)
    }

    /// The most messages that anybody sends in one slot.
    pub fn most_at_once(&self, scenario: &Scenario) -> u128 {
        let is_both = |strategy: &Strategy| match strategy {
            Strategy::Constant(word) => *word == Word::Both,
            Strategy::Scripted(words) => words.values().any(|&word| word == Word::Both),
            _ => false,
        };
        let mut forced = scenario.forced.iter().filter_map(|forced| match &forced.decision {
            Decision::Words(words) => Word::parse(words),
            _ => None,
        });
        if self.rows.iter().any(is_both) || forced.any(|word| word == Word::Both) { 2 } else { 1 }
    }

    /// Whether `node` is one of the traitors.
    pub fn is_traitor(&self, node: NodeId) -> bool {
        self.row_of.contains_key(&node)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoArguments {}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Constant {
    word: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Scripted {
    words: BTreeMap<String, String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Withhold {
    victim: NodeId,
}

fn strategy(who: &Traitors, lie: &Lie, scenario: &Scenario, known: &[LieDoc]) -> Result<Strategy, Vec<Complaint>> {
    if !known.iter().any(|doc| doc.name == lie.name) {
        return Err(vec![unknown_lie(lie, known)]);
    }
    let arguments = &lie.arguments;
    let plain = |strategy| arguments.read::<NoArguments>().map(|NoArguments {}| strategy);
    match lie.name.as_str() {
        "flip" => plain(Strategy::Flip),
        "silent" => plain(Strategy::Silent),
        "random" => plain(Strategy::Random),
        "parity" => plain(Strategy::Parity),
        "split" => plain(Strategy::Split),
        "constant" => {
            let word = arguments.read::<Constant>()?.word;
            let complain = || vec![arguments.complain("word", format!("`{word}` is no word"), words_for(&word))];
            Word::parse(&word).map(Strategy::Constant).ok_or_else(complain)
        }
        "scripted" => scripted(who, lie, scenario),
        _ => withhold(lie, &scenario.names),
    }
}

fn withhold(lie: &Lie, names: &Names) -> Result<Strategy, Vec<Complaint>> {
    let Withhold { victim } = lie.arguments.read()?;
    if victim == COMMANDER {
        let help = scenario::known("lieutenants", names.iter().skip(1), names.of(victim));
        return Err(vec![lie.arguments.complain("victim", "nobody sends messages to the commander", help)]);
    }
    Ok(Strategy::Withhold(victim))
}

fn scripted(who: &Traitors, lie: &Lie, scenario: &Scenario) -> Result<Strategy, Vec<Complaint>> {
    let mut words = BTreeMap::new();
    for (slot, word) in lie.arguments.read::<Scripted>()?.words {
        let complain = |message: String, help: &str| vec![lie.arguments.complain("words", message, help)];
        let id = choice::parse_message(&slot, &scenario.names).map_err(|error| complain(error.message, &error.help))?;
        let word = Word::parse(&word).ok_or_else(|| complain(format!("`{word}` is no word"), &words_for(&word)))?;
        if matches!(who, Traitors::These(nodes) if !nodes.contains(&id.from())) {
            return Err(complain(
                format!("`{slot}` is not sent by a traitor of this row"),
                "a lie replaces one's own words",
            ));
        }
        words.insert(id, word);
    }
    Ok(Strategy::Scripted(words))
}

/// What to say of a word that is none: which one was meant, and which there are.
fn words_for(word: &str) -> String {
    scenario::known("words", ["attack", "retreat", "attack+retreat", "silent"], word)
}

fn unknown_lie(lie: &Lie, known: &[LieDoc]) -> Complaint {
    let help = scenario::known("lies", known.iter().map(|doc| doc.name), &lie.name);
    Complaint { span: lie.span.clone(), message: format!("there is no lie `{}`", lie.name), help }
}

fn bad_words(scenario: &Scenario) -> Vec<Complaint> {
    let bad = scenario.forced.iter().filter_map(|forced| match (&forced.choice, &forced.decision) {
        (Choice::Lie(_), Decision::Words(words)) if Word::parse(words).is_none() => Some(Complaint {
            span: forced.span.clone(),
            message: format!("`{words}` is no word"),
            help: words_for(words),
        }),
        _ => None,
    });
    bad.collect()
}

#[cfg(test)]
mod tests {
    use crate::problems::byzantine_generals::testing::generals;
    use crate::report;

    #[track_caller]
    fn check_refused(protocol: &str, params: &str, lie: &str, arguments: &str, message: &str, help: &str) {
        let scenario = generals(protocol, 4, params, &[("bob", lie, arguments)]);
        let Err(complaints) = scenario.prepare() else { panic!("{lie} {arguments}: accepted") };
        let [complaint] = &complaints[..] else { panic!("{complaints:?}") };
        assert!(complaint.message.contains(message), "{complaint:?}");
        assert!(complaint.help.contains(help), "{complaint:?}");
    }

    #[test]
    fn what_is_no_lie_or_no_word_is_refused() {
        for (protocol, lie, arguments, message, help) in [
            ("oral", "flop", "", "there is no lie `flop`", "did you mean `flip`"),
            ("oral", "withhold", "victim = \"alice\"", "there is no lie `withhold`", "the lies are `flip`"),
            ("oral", "flip", "word = \"attack\"", "unknown key `word`", "no further keys"),
            ("oral", "constant", "", "`word` is missing", ""),
            ("oral", "constant", "word = \"charge\"", "`charge` is no word", "`attack+retreat`"),
            (
                "oral",
                "scripted",
                "words = { \"bob:alice\" = \"attack\" }",
                "`bob:alice` names no message",
                "alice:bob:3",
            ),
            ("oral", "scripted", "words = { \"bob:alice:1\" = \"no\" }", "`no` is no word", "`silent`"),
            (
                "oral",
                "scripted",
                "words = { \"alice:bob:1\" = \"attack\" }",
                "not sent by a traitor of this row",
                "own",
            ),
            ("signed", "withhold", "victim = \"alise\"", "there is no node `alise`", "did you mean `alice`"),
            (
                "signed",
                "withhold",
                "victim = \"commander\"",
                "nobody sends messages to the commander",
                "`alice`, `bob`",
            ),
        ] {
            check_refused(protocol, "", lie, arguments, message, help);
        }
    }

    #[test]
    fn parameters_that_are_no_instance_of_the_problem_are_refused() {
        for (params, message, help) in [
            ("m = 3", "`m` = 3 is too deep for 4 generals", "m is at most 2"),
            ("m = 12", "`m` must be at least 0 and at most 11, not 12", "rounds of relaying"),
            ("m = -1", "`m` must be at least 0 and at most 11, not -1", "rounds of relaying"),
            ("order = \"charge\"", "`order` cannot be `charge`", "`retreat` and `attack`"),
            ("round = \"0s\"", "`round` must be longer than nothing, not `0s`", ""),
            ("rounds = 2", "unknown key `rounds`", "did you mean `round`?"),
        ] {
            for protocol in ["oral", "signed"] {
                check_refused(protocol, params, "flip", "", message, help);
            }
        }
        let mut lonely = generals("oral", 1, "m = 0", &[]);
        assert!(lonely.prepare().is_err_and(|complaints| complaints[0].message.contains("nobody to give")));
        lonely = generals("oral", 14, "m = 9", &[]);
        assert!(lonely.prepare().is_err_and(|complaints| complaints[0].message.contains("sends")));
    }

    #[test]
    fn a_word_that_nobody_comes_to_say_is_warned_of() {
        for protocol in ["oral", "signed"] {
            let words = "words = { \"bob:alice:1\" = \"silent\", \"bob:alice:9\" = \"attack\" }";
            let scenario = generals(protocol, 3, "", &[("bob", "scripted", words)]);
            let warnings = report::run(&scenario, report::Claims::Always).unwrap().warnings;
            let said = "what bob was to say in bob:alice:9 changed nothing: bob:alice:9 never came up in this run";
            assert_eq!(warnings, [said], "{protocol}");
        }
    }
}
