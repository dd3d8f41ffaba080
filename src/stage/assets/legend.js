// @ts-check
// The legend of the field: what letters and dots stand for, where messages have no words on them.

/** @import { Measures } from "./layout.js" */
/** @import { Kind } from "./tokens.js" */

import { s } from "./dom.js";

/**
 * @param {ReadonlyMap<string, number>} colours
 * @param {Kind} kind
 * @param {Measures} measures
 */
export function legend(colours, kind, { unit, height }) {
  if (kind === "words" || colours.size === 0) return [];
  const rows = [...colours].slice(0, 4).map(([words, colour], index) => {
    const y = height - unit * (1.2 + (colours.size - 1 - index) * 1.6);
    const side = unit * 0.9;
    const shape =
      colour === 1
        ? s("rect", { class: "shape", x: unit - unit * 0.45, y: y - unit * 0.8, width: side, height: side })
        : s("circle", { class: "shape", cx: unit, cy: y - unit * 0.34, r: unit * 0.5 });
    const key = s("text", { class: "key", x: unit * 2, y, "font-size": unit * 0.95 }, words || "a message");
    return s("g", { class: `token ink-${colour}` }, shape, key);
  });
  return [s("g", { class: "legend" }, ...rows)];
}
