// @ts-check
// Draws the same marks in two ways: as SVG elements, or on a canvas when there are too many for
// that.

/** @import { Properties } from "./dom.js" */
/** @import { Box } from "./scene.js" */

import { contextOf, s } from "./dom.js";
import { LABEL } from "./scene.js";

/**
 * What draws marks. A look is the class that a stroke has, which says its colour and style.
 *
 * @typedef {{
 *   mark(properties: Properties): void,
 *   path(d: string, look: string): void,
 *   circle(x: number, y: number, r: number, look: string): void,
 *   text(label: Label): void,
 * }} Strokes
 *
 * A label with the box behind it. It is visible from the moment `at` on.
 *
 * @typedef {{
 *   at: number,
 *   x: number,
 *   y: number,
 *   words: string,
 *   look: string,
 *   box: Box,
 *   anchor: "start" | "middle",
 * }} Label
 */

/** @implements {Strokes} */
export class SvgStrokes {
  /**
   * @param {SVGGElement} group takes the marks
   * @param {SVGGElement} labels takes the labels
   */
  constructor(group, labels) {
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
  text({ at, x, y, words, look, box, anchor }) {
    const [width, height] = [box.right - box.left, box.bottom - box.top - 2];
    const place = { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, "font-size": LABEL };
    this.labels.append(
      s(
        "g",
        { class: "texts", "data-at": at },
        s("rect", { x: box.left, y: box.top + 1, width, height, rx: 4, class: "back" }),
        s("text", { ...place, class: look }, words),
      ),
    );
  }
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
    const style = getComputedStyle(styled);
    /** @type {(name: string) => string} */
    const colour = (name) => style.getPropertyValue(name).trim() || "#888";
    this.context = contextOf(canvas);
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.colours = {
      lie: colour("--red"),
      lost: colour("--red"),
      "ink-1": colour("--ink"),
      "ink-2": colour("--green"),
      "ink-3": colour("--purple"),
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
    if (look.includes("touch")) return;
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
