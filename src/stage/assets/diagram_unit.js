// @ts-check
// The unit in which the diagram is drawn.

import { LABEL } from "./scene.js";
import { leastTypeNow } from "./type_size.js";

/**
 * Returns the pixels of a unit of the diagram. It grows with the page's type, and no label is smaller
 * than the smallest text.
 *
 * @param {number} width of the diagram
 */
export function unitOf(width) {
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.max((root / 15) * (width < 480 ? 0.85 : 1), leastTypeNow() / LABEL);
}
