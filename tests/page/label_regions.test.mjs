// The rooms of labels in the field.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isInside, overlaps } from "../../src/stage/assets/label_layout.js";
import { regionsOf } from "../../src/stage/assets/label_regions.js";
import { measuresOf, placesOf } from "../../src/stage/assets/layout.js";

const ring = (count) =>
  Array.from({ length: count }, (_, i) => {
    const angle = (-2 * Math.PI * i) / count - Math.PI / 2;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
const row = (count) => Array.from({ length: count }, (_, i) => ({ x: (2 * i) / Math.max(1, count - 1) - 1, y: 0 }));

test("no room covers a node or another room, and none leaves the field", () => {
  for (const [width, height] of [
    [390, 230],
    [900, 360],
    [1250, 620],
  ]) {
    for (const [layout, nodes] of [
      ...[2, 3, 4, 5, 6, 7].map((count) => ["ring", ring(count)]),
      ...[2, 3, 4, 5].map((count) => ["row", row(count)]),
    ]) {
      const what = `${layout} of ${nodes.length} in ${width} by ${height}`;
      const measures = measuresOf(nodes.length, width, height);
      const places = placesOf({ layout, nodes }, measures);
      const wanted = places.map((place) => ({ ...place, wide: measures.unit * 12, high: measures.unit * 7 }));
      const rooms = regionsOf(wanted, measures).filter((room) => room.right > room.left && room.bottom > room.top);
      const field = { left: 0, right: width, top: 0, bottom: height };
      rooms.forEach((room, index) => {
        assert.ok(isInside(room, field), `${what}: ${JSON.stringify(room)}`);
        for (const other of rooms.slice(0, index)) assert.ok(!overlaps(room, other), what);
        for (const { x, y } of places) {
          const r = measures.radius * 0.7;
          assert.ok(!overlaps(room, { left: x - r, right: x + r, top: y - r, bottom: y + r }), what);
        }
      });
    }
  }
});

test("a label that has all the room that it wants keeps it", () => {
  const measures = measuresOf(2, 1200, 500);
  const places = placesOf({ layout: "row", nodes: row(2) }, measures);
  const [room] = regionsOf(
    places.map((place) => ({ ...place, wide: 120, high: 60 })),
    measures,
  );
  assert.ok(Math.abs(room.right - room.left - 120) < 1e-9 && Math.abs(room.bottom - room.top - 60) < 1e-9);
});

test("names below nodes side by side stay at their nodes, though one is a little lower", () => {
  const measures = measuresOf(4, 840, 450);
  const { unit, radius } = measures;
  const below = (x, y) => ({ x, y, side: "below", wide: unit * 16, high: unit * 7 });
  const nodes = [below(250, 230), below(420, 290), below(590, 230)];
  for (const [index, { top, left, right }] of regionsOf(nodes, measures).entries()) {
    const { x, y } = nodes[index];
    assert.ok(top < y + radius + unit, `the room of node ${index} begins at ${top}`);
    assert.ok(x - left > unit * 3 && right - x > unit * 3);
  }
});

test("two labels side by side part midway between their nodes, though one wants more", () => {
  const measures = measuresOf(4, 390, 370, 14);
  const below = (x, y, wide) => ({ x, y, side: "below", wide, high: 60 });
  const [left, right] = regionsOf([below(66, 200, 125), below(195, 230, 224)], measures);
  assert.ok(left.right - left.left > 120 && right.right - right.left > 120, JSON.stringify([left, right]));
});
