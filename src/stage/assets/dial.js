// @ts-check
// A clock's dial: how far the clock is ahead of true time or behind it. The hand points up when it
// is right. The scale is linear and the same for all clocks of a run; the legend says it.

/** @import { Run } from "./run.js" */

import { s, set } from "./dom.js";
import { tickStep } from "./ticks.js";
import { signed } from "./words.js";

/** The angle of the end of the scale, in degrees, and the marks of the scale. */
const FULL = 140;
const MARKS = [-1, -0.5, 0, 0.5, 1];
/** Round numbers up to the next power of ten, and from when on people count in minutes. */
const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const LONG = 60e9;
/** A clock that is so many times as wrong as all others is beyond the scale, so that theirs show. */
const FAR = 50;

/**
 * Returns the largest error that each clock of the run ever has, in nanoseconds.
 *
 * @param {Pick<Run, "show">} run
 */
function largestErrors(run) {
  return (run.show.clocks ?? []).map((corners) =>
    corners.reduce((most, [, before, after]) => Math.max(most, Math.abs(before), Math.abs(after)), 0),
  );
}

/**
 * Returns the error at the end of the scale, in nanoseconds: a round number.
 *
 * @param {Pick<Run, "show">} run
 */
export function scaleOf(run) {
  const [largest = 0, next = 0] = largestErrors(run).sort((a, b) => b - a);
  return roundAbove((next > 0 && largest > next * FAR ? next : largest) || 1);
}

/**
 * Returns the least round number that is not below `ns`. Their steps are small, so that hands use most
 * of the dial.
 *
 * @param {number} ns
 */
function roundAbove(ns) {
  if (ns > LONG) return tickStep(ns);
  const unit = 10 ** Math.floor(Math.log10(ns));
  return Math.round((STEPS.find((digit) => digit * unit >= ns) ?? 10) * unit);
}

/**
 * Returns an error on a scale: from -1 to 1, which are also those that are beyond it.
 *
 * @param {number} error
 * @param {number} scale
 */
export function onDial(error, scale) {
  return Math.max(-1, Math.min(1, error / scale));
}

/**
 * Whether the hands may show how far clocks are off. As long as the room is asked they only show
 * which way: the scale is that of the whole run, and may be the answer.
 *
 * @param {Pick<Run, "questions">} run
 * @param {number} at
 */
export function isToScale({ questions }, at) {
  return questions.every((question) => at > (question.at ?? 0));
}

export class Dial {
  /**
   * @param {number} radius
   * @param {number} scale the error at its end
   */
  constructor(radius, scale) {
    this.scale = scale;
    this.radius = radius;
    const marks = MARKS.map((mark) => {
      const angle = (mark * FULL * Math.PI) / 180;
      const [x, y] = [Math.sin(angle), -Math.cos(angle)];
      const inner = radius * (mark === 0 ? 0.66 : 0.78);
      return `M${(x * inner).toFixed(1)} ${(y * inner).toFixed(1)}L${(x * radius * 0.9).toFixed(1)} ${(y * radius * 0.9).toFixed(1)}`;
    });
    this.sector = s("path", { class: "sector" });
    const tip = `M${-radius * 0.09} ${-radius * 0.62}L0 ${-radius * 0.84}L${radius * 0.09} ${-radius * 0.62}`;
    this.beyond = s("path", { class: "beyond", d: tip });
    const line = s("path", { class: "hand", d: `M0 ${radius * 0.14}V${-radius * 0.74}` });
    this.hand = s("g", {}, line, this.beyond);
    /** The error in words. It is written beside the dial, where no hand strikes it through. */
    this.words = s("text", { class: "error" });
    this.element = s(
      "g",
      { class: "dial" },
      s("path", { class: "ticks", d: marks.join("") }),
      this.sector,
      this.hand,
      s("circle", { class: "hub", r: radius * 0.08 }),
    );
  }

  /**
   * @param {number} error in nanoseconds
   * @param {boolean} isToScale whether the hand shows how far, and not only which way
   */
  show(error, isToScale) {
    const angle = isToScale ? onDial(error, this.scale) * FULL : (Math.sign(error) * FULL) / 4;
    set(this.hand, { transform: `rotate(${angle.toFixed(2)})` });
    // An arrow says that the clock is still farther off.
    set(this.beyond, { visibility: isToScale && Math.abs(error) > this.scale ? null : "hidden" });
    const reach = this.radius * 0.62;
    const radians = (angle * Math.PI) / 180;
    const [x, y] = [Math.sin(radians) * reach, -Math.cos(radians) * reach];
    const d = Math.abs(angle) < 0.5 ? "" : `M0 0V${-reach}A${reach} ${reach} 0 0 ${angle > 0 ? 1 : 0} ${x} ${y}Z`;
    set(this.sector, { d });
    this.words.textContent = signed(Math.round(error));
  }
}
