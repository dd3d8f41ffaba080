// @ts-check
// The marks of the tray: what each is called, how it looks, and which things of a run it fits.

/** @import { Message, Run } from "./run.js" */
/** @import { Option } from "./what_if.js" */

import { linksOf } from "./field_lines.js";
import { aboutBothWays, aboutMessage, aboutNode } from "./what_if.js";
import { listed, messageName } from "./words.js";

/** @typedef {"lose" | "cut" | "mask" | "delay" | "crash" | "disk" | "clock" | "twice"} MarkName */

/**
 * A mark: its word, what it does, and its picture in a square of 24.
 *
 * @typedef {{ name: MarkName, word: string, says: string, d: string }} Mark
 */

/** @type {readonly Mark[]} */
export const MARKS = [
  { name: "lose", word: "Lose", says: "Lose a message", d: "M5 5L19 19M19 5L5 19" },
  {
    name: "cut",
    word: "Cut",
    says: "Cut a link, or a node from all others",
    d: "M8 8L20 19M8 16L20 5M6 9.2a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 1 0 0 6.4M6 21.2a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 1 0 0 6.4",
  },
  {
    name: "mask",
    word: "Lie",
    says: "Make a node a traitor, or change what a traitor says",
    d: "M3 6C9 8 15 8 21 6C22 15 17 20 12 20C7 20 2 15 3 6ZM6.5 11.5q2.2-1.8 4 0M13.5 11.5q2-1.8 4 0M9 16q3 1.8 6 0",
  },
  {
    name: "delay",
    word: "Delay",
    says: "Delay a message, or pause a node",
    d: "M6 3H18M6 21H18M7 3C7 9 11 10 12 12C13 10 17 9 17 3M7 21C7 15 11 14 12 12C13 14 17 15 17 21",
  },
  { name: "crash", word: "Crash", says: "Crash a node", d: "M13.5 2L5 13.5H11L9.5 22L19 9.5H12.5Z" },
  {
    name: "disk",
    word: "Lose disk",
    says: "Crash a node and lose its disk",
    d: "M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0ZM4 6c0 4 16 4 16 0M9.5 13l5 5m0-5l-5 5",
  },
  {
    name: "clock",
    word: "Clock",
    says: "Set the clock of a node ahead",
    d: "M12 21.5a9.5 9.5 0 1 0 0-19a9.5 9.5 0 1 0 0 19M12 6.5V12L16 14.5",
  },
  {
    name: "twice",
    word: "Twice",
    says: "Deliver a message twice",
    d: "M3 8H15M11 4L15 8L11 12M9 17H21M17 13L21 17L17 21",
  },
];

/**
 * Something that a mark fits, what it would do there, and what that is in words.
 *
 * @typedef {{ option: Option, says: string } & (
 *   | { kind: "node", node: number }
 *   | { kind: "link", from: number, to: number }
 *   | { kind: "message", message: Message }
 * )} Fitting
 */

/**
 * Returns what a mark fits at a moment: nodes, links, and of messages those that show.
 *
 * @param {Run} run
 * @param {MarkName} mark
 * @param {number} at
 * @param {readonly Message[]} messages
 * @returns {Fitting[]}
 */
export function fittingsOf(run, mark, at, messages) {
  const isMark = (/** @type {Option} */ option) => option.mark === mark;
  /** @type {Fitting[]} */
  const fittings = [];
  for (const message of messages) {
    const option = onMessage(run, mark, message);
    const says = `${messageName(run, message)}: ${option?.words}`;
    if (option) fittings.push({ kind: "message", message, option, says });
  }
  run.nodes.forEach(({ name }, node) => {
    const option = aboutNode(run, node, at).find(isMark);
    if (option) fittings.push({ kind: "node", node, option, says: `${name}: ${option.words}` });
  });
  for (const [from, to] of linksOf(run)) {
    const option = aboutBothWays(run, { from, to }, at).find(isMark);
    const says = `${run.nodes[from].name} – ${run.nodes[to].name}: ${option?.words}`;
    if (option) fittings.push({ kind: "link", from, to, option, says });
  }
  return fittings;
}

/**
 * Returns what a mark does to a message; undefined if it does not fit it. A link is cut where it is.
 *
 * @param {Run} run
 * @param {MarkName} mark
 * @param {Message} message
 */
export function onMessage(run, mark, message) {
  if (mark === "cut") return undefined;
  return aboutMessage(run, message).find((option) => option.mark === mark);
}

/** Of more nodes than this, only how many there are is said. */
const MOST_NAMED = 3;

/**
 * Returns what can take a mark, in words: `Bob, Alice and 2 messages`. Empty for nothing.
 *
 * @param {Pick<Run, "nodes">} run
 * @param {readonly Fitting[]} fittings
 */
export function fitsTold({ nodes }, fittings) {
  const named = fittings.flatMap((fitting) => (fitting.kind === "node" ? [nodes[fitting.node].said] : []));
  const counted = (/** @type {Fitting["kind"]} */ kind) => {
    const count = fittings.filter((fitting) => fitting.kind === kind).length;
    return count > 0 ? [`${count} ${kind}${count === 1 ? "" : "s"}`] : [];
  };
  return listed([...(named.length > MOST_NAMED ? counted("node") : named), ...counted("message"), ...counted("link")]);
}
