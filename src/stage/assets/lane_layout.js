// @ts-check
// Where the lanes of the diagram are, and what is written before them. Where there is no room for all
// names, lanes are folded by role: those of one role are close together, with one name and a count.

/** @import { NodeShown } from "../wire.d.ts" */

/** Names need so much room, in their own size. */
const APART = 1.25;
/** The size of names: the least and the most. */
const SMALLEST = 13;
const LARGEST = 18;

/**
 * The lanes of all nodes and their names, from top to bottom. `nodes` are those that a name is
 * about.
 *
 * @typedef {{ y: number, words: string, nodes: number[] }} LaneName
 * @typedef {{ font: number, gap: number, lanes: number[], names: LaneName[], isFolded: boolean }} LaneLayout
 */

/**
 * @param {readonly Pick<NodeShown, "name" | "role">[]} nodes
 * @param {number} top
 * @param {number} bottom
 * @returns {LaneLayout}
 */
export function laneLayout(nodes, top, bottom) {
  const height = bottom - top;
  const gap = height / Math.max(1, nodes.length - 0.45);
  const font = Math.min(Math.max(gap / 4, SMALLEST), LARGEST);
  if (gap >= font * APART || nodes.length < 3) {
    const lanes = nodes.map((_, index) => top + gap * (index + 0.28));
    const names = nodes.map(({ name }, index) => ({ y: lanes[index], words: name, nodes: [index] }));
    return { font, gap, lanes, names, isFolded: false };
  }
  return folded(nodes, top, height, font);
}

/**
 * @param {readonly Pick<NodeShown, "name" | "role">[]} nodes
 * @param {number} top
 * @param {number} height
 * @param {number} font
 * @returns {LaneLayout}
 */
function folded(nodes, top, height, font) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  for (const [index, { role }] of nodes.entries()) groups.set(role, [...(groups.get(role) ?? []), index]);
  // A role of one node has a name's height; the others share what is left.
  const least = font * APART * 1.2;
  const spare = Math.max(height - groups.size * least, 0);
  const many = [...groups.values()].reduce((sum, group) => sum + group.length - 1, 0) || 1;
  const gap = spare / many;
  /** @type {number[]} */
  const lanes = [];
  /** @type {LaneName[]} */
  const names = [];
  let y = top;
  for (const [role, group] of groups) {
    const high = least + (group.length - 1) * gap;
    group.forEach((node, nth) => {
      lanes[node] = y + least / 2 + nth * gap;
    });
    const words = group.length === 1 ? nodes[group[0]].name : `${role} ×${group.length}`;
    names.push({ y: y + high / 2, words, nodes: group });
    y += high;
  }
  return { font, gap, lanes, names, isFolded: true };
}
