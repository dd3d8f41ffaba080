// What is in the light of the spotlight.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING_SPOKEN } from "../../src/stage/assets/spoken.js";
import { litOf } from "../../src/stage/assets/spotlight.js";
import { run } from "./support.mjs";

const [ALICE, BOB, CAROL] = [0, 1, 2];
const all = run({
  nodes: ["alice", "bob", "carol"].map((name) => ({ name, role: "peer", x: 0, y: 0 })),
  events: [
    { at: 0, what: "sent", node: ALICE, message: 0 },
    { at: 0, what: "sent", node: BOB, message: 1 },
    { at: 5, what: "delivered", node: BOB, message: 0, cause: 0 },
    { at: 6, what: "delivered", node: CAROL, message: 1, cause: 1 },
    { at: 9, what: "output", node: CAROL, name: "x", value: 1 },
  ],
  messages: [
    { name: "alice:bob:1", from: ALICE, to: BOB, sent: 0, ends: 5, began: 0, ended: 2 },
    { name: "bob:carol:1", from: BOB, to: CAROL, sent: 0, ends: 6, began: 1, ended: 3 },
  ],
});

/** The numbers of the nodes, messages and events in the light. */
function lit(selected, spoken = NOTHING_SPOKEN) {
  const light = litOf(all, selected, spoken);
  if (!light) return null;
  return [light.nodes, light.messages, light.events].map((numbers) => [...numbers].sort());
}

test("what is selected is in the light, with what belongs to it", () => {
  assert.deepEqual(lit({ message: 0 }), [[ALICE, BOB], [0], [0, 2]]);
  assert.deepEqual(lit({ event: 3 }), [[BOB, CAROL], [1], [1, 3]], "an event of a message is about the message");
  assert.deepEqual(lit({ event: 4 }), [[CAROL], [], [4]]);
  assert.deepEqual(lit({ node: BOB }), [[BOB], [0, 1], [1, 2]]);
});

test("else what the beat speaks of, and who says it", () => {
  const spoken = { nodes: new Set([BOB]), messages: new Set([0]), events: new Set([2]) };
  assert.deepEqual(lit(null, spoken), [[ALICE, BOB], [0], [2]]);
  assert.deepEqual(lit({ node: CAROL }, spoken), [[CAROL], [1], [3, 4]], "what is selected comes first");
  assert.equal(lit(null), null, "nothing to point at: nothing is dimmed");
});
