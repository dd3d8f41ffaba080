// @ts-check
// What nodes did, in the diagram: a sign on the node's lane, with a label where it needs one.

/** @import { EventKind } from "../wire.d.ts" */
/** @import { Box } from "./label_layout.js" */
/** @import { Labelled } from "./marks.js" */
/** @import { Run, RunEvent } from "./run.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Strokes } from "./strokes.js" */

import { sizeOf } from "./marks_label.js";
import { isSelected } from "./scene.js";
import { named } from "./told.js";
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

/** A label covers so many arrows rather than stand at another lane than its own. */
const AWAY = 1000;
/** How much the label of a sign is wanted. */
const WANTED = { chosen: 100, culprit: 90, told: 80, evidence: 70, sign: 60, output: 50 };

/**
 * Draws a sign. Returns the label that it wants; null for none.
 *
 * @param {Strokes} strokes
 * @param {Scene} scene
 * @param {{ event: RunEvent, node: number, sign: Sign }} what
 * @param {boolean} labelsOutputs
 * @returns {Labelled | null}
 */
export function drawSign(strokes, scene, { event, node, sign }, labelsOutputs) {
  const [x, y] = [scene.x(event.at), scene.sizes.lane(node)];
  const isEvidence = scene.evidence.has(event.id);
  const isCulprit = scene.culprits.has(event.id);
  const isChosen = isSelected(scene, { event: event.id });
  const look = [isEvidence ? "evidence" : "", isCulprit ? "wrong" : "", isChosen ? "selected" : ""];
  strokes.mark({
    class: ["sign", sign, ...look].filter(Boolean).join(" "),
    "data-event": event.id,
    "data-at": event.at,
  });
  if (isEvidence || isChosen) strokes.circle(x, y, 11, "halo");
  if (isCulprit) strokes.path(octagonAt(x, y), "octagon");
  drawShape(strokes, sign, x, y);
  const words = strokes.hasWords ? wordsOf(scene.run, event, sign, isEvidence) : null;
  const isTold = scene.run.told.has(event.id);
  const isQuiet = sign === "output" && (!labelsOutputs || scene.sizes.isFolded);
  if (!words || (isQuiet && !isEvidence && !isChosen && !isTold)) return null;
  const { lines, wide, high } = sizeOf(isCulprit ? `✗ ${words}` : words);
  /** @type {[boolean, keyof typeof WANTED][]} */
  const reasons = [
    [isChosen, "chosen"],
    [isCulprit, "culprit"],
    [isTold, "told"],
    [isEvidence, "evidence"],
    [sign === "output", "output"],
  ];
  const [, why] = reasons.find(([holds]) => holds) ?? [true, "sign"];
  const labelLook = `words mark${isEvidence ? " evidence" : ""}${isCulprit ? " wrong" : ""}`;
  // What was done by the way has its label at its own lane or none.
  const isAside = ["output", "sign"].includes(why);
  const around = placesAround(x, y, wide, high);
  const places = around.filter((place) => !isAside || isNearest(scene, node, place));
  const costs = places.map((place) => (isNearest(scene, node, place) ? 0 : AWAY));
  const leads = places.map(() => ({ x, y }));
  const of = { event: event.id };
  return { at: event.at, lines, look: labelLook, priority: WANTED[why], places, costs, leads, of };
}

/**
 * Whether a label would be nearer to its own lane than to another one.
 *
 * @param {Scene} scene
 * @param {number} node
 * @param {Box} place
 */
function isNearest({ run, sizes }, node, { top, bottom }) {
  const middle = (top + bottom) / 2;
  const own = Math.abs(sizes.lane(node) - middle);
  return run.nodes.every((_, other) => Math.abs(sizes.lane(other) - middle) >= own);
}

/**
 * Returns the places of a label around a sign, the best first.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} wide
 * @param {number} high
 * @returns {Box[]}
 */
export function placesAround(x, y, wide, high) {
  const [right, left, middle] = [x + 8, x - 8 - wide, x - wide / 2];
  const [above, below] = [y - 8 - high, y + 8];
  const corners = [
    [right, above],
    [right, below],
    [left, above],
    [left, below],
    [middle, above - 5],
    [middle, below + 5],
    [x + 14, y - high / 2],
    [x - 14 - wide, y - high / 2],
    [right, above - high],
    [left, above - high],
    [right, below + high],
    [left, below + high],
  ];
  return corners.map(([left, top]) => ({ left, right: left + wide, top, bottom: top + high }));
}

/**
 * @param {number} x
 * @param {number} y
 */
function octagonAt(x, y) {
  const corners = Array.from({ length: 8 }, (_, i) => {
    const angle = ((i + 0.5) * Math.PI) / 4;
    return `${(x + Math.cos(angle) * 11).toFixed(1)} ${(y + Math.sin(angle) * 11).toFixed(1)}`;
  });
  return `M${corners.join("L")}Z`;
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
  return isEvidence && event.words ? named(run, event.words) : null;
}
