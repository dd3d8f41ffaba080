// @ts-check
// What a changed run may tell of the story that was written for the rehearsed one: the beats up to
// which both are the same, and none whose words a setting may have made false.

/** @import { BeatTold } from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */

import { countUpTo } from "./binary_search.js";

/**
 * What two runs are compared by.
 *
 * @typedef {{ events: readonly { at: number }[], answer: { order: Pick<Request, "set"> } }} Told
 */

/** Settings whose every effect is an event: faults, and what the network does to messages. */
const SHOWN = /^(fault|network)\b/;

/**
 * Returns the beats that are true of a changed run, too.
 *
 * @param {Told & { differs: number | null }} run
 * @param {Told & { show: { beats: readonly BeatTold[] } }} rehearsed
 * @returns {Set<BeatTold>}
 */
export function beatsThatHold(run, rehearsed) {
  if (isMeantOtherwise(run, rehearsed)) return new Set();
  const parts = run.differs ?? Infinity;
  /** @type {(told: Told, at: number) => number} */
  const countAt = ({ events }, at) => countUpTo(events, at, (event) => event.at);
  // What is lacking in one of them is a difference as well: no event up to the beat is another one.
  const isSameUpTo = (/** @type {number} */ at) => countAt(run, at) <= parts && countAt(rehearsed, at) <= parts;
  const { beats } = rehearsed.show;
  return new Set(beats.filter(({ at, event }) => isSameUpTo(at) && (event === null || event < parts)));
}

/**
 * Whether what the story tells first of the rehearsed run may be false of a changed one: a setting is
 * another, or chance is. What was only forced happens later, as an event.
 *
 * @param {Told & { seed: string }} run
 * @param {Told & { seed: string }} rehearsed
 */
export function isSetUpOtherwise(run, rehearsed) {
  const [here, there] = [run, rehearsed].map(({ seed, answer }) => JSON.stringify([seed, answer.order.set]));
  return here !== there;
}

/**
 * Whether a setting differs that can change what an event means without changing the event: from
 * when a lease counts, how far ahead a clock is.
 *
 * @param {Told} run
 * @param {Told} rehearsed
 */
function isMeantOtherwise(run, rehearsed) {
  const [here, there] = [run, rehearsed].map(({ answer }) => answer.order.set.map((pair) => JSON.stringify(pair)));
  const changed = [...here.filter((pair) => !there.includes(pair)), ...there.filter((pair) => !here.includes(pair))];
  return changed.some((pair) => !SHOWN.test(JSON.parse(pair)[0]));
}
