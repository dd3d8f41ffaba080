// Finding by words, and what was meant by a word that nothing has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, hasAll, meant } from "../../src/stage/assets/find.js";

const TEXTS = ["the byzantine generals: one traitor", "a clock that jumps", "exactly-once, or twice"];

test("all words are wanted, in any order and in any letters", () => {
  assert.ok(hasAll(TEXTS[0], "Traitor byz"));
  assert.ok(hasAll(TEXTS[2], "once twice"));
  assert.ok(!hasAll(TEXTS[0], "traitor clock"));
  assert.ok(hasAll(TEXTS[1], "  "));
});

test("a word with a mistake is taken for the nearest that there is", () => {
  assert.equal(meant("byzntine trators", TEXTS), "byzantine traitor");
  assert.equal(meant("clokc", TEXTS), "clock");
  assert.equal(meant("twice clock", TEXTS), "twice clock", "known words stay, although no text has them both");
  assert.equal(meant("zebra", TEXTS), null);
});

test("a distance counts what is changed, added, left out and swapped", () => {
  const far = [
    ["", "abc", 3],
    ["clock", "clock", 0],
    ["clock", "clokc", 1],
    ["clock", "lock", 1],
    ["clock", "cluck", 1],
    ["ca", "abc", 3],
  ];
  for (const [a, b, expected] of far)
    assert.deepEqual([distance(a, b), distance(b, a)], [expected, expected], `${a} ${b}`);
});
