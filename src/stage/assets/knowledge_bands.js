// @ts-check
// What a node does not know, in the diagram: bands along the lanes of the others, from the last that
// it can know of each.

/** @import { Labelled } from "./marks.js" */
/** @import { Scene } from "./scene.js" */

import { s } from "./dom.js";
import { sizeOf } from "./marks_label.js";

/** How much these labels are wanted, and on how many lanes there is one at most. */
const NAMES = 15;
const MOST_NAMED = 3;

/**
 * Returns for each other node from where on the node that looks knows nothing of it.
 *
 * @param {Scene} scene
 */
function unknownOf({ run, sizes, x, end }) {
  const { knowledge } = run;
  // Lanes that are folded hold several nodes.
  if (!knowledge || sizes.isFolded) return [];
  return knowledge.until.flatMap((until, node) => {
    if (node === knowledge.node) return [];
    const left = x(until ?? 0);
    return [{ node, from: until ?? 0, left: until === null ? left - 8 : left + 6, right: end + 12 }];
  });
}

/** @param {Scene} scene */
export function drawUnknown(scene) {
  const high = Math.min(scene.sizes.gap * 0.5, 34);
  return unknownOf(scene).flatMap(({ node, left, right }) => {
    const place = { x: left, y: scene.sizes.lane(node) - high / 2, width: Math.max(0, right - left), height: high };
    return right > left ? [s("rect", { class: "unknown", ...place, rx: 5 })] : [];
  });
}

/**
 * Returns the labels of what is not known.
 *
 * @param {Scene} scene
 * @returns {Labelled[]}
 */
export function namesOfUnknown(scene) {
  const { run, sizes } = scene;
  const { knowledge } = run;
  if (!knowledge) return [];
  const { lines, wide, high } = sizeOf(`not known to ${run.nodes[knowledge.node].said}`);
  const unknown = unknownOf(scene);
  // Of many bands, the longest says it for all.
  const longest = [...unknown].sort((a, b) => a.left - b.left).slice(0, 1);
  return (unknown.length > MOST_NAMED ? longest : unknown).map(({ node, from, left }) => {
    const top = sizes.lane(node) - high / 2;
    const places = [8, 40, 90].map((by) => ({ left: left + by, right: left + by + wide, top, bottom: top + high }));
    return { at: from, lines, look: "words unknown-name", priority: NAMES, places };
  });
}
