// @ts-check
// The trace as a table, for those who read rather than watch. A long one is shown page by page.

/** @import { Run } from "./run.js" */
/** @import { Theatre } from "./theatre.js" */

import { h } from "./dom.js";
import { sentence } from "./sentences.js";
import { span } from "./words.js";

/** How many events a page has. */
const PAGE = 200;

export class TraceTable {
  /** @param {Theatre} theatre */
  constructor({ player, actions }) {
    this.player = player;
    this.visit = actions.visit;
    this.page = 0;
    this.hash = h("p", { class: "hash" });
    this.pages = h("p", { class: "pages" });
    this.body = h("tbody");
    const head = h("tr", {}, ...["event", "at", "what"].map((name) => h("th", { scope: "col" }, name)));
    const table = h("table", {}, h("thead", {}, head), this.body);
    this.element = h("div", { class: "trace-table" }, this.hash, this.pages, table);
    player.watch((_, change) => change === "run" && this.turnTo(0));
    document.addEventListener("toggle", ({ target }) => target instanceof Element && this.appeared(target), true);
  }

  /** @param {Element} around what was opened */
  appeared(around) {
    if (around.contains(this.element)) this.fill();
  }

  /** @param {number} page */
  turnTo(page) {
    this.page = page;
    this.fill();
  }

  /** Fills in the page, if it can be seen. */
  fill() {
    const { player, element, page } = this;
    if (!player.isOpen || !element.isConnected || element.closest("details:not([open]), [hidden]")) return;
    const { run } = player;
    const last = Math.max(0, Math.ceil(run.events.length / PAGE) - 1);
    /** @type {(to: number, words: string) => HTMLElement} */
    const turn = (to, words) =>
      h("button", { type: "button", disabled: to < 0 || to > last, onclick: () => this.turnTo(to) }, words);
    const turns = [turn(page - 1, "Earlier"), ` ${page + 1} of ${last + 1} `, turn(page + 1, "Later")];
    this.hash.replaceChildren("trace hash ", h("code", {}, run.report.trace_hash));
    this.pages.replaceChildren(...(last > 0 ? turns : []));
    this.body.replaceChildren(...this.rows(run));
  }

  /** @param {Run} run */
  rows(run) {
    return run.events.slice(this.page * PAGE, (this.page + 1) * PAGE).map((event) => {
      const visit = h("button", { type: "button", onclick: () => this.visit(event.id) }, String(event.id));
      const cells = [h("td", {}, span(event.at)), h("td", {}, sentence(run, event))];
      return h("tr", {}, h("th", { scope: "row" }, visit), ...cells);
    });
  }
}
