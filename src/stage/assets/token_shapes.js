// @ts-check
// How a message on its way looks: a pill with its words, or a disc with a letter; and the tail
// behind it.

/** @import { Way } from "./layout.js" */
/** @import { Message } from "./run.js" */

import { s } from "./dom.js";
import { broken, width } from "./text.js";

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
 * A token as it is drawn, and its size.
 *
 * @typedef {{ elements: (SVGElement | null)[], wide: number, high: number }} Shape
 */

/**
 * @param {Message} message
 * @param {number} unit
 * @param {number} whole the width of the field
 * @returns {Shape}
 */
export function pill(message, unit, whole) {
  const size = unit * 1.06;
  const words = message.words || "message";
  const quoted = message.lie ? `“${words}”` : words;
  const room = Math.min(unit * 14, whole * 0.34);
  const lines = broken(quoted, room, size, 700);
  const truth = message.truth ? broken(`instead of “${message.truth}”`, Math.max(room, unit * 9), unit) : [];
  const widest = Math.max(...lines.map((line) => width(line, size, 700)), ...truth.map((line) => width(line, unit)));
  const wide = widest + size * 1.5;
  const high = lines.length * size * 1.2 + truth.length * unit * 1.15 + size * 0.55;
  /** @type {(grow: number) => Record<string, number>} */
  const frame = (grow) => ({
    x: -wide / 2 - grow,
    y: -high / 2 - grow,
    width: wide + 2 * grow,
    height: high + 2 * grow,
    rx: Math.min((high + 2 * grow) / 2, unit * 1.5),
  });
  const texts = lines.map((line, i) => s("text", { "font-size": size, y: -high / 2 + size * 1.2 * (i + 1) }, line));
  const below = -high / 2 + lines.length * size * 1.2 + size * 0.1;
  const truths = truth.map((line, i) => {
    return s("text", { class: "truth", "font-size": unit, y: below + unit * 1.15 * (i + 1) }, line);
  });
  const elements = [
    message.copy ? s("rect", { class: "double", ...frame(3.5) }) : null,
    s("rect", { class: "shape", ...frame(0) }),
    ...texts,
    ...truths,
    cross(high * 0.5),
  ];
  return { elements, wide, high };
}

/**
 * @param {Message} message
 * @param {number} unit
 * @param {number} colour
 * @returns {Shape}
 */
export function disc(message, unit, colour) {
  const size = unit * 0.98;
  const letter = (message.words || "·")[0].toUpperCase();
  const [corner, side] = [-size * 0.88, size * 1.76];
  const square = { x: corner, y: corner, width: side, height: side, rx: size * 0.25 };
  const elements = [
    s("circle", { class: "target", r: Math.max(size, 12) }),
    colour === 1 ? s("rect", { class: "shape", ...square }) : s("circle", { class: "shape", r: size }),
    s("text", { "font-size": size * 1.05, dy: "0.36em" }, letter),
    cross(size),
  ];
  return { elements, wide: size * 2, high: size * 2 };
}

/**
 * What a token is without its words, where there is no room for them.
 *
 * @param {number} size
 */
export function dot(size) {
  return s("circle", { class: "dot shape", r: size / 2 });
}

/** @param {number} size */
function cross(size) {
  return s("path", { class: "cross", d: `M${-size} ${-size}L${size} ${size}M${size} ${-size}L${-size} ${size}` });
}
