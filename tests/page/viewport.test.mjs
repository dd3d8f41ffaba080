// The part of a run that the diagram shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TimeScale } from "../../src/stage/assets/time_scale.js";
import { Viewport } from "../../src/stage/assets/viewport.js";

const viewport = (lengths = []) => {
  const made = new Viewport(new TimeScale([{ from: 0, to: 1000, folded: false }]));
  made.resize(800, lengths);
  return made;
};

test("at first the whole run shows, with room for the last labels", () => {
  const { zoom, scroll, whole, width } = viewport();
  assert.deepEqual([zoom, scroll], [1, 0]);
  assert.ok(whole <= width * 0.87 + 1e-9);
});

test("where there are many messages a typical one has room", () => {
  const made = viewport(Array.from({ length: 50 }, () => 2));
  assert.ok(Math.abs(made.x(2) - made.x(0) - 44) < 1e-6);
});

test("zooming keeps the moment under the pointer in its place", () => {
  const made = viewport();
  const at = made.at(made.scroll + 300);
  made.zoomBy(8, 300);
  assert.ok(Math.abs(made.x(at) - made.scroll - 300) < 0.01);
  made.zoomBy(0, 300);
  assert.deepEqual([made.zoom, made.scroll], [1, 0]);
  made.zoomBy(0.1, 300);
  assert.equal(made.zoom, 1, "no farther than the whole run");
});

test("it scrolls no farther than the run reaches", () => {
  const made = viewport();
  made.zoomBy(4, 0);
  made.scrollTo(-50);
  assert.equal(made.scroll, 0);
  made.scrollTo(1e9);
  assert.ok(Math.abs(made.whole - made.scroll - made.width * 0.87) < 0.01);
});

test("the playhead keeps its place while it is followed", () => {
  const made = viewport();
  made.zoomBy(10, 0);
  made.follow(500);
  assert.ok(Math.abs(made.x(500) - made.scroll - 800 * 0.68) < 0.01);
});

test("what is drawn reaches beyond what shows, on both sides", () => {
  const made = viewport();
  made.zoomBy(20, 0);
  for (let scroll = 0; scroll < made.whole - made.width; scroll += 123) {
    made.scrollTo(scroll);
    const { origin, end } = made.drawn;
    assert.ok(origin <= Math.max(0, made.scroll - 1) && end >= made.scroll + made.width, `${scroll}`);
  }
});
