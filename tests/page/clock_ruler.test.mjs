// The ruler on which all clocks are at once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { onRuler } from "../../src/stage/assets/clock_ruler.js";
import { scaleOf } from "../../src/stage/assets/dial.js";

const ms = (value) => value * 1e6;

test("the ruler goes from the clock farthest behind to the one farthest ahead, wherever true time is", () => {
  const { low, high, marks } = onRuler([ms(50.7), ms(43.7), ms(50.2)]);
  assert.deepEqual([low, high], [ms(43.7), ms(50.7)]);
  assert.deepEqual(
    marks.map(({ part, off }) => [Math.round(part * 100), off]),
    [
      [100, 0],
      [0, 0],
      [93, 0],
    ],
  );
});

test("one clock that is very far away is off the ruler, and the others fill it", () => {
  const { low, high, marks } = onRuler([0, ms(60), ms(-40), ms(3.6e6)]);
  assert.deepEqual([low, high], [ms(-40), ms(60)]);
  assert.deepEqual(
    marks.map(({ off }) => off),
    [0, 0, 0, 1],
  );
  assert.equal(onRuler([ms(-3.6e6), 0, ms(60)]).marks[0].off, -1);
  // Of two clocks, neither is the odd one.
  assert.deepEqual(onRuler([0, ms(3.6e6)]).high, ms(3.6e6));
});

test("clocks that show the same stand in the middle, and one alone is not apart", () => {
  const { low, high, marks } = onRuler([ms(5), ms(5)]);
  assert.deepEqual([low, high, marks[0].part, marks[1].part], [ms(5), ms(5), 0.5, 0.5]);
  assert.equal(onRuler([ms(5)]), null);
});

test("the end of the dials' scale is a round number that leaves little of the dial unused", () => {
  const scale = (...errors) => scaleOf({ show: { clocks: errors.map((error) => [[0, error, error]]) } });
  for (const [largest, end] of [
    [ms(50.683), ms(60)],
    [ms(250), ms(250)],
    [ms(10.5), ms(15)],
    [ms(9.1), ms(10)],
    [2700e9, 3600e9],
    [3, 3],
  ])
    assert.equal(scale(largest, largest), end, String(largest));
});
