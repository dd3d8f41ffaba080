// @ts-check
// What the odds of a scenario are about: the grid that is proposed for it, and its keys in words.

/** @import { ViewModel } from "../wire.d.ts" */
/** @import { Cast } from "./told.js" */

import { forksOfFlags } from "./forks.js";
import { named } from "./told.js";

/** @typedef {Pick<ViewModel, "swept" | "challenge" | "try" | "knobs" | "protocol">} Swept */

/** How likely messages are lost, where some are. */
const LOSS = "network.loss";
/** What a grid cannot have in a value: it separates values, or has a meaning in TOML. */
const NO_VALUE = /[,;[\]{}"' ]/;

/**
 * Returns the grid that is proposed, as `--over` takes it: empty for the scenario's own; else over what
 * its challenge or its what-ifs change, or over the loss, where messages are lost by chance. Null where
 * nothing is worth it.
 *
 * @param {Swept} show
 * @returns {string | null}
 */
export function gridFor(show) {
  if (show.swept.length > 0) return "";
  const axis = [...ofChallenge(show), ...ofWhatIfs(show)].find(isAxis);
  if (axis) return `${axis.key}=${axis.values.join(",")}`;
  return Number(setTo(show, LOSS)) > 0 ? `${LOSS}=0..0.9/0.1` : null;
}

/** @typedef {{ key: string, values: string[] }} Axis */

/** @param {Axis} axis */
function isAxis({ values }) {
  return values.length > 1 && !values.some((value) => NO_VALUE.test(value));
}

/**
 * @param {Swept} show
 * @returns {Axis[]}
 */
function ofChallenge({ challenge, protocol }) {
  const all = challenge?.change ?? [];
  const usable = all.filter(({ only }) => only.length === 0 || only.includes(protocol.name));
  return usable.map(({ key, values, now }) => axis(key, now, values));
}

/**
 * @param {Swept} show
 * @returns {Axis[]}
 */
function ofWhatIfs(show) {
  /** @type {Map<string, string[]>} */
  const tried = new Map();
  for (const { flags } of show.try)
    for (const { key, value } of forksOfFlags(flags))
      if (key !== undefined) tried.set(key, [...(tried.get(key) ?? []), String(value)]);
  return [...tried].map(([key, values]) => axis(key, setTo(show, key), values));
}

/**
 * @param {string} key
 * @param {string | number | boolean | null} now
 * @param {readonly string[]} values
 * @returns {Axis}
 */
function axis(key, now, values) {
  const all = [...new Set([...(now === null ? [] : [String(now)]), ...values])];
  const sizes = new Map(all.map((value) => [value, sizeOf(value)]));
  const isOrdered = ![...sizes.values()].includes(NaN);
  return { key, values: isOrdered ? all.sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0)) : all };
}

/** The units of time, in nanoseconds; and no unit. @type {Record<string, number>} */
const UNITS = { "": 1, ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9, d: 86400e9 };

/**
 * Returns how large a number or a time is; NaN for any other value.
 *
 * @param {string} value
 */
function sizeOf(value) {
  const [, number, unit] = /^(-?[\d.]+)([a-z]*)$/.exec(value) ?? [];
  return Number(number) * (UNITS[unit] ?? NaN);
}

/**
 * Returns what a key is set to; null if that is not known.
 *
 * @param {Pick<Swept, "knobs" | "protocol">} show
 * @param {string} key
 */
function setTo({ knobs, protocol }, key) {
  return key === "protocol" ? protocol.name : (knobs.find((knob) => knob.key === key)?.value ?? null);
}

/** What the keys of a clock say, of whom. @type {Record<string, string>} */
const CLOCKS = { offset: "how far ahead the clock of % is", "drift-ppm": "how fast the clock of % drifts, in ppm" };

/** A longer sentence does not fit beside an axis. */
const LONGEST = 80;

/**
 * Returns what a key of a grid is, in words: its own name where they are too many.
 *
 * @param {Pick<Swept, "knobs" | "challenge"> & Cast} run
 * @param {string} key
 */
export function keyTold({ knobs, challenge, nodes }, key) {
  const [group, id, ...rest] = key.split(".");
  const clock = group === "clock" && CLOCKS[rest.join(".")];
  if (clock) return named({ nodes }, clock.replace("%", id));
  const says = [...(challenge?.change ?? []), ...knobs].find((one) => one.key === key)?.says;
  // Its first sentence, up to what is said of special cases.
  const [words] = /^[^.;:]+/.exec(says ?? "") ?? [];
  if (!words || words.length > LONGEST) return shortOf(key);
  const told = words[0].toLowerCase() + words.slice(1);
  return group === "fault" && /\b(it|its)\b/.test(told) ? `${shortOf(key)}: ${told}` : told;
}

/**
 * Returns a key's own name, without what it belongs to: `attempts` of `params.attempts`.
 *
 * @param {string} key
 */
export function shortOf(key) {
  const parts = key.split(".").filter((part) => !/^\d+$/.test(part));
  const own = parts.length > 1 ? parts.slice(1) : parts;
  return own.join(" ").replaceAll("-", " ");
}

/**
 * Returns the settings of a line with the keys' own names: `attempts 2` of `params.attempts = 2`.
 *
 * @param {string} words
 */
export function keysShort(words) {
  return words.replace(/\b([a-z]+\.[\w.-]+) = /g, (_, key) => `${shortOf(key)} `);
}
