//! The idempotent producer: a broker that numbers what each producer sends, and appends every number once.
//!
//! Apache Kafka, KIP-98, "Exactly once delivery and transactional messaging", 2017; the broker's rules are those of
//! `ProducerStateEntry` and `ProducerAppendInfo`.
//!
//! The problem: orders are appended to a log over a network that loses messages and answers. Each must stand there
//! once (no-loss, no-duplicate) and in the order in which it was taken (order).
//!
//! The algorithm: (1) the shop asks the broker for a producer id and an epoch; (2) it numbers its records from 0 and
//! sends them, each again with its own number until it is answered, and never further than `in-flight` numbers beyond
//! the first that is not; (3) the broker keeps the numbers of the last 5 batches of each producer. It appends the
//! number after the last; answers a number that it keeps with the old offset and appends nothing (duplicate); refuses
//! any other (out of order); and refuses an epoch that is not the newest (fenced). A new epoch begins at 0.
//!
//! Steps 2 and 3 belong together: a record without an answer is at most 5 numbers behind the last one sent, so the
//! broker still keeps its number. A shop that only counted what is unanswered would run ahead of an answer that was
//! lost, and the broker would refuse that record for ever.
//!
//! With `idempotence` off the broker appends whatever comes: an answer that is lost leaves a record twice, and with
//! more than one in flight a record that is lost and sent again comes behind its successor.
//!
//! Assumes that the broker's log and its producers' numbers are durable. It says nothing about a producer that starts
//! again: that one gets a new id (with `transactional-id` the same id and the next epoch), numbers from 0, and what it
//! sends again is new to the broker. Departures: one partition, one record a batch, no limit on retries; a reader
//! behind the log charges each record as it is appended; a question for an id that is repeated gets the same answer
//! (KIP-360), known by the clock's reading at the producer's start; a producer that is fenced, which a question of its
//! former life can do that comes late, is replaced by a new one in the same process, as Kafka's documentation asks of
//! the application.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/the-retry-out-of-order.toml`.

mod broker;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{Measure, Property};
use crate::process::{Context, Disk, NodeId, Process, Protocol, TimerId};
use crate::roles;
use crate::scenario::{Complaint, Positive, Scenario};
use crate::sim::{Runner, Simulation};
use crate::time::{Distribution, Monotonic, Span};

use super::properties::{self, CHARGES};
use super::shop::{Books, Entered, counted, number};
use super::theory;
use crate::problems::{Entry, Theory};
use broker::{Broker, Log, REMEMBERED};

/// What the registry knows of the protocol.
pub const ENTRY: Entry = Entry {
    name: "idempotent-producer",
    title: "Idempotent producer",
    summary: "Records carry the producer's id and a sequence number, and the broker appends every number once.",
    paper: "Apache Kafka, KIP-98, \"Exactly once delivery and transactional messaging\", 2017",
    params: crate::scenario::schema::of::<Params>,
    lies: &[],
    crash_points: &["taken", "sent", "answered", "received", "appended", "acknowledged"],
    chances: &["load.gap"],
    properties: PROPERTIES,
    measures: MEASURES,
    theory: THEORY,
    table: Some(super::account::table),
    chart: None,
    prepare,
};

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

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Params {
    /// How many orders there are.
    #[schemars(range(min = 1, max = 1_000_000))]
    orders: u32,
    /// The time between two orders, and before the first.
    gap: Distribution,
    /// How long the shop waits for an answer before it sends again.
    #[serde(with = "Positive")]
    every: Span,
    /// How many numbers there may be from the first record without an answer to the last one sent.
    #[schemars(range(min = 1, max = 1_000))]
    in_flight: u32,
    /// Whether the broker looks at the numbers.
    idempotence: bool,
    /// Whether a producer that starts again is known as the same, one epoch later.
    transactional_id: bool,
}

impl Default for Params {
    fn default() -> Params {
        let gap = Distribution::Constant(Span::from_ms(10));
        let every = Span::from_ms(100);
        Params { orders: 10, gap, every, in_flight: 5, idempotence: true, transactional_id: false }
    }
}

fn prepare(scenario: &Scenario) -> Result<Box<dyn Runner>, Vec<Complaint>> {
    let params: Params = super::read("idempotent-producer", &["shop", "broker"], scenario)?;
    let complain = |key, message: &str, help| Err(vec![scenario.params.complain(key, message, help)]);
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
    Ok(Box::new(Simulation::new(Kafka { params }, None, scenario)))
}

