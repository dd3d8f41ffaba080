// @ts-check
// The label of a node: name, what went wrong, part, state, and what the node told its user. It takes
// no more than its room: what matters least is left out first, and is still in the inspector.

/** @import { NodeShown } from "../wire.d.ts" */
/** @import { Chips } from "./chips.js" */
/** @import { Fact } from "./facts.js" */
/** @import { Gauge } from "./gauge.js" */
/** @import { Box } from "./label_layout.js" */
/** @import { Measures, Side } from "./layout.js" */
/** @import { Known } from "./nodes.js" */
/** @import { Run } from "./run.js" */

import { chipsOf, chipsOfFact, drawChips, MOST_TALLIES, rowsOfChips } from "./chips.js";
import { isCrowd } from "./crowd.js";
import { s } from "./dom.js";
import { elementsOf, stateWords } from "./facts.js";
import { drawGauge, gaugeOf, isGauge } from "./gauge.js";
import { isNamedIn } from "./spoken.js";
import { broken, folded, width } from "./text.js";

/** The heights of a line of text and of a row of chips, in sizes and units. */
const LINE = 1.28;
const CHIPS = 1.9;
const CHIP = 1.5;
/** A label's widest line, in units: beside its node, and above or below it. */
const BESIDE = 12.5;
const UPRIGHT = 16;
/** The most lines of a state. */
const MOST_LINES = 3;
/** The longest states are measured, so many. */
const MOST_MEASURED = 12;
/** With so many nodes, a label says that a node is a traitor, but not how it lies. */
const MANY = 6;
/** So many facts are drawn beside a node. */
const MOST_FACTS = 3;
/** While one of more nodes than this looks, only names have room of their own. */
const MOST_ROOMY = 4;
/** A clock's error takes no more room than this. */
const LONGEST_ERROR = "−88 min 88 s";

/**
 * A node, and what is known of it: the outputs that complete the evidence of a violation, the properties
 * that are violated at this node, and the words of the sentence that is told.
 *
 * @typedef {{
 *   run: Run,
 *   node: NodeShown,
 *   known: Known,
 *   culprits: ReadonlySet<number>,
 *   violated: readonly string[],
 *   hasDial: boolean,
 *   words: ReadonlySet<string>,
 * }} Labelled
 *
 * A row of a label. The rows of the lowest rank are left out last.
 *
 * @typedef {{
 *   rank: number,
 *   high: number,
 *   wide: number,
 *   class: string,
 *   size: number,
 *   text: string,
 *   chips?: Chips,
 *   gauge?: Gauge,
 * }} Row
 *
 * @typedef {"start" | "middle" | "end"} Anchor
 *
 * A label as it is drawn: its elements and its box around the node's middle, and where the error of
 * the node's clock is written.
 *
 * @typedef {{
 *   elements: SVGElement[],
 *   box: Box | null,
 *   error: { x: number, y: number, size: number, anchor: Anchor } | null,
 * }} Drawn
 */

/**
 * Returns how much room the label of a node will want, at most.
 *
 * @param {Run} run
 * @param {number} index
 * @param {Side} side
 * @param {Measures} measures
 */
export function needOf(run, index, side, measures) {
  // The names of a crowd are placed together.
  if (isCrowd(run.nodes.length)) return { wide: 0, high: 0 };
  const { unit, crowded } = measures;
  const { states, outputs, statuses } = run.lives[index];
  const node = run.nodes[index];
  const most = unit * (side === "left" || side === "right" ? BESIDE : UPRIGHT);
  const kinds = new Set(outputs.filter((output) => !output.decision).map((output) => output.name));
  const rows = nameRows(node.name, most, measures);
  // Where rooms are narrow, a name may need a second line.
  if (crowded) rows.push(textRow("", "name", 0, unit));
  const isBroken = run.reveals.some(({ culprits }) => [...culprits].some((id) => run.events[id]?.node === index));
  if (isBroken) rows.push(textRow(`✗ ${longest(run.show.verdicts.map(({ name }) => name))}`, "wrong", 1, unit));
  if (node.traitor) rows.push(textRow(partOf(run, node), "part", 2, unit), textRow("", "state", 5, unit));
  if (statuses.length > 0) rows.push(textRow("crashed", "part", 2, unit));
  if (run.show.clocks) rows.push(textRow(LONGEST_ERROR, "error", 1, unit));
  // While a node looks, there is less room: its state has what the names of all leave.
  const isModest = crowded || (run.knowledge !== null && run.nodes.length > MOST_ROOMY);
  const texts = isModest ? [] : [...new Set(states.map(({ facts }) => stateWords(run, facts.filter(isPlain))))];
  const measured = texts.sort((a, b) => b.length - a.length).slice(0, MOST_MEASURED);
  const lines = measured.map((text) => broken(text, most, unit).slice(0, MOST_LINES));
  const tallest = lines.reduce((best, one) => (one.length > best.length ? one : best), []);
  rows.push(...tallest.map((text) => textRow(text, "state", 5, unit)));
  const drawn = isModest ? 0 : drawnFacts(states);
  const chips = (Math.min(kinds.size, MOST_TALLIES) + drawn) * unit * CHIPS;
  const widest = Math.max(...rows.map(({ wide }) => wide), ...lines.flat().map((text) => width(text, unit)));
  return {
    wide: Math.min(chips > 0 ? most : widest + unit * 0.4, most),
    high: rows.reduce((sum, row) => sum + row.high, 0) + chips + unit * 0.3,
  };
}

