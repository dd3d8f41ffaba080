// What a search found, beside what the scenario does by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwn } from "../../src/stage/assets/worst_case.js";

test("what the scenario does already is known again, in whatever order it is told", () => {
  assert.ok(isOwn(["a:b:1=lose", "b@sent:1.crash=no"], ["b@sent:1.crash=no", "a:b:1=lose"]));
  assert.ok(!isOwn(["a:b:1=lose"], ["a:b:2=lose"]));
  assert.ok(!isOwn(["a:b:1=lose"], ["a:b:1=lose", "a:b:2=lose"]));
  assert.ok(!isOwn([], []), "a scenario of which nothing was left out");
});
