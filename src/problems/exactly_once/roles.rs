//! The two roles that most protocols of this problem share: a shop that sends orders, and a ledger
//! that charges them.
//!
//! The shop is the first node, the ledger the second. A protocol says by its configuration what
//! each of them does beyond the bare minimum: whether the shop sends again and keeps its open
//! orders on disk, whether the ledger answers, and whether it keeps a table.

use super::SHOP;
use super::client::{Alarm, Client, ClientConfig, Message};
use super::journal::{Journal, JournalWrite};
use super::table::{Forget, Row, Rows, Table, Window};
use crate::problems::prelude::*;

/// A protocol between a shop and a ledger.
#[derive(Clone)]
pub(super) struct ShopAndLedger {
    pub(super) client: ClientConfig,
    pub(super) ledger: LedgerConfig,
}

impl Protocol for ShopAndLedger {
    type Process = Node;
    type Message = Message;
    type Timer = Timer;
    type Disk = Store;

    fn boot(&self, node: NodeId, store: &Store) -> Node {
        if node == SHOP {
            Node::Shop(Shop(Client::new(&self.client, &store.journal)))
        } else {
            Node::Ledger(Ledger::new(&self.ledger, &store.rows))
        }
    }
}

roles!(pub(super) enum Node: ShopAndLedger { Shop, Ledger });

/// What a ledger does beside charging.
#[derive(Clone, Copy, Debug)]
pub(super) struct LedgerConfig {
    /// Whether it says what it has charged.
    pub(super) answers: bool,
    /// What it keeps of what it has charged, if anything.
    pub(super) table: Option<TableConfig>,
}

/// The table that a ledger keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct TableConfig {
    pub(super) window: Window,
    /// Whether it is on disk.
    pub(super) durable: bool,
    pub(super) order: EffectAndRecord,
}

/// What nodes remind themselves of.
#[derive(Clone, Debug)]
pub(super) enum Timer {
    Client(Alarm),
    Table(Forget),
}

/// What nodes keep over a crash: the shop its journal, the ledger its table.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub(super) journal: Journal,
    pub(super) rows: Rows,
}

/// One change of either.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Write {
    Journal(JournalWrite),
    Rows(Row),
}

impl Disk for Store {
    type Write = Write;

    fn write(&mut self, write: Write) {
        match write {
            Write::Journal(write) => self.journal.write(write),
            Write::Rows(row) => self.rows.write(row),
        }
    }
}

/// In which order the ledger charges and records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum EffectAndRecord {
    /// It charges, then records: a crash between them charges again.
    EffectThenRecord,
    /// It records, then charges: a crash between them never charges.
    RecordThenEffect,
    /// Both at once: the charge is a row in the ledger's own store.
    Transaction,
}

/// Takes customers' orders and sends them to the ledger.
#[derive(Clone)]
pub(super) struct Shop(Client);

impl Process<ShopAndLedger> for Shop {
    fn start(&mut self, ctx: &mut Context<'_, ShopAndLedger>) {
        self.0.start(ctx);
    }

    fn message(&mut self, _from: NodeId, word: Message, ctx: &mut Context<'_, ShopAndLedger>) {
        if let Message::Charged(order) = word {
            self.0.answered(order, ctx);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, ShopAndLedger>) {
        if let Timer::Client(alarm) = timer {
            self.0.alarm(&alarm, ctx);
        }
    }

    fn state(&self, facts: &mut Facts) {
        self.0.tell(facts);
    }
}

/// Charges what arrives, unless its table knows it.
#[derive(Clone)]
pub(super) struct Ledger {
    answers: bool,
    table: Option<(EffectAndRecord, Table)>,
}

impl Ledger {
    fn new(config: &LedgerConfig, rows: &Rows) -> Ledger {
        let table = |config: TableConfig| (config.order, Table::new(config.window, config.durable, rows));
        Ledger { answers: config.answers, table: config.table.map(table) }
    }

    /// Whether the order is in the table; a table that knows it sees it again.
    // dedup, step 2.
    fn knows(&mut self, order: u32, ctx: &mut Context<'_, ShopAndLedger>) -> bool {
        let Some((_, table)) = self.table.as_mut().filter(|(_, table)| table.knows(order)) else { return false };
        ctx.note("ignored", order, || "it is in the table".to_owned());
        table.see_again(order, ctx);
        true
    }

    // dedup, step 3.
    fn charge_and_record(&mut self, order: u32, ctx: &mut Context<'_, ShopAndLedger>) {
        match &mut self.table {
            None => charge(order, ctx),
            Some((EffectAndRecord::EffectThenRecord, table)) => {
                charge(order, ctx);
                record(order, table, ctx);
            }
            Some((EffectAndRecord::RecordThenEffect, table)) => {
                record(order, table, ctx);
                charge(order, ctx);
            }
            Some((EffectAndRecord::Transaction, table)) => {
                ctx.note("processed", order, String::new);
                if let Some(row) = table.remember(order, ctx) {
                    ctx.commit(Write::Rows(row), "charged", order);
                }
                ctx.note("recorded", order, || "in one transaction with the charge".to_owned());
                ctx.crash_point_for("recorded", order);
            }
        }
        if let Some((_, table)) = &mut self.table {
            table.make_room(ctx);
        }
    }
}

// at-most-once, step 3; at-least-once, step 3; dedup, step 3.
fn charge(order: u32, ctx: &mut Context<'_, ShopAndLedger>) {
    ctx.note("processed", order, String::new);
    ctx.output("charged", order);
    ctx.crash_point_for("charged", order);
}

fn record(order: u32, table: &mut Table, ctx: &mut Context<'_, ShopAndLedger>) {
    if let Some(row) = table.remember(order, ctx) {
        ctx.write(row.into());
    }
    ctx.note("recorded", order, String::new);
    ctx.crash_point_for("recorded", order);
}

impl Process<ShopAndLedger> for Ledger {
    fn start(&mut self, ctx: &mut Context<'_, ShopAndLedger>) {
        if let Some((_, table)) = &mut self.table {
            table.start(ctx);
        }
    }

    fn message(&mut self, from: NodeId, word: Message, ctx: &mut Context<'_, ShopAndLedger>) {
        let Message::Charge(order) = word else { return };
        ctx.note("received", order, String::new);
        ctx.crash_point_for("received", order);
        if !self.knows(order, ctx) {
            self.charge_and_record(order, ctx);
        }
        if self.answers {
            // at-least-once, step 3; dedup, step 4.
            ctx.note("acknowledging", order, String::new);
            ctx.send(from, Message::Charged(order));
            ctx.crash_point_for("acknowledged", order);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, ShopAndLedger>) {
        if let (Timer::Table(forget), Some((_, table))) = (timer, &mut self.table) {
            table.expire(forget, ctx);
        }
    }

    fn state(&self, facts: &mut Facts) {
        if let Some((_, table)) = &self.table {
            facts.table("remembers", table.len(), table.latest());
        }
    }
}

impl From<Alarm> for Timer {
    fn from(alarm: Alarm) -> Timer {
        Timer::Client(alarm)
    }
}

impl From<Forget> for Timer {
    fn from(forget: Forget) -> Timer {
        Timer::Table(forget)
    }
}

impl From<JournalWrite> for Write {
    fn from(write: JournalWrite) -> Write {
        Write::Journal(write)
    }
}

impl From<Row> for Write {
    fn from(row: Row) -> Write {
        Write::Rows(row)
    }
}

words!(Timer {
    Client(alarm) => "{alarm}";
    Table(forget) => "{forget}";
});

words!(Write {
    Journal(write) => "{write}";
    Rows(row) => "{row}";
});
