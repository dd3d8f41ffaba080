// @ts-check
// The ghost in the diagram: what the rehearsed run has that the changed run has not, grey, beneath it.

/** @import { Labelled } from "./marks.js" */
/** @import { Parting } from "./parting.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Strokes } from "./strokes.js" */

import { drawArrow } from "./arrows.js";
import { countUpTo } from "./binary_search.js";
import { s } from "./dom.js";
import { sizeOf } from "./marks_label.js";
import { placesAround, signOf } from "./signs.js";
import { shown } from "./words.js";

/** A label of the ghost gives way to every other one. */
const WANTED = 5;
/** More decisions that are no longer made have no labels. */
const MOST_LABELS = 12;
/** What strokes of arrows are not part of a shadow. */
const NO_SHADOW = ["touch", "marker", "octagon"];

/**
 * Collects strokes into three paths, however many there are.
 *
 * @implements {Strokes}
 */
class Shadow {
  constructor() {
    this.hasWords = false;
    this.lines = "";
    this.dashed = "";
    this.filled = "";
  }

  mark() {}
  text() {}

  /**
   * @param {string} d
   * @param {string} look
   */
  path(d, look) {
    if (NO_SHADOW.includes(look)) return;
    if (look.includes("solid")) this.filled += d;
    else if (look.includes("dashed")) this.dashed += d;
    else this.lines += d;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   */
  circle(x, y, r) {
    this.filled += `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }
}

/**
 * Draws the ghost of the part of a run that a scene shows.
 *
 * @param {Scene} scene
 * @param {Parting | null | undefined} parting
 */
export function drawGhost(scene, parting) {
  if (!parting) return [];
  const shadow = new Shadow();
  const { window, x, sizes } = scene;
  const { before, there } = parting;
  /** @type {Scene} */
  const past = { ...scene, run: before, selected: null, evidence: new Set(), culprits: new Set() };
  for (const message of before.between(window.from, Math.min(window.to, scene.run.ends)))
    if (there.messages.has(message.index)) drawArrow(shadow, past, message, true);
  for (const { id, at, node, what } of ghostEvents(scene, parting)) {
    if (node === undefined) continue;
    const start = `M${x(at).toFixed(1)} ${sizes.lane(node).toFixed(1)}`;
    if (what === "output") shadow.path(`${start}m-6 -6h12v12h-12z`, "");
    else if (what === "crashed") shadow.path(`${start}m-7 -7l14 14m0 -14l-14 14`, "");
    else if (signOf(what) && signOf(what) !== "small") shadow.circle(x(at), sizes.lane(node), 4);
    if (what === "crashed" || what === "paused") shadow.path(outage(past, node, id), "");
  }
  const { lines, dashed, filled } = shadow;
  return [
    s("path", { class: "line", d: lines }),
    s("path", { class: "line dashed", d: dashed }),
    s("path", { class: "filled", d: filled }),
  ];
}

/**
 * Returns the events of a window that were there and are not here.
 *
 * @param {Scene} scene
 * @param {Parting} parting
 */
function ghostEvents({ window, run }, { before, there }) {
  const from = countUpTo(before.events, window.from - 1, ({ at }) => at);
  const to = countUpTo(before.events, Math.min(window.to, run.ends), ({ at }) => at);
  return before.events.slice(from, to).filter(({ id }) => there.events.has(id));
}

/**
 * Returns the outline of the time that a node was down or paused, from an event on.
 *
 * @param {Scene} scene
 * @param {number} node
 * @param {number} id
 */
function outage({ run, x, sizes }, node, id) {
  const { statuses } = run.lives[node];
  const index = statuses.findIndex((status) => status.id === id);
  const [from, to] = [statuses[index]?.at ?? 0, statuses[index + 1]?.at ?? run.ends];
  const wide = Math.max(3, x(to) - x(from)).toFixed(1);
  return `M${x(from).toFixed(1)} ${(sizes.lane(node) - 6).toFixed(1)}h${wide}v12h-${wide}z`;
}

/**
 * Returns labels for what nodes decided in the rehearsed run and decide no longer.
 *
 * @param {Scene} scene
 * @param {Parting | null | undefined} parting
 * @returns {Labelled[]}
 */
export function namesOfGhost(scene, parting) {
  if (!parting || scene.sizes.isFolded) return [];
  const decisions = ghostEvents(scene, parting).filter(({ decision }) => decision);
  if (decisions.length > MOST_LABELS) return [];
  return decisions.flatMap(({ at, node, value }) => {
    if (node === undefined) return [];
    const { lines, wide, high } = sizeOf(`decided: ${shown(value)}`);
    const places = placesAround(scene.x(at), scene.sizes.lane(node), wide, high);
    return [{ at, lines, look: "words ghostly", priority: WANTED, places }];
  });
}
