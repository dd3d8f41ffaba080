// @ts-check
// A ruler with all clocks on one scale: how far they are apart now. It goes from the clock that is
// farthest behind to the one that is farthest ahead, whatever all of them are away from true time, so
// that what is between them shows where dials look alike.

/** @import { Box } from "./label_layout.js" */
/** @import { Measures } from "./layout.js" */
/** @import { Run } from "./run.js" */
/** @import { Ways } from "./ways.js" */

import { isToScale } from "./dial.js";
import { s, set } from "./dom.js";
import { initialsOf } from "./initials.js";
import { boxAround, layOut } from "./label_layout.js";
import { along } from "./layout.js";
import { width } from "./text.js";
import { linkOf } from "./ways.js";
import { signed, span } from "./words.js";

/** The fewest clocks that can be apart, and the most that a ruler tells apart. */
const FEWEST = 2;
const MOST = 12;
/** A clock is off the ruler that is so many times as far away as the others are apart. */
const FAR = 50;
/**
 * The ruler's shapes, in units: how wide it is, how far the line is from its edges, and how many rows
 * it has. The numbers at its ends are beside each other, or below each other.
 */
const SHAPES = [
  { wide: 13, rows: 4 },
  { wide: 8.6, rows: 5 },
];
const INSET = 1.2;
const ROW = 1.35;
/** How many ways of a link are looked at, and where along them. */
const MOST_OF_LINK = 4;
const PARTS = Array.from({ length: 17 }, (_, i) => (i + 2) / 20);
/** How many places are tried across the field, and up. */
const PLACES = 9;

/**
 * A clock on the ruler: how far along it is, from 0 to 1, and the side on which it is off it.
 *
 * @typedef {{ node: number, part: number, off: -1 | 0 | 1 }} Mark
 *
 * @typedef {{ element: SVGGElement, box: Box, show: (at: number) => void }} Ruler
 *
 * What is around a ruler: what it may not cover, and what it had better not.
 *
 * @typedef {{ taken: readonly Box[], crossed: readonly Box[] }} Around
 */

/**
 * Returns where clocks are between the one farthest behind and the one farthest ahead; null where
 * there are not two of them.
 *
 * @param {readonly number[]} errors of the clocks, in nanoseconds
 * @returns {{ low: number, high: number, marks: Mark[] } | null}
 */
export function onRuler(errors) {
  if (errors.length < FEWEST) return null;
  const sorted = [...errors].sort((a, b) => a - b);
  const [low, high] = near(sorted);
  const marks = errors.map((error, node) => {
    /** @type {Mark["off"]} */
    const off = error < low ? -1 : error > high ? 1 : 0;
    const part = high > low ? (error - low) / (high - low) : 0.5;
    return { node, part: Math.min(1, Math.max(0, part)), off };
  });
  return { low, high, marks };
}

/**
 * Returns the ends of the ruler: one clock at either end may be so far away that it is left out.
 *
 * @param {readonly number[]} sorted
 */
function near(sorted) {
  const last = sorted.length - 1;
  const isFar = (/** @type {number} */ gap, /** @type {number} */ rest) => rest > 0 && gap > rest * FAR;
  if (last >= 2 && isFar(sorted[last] - sorted[last - 1], sorted[last - 1] - sorted[0]))
    return [sorted[0], sorted[last - 1]];
  if (last >= 2 && isFar(sorted[1] - sorted[0], sorted[last] - sorted[1])) return [sorted[1], sorted[last]];
  return [sorted[0], sorted[last]];
}

/**
 * Returns how far the clocks on the ruler are apart, and how many of all they are.
 *
 * @param {NonNullable<ReturnType<typeof onRuler>>} ruler
 */
function summary({ low, high, marks }) {
  const on = marks.filter(({ off }) => off === 0).length;
  const clocks = on === marks.length ? "The clocks" : `${on} of ${marks.length} clocks`;
  return `${clocks} are ${span(high - low, 3)} apart`;
}

