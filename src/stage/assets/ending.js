// @ts-check
// What is told at a run's end, after its verdicts: its table and measures, what it means, and what to try
// or read next.

/** @import { Table } from "../wire.d.ts" */
/** @import { Run } from "./run.js" */
/** @import { Actions } from "./theatre.js" */

import { button, h } from "./dom.js";
import { inline } from "./inline.js";
import { preparedButtons } from "./prepared.js";
import { named } from "./told.js";
import { shown } from "./words.js";

/** The most rows of a run's table. */
const MOST_ROWS = 14;
/** A number that is easier to read in groups. */
const LONG_NUMBER = /^-?\d{5,}$/;

/**
 * @param {Run} run
 * @param {Actions} actions
 * @returns {HTMLElement[]}
 */
export function ending(run, { tryPrepared, showTwin, playlist }) {
  const { show } = run;
  /** @type {(HTMLElement | null)[]} */
  const parts = [show.table ? tableOf(run, show.table) : null, figuresOf(run), lessonOf(show.lesson)];
  if (tryPrepared && show.try.length > 0)
    parts.push(h("section", { class: "try" }, h("h3", {}, "What if?"), ...preparedButtons(show.try, tryPrepared)));
  if (showTwin && show.twin) {
    const words = `Two runs that look the same to ${run.nodes[show.twin.node].said}`;
    parts.push(h("section", { class: "try" }, h("h3", {}, "Its twin"), button(words, "E", showTwin)));
  }
  if (playlist?.upcoming) {
    const next = button(playlist.upcoming.title, "D", () => playlist.next());
    parts.push(h("section", { class: "try" }, h("h3", {}, "Next demo"), next));
  }
  if (show.note) {
    const path = h("code", {}, `notes/${show.note}`);
    // Without a server there is no note to open, and no playlist either.
    const link = playlist ? h("a", { href: `#note=${show.note}` }, path) : path;
    parts.push(h("p", { class: "command" }, "To read: ", link));
  }
  return parts.filter((part) => part !== null);
}

/** @param {string | null} lesson */
function lessonOf(lesson) {
  if (!lesson) return null;
  return h("section", { class: "lesson" }, h("h3", {}, "What it means"), h("p", {}, ...inline(lesson)));
}

/** @param {Run} run */
function figuresOf(run) {
  const rows = run.show.measures
    .filter(({ words }) => words !== null)
    .map(({ name, says, words }) =>
      h("div", {}, h("dt", { title: says }, name.replaceAll("_", " ")), h("dd", {}, named(run, words ?? ""))),
    );
  return rows.length > 0 ? h("dl", { class: "figures" }, ...rows) : null;
}

/**
 * @param {Run} run
 * @param {Table} table
 */
function tableOf(run, { title, columns, rows }) {
  const shown = rows.slice(0, MOST_ROWS).map(({ cells, remark }) => {
    const [first, ...others] = cells.map((cell) => named(run, grouped(cell)));
    const head = h("th", { scope: "row" }, `${remark ? "✗ " : ""}${first}`);
    return h("tr", { class: remark ? "bad" : "" }, head, ...others.map((cell) => h("td", {}, cell)));
  });
  const more = rows.length - MOST_ROWS;
  return h(
    "div",
    { class: "ledger" },
    h(
      "table",
      {},
      h("caption", {}, title),
      h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)))),
      h("tbody", {}, ...shown),
    ),
    more > 0 ? h("p", {}, `and ${more} more ${more === 1 ? "row" : "rows"}`) : null,
  );
}

/**
 * Returns a cell's text. Long numbers are in groups of three digits, which a narrow column breaks
 * between.
 *
 * @param {string | number} cell
 */
function grouped(cell) {
  const text = shown(cell);
  return LONG_NUMBER.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, "\u2009") : text;
}
