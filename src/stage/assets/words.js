// @ts-check
// Durations, numbers, and what messages and nodes are called, in words.

/** @import { Ending } from "../wire.d.ts" */
/** @import { Message, Run } from "./run.js" */

/** @type {[string, number][]} */
const UNITS = [
  ["s", 1e9],
  ["ms", 1e6],
  ["µs", 1e3],
  ["ns", 1],
];

/** @type {[string, number][]} */
const LONG_UNITS = [
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** So many digits after the point, as sentences of the program have them. */
const DECIMALS = 3;

/**
 * Returns a duration to `digits` significant digits, or as sentences of the program have it: `26.4 ms`.
 *
 * @param {number} ns nanoseconds
 * @param {number | null} [digits]
 */
export function span(ns, digits = null) {
  if (ns === 0) return "0";
  const size = Math.abs(ns);
  if (size >= 120e9) return longSpan(ns);
  const [unit, one] = UNITS.find(([, one]) => size >= one) ?? UNITS[3];
  const value = ns / one;
  const decimals = digits === null ? DECIMALS : Math.max(0, digits - Math.ceil(Math.log10(Math.abs(value) + 1e-12)));
  return `${Number(value.toFixed(decimals))} ${unit}`.replace("-", "−");
}

/**
 * Returns a duration in days, hours, minutes and seconds: the two largest of them, rounded.
 *
 * @param {number} ns
 */
function longSpan(ns) {
  const seconds = Math.abs(ns) / 1e9;
  const largest = LONG_UNITS.findIndex(([, one]) => seconds >= one);
  const [, least] = LONG_UNITS[Math.min(largest + 1, LONG_UNITS.length - 1)];
  let rest = Math.round(seconds / least) * least;
  /** @type {(string | null)[]} */
  const parts = [];
  for (const [unit, one] of LONG_UNITS) {
    const count = Math.floor(rest / one);
    rest -= count * one;
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count} ${unit}` : null);
    if (parts.length === 2) break;
  }
  return (ns < 0 ? "−" : "") + parts.filter(Boolean).join(" ");
}

/** A duration as the server writes it: `-12.3ms`, `1h 58m 53.946s`. */
const DURATION = /^-?\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d)(?: \d+(?:\.\d+)?(?:s|m|h))*$/;
/** @type {Record<string, number>} */
const NANOSECONDS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9, d: 86400e9 };

/**
 * Returns a value that a process output or noted; durations as people write them.
 *
 * @param {string | number | undefined} value
 */
export function shown(value) {
  if (typeof value !== "string" || !DURATION.test(value)) return String(value);
  const parts = value.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g);
  const ns = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * NANOSECONDS[unit], 0);
  return span(value.startsWith("-") ? -ns : ns);
}

/** @type {Record<string, string>} */
const UNITS_WRITTEN = { us: "µs", m: "min" };

/** A duration amid words: not a part of a name or of a number, as in `v2s` and `10ms-link`. */
const AMID = /(?<![\w.:=@-])-?\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d)(?: \d+(?:\.\d+)?(?:ms|s|m|h))*(?![\w-]|[.:]\w)/g;

/**
 * Returns words with their durations as people write them.
 *
 * @param {string} words
 */
export function timed(words) {
  return words.replace(AMID, (duration) =>
    duration.replace("-", "−").replaceAll(/([a-z]+)/g, (unit) => ` ${UNITS_WRITTEN[unit] ?? unit}`),
  );
}

/**
 * Returns the error of a clock with its sign.
 *
 * @param {number} ns
 */
export function signed(ns) {
  return ns === 0 ? "±0" : `${ns > 0 ? "+" : "−"}${span(Math.abs(ns), 3)}`;
}

/**
 * Returns `1st`, `2nd`, `3rd` …
 *
 * @param {number} n
 */
export function ordinal(n) {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return `${n}${["th", "st", "nd", "rd"][n % 10] ?? "th"}`;
}

/** @type {Record<Ending, string>} */
const FATES = {
  delivered: "delivered",
  lost: "lost by the network",
  corrupted: "arrived damaged and was dropped",
  cut: "cut off by a partition",
  "to-crashed": "reached a node that was down",
  "in-flight": "still in flight when the run ended",
  withheld: "never sent",
};

/**
 * Returns what happened to a message, in a few words.
 *
 * @param {Message} message
 */
export function fate(message) {
  return FATES[message.ending];
}

/**
 * Returns what a message says. With a question mark, where a node cannot know whether it arrived.
 *
 * @param {Pick<Message, "words" | "isUnsure">} message
 */
export function saidOf({ words, isUnsure }) {
  return isUnsure ? `${words} ?`.trim() : words;
}

/**
 * Returns how a message looks to a node that cannot know whether it arrived, or that neither sent nor
 * heard it.
 *
 * @param {Pick<Message, "isUnsure" | "isUnseen">} message
 */
export function hazeOf({ isUnsure, isUnseen }) {
  return isUnseen ? "unseen-way" : isUnsure ? "unsure" : "";
}

/**
 * Returns a message's name for people: `alice → bob, 3rd`.
 *
 * @param {Run} run
 * @param {Message} message
 */
export function messageName(run, message) {
  const nth = Number.parseInt(message.name.split(":")[2], 10);
  const copy = message.copy ? ", the copy" : "";
  return `${run.nodes[message.from].name} → ${run.nodes[message.to].name}, ${ordinal(nth)}${copy}`;
}

/**
 * Returns the place in the queue of something that waits, as a sentence.
 *
 * @param {{ place: number }} queue
 */
export function queued({ place }) {
  return `Waiting for others: ${place === 1 ? "next" : ordinal(place)} in the queue …`;
}

/**
 * Returns words as a list: `a, b and c`.
 *
 * @param {readonly string[]} words
 */
export function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
