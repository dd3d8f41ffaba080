//! How time servers lie: they say a time that their clock does not show.
//!
//! A traitor's clock is as good as anybody's; what it says of it is not. A message that says no
//! time passes unchanged.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::problems::LieDoc;
use crate::process::{MessageId, NodeId, Protocol};
use crate::scenario::{Choice, Complaint, Decision, Fault, Lie, Scenario, nearest};
use crate::sim::byzantine::{Dice, Liar, Slot};
use crate::time::Span;

/// The lies that every protocol of the problem knows in which nodes tell each other the time.
pub const DOCS: &[LieDoc] = &[
    LieDoc {
        name: "offset-by",
        arguments: "by = \"100ms\"",
        says: "Says a time that is `by` ahead of its clock.",
        short: "tells a wrong time",
    },
    LieDoc {
        name: "two-faced",
        arguments: "by = \"100ms\"",
        says: "Says a time that is `by` ahead to nodes of even index, and `by` behind to nodes of odd index.",
        short: "tells two times",
    },
];

/// A message that may say what its sender's clock shows.
pub trait Tells: Clone {
    /// The message as it would be if the clock showed `by` more.
    #[must_use]
    fn shifted(&self, by: Span) -> Self;
}

#[derive(Clone, Copy, Debug)]
struct Strategy {
    by: Span,
    two_faced: bool,
}

impl Strategy {
    fn shift(self, to: NodeId) -> Span {
        if self.two_faced && to.index() % 2 == 1 { -self.by } else { self.by }
    }
}

/// All lying servers of a run.
#[derive(Clone, Debug, Default)]
pub struct Clockmakers {
    rows: Vec<Strategy>,
    row_of: BTreeMap<NodeId, usize>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// How far the time that is said is ahead.
    by: Span,
}

const WORDS: &str = "a lie about the time is how far it is off, as in `100ms` or `-5s`, or `silent`";

/// The word for saying nothing.
const SILENT: &str = "silent";

impl Clockmakers {
    /// Reads the lies of a scenario, and checks the words that are forced on its traitors.
    ///
    /// # Errors
    ///
    /// Every lie that is none, every argument that is wrong, and every forced word that is no word.
    pub fn read(scenario: &Scenario) -> Result<Clockmakers, Vec<Complaint>> {
        let mut all = Clockmakers::default();
        let mut complaints = bad_words(scenario);
        for fault in &scenario.faults {
            if let Fault::Traitor { lie, .. } = fault {
                match strategy(lie) {
                    Ok(strategy) => all.rows.push(strategy),
                    Err(more) => complaints.extend(more),
                }
            }
        }
        if complaints.is_empty() { Ok(all) } else { Err(complaints) }
    }

    fn shift(&self, id: MessageId) -> Span {
        let strategy = self.row_of.get(&id.from()).and_then(|&row| self.rows.get(row));
        strategy.map_or(Span::ZERO, |strategy| strategy.shift(id.to()))
    }
}

fn strategy(lie: &Lie) -> Result<Strategy, Vec<Complaint>> {
    let two_faced = match lie.name.as_str() {
        "offset-by" => false,
        "two-faced" => true,
        other => {
            let names = DOCS.iter().map(|doc| doc.name);
            let meant = nearest(other, names).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let help = format!("the lies are offset-by and two-faced{meant}");
            return Err(vec![Complaint {
                span: lie.span.clone(),
                message: format!("there is no lie `{other}`"),
                help,
            }]);
        }
    };
    let Arguments { by } = lie.arguments.read()?;
    Ok(Strategy { by, two_faced })
}

fn bad_words(scenario: &Scenario) -> Vec<Complaint> {
    let bad = scenario.forced.iter().filter_map(|forced| match (&forced.choice, &forced.decision) {
        (Choice::Lie(_), Decision::Words(words)) if words != SILENT && words.parse::<Span>().is_err() => {
            Some(Complaint {
                span: forced.span.clone(),
                message: format!("`{words}` is no word"),
                help: WORDS.to_owned(),
            })
        }
        _ => None,
    });
    bad.collect()
}

impl<P: Protocol> Liar<P> for Clockmakers
where
    P::Message: Tells,
{
    fn begin(&mut self, traitors: &[(NodeId, usize)]) {
        self.row_of.clear();
        self.row_of.extend(traitors.iter().copied());
    }

    fn lie(&mut self, slot: &Slot<'_, P>, _dice: &mut Dice, said: &mut Vec<P::Message>) {
        if !slot.silent {
            said.push(slot.honest.shifted(self.shift(slot.id)));
        }
    }

    fn say(&mut self, slot: &Slot<'_, P>, words: &str, said: &mut Vec<P::Message>) {
        // Words were checked when the scenario was loaded; an invalid one says nothing.
        said.extend(words.parse::<Span>().ok().map(|by| slot.honest.shifted(by)));
    }

    fn options(&self, slot: &Slot<'_, P>) -> Vec<String> {
        let by = self.row_of.get(&slot.id.from()).and_then(|&row| self.rows.get(row)).map_or(Span::ZERO, |row| row.by);
        [Span::ZERO, by, -by].iter().map(Span::to_string).chain([SILENT.to_owned()]).collect()
    }
}
