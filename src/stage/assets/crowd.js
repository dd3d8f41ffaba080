// @ts-check
// Many nodes: small circles with letters and names where there is room, how many of each role there
// are and what they decided, and a box in which a node is looked for.

/** @import { Box } from "./label_layout.js" */
/** @import { Measures, Place } from "./layout.js" */
/** @import { Run } from "./run.js" */
/** @import { OnPick } from "./selection.js" */

import { h, s } from "./dom.js";
import { boxAround, layOut } from "./label_layout.js";
import { width } from "./text.js";

/** More nodes than this are a crowd. */
const MOST_SINGLE = 12;
/** Of more nodes than this, only those that matter have names. */
const MOST_NAMED = 40;
const LINE = 1.35;

/** @param {number} count */
export function isCrowd(count) {
  return count > MOST_SINGLE;
}

/**
 * What stands out of a crowd, by number: what is pointed at, and where something was violated.
 *
 * @typedef {{ pointed: ReadonlySet<number>, wrong: ReadonlySet<number> }} Standing
 */

/**
 * Draws the counts of a crowd, and the names for which there is room: those first that stand out.
 * The other names are in the box in which a node is looked for, and beside a node that has the focus.
 *
 * @param {Run} run
 * @param {number} count
 * @param {Standing} standing
 * @param {{ places: readonly Place[], measures: Measures, taken: readonly Box[] }} laid
 * @returns {{ elements: SVGElement[], covers: Box[] }}
 */
export function drawCrowd(run, count, standing, { places, measures, taken }) {
  const { unit, width: right, height: bottom } = measures;
  const discs = places.map((place) => boxAround(place, measures.radius * 2 + 4, measures.radius * 2 + 4));
  const bounds = { left: 2, top: 2, right: right - 2, bottom: bottom - 2 };
  const labels = [countsLabel(countsOf(run, count), places, unit), ...namesOf(run, standing, places, measures)];
  const chosen = layOut(labels, { taken: [...discs, ...taken], bounds });
  /** @type {Box[]} */
  const covers = [];
  const elements = labels.flatMap(({ places, lines, look }, index) => {
    const place = chosen[index];
    if (place === null) return [];
    const box = places[place];
    covers.push(box);
    return lines.map((line, nth) => {
      const at = { x: (box.left + box.right) / 2, y: box.top + unit * (1 + nth * LINE), "font-size": unit };
      return s("text", { class: look, ...at, "text-anchor": "middle" }, line);
    });
  });
  return { elements, covers };
}

/**
 * Returns how many nodes of each role there are, and what they decided.
 *
 * @param {Run} run
 * @param {number} count
 */
export function countsOf(run, count) {
  /** @type {Map<string, Map<string, number>>} */
  const roles = new Map();
  for (const [index, { role }] of run.nodes.entries()) {
    const decisions = roles.get(role) ?? new Map();
    roles.set(role, decisions);
    const last = run.nodeAt(index, count).outputs.findLast((output) => output.decision);
    const words = last ? String(last.value) : "";
    decisions.set(words, (decisions.get(words) ?? 0) + 1);
  }
  return [...roles].map(([role, decisions]) => {
    const all = [...decisions.values()].reduce((sum, one) => sum + one, 0);
    const told = [...decisions].filter(([words]) => words !== "").map(([words, one]) => `${words} ${one}`);
    // One alone needs no count.
    if (all === 1) return [role, ...decisions.keys()].filter(Boolean).join(" · ");
    return [`${role} ×${all}`, ...told].join(" · ");
  });
}

/**
 * @param {readonly string[]} lines
 * @param {readonly Place[]} places
 * @param {number} unit
 */
function countsLabel(lines, places, unit) {
  const wide = Math.max(...lines.map((line) => width(line, unit, 650))) + unit;
  const high = lines.length * unit * LINE + unit * 0.4;
  const middle = (/** @type {"x" | "y"} */ axis) =>
    places.reduce((sum, place) => sum + place[axis], 0) / Math.max(1, places.length);
  const centre = { x: middle("x"), y: middle("y") };
  const shifts = [0, -1.5, 1.5, -3, 3].map((by) => boxAround({ x: centre.x, y: centre.y + by * high }, wide, high));
  return { priority: 5, places: shifts, lines, look: "counts" };
}

/**
 * @param {Run} run
 * @param {Standing} standing
 * @param {readonly Place[]} places
 * @param {Measures} measures
 */
function namesOf(run, { pointed, wrong }, places, measures) {
  return run.nodes.flatMap(({ name, traitor }, index) => {
    const priority = pointed.has(index) ? 9 : wrong.has(index) ? 8 : traitor ? 4 : 1;
    if (priority === 1 && run.nodes.length > MOST_NAMED) return [];
    const words = wrong.has(index) ? `✗ ${name}` : name;
    const look = `name${wrong.has(index) ? " wrong" : ""}`;
    return [{ priority, places: around(places[index], words, measures), lines: [words], look }];
  });
}

/**
 * Returns the places of a name around its node, outside of the crowd first.
 *
 * @param {Place} place
 * @param {string} words
 * @param {Measures} measures
 */
function around({ x, y }, words, { unit, radius, width: whole, height }) {
  const [wide, high] = [width(words, unit, 700) + 4, unit * LINE];
  const [dx, dy] = [radius + wide / 2 + 4, radius + high / 2 + 3];
  const outward = { x: x < whole / 2 ? -1 : 1, y: y < height / 2 ? -1 : 1 };
  const isBeside = Math.abs(x - whole / 2) > whole * 0.16;
  const places = [
    { x: x + outward.x * dx, y },
    { x, y: y + outward.y * dy },
    { x: x + outward.x * dx * 0.8, y: y + outward.y * dy },
    { x, y: y - outward.y * dy },
    { x: x - outward.x * dx, y },
  ];
  if (!isBeside) places.unshift(places[1]);
  return places.map((middle) => boxAround(middle, wide, high));
}

/** How many boxes there are, so that each has a list of its own. */
let finders = 0;

/**
 * Returns the box in which a node of a crowd is looked for by its name.
 *
 * @param {Run} run
 * @param {OnPick} onPick
 */
export function finder(run, onPick) {
  finders += 1;
  const list = `nodes-${finders}`;
  const input = h("input", {
    type: "search",
    list,
    size: 14,
    placeholder: "Find a node",
    "aria-label": "Find a node",
    autocomplete: "off",
    onchange: () => pick(),
  });
  const pick = () => {
    const wanted = input.value.trim().toLowerCase();
    const starting = run.nodes.flatMap(({ name }, index) => (name.toLowerCase().startsWith(wanted) ? [index] : []));
    const exact = starting.find((index) => run.nodes[index].name.toLowerCase() === wanted);
    const found = exact ?? (starting.length === 1 ? starting[0] : undefined);
    if (wanted && found !== undefined) onPick({ node: found });
  };
  const options = run.nodes.map(({ name }) => h("option", { value: name }));
  return h("div", { class: "finder" }, input, h("datalist", { id: list }, ...options));
}
