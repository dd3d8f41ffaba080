// Bands, intervals and series along a node's lane.

import assert from "node:assert/strict";
import { test } from "node:test";

import { laneFacts } from "../../src/stage/assets/lane_facts.js";

const events = [0, 10, 20, 30, 40, 50].map((at) => ({ at }));
const term = (version) => ({ name: "term", is: { version } });
const commits = (operation) => ({ name: "commits", is: { operation } });
const queue = (at, limit) => ({ name: "queue", is: { level: limit === undefined ? { at } : { at, limit } } });

/** @param {Record<number, object[]>} states @param {object[]} statuses */
const lasting = (states, statuses = []) => {
  const list = Object.entries(states).map(([id, facts]) => ({ id: Number(id), facts }));
  return laneFacts(events, { states: list, statuses });
};

test("a band lasts as long as a version stays the same", () => {
  const { bands } = lasting({ 0: [term(1)], 1: [term(1), queue(1)], 3: [term(2)] });
  assert.deepEqual(bands, [
    { from: 0, to: 30, words: "term 1" },
    { from: 30, to: null, words: "term 2" },
  ]);
});

test("an operation is an interval that ends when it is told no more, or another is", () => {
  const { intervals } = lasting({ 1: [commits("1")], 2: [commits("2")], 4: [] });
  assert.deepEqual(intervals, [
    { from: 10, to: 20, words: "commits 1" },
    { from: 20, to: 40, words: "commits 2" },
  ]);
});

test("a crash ends bands and intervals, and empties a level", () => {
  const crash = { id: 2, at: 20, status: "down" };
  const { bands, intervals, series } = lasting({ 0: [term(1), commits("1"), queue(3)] }, [crash]);
  assert.deepEqual([bands[0].to, intervals[0].to], [20, 20]);
  assert.deepEqual(series?.steps, [
    { time: 0, at: 3 },
    { time: 20, at: 0 },
  ]);
});

test("a series is the first level that a node tells, up to its limit", () => {
  const other = { name: "other", is: { level: { at: 99 } } };
  const { series } = lasting({ 0: [queue(0, 8)], 1: [queue(2, 8), other], 2: [queue(2, 8)], 3: [queue(1, 8)] });
  assert.deepEqual(series, {
    name: "queue",
    most: 8,
    steps: [
      { time: 0, at: 0 },
      { time: 10, at: 2 },
      { time: 30, at: 1 },
    ],
  });
});

test("a level that was never above zero has no line", () => {
  assert.equal(lasting({ 0: [queue(0, 8)], 1: [queue(0)] }).series, null);
});

test("who tells nothing has nothing that lasts", () => {
  assert.deepEqual(lasting({}), { bands: [], intervals: [], series: null });
});
