//! The state of a run: all that changes in it between two events, but for the choices that were
//! made and the trace.
//!
//! A checkpoint is a clone of it. What is new here is part of every checkpoint, or the code does
//! not compile.

use crate::process::Protocol;
use crate::time::Time;

use super::byzantine::Liar;
use super::marks::Marks;
use super::node::Node;
use super::pending::Pending;
use super::queue::Queue;

pub(super) struct State<P: Protocol> {
    /// The voice of the traitors, if there can be any.
    pub(super) liar: Option<Box<dyn Liar<P>>>,
    pub(super) now: Time,
    /// Something happened that may end what a process is doing: a crash, a pause, a limit, or an
    /// event that one of these is to follow.
    pub(super) interrupted: bool,
    pub(super) nodes: Vec<Node<P>>,
    pub(super) queue: Queue<Pending<P>>,
    /// How many slots each link has seen, row by sender.
    pub(super) slots: Vec<u32>,
    /// When the last message of each link arrives, row by sender; empty if no link is fifo.
    pub(super) last_arrival: Vec<Time>,
    /// The partitions that are in force.
    pub(super) partitions: Vec<u16>,
    /// Which of the plan's crashes after a delivery have happened.
    pub(super) injected_after_delivery: Vec<bool>,
    /// What the scenario's faults have come to.
    pub(super) marks: Marks,
    /// The forced faults that met a node that was down, or paused for longer anyway.
    pub(super) in_vain: Vec<usize>,
    pub(super) in_flight: u64,
}

impl<P: Protocol> State<P> {
    /// The state before any run: `after_delivery` is the number of crashes that are planned to
    /// follow a delivery.
    pub(super) fn new(liar: Option<Box<dyn Liar<P>>>, nodes: usize, has_fifo: bool, after_delivery: usize) -> State<P> {
        let links = nodes * nodes;
        State {
            liar,
            now: Time::ZERO,
            interrupted: false,
            nodes: Vec::with_capacity(nodes),
            queue: Queue::new(),
            slots: vec![0; links],
            last_arrival: if has_fifo { vec![Time::ZERO; links] } else { Vec::new() },
            partitions: Vec::new(),
            injected_after_delivery: vec![false; after_delivery],
            marks: Marks::default(),
            in_vain: Vec::new(),
            in_flight: 0,
        }
    }

    /// Makes all but the nodes and the liar as it is at the start of a run with so many fault rows;
    /// what it allocated stays.
    pub(super) fn begin(&mut self, rows: usize) {
        self.now = Time::ZERO;
        self.queue.clear();
        self.slots.fill(0);
        self.last_arrival.fill(Time::ZERO);
        self.partitions.clear();
        self.injected_after_delivery.fill(false);
        self.marks.begin(rows);
        self.in_vain.clear();
        self.in_flight = 0;
    }
}

impl<P: Protocol> Clone for State<P> {
    fn clone(&self) -> State<P> {
        let mut state = State::new(None, 0, false, 0);
        state.clone_from(self);
        state
    }

    /// What was allocated stays.
    fn clone_from(&mut self, other: &State<P>) {
        // All fields by name: a new one that is left out here does not compile.
        let State {
            liar,
            now,
            interrupted,
            nodes,
            queue,
            slots,
            last_arrival,
            partitions,
            injected_after_delivery,
            marks,
            in_vain,
            in_flight,
        } = other;
        self.liar = liar.as_ref().map(|liar| liar.twin());
        self.now = *now;
        self.interrupted = *interrupted;
        self.nodes.clone_from(nodes);
        self.queue.clone_from(queue);
        self.slots.clone_from(slots);
        self.last_arrival.clone_from(last_arrival);
        self.partitions.clone_from(partitions);
        self.injected_after_delivery.clone_from(injected_after_delivery);
        self.marks.clone_from(marks);
        self.in_vain.clone_from(in_vain);
        self.in_flight = *in_flight;
    }
}
