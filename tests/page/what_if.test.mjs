// What could have happened instead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutMessage, aboutNode } from "../../src/stage/assets/what_if.js";
import { run } from "./support.mjs";

const MESSAGE = { name: "alice:bob:1", from: 0, to: 1, sent: 0, ends: 10_000_000 };
const about = (more) => {
  const made = run({ messages: [{ ...MESSAGE, ...more }] });
  return aboutMessage(made, made.messages[0]).map(({ choice, option }) => `${choice}=${option}`);
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
  const choices = (event) => aboutNode(made, 1, event).map(({ choice, option }) => `${choice}=${option}`);
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
