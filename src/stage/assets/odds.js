// @ts-check
// The odds: many runs over a grid of settings, drawn beside theory. The chart fills in as they run.

/** @import * as Wire from "../wire.d.ts" */
/** @import { ScenarioListed } from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */
/** @import { Run } from "./run.js" */

import * as api from "./api.js";
import { gridFor, keysShort, keyTold, shortOf } from "./axes.js";
import { sweepChart } from "./chart.js";
import { closeButton, h } from "./dom.js";
import { shellQuoted } from "./shell_quoted.js";
import { told } from "./told.js";
import { queued, span } from "./words.js";

/** @typedef {"violated" | "holds"} Verdict */
/** @typedef {(at: Wire.SweepRow["at"], seed: number) => unknown} OnOpen opens the run of a seed at a point */

export class Odds {
  /**
   * @param {OnOpen} open
   * @param {(scenario: string) => unknown} openOther opens another scenario
   */
  constructor(open, openOther) {
    this.open = open;
    this.openOther = openOther;
    /** The run whose scenario is asked about. @type {Run | null} */
    this.run = null;
    /** @type {Request | null} */
    this.request = null;
    /** @type {AbortController | null} */
    this.leaving = null;
    /**
     * The rows so far, by the number of their point.
     *
     * @type {Map<number, Wire.SweepRow>}
     */
    this.found = new Map();
    this.over = h("input", { type: "text", spellcheck: "false", placeholder: "the scenario's own" });
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
    this.heading = h("h2", {}, "The odds");
    this.dialog = h(
      "dialog",
      { class: "odds", "aria-label": "The odds" },
      h("form", { method: "dialog" }, this.heading, closeButton("Close")),
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
   * @param {Run} run
   * @param {ScenarioListed | null} other a scenario that has odds
   * @param {boolean} [isLess] whether something is left out that was forced in this run
   */
  openFor(request, run, other, isLess = false) {
    this.heading.textContent = isLess ? "The odds, without what was forced in this run" : "The odds";
    // The settings for one scenario mean nothing for another.
    if (this.request?.scenario !== request.scenario) {
      this.over.value = gridFor(run.show) ?? "";
      this.runs.value = "";
    }
    this.request = request;
    this.run = run;
    this.leaving?.abort();
    this.clear();
    this.dialog.showModal();
    if (this.over.value || run.show.swept.length > 0) this.start();
    else this.propose(other);
  }

  /**
   * Says that nothing is worth a sweep here, and where something is.
   *
   * @param {ScenarioListed | null} other
   */
  propose(other) {
    this.status.textContent = "This scenario has nothing that is worth going over.";
    if (!other) return;
    const open = () => {
      this.dialog.close();
      this.openOther(other.path);
    };
    const link = h("button", { type: "button", onclick: open }, other.title);
    this.answers.replaceChildren(h("p", {}, "Another one has odds: ", link));
  }

  clear() {
    this.rows.replaceChildren();
    this.answers.replaceChildren();
    this.chart.replaceChildren();
    this.command.replaceChildren();
    this.table.hidden = true;
    this.bar.value = 0;
    this.status.textContent = "";
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
    this.clear();
    const over = this.over.value
      .trim()
      .split(/\s*;\s*/)
      .filter(Boolean);
    const keys = over.length > 0 ? over.map((axis) => axis.split("=")[0].trim()) : (this.run?.show.swept ?? []);
    // What is gone over is not set besides.
    const set = this.request.set.filter(([key]) => !keys.includes(key));
    /** @type {Wire.SweepRequest} */
    const asked = { order: api.requestBody({ ...this.request, set }) };
    if (over.length > 0) asked.over = over;
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
      this.found = found;
      if (line.chart) this.draw(line.chart);
    } else if ("done" in line) {
      this.bar.value = 1;
      if (line.chart) this.draw(line.chart);
      if (line.svg) this.offer(line.svg);
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
    const answers = answered.map(({ ask, choices, answer }) =>
      h("p", { class: "answer" }, `${ask} `, h("strong", {}, choices[answer ?? 0].say)),
    );
    this.answers.replaceChildren(...answers);
  }

  /**
   * Offers the chart as a picture to keep.
   *
   * @param {string} svg
   */
  offer(svg) {
    const href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    const name = `${this.request?.scenario?.split("/").pop() ?? "sweep"}.svg`;
    this.chart.append(h("p", {}, h("a", { href, download: name }, "Save the chart as a picture (SVG)")));
  }

  /**
   * Shows what is known so far as a chart and as a table; each point with runs to open.
   *
   * @param {Wire.SweepChart} chart
   */
  draw(chart) {
    this.table.hidden = false;
    this.chart.replaceChildren(sweepChart(this.inWords(chart), (point, of) => this.openAt(point, of)));
    const shown = [...new Set(chart.series.map(({ of }) => of))];
    const heads = shown.map((name, index) =>
      index === 0 ? `${chart.title}, ${chart.counted_in}` : `${name} is violated, in % of the runs`,
    );
    this.head.replaceChildren(...["at", ...heads].map((words) => h("th", { scope: "col" }, words)));
    const points = [...this.found.values()].sort((a, b) => a.point - b.point);
    const rows = points.map((row) => {
      const at = Object.entries(row.at).map(([key, value]) => `${shortOf(key)} ${value}`);
      const head = h("th", { scope: "row" }, at.join(", ") || "as it is");
      return h("tr", {}, head, ...shown.map((name) => this.cell(row, name, chart)));
    });
    this.rows.replaceChildren(...rows);
  }

  /**
   * Returns a chart with its keys and nodes as people call them.
   *
   * @param {Wire.SweepChart} chart
   */
  inWords(chart) {
    const { run } = this;
    if (!run) return chart;
    const { along, besides, series } = chart;
    // What the axis is may be followed by its unit.
    const [key, ...unit] = along.split(", ");
    return {
      ...chart,
      along: along && [keyTold({ ...run.show, nodes: run.nodes }, key), ...unit].join(", "),
      besides: besides && told(run, besides),
      series: series.map((line) => ({ ...line, words: keysShort(line.words) })),
    };
  }

  /**
   * @param {Wire.SweepRow} row
   * @param {string} name a property or a measure
   * @param {Wire.SweepChart} chart
   */
  cell(row, name, chart) {
    const known = toldOf(row, name);
    if (!known) return h("td", {}, "–");
    const isOfMeasure = !(name in row.properties);
    /** @type {(part: number) => string} */
    const write = isOfMeasure && !chart.is_rate ? (value) => amount(value, chart.is_time) : percent;
    /** @type {(verdict: Verdict, words: string) => HTMLElement | null} */
    const open = (verdict, words) => {
      if (isOfMeasure || row.example[name][verdict] === null) return null;
      return h("button", { type: "button", onclick: () => this.openRun(row, name, verdict) }, words);
    };
    const { value, low, high, theory } = known;
    return h(
      "td",
      {},
      h("span", { class: "rate" }, write(value)),
      ` ${write(low)} – ${write(high)}`,
      theory === null ? null : h("span", { class: "theory" }, ` theory ${write(theory)}`),
      " ",
      open("violated", "✗ one"),
      open("holds", "✓ one"),
    );
  }

  /**
   * Opens a run behind a point of the chart: one that violates what the point is about, if there is
   * one; behind a measure, one that violates any property.
   *
   * @param {number} point
   * @param {string} of
   */
  openAt(point, of) {
    const row = this.found.get(point);
    if (!row) return;
    const names = of in row.properties ? [of] : Object.keys(row.properties);
    const name = names.find((name) => row.example[name].violated !== null) ?? names[0];
    this.openRun(row, name, row.example[name].violated !== null ? "violated" : "holds");
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
 * Returns a scenario that has odds, of the same problem if one of it has.
 *
 * @param {Wire.LibraryAnswer} library
 * @param {string} problem
 * @returns {ScenarioListed | null}
 */
export function sweptLike({ problems }, problem) {
  const near = [...problems].sort((a, b) => Number(b.name === problem) - Number(a.name === problem));
  return near.flatMap(({ scenarios }) => scenarios).find(({ sweep }) => sweep) ?? null;
}

/**
 * Returns what a row tells of a property or a measure; null where it tells nothing.
 *
 * @param {Wire.SweepRow} row
 * @param {string} name
 */
function toldOf(row, name) {
  const rate = row.properties[name];
  if (rate) return { value: rate.rate, low: rate.low, high: rate.high, theory: rate.theory };
  const { mean, low, high, theory } = row.measures[name] ?? {};
  if (mean === null || mean === undefined) return null;
  return { value: mean, low: low ?? mean, high: high ?? mean, theory: theory ?? null };
}

/**
 * Returns a mean to three digits.
 *
 * @param {number} value
 * @param {boolean} isTime
 */
function amount(value, isTime) {
  return isTime ? span(value, 3) : `${Number(value.toPrecision(3))}`;
}

/**
 * Returns a part in percent, with a decimal where it is small.
 *
 * @param {number} part
 */
export function percent(part) {
  return `${(part * 100).toFixed(part > 0.0995 || part === 0 ? 0 : 1)} %`;
}
