// @ts-check
// The axis of the diagram: ticks with their moments, and folded stretches with their lengths.

/** @import { Scene } from "./scene.js" */

import { s } from "./dom.js";
import { width } from "./text.js";
import { span } from "./words.js";

/** The height of the axis. */
export const AXIS = 26;
const SIZE = 12;
/** The least distance of ticks, in pixels. */
const APART = 95;
/** The most ticks of a stretch. */
const MOST_TICKS = 200;

/** Steps of a minute and more. */
const LONG_STEPS = [60e9, 300e9, 600e9, 1800e9, 3600e9, 7200e9, 21600e9, 43200e9, 86400e9];

/** @param {Scene} scene */
export function drawAxis(scene) {
  return [...drawFolds(scene), ...drawTicks(scene)];
}

/** @param {Scene} scene */
function visibleStretches({ run, window }) {
  return run.timeScale.stretches.filter(({ from, to }) => to >= window.from && from <= window.to);
}

/** @param {Scene} scene */
function drawFolds(scene) {
  const { sizes, x } = scene;
  const y = sizes.height - 8;
  let last = -Infinity;
  return visibleStretches(scene).flatMap(({ from, to, folded }) => {
    if (!folded) return [];
    const middle = (x(from) + x(to)) / 2;
    const slash = `${y - 22}l-5 ${-sizes.height + 36}`;
    const fold = s("path", { class: "fold", d: `M${middle - 4} ${slash}M${middle + 6} ${slash}` });
    const words = span(to - from, 2);
    if (middle - last < width(words, 11) + 6) return [fold];
    last = middle;
    const look = { class: "fold-length", "font-size": 10.5, "text-anchor": "middle" };
    return [fold, s("text", { ...look, x: middle, y: y - 15 }, words)];
  });
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
    const half = width(words, SIZE) / 2 + 8;
    if (taken.some((other) => Math.abs(other.place - place) < other.half + half)) return;
    taken.push({ place, half });
    const look = { class: "tick", "font-size": SIZE, "text-anchor": at === 0 ? "start" : "middle" };
    elements.push(
      s("text", { ...look, x: place.toFixed(1), y }, words),
      s("path", { class: "tick", d: `M${place.toFixed(1)} ${y - 16}v5` }),
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
