// The entries of a table that a node told its user of.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { chipsOf, chipsOfFact, entriesOf } from "../../src/stage/assets/chips.js";
import { wordsOf } from "../../src/stage/assets/spoken.js";

// Seven pixels a letter.
before(() => {
  const context = { measureText: (text) => ({ width: text.length * 7 }) };
  globalThis.document = { createElement: () => ({ getContext: () => context }) };
});

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

const RUN = { nodes: [], show: { tables: ["charged"] } };
const orders = {
  name: "waiting",
  is: { set: { more: 0, elements: ["1", "2", "3", "4", "5", "6"].map((key) => ({ key })) } },
};
const texts = ({ chips }) => chips.map(({ text }) => text);

test("a chip that the sentence names is not folded away", () => {
  const drawing = { room: 118, size: 12 };
  assert.deepEqual(texts(chipsOfFact(RUN, orders, drawing)), ["5", "6"]);
  const named = chipsOfFact(RUN, orders, { ...drawing, words: wordsOf("Order 2 is still waiting.") });
  assert.deepEqual([texts(named), named.rest], [["2", "6"], 4]);
  const { counted } = entriesOf(told([...Array(1000).keys()]), new Set(), wordsOf("Order 17 is charged."));
  assert.deepEqual(
    counted.map(({ value }) => value),
    [17],
  );
});

test("a row that the sentence names stays, though others were told since", () => {
  const outputs = ["taken", "sent", "charged"].map((name, id) => ({ id, name, value: id }));
  const rows = (words) => chipsOf(RUN, outputs, new Set(), { room: 200, size: 12, words }).map(({ name }) => name);
  assert.deepEqual(rows(new Set()), ["sent", "charged"]);
  assert.deepEqual(rows(wordsOf("The order is taken.")), ["taken", "charged"]);
});

test("of a few elements and of counted votes none is folded away: they take two rows", () => {
  const set = (...keys) => ({
    name: "signed orders",
    is: { set: { more: 0, elements: keys.map((key) => ({ key })) } },
  });
  const narrow = { room: 100, size: 12 };
  const both = chipsOfFact(RUN, set("attack", "retreat"), narrow);
  assert.deepEqual([texts(both), texts(both.below), both.rest, both.below.rest], [["attack"], ["retreat"], 0, 0]);
  const votes = {
    name: "votes",
    is: {
      table: {
        more: 0,
        elements: ["retreat", "attack", "attack", "attack", "retreat", "attack"].map((value, key) => ({
          key: `${key}`,
          value,
        })),
      },
    },
  };
  const counted = chipsOfFact(RUN, votes, narrow);
  assert.deepEqual([texts(counted), texts(counted.below), counted.rest], [["4 attack"], ["2 retreat"], 0]);
  assert.deepEqual(texts(chipsOfFact(RUN, votes, { room: 200, size: 12 })), ["4 attack", "2 retreat"]);
});
