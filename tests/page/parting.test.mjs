// Where a changed run parts from the rehearsed one, what each has for itself, and where a forced choice
// takes effect.

import assert from "node:assert/strict";
import { test } from "node:test";
import { firstFailure } from "../../src/stage/assets/first_failure.js";
import { ownOf } from "../../src/stage/assets/parting.js";
import { run } from "./support.mjs";

const MESSAGES = [
  { name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 10, began: 0, ended: 1 },
  { name: "alice:bob:2", from: 0, to: 1, sent: 10, ends: 20, began: 2, ended: 3 },
];
const EVENTS = [
  { at: 0, what: "sent", node: 0, message: 0 },
  { at: 10, what: "delivered", node: 1, message: 0, cause: 0, facts: [{ name: "n", is: { word: "one" } }] },
  { at: 10, what: "sent", node: 0, message: 1 },
  { at: 20, what: "delivered", node: 1, message: 1, cause: 2, facts: [{ name: "n", is: { word: "two" } }] },
];
const rehearsed = () =>
  run({ events: EVENTS.map((event) => ({ ...event })), messages: MESSAGES.map((one) => ({ ...one })) });
/** The second message is lost. */
const changed = () =>
  run(
    {
      events: [...EVENTS.slice(0, 3).map((event) => ({ ...event })), { at: 10, what: "lost", node: 0, message: 1 }],
      messages: [{ ...MESSAGES[0] }, { ...MESSAGES[1], ending: "lost" }],
    },
    rehearsed(),
  );

test("each run has for itself what the other has not", () => {
  const { parting } = changed();
  assert.deepEqual([[...parting.there.messages], [...parting.there.events]], [[1], [3]]);
  assert.deepEqual([[...parting.here.messages], [...parting.here.events]], [[1], [3]]);
  assert.equal(rehearsed().parting, null);
});

test("what both have is in neither, however often it is there", () => {
  const twice = { ...rehearsed(), events: [EVENTS[0], EVENTS[0]].map((event, id) => ({ ...event, id })) };
  const once = { ...rehearsed(), events: [{ ...EVENTS[0], id: 0 }] };
  assert.deepEqual([...ownOf(twice, once).events], [1]);
  assert.deepEqual([...ownOf(once, twice).events], []);
});

test("the first difference is said, and at which node it is", () => {
  const { parting } = changed();
  assert.equal(parting.event.id, 3);
  assert.equal(parting.node, 0);
  assert.match(parting.says, /^The first difference, at 10 ns: The network loses “hi”.*In the rehearsed run, at 20 ns/);
});

test("a node that crashes amid what it does differs by its crash, not by its state", () => {
  const timer = { at: 20, what: "timer", node: 1, words: "time" };
  const before = run({
    events: [
      { ...timer, facts: [{ name: "n", is: { word: "sent" } }] },
      { at: 20, what: "output", node: 1, name: "x", value: 1 },
    ],
  });
  const now = run({ events: [timer, { at: 20, what: "crashed", node: 1 }] }, before);
  assert.equal(now.differs, 0);
  assert.equal(now.parting.event.what, "crashed");
  assert.match(now.parting.says, /bob crashes/i);
});

test("nodes differ from the moment on at which their states do", () => {
  const { parting } = changed();
  const differing = (at) => [...parting.nodesAt(at, parting.run.countAt(at))];
  assert.deepEqual([differing(10), differing(20)], [[], [1]]);
});

test("runs of other nodes have nothing to compare", () => {
  const nodes = ["alice", "carol"].map((name) => ({ name, x: 0, y: 0 }));
  assert.equal(run({ events: [{ at: 5, what: "healed" }], nodes }, rehearsed()).parting, null);
  assert.equal(run({ events: EVENTS, messages: MESSAGES }, rehearsed()).parting, null);
});

test("a forced choice takes effect where its message is sent, or where its node fails", () => {
  const made = run({
    events: [
      ...EVENTS,
      { at: 30, what: "crashed", node: 1, cause: 1 },
      { at: 35, what: "passed", node: 1, name: "sent", nth: 2 },
      { at: 35, what: "crashed", node: 1, cause: 5 },
    ],
    messages: MESSAGES,
  });
  const at = (...choices) => firstFailure(made, choices);
  assert.deepEqual([at("alice:bob:2"), at("alice:bob:2.delay"), at("alice:bob:1.lie")], [2, 2, 0]);
  assert.deepEqual([at("bob@sent:2.crash"), at("bob@1.crash"), at("bob@sent:2.crash", "alice:bob:2")], [6, 4, 2]);
  assert.equal(at("seed"), null);
});
