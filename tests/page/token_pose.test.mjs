// Where a message on its way is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { poseOf } from "../../src/stage/assets/token_pose.js";

const WAY = { a: { x: 0, y: 0 }, c: { x: 50, y: 0 }, b: { x: 100, y: 0 }, length: 100 };
const pose = (ending, at) => poseOf({ sent: 0, ends: 100, ending }, WAY, at, 40);

test("a message goes from its node to the other, and is smaller at both", () => {
  assert.deepEqual(
    [0, 50, 100].map((at) => pose("delivered", at).x),
    [0, 50, 100],
  );
  const sizes = [0, 50, 100].map((at) => pose("delivered", at).size);
  assert.deepEqual([sizes[0], sizes[1], sizes[2]], [0.6, 1, 0.6]);
});

test("a lost one falls from the middle of its way, and fades", () => {
  const [before, after, end] = [49, 75, 100].map((at) => pose("lost", at));
  assert.deepEqual([before.isGone, before.y, after.isGone], [false, 0, true]);
  assert.ok(after.y > 0 && after.opacity < 1 && after.x < 60);
  assert.ok(Math.abs(end.y - 40) < 1e-9 && Math.abs(end.opacity) < 1e-9);
});

test("a partition stops it before the middle", () => {
  assert.ok(pose("cut", 100).x < 50);
  assert.ok(pose("cut", 90).isGone && !pose("cut", 70).isGone);
});

test("one that reaches a crashed node, or is damaged, ends at its end", () => {
  for (const ending of ["to-crashed", "corrupted"]) {
    assert.equal(pose(ending, 50).isGone, false);
    assert.ok(pose(ending, 95).isGone && pose(ending, 99).opacity < 0.2);
  }
  assert.ok(pose("corrupted", 99).turn > 0);
  assert.equal(pose("to-crashed", 99).turn, 0);
});

test("one that takes no time is there at once", () => {
  assert.equal(poseOf({ sent: 5, ends: 5, ending: "delivered" }, WAY, 5, 40).x, 100);
});
