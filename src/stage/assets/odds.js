// The odds: many runs over a grid of settings, drawn with theory beside them, and filling in as they are run.

import * as api from "./api.js";
import { rateChart } from "./chart.js";
import { h } from "./dom.js";
import { queued } from "./words.js";

/** A word of a command as a shell reads it. */
function quoted(word) {
  return /^[\w./:=@+,%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function oddsDialog(actions) {
  const over = h("input", {
    type: "text",
    spellcheck: "false",
    placeholder: "the scenario's own, or network.loss=0..0.9/0.1",
  });
  const runs = h("input", { type: "number", min: 1, max: 100000, placeholder: "own" });
  const status = h("p", { class: "status", role: "status" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Runs done" });
  const chart = h("div", { class: "chart" });
  const rows = h("tbody");
  const head = h("tr");
  const table = h("table", { hidden: true }, h("thead", {}, head), rows);
  const command = h("p", { class: "command" });
  let leaving = null;
  let points = 0;
  const start = () =>
    sweep().catch((error) => error.name !== "AbortError" && (status.textContent = error.report || error.message));
  const dialog = h(
    "dialog",
    { class: "odds", "aria-label": "The odds" },
    h(
      "form",
      { method: "dialog" },
      h("h2", {}, "The odds"),
      h("button", { class: "close", "aria-label": "Close" }, "×"),
    ),
    h(
      "form",
      {
        class: "asked",
        onsubmit: (event) => {
          event.preventDefault();
          start();
        },
      },
      h("label", {}, "over", over),
      h("label", {}, "runs at each point", runs),
      h("button", { class: "main" }, "Run them"),
    ),
    bar,
    status,
    chart,
    h("div", { class: "rows" }, table),
    command,
  );
  dialog.addEventListener("close", () => leaving?.abort());

  async function sweep() {
    leaving?.abort();
    leaving = new AbortController();
    const found = new Map();
    rows.replaceChildren();
    chart.replaceChildren();
    table.hidden = true;
    status.textContent = "";
    const asked = { order: api.orderOf(dialog.order) };
    if (over.value.trim()) asked.over = over.value.trim().split(/\s*;\s*/);
    if (runs.value) asked.runs = Number(runs.value);
    await api.streamed("api/sweep", asked, leaving.signal, (line) => {
      if (line.error) status.textContent = line.error.report || line.error.message;
      if (line.queue) status.textContent = queued(line.queue);
      if (line.plan) {
        points = line.plan.points;
        status.textContent = `${line.plan.points} points, ${line.plan.runs.toLocaleString("en")} runs`;
        command.replaceChildren("In a terminal: ", h("code", {}, `dsys ${line.plan.command.map(quoted).join(" ")}`));
      }
      if (line.progress) bar.value = line.progress.done / Math.max(1, line.progress.runs);
      if (line.row) {
        found.set(line.row.point, line.row);
        fill(
          [...found.values()].sort((a, b) => a.point - b.point),
          points,
        );
      }
      if (line.done) bar.value = 1;
    });
  }

  /** The same as a table; each point with runs to open. */
  function fill(points, whole) {
    table.hidden = false;
    const all = Object.keys(points[0].properties);
    // What is never violated and has no theory would be a line on the axis.
    const told = all.filter((name) =>
      points.some(({ properties }) => properties[name].violated > 0 || properties[name].theory > 0),
    );
    const properties = told.length > 0 ? told : all;
    chart.replaceChildren(rateChart(points, properties, whole, (row, name, verdict) => openRun(row, name, verdict)));
    head.replaceChildren(
      ...["at", ...properties].map((name) => h("th", { scope: "col" }, name === "at" ? "at" : `${name} violated`)),
    );
    rows.replaceChildren(
      ...points.map((row) => {
        const at = Object.entries(row.at)
          .map(([key, value]) => `${key} = ${value}`)
          .join(", ");
        return h("tr", {}, h("th", { scope: "row" }, at || "as it is"), ...properties.map((name) => cell(row, name)));
      }),
    );
  }

  /** Opens a run behind a point. */
  function openRun(row, name, verdict) {
    dialog.close();
    actions.open(row.at, row.example[name][verdict]);
  }

  function cell(row, name) {
    const { rate, low, high, theory } = row.properties[name];
    const seeds = row.example?.[name] ?? {};
    const open = (verdict, words) =>
      seeds[verdict] === null || seeds[verdict] === undefined
        ? null
        : h("button", { type: "button", onclick: () => openRun(row, name, verdict) }, words);
    const percent = (part) => `${(part * 100).toFixed(part > 0.0995 || part === 0 ? 0 : 1)} %`;
    return h(
      "td",
      {},
      h("span", { class: "rate" }, percent(rate)),
      ` ${percent(low)} – ${percent(high)}`,
      theory === null || theory === undefined ? null : h("span", { class: "theory" }, ` theory ${percent(theory)}`),
      " ",
      open("violated", "✗ one"),
      open("holds", "✓ one"),
    );
  }

  dialog.openFor = (order, hasOwn) => {
    // What was asked of one scenario says nothing of another.
    if (dialog.order?.scenario !== order.scenario) {
      over.value = hasOwn ? "" : "network.loss=0..0.9/0.1";
      runs.value = "";
    }
    dialog.order = order;
    command.replaceChildren();
    bar.value = 0;
    dialog.showModal();
    start();
  };
  return dialog;
}
