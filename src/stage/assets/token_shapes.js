// @ts-check
// How a message on its way looks: a pill with its words, or a disc with a letter; and the tail
// behind it.

/** @import { Way } from "./layout.js" */
/** @import { Message } from "./run.js" */

import { s } from "./dom.js";
import { shorten, width, wrap } from "./text.js";

/**
 * Returns the part of the way that lies behind a token.
 *
 * @param {Way} way
 * @param {number} x
 * @param {number} y
 * @param {number} part
 */
export function tailPath({ a, c }, x, y, part) {
  // The first part of a quadratic curve is one, too; its control point is on the line to the whole
  // one's.
  const [cx, cy] = [a.x + (c.x - a.x) * part, a.y + (c.y - a.y) * part];
  return `M${a.x.toFixed(1)} ${a.y.toFixed(1)}Q${cx.toFixed(1)} ${cy.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`;
}

/**
 * @param {Message} message
 * @param {number} unit
 * @param {number} whole the width of the field
 */
export function pill(message, unit, whole) {
  const [size, small] = [unit * 1.06, unit * 0.84];
  const words = message.words || "message";
  const quoted = message.lie ? `“${words}”` : words;
  const lines = wrap(quoted, Math.min(unit * 13, whole * 0.3), size, 2, 700);
  const truth = message.truth ? shorten(`instead of “${message.truth}”`, unit * 14, small) : null;
  const widest = Math.max(...lines.map((line) => width(line, size, 700)), truth ? width(truth, small) : 0);
  const wide = widest + size * 1.7;
  const high = lines.length * size * 1.2 + (truth ? unit * 1.05 : 0) + size * 0.62;
  /** @type {(grow: number) => Record<string, number>} */
  const frame = (grow) => ({
    x: -wide / 2 - grow,
    y: -high / 2 - grow,
    width: wide + 2 * grow,
    height: high + 2 * grow,
    rx: Math.min((high + 2 * grow) / 2, unit * 1.5),
  });
  const texts = lines.map((line, i) => s("text", { "font-size": size, y: -high / 2 + size * 1.2 * (i + 1) }, line));
  if (truth) texts.push(s("text", { class: "truth", "font-size": small, y: high / 2 - unit * 0.62 }, truth));
  return [
    message.copy ? s("rect", { class: "double", ...frame(3.5) }) : null,
    s("rect", { class: "shape", ...frame(0) }),
    ...texts,
    cross(high * 0.5),
  ];
}

/**
 * @param {Message} message
 * @param {number} unit
 * @param {number} colour
 */
export function disc(message, unit, colour) {
  const size = unit * 0.98;
  const letter = (message.words || "·")[0].toUpperCase();
  const [corner, side] = [-size * 0.88, size * 1.76];
  const square = { x: corner, y: corner, width: side, height: side, rx: size * 0.25 };
  return [
    s("circle", { class: "target", r: Math.max(size, 12) }),
    colour === 1 ? s("rect", { class: "shape", ...square }) : s("circle", { class: "shape", r: size }),
    s("text", { "font-size": size * 1.05, dy: "0.36em" }, letter),
    cross(size),
  ];
}

/** @param {number} size */
function cross(size) {
  return s("path", { class: "cross", d: `M${-size} ${-size}L${size} ${size}M${size} ${-size}L${-size} ${size}` });
}
