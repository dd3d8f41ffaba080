// A run that plays by itself within another page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isFilm, standing } from "../../src/stage/assets/film.js";

test("no page is a film unless another one asks for it", () => assert.equal(isFilm, false));

test("what is told stands for as long as its words take", () => {
  assert.ok(standing(["one two"]) > 1500);
  assert.equal(
    standing(["one two three"]) - standing(["one two"]),
    standing(["four words are here"]) - standing(["three words here"]),
  );
  assert.equal(standing([]), standing([" "]));
});