/**
 * Returns the words above the line. A clock that is off the ruler comes first if there is no room for
 * both: that it is far away says more than how near the others are.
 *
 * @param {NonNullable<ReturnType<typeof onRuler>>} ruler
 * @param {string | undefined} off the clock that is off the ruler, and how far
 * @param {{ wide: number, unit: number }} shape
 */
function titleOf({ low, high }, off, { wide, unit }) {
  const apart = `${span(high - low, 3)} apart`;
  if (off === undefined) return apart;
  const both = `${apart} · ${off}`;
  return width(both, unit, 650) <= wide - unit * 0.6 ? both : off;
}

/**
 * Draws the ruler where the field is free. Null where the run has no clocks, or there is no room.
 *
 * @param {Run} run
 * @param {Measures} measures
 * @param {Around} around
 * @returns {Ruler | null}
 */
export function clockRuler(run, measures, around) {
  const { unit } = measures;
  const count = run.nodes.length;
  if (!run.show.clocks || count < FEWEST || count > MOST) return null;
  const bounds = { left: 4, top: 4, right: measures.width - 4, bottom: measures.height - 4 };
  const shapes = SHAPES.map(({ wide, rows }) => ({ wide: unit * wide, high: unit * ROW * (rows + 0.2), rows, unit }));
  const places = shapes.flatMap((shape) => grid(bounds, shape.wide, shape.high).map((box) => ({ box, shape })));
  const [chosen] = layOut([{ priority: 0, places: places.map(({ box }) => box) }], { ...around, bounds });
  if (chosen === null) return null;
  const { box, shape } = places[chosen];
  const element = s("g", {
    class: "clock-ruler",
    role: "img",
    transform: `translate(${box.left.toFixed(1)} ${box.top.toFixed(1)})`,
  });
  const letters = initialsOf(run.nodes.map(({ name }) => name));
  let key = "";
  /** @type {Ruler["show"]} */
  const show = (at) => {
    set(element, { visibility: isToScale(run, at) ? null : "hidden" });
    const errors = run.nodes.map((_, node) => Math.round(run.clockAt(node, at) ?? 0));
    if (errors.join() === key) return;
    key = errors.join();
    const ruler = onRuler(errors);
    if (!ruler) return;
    const said = errors.map((error, node) => `${run.nodes[node].name} ${signed(error)}`).join(", ");
    set(element, { "aria-label": `${summary(ruler)}: ${said}` });
    const off = ruler.marks.find((mark) => mark.off !== 0);
    const title = titleOf(ruler, off && `${letters[off.node]} ${signed(errors[off.node])}`, shape);
    element.replaceChildren(...drawn(letters, ruler, title, shape));
  };
  return { element, box, show };
}

/**
 * Returns boxes along the ways of a run's messages.
 *
 * @param {Run} run
 * @param {Ways} ways
 * @param {Measures} measures
 */
export function boxesOfWays({ messages }, ways, { unit }) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  const some = messages.filter(({ from, to }) => {
    const count = (counts.get(linkOf(from, to)) ?? 0) + 1;
    counts.set(linkOf(from, to), count);
    return count <= MOST_OF_LINK;
  });
  return some.flatMap((message) => PARTS.map((part) => boxAround(along(ways.of(message), part), unit, unit)));
}

/**
 * Returns places all over the field: those at its lower edge first.
 *
 * @param {Box} bounds
 * @param {number} wide
 * @param {number} high
 * @returns {Box[]}
 */
function grid({ left, right, top, bottom }, wide, high) {
  const [across, down] = [right - left - wide, bottom - top - high];
  if (across < 0 || down < 0) return [];
  const parts = Array.from({ length: PLACES }, (_, index) => index / (PLACES - 1));
  return parts.flatMap((up) =>
    parts.map((along) => {
      const [x, y] = [right - wide - along * across, bottom - high - up * down];
      return { left: x, right: x + wide, top: y, bottom: y + high };
    }),
  );
}

