// @ts-check
// Marks on canvases, for runs with too many marks for elements. A hidden canvas holds everything that
// is drawn. The visible one copies from it as much as the playhead has passed.

/** @import { Scene } from "./scene.js" */

import { contextOf, h } from "./dom.js";
import { drawMarks } from "./marks.js";
import { CanvasStrokes } from "./strokes.js";

/** Browsers draw no canvas that is much wider. */
const WIDEST = 8000;
/** How strong the marks are that were seen, and are ahead of the playhead now. */
const FAINT = 0.28;

export class CanvasSheet {
  constructor() {
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.sheet = document.createElement("canvas");
    this.scale = 1;
    this.width = 0;
  }

  /**
   * @param {number} left in pixels, as the other measures
   * @param {number} width
   * @param {number} height
   * @param {number} unit pixels in a unit of the diagram
   */
  resize(left, width, height, unit) {
    const scale = globalThis.devicePixelRatio || 1;
    this.width = width / unit;
    Object.assign(this.canvas, { width: width * scale, height: height * scale });
    Object.assign(this.canvas.style, { left: `${left}px`, width: `${width}px`, height: `${height}px` });
  }

  /**
   * Draws a scene on the sheet.
   *
   * @param {Scene} scene
   * @param {number} width of the page that is drawn
   * @param {number} unit
   */
  draw(scene, width, unit) {
    this.scale = Math.min((globalThis.devicePixelRatio || 1) * unit, WIDEST / width);
    this.sheet.width = Math.ceil(width * this.scale);
    this.sheet.height = Math.ceil(scene.sizes.height * this.scale);
    drawMarks(new CanvasStrokes(this.sheet, this.canvas, this.scale), scene);
  }

  /**
   * Shows the sheet up to the playhead, and faintly up to what was seen.
   *
   * @param {number} past where the playhead is in the window
   * @param {number} seen
   * @param {number} offset where the window begins on the sheet
   */
  show(past, seen, offset) {
    const { canvas } = this;
    const context = contextOf(canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    this.showPart(context, 0, past, offset, 1);
    this.showPart(context, past, seen, offset, FAINT);
    context.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} from
   * @param {number} to
   * @param {number} offset
   * @param {number} alpha
   */
  showPart(context, from, to, offset, alpha) {
    const { canvas, sheet, scale, width } = this;
    const [left, right] = [Math.max(0, from), Math.min(width, to)];
    if (right <= left) return;
    const ratio = canvas.width / width;
    const source = /** @type {const} */ ([(left + offset) * scale, 0, (right - left) * scale, sheet.height]);
    context.globalAlpha = alpha;
    context.drawImage(sheet, ...source, left * ratio, 0, (right - left) * ratio, canvas.height);
  }
}
