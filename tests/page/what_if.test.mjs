// What could have happened instead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applied } from "../../src/stage/assets/forks.js";
import { aboutMessage, aboutNode, afterEvent, failuresAt } from "../../src/stage/assets/what_if.js";
import { run } from "./support.mjs";

const MESSAGE = { name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 10_000_000 };
const about = (more) => {
  const made = run({ messages: [{ ...MESSAGE, ...more }] });
  const forks = aboutMessage(made, made.messages[0]).map(({ fork }) => fork);
  return forks.flatMap(({ choice, option }) => (choice ? [`${choice}=${option}`] : []));
};

test("a message that arrived can be lost, damaged, doubled and late", () => {
  assert.deepEqual(about({}), [
    "alice:bob:1=lose",
    "alice:bob:1=corrupt",
    "alice:bob:1=twice",
    "alice:bob:1.delay=40ms",
  ]);
});

test("what was lost can arrive, and has no delay", () => {
  assert.deepEqual(about({ ending: "lost" }), ["alice:bob:1=deliver", "alice:bob:1=corrupt", "alice:bob:1=twice"]);
});

test("a copy has a delay of its own", () => {
  assert.deepEqual(about({ name: "alice:bob:1b", copy: true }), ["alice:bob:1b=lose", "alice:bob:1b.delay2=40ms"]);
});

test("a traitor can say anything else, or nothing", () => {
  const alternatives = ["attack", "retreat", "silent"];
  const lies = (more) => about({ alternatives, truth: "attack", ...more }).filter((choice) => choice.includes(".lie"));
  assert.deepEqual(lies({ words: "retreat" }), ["alice:bob:1.lie=attack", "alice:bob:1.lie=silent"]);
  assert.deepEqual(lies({ words: "", ending: "withheld" }), ["alice:bob:1.lie=attack", "alice:bob:1.lie=retreat"]);
  assert.deepEqual(about({ words: "", ending: "withheld" }), [], "what was not sent has no fate");
});

test("a node can crash at an event, or at a crash point by its name", () => {
  const made = run({ messages: [MESSAGE] });
  const choices = (event) => afterEvent(made, 1, event).map(({ fork }) => `${fork.choice}=${fork.option}`);
  assert.deepEqual(choices({ what: "delivered", id: 7, at: 0 }), [
    "bob@7.crash=forever",
    "bob@7.crash=30ms",
    "bob@7.pause=30ms",
  ]);
  assert.equal(
    choices({ what: "passed", id: 7, at: 0, name: "after-apply", nth: 2 })[0],
    "bob@after-apply:2.crash=forever",
  );
});

test("a link can be cut, on both ways or one, made to lose and made slow, from the message on", () => {
  const made = run({ messages: [{ ...MESSAGE, sent: 5 }] });
  const rows = aboutMessage(made, made.messages[0]).flatMap(({ fork }) => fork.row ?? []);
  assert.deepEqual(rows, [
    '{ partition = { groups = [["alice"], ["bob"]], at = "5ns" } }',
    '{ degrade = { from = "alice", to = "bob", at = "5ns", loss = 1.0 } }',
    '{ degrade = { from = "alice", to = "bob", at = "5ns", loss = 0.5 } }',
    '{ degrade = { from = "alice", to = "bob", at = "5ns", delay = "30ms" } }',
  ]);
});

const rowsOf = (show, at = 7) => aboutNode(run({ messages: [MESSAGE], ...show }), 1, at).map(({ fork }) => fork.row);

test("what is done to a node is done just after the moment that is shown", () => {
  const here = 'node = "bob", at = "8ns"';
  assert.deepEqual(rowsOf({}), [
    `{ crash = { ${here} } }`,
    `{ crash = { ${here}, for = "30ms" } }`,
    `{ crash = { ${here}, for = "30ms", disk = "lost" } }`,
    `{ pause = { ${here}, for = "30ms" } }`,
    `{ isolate = { ${here} } }`,
  ]);
  assert.deepEqual(rowsOf({ clocks: [] }).slice(-2), [
    `{ clock-step = { ${here}, by = "30ms" } }`,
    `{ clock-drift = { ${here}, ppm = 10000 } }`,
  ]);
});

test("a loyal node can be made a traitor by the lies of its protocol", () => {
  assert.deepEqual(rowsOf({ lies: ["flip", "silent"] }).slice(0, 2), [
    '{ traitor = { node = "bob", lie = "flip" } }',
    '{ traitor = { node = "bob", lie = "silent" } }',
  ]);
});

test("a traitor can tell the truth, each time", () => {
  const lie = { name: "bob:alice:1", from: 1, to: 0, sent: 0, ends: 9, lie: true, truth: "attack" };
  const nodes = [{ name: "alice" }, { name: "bob", traitor: true }];
  const made = run({ nodes, messages: [lie, { ...lie, name: "bob:alice:2", truth: "retreat" }], lies: ["flip"] });
  const [{ words, fork }] = aboutNode(made, 1, 0);
  assert.equal(words, "let it tell the truth");
  assert.deepEqual(applied({ set: [], force: [["bob:alice:1.lie", "silent"]] }, [fork]).force, [
    ["bob:alice:1.lie", "attack"],
    ["bob:alice:2.lie", "retreat"],
  ]);
});

test("rows that are added keep apart, and each can be undone", () => {
  const rows = ["{ a = 1 }", "{ b = 2 }"].map((row) => ({ row }));
  const set = (forks, base = []) => applied({ set: base, force: [] }, forks).set;
  assert.deepEqual(set(rows), [
    ["fault.+1", "{ a = 1 }"],
    ["fault.+2", "{ b = 2 }"],
  ]);
  assert.deepEqual(set(rows.slice(1)), [["fault.+1", "{ b = 2 }"]]);
  assert.deepEqual(set(rows.slice(0, 1), [["fault.+3", "{}"]]), [
    ["fault.+3", "{}"],
    ["fault.+4", "{ a = 1 }"],
  ]);
});

test("a crash takes nothing back that is shown, and says when it goes back to an event", () => {
  const events = [
    { at: 5, what: "delivered", node: 1, message: 0 },
    { at: 7, what: "delivered", node: 1, message: 0 },
    { at: 7, what: "output", node: 0, name: "decision", value: "attack" },
  ];
  const made = run({ messages: [MESSAGE], events, ends: 7 });
  const first = (id, at, count) => failuresAt(made, 1, made.events[id], { at, count })[0];
  assert.equal(first(1, 7, 2).fork.choice, "bob@1.crash", "it is the last that was seen");
  assert.equal(first(1, 7, 3).fork.row, '{ crash = { node = "bob", at = "8ns" } }', "more of its moment was seen");
  const back = first(0, 7, 3);
  assert.deepEqual([back.words, back.fork.choice], ["crash bob then, at 5 ns", "bob@0.crash"]);
  assert.equal(first(1, 5, 1).words, "crash bob here", "it is still to come");
});
