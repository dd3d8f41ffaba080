// Where messages rest while a run stands still.

import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAround, overlaps } from "../../src/stage/assets/label_layout.js";
import { along, wayBetween } from "../../src/stage/assets/layout.js";
import { isOn, restsOf } from "../../src/stage/assets/token_rest.js";

const [left, right] = [
  { x: 100, y: 200 },
  { x: 700, y: 200 },
];
const discs = [left, right].map((place) => ({ ...place, radius: 50 }));
const way = wayBetween(left, right, 48, 0);
const token = (part) => ({ at: along(way, part), way, part, wide: 90, high: 26, small: 12 });
const bounds = { left: 0, right: 800, top: 0, bottom: 400 };
const boxOf = ({ x, y, isSmall }) => boxAround({ x, y }, isSmall ? 12 : 90, isSmall ? 12 : 26);

test("one that is alone on its way rests where it is", () => {
  const [rest] = restsOf([token(0.5)], { discs, taken: [], bounds });
  const { x, y } = along(way, 0.5);
  assert.deepEqual(rest, { x, y, isSmall: false });
});

test("one that arrives rests beside its node, not on it", () => {
  const [rest] = restsOf([token(1)], { discs, taken: [], bounds });
  assert.ok(!isOn(boxOf(rest), right, 50));
  assert.ok(rest.x > 500, "and near it");
  const off = Math.min(
    ...Array.from({ length: 101 }, (_, i) =>
      Math.hypot(along(way, i / 100).x - rest.x, along(way, i / 100).y - rest.y),
    ),
  );
  assert.ok(off < 5, `it stays on its way, not ${off} beside it`);
});

test("no two rest on each other, nor on a label", () => {
  const taken = [boxAround({ x: 400, y: 170 }, 200, 30)];
  const rests = restsOf(
    Array.from({ length: 12 }, () => token(0.5)),
    { discs, taken, bounds },
  );
  const boxes = rests.flatMap((rest) => (rest ? [boxOf(rest)] : []));
  assert.equal(boxes.length, 12);
  boxes.forEach((box, index) => {
    for (const other of [...boxes.slice(0, index), ...taken]) assert.ok(!overlaps(box, other));
  });
});

test("where there is no room for words, they are left out; where there is none at all, so is the token", () => {
  const tight = { left: 380, right: 420, top: 180, bottom: 220 };
  const [first] = restsOf([token(0.5)], { discs, taken: [], bounds: tight });
  assert.equal(first.isSmall, true);
  const none = { left: 0, right: 5, top: 0, bottom: 5 };
  assert.deepEqual(restsOf([token(0.5)], { discs, taken: [], bounds: none }), [null]);
});
