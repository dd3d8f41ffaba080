// @ts-check
// Puts labels where they cover nothing: one after the other, the most wanted first, each at the
// first of its places that is free. The same labels always get the same places, whichever way one
// came to them.

/** @import { Point } from "./layout.js" */

/**
 * A box, in pixels from the upper left.
 *
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Box
 *
 * A line from one point to another.
 *
 * @typedef {{ from: Point, to: Point }} Line
 *
 * A label: how much it is wanted, where it may be, the best place first, the line that it is of, of which it
 * may cover a part, how many others it may cover before it is left out, and for each place how many of them it
 * had rather cover than take that place.
 *
 * @typedef {{
 *   priority: number,
 *   places: readonly Box[],
 *   line?: Line | undefined,
 *   mayCross?: number,
 *   costs?: readonly number[] | undefined,
 * }} Wanted
 *
 * What is around: boxes that no label may cover, boxes and lines that a label had better not cover, and
 * the box that no label may leave.
 *
 * @typedef {{ taken?: readonly Box[], crossed?: readonly Box[], lines?: readonly Line[], bounds: Box }} Around
 */

/**
 * @param {Box} a
 * @param {Box} b
 */
export function overlaps(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Returns which part of a line a box covers, from 0 to 1.
 *
 * @param {Line} line
 * @param {Box} box
 */
export function coveredPart({ from, to }, box) {
  // The part of the line that is inside, side by side.
  let [enters, leaves] = [0, 1];
  for (const [start, along, least, most] of [
    [from.x, to.x - from.x, box.left, box.right],
    [from.y, to.y - from.y, box.top, box.bottom],
  ]) {
    if (along === 0) {
      if (start <= least || start >= most) return 0;
      continue;
    }
    const [one, other] = [(least - start) / along, (most - start) / along];
    enters = Math.max(enters, Math.min(one, other));
    leaves = Math.min(leaves, Math.max(one, other));
  }
  return Math.max(leaves - enters, 0);
}

/**
 * Whether a line goes through a box.
 *
 * @param {Line} line
 * @param {Box} box
 */
export const goesThrough = (line, box) => coveredPart(line, box) > 0;

/** A label leaves the better part of each line to be seen, that which it names included. */
const MOST_COVERED = 1 / 3;
/** How many lines a label that is of none had rather cross than cover most of one. */
const HIDES = 3;

/**
 * Whether a box is inside another one.
 *
 * @param {Box} box
 * @param {Box} bounds
 */
export function isInside(box, bounds) {
  return box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top && box.bottom <= bounds.bottom;
}

/**
 * Returns the box around a point.
 *
 * @param {{ x: number, y: number }} middle
 * @param {number} width
 * @param {number} height
 * @returns {Box}
 */
export function boxAround({ x, y }, width, height) {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

/** The width of the columns in which boxes are looked for, in pixels. */
const COLUMN = 96;

/** Boxes by the columns that they reach into, so that few of them are looked at. */
class Covered {
  /** @param {readonly Box[]} boxes */
  constructor(boxes) {
    /** @type {Map<number, Box[]>} */
    this.columns = new Map();
    for (const box of boxes) this.add(box);
  }

  /** @param {Box} box */
  add(box) {
    for (let column = Math.floor(box.left / COLUMN); column <= Math.floor(box.right / COLUMN); column++) {
      const boxes = this.columns.get(column);
      if (boxes) boxes.push(box);
      else this.columns.set(column, [box]);
    }
  }

  /**
   * Whether a box covers one of these.
   *
   * @param {Box} box
   */
  has(box) {
    for (let column = Math.floor(box.left / COLUMN); column <= Math.floor(box.right / COLUMN); column++)
      if (this.columns.get(column)?.some((other) => overlaps(box, other))) return true;
    return false;
  }
}

/**
 * Returns for each label which of its places it takes, by number; null where none is free.
 *
 * @param {readonly Wanted[]} labels
 * @param {Around} around
 * @returns {(number | null)[]}
 */
export function layOut(labels, around) {
  const { taken = [] } = around;
  const covered = new Covered(taken);
  /** @type {(number | null)[]} */
  const chosen = labels.map(() => null);
  const order = labels.map((_, index) => index).sort((a, b) => labels[b].priority - labels[a].priority || a - b);
  for (const index of order) {
    const { places } = labels[index];
    const place = bestOf(labels[index], covered, around);
    chosen[index] = place;
    if (place !== null) covered.add(places[place]);
  }
  return chosen;
}

/**
 * Returns the first place that is free and crosses the least; null if none is free, or if it would cross
 * too much.
 *
 * @param {Wanted} label
 * @param {Covered} covered
 * @param {Around} around
 */
function bestOf({ places, line, mayCross = Infinity, costs = [] }, covered, { crossed = [], lines = [], bounds }) {
  /** @type {number | null} */
  let best = null;
  let least = Infinity;
  for (const [index, box] of places.entries()) {
    if (!isInside(box, bounds) || covered.has(box)) continue;
    let [hidden, struck] = [0, 0];
    for (const other of lines) {
      const part = coveredPart(other, box);
      if (part > MOST_COVERED) hidden++;
      if (part > 0 && !isSame(other, line)) struck++;
    }
    if (struck > mayCross || (line && hidden > 0)) continue;
    const crossings = struck + hidden * HIDES + crossed.filter((other) => overlaps(box, other)).length;
    const cost = crossings + (costs[index] ?? 0);
    if (cost < least) [best, least] = [index, cost];
    if (cost === 0) break;
  }
  return best;
}

/**
 * @param {Line} one
 * @param {Line | undefined} other
 */
function isSame({ from, to }, other) {
  return other?.from.x === from.x && other.from.y === from.y && other.to.x === to.x && other.to.y === to.y;
}
