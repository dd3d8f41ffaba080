// @ts-check
// The label of a node: name, part, state, and what the node told its user.

/** @import { NodeShown } from "../wire.d.ts" */
/** @import { Measures, Place } from "./layout.js" */
/** @import { Known } from "./nodes.js" */
/** @import { Run, RunEvent } from "./run.js" */

import { s } from "./dom.js";
import { shorten, width, wrap } from "./text.js";
import { shown } from "./words.js";

/** At most this many outputs of a kind show one by one. */
const MOST_CHIPS = 8;
/** Where more values of a kind were told, only the last shows. */
const MOST_VALUES = 40;
/** The heights of a line of text and of a row of chips, in sizes and units. */
const LINE = 1.28;
const CHIPS = 1.75;

/**
 * A node, what is known of it, and which outputs complete the evidence of a violation.
 *
 * @typedef {{
 *   run: Run,
 *   node: NodeShown,
 *   known: Known,
 *   culprits: ReadonlySet<number>,
 *   hasBadge: boolean,
 * }} Labelled
 *
 * @typedef {{ text: string, size: number, class: string }} Line
 *
 * What was told by one name: each value with how often it was told, and the last output.
 *
 * @typedef {{
 *   name: string,
 *   values: Map<RunEvent["value"], { count: number, output: RunEvent }>,
 *   last: RunEvent,
 * }} Tally
 *
 * @typedef {"start" | "middle" | "end"} Anchor
 */

/**
 * @param {Labelled} labelled
 * @param {Place} place
 * @param {Measures} measures
 */
export function labelOf(labelled, { side, room: most }, { radius, unit, width: whole, crowded }) {
  const isLateral = side === "left" || side === "right";
  const room = Math.min(unit * (isLateral ? 10.5 : 14), whole * 0.4, most);
  const lines = linesOf(labelled, unit, crowded, room);
  const tallies = crowded ? [] : tallied(labelled.known.outputs);
  const height = lines.reduce((sum, line) => sum + line.size * LINE, 0) + tallies.length * unit * CHIPS;
  /** @type {Anchor} */
  const anchor = side === "left" ? "end" : side === "right" ? "start" : "middle";
  const x = isLateral ? (side === "left" ? -1 : 1) * (radius + unit * 0.9) : 0;
  let y = -height / 2;
  if (side === "below") y = radius + unit * 0.35 + (labelled.hasBadge ? unit * 0.9 : 0);
  if (side === "above") y = -radius - unit * 0.6 - height;
  /** @type {SVGElement[]} */
  const elements = lines.map(({ text, size, class: look }) => {
    y += size * LINE;
    const place = { x, y: y - size * (LINE - 1), "font-size": size, "text-anchor": anchor };
    return s("text", { class: look, ...place }, text);
  });
  for (const tally of tallies) {
    const at = { x, y: y + unit * 0.35, anchor, unit, room: Math.min(room * 1.25, most) };
    elements.push(chips(labelled.culprits, tally, at));
    y += unit * CHIPS;
  }
  return elements;
}

/**
 * @param {Labelled} labelled
 * @param {number} unit
 * @param {boolean} isCrowded
 * @param {number} room
 * @returns {Line[]}
 */
function linesOf({ run, node, known }, unit, isCrowded, room) {
  const small = unit * 0.96;
  const lines = [{ text: node.name, size: unit * (isCrowded ? 1 : 1.36), class: "name" }];
  if (node.traitor && !isCrowded) {
    const lie = node.lie && run.nodes.length < 6 ? ` · ${node.lie}` : "";
    lines.push({ text: `traitor${lie}`, size: small, class: "part" });
  }
  if (known.status !== "up")
    lines.push({ text: known.status === "down" ? "crashed" : "paused", size: small, class: "part" });
  // What a node knew is gone with its memory.
  if (!isCrowded && known.status !== "down") {
    const most = run.nodes.length > 5 ? 1 : 2;
    for (const text of wrap(known.state, room, small, most)) lines.push({ text, size: small, class: "state" });
  }
  return lines;
}

/**
 * Returns what was told by name, except decisions, which are badges: the last two names.
 *
 * @param {readonly RunEvent[]} outputs
 */
function tallied(outputs) {
  /** @type {Map<string, Tally>} */
  const names = new Map();
  for (const output of outputs) {
    const { name = "", value } = output;
    if (output.decision) continue;
    const tally = names.get(name) ?? { name, values: new Map(), last: output };
    names.set(name, tally);
    tally.last = output;
    tally.values.set(value, { count: (tally.values.get(value)?.count ?? 0) + 1, output });
  }
  return [...names.values()].slice(-2);
}

/**
 * Returns the texts of a tally's chips: numbers one by one with how often they were told; of
 * anything else the last.
 *
 * @param {ReadonlySet<number>} culprits
 * @param {Tally} tally
 */
function chipTexts(culprits, { values, last }) {
  const areNumbers = [...values.keys()].every((value) => typeof value === "number");
  if (!areNumbers || values.size > MOST_VALUES) return [{ text: shown(last.value), isBad: culprits.has(last.id) }];
  return [...values].slice(-MOST_CHIPS).map(([value, { count, output }]) => ({
    text: count > 1 ? `${value} ×${count}` : `${value}`,
    isBad: culprits.has(output.id),
  }));
}

/**
 * @param {ReadonlySet<number>} culprits
 * @param {Tally} tally
 * @param {{ x: number, y: number, anchor: Anchor, unit: number, room: number }} place
 */
function chips(culprits, tally, { x, y, anchor, unit, room }) {
  const size = unit * 0.86;
  const name = shorten(tally.name, room, size);
  const boxes = chipTexts(culprits, tally).map((chip) => ({
    ...chip,
    wide: width(chip.text, size, 600) + size * 0.9,
  }));
  const lead = width(name, size) + size * 0.5;
  const whole = () => lead + boxes.reduce((sum, box) => sum + box.wide + 3, 0);
  while (boxes.length > 1 && whole() > room) {
    // What a verdict points at stays longest.
    const first = boxes.findIndex((box) => !box.isBad);
    boxes.splice(Math.max(first, 0), 1);
  }
  let left = x;
  if (anchor === "end") left -= whole();
  if (anchor === "middle") left -= whole() / 2;
  const row = y + size * 1.05;
  const group = s("g", { class: "chips" }, s("text", { class: "state", x: left, y: row, "font-size": size }, name));
  left += lead;
  for (const { text, isBad, wide } of boxes) {
    const box = { x: left, y: y - size * 0.05, width: wide, height: size * 1.5, rx: size * 0.3 };
    const place = { x: left + wide / 2, y: row, "font-size": size, "text-anchor": "middle" };
    group.append(s("g", { class: isBad ? "chip bad" : "chip" }, s("rect", box), s("text", place, text)));
    left += wide + 3;
  }
  return group;
}
