// What is not here yet is found by its name, however it is written.

import assert from "node:assert/strict";
import { test } from "node:test";

import { absentOf } from "../../src/stage/assets/absent.js";

const ABSENT = [
  { names: ["raft"], title: "Raft", near: ["four-generals"], read: "R" },
  { names: ["2pc", "twophasecommit"], title: "Two-phase commit", near: [], read: "N" },
];

test("a name is found however it is written", () => {
  const title = (query) => absentOf(ABSENT, query)?.title;
  assert.equal(title("raft"), "Raft");
  assert.equal(title(" Raft "), "Raft");
  assert.equal(title("2-PC"), "Two-phase commit");
  assert.equal(title("Two-phase commit"), "Two-phase commit");
  assert.equal(title(""), undefined);
  assert.equal(title("raf"), undefined);
});
