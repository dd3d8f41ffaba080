// Sentences that the program made, as the page tells them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callNodes } from "../../src/stage/assets/names.js";
import { choiceTold, named, quotable, told } from "../../src/stage/assets/told.js";

const cast = (...names) => names.map((name) => ({ name, role: "peer" }));
const TALK = { nodes: callNodes({ nodes: cast("alice", "bob", "al"), setup: "Alice and Bob talk." }) };
const SHOP = {
  nodes: callNodes({ nodes: cast("shop", "ledger"), setup: "The shop orders, and the ledger charges." }),
};

test("messages are called by who sends them to whom, and which they are", () => {
  for (const [words, says] of [
    ["bob is alone: bob:alice:2 was lost.", "Bob is alone: Bob's 2nd message to Alice was lost."],
    ["bob:alice:11b came late.", "The copy of Bob's 11th message to Alice came late."],
    ["so alice's `alice` waits for bob. params.bob=1", "So Alice's `alice` waits for Bob. params.bob=1"],
    ["`bob:alice:2=lose` changed nothing", "`bob:alice:2=lose` changed nothing"],
    ["fault.0.lose.message = bob:alice:1", "fault.0.lose.message = bob:alice:1"],
    ["carol:alice:2 is of no node", "carol:alice:2 is of no node"],
  ])
    assert.equal(told(TALK, words), says);
});

test("choices are told by what they do", () => {
  for (const [choice, option, says] of [
    ["bob:alice:2", "lose", "Bob's 2nd message to Alice is lost"],
    ["bob:alice:2.fate", "twice", "Bob's 2nd message to Alice is delivered twice"],
    ["bob:alice:1.delay", "40ms", "Bob's 1st message to Alice takes 40 ms"],
    ["bob:alice:3.lie", "attack at dawn", "Bob's 3rd message to Alice says “attack at dawn”"],
    ["bob:alice:3.lie", "silent", "Bob's 3rd message to Alice is not sent"],
    ["bob@sent:2.crash", "forever", "Bob crashes the second time it has sent, for good"],
    ["bob@12.pause", "30ms", "Bob pauses right after event 12, for 30 ms"],
    ["bob@sent:2.crash", "no", "Bob does not crash the second time it has sent"],
  ])
    assert.equal(choiceTold(TALK, choice, option), says);
  assert.equal(
    told(TALK, "Found: two lies are enough — alice:bob:1.lie=retreat and bob:alice:1 = lose. Then all fails."),
    "Found: two lies are enough — Alice's 1st message to Bob says “retreat” and Bob's 1st message to Alice is lost. " +
      "Then all fails.",
  );
});

test("a thing has its article, and not twice", () => {
  for (const [words, says] of [
    ["shop does not crash any more.", "The shop does not crash any more."],
    ["Order 2 was lost: shop crashed at 100ms.", "Order 2 was lost: the shop crashed at 100 ms."],
    ["The shop waits. ledger is down.", "The shop waits. The ledger is down."],
    ["At 3ms, ledger no longer hears “order” from shop.", "At 3 ms, the ledger no longer hears “order” from the shop."],
    ["shop:ledger:1 finds ledger down.", "The shop's 1st message to the ledger finds the ledger down."],
    ["At 30ms ledger's clock leapt.", "At 30 ms the ledger's clock leapt."],
    [
      "It was late: its message shop:ledger:1 took 3ms.",
      "It was late: its message (the shop's 1st message to the ledger) took 3 ms.",
    ],
    ["No loyal shop decides; every ledger does.", "No loyal shop decides; every ledger does."],
  ])
    assert.equal(told(SHOP, words), says);
  assert.equal(named(SHOP, "delay of shop:ledger:2"), "delay of the shop's 2nd message to the ledger");
  assert.equal(quotable(SHOP, "ask shop and ledger"), "ask shop and ledger", "a message names them as it does");
});

test("durations are written one way", () => {
  for (const [words, says] of [
    ["until 10.205s, and from 231.597us on: -3s.", "Until 10.205 s, and from 231.597 µs on: −3 s."],
    ["two holders for 1h 58m 53.946s", "Two holders for 1 h 58 min 53.946 s"],
    ["v2s, node-3s, 3sheets and x=4s stay", "V2s, node-3s, 3sheets and x=4s stay"],
  ])
    assert.equal(told(TALK, words), says);
  const again = told(SHOP, "shop paused at 10ms for ledger.");
  assert.equal(told(SHOP, again), again, "what was told is told the same again");
});

test("a sentence begins with a capital, also where a name does", () => {
  assert.equal(told(TALK, "al waits. al goes. Bob: al."), "Al waits. Al goes. Bob: Al.");
});
