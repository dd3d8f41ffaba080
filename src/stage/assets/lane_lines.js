// @ts-check
// Lines along the lanes of the diagram, to scale, that share its playhead: how far each clock is from
// true time, or where no clock is off, how many there are of something that a process counts. A lane
// is where the value is zero.

/** @import { Corner } from "../wire.d.ts" */
/** @import { Labelled } from "./marks.js" */
/** @import { Series } from "./lane_facts.js" */
/** @import { Run } from "./run.js" */
/** @import { Scene, Sizes } from "./scene.js" */

import { countUpTo } from "./binary_search.js";
import { onDial, scaleOf } from "./dial.js";
import { s } from "./dom.js";
import { sizeOf } from "./marks_label.js";
import { width } from "./text.js";
import { AXIS } from "./ticks.js";
import { span } from "./words.js";

/** How far from its lane a line may be, as a part of the distance of lanes. */
const ROOM = 0.36;
const SIZE = 13;
/** How much the label of a level is wanted. */
const PRIORITY = 30;

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
  const { clocks } = run.show;
  if (!clocks) return run.lasting.flatMap(({ series }, node) => (series ? [lineOf(series, node)] : []));
  const most = scaleOf(run);
  return clocks.map((corners, node) => ({ node, corners, most, look: "clock-course" }));
}

/**
 * Returns the line of a level: it jumps.
 *
 * @param {Series} series
 * @param {number} node
 * @returns {LaneLine}
 */
function lineOf({ steps, most }, node) {
  /** @type {Corner[]} */
  const corners = steps.map(({ time, at }, index) => [time, index > 0 ? steps[index - 1].at : 0, at]);
  return { node, corners, most: Math.max(most, 1), look: "series" };
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
function drawLine({ sizes, x, window, end }, { node, corners, most, look }) {
  const [y, room] = [sizes.lane(node), sizes.gap * ROOM];
  /** @type {(value: number) => string} */
  const up = (value) => (y - room * onDial(value, most)).toFixed(1);
  const first = Math.max(0, countUpTo(corners, window.from, (corner) => corner[0]) - 1);
  let d = "";
  for (let i = first; i < corners.length; i++) {
    const [at, before, after] = corners[i];
    const place = x(at).toFixed(1);
    d += d ? `L${place} ${up(before)}L${place} ${up(after)}` : `M${place} ${up(after)}`;
    if (at > window.to) return s("path", { class: look, d });
  }
  // A level stays as it is to the end.
  return s("path", { class: look, d: look === "series" && d ? `${d}H${end.toFixed(1)}` : d });
}

/**
 * Returns the labels of levels: each with the most that it reaches, which is how high its line can go.
 *
 * @param {Scene} scene
 * @returns {Labelled[]}
 */
export function namesOfLevels({ run, sizes, x, origin }) {
  if (run.show.clocks) return [];
  return run.lasting.flatMap(({ series }, node) => {
    if (!series) return [];
    const { lines, wide, high } = sizeOf(`${series.name}, ${series.most} at most`);
    const top = sizes.lane(node) - sizes.gap * ROOM - high;
    const lefts = [x(series.steps[0].time) + 4, 4 - origin];
    const places = lefts.map((left) => ({ left, right: left + wide, top, bottom: top + high }));
    return [{ at: series.steps[0].time, lines, look: "words lasting", priority: PRIORITY, places }];
  });
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
  if (!run.show.clocks) return s("g", { class: "lane-scale" });
  const room = gap * ROOM;
  const brackets = run.nodes.map((_, node) => {
    const [x, y] = [gutter - 1.5, lane(node)];
    return s("path", { class: "scale", d: `M${x - 6} ${y - room}H${x}V${y + room}H${x - 6}` });
  });
  return s("g", { class: "lane-scale" }, ...brackets, ...texts);
}
