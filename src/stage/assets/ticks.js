// @ts-check
// The axis of the diagram: ticks with their moments, and folded stretches with their lengths.

/** @import { Scene } from "./scene.js" */

import { s } from "./dom.js";
import { width } from "./text.js";
import { span } from "./words.js";

/** The height of the axis: the line, a row for moments, and below it one for the lengths of gaps. */
export const AXIS = 38;
const SIZE = 13;
/** How far the line of the axis is above the lowest row. */
const LINE_UP = 29;
/** The half width of the first tick's text. */
const TICK = 5;
/** The least distance of two texts. */
const APART_TEXTS = 10;
/** The least distance of ticks, in pixels. */
const APART = 95;
/** The most ticks of a stretch. */
const MOST_TICKS = 200;

/** Steps of a minute and more. */
const LONG_STEPS = [60e9, 300e9, 600e9, 1800e9, 3600e9, 7200e9, 21600e9, 43200e9, 86400e9];

/** @param {Scene} scene */
export function drawAxis(scene) {
  return [...drawFolds(scene), ...drawLine(scene), ...drawTicks(scene)];
}

/**
 * Draws the line of the axis, which gaps break.
 *
 * @param {Scene} scene
 */
function drawLine(scene) {
  const y = scene.sizes.height - 8 - LINE_UP;
  return visibleStretches(scene)
    .filter(({ folded }) => !folded)
    .map(({ from, to }) =>
      s("path", { class: "tick", d: `M${scene.x(from).toFixed(1)} ${y}H${scene.x(to).toFixed(1)}` }),
    );
}

/** @param {Scene} scene */
function visibleStretches({ run, window }) {
  return run.timeScale.stretches.filter(({ from, to }) => to >= window.from && from <= window.to);
}

/** @param {Scene} scene */
function drawFolds(scene) {
  const { sizes, x } = scene;
  const y = sizes.height - 8;
  let taken = -Infinity;
  return visibleStretches(scene).flatMap(({ from, to, folded }) => {
    if (!folded) return [];
    const gap = drawGap(x(from), x(to), y - LINE_UP);
    const words = gapWords(to - from);
    const half = width(words, SIZE) / 2;
    // A gap at the start of the run has no room to its left.
    const place = Math.max((x(from) + x(to)) / 2, x(0) + half - TICK);
    if (place - half < taken) return gap;
    taken = place + half + APART_TEXTS;
    const look = { class: "fold-length", "font-size": SIZE, "text-anchor": "middle" };
    return [...gap, axisText(words, { ...look, x: place, y }, place - half, place + half)];
  });
}

/**
 * Draws where the axis is broken: a zigzag on it, and dashes up through the lanes.
 *
 * @param {number} left
 * @param {number} right
 * @param {number} y
 */
function drawGap(left, right, y) {
  const teeth = 4;
  const step = (right - left) / (teeth * 2);
  const zigzag = Array.from({ length: teeth }, () => `l${step.toFixed(2)} -7l${step.toFixed(2)} 7`).join("");
  const middle = ((left + right) / 2).toFixed(1);
  return [
    s("path", { class: "fold", d: `M${middle} ${y - 10}V6` }),
    s("path", { class: "gap", d: `M${left.toFixed(1)} ${y}${zigzag}` }),
  ];
}

/**
 * Says how long a stretch is of which nothing is drawn, which no tick says.
 *
 * @param {number} ns
 */
export function gapWords(ns) {
  const words = span(ns, 2);
  return `${words} ${/^1 \D+$/.test(words) ? "passes" : "pass"}`;
}

/** @param {Scene} scene */
function drawTicks(scene) {
  const { run, sizes, x, window } = scene;
  const y = sizes.height - 8;
  const step = tickStep(APART / run.timeScale.pxPerNs);
  /** @type {{ place: number, half: number }[]} */
  const taken = [];
  /** @type {SVGElement[]} */
  const elements = [];
  /** @type {(at: number) => void} */
  const add = (at) => {
    const words = tickLabel(at, step);
    const place = x(at);
    const half = width(words, SIZE) / 2 + APART_TEXTS / 2;
    if (taken.some((other) => Math.abs(other.place - place) < other.half + half)) return;
    taken.push({ place, half });
    const look = { class: "tick", "font-size": SIZE, "text-anchor": "middle" };
    elements.push(
      axisText(words, { ...look, x: place.toFixed(1), y: y - 15 }, place - half, place + half),
      s("path", { class: "tick", d: `M${place.toFixed(1)} ${y - LINE_UP}v-5` }),
    );
  };
  const stretches = visibleStretches(scene).filter(({ folded }) => !folded);
  for (const { from } of stretches) add(Math.max(from, 0));
  for (const { from, to } of stretches) {
    const first = Math.ceil(Math.max(from, window.from) / step) * step;
    for (let i = 0; i < MOST_TICKS && first + i * step <= Math.min(to, window.to); i++) add(first + i * step);
  }
  return elements;
}

/**
 * Returns a text of the axis, which does not show where it would be cut at an edge.
 *
 * @param {string} words
 * @param {Record<string, string | number>} look
 * @param {number} left
 * @param {number} right
 */
function axisText(words, look, left, right) {
  return s("text", { ...look, "data-left": left.toFixed(1), "data-right": right.toFixed(1) }, words);
}

/**
 * Returns the smallest step of at least `ns`: 1, 2 or 5 times a power of ten, or whole minutes and
 * hours.
 *
 * @param {number} ns
 */
export function tickStep(ns) {
  const long = ns > 30e9 && LONG_STEPS.find((step) => ns <= step);
  if (long) return long;
  for (let unit = 1; ; unit *= 10) {
    const digit = [1, 2, 5].find((digit) => unit * digit >= ns);
    if (digit) return unit * digit;
  }
}

/**
 * Returns a moment as exactly as the step of the ticks needs.
 *
 * @param {number} at
 * @param {number} step
 */
export function tickLabel(at, step) {
  if (at === 0) return "0";
  const digits = Math.max(3, Math.ceil(Math.log10(at / Math.max(step, 1))) + 1);
  return span(at, Math.min(digits, 9));
}