const SHOP: NodeId = NodeId::new(0);
const BROKER: NodeId = NodeId::new(1);

#[derive(Clone)]
struct Kafka {
    params: Params,
}

impl Protocol for Kafka {
    type Process = Node;
    type Message = Message;
    type Timer = Timer;
    type Disk = Store;

    fn boot(&self, node: NodeId, store: &Store) -> Node {
        let params = self.params.clone();
        if node == SHOP {
            Node::Producer(Producer::new(params, &store.books))
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

/// What nodes keep over a crash: the shop its books, the broker its log.
#[derive(Clone, Default)]
struct Store {
    books: Books,
    log: Log,
}

#[derive(Clone, Serialize)]
enum Write {
    Books(Entered),
    /// A producer that asked at this reading of its oscillator is known by this id, from now on with this epoch.
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
        if let Write::Books(entered) = write {
            self.books.write(entered);
        }
    }
}

roles!(enum Node: Kafka { Producer, Broker });

/// A record that is not answered.
#[derive(Clone)]
struct Flight {
    order: u32,
    alarm: TimerId,
}

/// Takes orders, numbers them and sends them.
#[derive(Clone)]
struct Producer {
    params: Params,
    taken: u32,
    who: Option<Identity>,
    /// When this producer began to ask who it is.
    asked: Monotonic,
    /// It waits to be told.
    nameless: Option<TimerId>,
    /// Orders that have no number yet.
    queue: VecDeque<u32>,
    /// The orders at the front of the queue that a producer before this one may have sent already.
    left: usize,
    next_sequence: u32,
    flights: BTreeMap<u32, Flight>,
}

impl Producer {
    fn new(params: Params, books: &Books) -> Producer {
        let who = (!params.idempotence).then(Identity::default);
        let queue: VecDeque<u32> = books.open().collect();
        let (taken, left, asked, flights) = (books.taken(), queue.len(), Monotonic::default(), BTreeMap::new());
        Producer { params, taken, who, asked, nameless: None, queue, left, next_sequence: 0, flights }
    }

    /// Step 1.
    fn ask(&mut self, ctx: &mut Context<'_, Kafka>) {
        ctx.send(BROKER, Message::Init { asked: self.asked });
        self.nameless = Some(ctx.set_timer(self.params.every, Timer::Nameless));
    }

    fn is_named(&mut self, who: Identity, ctx: &mut Context<'_, Kafka>) {
        self.who = Some(who);
        if let Some(nameless) = self.nameless.take() {
            ctx.cancel_timer(nameless);
        }
        self.send_queued(ctx);
    }

    /// A newer epoch of this producer is known: a new producer takes its place, and goes on with what is not answered.
    fn is_fenced(&mut self, ctx: &mut Context<'_, Kafka>) {
        for (_, Flight { order, alarm }) in std::mem::take(&mut self.flights).into_iter().rev() {
            ctx.cancel_timer(alarm);
            self.queue.push_front(order);
            self.left += 1;
        }
        (self.who, self.next_sequence, self.asked) = (None, 0, ctx.monotonic());
        self.ask(ctx);
    }

    fn await_customer(&self, ctx: &mut Context<'_, Kafka>) {
        if self.taken < self.params.orders {
            let gap = ctx.load("gap", self.taken + 1, &self.params.gap);
            ctx.set_timer(gap, Timer::Customer);
        }
    }

    /// Step 2: as much as may be in flight.
    fn send_queued(&mut self, ctx: &mut Context<'_, Kafka>) {
        while self.who.is_some()
            && self.in_flight() < self.params.in_flight
            && let Some(order) = self.queue.pop_front()
        {
            if self.left > 0 {
                self.left -= 1;
                if self.params.idempotence {
                    ctx.note("renumbered", number(order), String::new);
                }
            }
            let sequence = self.next_sequence;
            self.next_sequence += 1;
            self.send(sequence, order, ctx);
        }
    }

    /// The numbers from the first that is not answered to the last one sent, those between that are answered included.
    fn in_flight(&self) -> u32 {
        self.flights.first_key_value().map_or(0, |(&first, _)| self.next_sequence - first)
    }

    fn send(&mut self, sequence: u32, order: u32, ctx: &mut Context<'_, Kafka>) {
        let Some(who) = self.who else { return };
        ctx.note("sent", number(order), || format!("number {sequence}"));
        ctx.send(BROKER, Message::Append { who, sequence, order });
        ctx.crash_point_for("sent", order);
        let alarm = ctx.set_timer(self.params.every, Timer::Unanswered(sequence));
        self.flights.insert(sequence, Flight { order, alarm });
    }

    fn answered(&mut self, sequence: u32, order: u32, outcome: Outcome, ctx: &mut Context<'_, Kafka>) {
        let is_its = |flight: &Flight| flight.order == order;
        match outcome {
            Outcome::Stands { .. } => {
                ctx.note("acknowledged", number(order), String::new);
                if !self.flights.get(&sequence).is_some_and(is_its) {
                    return;
                }
                if let Some(Flight { alarm, .. }) = self.flights.remove(&sequence) {
                    ctx.cancel_timer(alarm);
                }
                ctx.crash_point_for("answered", order);
                ctx.write(Write::Books(Entered::Closed(order)));
                self.send_queued(ctx);
            }
            // What is missing is being sent again; when this one's own time comes, it will fit.
            Outcome::OutOfOrder { next } => {
                ctx.note("refused", number(order), || format!("the broker waits for number {next}"));
            }
            Outcome::Fenced => {
                ctx.note("fenced", number(order), || "its producer has a newer epoch".to_owned());
                self.is_fenced(ctx);
            }
        }
    }
}

impl Process<Kafka> for Producer {
    fn start(&mut self, ctx: &mut Context<'_, Kafka>) {
        self.asked = ctx.monotonic();
        if self.who.is_none() {
            self.ask(ctx);
        }
        self.send_queued(ctx);
        self.await_customer(ctx);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Kafka>) {
        match message {
            Message::YouAre { who, asked } if self.who.is_none() && asked == self.asked => {
                self.is_named(who, ctx);
            }
            Message::Answer { who, sequence, order, outcome } if self.who == Some(who) => {
                self.answered(sequence, order, outcome, ctx);
            }
            _ => {}
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Kafka>) {
        match timer {
            Timer::Customer => {
                self.taken += 1;
                ctx.commit(Write::Books(Entered::Opened(self.taken)), "ordered", number(self.taken));
                ctx.crash_point_for("taken", self.taken);
                self.queue.push_back(self.taken);
                self.send_queued(ctx);
                self.await_customer(ctx);
            }
            Timer::Nameless => self.ask(ctx),
            Timer::Unanswered(sequence) => {
                if let Some(Flight { order, .. }) = self.flights.remove(&sequence) {
                    self.send(sequence, order, ctx);
                }
            }
        }
    }

    fn state(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken = counted(self.taken as usize, "order");
        write!(f, "{taken}, {} in flight, {} waiting", self.flights.len(), self.queue.len())
    }
}

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

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timer::Customer => f.write_str("a customer comes"),
            Timer::Nameless => f.write_str("no producer id yet"),
            Timer::Unanswered(sequence) => write!(f, "no answer for #{sequence}"),
        }
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Write::Books(entered) => entered.fmt(f),
            Write::Known { who, .. } => who.fmt(f),
            Write::Appended { order, .. } => write!(f, "order {order} appended"),
        }
    }
}

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
    let params: Params = scenario.params.read().ok()?;
    let links = theory::Links::of(scenario).filter(|links| links.is_prompt(params.every) && links.come_through())?;
    let q = if params.idempotence { 0.0 } else { links.loss_back };
    Some((q, f64::from(params.orders)))
}

