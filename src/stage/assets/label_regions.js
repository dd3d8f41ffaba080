// @ts-check
// The room that each node's label has in the field. Rooms cover no node and no other room, whatever
// the labels come to say, so that nothing has to move while a run plays.

/** @import { Box } from "./label_layout.js" */
/** @import { Measures, Point, Side } from "./layout.js" */

import { boxAround, layOut, overlaps } from "./label_layout.js";
import { badgeBelow } from "./layout.js";

/** How far a room is from the edge of the field, in pixels. */
const EDGE = 3;
/** The height of a name, in units. */
const NAME = 1.32;
/** A node of this radius, in units, is as wide as its badge. */
const SMALL = 3;
/** The width of a badge of a short word with a mark before it, in units. */
const BADGE = 7;
/** Nodes that are so far from each other, in units, have room for their names side by side. */
const APART = 8;
/** How far a halo reaches from the rim of its node, and a little more, in units. */
const HALO = 1.2;
/** @type {Side[]} */
const SIDES = ["right", "left", "above", "below"];

/**
 * A node whose label is on one of its sides, and how large the label becomes.
 *
 * @typedef {Point & { side: Side, wide: number, high: number }} Labelled
 */

/**
 * Returns the room of each node's label and the side on which it is: the one that was wanted, unless
 * there is not even room for the name.
 *
 * @param {readonly (Labelled & { name: number })[]} nodes with the widths of their names
 * @param {Measures} measures
 * @param {boolean} haveBadges
 * @returns {{ room: Box, side: Side }[]}
 */
export function roomsOf(nodes, measures, haveBadges) {
  const high = measures.unit * NAME;
  const rooms = regionsOf(nodes, measures, haveBadges);
  /** @type {(room: Box, index: number) => boolean} */
  const isEnough = (room, index) =>
    room.bottom - room.top >= high && room.right - room.left >= Math.min(nodes[index].name, nodes[index].wide);
  const discs = nodes.map((node) => discOf(node, measures));
  const bounds = { left: EDGE, top: EDGE, right: measures.width - EDGE, bottom: measures.height - EDGE };
  const kept = rooms.filter(isEnough);
  return rooms.map((room, index) => {
    const { side, name, wide } = nodes[index];
    if (wide === 0 || isEnough(room, index)) return { room, side };
    const others = SIDES.map((side) => ({ side, room: nameRoom(nodes[index], side, name, high, measures) }));
    const places = others.map((other) => other.room);
    const taken = [...discs.filter((_, i) => i !== index), ...kept];
    const [chosen] = layOut([{ priority: 0, places }], { taken, bounds });
    if (chosen === null) return { room, side };
    kept.push(places[chosen]);
    return others[chosen];
  });
}

/**
 * Returns the room of a name alone on one side of its node.
 *
 * @param {Point} node
 * @param {Side} side
 * @param {number} wide
 * @param {number} high
 * @param {Measures} measures
 */
function nameRoom({ x, y }, side, wide, high, { radius, unit }) {
  const [dx, dy] = [radius + unit * 0.5 + wide / 2, radius + unit * 0.5 + high / 2];
  const across = { left: -dx, right: dx, above: 0, below: 0 }[side];
  const down = { left: 0, right: 0, above: -dy, below: dy }[side];
  return boxAround({ x: x + across, y: y + down }, wide, high);
}

/**
 * Returns the room of each node's label.
 *
 * @param {readonly Labelled[]} nodes
 * @param {Measures} measures
 * @param {boolean} haveBadges whether nodes come to have badges at their lower rims
 * @returns {Box[]}
 */
export function regionsOf(nodes, measures, haveBadges = false) {
  const rooms = nodes.map((node) => wished(node, measures, haveBadges ? badgeReach(measures) : 0));
  nodes.forEach((node, index) => {
    for (const other of nodes) {
      if (other === node) continue;
      keepOff(rooms[index], node, discOf(other, measures));
      if (haveBadges) keepOff(rooms[index], node, badgeOf(other, measures));
    }
  });
  rooms.forEach((room, index) => {
    for (let i = 0; i < index; i++) divide(room, nodes[index], rooms[i], nodes[i], measures.unit);
  });
  return rooms;
}

/**
 * Returns how far below its node's rim a label begins, so that it is below the badge.
 *
 * @param {Measures} measures
 */
function badgeReach(measures) {
  const { radius, unit } = measures;
  return unit * 0.9 + badgeBelow(measures) - radius * 0.9;
}

/**
 * Returns the room that a label would have if its node were alone.
 *
 * @param {Labelled} node
 * @param {Measures} measures
 * @param {number} badge how far a badge reaches below the node
 * @returns {Box}
 */
