// How a run is played from stop to stop: quick presses lose none, and nobody waits for what is to come.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Player } from "../../src/stage/assets/player.js";
import { Run } from "../../src/stage/assets/run.js";
import { answer } from "./support.mjs";

const EVENTS = [1, 5000, 5010, 5020, 5030].map((at) => ({ at, what: "output", node: 0, name: "effect", value: 1 }));

const real = globalThis.requestAnimationFrame;
afterEach(() => {
  globalThis.requestAnimationFrame = real;
});

/** A player of these events, whose frames are drawn by hand: `draw` takes a moment in milliseconds. */
function played() {
  const frames = [];
  globalThis.requestAnimationFrame = (frame) => frames.push(frame);
  const player = new Player();
  player.open(new Run(answer({ events: EVENTS.map((event) => ({ ...event })), ends: 6000 })));
  const draw = (now) => frames.splice(0).map((frame) => frame(now));
  return { player, draw };
}

test("each of several quick presses makes a stop", () => {
  const { player } = played();
  assert.ok(player.run.stops.length > 4);
  for (let i = 0; i < 4; i++) assert.ok(player.next());
  assert.ok(player.glide, "the last one is shown as it happens");
  player.arrive();
  assert.equal(player.stop, 4);
});

test("before the first thing of a step there is at most a short wait", () => {
  const { player, draw } = played();
  player.next();
  player.arrive();
  const from = player.run.playback.second(player.at);
  player.next();
  const { glide } = player;
  assert.ok(player.run.playback.second(5000) - from > 0.5, "there is a pause in the run");
  const first = Math.min(player.run.playback.second(5000), glide.to);
  assert.ok(first - glide.from <= 0.4 + 1e-9, `${first - glide.from} s`);
  draw(0);
  draw(glide.wanted * 1000 + 1);
  assert.equal(player.at, 5000);
});
