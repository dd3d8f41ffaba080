// What is told at a stop, cut into pages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pagesOf } from "../../src/stage/assets/pages.js";

/** Parts are lengths; a page has room for 10, and for 6 at leisure. */
const cut = (groups) =>
  pagesOf(
    groups.map(([chapter, ...parts]) => ({ parts, chapter, isKnown: false })),
    (parts, isLeisure) => parts.reduce((sum, part) => sum + part, 0) <= (isLeisure ? 6 : 10),
  );

test("what fits is on one page", () => {
  assert.deepEqual(
    cut([
      [0, 3, 3],
      [0, 4],
    ]),
    [[3, 3, 4]],
  );
  assert.deepEqual(cut([]), []);
});

test("a group is whole where a page can hold it, and cut where none can", () => {
  assert.deepEqual(
    cut([
      [0, 5],
      [0, 4, 4],
    ]),
    [[5], [4, 4]],
  );
  assert.deepEqual(
    cut([
      [0, 5],
      [0, 4, 4, 4],
    ]),
    [[5], [4, 4], [4]],
  );
  assert.deepEqual(cut([[0, 12, 1]]), [[12], [1]], "what no page can hold has one for itself");
});

test("a chapter begins a page, and its groups share one at leisure", () => {
  assert.deepEqual(
    cut([
      [0, 1],
      [1, 2],
      [1, 4],
      [2, 5],
      [2, 2],
    ]),
    [[1], [2, 4], [5], [2]],
  );
});

test("what was told before is told again where there is room", () => {
  const known = (room) =>
    pagesOf(
      [
        { parts: ["beat"], chapter: 0, isKnown: false },
        { parts: ["answer"], chapter: 0, isKnown: true },
        { parts: ["lesson"], chapter: 2, isKnown: false },
      ],
      (parts) => parts.length <= room,
    );
  assert.deepEqual(known(2), [["beat", "answer"], ["lesson"]]);
  assert.deepEqual(known(1), [["beat"], ["lesson"]]);
});
