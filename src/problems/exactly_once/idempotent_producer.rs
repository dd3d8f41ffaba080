//! The idempotent producer: a broker that numbers what each producer sends, and appends every
//! number once.
//!
//! Apache Kafka, KIP-98, "Exactly once delivery and transactional messaging", 2017; the broker's
//! rules are those of `ProducerStateEntry` and `ProducerAppendInfo`.
//!
//! The problem: orders are appended to a log over a network that loses messages and answers. Each
//! must stand there once (no-loss, no-duplicate) and in the order in which it was taken (order).
//!
//! The algorithm: (1) the shop asks the broker for a producer id and an epoch; (2) it numbers its
//! records from 0 and sends them, each again with its own number until it is answered, and never
//! further than `in-flight` numbers beyond the first that is not; (3) the broker keeps the numbers
//! of the last 5 batches of each producer. It appends the number after the last; answers a number
//! that it keeps with the old offset and appends nothing (duplicate); refuses any other (out of
//! order); and refuses an epoch that is not the newest (fenced). A new epoch begins at 0.
//!
//! Steps 2 and 3 belong together: a record without an answer is at most 5 numbers behind the last
//! one sent, so the broker still keeps its number. A shop that only counted what is unanswered
//! would run ahead of an answer that was lost, and the broker would refuse that record for ever.
//!
//! With `idempotence` off the broker appends whatever comes: an answer that is lost leaves a record
//! twice, and with more than one in flight a record that is lost and sent again comes behind its
//! successor.
//!
//! Assumes that the broker's log and its producers' numbers are durable. It says nothing about a
//! producer that starts again: that one gets a new id (with `transactional-id` the same id and the
//! next epoch), numbers from 0, and what it sends again is new to the broker. Departures: one
//! partition, one record a batch, no limit on retries; a reader behind the log charges each record
//! as it is appended; a question for an id that is repeated gets the same answer (KIP-360), known
//! by the clock's reading at the producer's start; a producer that is fenced, which a question of
//! its former life can do that comes late, is replaced by a new one in the same process, as Kafka's
//! documentation asks of the application.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/the-retry-out-of-order.toml`.

mod broker;
mod producer;

use super::SHOP;
use super::journal::{Journal, JournalWrite};
use super::properties::{self, CHARGES};
use super::theory;
use crate::problems::prelude::*;
use broker::{Broker, Log, REMEMBERED};
use producer::Producer;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "idempotent-producer",
    title: "Idempotent producer",
    summary: "Records carry the producer's id and a sequence number, and the broker appends every number once.",
    paper: "Apache Kafka, KIP-98, \"Exactly once delivery and transactional messaging\", 2017",
    params: schema::of::<Kafka>,
    crash_points: &["taken", "sent", "answered", "received", "appended", "acknowledged"],
    properties: PROPERTIES,
    measures: MEASURES,
    theory: THEORY,
    roles: |node, _| if node == SHOP { Role::Shop } else { Role::Broker },
    prepare: |scenario| super::setup(&["shop", "broker"], scenario).check(check).ready(),
    edges: &["orders = 1", "orders = 9, idempotence = false", "orders = 9, transactional-id = true", "orders = 9"],
    longer: &[
        Longer::doubling("params.orders", 60, "").within(super::LOSSY),
        Longer::doubling("until", 16, "s").within(CRASHING_PRODUCER),
    ],
    ..super::COMMON
};

const CRASHING_PRODUCER: &str = "nodes = [\"shop\", \"broker\"]\n[params]\norders = 1000000\ngap = \"100ms\"\n\
     [network]\nloss = 0.1\n[[fault]]\ncrash = { node = \"shop\", rate = 0.5, for = \"20ms\" }";

const PROPERTIES: &[Property] = &[properties::NO_LOSS, properties::NO_DUPLICATE, properties::ORDER];

const MEASURES: &[Measure] = &[
    crate::check::MESSAGES,
    properties::SENDS,
    properties::COPIES,
    properties::EFFECTS,
    properties::DUPLICATES,
    properties::LOSSES,
    properties::LOG_LENGTH,
];

params! {
    struct Kafka {
        /// How many orders there are.
        #[schemars(range(min = 1, max = 1_000_000))]
        orders: u32 = 10,
        /// The time between two orders, and before the first.
        gap: Distribution = Distribution::Constant(Span::from_ms(10)),
        /// How long the shop waits for an answer before it sends again.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(100),
        /// How many numbers there may be from the first record without an answer to the last one
        /// sent.
        #[schemars(range(min = 1, max = 1_000))]
        in_flight: u32 = 5,
        /// Whether the broker looks at the numbers.
        idempotence: bool = true,
        /// Whether a producer that starts again is known as the same, one epoch later.
        transactional_id: bool = false,
    }
}

fn check(params: &Kafka, scenario: &Scenario) -> Option<Complaint> {
    let complain = |key, message: &str, help| Some(scenario.params.complain(key, message, help));
    if params.idempotence && params.in_flight as usize > REMEMBERED {
        return complain(
            "in-flight",
            "a broker remembers the last 5 batches of a producer, and more than that would be in flight",
            "at most 5 with `idempotence`",
        );
    }
    if params.transactional_id && !params.idempotence {
        return complain("transactional-id", "`transactional-id` needs `idempotence`", "leave one of them out");
    }
    None
}

