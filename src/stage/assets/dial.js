// @ts-check
// A clock's dial: how far the clock is ahead of true time or behind it. The hand points up when it
// is right. The scale is logarithmic, so that both seconds and microseconds show.

/** @import { Run } from "./run.js" */

import { s, set } from "./dom.js";
import { signed } from "./words.js";

/** The angle of the largest error, in degrees. */
const FULL = 140;

/**
 * Returns the largest error that any clock of the run ever has, in nanoseconds; 1 if none has any.
 *
 * @param {Pick<Run, "show">} run
 */
export function largestError(run) {
  let most = 0;
  for (const [, before, after] of (run.show.clocks ?? []).flat())
    most = Math.max(most, Math.abs(before), Math.abs(after));
  return most || 1;
}

/**
 * Returns an error on the dial's scale, from -1 to 1 for the largest errors.
 *
 * @param {number} error
 * @param {number} most the largest error
 */
export function onDial(error, most) {
  const least = most / 2000;
  return Math.sign(error) * (Math.log1p(Math.abs(error) / least) / Math.log1p(most / least));
}

export class Dial {
  /**
   * @param {number} radius
   * @param {number} most the largest error that it shows
   */
  constructor(radius, most) {
    this.most = most;
    this.radius = radius;
    const ticks = Array.from({ length: 12 }, (_, i) => {
      const angle = (i * Math.PI) / 6;
      const [x, y] = [Math.sin(angle), -Math.cos(angle)];
      const inner = radius * (i === 0 ? 0.66 : 0.8);
      return `M${x * inner} ${y * inner}L${x * radius * 0.9} ${y * radius * 0.9}`;
    });
    this.sector = s("path", { class: "sector" });
    this.hand = s("path", { class: "hand", d: `M0 ${radius * 0.14}V${-radius * 0.74}` });
    /** The error in words. It is written beside the dial, where no hand strikes it through. */
    this.words = s("text", { class: "error" });
    this.element = s(
      "g",
      { class: "dial" },
      s("path", { class: "ticks", d: ticks.join("") }),
      this.sector,
      this.hand,
      s("circle", { class: "hub", r: radius * 0.08 }),
    );
  }

  /** @param {number} error in nanoseconds */
  show(error) {
    const angle = onDial(error, this.most) * FULL;
    set(this.hand, { transform: `rotate(${angle.toFixed(2)})` });
    const reach = this.radius * 0.62;
    const radians = (angle * Math.PI) / 180;
    const [x, y] = [Math.sin(radians) * reach, -Math.cos(radians) * reach];
    const d = Math.abs(angle) < 0.5 ? "" : `M0 0V${-reach}A${reach} ${reach} 0 0 ${angle > 0 ? 1 : 0} ${x} ${y}Z`;
    set(this.sector, { d });
    this.words.textContent = signed(Math.round(error));
  }
}
