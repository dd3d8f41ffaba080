// @ts-check
// How full something is that a node knows of: its name, a bar, and the numbers in words.

/** @import { Fact } from "./facts.js" */

import { s } from "./dom.js";
import { levelOf } from "./facts.js";
import { width } from "./text.js";

/** The length of a bar, in sizes of its text. */
const LONG = 3.6;

/**
 * @typedef {{ name: string, words: string, share: number, lead: number, long: number, wide: number }} Gauge
 */

/**
 * Whether a fact is how much there is of something that is limited.
 *
 * @param {Fact} fact
 */
export function isGauge(fact) {
  return levelOf(fact)?.limit !== undefined;
}

/**
 * Returns the gauge of a fact; null if it has none.
 *
 * @param {Fact} fact
 * @param {number} size
 * @returns {Gauge | null}
 */
export function gaugeOf(fact, size) {
  const { at, limit } = levelOf(fact) ?? { at: 0 };
  if (limit === undefined) return null;
  const { name } = fact;
  const words = `${at} of ${limit}`;
  const [lead, long] = [width(name, size) + size * 0.5, size * LONG];
  const share = limit > 0 ? Math.min(at / limit, 1) : 0;
  return { name, words, share, lead, long, wide: lead + long + size * 0.5 + width(words, size) };
}

/**
 * @param {Gauge} gauge
 * @param {{ x: number, y: number, anchor: "start" | "middle" | "end", size: number }} place
 */
export function drawGauge({ name, words, share, lead, long, wide }, { x, y, anchor, size }) {
  const left = { start: x, middle: x - wide / 2, end: x - wide }[anchor];
  const base = y + size * 1.1;
  const bar = { x: left + lead, y: y + size * 0.4, height: size * 0.8, rx: size * 0.2 };
  return s(
    "g",
    { class: "gauge" },
    s("text", { class: "state", x: left, y: base, "font-size": size }, name),
    s("rect", { class: "track", ...bar, width: long }),
    s("rect", { class: "fill", ...bar, width: long * share }),
    s("text", { class: "state", x: left + lead + long + size * 0.5, y: base, "font-size": size }, words),
  );
}
