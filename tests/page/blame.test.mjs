// Why a property was violated: back along causes to choices, and what undoes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { blamesOf } from "../../src/stage/assets/blame.js";
import { nanoseconds, undoOf } from "../../src/stage/assets/undo.js";
import { run } from "./support.mjs";

const verdict = (...evidence) => ({ name: "p", verdict: "violated", evidence, since: Math.max(...evidence) });
const ways = (made, ...evidence) => blamesOf(made, verdict(...evidence)).map(({ steps, kind }) => [kind, ...steps]);

/** Alice says something that is lost; her timer fires; she decides. */
const LOST = {
  messages: [
    { name: "bob:alice:1", from: 1, to: 0, sent: 0, ends: 20, began: 0, ended: 1, ending: "lost" },
    { name: "bob:alice:2", from: 1, to: 0, sent: 0, ends: 90, began: 2, ended: 3, ending: "lost" },
  ],
  events: [
    { at: 0, what: "sent", node: 1, message: 0 },
    { at: 0, what: "lost", node: 1, message: 0 },
    { at: 0, what: "sent", node: 1, message: 1 },
    { at: 0, what: "lost", node: 1, message: 1 },
    { at: 50, what: "timer", node: 0 },
    { at: 50, what: "output", node: 0, cause: 4, name: "decision", value: "retreat", decision: true },
  ],
};

test("a timer fires for want of a message that was lost and should have come by then", () => {
  const made = run(LOST);
  // The second message should have come later: it is not to blame.
  assert.deepEqual(ways(made, 5), [["choice", 5, 4, 1]]);
  assert.deepEqual(blamesOf(made, verdict(5))[0].undo.fork.option, "deliver");
});

test("a lie leads to where it is told; what a node did before is further away than what it reacted to", () => {
  const messages = [
    { name: "bob:alice:1", from: 1, to: 0, sent: 0, ends: 10, began: 0, ended: 2, lie: true, truth: "no" },
    { name: "bob:alice:2", from: 1, to: 0, sent: 5, ends: 20, began: 1, ended: 3 },
  ];
  const events = [
    { at: 0, what: "sent", node: 1, message: 0 },
    { at: 5, what: "sent", node: 1, message: 1 },
    { at: 10, what: "delivered", node: 0, message: 0, cause: 0 },
    { at: 20, what: "delivered", node: 0, message: 1, cause: 1 },
    { at: 20, what: "output", node: 0, cause: 3, name: "x", value: 1 },
  ];
  const made = run({ events, messages });
  assert.deepEqual(ways(made, 4), [["choice", 4, 3, 1, 0]]);
  // What a traitor cannot say undoes nothing.
  assert.equal(undoOf(made, made.events[0]), null);
  messages[0].alternatives = ["yes", "no"];
  assert.deepEqual(undoOf(run({ events, messages }), made.events[0]).fork.choice, "bob:alice:1.lie");
});

test("a message that finds a node down leads to its crash, and what is cut off to the partition", () => {
  const messages = [{ name: "alice:bob:1", from: 0, to: 1, sent: 20, ends: 30, began: 2, ended: 3, ending: "cut" }];
  const events = [
    { at: 5, what: "crashed", node: 1 },
    { at: 10, what: "partitioned" },
    { at: 20, what: "sent", node: 0, message: 0 },
    { at: 30, what: "cut", node: 0, message: 0 },
    { at: 40, what: "output", node: 1, name: "x", value: 1 },
  ];
  const cut = run({ events, messages });
  assert.deepEqual(
    ways(cut, 4),
    [
      ["choice", 4, 3, 1],
      ["choice", 4, 0],
    ].sort((a, b) => a.length - b.length),
  );
  const down = run({
    events: events.map((event) => (event.what === "cut" ? { ...event, what: "to_crashed" } : event)),
    messages: messages.map((message) => ({ ...message, ending: "to-crashed" })),
  });
  assert.ok(ways(down, 3).some((way) => way.join() === "choice,3,0"));
});

