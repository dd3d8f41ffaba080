//! When a choice of a question is the right one: statements, with `and`, `or`, `not` and
//! parentheses between them.

use super::cast::Cast;
use super::statement::{Count, Counted, Moment, Rate, Statement, Unreadable};
use super::{SweepSpec, Vocabulary, choice, known};
use crate::process::Names;

/// When a choice is right.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum When {
    Is(Statement),
    Not(Box<When>),
    All(Vec<When>),
    Any(Vec<When>),
}

/// What tells whether a condition is met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum By {
    /// One run.
    #[default]
    Run,
    /// The scenario's sweep.
    Sweep,
    /// The scenario's search.
    Search,
}

/// Deeper parentheses than this are no condition that somebody reads.
const DEEPEST: usize = 16;

impl When {
    /// Reads a condition.
    ///
    /// # Errors
    ///
    /// What cannot be read, and what is allowed.
    pub(super) fn read(text: &str) -> Result<When, Unreadable> {
        any(text, 0)
    }

    /// Its statements.
    pub fn statements(&self) -> Vec<&Statement> {
        match self {
            When::Is(statement) => vec![statement],
            When::Not(when) => when.statements(),
            When::All(several) | When::Any(several) => several.iter().flat_map(When::statements).collect(),
        }
    }

    /// What it takes to tell whether it is met.
    pub fn by(&self) -> By {
        let by = |statement: &Statement| match statement {
            Statement::Rate(_) | Statement::Compared(..) => By::Sweep,
            Statement::Found => By::Search,
            _ => By::Run,
        };
        self.statements().into_iter().map(by).max().unwrap_or_default()
    }

    /// Whether it is met, if `is_true` knows of enough statements whether they are true.
    pub fn is_met(&self, is_true: &dyn Fn(&Statement) -> Option<bool>) -> Option<bool> {
        // One that settles it does, and otherwise one that nobody knows leaves it open.
        let settle = |several: &[When], settles: bool| {
            let met: Vec<Option<bool>> = several.iter().map(|when| when.is_met(is_true)).collect();
            if met.contains(&Some(settles)) {
                Some(settles)
            } else if met.contains(&None) {
                None
            } else {
                Some(!settles)
            }
        };
        match self {
            When::Is(statement) => is_true(statement),
            When::Not(when) => when.is_met(is_true).map(|met| !met),
            When::All(several) => settle(several, false),
            When::Any(several) => settle(several, true),
        }
    }
}

fn any(text: &str, depth: usize) -> Result<When, Unreadable> {
    let parts = split(text, " or ").into_iter().map(|part| all(part, depth));
    Ok(joined(parts.collect::<Result<_, _>>()?, When::Any))
}

fn all(text: &str, depth: usize) -> Result<When, Unreadable> {
    let parts = split(text, " and ").into_iter().map(|part| one(part, depth));
    Ok(joined(parts.collect::<Result<_, _>>()?, When::All))
}

fn joined(mut parts: Vec<When>, join: fn(Vec<When>) -> When) -> When {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

fn one(text: &str, depth: usize) -> Result<When, Unreadable> {
    let text = text.trim();
    if depth > DEEPEST {
        return Err(("this condition is nested too deeply".to_owned(), format!("{DEEPEST} levels are read")));
    }
    if let Some(rest) = text.strip_prefix("not ") {
        return Ok(When::Not(Box::new(one(rest, depth + 1)?)));
    }
    if let Some(inner) = text.strip_prefix('(') {
        let Some(inner) = inner.strip_suffix(')') else {
            return Err((format!("the parenthesis of `{text}` does not end"), "close it with `)`".to_owned()));
        };
        return any(inner, depth + 1);
    }
    // A word that joins at the end joins to nothing.
    let last = text.rsplit(' ').next().unwrap_or(text);
    match last {
        "" | "and" | "or" | "not" => {
            Err(("a part of this condition is empty".to_owned(), super::statement::OF_A_RUN.to_owned()))
        }
        _ => Statement::read(text).map(When::Is),
    }
}

/// The parts of a text between a word, where no parenthesis is open.
fn split<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let (mut parts, mut begun, mut open) = (Vec::new(), 0, 0_usize);
    let mut skip_to = 0;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            ' ' if open == 0 && at >= skip_to && text[at..].starts_with(word) => {
                parts.push(&text[begun..at]);
                begun = at + word.len();
                // The space behind one word may be the one before the next.
                skip_to = begun - 1;
            }
            _ => {}
        }
    }
    parts.push(&text[begun.min(text.len())..]);
    parts
}

