//! What nodes and messages are called in sentences: as the story writes them.
//!
//! A scenario names its nodes in small letters; its story writes Alice with a capital, and "the
//! till" with an article. Sentences that the program makes are rewritten once, at their end, so
//! that the page, the terminal and the JSON call everything alike. What was rewritten is left as it
//! is.

use crate::problems::{Bound, Role};
use crate::process::{MessageId, Names, NodeId, listed};
use crate::scenario::Story;

use super::text;

/// After these a thing has no article, nor after a number; after all other words it has one.
const NO_ARTICLE: [&str; 27] = [
    "a",
    "all",
    "an",
    "another",
    "any",
    "both",
    "client",
    "each",
    "either",
    "every",
    "general",
    "honest",
    "its",
    "loyal",
    "lieutenant",
    "neither",
    "no",
    "node",
    "other",
    "own",
    "server",
    "some",
    "the",
    "their",
    "this",
    "her",
    "his",
];

/// Behind these a message stands beside what it is, and not in its own right: "its acknowledgement
/// (the ledger's 1st message to the shop) was lost".
const BESIDE: [&str; 5] = ["message", "acknowledgement", "answer", "copy", "them"];

/// The nodes of a scenario as its story calls them.
#[derive(Clone, Debug)]
pub struct Called {
    names: Names,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
struct Node {
    /// Its name, with a capital where the story writes one.
    name: String,
    /// The same within a sentence: with an article, if it is a thing.
    said: String,
}

impl Called {
    /// What the nodes of a scenario are called.
    pub fn of(scenario: &Bound) -> Called {
        let count = scenario.names.count();
        let roles = NodeId::first(count).map(|node| (scenario.entry.roles)(node, count));
        Called::by(&scenario.names, &roles.collect::<Vec<_>>(), &told_in(&scenario.story))
    }

    fn by(names: &Names, roles: &[Role], story: &str) -> Called {
        let written: Vec<Option<bool>> = names.iter().map(|name| is_capital(name, story)).collect();
        let articles: Vec<bool> = names.iter().map(|name| has_article(name, story)).collect();
        let node = |(index, name): (usize, &str)| {
            // Who is not in the story is written as the others of its role are, and what has a
            // picture as other things are.
            let alike = || written.iter().zip(roles).filter(|&(_, role)| *role == roles[index]).map(|(is, _)| *is);
            let as_others = || alike().any(|is| is == Some(true)) && alike().all(|is| is != Some(false));
            // Several things of a kind of which the story tells none go by names of their own.
            let is_untold = written[index].is_none() && roles[index].is_thing() && articles.contains(&true);
            let has_own_name = is_untold && alike().count() > 1 && alike().all(|is| is.is_none());
            let is_capital = written[index].unwrap_or_else(|| as_others() || has_own_name);
            // A service by the name of what it has many of, as in `locks`, is called what it is.
            let is_service = is_untold && roles[index] == Role::LockService && name.ends_with('s');
            let called = match name {
                _ if is_service => "lock service".to_owned(),
                name if is_capital => proper_name(name),
                name => name.to_owned(),
            };
            // One of several that are numbered is called by its number, as in `gateway-2`.
            let is_numbered = name.rsplit_once('-').is_some_and(|(_, number)| number.parse::<u32>().is_ok());
            let is_thing = articles[index] || is_untold && !has_own_name && !is_numbered;
            Node { said: if is_thing { format!("the {called}") } else { called.clone() }, name: called }
        };
        Called { names: names.clone(), nodes: names.iter().enumerate().map(node).collect() }
    }

    /// What the scenario itself calls the nodes.
    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// Several nodes within a sentence: `Alice and the shop`.
    pub fn list(&self, nodes: &[NodeId]) -> String {
        listed(nodes.iter().map(|&node| self.node(node)))
    }

    /// What a node is called within a sentence.
    pub fn node(&self, node: NodeId) -> &str {
        self.nodes.get(node.index()).map_or("?", |node| &node.said)
    }

    /// A message within a sentence: `the shop's 2nd message to the ledger`.
    pub fn message(&self, message: MessageId) -> String {
        let (from, to, nth) = (self.node(message.from()), self.node(message.to()), text::ordinal(message.nth()));
        let beside = if message.extra() > 0 { ", beside the first of its place" } else { "" };
        format!("{from}'s {nth} message to {to}{beside}")
    }

    /// A sentence, or several, with everything as it is called. What stands between backticks
    /// stays.
    pub fn told(&self, words: &str) -> String {
        let parts = words.split('`').enumerate();
        let parts: Vec<String> =
            parts.map(|(at, part)| if at % 2 == 1 { part.to_owned() } else { self.named(part) }).collect();
        sentences(&parts.join("`"))
    }

