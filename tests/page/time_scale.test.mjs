// The scales of time: in the diagram, and while a run plays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FOLD, Playback, TimeScale } from "../../src/stage/assets/time_scale.js";

const folded = () =>
  new TimeScale([
    { from: 0, to: 100, folded: false },
    { from: 100, to: 1_000_000, folded: true },
    { from: 1_000_000, to: 1_000_100, folded: false },
  ]);

test("time runs evenly but for folds, which have one width", () => {
  const scale = folded();
  scale.scale(2);
  assert.deepEqual(
    [0, 50, 100, 1_000_000, 1_000_100].map((at) => scale.x(at)),
    [0, 100, 200, 200 + FOLD, 400 + FOLD],
  );
  assert.equal(scale.width, 400 + FOLD);
  assert.equal(scale.busy, 200);
});

test("each place has its moment, and what is beyond the run is at its edge", () => {
  const scale = folded();
  scale.scale(2);
  for (const at of [0, 7, 99, 500_000, 1_000_050]) assert.ok(Math.abs(scale.at(scale.x(at)) - at) < 1e-6 * at + 1e-9);
  assert.deepEqual([scale.at(-50), scale.at(1e9)], [0, 1_000_100]);
  assert.deepEqual([scale.x(-5), scale.x(2e6)], [0, 400 + FOLD]);
});

test("a run that fits is as wide as it is told", () => {
  const scale = folded();
  scale.fit(1000);
  assert.ok(Math.abs(scale.width - 1000) < 1e-9);
  // Folds never squeeze everything else to nothing.
  scale.fit(20);
  assert.ok(scale.width > FOLD);
});

test("an empty course is a scale, too", () => {
  assert.ok(Number.isFinite(new TimeScale([]).x(5)));
});

const playback = (messages, ends = 10_000, stretches = [{ from: 0, to: ends, folded: false }]) =>
  new Playback({ ends, events: [{ at: 0 }], messages, timeScale: new TimeScale(stretches) });

test("a typical message takes as long as an eye needs, whatever its delay", () => {
  for (const unit of [1, 1e6]) {
    const message = { sent: 0, ends: 1000 * unit, ending: "delivered" };
    const played = playback([message, { ...message, sent: 4000 * unit, ends: 5000 * unit }], 10_000 * unit);
    assert.ok(Math.abs(played.second(1000 * unit) - 1.7) < 1e-9, String(played.second(1000 * unit)));
  }
});

test("seconds and moments lead to each other", () => {
  const played = playback([{ sent: 100, ends: 900, ending: "delivered" }]);
  for (const at of [0, 100, 333, 900, 10_000]) assert.ok(Math.abs(played.at(played.second(at)) - at) < 1e-6);
  assert.equal(played.at(-1), 0);
  assert.equal(played.at(1e6), 10_000);
});

test("a run takes from 3 seconds to 4 minutes", () => {
  assert.ok(Math.abs(playback([{ sent: 0, ends: 10, ending: "delivered" }], 10).length - 3) < 1e-9);
  const many = Array.from({ length: 1000 }, (_, i) => ({ sent: i * 1000, ends: i * 1000 + 1000, ending: "delivered" }));
  assert.ok(Math.abs(playback(many, 1_000_000).length - 240) < 1e-6);
});

test("what is withheld has no way, and says nothing of how long messages take", () => {
  const withheld = { sent: 0, ends: 1, ending: "withheld" };
  const sent = { sent: 0, ends: 1000, ending: "delivered" };
  assert.equal(playback([withheld, withheld, sent]).second(1000), playback([sent]).second(1000));
});
