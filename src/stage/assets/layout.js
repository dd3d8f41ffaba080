// @ts-check
// Where nodes and links are in the field, in pixels: the server's places fitted to the room there
// is.

/** @import { Layout, NodeShown } from "../wire.d.ts" */

/**
 * How large everything is in a field. No text is smaller than `least`.
 *
 * @typedef {{
 *   width: number,
 *   height: number,
 *   unit: number,
 *   radius: number,
 *   least: number,
 *   crowded: boolean,
 * }} Measures
 */

/** @typedef {"above" | "below" | "left" | "right"} Side */

/** @typedef {{ x: number, y: number }} Point */

/**
 * Where a node is, and on which side its label is.
 *
 * @typedef {Point & { side: Side }} Place
 */

/**
 * The way of a message: a quadratic curve from `a` to `b` with the control point `c`.
 *
 * @typedef {{ a: Point, b: Point, c: Point, length: number }} Way
 */

/**
 * What is placed: nodes with the server's coordinates, from -1 to 1.
 *
 * @typedef {{ layout: Layout, nodes: readonly Pick<NodeShown, "x" | "y">[] }} Placeable
 */

/** More nodes than this are not side by side. */
const MOST_BESIDE = 8;

/** More nodes of a ring than this are placed by distance, not by angle, and in so many steps. */
const MOST_BY_ANGLE = 12;
const STEPS = 720;

/** In a field of fewer units, a label beside a node has little room. */
const WIDE = 44;
/** There, a node is no larger than this, in units: its links and labels need the room. */
const LARGEST_NARROW = 2.8;
/** There, labels above and below up to so many nodes are placed by the rows of the nodes, if it is so high. */
const MOST_IN_ROWS = 4;
const HIGH = 20;
/** A label above a node has so much room, and less where there is less between the rows than that. */
const MOST_ABOVE = 6.5;
const LEAST_ABOVE = 2.6;
const BETWEEN = 4;
/** Nodes whose heights differ by no more than this are in one row. */
const ROW = 0.8;

/**
 * Returns how large everything is in a field of this size with `count` nodes. No text is smaller than
 * `least`.
 *
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} [least]
 * @returns {Measures}
 */
export function measuresOf(count, width, height, least = 12) {
  const few = count <= 4;
  const unit = clamp(Math.min(width / (few ? 52 : 58), height / (few ? 24.5 : 27)), least, Math.max(30, least));
  // Where nodes are side by side in a narrow field, names need the room between them.
  const most = count > 3 ? Math.min(unit * 5.2, (width * 0.34) / Math.min(count, MOST_BESIDE)) : unit * 5.2;
  const largest = width < unit * WIDE ? Math.min(most, unit * LARGEST_NARROW) : most;
  const radius = clamp(Math.min(width * 0.85, height) * shareOf(count), count > 40 ? 5 : 12, Math.max(largest, 12));
  // Where there is little room, a label is no more than a name.
  const crowded = count > 10 || (width < unit * WIDE && count > 3);
  return { width, height, unit, radius, least, crowded };
}

/** The half height of a badge, in units, and of a node's picture, as a part of its radius. */
const BADGE_HALF = 0.95;
const PICTURE_HALF = 0.55;

/**
 * Returns how far the middle of a node's badge is below that of the node: at its lower rim, and off the
 * picture of a small node.
 *
 * @param {Measures} measures
 */
export function badgeBelow({ radius, unit }) {
  return Math.max(radius * 0.9, radius * PICTURE_HALF + unit * BADGE_HALF);
}

/**
 * Returns a node's radius as a part of the field.
 *
 * @param {number} count
 */
function shareOf(count) {
  if (count <= 2) return 0.15;
  if (count <= 4) return 0.125;
  return count <= 8 ? 0.085 : 0.24 / Math.sqrt(count);
}

/**
 * Returns `value`, or the limit that it exceeds; `most` wins.
 *
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * Returns how many nodes are in the row of a node.
 *
 * @param {Placeable["nodes"]} nodes
 * @param {Pick<Point, "y">} node
 */
function rowOf(nodes, { y }) {
  return nodes.filter((other) => Math.abs(other.y - y) < ROW).length;
}

/**
 * Whether a node is in the uppermost row, with others below.
 *
 * @param {Placeable["nodes"]} nodes
 * @param {Point} node
 */
function isUpper(nodes, { y }) {
  return nodes.every((other) => other.y > y - ROW) && nodes.some((other) => other.y >= y + ROW);
}

/**
 * Returns on which side of its node a label is.
 *
 * @param {Placeable} run
 * @param {Point} node
 * @param {boolean} isWide
 * @param {boolean} isInRows whether labels are placed by the rows of the nodes
 * @returns {Side}
 */
function sideOf({ layout, nodes }, node, isWide, isInRows) {
  const count = nodes.length;
  if (layout === "fan" && node.y < 0.5) return "above";
  if (!isWide && layout === "ring" && count > 3) {
    if (Math.abs(node.x) < 0.3) return node.y < -0.5 ? "above" : "below";
    return node.x < 0 ? "left" : "right";
  }
  if (isInRows && count > 2 && isUpper(nodes, node)) {
    // Below it are its links.
    if (rowOf(nodes, node) > 1) return "above";
    return node.x > 0.3 ? "left" : "right";
  }
  if (count === 2 && nodes[0].x === nodes[1].x) return "right";
  if (!isWide || ["hills", "row", "split"].includes(layout) || count === 2) return "below";
  if (layout === "star" && count > 3 && node.y > 0) return "below";
  return node.x < -0.3 ? "left" : "right";
}

/**
 * Returns a place for each node.
 *
 * @param {Placeable} run
 * @param {Measures} measures
 * @returns {Place[]}
 */
