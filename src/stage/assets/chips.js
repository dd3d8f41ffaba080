// @ts-check
// What a node told its user, as chips: numbers one by one with how often they were told; of anything
// else the last.

/** @import { RunEvent } from "./run.js" */

import { s } from "./dom.js";
import { width } from "./text.js";
import { shown } from "./words.js";

/** So many kinds of outputs show at once: the last ones. */
export const MOST_TALLIES = 2;
/** Where more values of a kind were told, only the last shows. */
const MOST_VALUES = 40;
/** Between two chips, in pixels. */
const GAP = 3;

/**
 * What was told by one name: each value with how often it was told, and the last output.
 *
 * @typedef {{
 *   name: string,
 *   values: Map<RunEvent["value"], { count: number, output: RunEvent }>,
 *   last: RunEvent,
 * }} Tally
 *
 * A row of chips that fits its room. `rest` are the chips for which there is none.
 *
 * @typedef {{ text: string, isBad: boolean, wide: number }} Chip
 * @typedef {{ name: string, lead: number, chips: Chip[], rest: number, wide: number, isBad: boolean }} Chips
 */

/**
 * Returns what was told by name, except decisions, which are badges.
 *
 * @param {readonly RunEvent[]} outputs
 * @param {ReadonlySet<number>} culprits what a verdict points at
 * @param {number} room
 * @param {number} size
 * @returns {Chips[]}
 */
export function chipsOf(outputs, culprits, room, size) {
  const rows = [...tallied(outputs).values()].map((tally) => fitted(tally, culprits, room, size));
  // What a verdict points at stays, however much was told since.
  const wanted = [...rows.filter((row) => row.isBad), ...rows.filter((row) => !row.isBad).reverse()];
  const kept = new Set(wanted.slice(0, MOST_TALLIES));
  return rows.filter((row) => kept.has(row));
}

/** @param {readonly RunEvent[]} outputs */
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
  return names;
}

/**
 * @param {ReadonlySet<number>} culprits
 * @param {Tally} tally
 * @param {number} size
 * @returns {Chip[]}
 */
function chipsOfTally(culprits, { values, last }, size) {
  /** @type {(text: string, isBad: boolean) => Chip} */
  const chip = (text, isBad) => ({ text, isBad, wide: width(text, size, 600) + size * 0.9 });
  const areNumbers = [...values.keys()].every((value) => typeof value === "number");
  if (!areNumbers || values.size > MOST_VALUES) return [chip(shown(last.value), culprits.has(last.id))];
  return [...values].map(([value, { count, output }]) => {
    return chip(count > 1 ? `${value} ×${count}` : `${value}`, culprits.has(output.id));
  });
}

/**
 * Returns the chips of a tally for which there is room. What a verdict points at stays longest, and
 * what was told last.
 *
 * @param {Tally} tally
 * @param {ReadonlySet<number>} culprits
 * @param {number} room
 * @param {number} size
 * @returns {Chips}
 */
function fitted(tally, culprits, room, size) {
  const chips = chipsOfTally(culprits, tally, size);
  const isBad = chips.some((chip) => chip.isBad);
  let rest = 0;
  let lead = width(tally.name, size) + size * 0.5;
  const whole = () =>
    lead +
    chips.reduce((sum, chip) => sum + chip.wide + GAP, 0) +
    (rest > 0 ? width(`+${rest}`, size) + size * 0.5 : 0);
  while (chips.length > 1 && whole() > room) {
    const first = chips.findIndex((chip) => !chip.isBad);
    chips.splice(Math.max(first, 0), 1);
    rest += 1;
  }
  // Without the name rather than not at all.
  const isNamed = whole() <= room;
  if (!isNamed) lead = 0;
  return { name: isNamed ? tally.name : "", lead, chips, rest, wide: whole(), isBad };
}

/**
 * @param {Chips} row
 * @param {{ x: number, y: number, anchor: "start" | "middle" | "end", size: number }} place
 */
export function drawChips({ name, lead, chips, rest, wide }, { x, y, anchor, size }) {
  let left = { start: x, middle: x - wide / 2, end: x - wide }[anchor];
  const row = y + size * 1.1;
  const group = s("g", { class: "chips" });
  if (name) group.append(s("text", { class: "state", x: left, y: row, "font-size": size }, name));
  left += lead;
  if (rest > 0) {
    group.append(s("text", { class: "state", x: left, y: row, "font-size": size }, `+${rest}`));
    left += width(`+${rest}`, size) + size * 0.5;
  }
  for (const chip of chips) {
    const box = { x: left, y, width: chip.wide, height: size * 1.5, rx: size * 0.3 };
    const place = { x: left + chip.wide / 2, y: row, "font-size": size, "text-anchor": "middle" };
    group.append(s("g", { class: chip.isBad ? "chip bad" : "chip" }, s("rect", box), s("text", place, chip.text)));
    left += chip.wide + GAP;
  }
  return group;
}
