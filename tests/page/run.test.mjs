// A run at any moment: what is under way, what is known of nodes and clocks, which evidence shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { firstDifference } from "../../src/stage/assets/run.js";
import { eventOf, messageOf } from "../../src/stage/assets/selection.js";
import { knownOf } from "../../src/stage/assets/verdicts.js";
import { run } from "./support.mjs";

const MESSAGES = [
  { name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 50, began: 0, ended: 3 },
  { name: "alice:bob:2", from: 0, to: 1, sent: 10, ends: 20, began: 1, ended: 2 },
  { name: "bob:alice:1", from: 1, to: 0, sent: 20, ends: 20, began: 2, ending: "withheld" },
];
const heard = (version) => [{ name: "heard", is: { version } }];
const EVENTS = [
  { at: 0, what: "sent", node: 0, message: 0, facts: [{ name: "stage", is: { word: "waiting" } }] },
  { at: 10, what: "sent", node: 0, message: 1 },
  { at: 20, what: "delivered", node: 1, message: 1, cause: 1, facts: heard(2) },
  { at: 50, what: "delivered", node: 1, message: 0, cause: 0 },
  { at: 50, what: "output", node: 1, name: "decision", value: "attack", decision: true },
  { at: 60, what: "crashed", node: 1 },
  { at: 80, what: "restarted", node: 1 },
];

test("messages are under way from their sending until they end", () => {
  const { underWay } = { underWay: (at) => run({ events: EVENTS, messages: MESSAGES }).underWay(at) };
  const names = (at) => underWay(at).map((message) => message.index);
  assert.deepEqual([0, 10, 19, 20, 49, 50].map(names), [[0], [0, 1], [0, 1], [0], [0], []]);
});

test("a window shows the messages that were on their way in it", () => {
  const made = run({ events: EVENTS, messages: MESSAGES });
  const names = (from, to) => made.between(from, to).map((message) => message.index);
  assert.deepEqual([names(30, 40), names(0, 5), names(60, 90), names(0, 100)], [[0], [0], [], [0, 1, 2]]);
});

test("a node is what it was after the events that have happened", () => {
  const made = run({ events: EVENTS, messages: MESSAGES });
  const bob = (count) => made.nodeAt(1, count);
  assert.deepEqual(bob(0), { facts: [], since: -1, status: "up", outputs: [] });
  assert.deepEqual([bob(3).facts, bob(3).since], [heard(2), 2]);
  assert.deepEqual([bob(4).outputs.length, bob(5).outputs.length], [0, 1]);
  assert.deepEqual([bob(5).status, bob(6).status, bob(7).status], ["up", "down", "up"]);
  assert.deepEqual([made.countAt(49), made.countAt(50), made.countAt(1e9)], [3, 5, 7]);
});

test("a clock's error runs straight from corner to corner, and jumps at one", () => {
  const clocks = [
    [
      [0, 0, 100],
      [10, 200, -50],
      [30, -50, -50],
    ],
    [[0, 0, 0]],
  ];
  const made = run({ clocks });
  assert.deepEqual(
    [0, 5, 10, 20, 30, 99].map((at) => made.clockAt(0, at)),
    [100, 150, -50, -50, -50, -50],
  );
  assert.equal(made.clockAt(1, 50), 0);
  assert.equal(run().clockAt(0, 5), null);
});

test("a violation shows with its evidence, and the event from which on it is one is its culprit", () => {
  const verdict = (evidence, since = Math.max(...evidence)) => ({ name: "p", evidence, since, verdict: "violated" });
  const made = run({
    events: EVENTS,
    messages: MESSAGES,
    verdicts: [verdict([4, 1]), verdict([], null), verdict([2])],
  });
  const shows = (count) => [...made.evidenceAt(count).events].sort();
  assert.deepEqual([2, 3, 4, 5].map(shows), [[], [2], [2], [1, 2, 4]]);
  assert.deepEqual([...made.evidenceAt(5).culprits], [2, 4]);
  // What shows more of it later, such as the end of what two held at once, comes at its own moment.
  const lasting = run({ events: EVENTS, messages: MESSAGES, verdicts: [verdict([1, 2, 4], 2)] });
  assert.deepEqual(
    [2, 3, 5].map((count) => [...lasting.evidenceAt(count).events]),
    [[], [1, 2], [1, 2, 4]],
  );
  assert.deepEqual([...lasting.evidenceAt(5).culprits], [2]);
  assert.deepEqual(
    [2, 3, 4, 5].map((count) => knownOf(verdict([1, 2, 4], 2), count, false)),
    ["nothing", "violated", "violated", "all"],
    "its sentence tells what comes after, and waits for it",
  );
  assert.equal(knownOf(verdict([], null), 5, false), "nothing");
  assert.equal(knownOf(verdict([], null), 5, true), "all");
});

test("contents have colours where they are few and said again", () => {
  const said = (...words) => words.map((words, i) => ({ ...MESSAGES[0], name: `a:b:${i}`, words }));
  const colours = (...words) => [...run({ messages: said(...words) }).colours];
  assert.deepEqual(colours("a", "b", "a", "b"), [
    ["a", 0],
    ["b", 1],
  ]);
  assert.deepEqual(colours("a", "b", "a"), [], "not said again");
  assert.deepEqual(colours("a", "b", "c", "d", "e", "a", "b", "c", "d", "e"), [], "too many");
});

test("as many messages as are under way at once, those that just ended not counted", () => {
  assert.equal(run({ messages: MESSAGES }).mostUnderWay, 2);
  const chain = [0, 10, 20].map((sent) => ({ ...MESSAGES[0], sent, ends: sent + 10 }));
  assert.equal(run({ messages: chain }).mostUnderWay, 1);
});

test("two runs part where the first event differs", () => {
  const made = (change = {}) => {
    const events = EVENTS.map((event, id) => (id === 2 ? { ...event, ...change } : { ...event }));
    return run({ events, messages: MESSAGES });
  };
  assert.equal(firstDifference(made(), made()), null);
  assert.equal(firstDifference(made(), made({ facts: heard(3) })), 2);
  assert.equal(firstDifference(made(), run({ events: EVENTS.slice(0, 5), messages: MESSAGES })), 5);
  const said = MESSAGES.map((message, i) => ({ ...message, words: i === 1 ? "bye" : "hi" }));
  assert.equal(firstDifference(made(), run({ events: EVENTS, messages: said })), 1, "the message says another thing");
});

test("a selection is about an event and a message", () => {
  const made = run({ events: EVENTS, messages: MESSAGES });
  assert.deepEqual(
    [{ event: 2 }, { event: 99 }, { message: 0 }, { message: 2 }, { node: 1 }, null].map((of) => eventOf(made, of)),
    [2, null, 3, 2, null, null],
  );
  assert.deepEqual(
    [{ event: 2 }, { event: 4 }, { message: 1 }, { node: 0 }].map((of) => messageOf(made, of)?.index),
    [1, undefined, 1, undefined],
  );
});