    fn named(&self, words: &str) -> String {
        let mut told = String::with_capacity(words.len());
        let mut is_quoted = false;
        let mut rest = words;
        while let Some(first) = rest.chars().next() {
            is_quoted = if is_quoted { first != '”' } else { first == '“' };
            let (taken, says) = match self.at(&told, rest, is_quoted) {
                Some(found) => found,
                None => (first.len_utf8(), rest[..first.len_utf8()].to_owned()),
            };
            told.push_str(&says);
            rest = &rest[taken..];
        }
        told
    }

    /// What stands at the beginning of `rest`, a message or a node, and how long its name is.
    fn at(&self, before: &str, rest: &str, is_quoted: bool) -> Option<(usize, String)> {
        let is_inside = before.ends_with(|c: char| is_of_word(c) || matches!(c, '-' | ':' | '.' | '@' | '='));
        let is_free = !is_inside && !before.ends_with("= ");
        if !is_free || !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let token: &str = &rest[..rest.find(|c: char| !is_of_word(c) && c != '-').unwrap_or(rest.len())];
        let node = self.names.find(token)?;
        let after = &rest[token.len()..];
        if let Some((length, message)) = self.message_at(node, after) {
            return Some((token.len() + length, self.beside(before, message)));
        }
        let mut follows = after.chars();
        let is_more = match (follows.next(), follows.next()) {
            (Some('@' | '='), _) => true,
            (Some(':' | '.'), Some(next)) => is_of_word(next),
            _ => false,
        };
        let Node { name, said } = &self.nodes[node.index()];
        let takes_article = !is_quoted && takes_article(before, after);
        (!is_more).then(|| (token.len(), if takes_article { said.clone() } else { name.clone() }))
    }

    /// The message of which `from` is the sender, as names have it: `:ledger:3`.
    fn message_at(&self, from: NodeId, after: &str) -> Option<(usize, MessageId)> {
        let rest = after.strip_prefix(':')?;
        let (to, rest) = rest.split_once(':')?;
        let to = self.names.find(to)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let nth = rest[..digits].parse().ok()?;
        let letter = rest[digits..].chars().next().filter(char::is_ascii_lowercase);
        let end = digits + usize::from(letter.is_some());
        let extra = letter.map_or(0, |letter| letter as u8 - b'a');
        let is_whole = !rest[end..].starts_with(|c: char| is_of_word(c) || matches!(c, ':' | '='));
        let is_choice = rest[end..].starts_with('.') && rest[end + 1..].starts_with(|c: char| c.is_ascii_lowercase());
        let length = after.len() - rest.len() + end;
        (is_whole && !is_choice).then(|| (length, MessageId::first(from, to, nth).beside(extra)))
    }

    fn beside(&self, before: &str, message: MessageId) -> String {
        let says = self.message(message);
        let word = before.trim_end().rsplit(|c: char| !is_of_word(c)).next().unwrap_or_default();
        if !BESIDE.contains(&word) {
            return says;
        }
        format!("({says})")
    }
}

impl Role {
    /// Whether nodes of this role are things, which have articles, and not somebody with a name.
    pub(super) const fn is_thing(self) -> bool {
        !matches!(
            self,
            Role::Peer
                | Role::General
                | Role::Lieutenant
                | Role::User
                | Role::Client
                | Role::Master
                | Role::Follower
                | Role::Replica
                | Role::Participant
        )
    }
}

/// All that a story says before and amid a run.
fn told_in(story: &Story) -> String {
    let asked = story.predict.iter().flat_map(|question| {
        std::iter::once(question.ask.as_str()).chain(question.choices.iter().map(|choice| choice.say.as_str()))
    });
    let beats = story.beats.iter().map(|beat| beat.say.as_str());
    let texts = [story.setup.as_str(), story.lesson.as_str()].into_iter().chain(beats).chain(asked);
    texts.collect::<Vec<_>>().join("\n")
}

/// Whether a story writes a name with a capital; `None` if it does not write it. A sentence begins
/// with a capital whatever its first word is: one small letter anywhere tells.
fn is_capital(name: &str, story: &str) -> Option<bool> {
    let writes = |name: &str| places(story, name).next().is_some();
    let is_written = || writes(&capital(name)) || writes(&proper_name(name));
    if writes(name) { Some(false) } else { is_written().then_some(true) }
}

/// Whether a story writes a name with an article, be it "a till" at first.
fn has_article(name: &str, story: &str) -> bool {
    places(story, name).any(|at| {
        let before = story[..at].strip_suffix(' ').unwrap_or_default();
        let word = before.rsplit(|c: char| !is_of_word(c)).next().unwrap_or_default();
        matches!(word, "the" | "The" | "a" | "A" | "an" | "An")
    })
}

/// Where a name stands in a text as a word of its own.
fn places<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(name).map(|(at, _)| at).filter(move |&at| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let is_cut = before.ends_with(|c: char| is_of_word(c) || matches!(c, '-' | ':' | '.' | '@' | '=' | '`'));
        let mut follows = after.chars();
        let is_more = match (follows.next(), follows.next()) {
            (Some(next), _) if is_of_word(next) || matches!(next, '-' | '@' | '=' | '`') => true,
            (Some(':' | '.'), Some(next)) => is_of_word(next),
            _ => false,
        };
        !is_cut && !is_more
    })
}

