// What one node knows: what it heard and did, and nothing that others kept to themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { knowledgeOf, knownMessages, lastEventOf, runAsKnown } from "../../src/stage/assets/knowledge.js";
import { knowledgeTold } from "../../src/stage/assets/knowledge_told.js";
import { run } from "./support.mjs";

const [ALICE, BOB, CAROL] = [0, 1, 2];

// Carol tells Alice and Bob "go". Bob, a traitor, tells Alice "stay", and Alice tells Bob "go", which is lost.
const events = [
  { at: 0, what: "traitor", node: BOB },
  { at: 0, what: "sent", node: CAROL, message: 0, facts: [{ name: "", is: { word: "says go" } }] },
  { at: 0, what: "sent", node: CAROL, message: 1, cause: 1 },
  { at: 5, what: "delivered", node: BOB, message: 1, cause: 2, facts: [{ name: "", is: { word: "heard go" } }] },
  { at: 10, what: "delivered", node: ALICE, message: 0, cause: 1, facts: [{ name: "", is: { word: "heard go" } }] },
  { at: 10, what: "sent", node: ALICE, message: 2, cause: 4 },
  { at: 20, what: "sent", node: BOB, message: 3, cause: 3 },
  { at: 22, what: "output", node: BOB, name: "decided", value: "stay", decision: true },
  { at: 25, what: "lost", message: 2, cause: 5 },
  {
    at: 30,
    what: "delivered",
    node: ALICE,
    message: 3,
    cause: 6,
    facts: [{ name: "", is: { word: "heard go and stay" } }],
  },
  { at: 40, what: "output", node: ALICE, name: "decided", value: "stay", decision: true },
];
const messages = [
  { name: "carol:alice:1", from: CAROL, to: ALICE, words: "go", sent: 0, ends: 10, began: 1, ended: 4 },
  { name: "carol:bob:1", from: CAROL, to: BOB, words: "go", sent: 0, ends: 5, began: 2, ended: 3 },
  { name: "alice:bob:1", from: ALICE, to: BOB, words: "go", sent: 10, ends: 40, began: 5, ended: 8, ending: "lost" },
  {
    name: "bob:alice:1",
    from: BOB,
    to: ALICE,
    words: "stay",
    truth: "go",
    lie: true,
    alternatives: ["go"],
    sent: 20,
    ends: 30,
    began: 6,
    ended: 9,
  },
];
const nodes = [
  { name: "alice", role: "general", x: -1, y: 0 },
  { name: "bob", role: "general", x: 1, y: 0, traitor: true, lie: "flip" },
  { name: "carol", role: "general", x: 0, y: 1 },
];
const verdicts = [{ name: "agreement", verdict: "violated", evidence: [10], since: 10 }];
const whole = () => run({ nodes, events, messages, verdicts, ends: 50, setup: "Alice, Bob and Carol." });
const known = (node, count) => {
  const all = whole();
  return { all, knowledge: knowledgeOf(all, node, lastEventOf(all, node, count)) };
};

test("a node knows nothing of what did not happen before its last event", () => {
  assert.deepEqual(known(ALICE, 0).knowledge, {
    node: ALICE,
    last: null,
    past: [-1, -1, -1],
    until: [null, null, null],
  });
  // Alice has heard Carol, but nothing of what Bob did.
  assert.deepEqual(known(ALICE, 6).knowledge, { node: ALICE, last: 5, past: [5, -1, 1], until: [10, null, 0] });
  // What Bob decided after his message is not in her past.
  assert.deepEqual(known(ALICE, 11).knowledge.past, [10, 6, 2]);
  assert.deepEqual(known(CAROL, 11).knowledge.past, [-1, -1, 2], "nobody has answered Carol");
});

test("messages are heard, sent with an end or without, or of others", () => {
  const { all, knowledge } = known(ALICE, 11);
  assert.deepEqual(
    knownMessages(all, knowledge).map(({ message, kind, isSure }) => [message.name, kind, isSure]),
    [
      ["carol:alice:1", "heard", true],
      ["carol:bob:1", "others", true],
      ["alice:bob:1", "sent", false],
      ["bob:alice:1", "heard", true],
    ],
  );
  const bob = known(BOB, 11);
  assert.deepEqual(
    knownMessages(bob.all, bob.knowledge).map(({ message, kind, isSure }) => [message.name, kind, isSure]),
    [
      ["carol:alice:1", "others", false],
      ["carol:bob:1", "heard", true],
      ["bob:alice:1", "sent", false],
    ],
    "Alice's message to Bob was lost: he does not know of it",
  );
});

