// @ts-check
// What a stop speaks of: the events that happen there, with their nodes and messages.

/** @import { Run, RunEvent } from "./run.js" */

import { TELLING } from "./stops.js";

/**
 * The events, nodes and messages that are spoken of, by number, and the words of the sentence that does,
 * in small letters.
 *
 * @typedef {{
 *   events: ReadonlySet<number>,
 *   nodes: ReadonlySet<number>,
 *   messages: ReadonlySet<number>,
 *   words: ReadonlySet<string>,
 * }} Spoken
 */

/** @type {Spoken} */
export const NOTHING_SPOKEN = { events: new Set(), nodes: new Set(), messages: new Set(), words: new Set() };

/** Of more events than this at one moment, none stands out. */
const MOST = 6;

/**
 * Returns what is spoken of where a run stands. Between two stops that is nothing.
 *
 * @param {Run} run
 * @param {{ at: number, count: number, stop: number }} here
 * @returns {Spoken}
 */
export function spokenAt(run, { at, count, stop }) {
  const told = run.stops[stop];
  if (!told || told.at !== at || told.count !== count || told.kind === "opening" || told.kind === "question")
    return NOTHING_SPOKEN;
  const about = told.kind === "beat" ? run.beats[told.index].event : null;
  const events = about === null ? matteringAt(run, at, count) : [run.events[about]];
  const words = told.kind === "beat" ? wordsOf(told.say) : NOTHING_SPOKEN.words;
  if (events.length === 0 || events.length > MOST) return { ...NOTHING_SPOKEN, words };
  const messages = events.flatMap(({ message }) => (message === undefined ? [] : [message]));
  const nodes = events.flatMap(({ node }) => (node === undefined ? [] : [node]));
  const receivers = about === null ? [] : messages.map((message) => run.messages[message].to);
  return {
    events: new Set(events.map(({ id }) => id)),
    nodes: new Set([...nodes, ...receivers]),
    messages: new Set(messages),
    words,
  };
}

/**
 * Returns the words of a text, in small letters.
 *
 * @param {string} text
 */
export function wordsOf(text) {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}

/**
 * Whether a sentence of these words names something: it has all words of its name.
 *
 * @param {ReadonlySet<string>} words
 * @param {string} name
 */
export function isNamedIn(words, name) {
  const own = words.size > 0 ? [...wordsOf(name)] : [];
  return own.length > 0 && own.every((word) => words.has(word));
}

/**
 * Returns the events of a moment that matter; those that tell something where none does.
 *
 * @param {Run} run
 * @param {number} at
 * @param {number} count
 */
function matteringAt(run, at, count) {
  const mattering = run.moments.filter((id) => id < count && run.events[id].at === at).map((id) => run.events[id]);
  return mattering.length > 0 ? mattering : tellingAt(run, at, count);
}

/**
 * Returns the events of a moment that tell something.
 *
 * @param {Run} run
 * @param {number} at
 * @param {number} count
 */
function tellingAt({ events }, at, count) {
  /** @type {RunEvent[]} */
  const found = [];
  for (let i = count - 1; i >= 0 && events[i].at === at; i--) if (TELLING.has(events[i].what)) found.push(events[i]);
  return found;
}
