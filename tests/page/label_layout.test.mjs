// Labels cover nothing, and the most wanted ones have the first choice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAround, goesThrough, isInside, layOut, overlaps } from "../../src/stage/assets/label_layout.js";

const bounds = { left: 0, right: 100, top: 0, bottom: 100 };
const at = (x, y) => boxAround({ x, y }, 20, 10);

test("a label takes the first of its places that is free", () => {
  const taken = [at(50, 50)];
  const label = { priority: 1, places: [at(55, 52), at(95, 50), at(20, 50), at(20, 80)] };
  assert.deepEqual(layOut([label], { taken, bounds }), [2], "one place is taken, one leaves the bounds");
});

test("of two that want one place, the more wanted one gets it, and the other goes or is left out", () => {
  const small = { priority: 1, places: [at(50, 50), at(50, 70)] };
  const smaller = { priority: 0, places: [at(50, 52)] };
  const large = { priority: 2, places: [at(50, 50)] };
  assert.deepEqual(layOut([small, smaller, large], { bounds }), [1, null, 0]);
});

test("where all are as wanted, the first comes first", () => {
  const label = { priority: 1, places: [at(50, 50)] };
  assert.deepEqual(layOut([label, label], { bounds }), [0, null]);
});

test("a label crosses a line only where it has to, and as few as it can", () => {
  const line = (y) => ({ left: 0, right: 100, top: y, bottom: y + 1 });
  const crossed = [line(50), line(52), line(20)];
  assert.deepEqual(layOut([{ priority: 0, places: [at(50, 50), at(50, 80)] }], { crossed, bounds }), [1]);
  assert.deepEqual(layOut([{ priority: 0, places: [at(50, 50), at(50, 20)] }], { crossed, bounds }), [1]);
});

test("whatever is wanted, no two labels overlap and none leaves the bounds", () => {
  // A pseudo-random but fixed crowd.
  let seed = 7;
  const next = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const labels = Array.from({ length: 60 }, () => ({
    priority: Math.floor(next() * 4),
    places: Array.from({ length: 5 }, () => at(next() * 110, next() * 110)),
  }));
  const chosen = layOut(labels, { bounds });
  const boxes = labels.flatMap(({ places }, index) => (chosen[index] === null ? [] : [places[chosen[index]]]));
  assert.ok(boxes.length > 10);
  boxes.forEach((box, index) => {
    assert.ok(isInside(box, bounds));
    for (const other of boxes.slice(0, index)) assert.ok(!overlaps(box, other));
  });
  assert.deepEqual(layOut(labels, { bounds }), chosen, "the same again");
});

test("a line goes through a box, or past it", () => {
  const box = { left: 10, right: 20, top: 10, bottom: 20 };
  const line = (x1, y1, x2, y2) => ({ from: { x: x1, y: y1 }, to: { x: x2, y: y2 } });
  for (const [through, one] of [
    [true, line(0, 0, 30, 30)],
    [true, line(15, 0, 15, 30)],
    [true, line(12, 12, 14, 14)],
    [false, line(0, 0, 30, 5)],
    [false, line(0, 15, 9, 15)],
    [false, line(10, 0, 10, 30)],
  ])
    assert.equal(goesThrough(one, box), through);
});

test("a label is written over as few lines as can be, and over its own", () => {
  const across = (y) => ({ from: { x: 0, y }, to: { x: 100, y } });
  const at = (top) => ({ left: 10, right: 40, top, bottom: top + 10 });
  const bounds = { left: 0, right: 100, top: 0, bottom: 100 };
  const lines = [across(4), across(6), across(24)];
  assert.deepEqual(layOut([{ priority: 1, places: [at(0), at(20)] }], { lines, bounds }), [1]);
  assert.deepEqual(layOut([{ priority: 1, places: [at(20), at(40)], line: across(24) }], { lines, bounds }), [0]);
  const short = { from: { x: 5, y: 24 }, to: { x: 60, y: 24 } };
  const own = { priority: 1, places: [at(20), at(40)], line: short };
  assert.deepEqual(layOut([own], { lines: [short], bounds }), [1], "it covers at most a third of its own");
  assert.deepEqual(layOut([{ priority: 1, places: [at(0)], mayCross: 1 }], { lines, bounds }), [null]);
});

test("a place may cost as much as some lines that are covered", () => {
  const lines = [20, 22].map((y) => ({ from: { x: 0, y }, to: { x: 100, y } }));
  const places = [at(50, 20), at(50, 80)];
  const place = (costs) => layOut([{ priority: 0, places, costs }], { lines, bounds });
  assert.deepEqual([place(undefined), place([0, 1]), place([0, 3])], [[1], [1], [0]]);
  assert.deepEqual(layOut([{ priority: 0, places, costs: [0, 3] }], { taken: [at(50, 20)], bounds }), [1]);
});
