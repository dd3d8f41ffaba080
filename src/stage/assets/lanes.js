// @ts-check
// The lanes of the diagram, what lasts along them, and where the run parts from the rehearsed one.

/** @import { Corner } from "../wire.d.ts" */
/** @import { Labelled } from "./marks.js" */
/** @import { Run } from "./run.js" */
/** @import { Scene } from "./scene.js" */

import { countUpTo } from "./binary_search.js";
import { onDial, scaleOf } from "./dial.js";
import { s } from "./dom.js";
import { sizeOf } from "./marks_label.js";
import { AXIS } from "./ticks.js";

/** How much the label of a partition is wanted. */
const PARTITION = 75;

/** @param {Scene} scene */
export function drawLanes({ run, sizes, x, end }) {
  return run.nodes.map((node, index) =>
    s("path", {
      class: node.traitor ? "lane traitor" : "lane",
      d: `M${Math.max(-20, x(0))} ${sizes.lane(index)}H${end + 20}`,
    }),
  );
}

/**
 * Draws what lasts: partitions, the times when a node is down or paused, and the errors of clocks.
 *
 * @param {Scene} scene
 */
export function drawLasting(scene) {
  const { run } = scene;
  const most = scaleOf(run);
  const ofNode = run.nodes.flatMap((_, index) => {
    const corners = run.show.clocks?.[index];
    return [...drawOutages(scene, index), ...(corners ? [drawClockError(scene, index, corners, most)] : [])];
  });
  return [...run.show.partitions.flatMap((partition) => drawPartition(scene, partition)), ...ofNode];
}

/**
 * @param {Scene} scene
 * @param {Run["show"]["partitions"][number]} partition
 */
function drawPartition({ sizes, x, end }, { from, to }) {
  const [left, right] = [x(from), to === null ? end : x(to)];
  const [width, height] = [Math.max(2, right - left), sizes.height - AXIS - 4];
  return [s("rect", { class: "band", x: left, y: 2, width, height })];
}

/**
 * Returns the labels of partitions: at the upper or the lower edge.
 *
 * @param {Scene} scene
 * @returns {Labelled[]}
 */
export function namesOfPartitions({ run, sizes, x, end }) {
  return run.show.partitions.map(({ from, to, groups }) => {
    const names = groups.map((group) => group.map((node) => run.nodes[node].name).join(", ")).join(" | ");
    const { lines, wide, high } = sizeOf(`partition: ${names}`);
    const [left, right] = [x(from) + 4, (to === null ? end : x(to)) - 4 - wide];
    const tops = [14, sizes.height - AXIS - high - 2];
    const places = tops.flatMap((top) =>
      [left, right].map((left) => ({ left, right: left + wide, top, bottom: top + high })),
    );
    return { at: from, lines, look: "words band-name", priority: PARTITION, places };
  });
}

/**
 * Draws the times when a node is down or paused.
 *
 * @param {Scene} scene
 * @param {number} node
 */
function drawOutages({ run, sizes, x }, node) {
  const { statuses } = run.lives[node];
  return statuses.flatMap(({ status, at }, i) => {
    if (status === "up") return [];
    const width = Math.max(3, x(statuses[i + 1]?.at ?? run.ends) - x(at));
    return [s("rect", { class: "rest", x: x(at), y: sizes.lane(node) - 6, width, height: 12 })];
  });
}

/**
 * Draws a clock's error along its lane, on the scale of the dials: above the lane where the clock
 * is ahead.
 *
 * @param {Scene} scene
 * @param {number} node
 * @param {readonly Corner[]} corners
 * @param {number} most
 */
function drawClockError({ sizes, x, window }, node, corners, most) {
  const [y, room] = [sizes.lane(node), sizes.gap * 0.36];
  /** @type {(error: number) => string} */
  const up = (error) => (y - room * onDial(error, most)).toFixed(1);
  const first = Math.max(0, countUpTo(corners, window.from, (corner) => corner[0]) - 1);
  let d = "";
  for (let i = first; i < corners.length; i++) {
    const [at, before, after] = corners[i];
    const place = x(at).toFixed(1);
    d += d ? `L${place} ${up(before)}L${place} ${up(after)}` : `M${place} ${up(after)}`;
    if (at > window.to) break;
  }
  return s("path", { class: "clock-course", d });
}

/**
 * Draws a flag where the run parts from the rehearsed one.
 *
 * @param {Scene} scene
 * @param {number | null | undefined} differs the first event that differs
 */
export function drawFlag({ run, sizes, x }, differs) {
  if (differs === null || differs === undefined) return [];
  const event = run.events[Math.min(differs, run.events.length - 1)];
  if (!event) return [];
  const left = x(event.at);
  return [
    s("path", { d: `M${left} 3V${sizes.height - AXIS}` }),
    s("path", { class: "cloth", d: `M${left} 3h15l-4 5 4 5h-15Z` }),
  ];
}
