// @ts-check
// Which part of a run the diagram shows: how far it is zoomed in and scrolled.

/** @import { TimeScale } from "./time_scale.js" */

/** Room to the left of the first moment. */
const LEFT = 16;
/** Room for the labels of the last moment, as a part of the width. */
export const END = 0.13;
/** How much is drawn on each side of what shows, in widths of what shows. */
const MARGIN = 0.5;
/** The least width of a typical message's way at the beginning. */
const LEAST_WAY = 44;
/** Where the playhead stays while the diagram follows it, as a part of the width. */
const FOLLOWED = 0.68;
const MOST_ZOOM = 1e7;
/** The factor of one step of zooming. */
export const ZOOM = 1.6;

export class Viewport {
  /** @param {TimeScale} timeScale */
  constructor(timeScale) {
    this.timeScale = timeScale;
    this.width = 0;
    this.scroll = 0;
    /**
     * 1 shows the whole run. Null is not yet chosen.
     *
     * @type {number | null}
     */
    this.zoom = null;
  }

  /**
   * Takes another width, and keeps the zoom. At first it chooses the zoom for messages whose ways
   * take `lengths` nanoseconds: where there are many, a typical one gets room.
   *
   * @param {number} width
   * @param {readonly number[]} lengths
   */
  resize(width, lengths) {
    this.width = width;
    this.timeScale.fit(width * (1 - END) - LEFT);
    if (this.zoom === null) {
      const sorted = [...lengths].sort((a, b) => a - b);
      const wanted = sorted.length > 40 ? LEAST_WAY / sorted[sorted.length >> 1] : 0;
      this.zoom = Math.max(1, wanted / this.timeScale.pxPerNs);
    }
    this.timeScale.scale(this.timeScale.pxPerNs * this.zoom);
    this.scrollTo(this.scroll);
  }

  /**
   * Returns the place of a moment in the whole run.
   *
   * @param {number} at
   */
  x(at) {
    return LEFT + this.timeScale.x(at);
  }

  /**
   * Returns the moment at a place in the whole run.
   *
   * @param {number} x
   */
  at(x) {
    return this.timeScale.at(x - LEFT);
  }

  /** The width of the whole run. */
  get whole() {
    return this.timeScale.width + LEFT;
  }

  /** @param {number} scroll */
  scrollTo(scroll) {
    const most = Math.max(0, this.whole - this.width * (1 - END));
    this.scroll = Math.round(Math.min(Math.max(scroll, 0), most) * 100) / 100;
  }

  /**
   * Zooms in by a factor, around a place in the window; 0 shows the whole run.
   *
   * @param {number} by
   * @param {number} around
   */
  zoomBy(by, around) {
    const at = this.at(this.scroll + around);
    this.zoom = by === 0 ? 1 : Math.min(Math.max((this.zoom ?? 1) * by, 1), MOST_ZOOM);
    this.resize(this.width, []);
    this.scrollTo(this.x(at) - around);
  }

  /**
   * Keeps a moment in its place while the run passes by.
   *
   * @param {number} at
   */
  follow(at) {
    this.scrollTo(this.x(at) - this.width * FOLLOWED);
  }

  /** The number of the page that is drawn. Pages overlap, so that little scrolling draws nothing anew. */
  get page() {
    return Math.floor(this.scroll / (this.width * MARGIN));
  }

  /** Where the page that is drawn begins and ends in the whole run. */
  get drawn() {
    const margin = this.width * MARGIN;
    return { origin: Math.max(0, (this.page - 1) * margin), end: (this.page + 2) * margin + this.width };
  }
}
