//! What runs take of memory: the fast path allocates nothing per message, and an event that is kept
//! is small.

#![allow(unsafe_code, reason = "a counting allocator is an unsafe trait")]
#![allow(clippy::panic, reason = "a test fails by panicking")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use dsys::problems::{Bound, SHIPPED};
use dsys::process::{Context, NodeId, Process, Protocol};
use dsys::scenario::Request;
use dsys::sim::{Runner, Simulation};
use dsys::time::Span;
use dsys::trace::{Event, Kinds, Recording};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    /// Bytes that this thread took and did not give back; less than none where it gives back what
    /// another took.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        HELD.with(|held| held.set(held.get() + layout.size().cast_signed()));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.with(|held| held.set(held.get() - layout.size().cast_signed()));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Everybody sends to everybody, and again whenever a timer fires, so many times.
#[derive(Clone)]
struct Rounds(u32);

#[derive(Clone)]
struct Node(u32);

impl Protocol for Rounds {
    type Process = Node;
    type Message = u64;
    type Timer = u8;
    type Disk = ();

    fn boot(&self, _: NodeId, (): &()) -> Node {
        Node(self.0)
    }
}

impl Process<Rounds> for Node {
    fn start(&mut self, ctx: &mut Context<'_, Rounds>) {
        ctx.multicast(ctx.others(), &7);
        ctx.set_timer(Span::from_ms(20), 0);
    }

    fn message(&mut self, _: NodeId, _: u64, ctx: &mut Context<'_, Rounds>) {
        let forgotten = ctx.set_timer(Span::from_ms(1), 1);
        ctx.cancel_timer(forgotten);
    }

    fn timer(&mut self, _: u8, ctx: &mut Context<'_, Rounds>) {
        if self.0 > 1 {
            self.0 -= 1;
            self.start(ctx);
        }
    }
}

/// What a run of so many rounds allocates once the simulation has run before, and the messages that
/// it delivers.
fn allocations(rounds: u32, scenario: &Bound) -> (u64, u64) {
    let mut simulation = Simulation::new(Rounds(rounds), None, scenario);
    let recording = Recording::Outputs(Kinds::OUTPUT);
    simulation.run(1, recording, None);
    let before = ALLOCATIONS.with(Cell::get);
    let delivered = simulation.run(1, recording, None).counts.delivered;
    (ALLOCATIONS.with(Cell::get) - before, delivered)
}

fn eight_nodes_over_a_network_that_does_everything() -> Bound {
    let text = r#"
        title = "Eight"
        problem = "byzantine-generals"
        protocol = "oral"
        nodes = 8
        network = { loss = 0.1, duplicate = 0.1, corrupt = 0.1, fifo = true }
        [[fault]]
        partition = { groups = [["alice"], ["bob"]], at = "1ms", for = "5ms" }
    "#;
    let request = Request::new("eight", text);
    SHIPPED.load(&request).unwrap_or_else(|invalid| panic!("{invalid}"))
}

#[test]
fn a_longer_run_allocates_no_more_than_a_shorter_one() {
    let scenario = eight_nodes_over_a_network_that_does_everything();
    let (short, few) = allocations(10, &scenario);
    let (long, many) = allocations(500, &scenario);
    assert!(many > 40 * few, "{few} and {many} messages");
    assert_eq!(short, long, "allocations of {few} and of {many} messages");
}

#[test]
fn an_event_that_is_kept_takes_two_hundred_bytes_at_most_its_words_apart() {
    let scenario = eight_nodes_over_a_network_that_does_everything();
    let mut simulation = Simulation::new(Rounds(500), None, &scenario);
    simulation.run(1, Recording::Outputs(Kinds::OUTPUT), None);
    let before = HELD.with(Cell::get);
    let trace = simulation.run(1, Recording::Everything, None);
    let held = (HELD.with(Cell::get) - before).unsigned_abs();
    let texts = [&trace.words, &trace.truths];
    let of = |event: &Event| texts.iter().filter_map(|texts| texts.of(event.id)).map(str::len).sum::<usize>();
    let words: usize = trace.events.iter().map(of).sum();
    let facts = |event: &Event| trace.states.of(event.id).map_or(0, size_of_val);
    let states: usize = trace.events.iter().map(facts).sum();
    let each = (held - words - states) / trace.events.len();
    assert!((size_of::<Event>()..=200).contains(&each), "{each} bytes an event of {}", trace.events.len());
}

#[test]
fn the_counter_counts() {
    let before = ALLOCATIONS.with(Cell::get);
    drop(std::hint::black_box(Box::new(7)));
    assert_eq!(ALLOCATIONS.with(Cell::get) - before, 1);
    let (before, kept) = (HELD.with(Cell::get), vec![0_u8; 1_000]);
    assert_eq!(HELD.with(Cell::get) - before, 1_000);
    drop(std::hint::black_box(kept));
    assert_eq!(HELD.with(Cell::get), before);
}
