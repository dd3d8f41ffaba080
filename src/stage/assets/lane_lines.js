// @ts-check
// Lines along the lanes of the diagram, to scale, that share its playhead: how far each clock is from
// true time. A lane is where the value is zero. Others may follow: whatever has a value for a node
// over time is a `LaneLine`.

/** @import { Corner } from "../wire.d.ts" */
/** @import { Run } from "./run.js" */
/** @import { Scene, Sizes } from "./scene.js" */

import { countUpTo } from "./binary_search.js";
import { onDial, scaleOf } from "./dial.js";
import { s } from "./dom.js";
import { width } from "./text.js";
import { AXIS } from "./ticks.js";
import { span } from "./words.js";

/** How far from its lane a line may be, as a part of the distance of lanes. */
const ROOM = 0.36;
const SIZE = 13;

/**
 * A value of a node over time: a moment, and the value before and after it, straight between. It is
 * drawn up to `most` on both sides of the lane, and held there beyond.
 *
 * @typedef {{ node: number, corners: readonly Corner[], most: number, look: string }} LaneLine
 */

/**
 * @param {Run} run
 * @returns {LaneLine[]}
 */
function linesOf(run) {
  const most = scaleOf(run);
  return (run.show.clocks ?? []).map((corners, node) => ({ node, corners, most, look: "clock-course" }));
}

/** @param {Scene} scene */
export function drawLaneLines(scene) {
  return linesOf(scene.run).map((line) => drawLine(scene, line));
}

/**
 * Draws a line along a lane: above it where the value is above zero.
 *
 * @param {Scene} scene
 * @param {LaneLine} line
 */
function drawLine({ sizes, x, window }, { node, corners, most, look }) {
  const [y, room] = [sizes.lane(node), sizes.gap * ROOM];
  /** @type {(value: number) => string} */
  const up = (value) => (y - room * onDial(value, most)).toFixed(1);
  const first = Math.max(0, countUpTo(corners, window.from, (corner) => corner[0]) - 1);
  let d = "";
  for (let i = first; i < corners.length; i++) {
    const [at, before, after] = corners[i];
    const place = x(at).toFixed(1);
    d += d ? `L${place} ${up(before)}L${place} ${up(after)}` : `M${place} ${up(after)}`;
    if (at > window.to) break;
  }
  return s("path", { class: look, d });
}

/**
 * Returns the words of the scale of the lines: what they show, and what is at the guides; none where
 * there are no lines.
 *
 * @param {Run} run
 */
export function wordsOfScale(run) {
  return run.show.clocks ? ["clock off by", `±${span(scaleOf(run), 3)}`] : [];
}

/**
 * Returns the width that the words of the scale take before the lanes.
 *
 * @param {Run} run
 */
export function widthOfScale(run) {
  return Math.max(0, ...wordsOfScale(run).map((words) => width(words, SIZE, 650) + 16));
}

/**
 * Draws the scale of the lines: before each lane how far a line can go, and below the names what that
 * is.
 *
 * @param {Run} run
 * @param {Pick<Sizes, "gap" | "lane" | "height">} sizes
 * @param {number} gutter the width before the lanes
 */
export function drawScale(run, { gap, lane, height }, gutter) {
  const texts = wordsOfScale(run).map((words, index) =>
    s("text", { class: "scale", x: gutter - 8, y: height - AXIS + 14 + index * 16, "font-size": SIZE }, words),
  );
  const room = gap * ROOM;
  const brackets = linesOf(run).map(({ node }) => {
    const [x, y] = [gutter - 1.5, lane(node)];
    return s("path", { class: "scale", d: `M${x - 6} ${y - room}H${x}V${y + room}H${x - 6}` });
  });
  return s("g", { class: "lane-scale" }, ...brackets, ...texts);
}
