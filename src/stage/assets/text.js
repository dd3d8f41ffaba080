// @ts-check
// Measures text, and breaks it into lines.

import { contextOf } from "./dom.js";

const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/**
 * Returns the width of `text` in pixels.
 *
 * @param {string} text
 * @param {number} size
 * @param {number} [weight]
 */
export function width(text, size, weight = 400) {
  context ??= contextOf(document.createElement("canvas"));
  context.font = `${weight} ${size}px ${SANS}`;
  return context.measureText(text).width;
}

/**
 * Returns `text` in at most `lines` lines of at most `room` pixels. What does not fit ends in `…`.
 *
 * @param {string} text
 * @param {number} room
 * @param {number} size
 * @param {number} lines
 * @param {number} [weight]
 */
export function wrap(text, room, size, lines, weight = 400) {
  /** @type {string[]} */
  const wrapped = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    // The last line takes all that is left.
    if (line && wrapped.length + 1 < lines && width(longer, size, weight) > room) {
      wrapped.push(line);
      line = word;
    } else line = longer;
  }
  if (line) wrapped.push(shorten(line, room, size, weight));
  return wrapped;
}

/**
 * Returns `text` in one line of at most `room` pixels.
 *
 * @param {string} text
 * @param {number} room
 * @param {number} size
 * @param {number} [weight]
 */
export function shorten(text, room, size, weight = 400) {
  if (width(text, size, weight) <= room) return text;
  let end = text.length;
  while (end > 1 && width(`${text.slice(0, end).trimEnd()}…`, size, weight) > room) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}
