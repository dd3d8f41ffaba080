// The cells of a wall of seeds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Cells, gridOf, share } from "../../src/stage/assets/wall_cells.js";

function filled() {
  const cells = new Cells("18446744073709551600", 6, ["agreement", "validity"]);
  cells.meet(["violated", "holds"]);
  cells.add("aa");
  cells.meet(["holds", "holds"]);
  cells.meet(["unknown", "violated"]);
  cells.add("bca");
  return cells;
}

test("each cell knows its seed and its outcome", () => {
  const cells = filled();
  assert.equal(cells.count, 5);
  assert.equal(cells.seed(4), "18446744073709551604");
  const words = [0, 1, 2, 3, 4].map((cell) => cells.words(cells.outcome(cell)));
  const violated = "agreement violated";
  assert.deepEqual(words, [violated, violated, "all holds", "validity violated, agreement unknown", violated]);
  cells.meet([]);
  assert.equal(cells.words(cells.outcomes[3]), "something else");
});

test("cells settle by outcome: what is well first, then what is most", () => {
  const cells = filled();
  assert.deepEqual(
    cells.ranked().map(({ number, count }) => [number, count]),
    [
      [1, 1],
      [0, 3],
      [2, 1],
    ],
  );
  assert.deepEqual([...cells.settled()], [1, 2, 0, 4, 3]);
});

test("more letters than there are seeds are left", () => {
  const cells = filled();
  cells.add("aaa");
  assert.deepEqual([cells.count, cells.outcomes[0].count], [6, 4]);
});

test("a share is told in words", () => {
  assert.equal(share(590, 10_000), "590 of 10,000 runs: 5.9 %, about one in 17");
  assert.equal(share(8, 10_000), "8 of 10,000 runs: 0.08 %, about one in 1,250");
  assert.equal(share(9_999, 10_000), "9,999 of 10,000 runs: 99.99 %");
  assert.equal(share(9_410, 10_000), "9,410 of 10,000 runs: 94 %");
  assert.equal(share(10_000, 10_000), "all 10,000 runs");
  assert.equal(share(1, 1), "the only run");
});

test("all cells fit the room, as large as they can be", () => {
  for (const [count, width, height] of [
    [10_000, 1170, 480],
    [10_000, 340, 400],
    [7, 300, 100],
    [1, 50, 50],
    [10_000, 60, 60],
  ]) {
    const { columns, size } = gridOf(count, width, height);
    assert.ok(columns * size <= width, `${count} in ${width}`);
    assert.ok(size === 1 || Math.ceil(count / columns) * size <= height, `${count} in ${height}`);
    const larger = size + 1;
    const rows = Math.ceil(count / Math.max(1, Math.floor(width / larger)));
    assert.ok(rows * larger > height || larger > width, `${count} could be larger`);
  }
});
