// @ts-check
// The space-time diagram: a lane for each node, time from left to right, messages as slanted arrows
// (Lamport, 1978). It draws what has happened up to the playhead, faintly what was seen beyond it,
// and nothing that is still to come.

/** @import { Parting } from "./parting.js" */
/** @import { Run } from "./run.js" */
/** @import { Scene, Sizes } from "./scene.js" */
/** @import { OnPick, Selected } from "./selection.js" */
/** @import { Spoken } from "./spoken.js" */
/** @import { Stress } from "./stress.js" */

import { CanvasSheet } from "./canvas_sheet.js";
import { listenToPointer } from "./diagram_pointer.js";
import { unitOf } from "./diagram_unit.js";
import { isToScale } from "./dial.js";
import { DiagramFlag } from "./difference.js";
import { h, onceAFrame, s, set } from "./dom.js";
import { drawGhost, namesOfGhost } from "./ghost.js";
import { namesOfUnknown } from "./knowledge_bands.js";
import { laneLayout } from "./lane_layout.js";
import { drawScale, namesOfLevels, widthOfScale } from "./lane_lines.js";
import { namesOf } from "./lane_names.js";
import { namesOfStretches } from "./lane_stretches.js";
import { drawFlag, drawLanes, drawLasting, namesOfPartitions } from "./lanes.js";
import { drawMarks } from "./marks.js";
import { drawPastAndFuture, namesOfPastAndFuture } from "./past_and_future.js";
import { sceneOf } from "./scene.js";
import { NOTHING_SPOKEN } from "./spoken.js";
import { dimMarks } from "./stress.js";
import { SvgStrokes } from "./strokes.js";
import { AXIS, drawAxis } from "./ticks.js";
import { Veil } from "./veil.js";
import { Viewport, ZOOM } from "./viewport.js";

/** More marks than this are drawn on a canvas. */
const MOST_ELEMENTS = 2000;
let diagrams = 0;

/**
 * What the diagram shows: the moment, how many events have happened, how many of them the verdicts
 * may use, how far the run was seen, what is selected, where the run parts from the rehearsed one, what
 * is spoken of, how far the rehearsed run was seen, and what stands out.
 *
 * @typedef {{
 *   at: number,
 *   count: number,
 *   told: number,
 *   seen: number,
 *   selected: Selected | null,
 *   differs: number | null,
 *   spoken?: Spoken,
 *   known?: number,
 *   stress?: Stress | null,
 * }} Shown
 */

/** @type {Shown} */
const NOTHING = { at: 0, count: 0, told: 0, seen: 0, selected: null, differs: null };

