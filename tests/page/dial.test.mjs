// What the dials of clocks give away, and when.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isToScale } from "../../src/stage/assets/dial.js";

test("as long as the room is asked, hands only show which way", () => {
  const asked = (...moments) => ({ questions: moments.map((at) => ({ at })) });
  assert.deepEqual([isToScale(asked(null), 0), isToScale(asked(null), 1)], [false, true]);
  assert.deepEqual([isToScale(asked(null, 40), 40), isToScale(asked(null, 40), 41)], [false, true]);
  assert.equal(isToScale(asked(), 0), true);
});