/**
 * @param {readonly string[]} letters
 * @param {NonNullable<ReturnType<typeof onRuler>>} ruler
 * @param {string} title
 * @param {{ wide: number, high: number, rows: number, unit: number }} shape
 */
function drawn(letters, { low, high, marks }, title, shape) {
  const { wide, high: tall, rows, unit } = shape;
  const inset = unit * INSET;
  const y = unit * ROW * 1.9;
  /** @type {(part: number) => number} */
  const place = (part) => inset + part * (wide - 2 * inset);
  const row = (/** @type {number} */ nth) => unit * ROW * (nth + 0.72);
  const text = (/** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ nth, anchor = "middle") =>
    s("text", { x: x.toFixed(1), y: row(nth).toFixed(1), "font-size": unit, "text-anchor": anchor }, words);
  const line = s("path", { class: "line", d: `M${place(0)} ${y}H${place(1)}` });
  const ticks = marks.map(({ part, off }) => {
    const x = place(part);
    if (off === 0) return s("path", { class: "tick", d: `M${x} ${y - unit * 0.45}V${y + unit * 0.15}` });
    const tip = unit * 0.4 * off;
    return s("path", { class: "tick", d: `M${x} ${y - tip}L${x + tip} ${y}L${x} ${y + tip}` });
  });
  const names = lettersOf(letters, marks, place, shape).map(({ words, x }) => text(words, x, 2));
  const [from, to] = [unit * 0.4, wide - unit * 0.4];
  // Clocks that agree may agree on a time that is wrong.
  const agreed = agreedTold(low, shape).map((words, nth) => text(words, wide / 2, 3 + nth));
  const ends =
    signed(low) === signed(high)
      ? agreed
      : [text(signed(low), from, 3, "start"), text(signed(high), to, rows - 1, "end")];
  const plate = s("rect", { class: "plate", width: wide, height: tall, rx: unit * 0.4 });
  return [plate, text(title, wide / 2, 0), line, ...ticks, ...names, ...ends];
}

/**
 * Returns what clocks that agree show, in as many lines as a ruler has for it.
 *
 * @param {number} error how far they are ahead of true time
 * @param {{ wide: number, rows: number, unit: number }} shape
 */
function agreedTold(error, { wide, rows, unit }) {
  const [by, from] = [signed(error), "off true time"];
  const fits = (/** @type {string} */ words) => width(words, unit, 650) <= wide - unit * 0.6;
  if (error === 0 || !fits(from)) return [by];
  if (rows > 4) return [by, from];
  return fits(`${by} ${from}`) ? [`${by} ${from}`] : [by];
}

/**
 * Returns the letters of the clocks below their marks; those of clocks that are too near are one word.
 * No word leaves the ruler.
 *
 * @param {readonly string[]} letters
 * @param {readonly Mark[]} marks
 * @param {(part: number) => number} place
 * @param {{ wide: number, unit: number }} shape
 */
function lettersOf(letters, marks, place, { wide, unit }) {
  /** @type {{ all: string[], sum: number }[]} */
  const groups = [];
  const laid = () =>
    groups.map(({ all, sum }) => {
      const joined = all.join(" · ");
      const words = width(joined, unit, 650) <= wide - unit * 0.6 ? joined : `${all.length} clocks`;
      const half = width(words, unit, 650) / 2 + unit * 0.2;
      return { words, half, x: Math.min(Math.max(sum / all.length, half), wide - half) };
    });
  for (const { node, part } of [...marks].sort((a, b) => a.off - b.off || a.part - b.part)) {
    groups.push({ all: [letters[node]], sum: place(part) });
    for (let last = groups.length - 1; last > 0; last--) {
      const [before, now] = laid().slice(last - 1);
      if (now.x - before.x >= now.half + before.half) break;
      const [{ all, sum }] = groups.splice(last);
      groups[last - 1].all.push(...all);
      groups[last - 1].sum += sum;
    }
  }
  return laid();
}
