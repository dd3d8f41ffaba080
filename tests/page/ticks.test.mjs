// The axis of the diagram, the scale of charts and dials, and other numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countNumbersUpTo, countUpTo } from "../../src/stage/assets/binary_search.js";
import { ends, niceAbove, partsOf } from "../../src/stage/assets/chart.js";
import { onDial, scaleOf } from "../../src/stage/assets/dial.js";
import { percent } from "../../src/stage/assets/odds.js";
import { nextSeed } from "../../src/stage/assets/seed_search.js";
import { shellQuoted } from "../../src/stage/assets/shell_quoted.js";
import { gapWords, tickLabel, tickStep } from "../../src/stage/assets/ticks.js";
import { roundDelay } from "../../src/stage/assets/what_if.js";

test("steps are 1, 2 or 5 times a power of ten, and whole minutes and hours", () => {
  for (const [ns, step] of [
    [0.3, 1],
    [1, 1],
    [3, 5],
    [6, 10],
    [11e6, 20e6],
    [30e9, 50e9],
    [31e9, 60e9],
    [61e9, 300e9],
    [4000e9, 7200e9],
    [90000e9, 100000e9],
  ])
    assert.equal(tickStep(ns), step, String(ns));
});

test("ticks can be told apart", () => {
  assert.equal(tickLabel(0, 10), "0");
  assert.equal(tickLabel(20e6, 10e6), "20 ms");
  const [one, other] = [1_000_200_000, 1_000_400_000].map((at) => tickLabel(at, 200_000));
  assert.notEqual(one, other);
});

test("the scale of rates ends at a round number that is enough", () => {
  for (const [value, nice] of [
    [0.01, 0.01],
    [0.011, 0.02],
    [0.3, 0.5],
    [0.51, 1],
    [1, 1],
  ])
    assert.ok(Math.abs(niceAbove(value) - nice) < 1e-12, String(value));
});

test("the vertical axis has zero, all intervals and all of theory, and a share ends at 1", () => {
  const line = (low, high, ...theory) => ({ points: [{ low, high }], theory: [theory.map((value) => [0, value])] });
  assert.deepEqual(ends({ series: [line(0.1, 0.2), line(0, 0.01, 0.3)], is_rate: true }), [0, 0.5]);
  assert.deepEqual(ends({ series: [line(0.9, 1)], is_rate: true }), [0, 1]);
  assert.deepEqual(ends({ series: [line(-3, 12)], is_rate: false }), [-5, 20]);
});

test("percent, with a decimal where it is small", () => {
  assert.deepEqual([0, 0.004, 0.05, 0.5, 1].map(percent), ["0 %", "0.4 %", "5.0 %", "50 %", "100 %"]);
});

test("the dial is linear, up to a round number that all clocks share", () => {
  const scale = (...clocks) => scaleOf({ show: { clocks: clocks.map((error) => [[0, error, -error]]) } });
  assert.equal(scale(9, 3), 10);
  assert.equal(scale(2e9, 1.2e9), 2e9);
  assert.deepEqual(
    [0, 5, -10, 70].map((error) => onDial(error, 10)),
    [0, 0.5, -1, 1],
  );
  assert.equal(scale(3600e9, 3e6, 1e6), 3e6, "one that is far off is beyond the scale, so that the others show");
  assert.equal(scale(5e9, 0, 0), 5e9, "but not where the others are right");
  assert.equal(scaleOf({ show: { clocks: null } }), 1);
});

test("delays to one digit, as scenarios write them", () => {
  const delays = [0, 1, 44, 999, 44_000_000, 1_600_000_000, 26e9].map(roundDelay);
  assert.deepEqual(delays, ["1ns", "1ns", "40ns", "1000ns", "40ms", "2s", "30s"]);
});

test("seeds are whole beyond what numbers are exact for", () => {
  assert.equal(nextSeed("9"), "10");
  assert.equal(nextSeed("18446744073709551614"), "18446744073709551615");
});

test("words as a shell reads them", () => {
  assert.deepEqual(["network.loss=0..1/0.1", "a b", "it's"].map(shellQuoted), [
    "network.loss=0..1/0.1",
    "'a b'",
    "'it'\\''s'",
  ]);
});

test("how many are at most so much", () => {
  for (let value = -1; value < 8; value++) {
    const list = [0, 1, 1, 3, 5, 5, 5];
    assert.equal(countNumbersUpTo(list, value), list.filter((entry) => entry <= value).length);
  }
  assert.equal(
    countUpTo([], 5, (entry) => entry),
    0,
  );
  assert.equal(
    countUpTo([{ at: 1 }, { at: 2 }], 1, (entry) => entry.at),
    1,
  );
});

test("a gap says that time passes, as no tick does", () => {
  assert.deepEqual([12e9, 1e9, 1.5e9, 490e6].map(gapWords), ["12 s pass", "1 s passes", "1.5 s pass", "490 ms pass"]);
});

test("the ends of the parts of an axis are round", () => {
  for (const [high, parts] of [
    [1, 4],
    [0.2, 4],
    [0.25, 5],
    [0.5, 5],
    [2.5, 5],
    [50, 5],
    [10, 4],
  ])
    assert.equal(partsOf(0, high), parts, String(high));
  assert.equal(partsOf(-5, 5), 4, "zero is between");
});
