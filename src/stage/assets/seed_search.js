// @ts-check
// Searches for a seed: tries one after the other, until a run ends as wanted.

/** @import { Request } from "./forks.js" */

import * as api from "./api.js";
import { messageOfError } from "./dom.js";

/** How many seeds a search tries. */
const MOST_SEEDS = 400;

/** A property is violated, or all hold. */
/** @typedef {"violated" | "holds"} Wanted */

export class SeedSearch {
  constructor() {
    /**
     * The search that goes on. A later one ends it.
     *
     * @type {object | null}
     */
    this.latest = null;
  }

  /** Ends the search that goes on, if there is one. */
  end() {
    this.latest = null;
  }

  /**
   * Returns the next seed after that of a request with which a run ends as wanted; null for none.
   *
   * @param {Request} request
   * @param {string} seed the seed after which the search begins
   * @param {Wanted} wanted
   * @param {(words: string) => void} tell
   */
  async find(request, seed, wanted, tell) {
    const search = {};
    this.latest = search;
    let tried = seed;
    for (let i = 1; i <= MOST_SEEDS; i++) {
      tried = nextSeed(tried);
      /** @type {("holds" | "violated" | "unknown")[]} */
      let verdicts;
      try {
        const { report } = await api.run({ ...request, seed: tried });
        verdicts = report.properties.map((property) => property.verdict);
      } catch (error) {
        tell(messageOfError(error));
        return null;
      }
      if (this.latest !== search) return null;
      if (isAsWanted(verdicts, wanted)) return tried;
      if (i % 10 === 0) tell(`Tried ${i} seeds …`);
    }
    tell(`None of ${MOST_SEEDS} seeds. Change a knob, and try again.`);
    return null;
  }
}

/**
 * @param {readonly string[]} verdicts
 * @param {Wanted} wanted
 */
export function isAsWanted(verdicts, wanted) {
  return wanted === "holds" ? verdicts.every((verdict) => verdict === wanted) : verdicts.includes(wanted);
}

/**
 * Returns the seed after this one. Seeds are digits, since they may be larger than numbers are
 * exact.
 *
 * @param {string} seed
 */
export function nextSeed(seed) {
  return (BigInt(seed) + 1n).toString();
}