test("what shows the violation besides is looked at after what completes it", () => {
  const messages = [{ name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 9, began: 0, ended: 1, ending: "lost" }];
  const events = [
    { at: 0, what: "sent", node: 0, message: 0 },
    { at: 0, what: "lost", node: 0, message: 0 },
    { at: 40, what: "output", node: 0, name: "x", value: 1 },
  ];
  assert.deepEqual(ways(run({ events, messages }), 2, 1), [["choice", 2, 1]]);
  assert.deepEqual(ways(run({ events, messages })), []);
});

test("where nobody chose anything, the message that took longest is named; else the beginning", () => {
  const messages = [
    { name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 10, began: 0, ended: 1 },
    { name: "bob:alice:1", from: 1, to: 0, sent: 10, ends: 60, began: 2, ended: 3 },
  ];
  const events = [
    { at: 0, what: "sent", node: 0, message: 0 },
    { at: 10, what: "delivered", node: 1, message: 0, cause: 0 },
    { at: 10, what: "sent", node: 1, message: 1, cause: 1 },
    { at: 60, what: "delivered", node: 0, message: 1, cause: 2 },
    // A clock that a node sets by itself is no choice.
    { at: 60, what: "clock_stepped", node: 0, cause: 3, value: -5 },
  ];
  assert.deepEqual(ways(run({ events, messages }), 4), [
    ["draw", 4, 3],
    ["draw", 4, 3, 2, 1],
  ]);
  const silent = [
    { at: 0, what: "started", node: 0 },
    { at: 60, what: "output", node: 0, name: "x", value: 1 },
  ];
  assert.deepEqual(ways(run({ events: silent }), 1), [["beginning", 1, 0]]);
});

test("a fault of the scenario ends at once, if the page knows which it is", () => {
  const events = [{ at: 1.5e9, what: "paused", node: 0 }];
  const knobs = [
    { key: "fault.0.pause.at", value: "1s" },
    { key: "fault.1.pause.at", value: "1s 500ms" },
  ];
  const made = run({ events, knobs, ends: 2e9 });
  assert.deepEqual(undoOf(made, made.events[0]).fork.key, "fault.1.pause.for");
  const other = run({ events: [{ ...events[0], at: 1.2e9 }], knobs, ends: 2e9 });
  assert.equal(undoOf(other, other.events[0]), null);
});

test("a crash at a point is called off by its choice", () => {
  const events = [
    { at: 10, what: "passed", node: 1, name: "sent", nth: 2 },
    { at: 10, what: "crashed", node: 1, cause: 0 },
  ];
  const made = run({ events, knobs: [{ force: "bob@sent:2.crash" }] });
  assert.deepEqual(undoOf(made, made.events[1]).fork, {
    choice: "bob@sent:2.crash",
    option: "no",
    says: "bob does not crash",
  });
  assert.equal(undoOf(run({ events, knobs: [] }), made.events[1]), null);
});

test("durations are read as scenarios write them", () => {
  const read = ["105ms", "1.5s", "1min 30s", "2h", "7us", "ever"].map(nanoseconds);
  assert.deepEqual(read, [105e6, 1.5e9, 90e9, 7.2e12, 7e3, 0]);
});

test("what a node only did in between is no step of the way", () => {
  const messages = [
    { name: "bob:alice:1", from: 1, to: 0, sent: 0, ends: 20, began: 0, ended: 2 },
    { name: "bob:alice:2", from: 1, to: 0, sent: 0, ends: 30, began: 1, ended: 4 },
  ];
  const events = [
    { at: 0, what: "sent", node: 1, message: 0 },
    { at: 0, what: "sent", node: 1, message: 1 },
    { at: 10, what: "crashed", node: 0 },
    { at: 20, what: "delivered", node: 0, message: 0, cause: 0 },
    { at: 30, what: "output", node: 0, name: "x", value: 1 },
  ];
  // That Alice hears the first message leads to nothing that she says.
  assert.deepEqual(ways(run({ events, messages: messages.slice(0, 1) }), 4)[0], ["choice", 4, 2]);
  // Nor what she says of it.
  const said = { at: 20, what: "output", node: 0, name: "x", value: 0, cause: 3 };
  const more = [...events.slice(0, 4), said, events[4]];
  assert.deepEqual(ways(run({ events: more, messages: messages.slice(0, 1) }), 5)[0], ["choice", 5, 2]);
});
