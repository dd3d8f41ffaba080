// The space-time diagram: a lane for each node, time from left to right, messages as slanted arrows. (Lamport, 1978.) It
// draws what has happened up to the playhead, faintly what was seen beyond it, and nothing of what is still to come.

import { h, isEmbedded, onceAFrame, s, set } from "./dom.js";
import { flag, lanes, lasting } from "./lanes.js";
import { CanvasPen, ElementPen } from "./pens.js";
import { drawMarks } from "./marks.js";
import { drawShade } from "./shade.js";
import { AXIS, ticks } from "./ticks.js";
import { countUpTo } from "./sorted.js";
import { shorten, width as textWidth } from "./text.js";

/** More marks than this are drawn on a canvas. */
const MOST_ELEMENTS = 2000;
/** How much is drawn to both sides of what shows, in widths of what shows. */
const MARGIN = 0.5;
/** Room for the labels of the last moment, as a part of the width. */
const END = 0.13;
/** The least width of a typical message's way at the beginning. */
const WAY = 44;
let diagrams = 0;

export class Diagram {
  constructor(onpick, onseek) {
    Object.assign(this, { onpick, onseek, scroll: 0, zoom: 1, isFollowing: true });
    const id = `scene-${(diagrams += 1)}`;
    this.names = s("svg", { class: "names", "aria-hidden": "true" });
    this.sheet = document.createElement("canvas");
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.svg = s("svg", { class: "plot", role: "img", "aria-label": "The space-time diagram" });
    this.base = s("g");
    this.shade = s("g", { class: "shade" });
    this.scene = s("g", { id });
    this.words = s("g");
    this.faint = s("use", { href: `#${id}`, class: "faint" });
    // What is inside another picture ends at its edges, which costs less than a clip path does.
    this.past = s("svg", {}, this.scene);
    this.seen = s("svg", {}, this.faint);
    this.head = s("g", { class: "playhead" });
    this.flag = s("g", { class: "flag" });
    this.moving = s("g", {}, this.base, this.shade, this.seen, this.past, this.words, this.flag);
    this.svg.append(this.moving, this.head);
    const zoom = (words, label, by) =>
      h("button", { type: "button", "aria-label": label, title: label, onclick: () => this.zoomBy(by) }, words);
    this.tools = h(
      "div",
      { class: "tools" },
      zoom("−", "Zoom out", 1 / 1.6),
      zoom("+", "Zoom in", 1.6),
      zoom("↔", "Show the whole run", 0),
    );
    this.element = h("div", { class: "diagram" }, this.canvas, this.svg, this.names, this.tools);
    this.redraw = onceAFrame(() => this.draw());
    // Other colours are a reason to draw anew, too.
    addEventListener("themechange", this.redraw);
    new ResizeObserver(() => this.lay()).observe(this.element);
    this.listen();
  }

  open(run) {
    const isNew = this.run?.show.scenario !== run.show.scenario || this.run?.nodes.length !== run.nodes.length;
    this.run = run;
    if (isNew) Object.assign(this, { zoom: null, scroll: 0, isFollowing: true });
    this.lay();
  }

