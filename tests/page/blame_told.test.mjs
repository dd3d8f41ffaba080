// Why each event on the way back from a violation is a cause.

import assert from "node:assert/strict";
import { test } from "node:test";
import { violationTold, whyTold } from "../../src/stage/assets/blame.js";
import { run } from "./support.mjs";

const message = (name, from, to, ending = "delivered", began = 0) => ({
  name,
  from,
  to,
  sent: 0,
  ends: 20,
  began,
  ending,
});
const heard = [{ name: "heard", is: { word: "two" } }];
const made = run({
  messages: [
    message("bob:alice:1", 1, 0, "lost"),
    message("bob:alice:2", 1, 0, "delivered", 2),
    message("bob:alice:3", 1, 0, "withheld", 8),
  ],
  events: [
    { at: 0, what: "sent", node: 1, message: 0 },
    { at: 0, what: "lost", node: 1, message: 0, cause: 0 },
    { at: 0, what: "sent", node: 1, message: 1 },
    { at: 20, what: "delivered", node: 0, message: 1, cause: 2, facts: heard },
    { at: 50, what: "timer", node: 0 },
    { at: 50, what: "output", node: 0, cause: 4, name: "decision", value: "retreat", decision: true },
    { at: 55, what: "timer", node: 1 },
    { at: 60, what: "output", node: 1, name: "decision", value: "attack", decision: true },
    { at: 60, what: "withheld", node: 1, message: 2 },
  ],
});
const verdict = { name: "p", says: "All decide the same.", because: "They differ.", evidence: [5, 7], since: 7 };
const why = (cause, effect) => whyTold(made, made.events[cause], made.events[effect], verdict);

test("what an event is a reaction to makes it happen", () => {
  assert.equal(why(0, 1), "So the network loses “hi” from bob to alice.");
  assert.equal(why(4, 5), "So alice decides: retreat.");
});

test("what is not heard is why a timer fires, at its receiver and at its sender", () => {
  assert.equal(why(1, 4), "This does not reach alice, so alice's timer fires.");
  assert.equal(why(1, 6), "This brings bob no answer, so bob's timer fires.");
  assert.equal(why(8, 4), "Alice hears none of it, so alice's timer fires.");
});

test("what a node did before is told with what it then knew; the rest of the evidence as such", () => {
  assert.equal(why(3, 4), "After that (heard two), alice's timer fires.");
  assert.equal(why(5, 7), "Together with this, bob decides: attack.");
});

test("a violation is told by its sentence once all of that is known", () => {
  assert.equal(violationTold(made, verdict, 8), "They differ.");
  assert.equal(violationTold(made, verdict, 7), "It should be so: All decide the same.");
});