#[cfg(test)]
mod tests {
    use super::super::tests;
    use crate::report::Report;

    fn kafka(params: &str, force: &[&str]) -> Report {
        let nodes = "[\"shop\", \"broker\"]";
        tests::report(&tests::scenario("idempotent-producer", nodes, &format!("params = {{ {params} }}"), force))
    }

    #[test]
    fn a_lost_answer_appends_twice_without_idempotence() {
        let report = kafka("orders = 1, idempotence = false", &["broker:shop:1=lose"]);
        let because = "Order 1 was charged twice: its acknowledgement broker:shop:1 was lost.";
        tests::is_violated(&report, "no-duplicate", because);
        assert_eq!(tests::measure(&report, "log_length"), Some(2));
        // The first message is that of the producer id.
        let report = kafka("orders = 1", &["broker:shop:2=lose"]);
        tests::holds(&report, "no-duplicate");
        assert_eq!(tests::measure(&report, "log_length"), Some(1));
        let words: Vec<&str> = report.trace.events.iter().filter_map(|event| report.trace.words.of(event.id)).collect();
        assert!(words.contains(&"#0: a duplicate, at offset 0"), "the original offset comes back: {words:?}");
    }

    #[test]
    fn two_in_flight_change_places_without_idempotence() {
        let report = kafka("orders = 2, in-flight = 2, idempotence = false", &["shop:broker:1=lose"]);
        let because = "Order 1 stands behind order 2: shop:broker:1 was lost, and order 2 did not wait for it.";
        tests::is_violated(&report, "order", because);
        tests::holds(&kafka("orders = 2, in-flight = 1, idempotence = false", &["shop:broker:1=lose"]), "order");
        let report = kafka("orders = 2, in-flight = 2", &["shop:broker:2=lose"]);
        tests::holds(&report, "order");
        tests::holds(&report, "no-loss");
    }

