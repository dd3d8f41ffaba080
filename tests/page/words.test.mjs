// Durations, numbers and events in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../../src/stage/assets/sentences.js";
import { fate, messageName, ordinal, queued, shown, signed, span } from "../../src/stage/assets/words.js";

test("durations", () => {
  for (const [ns, words] of [
    [0, "0"],
    [1, "1 ns"],
    [999, "999 ns"],
    [1500, "1.5 µs"],
    [26_400_000, "26.4 ms"],
    [177_394_321, "177.394 ms"],
    [10_205_000_000, "10.205 s"],
    [-40_000_000, "−40 ms"],
    [119_000_000_000, "119 s"],
    [21_599_900_000_000, "6 h"],
    [107_999_000_000_000, "1 d 6 h"],
    [120_000_000_000, "2 min"],
    [3_661_000_000_000, "1 h 1 min"],
    [90_000_000_000_000, "1 d 1 h"],
    [-7_200_000_000_000, "−2 h"],
  ])
    assert.equal(span(ns), words);
  assert.equal(span(123_456_789, 2), "123 ms");
  assert.equal(span(1_234_567, 6), "1.23457 ms");
});

test("values as people write them", () => {
  for (const [value, words] of [
    ["50ms", "50 ms"],
    ["-3us", "−3 µs"],
    ["1.5s", "1.5 s"],
    ["1h 58m 53.946s", "1 h 59 min"],
    ["-14m 59.995s", "−15 min"],
    ["attack", "attack"],
    ["5 ms", "5 ms"],
    [7, "7"],
    [-2, "-2"],
  ])
    assert.equal(shown(value), words);
});

test("errors of clocks have their sign", () => {
  assert.deepEqual([0, 1500, -2_000_000].map(signed), ["±0", "+1.5 µs", "−2 ms"]);
});

test("ordinals", () => {
  assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 113].map(ordinal), [
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "102nd",
    "111th",
    "113th",
  ]);
  assert.deepEqual(
    [1, 3].map((place) => queued({ place })),
    ["Waiting for others: next in the queue …", "Waiting for others: 3rd in the queue …"],
  );
});

const MESSAGES = [
  { name: "alice:bob:1", from: 0, to: 1, words: "attack", ending: "delivered" },
  { name: "alice:bob:2b", from: 0, to: 1, words: "retreat", ending: "lost", lie: true, truth: "attack", copy: true },
  { name: "bob:alice:1", from: 1, to: 0, words: "", ending: "withheld", lie: true, truth: "attack" },
];
const CAST = {
  nodes: [
    { name: "alice", said: "alice" },
    { name: "till", said: "the till" },
  ],
  messages: MESSAGES,
};

test("messages have names and fates", () => {
  assert.deepEqual(
    MESSAGES.map((message) => messageName(CAST, message)),
    ["alice → till, 1st", "alice → till, 2nd, the copy", "till → alice, 1st"],
  );
  assert.deepEqual(MESSAGES.map(fate), ["delivered", "lost by the network", "never sent"]);
});

test("each kind of event is a sentence", () => {
  for (const [event, words] of [
    [{ what: "sent", message: 0 }, "Alice says “attack” to the till."],
    [{ what: "sent", message: 1 }, "Alice says “retreat” to the till, a lie, instead of “attack”."],
    [{ what: "withheld", message: 2 }, "The till says nothing to alice, instead of “attack”."],
    [{ what: "delivered", message: 0 }, "The till hears “attack” from alice."],
    [{ what: "lost", message: 0 }, "The network loses “attack” from alice to the till."],
    [{ what: "lost", message: 2 }, "The network loses a message from the till to alice."],
    [{ what: "output", node: 1, name: "decision", value: "attack", decision: true }, "The till decides: attack."],
    [{ what: "output", node: 1, name: "effect", value: "20ms" }, "The till tells the user: effect 20 ms."],
    [{ what: "noted", node: 0, words: "drops the book" }, "Alice drops the book."],
    [{ what: "noted", node: 1, name: "sent", value: 3, words: "attempt 1" }, "The till notes sent 3: attempt 1."],
    [{ what: "passed", node: 0, name: "after-apply", nth: 2 }, "Alice passes after-apply, 2nd time."],
    [{ what: "writes_lost", node: 0, nth: 1 }, "Alice had not synced its last write: gone."],
    [{ what: "writes_lost", node: 0, nth: 3 }, "Alice had not synced its last 3 writes: gone."],
    [{ what: "writes_lost", node: 0, name: "all", nth: 3 }, "The disk of alice is lost."],
    [{ what: "clock_stepped", node: 0, value: "5ms" }, "The clock of alice jumps by 5 ms."],
    [{ what: "partitioned" }, "The network is partitioned."],
  ])
    assert.equal(sentence(CAST, event), words);
});
