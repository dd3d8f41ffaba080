//! Statements about a run, or about many: what a choice of a story's question says, and what a note
//! claims.
//!
//! ```text
//! agreement: violated
//! messages = 4
//! max_error ≈ 10ms ± 1ms
//! decision of bob = attack
//! rate of agreement violated < 0.01 at params.acks=3
//! ```

use super::{Claim, known};
use crate::time::Span;

/// Why a statement cannot be read, and what is allowed.
pub(crate) type Unreadable = (String, String);

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `agreement: violated`
    #[allow(missing_docs, reason = "the names say it")]
    Verdict { property: String, expected: Claim },
    /// `messages = 4`: a measure, or a count of the trace.
    #[allow(missing_docs, reason = "the names say it")]
    Figure { name: String, relation: Relation<i64> },
    /// `decision of bob = attack`: the last that the node told its user. `None` is `none`: it told
    /// nothing of this name.
    #[allow(missing_docs, reason = "the names say it")]
    Output { name: String, node: String, value: Option<String> },
    /// `decision includes attack`: some node, or the one of this name, told its user this value.
    #[allow(missing_docs, reason = "the names say it")]
    Includes { name: String, node: Option<String>, value: String },
    /// `bob:alice:1 before decision of alice`: the first could have caused the second. Source:
    /// L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 1978.
    Before(Moment, Moment),
    /// `alice:bob:1 concurrent bob:alice:1`: neither could have caused the other.
    Concurrent(Moment, Moment),
    /// `rate of agreement violated < 0.01`: of many runs.
    Rate(Rate),
    /// `rate of agreement violated at params.acks=0 > rate of agreement violated at params.acks=6`.
    Compared(Counted, Order, Counted),
    /// `found`: the scenario's search finds a run that violates its property.
    Found,
}

/// An event that a statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `alice:bob:1`: where this message's way ends.
    Message(String),
    /// `decision of bob`: where the node tells its user this for the first time.
    #[allow(missing_docs, reason = "the names say it")]
    Output { name: String, node: String },
}

/// What is counted over many runs, at some points of the sweep's grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// What is counted.
    pub what: Count,
    /// The property, or the measure.
    pub of: String,
    /// The points that are meant: keys of the grid and their values. All points if it is empty.
    pub at: Vec<(String, String)>,
}

/// What is counted over many runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// The share of runs that violate a property.
    Rate,
    /// The mean of a measure over the runs in which it is defined.
    Mean,
}

/// A statement about many runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// What is counted.
    pub counted: Counted,
    /// How large it is. `None`: as large as the scenario's theory says, within what chance allows.
    pub relation: Option<Relation<f64>>,
}

/// How a figure compares with one that is stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Relation<T> {
    /// `= x`; of a rate only `= 0` and `= 1`
    Is(T),
    /// `< x`, `≤ x`, `> x` or `≥ x`
    Order(Order, T),
    /// `≈ x ± y`
    Near(T, T),
}

/// An order of two figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Order {
    /// Whether two figures are in this order.
    pub fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Order::Less => left < right,
            Order::AtMost => left <= right,
            Order::More => left > right,
            Order::AtLeast => left >= right,
        }
    }
}

/// A sign of comparison.
#[derive(Clone, Copy)]
enum Sign {
    Is,
    Near,
    Order(Order),
}

const SIGNS: [(&str, Sign); 8] = [
    ("<=", Sign::Order(Order::AtMost)),
    (">=", Sign::Order(Order::AtLeast)),
    ("≤", Sign::Order(Order::AtMost)),
    ("≥", Sign::Order(Order::AtLeast)),
    ("≈", Sign::Near),
    ("=", Sign::Is),
    ("<", Sign::Order(Order::Less)),
    (">", Sign::Order(Order::More)),
];

/// What lines about one run look like.
pub(crate) const OF_A_RUN: &str = "the lines are as in `agreement: holds`, `because: …`, `messages = 4`, `max_error ≈ 10ms ± 1ms` and \
     `decision of bob = attack`";

/// What lines about many runs look like.
pub(crate) const OF_MANY: &str = "under a sweep the lines are as in `rate of agreement ≈ 0.1 ± 0.01`, `mean of effects < 1.3` and \
                                  `rate of agreement ≈ theory`";

