// @ts-check
// What belongs together in a row of chips: the entries of a table that a node told its user of, with
// how often each is there; of anything else the last; the elements of what it knows.

/** @import { Elements } from "../wire.d.ts" */
/** @import { Fact, Named } from "./facts.js" */
/** @import { Run, RunEvent } from "./run.js" */

import { s } from "./dom.js";
import { elementsOf, keyWords } from "./facts.js";
import { isNamedIn } from "./spoken.js";
import { width } from "./text.js";
import { quotable } from "./told.js";
import { shown } from "./words.js";

/** So many kinds of outputs show at once: the last ones. */
export const MOST_TALLIES = 2;
/** None of so few elements is folded away: two values may be what a decision is about. */
const FEW = 3;
/** Of a table with more entries, those that are there once are counted, not shown. */
const MOST_ENTRIES = 20;
/** Where no sentence is told. @type {ReadonlySet<string>} */
const NO_WORDS = new Set();
/** Between two chips, in pixels. */
const GAP = 3;

/**
 * A chip, and a row of them that fits its room. `rest` are those for which there is none, or that
 * were left out before, and `below` are those of a second row. `isNamed`: the sentence that is told names it.
 *
 * @typedef {{ text: string, isBad: boolean, isNamed: boolean, wide: number }} Chip
 * @typedef {{
 *   name: string,
 *   lead: number,
 *   chips: Chip[],
 *   rest: number,
 *   wide: number,
 *   isBad: boolean,
 *   isNamed: boolean,
 *   below?: Chips,
 * }} Chips
 *
 * What the chips are drawn for: how wide the row may be, the size of its type, and the words of the
 * sentence that is told.
 *
 * @typedef {{ room: number, size: number, words?: ReadonlySet<string> }} Drawing
 *
 * The entries of a table: each value with how often it is there, and how many of the values are not
 * listed, since they are there once as they should be.
 *
 * @typedef {{ value: RunEvent["value"], count: number, ids: number[] }} Entry
 */

/**
 * Returns what was told by name, except decisions, which are badges.
 *
 * @param {Pick<Run, "show">} run
 * @param {readonly RunEvent[]} outputs
 * @param {ReadonlySet<number>} culprits what a verdict points at
 * @param {Drawing} drawing
 * @returns {Chips[]}
 */
export function chipsOf({ show }, outputs, culprits, drawing) {
  const { words = NO_WORDS } = drawing;
  /** @type {(text: string, isBad: boolean) => Chip} */
  const chip = (text, isBad) => chipOf(text, isBad, drawing);
  const rows = [...byName(outputs)].map(([name, told]) => {
    const last = told[told.length - 1];
    if (!show.tables.includes(name)) {
      return fitted(name, [chip(shown(last.value), culprits.has(last.id))], 0, drawing);
    }
    const { counted, once } = entriesOf(told, culprits, words);
    const chips = counted.map(({ value, count, ids }) => {
      return chip(
        count > 1 ? `${shown(value)} ×${count}` : shown(value),
        count > 1 || ids.some((id) => culprits.has(id)),
      );
    });
    return fitted(name, once > 0 ? [chip(`${once} once`, false), ...chips] : chips, 0, drawing);
  });
  // What a verdict points at stays, and what the sentence names, however much was told since.
  /** @type {(row: Chips) => number} */
  const worth = ({ isBad, isNamed }) => (isBad ? 2 : 0) + (isNamed ? 1 : 0);
  const wanted = [...rows].reverse().sort((one, other) => worth(other) - worth(one));
  const kept = new Set(wanted.slice(0, MOST_TALLIES));
  return rows.filter((row) => kept.has(row));
}

/** @param {readonly RunEvent[]} outputs */
function byName(outputs) {
  /** @type {Map<string, RunEvent[]>} */
  const names = new Map();
  for (const output of outputs) {
    const { name = "", decision } = output;
    if (decision) continue;
    const told = names.get(name);
    if (told) told.push(output);
    else names.set(name, [output]);
  }
  return names;
}

/**
 * Returns the entries of a table in order. Of many, only those are listed that are there more than
 * once, that a verdict points at, or that the sentence names.
 *
 * @param {readonly RunEvent[]} told
 * @param {ReadonlySet<number>} [culprits]
 * @param {ReadonlySet<string>} [words] those of the sentence that is told
 * @returns {{ counted: Entry[], once: number }}
 */
export function entriesOf(told, culprits = new Set(), words = NO_WORDS) {
  /** @type {Map<RunEvent["value"], Entry>} */
  const values = new Map();
  for (const { value, id } of told) {
    const entry = values.get(value) ?? { value, count: 0, ids: [] };
    values.set(value, entry);
    entry.count += 1;
    entry.ids.push(id);
  }
  const entries = [...values.values()].sort((one, other) => inOrder(one.value, other.value));
  if (entries.length <= MOST_ENTRIES) return { counted: entries, once: 0 };
  const odd = entries.filter(
    ({ value, count, ids }) => count > 1 || ids.some((id) => culprits.has(id)) || isNamedIn(words, shown(value)),
  );
  return { counted: odd, once: entries.length - odd.length };
}

