// How field and diagram share the height.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagramHeight, diagramShare, fieldHeight } from "../../src/stage/assets/split.js";

const held = (more) => ({ layout: "ring", nodes: 3, messages: 4, least: 12, unit: 1, width: 900, ...more });
const share = (whole, more) => diagramShare(whole, fieldHeight(held(more)), diagramHeight(held(more)));

test("two lanes get less than nine", () => {
  assert.ok(share(600, { nodes: 2 }) < 0.35 * 600);
  assert.ok(share(600, { nodes: 9 }) > share(600, { nodes: 3 }) * 1.3);
});

test("a flat field leaves more to the diagram", () => {
  assert.ok(share(560, { layout: "row", nodes: 5 }) > share(560, { layout: "ring", nodes: 5 }));
});

test("both have something, however little there is", () => {
  for (const nodes of [1, 2, 5, 12, 40, 200]) {
    for (const whole of [120, 200, 300, 600, 1000]) {
      const diagram = share(whole, { nodes });
      assert.ok(diagram > whole * 0.12 && diagram <= whole * 0.75, `${nodes} nodes in ${whole}: ${diagram}`);
    }
  }
});

test("more height is never less for either", () => {
  for (let whole = 100; whole < 1200; whole += 20) {
    const [less, more] = [share(whole, { nodes: 5 }), share(whole + 20, { nodes: 5 })];
    assert.ok(more >= less && whole + 20 - more >= whole - less - 1e-9, `${whole}`);
  }
});