impl Statement {
    /// Reads a statement.
    ///
    /// # Errors
    ///
    /// What cannot be read, and what is allowed.
    pub(crate) fn read(text: &str) -> Result<Statement, Unreadable> {
        let text = text.trim();
        if text == "found" {
            return Ok(Statement::Found);
        }
        if text.starts_with("rate of ") || text.starts_with("mean of ") {
            return of_many(text);
        }
        if let Some((first, second)) = text.split_once(" before ") {
            return Ok(Statement::Before(moment(first)?, moment(second)?));
        }
        if let Some((first, second)) = text.split_once(" concurrent ") {
            let second = second.strip_prefix("with ").unwrap_or(second);
            return Ok(Statement::Concurrent(moment(first)?, moment(second)?));
        }
        if let Some((name, value)) = text.split_once(" includes ") {
            let (name, node) = named(name);
            return Ok(Statement::Includes { name, node, value: value.trim().to_owned() });
        }
        let Some((left, sign, right)) = compared(text) else { return verdict(text) };
        match (named(left), sign) {
            ((name, Some(node)), Sign::Is) => {
                let value = (right != "none").then(|| right.to_owned());
                Ok(Statement::Output { name, node, value })
            }
            ((_, Some(_)), _) => Err(("what a process said is compared with `=`".to_owned(), OF_A_RUN.to_owned())),
            ((name, None), sign) => {
                let relation = relation(sign, right, number, "as in `max_error ≈ 10ms ± 1ms`")?;
                Ok(Statement::Figure { name, relation })
            }
        }
    }
}

/// `decision of bob`: a name, and the node that it is of.
fn named(text: &str) -> (String, Option<String>) {
    match text.split_once(" of ") {
        Some((name, node)) => (name.trim().to_owned(), Some(node.trim().to_owned())),
        None => (text.trim().to_owned(), None),
    }
}

fn moment(text: &str) -> Result<Moment, Unreadable> {
    match named(text) {
        (name, Some(node)) => Ok(Moment::Output { name, node }),
        (message, None) if message.contains(':') => Ok(Moment::Message(message)),
        (other, None) => {
            let help = "an event is the end of a message's way, as in `alice:bob:1`, or what a node told its user for \
                        the first time, as in `decision of bob`";
            Err((format!("`{other}` names no event"), help.to_owned()))
        }
    }
}

/// The first sign of comparison in a line, with what stands before and behind it.
fn compared(text: &str) -> Option<(&str, Sign, &str)> {
    let found = SIGNS.iter().filter_map(|&(word, sign)| Some((text.find(word)?, word.len(), sign)));
    let (at, len, sign) = found.min_by_key(|&(at, len, _)| (at, usize::MAX - len))?;
    Some((text[..at].trim(), sign, text[at + len..].trim()))
}

fn relation<T>(
    sign: Sign,
    right: &str,
    read: impl Fn(&str) -> Result<T, Unreadable>,
    example: &str,
) -> Result<Relation<T>, Unreadable> {
    match sign {
        Sign::Is => Ok(Relation::Is(read(right)?)),
        Sign::Order(order) => Ok(Relation::Order(order, read(right)?)),
        Sign::Near => {
            let Some((value, tolerance)) = right.split_once('±').or_else(|| right.split_once("+-")) else {
                return Err(("`≈` wants a tolerance".to_owned(), example.to_owned()));
            };
            Ok(Relation::Near(read(value)?, read(tolerance)?))
        }
    }
}

fn verdict(text: &str) -> Result<Statement, Unreadable> {
    let Some((property, word)) = text.split_once(':') else {
        return Err((format!("`{text}` claims nothing that can be checked"), OF_A_RUN.to_owned()));
    };
    let word = word.trim();
    let Some(expected) = Claim::ALL.into_iter().find(|claim| claim.word() == word) else {
        return Err((format!("`{word}` is no verdict"), known("words", Claim::ALL.map(Claim::word), word)));
    };
    Ok(Statement::Verdict { property: property.trim().to_owned(), expected })
}

