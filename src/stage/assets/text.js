// @ts-check
// Measures text, and breaks it into lines.

import { contextOf } from "./dom.js";

const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/** Widths that were measured before, at most so many. */
const MOST_KNOWN = 4000;
/** @type {Map<string, number>} */
const known = new Map();

/**
 * Returns the width of `text` in pixels.
 *
 * @param {string} text
 * @param {number} size
 * @param {number} [weight]
 */
export function width(text, size, weight = 400) {
  const key = `${weight} ${size} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  context ??= contextOf(document.createElement("canvas"));
  context.font = `${weight} ${size}px ${SANS}`;
  const measured = context.measureText(text).width;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, measured);
  return measured;
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

/**
 * Returns `text` in as many lines of at most `room` pixels as it needs. Nothing is left out: a word
 * that is longer than a line is broken.
 *
 * @param {string} text
 * @param {number} room
 * @param {number} size
 * @param {number} [weight]
 * @returns {string[]}
 */
export function broken(text, room, size, weight = 400) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (width(longer, size, weight) <= room) line = longer;
    else {
      if (line) lines.push(line);
      const parts = partsOf(word, room, size, weight);
      lines.push(...parts.slice(0, -1));
      line = parts[parts.length - 1];
    }
  }
  return line ? [...lines, line] : lines;
}

/**
 * Returns a word in parts of at most `room` pixels; after a hyphen where there is one.
 *
 * @param {string} word
 * @param {number} room
 * @param {number} size
 * @param {number} weight
 */
function partsOf(word, room, size, weight) {
  /** @type {string[]} */
  const parts = [];
  let rest = word;
  while (rest.length > 1 && width(rest, size, weight) > room) {
    let end = rest.length - 1;
    while (end > 1 && width(rest.slice(0, end), size, weight) > room) end -= 1;
    const hyphen = rest.slice(0, end).lastIndexOf("-") + 1;
    if (hyphen > 1) end = hyphen;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}

/**
 * Returns as much of `text` as there is room for: whole clauses, and how many more there are. None
 * where the first one does not fit.
 *
 * @param {string} text
 * @param {number} room
 * @param {number} size
 * @param {number} lines
 * @returns {string[]}
 */
export function folded(text, room, size, lines) {
  const clauses = text.split(/(?<=[,;·]) /);
  for (let kept = clauses.length; kept > 0; kept--) {
    const rest = clauses.length - kept;
    const words = clauses
      .slice(0, kept)
      .join(" ")
      .replace(/[,;·]$/, "");
    const all = broken(rest > 0 ? `${words} +${rest}` : words, room, size);
    const isWhole = text.split(/\s+/).every((word) => width(word, size) <= room);
    if (all.length <= lines && isWhole) return all;
  }
  return [];
}