    #[test]
    fn idempotence_does_not_survive_the_producer() {
        for transactional in [false, true] {
            let params = format!("orders = 1, transactional-id = {transactional}");
            let report = kafka(&params, &["shop@answered:1.crash=5ms"]);
            let because = "Order 1 was charged twice: shop crashed at 40ms, and sent the order again after its restart, under a \
                 number that was new to the broker.";
            tests::is_violated(&report, "no-duplicate", because);
        }
    }

    #[test]
    fn what_an_old_epoch_had_under_way_is_fenced() {
        let force = ["shop:broker:2.delay=100ms", "shop@sent:1.crash=1ms"];
        let report = kafka("orders = 1, gap = \"30ms\", transactional-id = true", &force);
        tests::holds(&report, "no-duplicate");
        let words: Vec<&str> = report.trace.events.iter().filter_map(|event| report.trace.words.of(event.id)).collect();
        assert!(words.contains(&"#0: fenced, an old epoch"), "{words:?}");
        let report = kafka("orders = 1, gap = \"30ms\"", &force);
        let because = "Order 1 was charged twice: shop crashed at 30ms, and sent the order again after its restart, \
                       under a number that was new to the broker.";
        tests::is_violated(&report, "no-duplicate", because);
    }

    /// The shop waits for the answer instead of running ahead of what the broker remembers.
    #[test]
    fn a_lost_answer_holds_the_window_back() {
        for in_flight in 1..=5 {
            for answer in 2..=8 {
                let params = format!("orders = 30, in-flight = {in_flight}");
                let report = kafka(&params, &[&format!("broker:shop:{answer}=lose")]);
                for property in ["no-loss", "no-duplicate", "order"] {
                    tests::holds(&report, property);
                }
                assert_eq!(report.trace.ended, crate::trace::Why::Quiescent);
                assert_eq!(tests::measure(&report, "log_length"), Some(30));
            }
        }
    }

    #[test]
    fn a_restart_after_a_lost_answer_is_named() {
        let force = ["broker:shop:2=lose", "shop@sent:5.crash=10ms"];
        let because = "Order 1 was charged twice: its acknowledgement broker:shop:2 was lost, and shop crashed at 50ms, \
                       and sent the order again after its restart, under a number that was new to the broker. 2 more \
                       orders were charged more than once.";
        let report = kafka("orders = 6", &force);
        tests::is_violated(&report, "no-duplicate", because);
        tests::holds(&report, "no-loss");
    }

    /// A question for an id that is late is asked again, and has the same answer: else the second answer would fence off
    /// the producer that went on with the first.
    #[test]
    fn a_question_that_is_repeated_has_the_same_answer() {
        for transactional in [false, true] {
            let params = format!("orders = 3, transactional-id = {transactional}");
            for late in ["shop:broker:1.delay=250ms", "broker:shop:1.delay=250ms", "broker:shop:1=lose"] {
                let report = kafka(&params, &[late]);
                for property in ["no-loss", "no-duplicate", "order"] {
                    tests::holds(&report, property);
                }
            }
        }
    }

    /// The question of a former life comes late, and fences off the life that is.
    #[test]
    fn a_producer_that_is_fenced_is_replaced() {
        let force = ["shop:broker:1.delay=200ms", "shop@taken:1.crash=1ms"];
        let report = kafka("orders = 30, transactional-id = true", &force);
        assert!(report.trace.notes("fenced").count() > 0);
        tests::holds(&report, "no-loss");
        assert_eq!(report.trace.ended, crate::trace::Why::Quiescent);
    }

    #[test]
    fn a_broker_that_crashes_keeps_its_numbers() {
        let force = ["broker@appended:2.crash=5ms", "broker@acknowledged:4.crash=5ms"];
        let report = kafka("orders = 5", &force);
        for property in ["no-loss", "no-duplicate", "order"] {
            tests::holds(&report, property);
        }
    }
}