export class Diagram {
  /**
   * @param {OnPick} onPick
   * @param {(at: number) => void} onSeek
   */
  constructor(onPick, onSeek) {
    this.onPick = onPick;
    this.onSeek = onSeek;
    /** @type {Run | null} */
    this.run = null;
    /** @type {Viewport | null} */
    this.viewport = null;
    /**
     * Set once the element has a size.
     *
     * @type {Sizes | null}
     */
    this.sizes = null;
    /** @type {Shown | null} */
    this.shown = null;
    /** The evidence that shows, as the number of its last event. */
    this.evidence = -1;
    this.unit = 1;
    /** The width of the names. */
    this.gutter = 0;
    this.isFollowing = true;
    this.isOnCanvas = false;
    /** The scale of the lines along the lanes. @type {SVGGElement | null} */
    this.scale = null;
    /** What is pointed at, as numbers. */
    this.pointed = "";
    /** What the marks are dimmed for; undefined if they are drawn anew. @type {Stress | null | undefined} */
    this.stressed = undefined;
    /** Where the run parts from another one. @type {Parting | null} */
    this.parting = null;
    /**
     * The texts of the axis, where they are, and whether they are hidden.
     *
     * @type {{ element: Element, left: number, right: number, isCut: boolean }[]}
     */
    this.axis = [];
    /**
     * The page that is drawn, and where it begins.
     *
     * @type {{ page: number, origin: number } | null}
     */
    this.drawn = null;

    diagrams += 1;
    const id = `scene-${diagrams}`;
    this.names = s("svg", { class: "names", "aria-hidden": "true" });
    this.sheet = new CanvasSheet();
    this.svg = s("svg", { class: "plot", role: "img", "aria-label": "The space-time diagram" });
    this.base = s("g");
    this.cones = s("g", { class: "shade" });
    this.scene = s("g", { id });
    this.words = s("g");
    this.veil = new Veil(this.scene, this.words);
    this.faint = s("use", { href: `#${id}`, class: "faint" });
    // An inner picture is cut off at its edges, which costs less than a clip path.
    this.past = s("svg", {}, this.scene);
    this.ghost = s("g");
    this.ghosted = s("svg", { class: "ghost" }, this.ghost);
    this.difference = new DiagramFlag(onPick);
    this.seen = s("svg", {}, this.faint);
    this.head = s("g", { class: "playhead" });
    this.flag = s("g", { class: "flag" });
    // Words cover the playhead: it strikes none through.
    this.moving = s("g", {}, this.base, this.cones, this.ghosted, this.seen, this.past, this.flag);
    this.worded = s("g", {}, this.words);
    this.svg.append(this.moving, this.head, this.worded);
    const { canvas } = this.sheet;
    const flag = this.difference.element;
    this.element = h("div", { class: "diagram" }, canvas, this.svg, this.names, flag, this.zoomButtons());
    this.redraw = onceAFrame(() => this.draw());
    // Other colours need another drawing, too.
    addEventListener("themechange", this.redraw);
    new ResizeObserver(() => this.lay()).observe(this.element);
    listenToPointer(this);
  }

  zoomButtons() {
    /** @type {(words: string, label: string, by: number) => HTMLElement} */
    const zoom = (words, label, by) =>
      h("button", { type: "button", "aria-label": label, title: label, onclick: () => this.zoomBy(by) }, words);
    return h(
      "div",
      { class: "tools" },
      zoom("−", "Zoom out", 1 / ZOOM),
      zoom("+", "Zoom in", ZOOM),
      zoom("↔", "Show the whole run", 0),
    );
  }

  /** @param {Run} run */
  open(run) {
    const isNew = this.run?.show.scenario !== run.show.scenario || this.run.nodes.length !== run.nodes.length;
    this.run = run;
    this.parting = run.parting;
    this.difference.open(run.parting);
    if (isNew || !this.viewport) {
      this.viewport = new Viewport(run.timeScale);
      this.isFollowing = true;
    } else this.viewport.timeScale = run.timeScale;
    this.lay();
  }

  /** Measures everything anew: sizes, and the scale of time. */
  lay() {
    const { run, viewport } = this;
    const { clientWidth, clientHeight } = this.element;
    if (!run || !viewport || clientWidth === 0 || clientHeight === 0) return;
    // Everything is drawn in units that grow with the page's type.
    const unit = unitOf(clientWidth);
    const [whole, height] = [clientWidth / unit, clientHeight / unit];
    const top = Math.min(30, height * 0.12);
    const laid = laneLayout(run.nodes, top, height - AXIS - Math.min(14, height * 0.06));
    const { names, gutter } = namesOf(laid, run, { whole, height, least: widthOfScale(run) });
    const width = whole - gutter;
    this.unit = unit;
    this.gutter = gutter;
    this.sizes = { width, height, gap: laid.gap, isFolded: laid.isFolded, lane: (node) => laid.lanes[node] };
    set(this.names, { width: gutter * unit, height: clientHeight, viewBox: `0 0 ${gutter} ${height}` });
    this.scale = drawScale(run, this.sizes, gutter);
    this.names.replaceChildren(...names, this.scale);
    set(this.svg, { width: width * unit, height: clientHeight, viewBox: `0 0 ${width} ${height}` });
    this.svg.style.left = `${gutter * unit}px`;
    this.sheet.resize(gutter * unit, width * unit, clientHeight, unit);
    const ways = run.messages.filter((m) => m.ends > m.sent).map((m) => m.ends - m.sent);
    viewport.resize(width, ways);
    // What was to be shown before there was room for it is still where to look.
    if (this.isFollowing && this.shown) viewport.follow(this.shown.at);
    this.draw();
  }