function wished({ x, y, side, wide, high }, measures, badge) {
  const { width, height, radius, unit, crowded } = measures;
  // Whom the sentence names has a halo, on which no label lies where there is room.
  const [dx, dy] = [radius + unit * (crowded ? 0.8 : HALO), radius + unit * 0.45];
  const [least, most] = [EDGE, width - EDGE];
  /** @type {Box} */
  let room;
  if (side === "left") room = { left: x - dx - wide, right: x - dx, top: y - high / 2, bottom: y + high / 2 };
  else if (side === "right") room = { left: x + dx, right: x + dx + wide, top: y - high / 2, bottom: y + high / 2 };
  else {
    // It stays in the middle of its node.
    const half = Math.min(wide / 2, x - least, most - x);
    const top = side === "below" ? y + dy + badge : y - dy - high;
    room = { left: x - half, right: x + half, top, bottom: top + high };
  }
  // A badge is wider than a small node: a label beside that is above it.
  if (badge > 0 && radius < unit * SMALL && (side === "left" || side === "right")) {
    const lower = Math.max(room.bottom - (y + badgeBelow(measures) - unit * 1.1), 0);
    room.top -= lower;
    room.bottom -= lower;
  }
  // A label beside its node may be a little higher or lower than that.
  if (side === "left" || side === "right") {
    const shift = Math.max(EDGE - room.top, 0) - Math.max(room.bottom - (height - EDGE), 0);
    room.top += shift;
    room.bottom += shift;
  }
  return {
    left: Math.max(room.left, least),
    right: Math.min(room.right, most),
    top: Math.max(room.top, EDGE),
    bottom: Math.min(room.bottom, height - EDGE),
  };
}

/**
 * @param {Point} node
 * @param {Measures} measures
 * @returns {Box}
 */
function discOf({ x, y }, { radius, unit }) {
  const reach = radius + unit * 0.5;
  return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
}

/**
 * Returns the room of a node's badge.
 *
 * @param {Point} node
 * @param {Measures} measures
 */
function badgeOf({ x, y }, measures) {
  const { unit } = measures;
  return boxAround({ x, y: y + badgeBelow(measures) }, unit * BADGE, unit * 1.9);
}

/**
 * Makes a room smaller, so that it does not cover a box: where it loses the least.
 *
 * @param {Box} room is changed
 * @param {Labelled} node
 * @param {Box} box
 */
function keepOff(room, node, box) {
  if (!overlaps(room, box)) return;
  const cuts = [
    { ...room, left: box.right },
    { ...room, right: box.left },
    { ...room, top: box.bottom },
    { ...room, bottom: box.top },
  ].map((cut) => ({ cut: centred(cut, node), area: 0 }));
  for (const one of cuts) one.area = areaOf(one.cut, room, node);
  const [best] = cuts.sort((a, b) => b.area - a.area);
  Object.assign(room, best.cut);
}

/**
 * Returns a room above or below its node as wide on both sides of it.
 *
 * @param {Box} room
 * @param {Labelled} node
 * @returns {Box}
 */
function centred(room, { x, side }) {
  if (side === "left" || side === "right") return room;
  const half = Math.min(x - room.left, room.right - x);
  return { ...room, left: x - half, right: x + half };
}

/**
 * Returns what is left of a room; less than nothing where it no longer touches its node.
 *
 * @param {Box} cut
 * @param {Box} room
 * @param {Labelled} node
 */
function areaOf(cut, room, { y, side }) {
  if (cut.right <= cut.left || cut.bottom <= cut.top) return -1;
  const isAway = {
    left: cut.right < room.right || cut.top > y || cut.bottom < y,
    right: cut.left > room.left || cut.top > y || cut.bottom < y,
    above: cut.bottom < room.bottom,
    below: cut.top > room.top,
  }[side];
  return isAway ? -1 : (cut.right - cut.left) * (cut.bottom - cut.top);
}

/**
 * Divides what two rooms share.
 *
 * @param {Box} one is changed
 * @param {Labelled} node
 * @param {Box} other is changed
 * @param {Labelled} neighbour
 * @param {number} unit
 */
function divide(one, node, other, neighbour, unit) {
  if (!overlaps(one, other)) return;
  const gap = unit * 0.12;
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  // They part where they share the least; one below its node stays at it.
  const isUpright = node.side === neighbour.side && (node.side === "below" || node.side === "above");
  const isBeside = isUpright && Math.abs(node.x - neighbour.x) > unit * APART;
  if (across <= down || node.y === neighbour.y || isBeside) {
    const [from, to] = [Math.max(one.left, other.left), Math.min(one.right, other.right)];
    // Midway between two nodes side by side, both labels keep the most.
    const middle = isBeside ? Math.min(Math.max((node.x + neighbour.x) / 2, from), to) : (from + to) / 2;
    const [left, right] = node.x < neighbour.x ? [one, other] : [other, one];
    left.right = Math.min(left.right, middle - gap);
    right.left = Math.max(right.left, middle + gap);
  } else {
    const middle = (Math.max(one.top, other.top) + Math.min(one.bottom, other.bottom)) / 2;
    const [upper, lower] = node.y < neighbour.y ? [one, other] : [other, one];
    upper.bottom = Math.min(upper.bottom, middle - gap);
    lower.top = Math.max(lower.top, middle + gap);
  }
  Object.assign(one, centred(one, node));
  Object.assign(other, centred(other, neighbour));
}
