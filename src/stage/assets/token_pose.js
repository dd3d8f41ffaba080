// @ts-check
// Where a message on its way is at a moment, how it is turned, and how much of it is visible.

/** @import { Way } from "./layout.js" */
/** @import { Message } from "./run.js" */

import { along } from "./layout.js";

/** A token grows as it leaves its node, and shrinks as it reaches the other: over this part of its way. */
const GROWS = 0.14;
const SMALLEST = 0.6;

/**
 * @typedef {{
 *   x: number,
 *   y: number,
 *   turn: number,
 *   opacity: number,
 *   size: number,
 *   isGone: boolean,
 * }} Pose
 */

/**
 * Returns the pose of a message at a moment.
 *
 * @param {Pick<Message, "sent" | "ends" | "ending">} message
 * @param {Way} way
 * @param {number} at
 * @param {number} fall how far a lost message falls
 * @returns {Pose}
 */
export function poseOf(message, way, at, fall) {
  const length = message.ends - message.sent;
  const part = length > 0 ? Math.min(Math.max((at - message.sent) / length, 0), 1) : 1;
  const near = Math.min(part, message.ending === "lost" ? 1 : 1 - part) / GROWS;
  const size = near >= 1 ? 1 : SMALLEST + (1 - SMALLEST) * near;
  return { turn: 0, opacity: 1, isGone: false, ...posed(message.ending, way, part, fall), size };
}

/**
 * @param {Message["ending"]} ending
 * @param {Way} way
 * @param {number} part
 * @param {number} fall
 * @returns {Partial<Pose> & { x: number, y: number }}
 */
function posed(ending, way, part, fall) {
  if (ending === "lost" && part >= 0.5) {
    const gone = (part - 0.5) * 2;
    const { x, y } = along(way, 0.5 + gone * 0.04);
    return { x, y: y + gone * gone * fall, turn: gone * 38, opacity: 1 - gone ** 1.6, isGone: true };
  }
  if (ending === "cut") {
    const reach = Math.min(part * 1.25, 1) * 0.46;
    return { ...along(way, reach), opacity: part > 0.8 ? (1 - part) * 5 : 1, isGone: part > 0.8 };
  }
  if (ending === "to-crashed" || ending === "corrupted") {
    const turn = ending === "corrupted" && part > 0.9 ? (part - 0.9) * 300 : 0;
    return { ...along(way, part), turn, opacity: part > 0.93 ? (1 - part) * 14 : 1, isGone: part > 0.9 };
  }
  return along(way, part);
}
