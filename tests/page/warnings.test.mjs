// Which warnings a changed run shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { warningsOf } from "../../src/stage/assets/warnings.js";

const LOST = "`bob:alice:2=lose` changed nothing: bob:alice:2 never came up in this run";
const OTHER = "the row `crash` changed nothing: the node was down";
const of = (order) => warningsOf({ order: { set: [], force: [], ...order }, show: { warnings: [LOST, OTHER] } });

test("in the scenario's own run everything is said", () => {
  assert.deepEqual(of({}), [LOST, OTHER]);
});

test("in a changed run, what the scenario itself forces is nobody's mistake", () => {
  assert.deepEqual(of({ force: [["alice:bob:1", "lose"]] }), [OTHER]);
  assert.deepEqual(of({ set: [["network.loss", "1"]] }), [OTHER]);
  assert.deepEqual(of({ force: [["bob:alice:2", "lose"]] }), [LOST, OTHER], "but what was forced by hand is");
});