const BROKER: NodeId = NodeId::new(1);

impl Protocol for Kafka {
    type Process = Node;
    type Message = Message;
    type Timer = Timer;
    type Disk = Store;

    fn boot(&self, node: NodeId, store: &Store) -> Node {
        let params = self.clone();
        if node == SHOP {
            Node::Producer(Producer::new(params, &store.journal))
        } else {
            Node::Broker(Broker { params, log: store.log.clone() })
        }
    }
}

/// Who a producer is to the broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Identity {
    id: u32,
    epoch: u32,
}

#[derive(Clone, PartialEq, Serialize)]
enum Message {
    /// "Who am I?"
    Init { asked: Monotonic },
    /// "You are this one."
    YouAre { who: Identity, asked: Monotonic },
    /// "Append this order, my record of this number."
    Append { who: Identity, sequence: u32, order: u32 },
    /// "This is what became of it."
    Answer { who: Identity, sequence: u32, order: u32, outcome: Outcome },
}

/// What a broker says of a record.
#[derive(Clone, Copy, PartialEq, Serialize)]
enum Outcome {
    /// It stands at this offset, since now or since an earlier attempt.
    Stands { offset: u32, duplicate: bool },
    /// It is neither the next number nor one that the broker keeps.
    OutOfOrder { next: u32 },
    /// Its producer has a newer epoch.
    Fenced,
}

#[derive(Clone)]
enum Timer {
    /// The next customer comes.
    Customer,
    /// The broker has not said who the producer is.
    Nameless,
    /// No answer has come for the record of this number.
    Unanswered(u32),
}

/// What nodes keep over a crash: the shop its journal, the broker its log.
#[derive(Clone, Default)]
struct Store {
    journal: Journal,
    log: Log,
}

#[derive(Clone, Serialize)]
enum Write {
    Journal(JournalWrite),
    /// A producer that asked at this reading of its oscillator is known by this id, from now on
    /// with this epoch.
    Known {
        who: Identity,
        asked: Monotonic,
    },
    /// An order was appended; with idempotence, as this record of this producer.
    Appended {
        order: u32,
        record: Option<(Identity, u32)>,
    },
}

impl Disk for Store {
    type Write = Write;

    fn write(&mut self, write: Write) {
        self.log.write(&write);
        if let Write::Journal(write) = write {
            self.journal.write(write);
        }
    }
}

roles!(enum Node: Kafka { Producer, Broker });

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "producer {}, epoch {}", self.id, self.epoch)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message::Init { .. } => f.write_str("who am I?"),
            Message::YouAre { who, .. } => write!(f, "{who}"),
            Message::Append { sequence, order, .. } => write!(f, "#{sequence}: order {order}"),
            Message::Answer { sequence, outcome, .. } => match outcome {
                Outcome::Stands { offset, duplicate: false } => write!(f, "#{sequence}: at offset {offset}"),
                Outcome::Stands { offset, duplicate: true } => {
                    write!(f, "#{sequence}: a duplicate, at offset {offset}")
                }
                Outcome::OutOfOrder { next } => write!(f, "#{sequence}: out of order, #{next} is next"),
                Outcome::Fenced => write!(f, "#{sequence}: fenced, an old epoch"),
            },
        }
    }
}

words!(Timer {
    Customer => "a customer comes";
    Nameless => "no producer id yet";
    Unanswered(sequence) => "no answer for #{sequence}";
});

words!(Write {
    Journal(write) => "{write}";
    Known { who, .. } => "{who}";
    Appended { order, .. } => "order {order} appended";
});

const ASSUMES: &str = "nothing goes wrong but independent losses, q of answers; answers come within `every`, and all \
                       attempts are within the run";

const THEORY: &[Theory] = &[
    Theory {
        of: "no-duplicate",
        formula: "without idempotence 1 - (1-q)^orders; with it 0",
        assumes: ASSUMES,
        value: |scenario| appended_twice(scenario).map(|(q, orders)| theory::any(q, orders)),
    },
    Theory {
        of: "log_length",
        formula: "without idempotence orders/(1-q); with it orders",
        assumes: ASSUMES,
        value: |scenario| appended_twice(scenario).map(|(q, orders)| orders / (1.0 - q)),
    },
    Theory {
        of: CHARGES,
        formula: "as `log_length`",
        assumes: ASSUMES,
        value: |scenario| appended_twice(scenario).map(|(q, orders)| orders / (1.0 - q)),
    },
];

/// The chance that a record that stands is appended again, and the orders.
fn appended_twice(scenario: &Scenario) -> Option<(f64, f64)> {
    let params: Kafka = scenario.params.read().ok()?;
    let links = theory::Links::of(scenario).filter(|links| links.is_prompt(params.every) && links.come_through())?;
    let q = if params.idempotence { 0.0 } else { links.loss_back };
    Some((q, f64::from(params.orders)))
}

#[cfg(test)]
mod tests;
