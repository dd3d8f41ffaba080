// @ts-check
// What a scenario offers besides its run, and what is said where it lacks what a key asks for.

/** @import { Swept } from "./axes.js" */
/** @import { ViewModel } from "../wire.d.ts" */

import { gridFor } from "./axes.js";
import { listed } from "./words.js";

/** @typedef {Swept & Pick<ViewModel, "try" | "has_search" | "twin" | "challenge">} Offering */

/** The most what-ifs that keys reach. */
const MOST_PREPARED = 9;

/**
 * Returns what a scenario offers, each with its key.
 *
 * @param {Offering} show
 */
export function offersOf(show) {
  const count = Math.min(show.try.length, MOST_PREPARED);
  const whatIfs = count > 1 ? `${count} what-ifs (Shift 1 – ${count})` : "a what-if (Shift 1)";
  return [
    ...(count > 0 ? [whatIfs] : []),
    ...(show.has_search ? ["the worst case (W)"] : []),
    ...(gridFor(show) === null ? [] : ["the odds (O)"]),
    ...(show.challenge ? ["a challenge (J)"] : []),
    ...(show.twin ? ["a twin (E)"] : []),
  ];
}

/**
 * Returns what is said where a scenario lacks something, and what it offers instead.
 *
 * @param {string} what that it lacks, as a sentence
 * @param {Offering} show
 */
export function lacking(what, show) {
  const offers = offersOf(show);
  return offers.length > 0 ? `${what} It offers ${listed(offers)}.` : what;
}
