// The tray's marks: what they fit, and that they do what the menus do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsTold, fittingsOf, MARKS, onMessage } from "../../src/stage/assets/tray_marks.js";
import { aboutBothWays, aboutMessage, aboutNode } from "../../src/stage/assets/what_if.js";
import { run } from "./support.mjs";

const made = () =>
  run({
    messages: [{ name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 50, began: 0 }],
    events: [{ at: 0, what: "sent", node: 0, message: 0 }],
    lies: ["flip"],
    clocks: [[[0, 0, 0]], [[0, 0, 0]]],
  });
const kinds = (mark) => fittingsOf(made(), mark, 10, made().messages).map(({ kind }) => kind);

test("each mark fits something, and what it fits is of its kind", () => {
  assert.deepEqual(Object.fromEntries(MARKS.map(({ name }) => [name, kinds(name).join(" ")])), {
    lose: "message",
    cut: "node node link",
    mask: "node node",
    delay: "message node node",
    crash: "node node",
    disk: "node node",
    clock: "node node",
    twice: "message",
  });
});

test("a mark does what the menu does", () => {
  const it = made();
  const [message] = it.messages;
  const menus = [
    ...aboutMessage(it, message),
    ...aboutNode(it, 0, 10),
    ...aboutNode(it, 1, 10),
    ...aboutBothWays(it, { from: 0, to: 1 }, 10),
  ].map(({ fork }) => JSON.stringify(fork));
  for (const { name } of MARKS)
    for (const { option } of fittingsOf(it, name, 10, it.messages))
      assert.ok(menus.includes(JSON.stringify(option.fork)), `${name}: ${option.words}`);
});

test("what cannot be done has no place", () => {
  const plain = run({ messages: made().messages, events: [], lies: [], clocks: null });
  assert.deepEqual(fittingsOf(plain, "mask", 10, plain.messages), []);
  assert.deepEqual(fittingsOf(plain, "clock", 10, plain.messages), []);
  assert.equal(onMessage(plain, "crash", plain.messages[0]), undefined);
  const lost = { ...plain.messages[0], ending: "lost" };
  assert.equal(onMessage(plain, "lose", lost), undefined);
});

test("what can take a mark is named, a message and a link by how many there are", () => {
  const told = (mark) => fitsTold(made(), fittingsOf(made(), mark, 10, made().messages));
  assert.equal(told("cut"), "alice, bob and 1 link");
  assert.equal(told("lose"), "1 message");
  assert.equal(fitsTold(made(), []), "");
  const nodes = ["a", "b", "c", "d"].map((said) => ({ said }));
  const all = nodes.map((_, node) => ({ kind: "node", node }));
  assert.equal(fitsTold({ nodes }, all), "4 nodes");
});
