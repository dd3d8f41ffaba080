// Letters that stand for names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { initialsOf } from "../../src/stage/assets/initials.js";

test("a letter is enough where names begin differently", () => {
  assert.deepEqual(initialsOf(["alice", "bob"]), ["A", "B"]);
});

test("names that begin alike have letters that tell them apart", () => {
  const names = ["ada", "alice", "bob", ...Array.from({ length: 30 }, (_, i) => `general-${i + 11}`)];
  const letters = initialsOf(names);
  assert.equal(new Set(letters).size, names.length, letters.join());
  assert.equal(letters[2], "B");
  assert.equal(letters[3], "11");
});

test("also names that are as good as the same", () => {
  const letters = initialsOf(["aa", "aaa", "aaaa"]);
  assert.equal(new Set(letters).size, 3, letters.join());
});
