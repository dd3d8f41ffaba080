// @ts-check
// Messages in the diagram: slanted arrows from the lane of the sender to that of the receiver.

/** @import { Box } from "./label_layout.js" */
/** @import { Point } from "./layout.js" */
/** @import { Labelled } from "./marks.js" */
/** @import { Message, Run } from "./run.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Strokes } from "./strokes.js" */

import { boxAround } from "./label_layout.js";
import { sizeOf } from "./marks_label.js";
import { isSelected, LABEL } from "./scene.js";
import { hazeOf, saidOf } from "./words.js";

/** Where along an arrow its label may be. */
const PARTS = [0.5, 0.38, 0.62, 0.27, 0.73, 0.18, 0.82];
/**
 * Where it is there: on the arrow, to its right or left, or so many of its heights above or below; and how
 * many other arrows it covers before it stands there.
 *
 * @type {readonly { side: number, down: number, cost: number }[]}
 */
const STANDS = [
  { side: 0, down: 0, cost: 0 },
  { side: 1, down: 0, cost: 1 },
  { side: -1, down: 0, cost: 1 },
  ...[0.9, 1.8, 2.7].flatMap((down) => [-down, down].map((down) => ({ side: 0, down, cost: 2 * Math.abs(down) }))),
];
/** How far from its arrow a label is that stands beside it, in pixels. */
const BESIDE = 5;
/** The most other arrows that a label covers which nobody points at. */
const MOST_CROSSED = 2;
/** How much the label of an arrow is wanted. */
const WANTED = { chosen: 100, told: 85, evidence: 65, lie: 40, lost: 35, other: 10 };

/**
 * Draws a message's arrow. Returns the label that it wants; null for none, or where it is to be quiet.
 *
 * @param {Strokes} strokes
 * @param {Scene} scene
 * @param {Message} message
 * @param {boolean} isQuiet
 * @returns {Labelled | null}
 */
export function drawArrow(strokes, scene, message, isQuiet) {
  const { from, to } = endsOf(scene, message);
  const { ending } = message;
  const isEvidence = [message.began, message.ended].some((id) => id !== undefined && scene.evidence.has(id));
  const isChosen =
    isSelected(scene, { message: message.index }) ||
    isSelected(scene, { event: message.began }) ||
    (message.ended !== undefined && isSelected(scene, { event: message.ended }));
  const isLost = ["lost", "corrupted", "cut", "to-crashed"].includes(ending);
  const colour = `ink-${scene.run.colours.get(message.words) ?? 0}`;
  const look = [colour, message.lie ? "lie" : "", isLost ? "lost" : ""].filter(Boolean).join(" ");
  strokes.mark({
    class: ["way", look, isEvidence ? "evidence" : "", isChosen ? "selected" : "", hazeOf(message)]
      .filter(Boolean)
      .join(" "),
    "data-message": message.name,
    "data-index": message.index,
  });
  const line = lineOf(from, to, 0);
  strokes.path(line, "touch");
  if (isEvidence) strokes.path(line, "marker");
  if (message.copy) strokes.path(lineOf(from, to, 3), `line ${look}`);
  const isDashed = ["lost", "corrupted", "withheld"].includes(ending);
  strokes.path(line, `line ${look}${isDashed ? " dashed" : ""}`);
  drawEnd(strokes, message, from, to, look);
  if (isQuiet) return null;
  const isTold = [message.began, message.ended].some((id) => id !== undefined && scene.run.told.has(id));
  /** @type {[boolean | undefined, keyof typeof WANTED][]} */
  const reasons = [
    [isChosen, "chosen"],
    [isTold, "told"],
    [isEvidence, "evidence"],
    [message.lie, "lie"],
    [isLost, "lost"],
  ];
  const [, why] = reasons.find(([holds]) => holds) ?? [true, "other"];
  return labelOf(scene, message, { from, to, look: isEvidence ? `${look} evidence` : look }, WANTED[why]);
}

/**
 * Returns where an arrow begins and ends.
 *
 * @param {Scene} scene
 * @param {Message} message
 * @returns {{ from: Point, to: Point }}
 */
