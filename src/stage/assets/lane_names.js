// @ts-check
// The names before the lanes of the diagram.

/** @import { LaneLayout } from "./lane_layout.js" */
/** @import { Run } from "./run.js" */

import { s } from "./dom.js";
import { boxAround, layOut } from "./label_layout.js";
import { LABEL } from "./scene.js";
import { broken, width } from "./text.js";

/** The room between names and lanes, and the most of the diagram's width that names take. */
const AROUND = 24;
const MOST = 0.34;
const LINE = 1.15;

/**
 * Returns the names before the lanes and the width that they take. No name is cut: a long one is on
 * two lines.
 *
 * @param {LaneLayout} laid
 * @param {Run} run
 * @param {{ whole: number, height: number, least: number }} room the diagram's width and height, and
 *   the least width before the lanes
 */
export function namesOf({ names, font: largest }, run, { whole, height, least }) {
  const widestOf = (/** @type {number} */ font) => Math.max(...names.map(({ words }) => width(words, font, 650)));
  // Names are smaller before one is broken, but never smaller than labels.
  const room = whole * MOST - AROUND;
  const font = clamp(largest * (room / widestOf(largest)), Math.min(LABEL, largest), largest);
  const widest = widestOf(font);
  const gutter = Math.min(Math.max(widest + AROUND, least), whole * MOST);
  const written = names.map(({ words, y, nodes }) => {
    const lines = broken(words, gutter - AROUND + 2, font, 650);
    const high = lines.length * font * LINE;
    const isTraitor = nodes.every((node) => run.nodes[node].traitor);
    return { lines, y, high, isTraitor };
  });
  const boxes = written.map(({ y, high }) => boxAround({ x: gutter / 2, y }, gutter - 2, high));
  const bounds = { left: 0, right: gutter, top: -font, bottom: height };
  // A name on two lines may have no room between its neighbours.
  const chosen = layOut(
    boxes.map((box, index) => ({ priority: -written[index].lines.length, places: [box, ...shifted(box)] })),
    { bounds },
  );
  const drawn = written.flatMap(({ lines, isTraitor }, index) => {
    const place = chosen[index];
    if (place === null) return [];
    const top = [boxes[index], ...shifted(boxes[index])][place].top;
    return lines.map((line, nth) => {
      const at = { x: gutter - 14, y: top + font * (0.92 + nth * LINE), "font-size": font };
      return s("text", { ...at, class: isTraitor ? "traitor" : "" }, line);
    });
  });
  return { names: drawn, gutter };
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/** @param {{ left: number, right: number, top: number, bottom: number }} box */
function shifted(box) {
  return [-4, 4, -8, 8].map((by) => ({ ...box, top: box.top + by, bottom: box.bottom + by }));
}