  /** Sizes, and the scale of time. */
  lay() {
    const { run } = this;
    const { clientWidth, clientHeight } = this.element;
    if (!run || clientWidth === 0 || clientHeight === 0) return;
    // Everything is drawn in units that grow with the page's type.
    const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const unit = (root / 15) * (clientWidth < 480 ? 0.85 : 1) * (document.body.matches(".present") ? 1.25 : 1);
    const [width, height] = [clientWidth / unit, clientHeight / unit];
    this.unit = unit;
    const count = run.nodes.length;
    const font = Math.min(Math.max(height / (count * 4.2), 10), Math.min(18, width / 42), 18);
    const widest = Math.max(...run.nodes.map((node) => textWidth(node.name, font, 650)));
    this.gutter = Math.min(widest + 26, width * 0.3);
    const top = Math.min(30, height * 0.12);
    const gap = (height - AXIS - top - Math.min(16, height * 0.08)) / Math.max(1, count - 0.45);
    this.sizes = { width: width - this.gutter, height, font, gap, lane: (node) => top + gap * (node + 0.28) };
    set(this.names, { width: this.gutter * unit, height: clientHeight, viewBox: `0 0 ${this.gutter} ${height}` });
    this.names.replaceChildren(
      ...run.nodes.map((node, i) =>
        s(
          "text",
          {
            x: this.gutter - 14,
            y: this.sizes.lane(i) + font * 0.35,
            "font-size": font,
            class: node.traitor ? "traitor" : "",
          },
          shorten(node.name, this.gutter - 18, font, 650),
        ),
      ),
    );
    set(this.svg, {
      width: this.sizes.width * unit,
      height: clientHeight,
      viewBox: `0 0 ${this.sizes.width} ${height}`,
    });
    this.svg.style.left = this.canvas.style.left = `${this.gutter * unit}px`;
    const scale = globalThis.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: this.sizes.width * unit * scale, height: clientHeight * scale });
    this.canvas.style.width = `${this.sizes.width * unit}px`;
    this.canvas.style.height = `${clientHeight}px`;
    this.rescale();
  }

  /** Settles how wide the run is. */
  rescale() {
    const { course } = this.run;
    const room = this.sizes.width * (1 - END) - 16;
    course.fit(room);
    const fit = course.pxPerNs;
    if (this.zoom === null || this.zoom === undefined) {
      const ways = this.run.messages
        .filter((m) => m.ends > m.sent)
        .map((m) => m.ends - m.sent)
        .sort((a, b) => a - b);
      const wanted = ways.length > 40 ? WAY / ways[ways.length >> 1] : 0;
      this.zoom = Math.max(1, wanted / fit);
    }
    course.scale(fit * this.zoom);
    this.place(this.scroll);
    this.draw();
  }

  x(at) {
    return 16 + this.run.course.x(at);
  }

  place(scroll) {
    const most = Math.max(0, this.run.course.width + 16 - this.sizes.width * (1 - END));
    this.scroll = Math.round(Math.min(Math.max(scroll, 0), most) * 100) / 100;
  }

  zoomBy(by, around = null) {
    const { course } = this.run;
    const x = around ?? this.x(this.shown?.at ?? 0) - this.scroll;
    const at = course.at(this.scroll + x - 16);
    this.zoom = by === 0 ? 1 : Math.min(Math.max(this.zoom * by, 1), 1e7);
    this.rescale();
    this.place(this.x(at) - x);
    this.redraw();
  }

  /** Shows the moment `at`; what was seen reaches to `seen`. */
  show(state) {
    const { shown } = this;
    state.reveals = this.run?.evidenceAt(state.told).id;
    const changed =
      shown?.selected !== state.selected || shown?.differs !== state.differs || shown?.reveals !== state.reveals;
    this.shown = state;
    if (!this.sizes) return;
    if (this.isFollowing) this.follow(state.at);
    if (changed || this.drawn?.page !== this.page) this.redraw();
    this.move();
  }

  /** Keeps the playhead in its place, and lets the run pass by it. */
  follow(at) {
    this.place(this.x(at) - this.sizes.width * 0.68);
  }

  /** The page of the run that is drawn: half a window more than what shows, to both sides. */
  get page() {
    return Math.floor(this.scroll / (this.sizes.width * MARGIN));
  }

  /** Moves the playhead and the window; draws nothing anew. */
  move() {
    const { at, seen } = this.shown ?? { at: 0, seen: 0 };
    const { height } = this.sizes;
    const origin = this.drawn?.origin ?? 0;
    const x = this.x(at);
    set(this.moving, { transform: `translate(${(origin - this.scroll || 0).toFixed(2)} 0)` });
    set(this.past, { x: -origin, width: x + (at >= this.run.ends ? 400 : 0.5), height });
    const seenTo = Math.max(this.x(seen), x);
    set(this.seen, { x: x - origin, width: seenTo + (seen >= this.run.ends ? 300 : 1) - x, height });
    // The scene is drawn from its origin on, whichever part of it shows.
    set(this.scene, { transform: `translate(${origin} 0)` });
    set(this.faint, { transform: `translate(${-x} 0)` });
    const known = seen > 0 || this.shown?.count > 0 ? seen : -1;
    while (this.unveiled < this.veiled.length && this.veiled[this.unveiled].dataset.at <= known) {
      this.veiled[this.unveiled].removeAttribute("visibility");
      this.unveiled += 1;
    }
    set(this.faint, { visibility: seen > at ? "visible" : "hidden" });
    this.showWords(known < 0 ? -1 : at, known);
    const left = x - this.scroll;
    set(this.head, { transform: `translate(${left.toFixed(2)} 0)` });
    if (this.isSheet) this.compose(left, seenTo - this.scroll);
  }

  /** Words are there as a whole or not at all: those of what has happened, and faintly of what was seen. */
  showWords(at, seen) {
    for (const element of this.words.children) {
      const moment = Number(element.dataset.at);
      const look = moment <= at ? "texts" : moment <= seen ? "texts faint" : "texts unseen";
      if (element.getAttribute("class") !== look) element.setAttribute("class", look);
    }
  }

  /** Draws the window, with some margin, anew. */
  draw() {
    const { run, sizes, svg } = this;
    if (!run || !sizes) return;
    const margin = sizes.width * MARGIN;
    const { page } = this;
    const origin = Math.max(0, (page - 1) * margin);
    const end = (page + 2) * margin + sizes.width;
    this.drawn = { origin, page };
    const window = { from: run.course.at(origin - 16), to: run.course.at(end - 16) };
    const view = {
      run,
      sizes,
      window,
      origin,
      selected: this.shown?.selected ?? null,
      evidence: run.evidenceAt(this.shown?.told ?? 0).events,
      x: (at) => this.x(at) - origin,
      end: Math.min(this.x(run.ends), end) - origin,
      limit: Math.max(run.course.width + 16 + sizes.width * END, sizes.width) - origin - 4,
    };
    view.messages = inWindow(run, window);
    view.events = run.events.slice(
      countUpTo(run.events, window.from - 1, (e) => e.at),
      countUpTo(run.events, window.to, (e) => e.at),
    );
    this.base.replaceChildren(...lanes(view), ...ticks(view));
    this.shade.replaceChildren(...drawShade(view));
    this.isSheet = view.messages.length + view.events.length > MOST_ELEMENTS;
    this.scene.replaceChildren(...lasting(view));
    this.words.replaceChildren();
    if (this.isSheet) this.drawSheet(view, end - origin);
    else drawMarks(new ElementPen(this.scene, this.words), view);
    this.canvas.hidden = !this.isSheet;
    // A sign reaches to the left of its moment: it is not there before that has come.
    this.veiled = [...this.scene.querySelectorAll("[data-at]")].sort((a, b) => a.dataset.at - b.dataset.at);
    for (const mark of this.veiled) mark.setAttribute("visibility", "hidden");
    this.unveiled = 0;
    this.flag.replaceChildren(...flag(view, this.shown?.differs));
    const top = 7;
    this.head.replaceChildren(
      s("path", { class: "line", d: `M0 ${top}V${sizes.height - AXIS + 4}` }),
      s("path", { class: "arrow", d: `M-8 ${top - 7}H8L0 ${top + 5}Z` }),
    );
    if (this.shown) this.move();
    set(svg, { "data-marks": view.messages.length + view.events.length });
  }

  /** Draws the window on a sheet of its own, from which the playhead reveals as much as it has passed. */
  drawSheet(view, width) {
    const scale = Math.min((globalThis.devicePixelRatio || 1) * this.unit, 8000 / width);
    this.sheetScale = scale;
    Object.assign(this.sheet, { width: Math.ceil(width * scale), height: Math.ceil(view.sizes.height * scale) });
    Object.defineProperty(this.sheet, "parentElement", { value: this.element, configurable: true });
    drawMarks(new CanvasPen(this.sheet, scale), view);
  }

  compose(past, seen) {
    const { canvas, sheet, sheetScale: scale } = this;
    const pen = canvas.getContext("2d");
    const ratio = canvas.width / this.sizes.width;
    const offset = this.scroll - this.drawn.origin;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const part = (from, to, ink) => {
      const [left, right] = [Math.max(0, from), Math.min(this.sizes.width, to)];
      if (right <= left) return;
      pen.globalAlpha = ink;
      pen.drawImage(
        sheet,
        (left + offset) * scale,
        0,
        (right - left) * scale,
        sheet.height,
        left * ratio,
        0,
        (right - left) * ratio,
        canvas.height,
      );
    };
    part(0, past, 1);
    part(past, seen, 0.28);
    pen.globalAlpha = 1;
  }

  listen() {
    const { svg } = this;
    let drag = null;
    svg.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, scroll: this.scroll, moved: false };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!drag || event.buttons === 0) return void (drag = null);
      if (Math.abs(event.clientX - drag.x) < 4 && !drag.moved) return;
      if (!drag.moved) svg.setPointerCapture(event.pointerId);
      drag.moved = true;
      this.isFollowing = false;
      this.place(drag.scroll - (event.clientX - drag.x) / this.unit);
      this.show(this.shown);
    });
    svg.addEventListener("click", (event) => {
      const moved = drag?.moved;
      drag = null;
      if (!moved) this.pick(event);
    });
    this.element.addEventListener(
      "wheel",
      (event) => {
        if (!this.run) return;
        const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
        // Within another page a plain wheel is that page's, which is scrolled past this one.
        if (isEmbedded && !isSideways && !event.ctrlKey) return;
        event.preventDefault();
        const box = svg.getBoundingClientRect();
        if (isSideways) {
          this.isFollowing = false;
          this.place(this.scroll + (event.deltaX + (event.shiftKey ? event.deltaY : 0)) / this.unit);
          this.show(this.shown);
        } else {
          this.zoomBy(Math.exp(-event.deltaY / 300), (event.clientX - box.left) / this.unit);
        }
      },
      { passive: false },
    );
  }

  pick(event) {
    const mark = event.target.closest("[data-event],[data-message]");
    if (mark?.dataset.message) return this.onpick({ message: Number(mark.dataset.index) });
    if (mark) return this.onpick({ event: Number(mark.dataset.event) });
    const box = this.svg.getBoundingClientRect();
    this.onseek(this.run.course.at((event.clientX - box.left) / this.unit + this.scroll - 16));
  }
}

/** The messages that a window of time shows. */
function inWindow(run, { from, to }) {
  const found = [];
  for (let i = countUpTo(run.messages, to, (m) => m.sent) - 1; i >= 0 && run.latestEnd[i] >= from; i--) {
    if (run.messages[i].ends >= from) found.push(run.messages[i]);
  }
  return found.reverse();
}
