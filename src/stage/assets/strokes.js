// @ts-check
// Draws the same marks in two ways: as SVG elements, or on a canvas when there are too many for
// that.

/** @import { Properties } from "./dom.js" */
/** @import { Box } from "./label_layout.js" */
/** @import { Point } from "./layout.js" */
/** @import { Selected } from "./selection.js" */

import { contextOf, s } from "./dom.js";
import { LABEL, LINE } from "./scene.js";

/**
 * What draws marks, with words on them or without. A look is the class that a stroke has, which says
 * its colour and style.
 *
 * @typedef {{
 *   hasWords: boolean,
 *   mark(properties: Properties): void,
 *   path(d: string, look: string): void,
 *   circle(x: number, y: number, r: number, look: string): void,
 *   text(label: Label): void,
 * }} Strokes
 *
 * A label in its box, line by line, of an event or a message. It is visible from the moment `at` on. A
 * line leads to the point that it is about, where that is away from it.
 *
 * @typedef {{
 *   at: number,
 *   lines: readonly string[],
 *   look: string,
 *   box: Box,
 *   of?: Selected | undefined,
 *   lead?: Point | undefined,
 * }} Label
 */

/** A label that is so far from its point needs a line to it, and one in the same row, in pixels. */
const AWAY = 10;
const AWAY_IN_ROW = 20;
/** A line begins outside a sign. */
const SIGN = 9;

/** @implements {Strokes} */
export class SvgStrokes {
  /**
   * @param {SVGGElement} group takes the marks
   * @param {SVGGElement} labels takes the labels
   */
  constructor(group, labels) {
    this.hasWords = true;
    this.group = group;
    this.labels = labels;
    this.current = group;
  }

  /**
   * Begins a mark, which takes the strokes that follow.
   *
   * @param {Properties} properties
   */
  mark(properties) {
    this.current = s("g", properties);
    this.group.append(this.current);
  }

  /**
   * @param {string} d
   * @param {string} look
   */
  path(d, look) {
    this.current.append(s("path", { d, class: look }));
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {string} look
   */
  circle(x, y, r, look) {
    this.current.append(s("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r, class: look }));
  }

  /** @param {Label} label */
  text({ at, lines, look, of, lead, box }) {
    const { left, right, top, bottom } = box;
    const x = ((left + right) / 2).toFixed(1);
    const texts = lines.map((line, index) => {
      const y = (top + LINE * index + LABEL * 1.02).toFixed(1);
      return s("text", { x, y, "text-anchor": "middle", "font-size": LABEL, class: look }, line);
    });
    const back = { x: left, y: top, width: right - left, height: bottom - top, rx: 4, class: "back" };
    const edges = { "data-at": at, "data-left": left.toFixed(1), "data-right": right.toFixed(1) };
    const what = { "data-event": of?.event, "data-index": of?.message };
    const line = lead ? leader(lead, box) : null;
    this.labels.append(s("g", { class: "texts", ...edges, ...what }, line, s("rect", back), ...texts));
  }
}

/**
 * Returns the line from a point to a label's box; null where they are near each other.
 *
 * @param {Point} point
 * @param {Box} box
 */
function leader({ x, y }, { left, right, top, bottom }) {
  const [toX, toY] = [Math.min(Math.max(x, left + 6), right - 6), Math.min(Math.max(y, top), bottom)];
  const nearX = Math.min(Math.max(x, left), right);
  if (Math.hypot(nearX - x, toY - y) < (toY === y ? AWAY_IN_ROW : AWAY)) return null;
  const part = SIGN / Math.hypot(toX - x, toY - y);
  const from = [x + (toX - x) * part, y + (toY - y) * part].map((number) => number.toFixed(1)).join(" ");
  const d = `M${from}L${toX.toFixed(1)} ${toY.toFixed(1)}`;
  return s("path", { class: "leader", d });
}

/**
 * Draws on a canvas, without labels. Colours come from the page's style.
 *
 * @implements {Strokes}
 */
export class CanvasStrokes {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Element} styled where the canvas will be shown
   * @param {number} scale pixels of the canvas in a unit
   */
  constructor(canvas, styled, scale) {
    this.hasWords = false;
    const style = getComputedStyle(styled);
    /** @type {(name: string) => string} */
    const colour = (name) => style.getPropertyValue(name).trim() || "#888";
    this.context = contextOf(canvas);
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.colours = {
      lie: colour("--lie"),
      lost: colour("--loss"),
      "ink-1": colour("--ink"),
      "ink-2": colour("--green"),
      "ink-3": colour("--brown"),
      small: colour("--soft"),
    };
    this.blue = colour("--blue");
  }

  mark() {}

  /** @param {string} look */
  colour(look) {
    for (const [name, colour] of Object.entries(this.colours)) if (look.includes(name)) return colour;
    return this.blue;
  }

  /**
   * @param {string} d
   * @param {string} look
   */
  path(d, look) {
    if (look === "touch" || look === "marker" || look === "octagon") return;
    const { context } = this;
    const path = new Path2D(d);
    context.lineWidth = look.includes("lie") ? 2.4 : 1.4;
    context.setLineDash(look.includes("dashed") ? [5, 4] : []);
    context.strokeStyle = context.fillStyle = this.colour(look);
    if (look.includes("solid")) context.fill(path);
    else context.stroke(path);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {string} look
   */
  circle(x, y, r, look) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, r, 0, 7);
    context.fillStyle = this.colour(look);
    context.fill();
  }

  text() {}
}