  /**
   * Zooms in by a factor; 0 shows the whole run.
   *
   * @param {number} by
   * @param {number} [around] a place in the window; that of the playhead if there is none
   */
  zoomBy(by, around) {
    const { viewport } = this;
    if (!viewport || !this.sizes) return false;
    const { zoom } = viewport;
    viewport.zoomBy(by, around ?? viewport.x(this.shown?.at ?? 0) - viewport.scroll);
    this.draw();
    return viewport.zoom !== zoom;
  }

  /**
   * Scrolls to a place, and stops following the playhead.
   *
   * @param {number} scroll
   */
  scrollTo(scroll) {
    this.isFollowing = false;
    this.viewport?.scrollTo(scroll);
    if (this.shown) this.show(this.shown);
  }

  /** @param {Shown} shown */
  show(shown) {
    const { viewport, run, shown: before, evidence } = this;
    this.shown = shown;
    if (!run || !viewport || !this.sizes) return;
    this.evidence = run.evidenceAt(shown.told).id;
    const hasChanged =
      before?.selected !== shown.selected ||
      before.differs !== shown.differs ||
      before.stress !== shown.stress ||
      evidence !== this.evidence;
    if (this.isFollowing) viewport.follow(shown.at);
    if (hasChanged || this.drawn?.page !== viewport.page) this.redraw();
    this.move();
  }

  /** Moves the playhead and the window, and draws nothing anew. */
  move() {
    const { run, viewport, sizes } = this;
    if (!run || !viewport || !sizes) return;
    const { at, seen, count, known: rehearsed = 0 } = this.shown ?? NOTHING;
    const { height } = sizes;
    const { scroll } = viewport;
    const origin = this.drawn?.origin ?? 0;
    const x = viewport.x(at);
    const seenTo = Math.max(viewport.x(seen), x);
    const shift = `translate(${(origin - scroll || 0).toFixed(2)} 0)`;
    set(this.moving, { transform: shift });
    set(this.worded, { transform: shift });
    set(this.past, { x: -origin, width: x + (at >= run.ends ? 400 : 0.5), height });
    set(this.seen, { x: x - origin, width: seenTo + (seen >= run.ends ? 300 : 1) - x, height });
    set(this.ghosted, { x: -origin, width: Math.max(viewport.x(rehearsed), x) + (at >= run.ends ? 400 : 0.5), height });
    set(this.ghost, { transform: `translate(${origin} 0)` });
    // The scene is drawn from its origin on, whichever part of it shows.
    set(this.scene, { transform: `translate(${origin} 0)` });
    set(this.faint, { transform: `translate(${-x} 0)`, visibility: seen > at ? "visible" : "hidden" });
    const known = seen > 0 || count > 0 ? seen : -1;
    const left = scroll - origin;
    this.veil.show(known < 0 ? -1 : at, known, { left, right: left + sizes.width });
    this.showAxis(left, left + sizes.width);
    this.point();
    if (this.scale) set(this.scale, { visibility: isToScale(run, at) ? null : "hidden" });
    this.dim();
    this.placeFlag();
    set(this.head, { transform: `translate(${(x - scroll).toFixed(2)} 0)` });
    if (this.isOnCanvas) this.sheet.show(x - scroll, seenTo - scroll, scroll - origin);
  }

  /**
   * Hides the texts of the axis that would be cut at an edge.
   *
   * @param {number} left
   * @param {number} right
   */
  showAxis(left, right) {
    for (const text of this.axis) {
      const isCut = text.left < left || text.right > right;
      if (isCut === text.isCut) continue;
      text.isCut = isCut;
      text.element.toggleAttribute("data-cut", isCut);
    }
  }

