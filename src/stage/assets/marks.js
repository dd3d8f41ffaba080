// @ts-check
// What is on the lanes and between them: signs for what nodes did, arrows for messages, and labels.

/** @import { Box, Line } from "./label_layout.js" */
/** @import { Point } from "./layout.js" */
/** @import { Message } from "./run.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Selected } from "./selection.js" */
/** @import { Strokes } from "./strokes.js" */

import { drawArrow, endsOf } from "./arrows.js";
import { UNHEARD } from "./blame.js";
import { boxAround, layOut } from "./label_layout.js";
import { isSelected } from "./scene.js";
import { drawSign, roomOfSign, signOf } from "./signs.js";
import { AXIS } from "./ticks.js";

/** If there are more arrows than this, they have no labels; if more than a few, each content has one. */
const MOST_LABELLED = 160;
const FEW = 50;
const MOST_LABELS = 16;
/** If there are more outputs than this, they have no labels. */
const MOST_OUTPUTS = 30;
/** How large a cross is. */
const CROSS = 13;
/** Labels stay below the head of the playhead. */
const TOP = 13;

/**
 * A label that wants a place: from which moment on it shows, or from which for each of its places; the
 * event or the message that it is of; and the point for each of its places to which a line leads from it,
 * where it is not beside that.
 *
 * @typedef {{
 *   at: number,
 *   ats?: readonly number[],
 *   lines: readonly string[],
 *   look: string,
 *   priority: number,
 *   places: readonly Box[],
 *   line?: Line,
 *   mayCross?: number,
 *   costs?: readonly number[],
 *   of?: Selected,
 *   leads?: readonly Point[],
 * }} Labelled
 */

/**
 * @param {Strokes} strokes
 * @param {Scene} scene
 * @param {readonly Labelled[]} more labels of what lasts
 */
export function drawMarks(strokes, scene, more = []) {
  const outputs = scene.events.filter((event) => event.what === "output").length;
  const signs = scene.events.flatMap((event) => {
    const { node, what, id } = event;
    const sign = signOf(what) ?? (scene.evidence.has(id) ? "small" : null);
    return node === undefined || !sign ? [] : [{ event, node, sign }];
  });
  /** @type {(Labelled | null)[]} */
  const labels = [...more];
  for (const what of signs) labels.push(drawSign(strokes, scene, what, outputs <= MOST_OUTPUTS));
  labels.push(...drawArrows(strokes, scene));
  if (!strokes.hasWords) return;
  // No label covers a sign that has a meaning of its own.
  const taken = signs
    .filter(({ event, sign }) => sign !== "small" || !signOf(event.what) || scene.evidence.has(event.id))
    .map(({ event, node }) => roomOfSign(scene, event, node))
    .concat(scene.messages.flatMap((message) => roomOfEnd(scene, message)));
  const wanted = labels.flatMap((label) => (label ? [label] : []));
  const bounds = { left: -scene.origin + 2, right: scene.limit, top: TOP, bottom: scene.sizes.height - AXIS };
  const lanes = scene.run.nodes.map((_, node) => {
    const y = scene.sizes.lane(node);
    return { left: -scene.origin, right: scene.limit, top: y - 1, bottom: y + 1 };
  });
  const lines = scene.messages.map((message) => endsOf(scene, message));
  const chosen = layOut(wanted, { taken, crossed: lanes, lines, bounds });
  wanted.forEach(({ at, ats, lines, look, of, places, leads }, index) => {
    const place = chosen[index];
    if (place === null) return;
    strokes.text({ at: ats?.[place] ?? at, lines, look, of, box: places[place], lead: leads?.[place] });
  });
}

/**
 * Returns the room of the cross at which a message that nobody gets ends.
 *
 * @param {Scene} scene
 * @param {Message} message
 */
function roomOfEnd(scene, message) {
  if (!UNHEARD.has(message.ending)) return [];
  return [boxAround(endsOf(scene, message).to, CROSS, CROSS)];
}

/**
 * @param {Strokes} strokes
 * @param {Scene} scene
 */
function drawArrows(strokes, scene) {
  const { messages } = scene;
  const quiet = strokes.hasWords ? quietOf(scene) : new Set(messages);
  return messages.map((message) => drawArrow(strokes, scene, message, quiet.has(message)));
}

/**
 * Returns the messages that have no labels, where there are many: all but the first ones of each
 * content.
 *
 * @param {Scene} scene
 */
function quietOf(scene) {
  const { messages, run, evidence } = scene;
  /** @type {(message: Message) => boolean} */
  const isWanted = ({ index, began, ended }) =>
    isSelected(scene, { message: index }) ||
    [began, ended].some((id) => id !== undefined && (run.told.has(id) || evidence.has(id)));
  if (messages.length <= FEW) return new Set();
  const others = messages.filter((message) => !isWanted(message));
  if (messages.length > MOST_LABELLED) return new Set(others);
  /** @type {Set<string>} */
  const labelled = new Set();
  return new Set(
    others.filter(({ words }) => {
      if (labelled.has(words) || labelled.size >= MOST_LABELS) return true;
      labelled.add(words);
      return false;
    }),
  );
}
