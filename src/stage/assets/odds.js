// @ts-check
// The odds: many runs over a grid of settings, drawn beside theory. The chart fills in as they run.

/** @import * as Wire from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */

import * as api from "./api.js";
import { rateChart } from "./chart.js";
import { closeButton, h } from "./dom.js";
import { shellQuoted } from "./shell_quoted.js";
import { queued } from "./words.js";

/** The grid for a scenario without one of its own. */
const DEFAULT_GRID = "network.loss=0..0.9/0.1";

/** @typedef {"violated" | "holds"} Verdict */
/** @typedef {(at: Wire.SweepRow["at"], seed: number) => unknown} OnOpen opens the run of a seed at a point */

export class Odds {
  /** @param {OnOpen} open */
  constructor(open) {
    this.open = open;
    /** @type {Request | null} */
    this.request = null;
    /** @type {AbortController | null} */
    this.leaving = null;
    const placeholder = `the scenario's own, or ${DEFAULT_GRID}`;
    this.over = h("input", { type: "text", spellcheck: "false", placeholder });
    this.runs = h("input", { type: "number", min: 1, max: 100000, placeholder: "own" });
    this.status = h("p", { class: "status", role: "status" });
    this.bar = h("progress", { max: 1, value: 0, "aria-label": "Runs done" });
    this.chart = h("div", { class: "chart" });
    this.head = h("tr");
    this.rows = h("tbody");
    this.table = h("table", { hidden: true }, h("thead", {}, this.head), this.rows);
    this.answers = h("div", { class: "answers" });
    this.command = h("p", { class: "command" });
    /** @type {(event: SubmitEvent) => void} */
    const submit = (event) => {
      event.preventDefault();
      this.start();
    };
    this.dialog = h(
      "dialog",
      { class: "odds", "aria-label": "The odds" },
      h("form", { method: "dialog" }, h("h2", {}, "The odds"), closeButton("Close")),
      h(
        "form",
        { class: "asked", onsubmit: submit },
        h("label", {}, "over", this.over),
        h("label", {}, "runs at each point", this.runs),
        h("button", { class: "main" }, "Run them"),
      ),
      this.bar,
      this.status,
      this.answers,
      this.chart,
      h("div", { class: "rows" }, this.table),
      this.command,
    );
    this.dialog.addEventListener("close", () => this.leaving?.abort());
  }

  /**
   * @param {Request} request
   * @param {boolean} hasOwnGrid whether the scenario has a grid of its own
   */
  openFor(request, hasOwnGrid) {
    // The settings for one scenario mean nothing for another.
    if (this.request?.scenario !== request.scenario) {
      this.over.value = hasOwnGrid ? "" : DEFAULT_GRID;
      this.runs.value = "";
    }
    this.request = request;
    this.command.replaceChildren();
    this.bar.value = 0;
    this.dialog.showModal();
    this.start();
  }

  start() {
    this.sweep().catch((error) => {
      if (!api.isAborted(error)) this.status.textContent = api.reportOf(error);
    });
  }

  async sweep() {
    if (!this.request) return;
    this.leaving?.abort();
    this.leaving = new AbortController();
    this.rows.replaceChildren();
    this.answers.replaceChildren();
    this.chart.replaceChildren();
    this.table.hidden = true;
    this.status.textContent = "";
    /** @type {Wire.SweepRequest} */
    const asked = { order: api.requestBody(this.request) };
    const over = this.over.value.trim();
    if (over) asked.over = over.split(/\s*;\s*/);
    if (this.runs.value) asked.runs = Number(this.runs.value);
    /** @type {Map<number, Wire.SweepRow>} */
    const found = new Map();
    await api.sweep(asked, this.leaving.signal, (line) => this.hear(line, found));
  }

  /**
   * @param {Wire.SweepLine} line
   * @param {Map<number, Wire.SweepRow>} found the rows so far
   */
  hear(line, found) {
    if ("error" in line) this.status.textContent = line.error.report || line.error.message;
    else if ("queue" in line) this.status.textContent = queued(line.queue);
    else if ("plan" in line) {
      const { points, runs, command } = line.plan;
      this.status.textContent = `${points} points, ${runs.toLocaleString("en")} runs`;
      const words = `dsys ${command.map(shellQuoted).join(" ")}`;
      this.command.replaceChildren("In a terminal: ", h("code", {}, words));
    } else if ("progress" in line) this.bar.value = line.progress.done / Math.max(1, line.progress.runs);
    else if ("row" in line) {
      found.set(line.row.point, line.row);
      this.fill([...found.values()].sort((a, b) => a.point - b.point));
    } else if ("done" in line) {
      this.bar.value = 1;
      this.answer(line.done);
    }
  }

  /**
   * Shows what many runs answer to the story's questions.
   *
   * @param {Wire.SweepDone} done
   */
  answer({ predictions }) {
    const answered = predictions.filter(({ answer }) => answer !== null);
    const told = answered.map(({ ask, choices, answer }) =>
      h("p", { class: "answer" }, `${ask} `, h("strong", {}, choices[answer ?? 0].say)),
    );
    this.answers.replaceChildren(...told);
  }

  /**
   * Shows the rows as a chart and as a table; each point with runs to open.
   *
   * @param {Wire.SweepRow[]} points
   */
  fill(points) {
    const all = Object.keys(points[0].properties);
    // What is never violated and has no theory would be a line on the axis.
    const worthy = all.filter((name) =>
      points.some(({ properties }) => properties[name].violated > 0 || (properties[name].theory ?? 0) > 0),
    );
    const properties = worthy.length > 0 ? worthy : all;
    this.table.hidden = false;
    this.chart.replaceChildren(rateChart(points, properties, (row, name, verdict) => this.openRun(row, name, verdict)));
    const heads = ["at", ...properties.map((name) => `${name} violated`)];
    this.head.replaceChildren(...heads.map((words) => h("th", { scope: "col" }, words)));
    const rows = points.map((row) => {
      const at = Object.entries(row.at).map(([key, value]) => `${key} = ${value}`);
      const head = h("th", { scope: "row" }, at.join(", ") || "as it is");
      return h("tr", {}, head, ...properties.map((name) => this.cell(row, name)));
    });
    this.rows.replaceChildren(...rows);
  }

  /**
   * @param {Wire.SweepRow} row
   * @param {string} name
   */
  cell(row, name) {
    const { rate, low, high, theory } = row.properties[name];
    /** @type {(verdict: Verdict, words: string) => HTMLElement | null} */
    const open = (verdict, words) => {
      if (row.example[name][verdict] === null) return null;
      return h("button", { type: "button", onclick: () => this.openRun(row, name, verdict) }, words);
    };
    return h(
      "td",
      {},
      h("span", { class: "rate" }, percent(rate)),
      ` ${percent(low)} – ${percent(high)}`,
      theory === null ? null : h("span", { class: "theory" }, ` theory ${percent(theory)}`),
      " ",
      open("violated", "✗ one"),
      open("holds", "✓ one"),
    );
  }

  /**
   * Opens a run behind a point.
   *
   * @param {Wire.SweepRow} row
   * @param {string} name
   * @param {Verdict} verdict
   */
  openRun(row, name, verdict) {
    const seed = row.example[name][verdict];
    if (seed === null) return;
    this.dialog.close();
    this.open(row.at, seed);
  }
}

/**
 * Returns a part in percent, with a decimal where it is small.
 *
 * @param {number} part
 */
export function percent(part) {
  return `${(part * 100).toFixed(part > 0.0995 || part === 0 ? 0 : 1)} %`;
}
