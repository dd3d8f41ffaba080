// @ts-check
// The count of a search, as it runs: how many runs were tried, with how many failures, and how many are
// ruled out.

import { h, reducedMotion } from "./dom.js";

/** How long the count takes to come to where the search is, in milliseconds. */
const CATCHES_UP = 1200;

/** @typedef {{ runs: number, depth: number, out: number }} Tally */

/** @type {Tally} */
const NONE = { runs: 0, depth: 0, out: 0 };

export class SearchCount {
  constructor() {
    this.figures = { runs: h("dd"), depth: h("dd"), out: h("dd") };
    const { runs, depth, out } = this.figures;
    this.element = h(
      "dl",
      { class: "search-count" },
      h("div", {}, h("dt", {}, "runs tried"), runs),
      h("div", {}, h("dt", {}, "failures deep"), depth),
      h("div", { class: "out" }, h("dt", {}, "ruled out"), out),
    );
    this.shown = NONE;
    this.round = 0;
  }

  clear() {
    this.round += 1;
    this.put(NONE);
  }

  /** @param {Tally} tally */
  put(tally) {
    this.shown = tally;
    this.figures.runs.textContent = tally.runs.toLocaleString("en");
    this.figures.depth.textContent = String(tally.depth);
    this.figures.out.textContent = tally.out.toLocaleString("en");
  }

  /**
   * Counts up to where a search is. Resolves when it is there, or when it is to count to something else.
   *
   * @param {Tally} tally
   * @returns {Promise<void>}
   */
  countTo(tally) {
    this.round += 1;
    const { round, shown } = this;
    if (reducedMotion.matches || !this.element.checkVisibility()) {
      this.put(tally);
      return Promise.resolve();
    }
    return new Promise((done) => {
      const began = performance.now();
      const step = (/** @type {number} */ now) => {
        if (this.round !== round) return done();
        const part = Math.min(1, (now - began) / CATCHES_UP);
        const between = (/** @type {keyof Tally} */ key) => Math.round(shown[key] + (tally[key] - shown[key]) * part);
        this.put({ runs: between("runs"), depth: between("depth"), out: between("out") });
        if (part < 1) requestAnimationFrame(step);
        else done();
      };
      requestAnimationFrame(step);
    });
  }
}
