// @ts-check
// What lasts along a lane, as its process tells it: a bar while an operation is under way, and a
// stripe below the lane while a version or a role stays the same.

/** @import { Stretch } from "./lane_facts.js" */
/** @import { Labelled } from "./marks.js" */
/** @import { Scene } from "./scene.js" */

import { s } from "./dom.js";
import { sizeOf } from "./marks_label.js";

/** Bars are so high, and stripes; a stripe is so far below its lane. */
const BAR = 9;
const STRIPE = 4;
const BELOW = 8;
/** Closer lanes have no room for stripes. */
const LEAST_GAP = 26;
/** How much the labels are wanted: less than those of what nodes do. */
const PRIORITY = 20;
/** In a window with more stretches than this, they have no labels. */
const MOST_LABELLED = 40;

/** @typedef {{ node: number, stretch: Stretch, nth: number, isBand: boolean }} Placed */

/**
 * Returns what lasts in the window of a scene: all bands and intervals that touch it.
 *
 * @param {Scene} scene
 * @returns {Placed[]}
 */
function placedIn({ run, sizes, window }) {
  /** @type {(stretch: Stretch) => boolean} */
  const touches = ({ from, to }) => from <= window.to && (to ?? run.ends) >= window.from;
  /** @type {(node: number, stretches: readonly Stretch[], isBand: boolean) => Placed[]} */
  const placed = (node, stretches, isBand) =>
    stretches.flatMap((stretch, nth) => (touches(stretch) ? [{ node, stretch, nth, isBand }] : []));
  return run.lasting.flatMap(({ bands, intervals }, node) => [
    ...(sizes.gap >= LEAST_GAP && bands.length > 1 ? placed(node, bands, true) : []),
    ...placed(node, intervals, false),
  ]);
}

/** @param {Scene} scene */
export function drawStretches(scene) {
  const { run, sizes, x } = scene;
  return placedIn(scene).map(({ node, stretch: { from, to }, nth, isBand }) => {
    const width = Math.max(2, x(to ?? run.ends) - x(from));
    const y = sizes.lane(node);
    if (isBand) {
      const look = `version version-${nth % 2}`;
      return s("rect", { class: look, x: x(from), y: y + BELOW, width, height: STRIPE });
    }
    return s("rect", { class: "operation", x: x(from), y: y - BAR / 2, width, height: BAR, rx: 2 });
  });
}

/**
 * Returns the labels of what lasts: of a bar above it, of a stripe below it, at their beginnings.
 *
 * @param {Scene} scene
 * @returns {Labelled[]}
 */
export function namesOfStretches(scene) {
  const placed = placedIn(scene);
  if (placed.length > MOST_LABELLED) return [];
  const { run, sizes, x, window } = scene;
  return placed.map(({ node, stretch: { from, to, words }, isBand }) => {
    const { lines, wide, high } = sizeOf(words);
    const [begin, end] = [x(Math.max(from, window.from)), x(to ?? run.ends)];
    const y = sizes.lane(node);
    const top = isBand ? y + BELOW + STRIPE + 1 : y - BAR / 2 - high - 1;
    const lefts = [begin, Math.max(begin, end - wide)];
    const places = lefts.map((left) => ({ left, right: left + wide, top, bottom: top + high }));
    return { at: from, lines, look: "words lasting", priority: PRIORITY, places };
  });
}
