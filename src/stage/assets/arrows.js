// @ts-check
// Messages in the diagram: slanted arrows from the lane of the sender to that of the receiver.

/** @import { LabelBoard } from "./marks.js" */
/** @import { Point } from "./layout.js" */
/** @import { Message, Run } from "./run.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Strokes } from "./strokes.js" */

import { isSelected, LABEL } from "./scene.js";
import { width } from "./text.js";

/** Where along an arrow its label may be, the best place first. */
const LABEL_PLACES = [0.5, 0.36, 0.64, 0.25, 0.75];
const LONGEST_LABEL = 30;

/**
 * Draws a message's arrow, and its label if there is a board for it. Returns whether the label is
 * placed.
 *
 * @param {Strokes} strokes
 * @param {Scene} scene
 * @param {Message} message
 * @param {LabelBoard | null} board
 */
export function drawArrow(strokes, scene, message, board) {
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
    class: `way ${look}${isEvidence ? " evidence" : ""}${isChosen ? " selected" : ""}`,
    "data-message": message.name,
    "data-index": message.index,
  });
  const line = lineOf(from, to, 0);
  strokes.path(line, "touch");
  if (message.copy) strokes.path(lineOf(from, to, 3), `line ${look}`);
  const isDashed = ["lost", "corrupted", "withheld"].includes(ending);
  strokes.path(line, `line ${look}${isDashed ? " dashed" : ""}`);
  drawEnd(strokes, message, from, to, look);
  return board ? placeLabel(board, scene, message, { from, to, look, isWanted: isEvidence || isChosen }) : false;
}

/**
 * Returns where an arrow begins and ends.
 *
 * @param {Scene} scene
 * @param {Message} message
 * @returns {{ from: Point, to: Point }}
 */
function endsOf({ run, sizes, x }, message) {
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
 * Places the label of an arrow where there is room for it. Returns whether there was. A label that
 * is wanted may cover a lane.
 *
 * @param {LabelBoard} board
 * @param {Scene} scene
 * @param {Message} message
 * @param {{ from: Point, to: Point, look: string, isWanted: boolean }} arrow
 */
function placeLabel(board, scene, message, { from, to, look, isWanted }) {
  const content = message.ending === "withheld" ? "says nothing" : message.words;
  if (!content) return false;
  const text = content.length > LONGEST_LABEL ? `${content.slice(0, LONGEST_LABEL - 1)}…` : content;
  const words = message.lie ? `${text} (lie)` : text;
  const wide = width(words, LABEL, 600) + 8;
  for (const part of LABEL_PLACES) {
    const [x, y] = [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part];
    const box = { left: x - wide / 2, right: x + wide / 2, top: y - LABEL * 0.75, bottom: y + LABEL * 0.55 };
    const isOnLane = scene.run.nodes.some((_, i) => Math.abs(scene.sizes.lane(i) - y) < LABEL * 0.75);
    if ((isOnLane && !isWanted) || box.left < -scene.origin || !board.isFree(box)) continue;
    const at = reached(scene.run, message, part);
    board.add({ at, x, y: y + LABEL * 0.32, words, look: `words ${look}`, box, anchor: "middle" });
    return true;
  }
  return false;
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