/** @type {(one: RunEvent["value"], other: RunEvent["value"]) => number} */
function inOrder(one, other) {
  return typeof one === "number" && typeof other === "number" ? one - other : 0;
}

/**
 * Returns the elements of what a node knows, as chips; null for a fact that has none.
 *
 * @param {Named} run
 * @param {Fact} fact
 * @param {Drawing} drawing
 */
export function chipsOfFact(run, fact, drawing) {
  const held = elementsOf(fact);
  if (!held) return null;
  const chips = held.elements.map(({ key, value, marked = false }) => {
    const words = keyWords(run, key);
    return chipOf(value === undefined ? words : `${words} ${quotable(run, value)}`, marked, drawing);
  });
  const tally = tallied(held, drawing);
  const { more } = held;
  const few = chips.length <= FEW ? chips : [];
  const ways = [
    () => fitted(fact.name, [...chips], more, drawing),
    ...(few.length > 0 ? [() => fitted("", [...few], more, drawing)] : []),
    ...(tally.length > 0 ? [fact.name, ""].map((name) => () => fitted(name, [...tally], more, drawing)) : []),
    ...[few, tally].map((all) => () => inTwoRows(all, more, drawing)),
  ];
  for (const way of ways) {
    const row = way();
    if (row?.rest === more) return row;
  }
  return tally.length > 0 ? fitted("", [...tally], more, drawing) : fitted(fact.name, [...chips], more, drawing);
}

/**
 * Returns chips in two rows; null where they want more.
 *
 * @param {readonly Chip[]} chips
 * @param {number} more how many were left out before
 * @param {Drawing} drawing
 * @returns {Chips | null}
 */
function inTwoRows(chips, more, drawing) {
  for (let first = chips.length - 1; first > 0; first--) {
    const upper = fitted("", chips.slice(0, first), more, drawing);
    const below = fitted("", chips.slice(first), 0, drawing);
    if (upper.rest > more || upper.wide > drawing.room) continue;
    return below.rest > 0 ? null : { ...upper, wide: Math.max(upper.wide, below.wide), below };
  }
  return null;
}

/**
 * Returns how often each value is in a table, as chips: the votes. Of numbers there are mostly as many
 * as there are rows, so they are not counted.
 *
 * @param {Elements} held
 * @param {Drawing} drawing
 */
function tallied({ elements }, drawing) {
  /** @type {Map<string, { count: number, marked: boolean }>} */
  const values = new Map();
  for (const { value, marked = false } of elements) {
    if (value === undefined || /\d/.test(value)) return [];
    const known = values.get(value);
    values.set(value, { count: (known?.count ?? 0) + 1, marked: marked || (known?.marked ?? false) });
  }
  const ordered = [...values].sort(([, one], [, other]) => other.count - one.count);
  return ordered.map(([value, { count, marked }]) => chipOf(`${count} ${value}`, marked, drawing));
}

/**
 * @param {string} text
 * @param {boolean} isBad
 * @param {Drawing} drawing
 * @returns {Chip}
 */
function chipOf(text, isBad, { size, words = NO_WORDS }) {
  return {
    text,
    isBad,
    isNamed: isNamedIn(words, text.replace(/ ×\d+$/, "")),
    wide: width(text, size, 600) + size * 0.9,
  };
}

/**
 * Returns the chips for which there is room. What is marked stays longest, then what the sentence
 * names, and what comes last.
 *
 * @param {string} name
 * @param {Chip[]} chips
 * @param {number} before how many were left out before
 * @param {Drawing} drawing
 * @returns {Chips}
 */
function fitted(name, chips, before, { room, size, words = NO_WORDS }) {
  const isBad = chips.some((chip) => chip.isBad);
  let rest = before;
  let lead = name ? width(name, size) + size * 0.5 : 0;
  const whole = () =>
    lead +
    chips.reduce((sum, chip) => sum + chip.wide + GAP, 0) +
    (rest > 0 ? width(`+${rest}`, size) + size * 0.5 : 0);
  while (chips.length > 1 && whole() > room) {
    const plain = chips.findIndex((chip) => !chip.isBad && !chip.isNamed);
    const first = plain < 0 ? chips.findIndex((chip) => !chip.isBad) : plain;
    chips.splice(Math.max(first, 0), 1);
    rest += 1;
  }
  const isNamed = isNamedIn(words, name) || chips.some((chip) => chip.isNamed);
  // Without the name rather than not at all.
  const hasName = whole() <= room;
  if (!hasName) lead = 0;
  return { name: hasName ? name : "", lead, chips, rest, wide: whole(), isBad, isNamed };
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

/**
 * Returns how many rows chips take.
 *
 * @param {Chips | null} chips
 */
export function rowsOfChips(chips) {
  return chips?.below ? 2 : 1;
}
