// The size of the smallest text in field and diagram.

import assert from "node:assert/strict";
import { test } from "node:test";
import { leastType } from "../../src/stage/assets/type_size.js";

test("a phone is the audience's seat: nothing on it is smaller than 14 pixels", () => {
  for (const isPresenting of [false, true]) assert.equal(leastType({ width: 390, height: 844 }, isPresenting), 14);
  assert.equal(leastType({ width: 1280, height: 720 }, false), 12);
  assert.equal(leastType({ width: 1280, height: 720 }, true), 16);
  assert.equal(leastType({ width: 1920, height: 1080 }, true), 24);
});