/// What a statement may name.
pub(super) struct Known<'a> {
    pub(super) problem: &'a str,
    pub(super) protocol: &'a str,
    pub(super) names: &'a Names,
    /// The nodes that a flag's smaller count leaves out.
    pub(super) cut: &'a [String],
    pub(super) vocabulary: &'a dyn Vocabulary,
    /// The keys of the scenario's sweep; `None` if it has none.
    pub(super) swept: Option<Vec<&'a str>>,
    pub(super) has_search: bool,
}

impl<'a> Known<'a> {
    /// What a scenario of this cast knows, with this sweep.
    pub(super) fn of(cast: &'a Cast<'_>, sweep: Option<&'a SweepSpec>, has_search: bool) -> Known<'a> {
        Known {
            problem: cast.problem,
            protocol: cast.protocol,
            names: &cast.names,
            cut: cast.cut(),
            vocabulary: cast.vocabulary,
            swept: sweep.map(|sweep| sweep.over.iter().map(|(key, _)| key.as_str()).collect()),
            has_search,
        }
    }

    /// Whether everything that a statement names is there.
    ///
    /// # Errors
    ///
    /// What is not, and what there is.
    pub(super) fn check(&self, statement: &Statement) -> Result<(), Unreadable> {
        match statement {
            Statement::Verdict { property, .. } => self.property(property),
            Statement::Figure { name, .. } => self.figure(name),
            Statement::Output { name, node, .. } => self.output(name).and_then(|()| self.node(node)),
            Statement::Includes { name, node, .. } => {
                self.output(name)?;
                node.as_deref().map_or(Ok(()), |node| self.node(node))
            }
            Statement::Before(first, second) | Statement::Concurrent(first, second) => {
                self.moment(first).and_then(|()| self.moment(second))
            }
            Statement::Rate(Rate { counted, .. }) => self.counted(counted),
            Statement::Compared(left, _, right) => self.counted(left).and_then(|()| self.counted(right)),
            Statement::Found if self.has_search => Ok(()),
            Statement::Found => Err((
                "`found` is about the scenario's search, and it has none".to_owned(),
                "add a `[search]`".to_owned(),
            )),
        }
    }

    fn property(&self, name: &str) -> Result<(), Unreadable> {
        let properties = self.vocabulary.properties(self.problem, self.protocol);
        self.one_of(name, "property", &properties, "properties")
    }

    fn figure(&self, name: &str) -> Result<(), Unreadable> {
        let measures = self.vocabulary.measures(self.problem, self.protocol);
        let figures: Vec<&str> = measures.into_iter().chain(self.vocabulary.counts()).collect();
        self.one_of(name, "figure", &figures, "figures")
    }

    fn output(&self, name: &str) -> Result<(), Unreadable> {
        let outputs = self.vocabulary.outputs(self.problem, self.protocol);
        self.one_of(name, "output", &outputs, "outputs")
    }

    fn node(&self, name: &str) -> Result<(), Unreadable> {
        if self.names.find(name).is_some() || self.cut.iter().any(|cut| cut == name) {
            return Ok(());
        }
        Err((format!("there is no node `{name}`"), known("nodes", self.names.iter(), name)))
    }

    fn moment(&self, moment: &Moment) -> Result<(), Unreadable> {
        match moment {
            Moment::Output { name, node } => self.output(name).and_then(|()| self.node(node)),
            Moment::Message(name) if name.split(':').take(2).any(|node| self.cut.iter().any(|cut| cut == node)) => {
                Ok(())
            }
            Moment::Message(name) => {
                let message = choice::parse_message(name, self.names);
                message.map(|_| ()).map_err(|wrong| (wrong.message, wrong.help))
            }
        }
    }

    /// Whether what is counted is there.
    ///
    /// # Errors
    ///
    /// What is not, and what there is.
    pub(super) fn counted(&self, counted: &Counted) -> Result<(), Unreadable> {
        let Some(keys) = &self.swept else {
            let help = "add a `[sweep]` that says over what, as in `over.\"network.loss\" = \"0..0.5/0.1\"`".to_owned();
            return Err(("this is about the scenario's sweep, and it has none".to_owned(), help));
        };
        match counted.what {
            Count::Rate => self.property(&counted.of)?,
            Count::Mean => {
                let measures = self.vocabulary.measures(self.problem, self.protocol);
                self.one_of(&counted.of, "measure", &measures, "measures")?;
            }
        }
        match counted.at.iter().find(|(key, _)| !keys.contains(&key.as_str())) {
            Some((key, _)) => {
                Err((format!("the sweep does not go over `{key}`"), known("swept keys", keys.iter().copied(), key)))
            }
            None => Ok(()),
        }
    }

    fn one_of(&self, name: &str, what: &str, all: &[&str], several: &str) -> Result<(), Unreadable> {
        if all.contains(&name) {
            return Ok(());
        }
        Err((format!("`{}` has no {what} `{name}`", self.protocol), known(several, all.iter().copied(), name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(text: &str, truths: &[(&str, Option<bool>)]) -> Option<bool> {
        let is_true = |statement: &Statement| match statement {
            Statement::Verdict { property, .. } => truths.iter().find(|(name, _)| name == property).unwrap().1,
            other => panic!("{other:?}"),
        };
        When::read(text).unwrap().is_met(&is_true)
    }

    #[test]
    fn not_binds_closer_than_and_and_and_closer_than_or() {
        let truths = [("t", Some(true)), ("f", Some(false)), ("u", None)];
        for (text, expect) in [
            ("t: holds", Some(true)),
            ("not t: holds", Some(false)),
            ("t: holds or t: holds and f: holds", Some(true)),
            ("(t: holds or t: holds) and f: holds", Some(false)),
            ("not (f: holds or f: holds)", Some(true)),
            ("not f: holds and not f: holds", Some(true)),
            // What nobody knows matters only where it can.
            ("u: holds", None),
            ("not u: holds", None),
            ("u: holds or t: holds", Some(true)),
            ("u: holds and f: holds", Some(false)),
            ("u: holds or f: holds", None),
            ("t: holds and u: holds", None),
        ] {
            assert_eq!(met(text, &truths), expect, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        let nested = format!("{}a: holds{}", "(".repeat(20), ")".repeat(20));
        for (text, expect) in [
            ("", "a part of this condition is empty"),
            ("a: holds and ", "a part of this condition is empty"),
            ("a: holds or  or b: holds", "a part of this condition is empty"),
            ("(a: holds", "the parenthesis of `(a: holds` does not end"),
            (nested.as_str(), "this condition is nested too deeply"),
        ] {
            assert_eq!(When::read(text).unwrap_err().0, expect, "{text}");
        }
    }

    #[test]
    fn what_tells_is_the_costliest_that_it_needs() {
        for (text, expect) in [
            ("a: holds", By::Run),
            ("a: holds and rate of a < 0.1", By::Sweep),
            ("not found or rate of a < 0.1", By::Search),
        ] {
            assert_eq!(When::read(text).unwrap().by(), expect, "{text}");
        }
    }
}
