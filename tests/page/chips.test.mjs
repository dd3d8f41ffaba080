// The entries of a table that a node told its user of.

import assert from "node:assert/strict";
import { test } from "node:test";

import { entriesOf } from "../../src/stage/assets/chips.js";

/** @param {number[]} values */
const told = (values) => values.map((value, id) => ({ id, value, name: "charged" }));

test("entries are sorted, each with how often it is there", () => {
  const { counted, once } = entriesOf(told([3, 1, 3, 2]));
  assert.deepEqual(
    counted.map(({ value, count }) => [value, count]),
    [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
  );
  assert.equal(once, 0);
});

test("of many entries the doubles and what a verdict points at stay, and the rest is counted", () => {
  const values = [...Array(1000).keys(), 17, 900];
  const { counted, once } = entriesOf(told(values), new Set([5]));
  assert.deepEqual(
    counted.map(({ value }) => value),
    [5, 17, 900],
  );
  assert.equal(once, 997);
});
