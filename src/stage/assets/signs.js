// @ts-check
// What nodes did, in the diagram: a sign on the node's lane, with a label where it needs one.

/** @import { EventKind } from "../wire.d.ts" */
/** @import { LabelBoard } from "./marks.js" */
/** @import { Run, RunEvent } from "./run.js" */
/** @import { Box, Scene } from "./scene.js" */
/** @import { Strokes } from "./strokes.js" */

import { withNames } from "./names.js";
import { isSelected, LABEL } from "./scene.js";
import { width } from "./text.js";
import { shown } from "./words.js";

/** @typedef {"output" | "crashed" | "restarted" | "paused" | "clock" | "small"} Sign */

/** @type {Partial<Record<EventKind, Sign>>} */
const SIGNS = {
  output: "output",
  crashed: "crashed",
  writes_lost: "small",
  restarted: "restarted",
  paused: "paused",
  resumed: "restarted",
  clock_stepped: "clock",
  clock_slewed: "small",
  clock_drifted: "clock",
  noted: "small",
  wrote: "small",
  passed: "small",
  timer: "small",
};

/**
 * Returns the sign of events of a kind; null if they have none.
 *
 * @param {EventKind} what
 */
export function signOf(what) {
  return SIGNS[what] ?? null;
}

/**
 * Returns the room of a sign, with the ring around evidence.
 *
 * @param {Scene} scene
 * @param {RunEvent} event
 * @param {number} node
 * @returns {Box}
 */
export function roomOfSign({ x, sizes, evidence }, { id, at }, node) {
  const [left, y] = [x(at), sizes.lane(node)];
  const half = evidence.has(id) ? 10 : 5;
  return { left: left - 9, right: left + 9, top: y - half, bottom: y + half };
}

/**
 * @param {Strokes} strokes
 * @param {Scene} scene
 * @param {{ event: RunEvent, node: number, sign: Sign }} what
 * @param {LabelBoard} board
 * @param {boolean} labelsOutputs
 */
export function drawSign(strokes, scene, { event, node, sign }, board, labelsOutputs) {
  const [x, y] = [scene.x(event.at), scene.sizes.lane(node)];
  const isEvidence = scene.evidence.has(event.id);
  const isChosen = isSelected(scene, { event: event.id });
  strokes.mark({
    class: `sign ${sign}${isEvidence ? " evidence" : ""}${isChosen ? " selected" : ""}`,
    "data-event": event.id,
    "data-at": event.at,
  });
  if (isEvidence || isChosen) strokes.circle(x, y, 11, "halo");
  drawShape(strokes, sign, x, y);
  const words = wordsOf(scene.run, event, sign, isEvidence);
  if (!words || (sign === "output" && !labelsOutputs && !isEvidence && !isChosen)) return;
  const wide = width(words, LABEL, 650) + 6;
  for (const [dx, dy] of [
    [10, -10],
    [10, 18],
    [-wide - 10, -10],
    [-wide - 10, 18],
  ]) {
    const box = { left: x + dx, right: x + dx + wide, top: y + dy - LABEL, bottom: y + dy + 4 };
    if (box.top < 0 || box.left < -scene.origin || box.right > scene.limit || !board.isFree(box)) continue;
    const look = `words mark${isEvidence ? " evidence" : ""}`;
    return board.add({ at: event.at, x: x + dx + 2, y: y + dy, words, look, box, anchor: "start" });
  }
}

/**
 * @param {Strokes} strokes
 * @param {Sign} sign
 * @param {number} x
 * @param {number} y
 */
function drawShape(strokes, sign, x, y) {
  const start = `M${x.toFixed(1)} ${y.toFixed(1)}`;
  switch (sign) {
    case "output":
      return strokes.path(`${start}m-6 -6h12v12h-12z`, "solid output");
    case "crashed":
      return strokes.path(`${start}m-7 -7l14 14m0 -14l-14 14`, "end lost");
    case "restarted":
      return strokes.path(`${start}m-7 6h14l-7 -13z`, "solid restarted");
    case "paused":
      return strokes.path(`${start}m-4 -7v14m8 -14v14`, "end");
    case "clock":
      return strokes.path(`${start}m0 -8l7 8l-7 8l-7 -8z`, "solid clock");
    default:
      return strokes.circle(x, y, 2.8, "small");
  }
}

/**
 * @param {Run} run
 * @param {RunEvent} event
 * @param {Sign} sign
 * @param {boolean} isEvidence
 */
function wordsOf(run, event, sign, isEvidence) {
  if (sign === "output") return `${event.decision ? "decides:" : event.name} ${shown(event.value)}`;
  if (sign === "crashed") return "crash";
  if (sign === "restarted") return event.what === "resumed" ? "resume" : "restart";
  if (sign === "clock") return `clock ${shown(event.value)}`;
  return isEvidence && event.words ? withNames(run, event.words) : null;
}
