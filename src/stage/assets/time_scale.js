// @ts-check
// Two scales of time. In the diagram, time runs evenly except for folded stretches. While a run
// plays, a message takes about as long as an eye needs to follow it, and a stretch in which nothing
// happens is soon over.

/** @import { Stretch } from "../wire.d.ts" */
/** @import { Message } from "./run.js" */

import { countNumbersUpTo, countUpTo } from "./binary_search.js";

/** The width of a folded stretch, in pixels. */
export const FOLD = 34;

/** Converts between moments and places in the diagram. */
export class TimeScale {
  /** @param {readonly Stretch[]} stretches */
  constructor(stretches) {
    this.stretches = stretches.length > 0 ? stretches : [{ from: 0, to: 1, folded: false }];
    /** How many nanoseconds are in stretches that are not folded. */
    this.busy = this.stretches.reduce((sum, s) => sum + (s.folded ? 0 : s.to - s.from), 0) || 1;
    this.folds = this.stretches.filter((stretch) => stretch.folded).length;
    this.pxPerNs = 1;
    /** @type {number[]} */
    this.lefts = [];
    this.width = 0;
    this.scale(1);
  }

  /**
   * Sets how many pixels a nanosecond takes.
   *
   * @param {number} pxPerNs
   */
  scale(pxPerNs) {
    this.pxPerNs = pxPerNs;
    let x = 0;
    this.lefts = this.stretches.map((stretch) => {
      const left = x;
      x += stretch.folded ? FOLD : (stretch.to - stretch.from) * pxPerNs;
      return left;
    });
    this.width = x;
  }

  /**
   * Makes the whole run `width` pixels wide.
   *
   * @param {number} width
   */
  fit(width) {
    this.scale(Math.max(width - this.folds * FOLD, width * 0.3) / this.busy);
  }

  /**
   * Returns the place of a moment.
   *
   * @param {number} at
   */
  x(at) {
    const index = Math.min(
      this.stretches.length - 1,
      countUpTo(this.stretches, at, (s) => s.to),
    );
    const stretch = this.stretches[index];
    const length = Math.max(1, stretch.to - stretch.from);
    const part = Math.min(Math.max(at - stretch.from, 0), length) / length;
    return this.lefts[index] + part * (stretch.folded ? FOLD : length * this.pxPerNs);
  }

  /**
   * Returns the moment at a place.
   *
   * @param {number} x
   */
  at(x) {
    const index = Math.max(0, countNumbersUpTo(this.lefts, x) - 1);
    const stretch = this.stretches[index];
    const width = stretch.folded ? FOLD : (stretch.to - stretch.from) * this.pxPerNs;
    const part = Math.min(Math.max((x - this.lefts[index]) / Math.max(width, 1e-9), 0), 1);
    return stretch.from + part * (stretch.to - stretch.from);
  }
}

/** How many seconds a typical message takes at the usual speed. */
const TYPICAL_MESSAGE = 1.7;
/** The most seconds between two moments. */
const LONGEST_GAP = 3.2;
/** The most seconds of a folded stretch. */
const LONGEST_FOLD = 0.5;
/** The most seconds of a whole run, and the fewest. */
const LONGEST_RUN = 240;
const SHORTEST_RUN = 3;

/**
 * What a playback needs to know of a run.
 *
 * @typedef {{
 *   ends: number,
 *   events: readonly { at: number }[],
 *   messages: readonly Pick<Message, "sent" | "ends" | "ending">[],
 *   timeScale: TimeScale,
 * }} Playable
 */

/** Converts between moments and seconds of playing. */
export class Playback {
  /** @param {Playable} run */
  constructor(run) {
    const moments = new Set([0, run.ends]);
    for (const event of run.events) moments.add(event.at);
    for (const message of run.messages) moments.add(Math.min(message.ends, run.ends));
    this.moments = [...moments].filter((at) => at <= run.ends).sort((a, b) => a - b);
    const flights = run.messages.filter((m) => m.ends > m.sent && m.ending !== "withheld");
    const lengths = flights.map((m) => m.ends - m.sent).sort((a, b) => a - b);
    const typical = lengths[lengths.length >> 1] ?? run.timeScale.busy / 12;
    const { stretches } = run.timeScale;
    const seconds = [0];
    for (let i = 1; i < this.moments.length; i++) {
      const [from, to] = [this.moments[i - 1], this.moments[i]];
      const { folded } = stretches[Math.max(0, countUpTo(stretches, from, (s) => s.from) - 1)];
      const even = ((to - from) / typical) * TYPICAL_MESSAGE;
      seconds.push(seconds[i - 1] + Math.min(folded ? LONGEST_FOLD : LONGEST_GAP, even));
    }
    const whole = seconds[seconds.length - 1];
    let rate = 1;
    if (whole > LONGEST_RUN) rate = LONGEST_RUN / whole;
    else if (whole > 0 && whole < SHORTEST_RUN) rate = SHORTEST_RUN / whole;
    this.seconds = seconds.map((second) => second * rate);
    this.length = this.seconds[this.seconds.length - 1];
  }

  /**
   * Returns the second at which a moment is played.
   *
   * @param {number} at
   */
  second(at) {
    return interpolated(this.moments, this.seconds, at);
  }

  /**
   * Returns the moment that is played at a second.
   *
   * @param {number} second
   */
  at(second) {
    return interpolated(this.seconds, this.moments, second);
  }
}

/**
 * Returns the value of `to` where `from` is `value`, linear between their entries.
 *
 * @param {readonly number[]} from
 * @param {readonly number[]} to
 * @param {number} value
 */
function interpolated(from, to, value) {
  const next = countNumbersUpTo(from, value);
  if (next === 0) return to[0];
  if (next === from.length) return to[to.length - 1];
  const part = (value - from[next - 1]) / (from[next] - from[next - 1]);
  return to[next - 1] + part * (to[next] - to[next - 1]);
}