export function endsOf({ run, sizes, x }, message) {
  const from = { x: x(message.sent), y: sizes.lane(message.from) };
  const to = { x: x(Math.min(message.ends, run.ends)), y: sizes.lane(message.to) };
  const down = to.y - from.y;
  if (message.ending === "withheld")
    return { from, to: { x: from.x + 16, y: from.y + Math.sign(down) * Math.min(26, Math.abs(down)) } };
  if (message.ending === "in-flight" || message.ends > run.ends)
    return { from, to: { x: to.x, y: from.y + down * 0.75 } };
  if (message.ending === "lost")
    return { from, to: { x: x(message.sent + (message.ends - message.sent) / 2), y: (from.y + to.y) / 2 } };
  return { from, to };
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} below how far below the line is drawn
 */
function lineOf(from, to, below) {
  const [start, end] = [from, to].map(({ x, y }) => `${x.toFixed(1)} ${(y + below).toFixed(1)}`);
  return `M${start}L${end}`;
}

/**
 * Draws an arrow's end, which shows what happened to the message.
 *
 * @param {Strokes} strokes
 * @param {Message} message
 * @param {Point} from
 * @param {Point} to
 * @param {string} look
 */
function drawEnd(strokes, message, from, to, look) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  /** @type {(back: number, across: number) => string} */
  const at = (back, across) =>
    `${(to.x - ux * back - uy * across).toFixed(1)} ${(to.y - uy * back + ux * across).toFixed(1)}`;
  switch (message.ending) {
    case "delivered":
      return strokes.path(`M${at(0, 0)}L${at(11, 4.6)}L${at(11, -4.6)}Z`, `solid ${look}`);
    case "in-flight":
      return strokes.path(`M${at(7, 4.5)}L${at(0, 0)}L${at(7, -4.5)}`, `end ${look}`);
    case "cut":
      return strokes.path(`M${at(0, 8)}L${at(0, -8)}M${at(5, 8)}L${at(5, -8)}`, `end ${look}`);
    case "withheld":
      return strokes.circle(to.x, to.y, 3, look);
    default:
      return strokes.path(`M${(to.x - 6).toFixed(1)} ${(to.y - 6).toFixed(1)}l12 12m0 -12l-12 12`, `end ${look}`);
  }
}

/**
 * Returns the label of an arrow. One that is wanted may cover a lane.
 *
 * @param {Scene} scene
 * @param {Message} message
 * @param {{ from: Point, to: Point, look: string }} arrow
 * @param {number} priority
 * @returns {Labelled | null}
 */
function labelOf(scene, message, { from, to, look }, priority) {
  const content = message.ending === "withheld" ? "says nothing" : saidOf(message);
  if (!content) return null;
  const { lines, wide, high } = sizeOf(message.lie ? `“${content}”` : content);
  // Beside a slanted arrow, a label is as far away as the arrow comes nearer at its corners.
  const slant = (Math.abs(to.x - from.x) / Math.max(Math.abs(to.y - from.y), 1)) * (high / 2);
  const beside = Math.min(slant, wide) + wide / 2 + BESIDE;
  const places = STANDS.flatMap(({ side, down, cost }) =>
    PARTS.map((part) => {
      const [x, y] = [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part];
      const box = boxAround({ x: x + side * beside, y: y + down * high }, wide, high);
      return { part, box, cost, lead: { x, y } };
    }),
  ).filter(({ box }) => priority >= WANTED.evidence || !isOnLane(scene, box));
  const reaches = places.map(({ part }) => reached(scene.run, message, part));
  // It shows when the message has come to where it is; that is known once it has a place.
  return {
    line: { from, to },
    // One that nobody points at is left out rather than written over a knot of arrows.
    mayCross: priority > WANTED.other ? Infinity : MOST_CROSSED,
    at: message.sent,
    ats: reaches,
    lines,
    look: `words ${look}`,
    priority,
    places: places.map(({ box }) => box),
    costs: places.map(({ cost }) => cost),
    leads: places.map(({ lead }) => lead),
    of: { message: message.index },
  };
}

/**
 * @param {Scene} scene
 * @param {Box} box
 */
function isOnLane({ run, sizes }, { top, bottom }) {
  const room = LABEL * 0.15;
  return run.nodes.some((_, node) => sizes.lane(node) > top - room && sizes.lane(node) < bottom + room);
}

/**
 * Returns when a message has come `part` of the way that is drawn.
 *
 * @param {Run} run
 * @param {Message} message
 * @param {number} part
 */
function reached(run, message, part) {
  const way = Math.min(message.ends, run.ends) - message.sent;
  return message.sent + (message.ending === "lost" ? way / 2 : way) * part;
}
