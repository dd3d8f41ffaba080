// Happened-before: Lamport's three rules, in both directions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Causality } from "../../src/stage/assets/causality.js";
import { conesOf } from "../../src/stage/assets/past_and_future.js";

// alice: 0 2 5, bob: 1 3, carol: 4. 0 causes 3, 3 causes 4; nothing reaches alice.
const EVENTS = [
  { at: 0, node: 0 },
  { at: 5, node: 1 },
  { at: 10, node: 0 },
  { at: 20, node: 1, cause: 0 },
  { at: 30, node: 2, cause: 3 },
  { at: 40, node: 0 },
];
const causality = new Causality(EVENTS, 3);

test("the past is what a node did before, what it heard, and what led to that", () => {
  assert.deepEqual(causality.past(4), [0, 3, 4]);
  assert.deepEqual(causality.past(3), [0, 3, -1]);
  assert.deepEqual(causality.past(5), [5, -1, -1], "what alice did says nothing of the others");
});

test("the future is what a node does later, who hears of it, and what comes of that", () => {
  assert.deepEqual(causality.future(0), [0, 3, 4]);
  assert.deepEqual(causality.future(2), [2, Infinity, Infinity], "it was not what bob heard");
  assert.deepEqual(causality.future(1), [Infinity, 1, 4]);
});

test("one event is in the past of another exactly if that is in its future", () => {
  const isBefore = (a, b) => causality.past(b)[EVENTS[a].node] >= a;
  const isAfter = (b, a) => causality.future(a)[EVENTS[b].node] <= b;
  for (const a of EVENTS.keys())
    for (const b of EVENTS.keys()) assert.equal(isBefore(a, b), isAfter(b, a), `${a} ${b}`);
});

test("an event of no node passes its cause on", () => {
  const events = [
    { at: 0, node: 0 },
    { at: 1, cause: 0 },
    { at: 2, node: 1, cause: 1 },
  ];
  assert.deepEqual(new Causality(events, 2).past(2), [0, 2]);
  assert.deepEqual(new Causality(events, 2).future(0), [0, 2]);
});

test("cones reach from the beginning to the event, and from the event to the end", () => {
  assert.deepEqual(conesOf({ causality, events: EVENTS, ends: 50 }, 3), [
    { node: 0, from: 0, to: 0, look: "past" },
    { node: 1, from: 0, to: 20, look: "past" },
    { node: 1, from: 20, to: 50, look: "future" },
    { node: 2, from: 30, to: 50, look: "future" },
  ]);
});
