// @ts-check
// What is on the lanes and between them: signs for what nodes did, arrows for messages, and labels.

/** @import { Box, Scene } from "./scene.js" */
/** @import { Label, Strokes } from "./strokes.js" */

import { drawArrow } from "./arrows.js";
import { isSelected, overlaps } from "./scene.js";
import { drawSign, roomOfSign, signOf } from "./signs.js";

/** If there are more arrows than this, they have no labels; if more than a few, each content has one. */
const MOST_LABELLED = 160;
const FEW = 50;
const MOST_LABELS = 16;
/** If there are more outputs than this, they have no labels. */
const MOST_OUTPUTS = 30;

/** Keeps the room that labels and signs take, so that no label covers another. */
export class LabelBoard {
  constructor() {
    /** @type {Box[]} */
    this.taken = [];
    /** @type {Label[]} */
    this.labels = [];
  }

  /** @param {Box} box */
  isFree(box) {
    return !this.taken.some((other) => overlaps(box, other));
  }

  /** @param {Label} label */
  add(label) {
    this.taken.push(label.box);
    this.labels.push(label);
  }
}

/**
 * @param {Strokes} strokes
 * @param {Scene} scene
 */
export function drawMarks(strokes, scene) {
  const board = new LabelBoard();
  const outputs = scene.events.filter((event) => event.what === "output").length;
  const signs = scene.events.flatMap((event) => {
    const { node, what, id } = event;
    const sign = signOf(what) ?? (scene.evidence.has(id) ? "small" : null);
    return node === undefined || !sign ? [] : [{ event, node, sign }];
  });
  // No label covers a sign that has a meaning of its own.
  for (const { event, node, sign } of signs) {
    if (sign !== "small" || !signOf(event.what)) board.taken.push(roomOfSign(scene, event, node));
  }
  for (const { event, node, sign } of signs) {
    drawSign(strokes, scene, { event, node, sign }, board, outputs <= MOST_OUTPUTS);
  }
  drawArrows(strokes, scene, board);
  // Labels are above all lines.
  for (const label of board.labels) strokes.text(label);
}

/**
 * @param {Strokes} strokes
 * @param {Scene} scene
 * @param {LabelBoard} board
 */
function drawArrows(strokes, scene, board) {
  const { messages } = scene;
  const isLabelled = messages.length <= MOST_LABELLED;
  // Lies get the room for a label first.
  const sorted = isLabelled ? [...messages].sort((a, b) => Number(!a.lie) - Number(!b.lie)) : messages;
  /** @type {Set<string> | null} */
  const labelled = messages.length > FEW ? new Set() : null;
  for (const message of sorted) {
    const isEnough = labelled && (labelled.has(message.words) || labelled.size >= MOST_LABELS);
    const isQuiet = !isLabelled || (isEnough && !isSelected(scene, { message: message.index }));
    const isPlaced = drawArrow(strokes, scene, message, isQuiet ? null : board);
    if (isPlaced) labelled?.add(message.words);
  }
}
