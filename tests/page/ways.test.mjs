// The ways of messages in the field.

import assert from "node:assert/strict";
import { test } from "node:test";
import { along, measuresOf, placesOf } from "../../src/stage/assets/layout.js";
import { strandsOf, Ways } from "../../src/stage/assets/ways.js";

const spread = (count, y) => Array.from({ length: count }, (_, i) => ({ x: (2 * i) / (count - 1) - 1, y }));

test("no way leads through a node between its two", () => {
  for (const [layout, nodes] of [
    ["row", spread(5, 0)],
    ["rows", [...spread(3, -1), ...spread(3, 1)]],
    ["ring", [...spread(3, -1), ...spread(3, 0), ...spread(3, 1)]],
  ]) {
    for (const [width, height] of [
      [900, 340],
      [1250, 620],
    ]) {
      const measures = measuresOf(nodes.length, width, height);
      const places = placesOf({ layout, nodes }, measures);
      const ways = new Ways([], places, measures, true);
      for (const from of places.keys()) {
        for (const to of places.keys()) {
          if (from === to) continue;
          const way = ways.between(from, to);
          for (let part = 0; part <= 1; part += 0.02) {
            const { x, y } = along(way, part);
            for (const [index, place] of places.entries()) {
              if (index === from || index === to) continue;
              const distance = Math.hypot(place.x - x, place.y - y);
              assert.ok(distance > measures.radius, `${layout} ${width}: ${from} to ${to} through ${index}`);
            }
          }
        }
      }
    }
  }
});

test("a way with nothing between is as straight as it was", () => {
  const measures = measuresOf(3, 900, 400);
  const places = placesOf({ layout: "row", nodes: spread(3, 0) }, measures);
  assert.equal(new Ways([], places, measures, true).detour(0, 1), 0);
  assert.notEqual(new Ways([], places, measures, true).detour(0, 2), 0);
});

test("no two messages are on one strand of a link at a time", () => {
  const messages = [
    { from: 0, to: 1, sent: 0, ends: 10 },
    { from: 0, to: 1, sent: 5, ends: 15 },
    { from: 1, to: 0, sent: 6, ends: 9 },
    { from: 0, to: 1, sent: 10, ends: 20 },
    { from: 0, to: 1, sent: 12, ends: 12 },
  ];
  const { strands, counts } = strandsOf(messages);
  assert.deepEqual(strands, [0, 1, 0, 0, 2]);
  assert.deepEqual([...counts.values()], [3, 1]);
});
