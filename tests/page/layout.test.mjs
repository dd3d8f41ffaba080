// Where nodes and messages are in the field.

import assert from "node:assert/strict";
import { test } from "node:test";
import { along, measuresOf, placesOf, wayBetween } from "../../src/stage/assets/layout.js";

const ring = (count) =>
  Array.from({ length: count }, (_, i) => {
    const angle = (-2 * Math.PI * i) / count - Math.PI / 2;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });

const SIZES = [
  [390, 400],
  [640, 480],
  [1280, 420],
  [1920, 800],
];

test("every node is inside the field, and none is on another", () => {
  for (const [width, height] of SIZES) {
    for (const layout of ["ring", "star", "rows"]) {
      for (let count = 2; count <= 12; count++) {
        const measures = measuresOf(count, width, height);
        const places = placesOf({ layout, nodes: ring(count) }, measures);
        const what = `${layout} of ${count} in ${width} by ${height}`;
        places.forEach(({ x, y }, i) => {
          assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, `${what}: ${x} ${y}`);
          for (const other of places.slice(0, i)) assert.ok(Math.hypot(other.x - x, other.y - y) > 1, what);
        });
      }
    }
  }
});

test("labels are on the side where there is room", () => {
  const sides = (layout, nodes, width, height) =>
    placesOf({ layout, nodes }, measuresOf(nodes.length, width, height)).map(({ side }) => side);
  const row = [-1, 0, 1].map((x) => ({ x, y: 0 }));
  assert.deepEqual(sides("row", row, 1920, 800), ["below", "below", "below"]);
  assert.deepEqual(sides("ring", ring(4), 1920, 800), ["right", "left", "right", "right"]);
  assert.deepEqual(sides("ring", ring(4), 390, 400), ["above", "left", "below", "right"]);
  // In a narrow field, the links of an upper node are below it: its label is not.
  assert.deepEqual(sides("ring", ring(3), 390, 370), ["right", "below", "below"]);
  const rows = [-1, 1].flatMap((y) => [-1, 1].map((x) => ({ x, y })));
  assert.deepEqual(sides("rows", rows, 390, 370), ["above", "above", "below", "below"]);
  const star = [{ x: 0, y: -1 }, ...[-1, 0, 1].map((x) => ({ x, y: 1 - 0.55 * x * x }))];
  assert.deepEqual(sides("star", star, 390, 370), ["right", "below", "below", "below"]);
  const fan = [
    { x: -1, y: -1 },
    { x: 1, y: -1 },
    { x: 0, y: 1 },
  ];
  assert.deepEqual(sides("fan", fan, 1920, 800), ["above", "above", "right"]);
});

test("everything stays legible, and grows with the field", () => {
  const small = measuresOf(3, 320, 200);
  const large = measuresOf(3, 1920, 1080);
  assert.equal(small.unit, 12);
  assert.equal(measuresOf(3, 320, 200, 24).unit, 24, "no text is smaller than the last row needs");
  assert.ok(large.unit > small.unit && large.unit <= 30 && large.radius > small.radius);
  assert.ok(measuresOf(11, 1920, 1080).crowded && !measuresOf(10, 1920, 1080).crowded);
});

test("on a phone, links have room between nodes, and labels as much on both sides of their nodes", () => {
  const [width, height] = [390, 370];
  const row = [-1, 1].map((x) => ({ x, y: 0 }));
  const rows = [-1, 1].flatMap((y) => row.map(({ x }) => ({ x, y })));
  for (const [layout, nodes] of [
    ["row", row],
    ["hills", row],
    ["rows", rows],
    ["ring", ring(3)],
  ]) {
    const { radius, unit, ...measures } = measuresOf(nodes.length, width, height, 14);
    const places = placesOf({ layout, nodes }, { radius, unit, ...measures });
    const [one, other] = places.slice(-2);
    const gap = Math.hypot(one.x - other.x, one.y - other.y) - 2 * radius;
    assert.ok(gap > unit * 8, `${layout}: ${gap} pixels between two nodes`);
    for (const { x, side } of places.filter(({ side }) => side === "below"))
      assert.ok(Math.min(x, width - x) > width / 4 - 1, `${layout}: ${side} ${x}`);
  }
});

test("two rows of nodes are apart in the low halves of two runs, too", () => {
  const rows = [-1, 1].flatMap((y) => [-1, 1].map((x) => ({ x, y })));
  for (const [width, height, least] of [
    [626, 270, 16],
    [390, 320, 14],
    [390, 371, 14],
    [390, 250, 14],
  ]) {
    const measures = measuresOf(4, width, height, least);
    const [upper, , lower] = placesOf({ layout: "rows", nodes: rows }, measures);
    const gap = lower.y - upper.y - 2 * measures.radius;
    assert.ok(gap > measures.unit, `${width} by ${height}: ${gap} pixels`);
  }
});

test("a way leads from rim to rim, and bends to its own side", () => {
  const [from, to] = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  const straight = wayBetween(from, to, 10, 0);
  assert.deepEqual(
    [straight.a, straight.b],
    [
      { x: 13, y: 0 },
      { x: 87, y: -0 },
    ].map(({ x, y }) => ({ x, y: y + 0 })),
  );
  assert.deepEqual(along(straight, 0), straight.a);
  assert.deepEqual(along(straight, 1), straight.b);
  const there = along(wayBetween(from, to, 10, 20), 0.5);
  const back = along(wayBetween(to, from, 10, 20), 0.5);
  assert.ok(there.y < -5 && back.y > 5, "there and back are apart");
  assert.ok(Number.isFinite(wayBetween(from, from, 10, 5).a.x), "also where both are one");
});
