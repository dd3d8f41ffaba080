// @ts-check
// The mark of the first difference: a small flag at its node in the field, and at its moment in the
// diagram. It can be reached by keys, and says what differs.

/** @import { Measures, Place } from "./layout.js" */
/** @import { Parting } from "./parting.js" */
/** @import { OnPick } from "./selection.js" */

import { h, s } from "./dom.js";
import { told } from "./told.js";

/** A flag, from the foot of its pole. */
const FLAG = "M0 0V-22M0 -22H15L11 -16.5L15 -11H0";

/** @param {Parting} parting */
function wordsOf(parting) {
  return told(parting.run, parting.says);
}

/**
 * Returns the flag at the node that is the first to differ; null if it is at none.
 *
 * @param {Parting} parting
 * @param {{ places: readonly Place[], measures: Measures }} laid
 * @param {OnPick} onPick
 */
export function flagInField(parting, { places, measures }, onPick) {
  const { node, event } = parting;
  if (node === undefined) return null;
  const { radius, unit } = measures;
  const { x, y } = places[node];
  const scale = Math.max(unit / 16, 0.8);
  const pick = () => onPick({ event: event.id });
  const place = `translate(${(x - radius * 0.72).toFixed(1)} ${(y - radius * 0.72).toFixed(1)})`;
  const words = wordsOf(parting);
  return s(
    "g",
    {
      class: "difference",
      transform: place,
      tabindex: 0,
      role: "button",
      "aria-label": words,
      onclick: (event) => {
        event.stopPropagation();
        pick();
      },
      onkeydown: (event) => event.key === "Enter" && pick(),
    },
    s("title", {}, words),
    s("circle", { class: "back", r: Math.max(14, unit * 0.9), cx: 0, cy: 0 }),
    s("path", { class: "cloth", d: FLAG, transform: `translate(${-6 * scale} ${10 * scale}) scale(${scale})` }),
  );
}

/** How long the ring flashes, in milliseconds. */
const FLASH = 900;
/** When the ring of each parting flashed first: it is drawn anew whenever the field has another size. */
const flashed = /** @type {WeakMap<Parting, number>} */ (new WeakMap());

/**
 * Returns the ring that shows which node is the first to differ: it flashes once.
 *
 * @param {Parting} parting
 * @param {{ places: readonly Place[], measures: Measures }} laid
 */
export function ringInField(parting, { places, measures }) {
  const { node } = parting;
  if (node === undefined) return null;
  const since = performance.now() - (flashed.get(parting) ?? performance.now());
  if (!flashed.has(parting)) flashed.set(parting, performance.now());
  const { x: cx, y: cy } = places[node];
  const look = since < FLASH ? "first-ring flashes" : "first-ring";
  return s("circle", { class: look, cx, cy, r: measures.radius + measures.unit * 0.75, "aria-hidden": "true" });
}

/** The flag in the diagram. It is a button over the picture, which is one thing to a screen reader. */
export class DiagramFlag {
  /** @param {OnPick} onPick */
  constructor(onPick) {
    /** @type {Parting | null} */
    this.parting = null;
    const pick = () => this.parting && onPick({ event: this.parting.event.id });
    this.element = h("button", { type: "button", class: "difference", hidden: true, onclick: pick });
  }

  /** @param {Parting | null} parting */
  open(parting) {
    this.parting = parting;
    if (!parting) return;
    const words = wordsOf(parting);
    this.element.setAttribute("aria-label", words);
    this.element.title = words;
  }

  /**
   * Puts it at its moment, if that is in view.
   *
   * @param {number} left in pixels
   * @param {{ from: number, to: number }} view
   */
  show(left, { from, to }) {
    this.element.hidden = !this.parting || left < from || left > to;
    this.element.style.left = `${left.toFixed(1)}px`;
  }
}