  /** Points at what is spoken of. */
  point() {
    const { events, messages } = this.shown?.spoken ?? NOTHING_SPOKEN;
    const key = [...events, "", ...messages].join();
    if (key === this.pointed) return;
    this.pointed = key;
    for (const mark of this.scene.querySelectorAll("[data-event], [data-index]")) {
      const [event, index] = [mark.getAttribute("data-event"), mark.getAttribute("data-index")];
      const isSpoken = event !== null ? events.has(Number(event)) : messages.has(Number(index));
      mark.classList.toggle("spoken", isSpoken);
    }
  }

  /** Dims what does not stand out. */
  dim() {
    const stress = this.shown?.stress ?? null;
    if (stress === this.stressed) return;
    this.stressed = stress;
    this.element.toggleAttribute("data-stressed", stress !== null);
    dimMarks(this.svg, stress);
  }

  /** Puts the mark of the first difference at its moment. */
  placeFlag() {
    const { viewport, sizes, parting, unit, gutter } = this;
    if (!viewport || !sizes) return;
    const left = gutter * unit;
    const at = parting ? left + (viewport.x(parting.event.at) - viewport.scroll) * unit : 0;
    this.difference.show(at, { from: left, to: left + sizes.width * unit - 4 });
  }

  /** Draws the window, with some margin, anew. */
  draw() {
    const { run, viewport, sizes } = this;
    if (!run || !viewport || !sizes) return;
    const { origin, end } = viewport.drawn;
    this.drawn = { page: viewport.page, origin };
    const scene = sceneOf(run, viewport, sizes, this.shown ?? NOTHING);
    const marks = scene.messages.length + scene.events.length;
    this.base.replaceChildren(...drawLanes(scene), ...drawAxis(scene));
    this.axis = [...this.base.querySelectorAll("text[data-left]")].map((element) => ({
      element,
      left: Number(element.getAttribute("data-left")),
      right: Number(element.getAttribute("data-right")),
      isCut: false,
    }));
    this.cones.replaceChildren(...drawPastAndFuture(scene));
    this.scene.replaceChildren(...drawLasting(scene));
    this.ghost.replaceChildren(...drawGhost(scene, this.parting));
    this.words.replaceChildren();
    this.isOnCanvas = marks > MOST_ELEMENTS;
    this.sheet.canvas.hidden = !this.isOnCanvas;
    const strokes = new SvgStrokes(this.scene, this.words);
    if (this.isOnCanvas) {
      this.sheet.draw(scene, end - origin, this.unit);
      // What stands out is drawn over the sheet, which is dimmed.
      if (this.shown?.stress) drawMarks(strokes, stressedIn(scene, this.shown.stress));
    } else {
      const names = [
        ...namesOfPartitions(scene),
        ...namesOfStretches(scene),
        ...namesOfLevels(scene),
        ...namesOfPastAndFuture(scene),
        ...namesOfGhost(scene, this.parting),
        ...namesOfUnknown(scene),
      ];
      drawMarks(strokes, scene, names);
    }
    this.veil.cover();
    this.pointed = "";
    this.stressed = undefined;
    this.flag.replaceChildren(...drawFlag(scene, this.shown?.differs));
    const top = 7;
    this.head.replaceChildren(
      s("path", { class: "line", d: `M0 ${top}V${sizes.height - AXIS + 4}` }),
      s("path", { class: "arrow", d: `M-8 ${top - 7}H8L0 ${top + 5}Z` }),
    );
    if (this.shown) this.move();
    set(this.svg, { "data-marks": marks });
  }
}

/**
 * Returns the part of a scene that stands out.
 *
 * @param {Scene} scene
 * @param {Stress} stress
 * @returns {Scene}
 */
function stressedIn(scene, { events, messages }) {
  return {
    ...scene,
    messages: scene.messages.filter(({ index }) => messages.has(index)),
    events: scene.events.filter(({ id }) => events.has(id)),
  };
}
