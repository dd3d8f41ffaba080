// @ts-check
// What is behind the nodes: two hills and a valley, a wire, or nothing.

/** @import { Layout } from "../wire.d.ts" */
/** @import { Measures, Point } from "./layout.js" */

import { s } from "./dom.js";

/**
 * @param {Layout} layout
 * @param {readonly Point[]} places
 * @param {Measures} measures
 */
export function scenery(layout, places, measures) {
  if (layout === "hills" && places.length === 2) return hills(places[0], places[1], measures);
  if ((layout === "row" || layout === "split") && places.length > 1) return wire(places, measures.unit);
  return s("g");
}

/**
 * Draws a hill for the camp of each general, and the enemy in the valley between.
 *
 * @param {Point} left
 * @param {Point} right
 * @param {Measures} measures
 */
function hills(left, right, { width, height, radius }) {
  const foot = height * 0.93;
  /** @type {(x: number, top: number, reach: number) => string} */
  const slope = (x, top, reach) =>
    `M${x - reach} ${foot}C${x - reach * 0.5} ${foot} ${x - reach * 0.5} ${top} ${x} ${top}` +
    `S${x + reach * 0.5} ${foot} ${x + reach} ${foot}Z`;
  const top = left.y + radius * 0.45;
  const reach = width * 0.36;
  const middle = width / 2;
  /** @type {(x: number, size: number) => string} */
  const tent = (x, size) => `M${x - size} ${foot}L${x} ${foot - size * 1.3} ${x + size} ${foot}Z`;
  return s(
    "g",
    { class: "hills", "aria-hidden": "true" },
    s("path", { class: "far", d: slope(left.x - width * 0.13, top + (foot - top) * 0.3, reach * 0.9) }),
    s("path", { class: "far", d: slope(right.x + width * 0.13, top + (foot - top) * 0.3, reach * 0.9) }),
    s("path", { class: "near", d: slope(left.x, top, reach) }),
    s("path", { class: "near", d: slope(right.x, top, reach) }),
    s("path", { class: "ground", d: `M0 ${foot}H${width}V${height}H0Z` }),
    s("path", {
      class: "tents",
      d: [-0.05, 0, 0.05].map((at, i) => tent(middle + at * width, i === 1 ? 15 : 10)).join(""),
    }),
  );
}

/**
 * Draws a wire from each node to the next; from the first to all others where they are not in a
 * row.
 *
 * @param {readonly Point[]} places
 * @param {number} unit
 */
function wire(places, unit) {
  const isRow = places.every((place) => place.y === places[0].y);
  const wires = places.slice(1).map((place, index) => {
    const from = isRow ? places[index] : places[0];
    const [dx, dy] = [place.x - from.x, place.y - from.y];
    const off = unit * 0.5;
    const length = Math.hypot(dx, dy) || 1;
    const [nx, ny] = [(-dy / length) * off, (dx / length) * off];
    return `M${from.x + nx} ${from.y + ny}L${place.x + nx} ${place.y + ny}M${from.x - nx} ${from.y - ny}L${place.x - nx} ${place.y - ny}`;
  });
  return s("path", { class: "wire", d: wires.join(""), "aria-hidden": "true" });
}