/** @param {readonly string[]} texts */
function longest(texts) {
  return texts.reduce((best, text) => (text.length > best.length ? text : best), "");
}

/**
 * Draws a label in its room, which is around the node's middle.
 *
 * @param {Labelled} labelled
 * @param {Side} side
 * @param {Box} room
 * @param {Measures} measures
 * @returns {Drawn}
 */
export function labelOf(labelled, side, room, measures) {
  const [wide, high] = [room.right - room.left, room.bottom - room.top];
  const rows = withState(
    fitting(rowsOf(labelled, wide, measures), high, wide, measures.unit),
    labelled,
    room,
    measures,
  );
  const height = rows.reduce((sum, row) => sum + row.high, 0);
  /** @type {Anchor} */
  const anchor = side === "left" ? "end" : side === "right" ? "start" : "middle";
  const x = { start: room.left, middle: (room.left + room.right) / 2, end: room.right }[anchor];
  const top = topOf(side, room, height);
  /** @type {Drawn} */
  const drawn = { elements: [], box: null, error: null };
  let y = top;
  for (const { size, high, class: look, text, chips, gauge } of rows) {
    const base = y + high - size * (LINE - 1);
    if (gauge) drawn.elements.push(drawGauge(gauge, { x, y: y + (high - size * 1.5) / 2, anchor, size }));
    else if (chips) drawn.elements.push(...chipRows(chips, { x, y, anchor, size }));
    else if (look === "error") drawn.error = { x, y: base, size, anchor };
    else drawn.elements.push(s("text", { class: look, x, y: base, "font-size": size, "text-anchor": anchor }, text));
    y += high;
  }
  if (rows.length > 0) {
    const widest = Math.max(...rows.map((row) => row.wide));
    const left = { start: x, middle: x - widest / 2, end: x - widest }[anchor];
    drawn.box = { left, right: left + widest, top, bottom: y };
  }
  return drawn;
}

/**
 * @param {Chips} chips
 * @param {{ x: number, y: number, anchor: Anchor, size: number }} place
 */
function chipRows(chips, { x, y, anchor, size }) {
  const inset = (size * (CHIPS - CHIP)) / 2;
  const rows = chips.below ? [chips, chips.below] : [chips];
  return rows.map((row, nth) => drawChips(row, { x, y: y + nth * size * CHIPS + inset, anchor, size }));
}

/**
 * Returns where a label begins: beside its node in the middle, if the room allows that.
 *
 * @param {Side} side
 * @param {Box} room
 * @param {number} height
 */
function topOf(side, room, height) {
  if (side === "below") return room.top;
  if (side === "above") return room.bottom - height;
  return Math.min(Math.max(-height / 2, room.top), room.bottom - height);
}

/**
 * Returns the rows for which there is room, those of the lowest rank first.
 *
 * @param {readonly Row[]} rows
 * @param {number} high
 * @param {number} wide
 * @param {number} unit
 */
function fitting(rows, high, wide, unit) {
  const kept = new Set();
  let rest = high + 1;
  for (const row of [...rows].sort((a, b) => a.rank - b.rank)) {
    if (row.high > rest || row.wide > wide + unit * 0.2) continue;
    kept.add(row);
    rest -= row.high;
  }
  return rows.filter((row) => kept.has(row));
}

/**
 * Returns rows with the node's state among them, as much of it as there is still room for. What a
 * node knew is gone with its memory.
 *
 * @param {Row[]} rows
 * @param {Labelled} labelled
 * @param {Box} room
 * @param {Measures} measures
 */
function withState(rows, { run, known }, { left, right, top, bottom }, { unit, crowded }) {
  if (crowded || known.status === "down") return rows;
  const rest = bottom - top + 1 - rows.reduce((sum, row) => sum + row.high, 0);
  const most = Math.min(MOST_LINES, Math.floor(rest / (unit * LINE)));
  // The badge says what was decided.
  const isTold = known.outputs.some(({ decision }) => decision);
  const facts = known.facts.filter((fact) => isPlain(fact) && !(isTold && fact.name === "decided"));
  const lines = folded(stateWords(run, facts), right - left, unit, most);
  /** @type {(row: Row) => boolean} */
  const isDrawn = ({ chips, gauge }) => chips !== undefined || gauge !== undefined;
  const texts = lines.map((text) => textRow(text, "state", 6, unit, 400));
  return [...rows.filter((row) => !isDrawn(row)), ...texts, ...rows.filter(isDrawn)];
}