fn of_many(text: &str) -> Result<Statement, Unreadable> {
    let unreadable = || (format!("`{text}` claims nothing of many runs"), OF_MANY.to_owned());
    // A setting has a sign of its own: `at params.acks=3 < 0.1`. The comparison's stands between
    // spaces.
    let signs = SIGNS.iter().filter_map(|&(word, sign)| Some((text.find(&format!(" {word} "))?, word.len(), sign)));
    let (at, len, sign) = signs.min_by_key(|&(at, ..)| at).ok_or_else(unreadable)?;
    let counted = counted(&text[..at]).ok_or_else(unreadable)?;
    let right = text[at + len + 2..].trim();
    match sign {
        // A rate is exact where it is none of the runs or all of them, and chance else.
        Sign::Is if counted.what == Count::Rate && matches!(right, "0" | "1") => {
            let relation = Some(Relation::Is(share(right)?));
            Ok(Statement::Rate(Rate { counted, relation }))
        }
        Sign::Is => Err((
            "a sweep's figure is compared by `≈`, not by `=`".to_owned(),
            "write `≈ 0.1 ± 0.01`; only a rate can be `= 0`, none of the runs, or `= 1`, all of them".to_owned(),
        )),
        Sign::Near if right == "theory" => Ok(Statement::Rate(Rate { counted, relation: None })),
        Sign::Order(order) if right.starts_with("rate of ") || right.starts_with("mean of ") => {
            Ok(Statement::Compared(counted, order, self::counted(right).ok_or_else(unreadable)?))
        }
        _ => {
            let relation = relation(sign, right, share, "as in `rate of agreement ≈ 0.1 ± 0.01`; or write `≈ theory`")?;
            Ok(Statement::Rate(Rate { counted, relation: Some(relation) }))
        }
    }
}

impl Counted {
    /// Reads what is counted at all points: `rate of agreement`, `mean of effects`.
    ///
    /// # Errors
    ///
    /// What cannot be read, and what is allowed.
    pub(super) fn read(text: &str) -> Result<Counted, Unreadable> {
        counted(text.trim()).filter(|counted| counted.at.is_empty()).ok_or_else(|| {
            let help = "write `rate of` and a property, or `mean of` and a measure".to_owned();
            (format!("`{text}` counts nothing of many runs"), help)
        })
    }
}

/// `rate of agreement violated at params.acks=3, network.loss=0.1`
fn counted(text: &str) -> Option<Counted> {
    let (text, at) = text.split_once(" at ").unwrap_or((text, ""));
    let mut words = text.split_whitespace();
    let what = match (words.next()?, words.next()?) {
        ("rate", "of") => Count::Rate,
        ("mean", "of") => Count::Mean,
        _ => return None,
    };
    let of = words.next()?.to_owned();
    match (what, words.next(), words.next()) {
        (_, None, _) | (Count::Rate, Some("violated"), None) => {}
        _ => return None,
    }
    let settings = at.split(',').map(str::trim).filter(|setting| !setting.is_empty());
    let setting = |setting: &str| {
        let (key, value) = setting.split_once('=')?;
        Some((key.trim().to_owned(), value.trim().to_owned()))
    };
    Some(Counted { what, of, at: settings.map(setting).collect::<Option<_>>()? })
}

/// A whole number, or a length of time in nanoseconds.
fn number(text: &str) -> Result<i64, Unreadable> {
    let text = text.trim();
    let digits = text.replace(',', "");
    if let Ok(number) = digits.parse() {
        return Ok(number);
    }
    text.parse::<Span>().map(Span::ns).map_err(|_| {
        let help = "a figure is a whole number, or a time with its unit, as in `8ms`".to_owned();
        (format!("`{text}` is no figure"), help)
    })
}

