// A run as one node knows it, beside its twin.

import assert from "node:assert/strict";
import { test } from "node:test";
import { facts, noticed, pairs } from "../../src/stage/assets/twin_view.js";

const NODES = ["alice", "bob"].map((id) => ({ id, name: id, said: id }));

/** A run of these events of Alice and Bob, whose clocks are ahead by `ahead`. */
function runOf(events, { messages = [], ahead = 0 } = {}) {
  const all = events.map((event, id) => ({ id, at: id * 10, ...event }));
  const show = { clocks: null };
  return { events: all, messages, nodes: NODES, show, ends: 100, clockAt: () => ahead, placeOf: ({ node }) => node };
}

const MESSAGES = [{ name: "bob:alice:1", from: 1, to: 0, words: "attack" }];
const HEARD = { what: "delivered", node: 0, message: 0 };
const DECIDED = { what: "output", node: 0, name: "decision", value: "attack", decision: true };

test("a node notices what it hears, its timers and what it says to its user, by its own clock", () => {
  const events = [
    { what: "traitor", node: 1 },
    { what: "started", node: 0 },
    { what: "sent", node: 1, message: 0 },
    HEARD,
    { what: "lost", node: 0, message: 0 },
    { what: "timer", node: 0, words: "end of round 1" },
    { what: "output", node: 1, name: "decision", value: "retreat", decision: true },
    DECIDED,
  ];
  const seen = noticed(runOf(events, { messages: MESSAGES, ahead: 5 }), 0);
  assert.deepEqual(
    seen.map(({ at, kind, words }) => [at, kind, words]),
    [
      [35, "hears", "hears “attack” from bob"],
      [55, "timer", "end of round 1"],
      [75, "decides", "decides: attack"],
    ],
  );
  assert.equal(noticed(runOf(events, { messages: MESSAGES }), 0, 50).length, 2);
});

test("what is the same is joined up to the first difference, and nothing after it", () => {
  const one = noticed(runOf([HEARD, DECIDED], { messages: MESSAGES }), 0);
  const sameness = (other) => pairs(one, other).map(({ isSame }) => isSame);
  assert.deepEqual(sameness(one), [true, true]);
  assert.deepEqual(sameness(one.slice(0, 1)), [true, false]);
  const words = noticed(runOf([HEARD, DECIDED], { messages: [{ ...MESSAGES[0], words: "retreat" }] }), 0);
  assert.deepEqual(sameness(words), [false, false]);
  const late = noticed(runOf([HEARD, DECIDED], { messages: MESSAGES, ahead: 1 }), 0);
  assert.deepEqual(sameness(late), [false, false]);
});

test("what really happened is what was done in one run and not in the other", () => {
  const lost = { what: "lost", node: 0, message: 0 };
  const messages = [{ ...MESSAGES[0], from: 0, to: 1 }];
  const bob = { what: "output", node: 1, name: "decision", value: "retreat", decision: true };
  const [caught, calm] = [runOf([lost, bob], { messages }), runOf([{ ...HEARD, node: 1 }], { messages })];
  assert.deepEqual(facts(caught, 0, calm), ["The network loses “attack” from alice to bob.", "Bob decides: retreat."]);
  assert.deepEqual(facts(calm, 0, caught), ["Bob hears “attack” from alice."]);
  assert.deepEqual(facts(caught, 0, caught), ["Bob decides: retreat."]);
  const often = [0, 1, 2].map((n) => ({ ...messages[0], name: `alice:bob:${n}` }));
  const thrice = runOf(
    [0, 1, 2].map((message) => ({ what: "lost", node: 0, message })),
    { messages: often },
  );
  assert.deepEqual(facts(thrice, 0, calm), ["The network loses “attack” from alice to bob, 3 times."]);
});
