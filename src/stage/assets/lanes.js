// @ts-check
// The lanes of the diagram, what lasts along them, and where the run parts from the rehearsed one.

/** @import { Labelled } from "./marks.js" */
/** @import { Run } from "./run.js" */
/** @import { Scene } from "./scene.js" */

import { s } from "./dom.js";
import { drawUnknown } from "./knowledge_bands.js";
import { drawLaneLines } from "./lane_lines.js";
import { drawStretches } from "./lane_stretches.js";
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
 * Draws what lasts: partitions, the times when a node is down or paused, what its
 * process says that lasts, and the lines along lanes.
 *
 * @param {Scene} scene
 */
export function drawLasting(scene) {
  const { run } = scene;
  const outages = run.nodes.flatMap((_, index) => drawOutages(scene, index));
  const partitions = run.show.partitions.flatMap((partition) => drawPartition(scene, partition));
  return [...partitions, ...drawStretches(scene), ...outages, ...drawLaneLines(scene), ...drawUnknown(scene)];
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