/// Whether a thing's name takes an article between these.
fn takes_article(before: &str, after: &str) -> bool {
    // In a list of facts it is a bare name.
    if after.starts_with(':') {
        return false;
    }
    let trimmed = before.trim_end();
    if trimmed.is_empty() {
        return true;
    }
    if trimmed.len() == before.len() {
        return before.ends_with('(');
    }
    let word = trimmed.rsplit(|c: char| !is_of_word(c) && !matches!(c, '-' | '\'' | '’')).next().unwrap_or_default();
    if word.is_empty() {
        return trimmed.ends_with(['.', ',', ';', ':', '!', '?', '—', '(']);
    }
    let is_owned = word.ends_with("'s") || word.ends_with("’s");
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    !NO_ARTICLE.contains(&word.to_lowercase().as_str()) && !is_number && !is_owned
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A word with a capital.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// A name as people write theirs: each part with a capital, as in Mad-Dave.
fn proper_name(name: &str) -> String {
    name.split('-').map(capital).collect::<Vec<_>>().join("-")
}

/// Words of which each sentence begins with a capital.
fn sentences(words: &str) -> String {
    let mut told = String::with_capacity(words.len());
    let mut begins = true;
    for (at, letter) in words.char_indices() {
        let begun = begins && letter.is_lowercase() && !is_code(&words[at..]);
        if begun {
            told.extend(letter.to_uppercase());
        } else {
            told.push(letter);
        }
        let has_ended = told.trim_end().len() < told.len() && told.trim_end().ends_with(['.', '!', '?']);
        begins = letter.is_whitespace() && has_ended;
    }
    told
}

/// Whether a text begins with a name of the program's, which has no capital: `params.x`.
fn is_code(text: &str) -> bool {
    let end = text.find(|c: char| !is_of_word(c) && c != '-').unwrap_or(text.len());
    let mut follows = text[end..].chars();
    matches!(follows.next(), Some('.' | ':' | '=' | '@')) && follows.next().is_some_and(is_of_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(names: &[&str], story: &str) -> Called {
        Called::by(&Names::new(names.to_vec()), &vec![Role::Peer; names.len()], story)
    }

    #[test]
    fn nodes_are_called_as_the_story_writes_them() {
        let talk = called(&["alice", "bob", "al"], "Alice and Bob talk.");
        let shop = called(&["shop", "ledger"], "The shop orders, and the ledger charges.");
        for (of, words, says) in [
            (&talk, "bob is alone: bob:alice:2 was lost.", "Bob is alone: Bob's 2nd message to Alice was lost."),
            (&talk, "so alice's `alice` waits for bob. params.bob=1", "So Alice's `alice` waits for Bob. params.bob=1"),
            (&talk, "`bob:alice:2=lose` changed nothing", "`bob:alice:2=lose` changed nothing"),
            (&talk, "carol:alice:2 is of no node", "carol:alice:2 is of no node"),
            (&talk, "al waits. al goes. Bob: al.", "Al waits. Al goes. Bob: Al."),
            (&shop, "shop does not crash any more.", "The shop does not crash any more."),
            (&shop, "Order 2 was lost: shop crashed at 100ms.", "Order 2 was lost: the shop crashed at 100ms."),
            (&shop, "The shop waits. ledger is down.", "The shop waits. The ledger is down."),
            (&shop, "ledger hears “ask shop” from shop.", "The ledger hears “ask shop” from the shop."),
            (&shop, "At 30ms ledger's clock leapt.", "At 30ms the ledger's clock leapt."),
            (&shop, "No loyal shop decides; every ledger does.", "No loyal shop decides; every ledger does."),
            (
                &shop,
                "It was late: its message shop:ledger:1 took 3ms.",
                "It was late: its message (the shop's 1st message to the ledger) took 3ms.",
            ),
        ] {
            assert_eq!(of.told(words), says);
            assert_eq!(of.told(says), says, "what was told is told the same again");
        }
    }

    #[test]
    fn who_is_not_in_the_story_is_called_as_others_of_its_role() {
        let names = Names::new(["alice", "bob", "bank", "vault"]);
        let roles = [Role::Peer, Role::Peer, Role::Store, Role::Store];
        let called = Called::by(&names, &roles, "Alice asks the bank.");
        let said: Vec<&str> = NodeId::first(4).map(|node| called.node(node)).collect();
        assert_eq!(said, ["Alice", "Bob", "the bank", "the vault"]);
        let names = Names::new(["client", "ada", "ben", "mad-dave"]);
        let roles = [Role::Client, Role::Server, Role::Server, Role::Peer];
        let called = Called::by(&names, &roles, "A client asks. Mad-Dave waits.");
        let said: Vec<&str> = NodeId::first(4).map(|node| called.node(node)).collect();
        assert_eq!(said, ["the client", "Ada", "Ben", "Mad-Dave"], "several of a kind have names");
    }
}