test("the run as a node knows it holds no lie, no traitor, no loss, and no state of others", () => {
  const { all, knowledge } = known(ALICE, 11);
  const seen = runAsKnown(all, knowledge);
  const text = JSON.stringify([seen.nodes, seen.messages, seen.events, seen.show.verdicts]);
  for (const secret of ["flip", 'lie":true', "truth", "alternatives", '"lost"', "says go", "agreement"])
    assert.ok(!text.includes(secret), secret);
  assert.ok(seen.nodes.every(({ traitor }) => !traitor));
  assert.deepEqual(
    seen.messages.map(({ words, ending, isUnsure = false, isUnseen = false }) => [words, ending, isUnsure, isUnseen]),
    [
      ["go", "delivered", false, false],
      ["", "delivered", false, true],
      ["go", "in-flight", true, false],
      ["stay", "delivered", false, false],
    ],
  );
  assert.deepEqual(seen.nodeAt(ALICE, seen.events.length).facts, [{ name: "", is: { word: "heard go and stay" } }]);
  assert.deepEqual(seen.nodeAt(BOB, seen.events.length), { facts: [], since: -1, status: "up", outputs: [] });
  // Numbers are those of what is known.
  for (const { cause, message } of seen.events) {
    assert.ok(cause === undefined || cause < seen.events.length);
    assert.ok(message === undefined || message < seen.messages.length);
  }
  for (const { began, ended } of seen.messages)
    for (const id of [began, ended]) assert.ok(id === undefined || id < seen.events.length);
  // The run itself is untouched.
  assert.deepEqual(
    all.messages.map(({ index, lie = false }) => [index, lie]),
    [
      [0, false],
      [1, false],
      [2, false],
      [3, true],
    ],
  );
});

test("a traitor knows its own lie", () => {
  const { all, knowledge } = known(BOB, 11);
  const seen = runAsKnown(all, knowledge);
  assert.equal(seen.nodes[BOB].traitor, true);
  assert.equal(seen.messages.find(({ name }) => name === "bob:alice:1").truth, "go");
});

test("it is told in sentences, the most important first", () => {
  const told = (node, count) => {
    const { all, knowledge } = known(node, count);
    return knowledgeTold(all, knowledge);
  };
  assert.deepEqual(told(ALICE, 6), [
    "Alice has heard “go” from Carol.",
    "Alice does not know whether “go” has reached Bob.",
    "Of Bob, Alice knows nothing.",
  ]);
  assert.deepEqual(told(ALICE, 11), [
    "Alice has heard “go” from Carol and “stay” from Bob.",
    "Alice does not know whether “go” has reached Bob.",
    "What others said to each other, Alice has not heard.",
    "Alice decides: stay.",
  ]);
  assert.deepEqual(told(CAROL, 11), [
    "Carol has heard nothing yet.",
    "Carol does not know whether “go” has reached Alice or Bob.",
    "Of Alice and Bob, Carol knows nothing.",
  ]);
});

test("an answer tells that the message before it arrived, and a crash that memory is gone", () => {
  const events = [
    { at: 0, what: "sent", node: ALICE, message: 0 },
    { at: 5, what: "delivered", node: BOB, message: 0, cause: 0 },
    { at: 5, what: "sent", node: BOB, message: 1, cause: 1 },
    { at: 9, what: "delivered", node: ALICE, message: 1, cause: 2 },
    { at: 12, what: "crashed", node: ALICE },
    { at: 20, what: "restarted", node: ALICE },
  ];
  const messages = [
    { name: "alice:bob:1", from: ALICE, to: BOB, words: "ping", sent: 0, ends: 5, began: 0, ended: 1 },
    { name: "bob:alice:1", from: BOB, to: ALICE, words: "pong", sent: 5, ends: 9, began: 2, ended: 3 },
  ];
  const all = run({ events, messages });
  const told = (node, count) => knowledgeTold(all, knowledgeOf(all, node, lastEventOf(all, node, count)));
  assert.deepEqual(told(ALICE, 2), [
    "Alice has heard nothing yet.",
    "Alice does not know whether “ping” has reached bob.",
    "Of bob, alice knows nothing.",
  ]);
  assert.deepEqual(told(ALICE, 4), ["Alice has heard “pong” from bob.", "Alice can know that “ping” has reached bob."]);
  assert.match(told(ALICE, 5)[1], /^Alice is down: its memory is gone\.$/);
  assert.match(told(ALICE, 6)[1], /remembers only what was on its disk/);
});

test("a message proves the arrival of what it answers, and nothing if a timer sent it", () => {
  const messages = [
    { name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 10, began: 0, ended: 1 },
    { name: "bob:alice:1", from: 1, to: 0, sent: 10, ends: 20, began: 2, ended: 3 },
  ];
  const events = (cause, what) => [
    { at: 0, what: "sent", node: 0, message: 0 },
    { at: 10, what: "delivered", node: 1, message: 0, cause: 0 },
    ...(what ? [{ at: 10, what, node: 1 }] : []),
    { at: 10, what: "sent", node: 1, message: 1, cause },
    { at: 20, what: "delivered", node: 0, message: 1, cause: what ? 3 : 2 },
  ];
  const told = (made) => knowledgeTold(made, knowledgeOf(made, 0, made.events.length - 1)).join(" ");
  assert.match(told(run({ messages, events: events(1) })), /can know that “hi” has reached bob/i);
  const later = [messages[0], { ...messages[1], began: 3, ended: 4 }];
  assert.doesNotMatch(told(run({ messages: later, events: events(2, "timer") })), /can know|does not know whether/);
});
