// @ts-check
// How large a label of the diagram is.

import { LABEL, LINE } from "./scene.js";
import { broken, width } from "./text.js";

/** Longer labels are on several lines. */
const WIDEST = 190;

/**
 * Returns the lines of a label and its size. No word is cut.
 *
 * @param {string} words
 */
export function sizeOf(words) {
  const lines = broken(words, WIDEST, LABEL, 650);
  const wide = Math.max(...lines.map((line) => width(line, LABEL, 650))) + 8;
  return { lines, wide, high: lines.length * LINE + 2 };
}
