// @ts-check
// Where messages on their way rest while the run stands still: beside nodes, labels and each other,
// as near to where they are as there is room.

/** @import { Box } from "./label_layout.js" */
/** @import { Point, Way } from "./layout.js" */

import { boxAround, isInside, overlaps } from "./label_layout.js";
import { along } from "./layout.js";

/** How far along its way and beside it a token may be put: parts of the way, and heights. */
const PARTS = Array.from({ length: 19 }, (_, i) => (i - 9) * 0.06);
const ASIDE = [0, 1, -1, 2, -2, 3, -3];
/** How far off its way a token may be put, in thirds of its width and halves of its height. */
const AROUND = Array.from({ length: 13 }, (_, i) => i - 6);
/** A place beside the way is as good as one on it that is so much farther off. */
const OFF_WAY = 1.7;
/** Between two tokens, in pixels. */
const GAP = 4;

/**
 * A token: where it is, at which part of its way, and how large it is with its words and without.
 *
 * @typedef {{
 *   at: Point,
 *   way: Way,
 *   part: number,
 *   wide: number,
 *   high: number,
 *   small: number,
 * }} Moving
 *
 * Where a token rests; without its words where there is no room for them.
 *
 * @typedef {Point & { isSmall: boolean }} Rest
 *
 * What is around: nodes with the radius that has to be free, boxes, and the edge of the field.
 *
 * @typedef {{ discs: readonly (Point & { radius: number })[], taken: readonly Box[], bounds: Box }} Surroundings
 */

/**
 * Returns for each token where it rests; null where there is no room at all. The first ones have the
 * first choice.
 *
 * @param {readonly Moving[]} tokens
 * @param {Surroundings} around
 * @returns {(Rest | null)[]}
 */
export function restsOf(tokens, { discs, taken, bounds }) {
  const covered = [...taken];
  /** @type {(box: Box) => boolean} */
  const isFree = (box) =>
    isInside(box, bounds) &&
    !covered.some((other) => overlaps(box, other)) &&
    !discs.some((disc) => isOn(box, disc, disc.radius));
  return tokens.map((token) => {
    const places = placesNear(token);
    for (const isSmall of [false, true]) {
      const [wide, high] = isSmall ? [token.small, token.small] : [token.wide, token.high];
      const boxOf = (/** @type {Point} */ place) => boxAround(place, wide + GAP, high + GAP);
      const place = places.find((place) => isFree(boxOf(place)));
      if (!place) continue;
      covered.push(boxOf(place));
      return { ...place, isSmall };
    }
    return null;
  });
}

/**
 * Whether a box reaches into a circle.
 *
 * @param {Box} box
 * @param {Point} middle
 * @param {number} radius
 */
export function isOn({ left, right, top, bottom }, { x, y }, radius) {
  const nearX = Math.min(Math.max(x, left), right);
  const nearY = Math.min(Math.max(y, top), bottom);
  return Math.hypot(nearX - x, nearY - y) < radius;
}

/**
 * Returns the places along a token's way and beside it, the nearest first.
 *
 * @param {Moving} token
 */
function placesNear({ at, way, part, wide, high }) {
  const [dx, dy] = [way.b.x - way.a.x, way.b.y - way.a.y];
  const length = Math.hypot(dx, dy) || 1;
  // One step aside is past a token of the same size.
  const [nx, ny] = [(-dy / length) * (wide * 0.6 + GAP), (dx / length) * (high + GAP + 1)];
  const places = PARTS.flatMap((by) => {
    const there = part + by;
    if (there < 0 || there > 1) return [];
    const { x, y } = by === 0 ? at : along(way, there);
    return ASIDE.map((steps) => ({ x: x + nx * steps, y: y + ny * steps, isOnWay: steps === 0 }));
  });
  // Where there is no room beside its way, a token rests a little farther off; its tail leads to it.
  for (const across of AROUND)
    for (const down of AROUND)
      places.push({ x: at.x + (across * wide) / 3, y: at.y + (down * (high + GAP)) / 2, isOnWay: false });
  const distance = places.map(({ x, y, isOnWay }) => Math.hypot(x - at.x, y - at.y) * (isOnWay ? 1 : OFF_WAY));
  const order = places.map((_, i) => i).sort((a, b) => distance[a] - distance[b] || a - b);
  return order.map((i) => ({ x: places[i].x, y: places[i].y }));
}
