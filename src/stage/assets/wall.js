// @ts-check
// A wall of seeds: a cell for the run of each, coloured and hatched by its verdicts, filling as they
// run. At the end they settle by outcome: the odds, seen. A cell leads to its run.

/** @import { WallLine } from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */
/** @import { Outcome } from "./wall_cells.js" */

import * as api from "./api.js";
import { closeButton, h, onceAFrame, reducedMotion } from "./dom.js";
import { capital } from "./names.js";
import { Cells, gridOf, share } from "./wall_cells.js";
import { Painter, swatch } from "./wall_paint.js";
import { queued } from "./words.js";

/** How long cells take to settle, in milliseconds. */
const SETTLING = 1100;

/** What arrow keys move by: columns and rows. */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Wall {
  /** @param {(seed: string) => unknown} open opens the run of a seed */
  constructor(open) {
    this.open = open;
    /** @type {AbortController | null} */
    this.leaving = null;
    /** @type {Cells | null} */
    this.cells = null;
    /** How far the cells have moved from their seeds' places to their outcomes', from 0 to 1. */
    this.part = 0;
    /** @type {Uint16Array} */
    this.places = new Uint16Array();
    this.wanted = 0;
    /** @type {number | null} */
    this.at = null;
    const hint = "Arrow keys move from seed to seed, and Enter opens the run.";
    this.canvas = h("canvas", { tabindex: 0, role: "application", "aria-label": `A wall of seeds. ${hint}` });
    this.painter = new Painter(this.canvas);
    this.room = h("div", { class: "cells" }, this.canvas);
    this.status = h("p", { class: "status", role: "status" });
    this.pointed = h("p", { class: "pointed", "aria-live": "polite" });
    this.legend = h("ul", { class: "outcomes" });
    this.order = h("button", { type: "button", "aria-pressed": "false" }, "Sorted by outcome");
    this.order.addEventListener("click", () => this.settle(this.wanted === 1 ? 0 : 1));
    this.dialog = h(
      "dialog",
      { class: "wall", "aria-label": "A wall of seeds" },
      h("form", { method: "dialog" }, h("h2", {}, "Seed after seed"), this.order, closeButton("Close")),
      this.status,
      this.room,
      this.pointed,
      this.legend,
    );
    this.draw = onceAFrame(() => this.paint());
    this.listen();
  }

  listen() {
    const { canvas, dialog } = this;
    dialog.addEventListener("close", () => this.leaving?.abort());
    canvas.addEventListener("pointermove", (event) => this.point(this.cellAt(event)));
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("click", (event) => this.fly(this.cellAt(event)));
    canvas.addEventListener("keydown", (event) => this.press(event));
    new ResizeObserver(() => this.draw()).observe(this.room);
    addEventListener("themechange", () => this.draw());
  }

  /** @param {Request} request */
  openFor(request) {
    this.leaving?.abort();
    this.leaving = new AbortController();
    this.cells = null;
    this.part = this.wanted = 0;
    this.at = null;
    this.pointed.textContent = "";
    this.status.textContent = "The runs begin …";
    this.legend.replaceChildren();
    this.dialog.showModal();
    this.canvas.focus();
    this.draw();
    api
      .wall({ order: api.requestBody(request) }, this.leaving.signal, (line) => this.hear(line))
      .catch((error) => {
        if (!api.isAborted(error)) this.status.textContent = api.reportOf(error);
      });
  }

  /** @param {WallLine} line */
  hear(line) {
    const { cells } = this;
    if ("error" in line) this.status.textContent = line.error.report || line.error.message;
    else if ("queue" in line) this.status.textContent = queued(line.queue);
    else if ("wall" in line) this.cells = new Cells(line.wall.seed, line.wall.runs, line.wall.properties);
    else if (cells && "outcome" in line) cells.meet(line.outcome);
    else if (cells && "cells" in line) {
      cells.add(line.cells);
      this.draw();
    } else if (cells && "filled" in line) this.end(cells);
  }

  /**
   * All that will be run is: they settle.
   *
   * @param {Cells} cells
   */
  end(cells) {
    this.draw();
    this.legend.replaceChildren(...cells.ranked().map((outcome) => this.row(cells, outcome)));
    const [first] = cells.ranked();
    this.status.textContent = first ? capital(`${cells.words(first)} in ${share(first.count, cells.count)}.`) : "";
    this.settle(1);
  }

  /**
   * Returns the row of an outcome in the legend. It leads to one of its runs.
   *
   * @param {Cells} cells
   * @param {Outcome} outcome
   */
  row(cells, outcome) {
    const words = `${cells.words(outcome)} in ${share(outcome.count, cells.count)}`;
    const open = () => this.fly(cells.outcomeOf.indexOf(outcome.number));
    return h("li", {}, h("button", { type: "button", onclick: open }, swatch(outcome.rank), words));
  }

  /**
   * Moves the cells to the places of their outcomes, or back to those of their seeds.
   *
   * @param {0 | 1} wanted
   */
  settle(wanted) {
    if (!this.cells) return;
    this.wanted = wanted;
    this.order.setAttribute("aria-pressed", String(wanted === 1));
    this.places = this.cells.settled();
    const [from, began] = [this.part, performance.now()];
    const step = () => {
      if (this.wanted !== wanted || !this.dialog.open) return;
      const passed = reducedMotion.matches ? 1 : Math.min(1, (performance.now() - began) / SETTLING);
      this.part = from + (wanted - from) * passed;
      this.paint();
      if (passed < 1) requestAnimationFrame(step);
    };
    step();
  }

  paint() {
    const { cells, painter, room, places, part, at } = this;
    if (!this.dialog.open) return;
    painter.fit(room.clientWidth, room.clientHeight);
    if (!cells) return painter.clear();
    cells.ranked();
    painter.grid = gridOf(cells.size, room.clientWidth, room.clientHeight);
    painter.paint(cells, part > 0 ? { places, part } : null, at);
    if (cells.count < cells.size && !this.legend.hasChildNodes())
      this.status.textContent = `${cells.count.toLocaleString("en")} of ${cells.size.toLocaleString("en")} runs`;
  }

  /**
   * Returns the cell at a pointer; null beside the cells.
   *
   * @param {MouseEvent} event
   */
  cellAt({ offsetX, offsetY }) {
    return this.cellOf(this.painter.placeAt(offsetX, offsetY));
  }

  /**
   * Returns the cell that is at a place; null if that is empty.
   *
   * @param {number | null} place
   */
  cellOf(place) {
    const { cells, places, part } = this;
    if (!cells || place === null) return null;
    const cell = part === 1 ? places.indexOf(place) : place;
    return cell >= 0 && cell < cells.count ? cell : null;
  }

  /** @param {number | null} cell */
  point(cell) {
    if (!this.cells || cell === this.at) return;
    this.at = cell;
    this.pointed.textContent =
      cell === null ? "" : `seed ${this.cells.seed(cell)}: ${this.cells.words(this.cells.outcome(cell))}`;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key === "Enter" && this.at !== null) return this.fly(this.at);
    const move = MOVES[/** @type {keyof typeof MOVES} */ (event.key)];
    if (!move || !this.cells) return;
    event.preventDefault();
    const { columns } = this.painter.grid;
    const here = this.at === null ? null : this.part === 1 ? this.places[this.at] : this.at;
    const place = here === null ? 0 : here + move[0] + move[1] * columns;
    const cell = this.cellOf(place);
    if (cell !== null) this.point(cell);
  }

  /** @param {number | null} cell */
  fly(cell) {
    if (!this.cells || cell === null || cell < 0) return;
    this.dialog.close();
    this.open(this.cells.seed(cell));
  }
}