/**
 * @param {Labelled} labelled
 * @param {number} wide
 * @param {Measures} measures
 * @returns {Row[]}
 */
function rowsOf(labelled, wide, measures) {
  const { run, node, known, culprits, violated, hasDial, words } = labelled;
  const { unit } = measures;
  const rows = nameRows(node.name, wide, measures);
  for (const name of violated) rows.push(textRow(`✗ ${name}`, "wrong", 1, unit));
  if (node.traitor) {
    const whole = textRow(partOf(run, node), "part", 3, unit);
    if (whole.wide <= wide) rows.push(whole);
    else rows.push(textRow("traitor", "part", 3, unit), ...lieRows(run, node, wide, unit));
  }
  if (known.status !== "up") rows.push(textRow(known.status === "down" ? "crashed" : "paused", "part", 2, unit));
  if (hasDial) rows.push(textRow(LONGEST_ERROR, "error", 2, unit));
  for (const [nth, chips] of chipsOf(run, known.outputs, culprits, { room: wide, size: unit, words }).entries()) {
    const rank = chips.isBad || chips.isNamed ? 1 : 4 + nth;
    rows.push({ rank, high: unit * CHIPS, wide: chips.wide, class: "chips", size: unit, text: "", chips });
  }
  return measures.crowded || known.status === "down"
    ? rows
    : [...rows, ...factRows(run, known.facts, { room: wide, size: unit, words })];
}

/**
 * Returns the rows of what a node knows and a picture shows better than words.
 *
 * @param {Run} run
 * @param {readonly Fact[]} facts
 * @param {{ room: number, size: number, words: ReadonlySet<string> }} drawing
 * @returns {Row[]}
 */
function factRows(run, facts, drawing) {
  const { size: unit, words } = drawing;
  const drawn = facts.filter((fact) => !isPlain(fact) && elementsOf(fact)?.elements.length !== 0);
  const named = drawn.filter(({ name }) => isNamedIn(words, name));
  const kept = new Set([...named, ...drawn].slice(0, MOST_FACTS));
  return drawn
    .filter((fact) => kept.has(fact))
    .map((fact, nth) => {
      const row = {
        rank: named.includes(fact) ? 1 : 7 + nth,
        high: unit * CHIPS,
        class: "chips",
        size: unit,
        text: "",
      };
      const gauge = gaugeOf(fact, unit);
      if (gauge) return { ...row, wide: gauge.wide, gauge };
      const chips = chipsOfFact(run, fact, drawing);
      const [rank, high] = [chips?.isNamed ? 1 : row.rank, row.high * rowsOfChips(chips)];
      return { ...row, rank, high, wide: chips?.wide ?? 0, ...(chips ? { chips } : {}) };
    });
}

/**
 * Whether a fact is said in words beside its node; others are drawn.
 *
 * @param {Fact} fact
 */
function isPlain(fact) {
  return elementsOf(fact) === null && !isGauge(fact);
}

/**
 * Returns how many rows a node's drawn facts take at most.
 *
 * @param {readonly { facts: readonly Fact[] }[]} states
 */
function drawnFacts(states) {
  const counts = states.map(({ facts }) => facts.filter((fact) => !isPlain(fact)).length);
  return Math.min(Math.max(0, ...counts), MOST_FACTS);
}

/**
 * @param {string} name
 * @param {number} wide
 * @param {Measures} measures
 */
function nameRows(name, wide, { unit, crowded }) {
  // A long name is smaller, and only then on two lines.
  const sizes = crowded ? [unit] : [unit * 1.36, unit * 1.15, unit];
  const size = sizes.find((size) => width(name, size, 700) <= wide) ?? unit;
  return broken(name, wide, size, 700).map((text) => ({ ...textRow(text, "name", 0, size, 700) }));
}

/**
 * @param {string} text
 * @param {string} look
 * @param {number} rank
 * @param {number} size
 * @param {number} [weight]
 * @returns {Row}
 */
function textRow(text, look, rank, size, weight = 650) {
  return { rank, high: size * LINE, wide: width(text, size, weight), class: look, size, text };
}

/**
 * Returns how a traitor lies, below that it is one.
 *
 * @param {Run} run
 * @param {NodeShown} node
 * @param {number} wide
 * @param {number} unit
 */
function lieRows(run, { lie }, wide, unit) {
  if (!lie || run.nodes.length >= MANY) return [];
  return broken(lie, wide, unit, 400).map((text) => textRow(text, "state", 5, unit, 400));
}

/**
 * @param {Run} run
 * @param {NodeShown} node
 */
function partOf(run, { lie }) {
  return lie && run.nodes.length < MANY ? `traitor · ${lie}` : "traitor";
}