/// A number, or a length of time in nanoseconds.
fn share(text: &str) -> Result<f64, Unreadable> {
    let text = text.trim();
    let plain = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let figure = plain.or_else(|| text.parse::<Span>().ok().map(|span| span.ns() as f64));
    figure.ok_or_else(|| (format!("`{text}` is no figure"), "as in `0.1`, or `8ms`".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Result<Statement, &str>) {
        let got = Statement::read(line);
        assert_eq!(got.as_ref().map_err(|(message, _)| message.as_str()), expect.as_ref().map_err(|e| *e), "{line}");
    }

    #[test]
    fn statements_about_a_run_are_read() {
        let figure = |name: &str, relation| Ok(Statement::Figure { name: name.to_owned(), relation });
        let verdict = |property: &str, expected| Ok(Statement::Verdict { property: property.to_owned(), expected });
        let decision = |value: Option<&str>| {
            let (name, node) = ("decision".to_owned(), "bob".to_owned());
            Ok(Statement::Output { name, node, value: value.map(str::to_owned) })
        };
        check("no-loss: holds", verdict("no-loss", Claim::Holds));
        check("no-loss: holds vacuously", verdict("no-loss", Claim::HoldsVacuously));
        check("messages = 3,609", figure("messages", Relation::Is(3609)));
        check("messages >= 3", figure("messages", Relation::Order(Order::AtLeast, 3)));
        check("overlap < -5ms", figure("overlap", Relation::Order(Order::Less, -5_000_000)));
        check("max_error ≈ 10ms ± 1ms", figure("max_error", Relation::Near(10_000_000, 1_000_000)));
        check("decision of bob = attack", decision(Some("attack")));
        check("decision of bob = none", decision(None));
        let (name, value) = ("decision".to_owned(), "attack".to_owned());
        check("decision includes attack", Ok(Statement::Includes { name, node: None, value }));
        let decided = Moment::Output { name: "decision".to_owned(), node: "bob".to_owned() };
        let heard = Moment::Message("alice:bob:1".to_owned());
        check("alice:bob:1 before decision of bob", Ok(Statement::Before(heard.clone(), decided.clone())));
        check("decision of bob concurrent with alice:bob:1", Ok(Statement::Concurrent(decided, heard)));
        check("found", Ok(Statement::Found));
        check("no-loss: hold", Err("`hold` is no verdict"));
        check("messages", Err("`messages` claims nothing that can be checked"));
        check("messages = many", Err("`many` is no figure"));
        check("max_error ≈ 10ms", Err("`≈` wants a tolerance"));
        check("decision of bob < attack", Err("what a process said is compared with `=`"));
        check("alice before bob:alice:1", Err("`alice` names no event"));
    }

    #[test]
    fn statements_about_many_runs_are_read() {
        let counted = |what, of: &str, at: &[(&str, &str)]| {
            let at = at.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
            Counted { what, of: of.to_owned(), at }
        };
        let rate = |counted, relation| Ok(Statement::Rate(Rate { counted, relation }));
        let agreement = |at| counted(Count::Rate, "agreement", at);
        check("rate of agreement ≈ 0.1 ± 0.01", rate(agreement(&[]), Some(Relation::Near(0.1, 0.01))));
        check("rate of agreement ≈ theory", rate(agreement(&[]), None));
        check("rate of agreement = 0", rate(agreement(&[]), Some(Relation::Is(0.0))));
        check("rate of agreement = 1", rate(agreement(&[]), Some(Relation::Is(1.0))));
        check("rate of agreement violated < 0.01", rate(agreement(&[]), Some(Relation::Order(Order::Less, 0.01))));
        let mean = counted(Count::Mean, "overlap", &[]);
        check("mean of overlap >= 8ms", rate(mean, Some(Relation::Order(Order::AtLeast, 8e6))));
        let at = agreement(&[("params.acks", "3")]);
        check("rate of agreement at params.acks=3 <= 1", rate(at.clone(), Some(Relation::Order(Order::AtMost, 1.0))));
        let other = agreement(&[("params.acks", "0"), ("network.loss", "0.1")]);
        let line = "rate of agreement violated at params.acks=3 < rate of agreement violated at params.acks=0, \
                    network.loss=0.1";
        check(line, Ok(Statement::Compared(at, Order::Less, other)));
        check("rate of agreement = 0.1", Err("a sweep's figure is compared by `≈`, not by `=`"));
        check("mean of overlap = 0", Err("a sweep's figure is compared by `≈`, not by `=`"));
        check("rate of agreement", Err("`rate of agreement` claims nothing of many runs"));
        check("mean of effects violated < 1", Err("`mean of effects violated < 1` claims nothing of many runs"));
        check("rate of agreement < much", Err("`much` is no figure"));
    }
}
