//! The two roles that most protocols of this problem share: who sells, and who charges.
//!
//! The shop is the first node, the ledger the second. A protocol says by its configuration what each of them does
//! beyond the bare minimum: whether the shop sends again and keeps its open orders on disk, whether the ledger answers,
//! and whether it keeps a table.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::process::{Context, Disk, NodeId, Process, Protocol};

use super::shop::{Alarm, Books, Entered, Shop, Word, counted, number};
use super::table::{Forget, Row, Rows, Table};

/// A protocol between a shop and a ledger.
pub(super) trait Trades: Protocol<Message = Word, Timer = Timer, Disk = Store> {}

/// What nodes remind themselves of.
#[derive(Clone, Debug)]
pub(super) enum Timer {
    Shop(Alarm),
    Table(Forget),
}

/// What nodes keep over a crash: the shop its books, the ledger its table.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub(super) books: Books,
    pub(super) rows: Rows,
}

/// One change of either.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Write {
    Books(Entered),
    Rows(Row),
}

impl Disk for Store {
    type Write = Write;

    fn write(&mut self, write: Write) {
        match write {
            Write::Books(entered) => self.books.write(entered),
            Write::Rows(row) => self.rows.write(row),
        }
    }
}

/// In which order the ledger charges and records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Deeds {
    /// It charges, then records: a crash between them charges again.
    EffectThenRecord,
    /// It records, then charges: a crash between them never charges.
    RecordThenEffect,
    /// Both at once: the charge is a row in the ledger's own store.
    Transaction,
}

/// Takes orders and sends them.
#[derive(Clone)]
pub(super) struct Seller(pub(super) Shop);

impl<P: Trades> Process<P> for Seller {
    fn start(&mut self, ctx: &mut Context<'_, P>) {
        self.0.start(ctx);
    }

    fn message(&mut self, _from: NodeId, word: Word, ctx: &mut Context<'_, P>) {
        if let Word::Charged(order) = word {
            self.0.answered(order, ctx);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, P>) {
        if let Timer::Shop(alarm) = timer {
            self.0.alarm(&alarm, ctx);
        }
    }

    fn state(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Charges what arrives, unless its table knows it.
#[derive(Clone)]
pub(super) struct Ledger {
    /// Whether it says what it has charged.
    pub(super) answers: bool,
    /// What it keeps of what it has charged, if anything.
    pub(super) table: Option<(Deeds, Table)>,
}

impl Ledger {
    /// Whether the order is in the table; a table that knows it sees it again.
    fn knows<P: Trades>(&mut self, order: u32, ctx: &mut Context<'_, P>) -> bool {
        let Some((_, table)) = self.table.as_mut().filter(|(_, table)| table.knows(order)) else { return false };
        ctx.note("ignored", number(order), || "it is in the table".to_owned());
        table.see_again(order, ctx);
        true
    }

    fn charge_and_record<P: Trades>(&mut self, order: u32, ctx: &mut Context<'_, P>) {
        match &mut self.table {
            None => charge(order, ctx),
            Some((Deeds::EffectThenRecord, table)) => {
                charge(order, ctx);
                record(order, table, ctx);
            }
            Some((Deeds::RecordThenEffect, table)) => {
                record(order, table, ctx);
                charge(order, ctx);
            }
            Some((Deeds::Transaction, table)) => {
                ctx.note("processed", number(order), String::new);
                if let Some(row) = table.remember(order, ctx) {
                    ctx.commit(Write::Rows(row), "charged", number(order));
                }
                ctx.note("recorded", number(order), || "in one transaction with the charge".to_owned());
                ctx.crash_point_for("recorded", order);
            }
        }
        if let Some((_, table)) = &mut self.table {
            table.make_room(ctx);
        }
    }
}

fn charge<P: Trades>(order: u32, ctx: &mut Context<'_, P>) {
    ctx.note("processed", number(order), String::new);
    ctx.output("charged", number(order));
    ctx.crash_point_for("charged", order);
}

fn record<P: Trades>(order: u32, table: &mut Table, ctx: &mut Context<'_, P>) {
    if let Some(row) = table.remember(order, ctx) {
        ctx.write(row.into());
    }
    ctx.note("recorded", number(order), String::new);
    ctx.crash_point_for("recorded", order);
}

impl<P: Trades> Process<P> for Ledger {
    fn start(&mut self, ctx: &mut Context<'_, P>) {
        if let Some((_, table)) = &mut self.table {
            table.start(ctx);
        }
    }

    fn message(&mut self, from: NodeId, word: Word, ctx: &mut Context<'_, P>) {
        let Word::Charge(order) = word else { return };
        ctx.note("received", number(order), String::new);
        ctx.crash_point_for("received", order);
        if !self.knows(order, ctx) {
            self.charge_and_record(order, ctx);
        }
        if self.answers {
            ctx.note("acknowledging", number(order), String::new);
            ctx.send(from, Word::Charged(order));
            ctx.crash_point_for("acknowledged", order);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, P>) {
        if let (Timer::Table(forget), Some((_, table))) = (timer, &mut self.table) {
            table.expire(forget, ctx);
        }
    }

    fn state(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.table {
            Some((_, table)) => write!(f, "a table of {}", counted(table.len(), "order")),
            None => Ok(()),
        }
    }
}

impl From<Alarm> for Timer {
    fn from(alarm: Alarm) -> Timer {
        Timer::Shop(alarm)
    }
}

impl From<Forget> for Timer {
    fn from(forget: Forget) -> Timer {
        Timer::Table(forget)
    }
}

impl From<Entered> for Write {
    fn from(entered: Entered) -> Write {
        Write::Books(entered)
    }
}

impl From<Row> for Write {
    fn from(row: Row) -> Write {
        Write::Rows(row)
    }
}

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timer::Shop(alarm) => alarm.fmt(f),
            Timer::Table(forget) => forget.fmt(f),
        }
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Write::Books(entered) => entered.fmt(f),
            Write::Rows(row) => row.fmt(f),
        }
    }
}
