// The lanes of the diagram and their names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { laneLayout } from "../../src/stage/assets/lane_layout.js";

const nodes = (count, role = "replica") => Array.from({ length: count }, (_, i) => ({ name: `n${i}`, role }));

test("where there is room, each lane has its name", () => {
  const { lanes, names, isFolded } = laneLayout(nodes(5), 20, 220);
  assert.equal(isFolded, false);
  assert.deepEqual(
    names.map(({ words }) => words),
    ["n0", "n1", "n2", "n3", "n4"],
  );
  assert.ok(lanes[0] > 20 && lanes[4] < 220);
});

test("where there is not, lanes are folded by role, with a count", () => {
  const { lanes, names, font, isFolded } = laneLayout([...nodes(1, "master"), ...nodes(30, "follower")], 20, 220);
  assert.equal(isFolded, true);
  assert.deepEqual(
    names.map(({ words, nodes }) => [words, nodes.length]),
    [
      ["n0", 1],
      ["follower ×30", 30],
    ],
  );
  for (let i = 1; i < lanes.length; i++) assert.ok(lanes[i] > lanes[i - 1]);
  assert.ok(lanes[0] > 20 && lanes[30] < 220);
  assert.ok(names[1].y - names[0].y >= font * 1.2, "names do not touch");
});