export function placesOf(run, { width, height, unit, radius, crowded }) {
  const { nodes } = run;
  const isWide = width > unit * WIDE;
  const isInRows =
    !isWide && height > unit * HIGH && nodes.length <= MOST_IN_ROWS && !(run.layout === "ring" && nodes.length > 3);
  const sides = nodes.map((node) => sideOf(run, node, isWide, isInRows));
  /** @type {(side: Side) => boolean} */
  const has = (side) => sides.includes(side);
  const isUpright = has("below") || has("above");
  const lateral = has("left") || has("right") ? unit * (isWide ? 11.9 : 4.6) : 0;
  const margin = isUpright ? (isWide || nodes.length < 4 ? 5.5 : 2.3) : 2;
  const spreadX = nodes.length === 2 ? Math.min(width * 0.31, unit * 21) : Infinity;
  const rx = isInRows
    ? reachInRows(nodes, width, radius + unit * 1.9)
    : Math.min(width / 2 - radius - Math.max(lateral, unit * margin), spreadX);
  const bottom = radius + unit * (has("below") ? (crowded ? 3.6 : 6.6) : 1.6);
  const spare = (height - bottom - radius) / unit - (2 * radius) / unit - BETWEEN;
  const inRows = Math.min(Math.max(spare, LEAST_ABOVE), MOST_ABOVE);
  const above = isInRows ? inRows : crowded ? 2.6 : 5.2;
  const top = radius + unit * (has("above") ? above : 1.4);
  const ry = Math.max((height - top - bottom) / 2, unit * 2);
  const middle = top + ry;
  const ys = nodes.map((node) => node.y);
  const [high, low] = [Math.min(...ys), Math.max(...ys)];
  const isFlat = high === low;
  /** @type {(y: number) => number} */
  const level = (y) => (isFlat ? 0 : ((y - high) / (low - high)) * 2 - 1);
  // In a wide field a ring becomes an oval, but not a line.
  const limit = run.layout === "ring" ? Math.max(ry * 1.75, unit * 12) : Infinity;
  const reach = Math.min(Math.max(rx, unit * 3), limit);
  /** @type {Place[]} */
  const places = nodes.map((node, index) => ({
    x: width / 2 + node.x * reach,
    y: isFlat ? height * 0.45 : middle + level(node.y) * ry,
    side: sides[index],
  }));
  return run.layout === "ring" && nodes.length > MOST_BY_ANGLE ? evenly(places) : places;
}

/**
 * Returns how far nodes are from the middle of a narrow field: two side by side in the middles of its
 * halves, where their labels have the most room.
 *
 * @param {Placeable["nodes"]} nodes
 * @param {number} width
 * @param {number} edge how far the middle of a node is from the edge at least
 */
function reachInRows(nodes, width, edge) {
  const most = width / 2 - edge;
  const outermost = Math.max(...nodes.map(({ x }) => Math.abs(x)), 0.1);
  const widest = Math.max(...nodes.map((node) => rowOf(nodes, node)));
  return widest > 2 ? most : Math.min(most, width / 4 / outermost);
}

/**
 * Returns places around an oval as far from each other along it: by angle they would crowd at its
 * sides.
 *
 * @param {readonly Place[]} places in their order around the oval
 * @returns {Place[]}
 */
function evenly(places) {
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [rx, ry] = [xs, ys].map((all) => (Math.max(...all) - Math.min(...all)) / 2);
  const [cx, cy] = [xs, ys].map((all) => (Math.max(...all) + Math.min(...all)) / 2);
  /** @type {(turn: number) => Point} from the top on, by the left */
  const at = (turn) => ({ x: cx - rx * Math.sin(turn), y: cy - ry * Math.cos(turn) });
  const points = Array.from({ length: STEPS + 1 }, (_, i) => at((i / STEPS) * 2 * Math.PI));
  const lengths = [0];
  for (let i = 1; i <= STEPS; i++) {
    const [before, point] = [points[i - 1], points[i]];
    lengths.push(lengths[i - 1] + Math.hypot(point.x - before.x, point.y - before.y));
  }
  let step = 0;
  return places.map((place, index) => {
    const wanted = (index / places.length) * lengths[STEPS];
    while (step < STEPS && lengths[step] < wanted) step += 1;
    return { ...place, ...points[step] };
  });
}

/**
 * Returns the way of a message: a curve from the rim of one node to that of the other.
 *
 * @param {Point} from
 * @param {Point} to
 * @param {number} radius of both nodes
 * @param {number} bend how far the curve is from the straight line
 * @returns {Way}
 */
export function wayBetween(from, to, radius, bend) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  // The curve leaves its node a little to its own side.
  const lean = Math.max(-0.9, Math.min(0.9, (bend / length) * 2));
  const [sx, sy] = [ux + uy * lean, uy - ux * lean];
  const [ex, ey] = [ux - uy * lean, uy + ux * lean];
  const norm = Math.hypot(1, lean);
  const gap = radius + 3;
  const a = { x: from.x + (sx / norm) * gap, y: from.y + (sy / norm) * gap };
  const b = { x: to.x - (ex / norm) * gap, y: to.y - (ey / norm) * gap };
  const c = { x: (a.x + b.x) / 2 + uy * bend * 1.3, y: (a.y + b.y) / 2 - ux * bend * 1.3 };
  return { a, b, c, length };
}

/**
 * Returns the point at `part` of a way.
 *
 * @param {Pick<Way, "a" | "b" | "c">} way
 * @param {number} part from 0 to 1
 * @returns {Point}
 */
export function along({ a, b, c }, part) {
  const rest = 1 - part;
  return {
    x: rest * rest * a.x + 2 * rest * part * c.x + part * part * b.x,
    y: rest * rest * a.y + 2 * rest * part * c.y + part * part * b.y,
  };
}
