// @ts-check
// Twins: two runs that look the same to one node, side by side as that node sees them. What really
// happened in each is shown when it is asked for.

/** @import { TwinShown } from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */
/** @import { Noticed, Pair } from "./twin_view.js" */

import * as api from "./api.js";
import { closeButton, h } from "./dom.js";
import { applied, forksOfFlags } from "./forks.js";
import { capital } from "./names.js";
import { Run } from "./run.js";
import { facts, noticed, pairs, upTo } from "./twin_view.js";
import { verdictWords } from "./verdicts.js";
import { span } from "./words.js";

/** The most rows that are shown; of more, timers are left out first. */
const MOST_ROWS = 6;

/** @typedef {{ run: Run, request: Request }} Opened a run, and the request that it answers */

export class Twins {
  constructor() {
    /** @type {AbortController | null} */
    this.leaving = null;
    this.says = h("h2");
    this.close = closeButton("Close");
    this.table = h("table");
    this.status = h("p", { class: "status", role: "status" });
    this.button = h("button", { type: "button", class: "main", onclick: () => this.reveal() }, "What really happened?");
    this.dialog = h(
      "dialog",
      { class: "twins", "aria-label": "Two runs that look the same" },
      h("form", { method: "dialog" }, this.says, this.close),
      this.table,
      this.status,
      this.button,
    );
    this.dialog.addEventListener("close", () => this.leaving?.abort());
    this.dialog.addEventListener("keydown", (event) => {
      if (!["ArrowRight", "PageDown"].includes(event.key)) return;
      event.preventDefault();
      if (!this.reveal()) this.dialog.close();
    });
  }

  /** Whether what really happened is shown. */
  get isRevealed() {
    return this.button.hidden;
  }

  /** Shows what really happened in each run. Returns false if it is shown already. */
  reveal() {
    if (this.isRevealed) return false;
    this.button.hidden = true;
    // The keys stay with the dialog.
    this.close.focus();
    for (const hidden of this.table.querySelectorAll("[hidden]")) hidden.removeAttribute("hidden");
    this.table.querySelector("tfoot")?.scrollIntoView({ block: "nearest" });
    return true;
  }

  /**
   * Shows a run beside its twin.
   *
   * @param {Opened} opened
   * @param {TwinShown} twin
   * @param {number | null} [moment] up to when things are shown; null for the whole run
   */
  async openFor({ run, request }, twin, moment = null) {
    this.leaving?.abort();
    this.leaving = new AbortController();
    this.table.replaceChildren();
    this.status.textContent = "The other run comes …";
    this.says.textContent = "Two runs that look the same";
    this.button.hidden = true;
    if (!this.dialog.open) this.dialog.showModal();
    try {
      const other = new Run(await api.run(requestOf(twin, request), this.leaving.signal));
      // Both stories call their nodes alike.
      for (const node of other.nodes) Object.assign(node, calledAs(run, node.id));
      this.show(run, other, twin, moment);
    } catch (error) {
      if (!api.isAborted(error)) this.status.textContent = api.reportOf(error);
    }
  }

  /**
   * @param {Run} run
   * @param {Run} other
   * @param {TwinShown} twin
   * @param {number | null} moment
   */
  show(run, other, twin, moment) {
    const { node } = twin;
    const until = moment === null ? twin.until : Math.min(moment, twin.until ?? moment);
    const { id, said } = run.nodes[node];
    const there = other.nodes.findIndex((one) => one.id === id);
    const all = pairs(noticed(run, node, until), noticed(other, there, until));
    const isSame = all.every((pair) => pair.isSame);
    const does = all.some(({ one }) => one?.kind === "decides") ? "decide" : "do";
    const [here, elsewhere] = moment === null ? [run, other] : [upTo(run, moment), upTo(other, moment)];
    const isSoFar = isSame && moment !== null;
    this.says.textContent = isSoFar
      ? `To ${said} these two runs look the same so far.`
      : isSame
        ? `To ${said} these two runs look the same, so ${said} must ${does} the same in both.`
        : `To ${said} these two runs look the same at first, and then they differ.`;
    const titles = [twin.this ?? run.show.title, twin.other ?? other.show.title];
    this.table.replaceChildren(
      h("caption", {}, `What ${said} notices`),
      h("thead", {}, h("tr", {}, ...titles.map((title) => h("th", { scope: "col" }, title)))),
      h("tbody", {}, ...rowsOf(all)),
      h(
        "tfoot",
        {},
        h("tr", { hidden: true }, h("th", { colspan: 2 }, "What really happened")),
        h("tr", { hidden: true }, really(here, node, elsewhere), really(elsewhere, there, here)),
      ),
    );
    this.status.textContent = "";
    this.button.hidden = false;
    this.button.focus();
  }
}

/**
 * Returns the request for the other run.
 *
 * @param {Pick<TwinShown, "run" | "flags">} twin
 * @param {Request} request
 * @returns {Request}
 */
export function requestOf({ run, flags }, request) {
  const base = run === null ? request : { scenario: run, set: [], force: [] };
  return applied(base, forksOfFlags(flags ?? ""));
}

/**
 * Returns what a run calls a node, if it has one of this name.
 *
 * @param {Run} run
 * @param {string} id
 */
function calledAs({ nodes }, id) {
  const node = nodes.find((one) => one.id === id);
  return node && { name: node.name, said: node.said };
}

/**
 * Returns the rows of what is noticed, the last ones among them.
 *
 * @param {readonly Pair[]} all
 */
function rowsOf(all) {
  const wanted = all.length > MOST_ROWS ? all.filter(({ one, other }) => !isTimer(one) || !isTimer(other)) : all;
  const left = Math.max(0, wanted.length - MOST_ROWS);
  // The last ones are the decision.
  const first = left > 0 ? MOST_ROWS - 3 : MOST_ROWS;
  const rows = wanted.slice(0, first).map(row);
  const skipped = wanted.slice(first, -2);
  const alike = skipped.every(({ isSame }) => isSame) ? ", all the same" : "";
  if (left > 0) rows.push(h("tr", { class: "more" }, h("td", { colspan: 2 }, `${skipped.length} more${alike}`)));
  if (left > 0) rows.push(...wanted.slice(-2).map(row));
  if (all.length === 0) rows.push(h("tr", {}, h("td", { colspan: 2, class: "same" }, "nothing at all")));
  return rows;
}

/** @param {Noticed | null} one */
const isTimer = (one) => one === null || one.kind === "timer";

/** @param {Pair} pair */
function row({ isSame, one, other }) {
  if (isSame) return h("tr", {}, cell(one, { colspan: 2, class: `same ${one?.kind}` }));
  return h("tr", { class: "differs" }, cell(one, {}), cell(other, {}));
}

/**
 * @param {Noticed | null} one
 * @param {Record<string, string | number>} attributes
 */
function cell(one, attributes) {
  if (!one) return h("td", attributes, "nothing more");
  return h("td", attributes, h("span", { class: "when" }, span(one.at)), ` ${one.words}`);
}

/**
 * Returns what really happened in a run.
 *
 * @param {Run} run
 * @param {number} node
 * @param {Run} twin
 */
function really(run, node, twin) {
  const told = facts(run, node, twin).map((words) => h("p", {}, capital(words)));
  // A verdict is of a whole run.
  const isWhole = run.events.length === run.answer.show.events.length;
  const verdicts = (isWhole ? run.show.verdicts : []).map((verdict) =>
    h("span", { class: `verdict ${verdict.verdict}` }, `${verdict.name} ${verdictWords(verdict)}`),
  );
  return h("td", {}, ...told, h("p", { class: "verdicts" }, ...verdicts));
}
