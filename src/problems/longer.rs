//! What makes a protocol's runs longer.

/// How often a length is doubled.
pub const DOUBLINGS: u32 = 5;

/// A setting that makes a protocol's runs longer: doubling it doubles the events, or near enough.
#[derive(Clone, Copy, Debug)]
pub struct Longer {
    /// The setting, as `--set` writes it: `params.orders`, `until`, `nodes`.
    pub by: &'static str,
    lengths: Lengths,
    /// The rest of the scenario, its nodes first.
    rest: &'static str,
}

/// The values of the setting.
#[derive(Clone, Copy, Debug)]
enum Lengths {
    /// So many of a unit, and twice as many each time.
    From(u64, &'static str),
    /// So many nodes: the events grow with their square.
    Nodes([u64; DOUBLINGS as usize + 1]),
}

impl Longer {
    /// More nodes, where the events grow with the square of their number.
    pub const BY_NODES: Longer = Longer { by: "nodes", lengths: Lengths::Nodes([12, 17, 24, 34, 48, 68]), rest: "" };

    /// Returns a setting that is `from` of a unit first, such as `"s"` or `""`, and then twice as
    /// many each time.
    pub const fn doubling(by: &'static str, from: u64, unit: &'static str) -> Longer {
        Longer { by, lengths: Lengths::From(from, unit), rest: "" }
    }

    /// The rest of the scenario, from its nodes on, which it does not say if they are what grows.
    /// What goes wrong in it had better go wrong again and again, so that there is more to judge
    /// and to tell of a longer run.
    pub const fn within(self, rest: &'static str) -> Longer {
        Longer { rest, ..self }
    }

    /// Returns the value of the setting after so many doublings, at most [`DOUBLINGS`].
    pub fn value(&self, doublings: u32) -> String {
        match self.lengths {
            Lengths::From(from, "") => (from << doublings).to_string(),
            Lengths::From(from, unit) => format!("{}{unit}", from << doublings),
            Lengths::Nodes(nodes) => nodes.get(doublings as usize).map(u64::to_string).unwrap_or_default(),
        }
    }

    /// Returns the text of the scenario in which the setting is made longer.
    pub fn scenario(&self, problem: &str, protocol: &str) -> String {
        // Where nodes are what grows, the file must still say how many there are.
        let nodes = if self.by == "nodes" { "nodes = 4\n" } else { "" };
        let rest = self.rest;
        format!("title = \"Growth\"\nproblem = \"{problem}\"\nprotocol = \"{protocol}\"\n{nodes}{rest}\n")
    }
}
