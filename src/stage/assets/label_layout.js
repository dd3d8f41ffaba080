// @ts-check
// Puts labels where they cover nothing: one after the other, the most wanted first, each at the
// first of its places that is free. The same labels always get the same places, whichever way one
// came to them.

/**
 * A box, in pixels from the upper left.
 *
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Box
 *
 * A label: how much it is wanted, and where it may be, the best place first.
 *
 * @typedef {{ priority: number, places: readonly Box[] }} Wanted
 *
 * What is around: boxes that no label may cover, boxes that a label had better not cover, and the
 * box that no label may leave.
 *
 * @typedef {{ taken?: readonly Box[], crossed?: readonly Box[], bounds: Box }} Around
 */

/**
 * @param {Box} a
 * @param {Box} b
 */
export function overlaps(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

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
export function layOut(labels, { taken = [], crossed = [], bounds }) {
  const covered = new Covered(taken);
  /** @type {(number | null)[]} */
  const chosen = labels.map(() => null);
  const order = labels.map((_, index) => index).sort((a, b) => labels[b].priority - labels[a].priority || a - b);
  for (const index of order) {
    const { places } = labels[index];
    const place = bestOf(places, covered, crossed, bounds);
    chosen[index] = place;
    if (place !== null) covered.add(places[place]);
  }
  return chosen;
}

/**
 * Returns the first place that is free and crosses the least; null if none is free.
 *
 * @param {readonly Box[]} places
 * @param {Covered} covered
 * @param {readonly Box[]} crossed
 * @param {Box} bounds
 */
function bestOf(places, covered, crossed, bounds) {
  /** @type {number | null} */
  let best = null;
  let fewest = Infinity;
  for (const [index, box] of places.entries()) {
    if (!isInside(box, bounds) || covered.has(box)) continue;
    const crossings = crossed.filter((other) => overlaps(box, other)).length;
    if (crossings < fewest) [best, fewest] = [index, crossings];
    if (crossings === 0) break;
  }
  return best;
}
