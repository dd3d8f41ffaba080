// @ts-check
// Verdict cards: the property, its verdict and the reason, with evidence to click on.

/** @import { VerdictShown } from "../wire.d.ts" */
/** @import { Run } from "./run.js" */
/** @import { Actions } from "./theatre.js" */

import { button, h } from "./dom.js";
import { sentence } from "./sentences.js";
import { told } from "./told.js";
import { span } from "./words.js";

const MOST_EVIDENCE = 6;

/**
 * Returns a verdict as its sign and word. Of a property that had nothing to judge that is said.
 *
 * @param {Pick<VerdictShown, "sign" | "verdict" | "vacuous">} verdict
 */
export function verdictWords({ sign, verdict, vacuous }) {
  return `${sign} ${verdict}${vacuous ? ", nothing to judge" : ""}`;
}

/**
 * How much of a verdict may be known: nothing, that the property is violated, or all, with why: the
 * sentence also tells what comes after.
 *
 * @typedef {"nothing" | "violated" | "all"} Known
 */

/**
 * Returns how much of a verdict may be known when `told` events have happened: of a violation that it
 * is one, from its event on; anything else at the end.
 *
 * @param {Pick<VerdictShown, "evidence" | "since">} verdict
 * @param {number} told
 * @param {boolean} isOver
 * @returns {Known}
 */
export function knownOf({ evidence, since }, told, isOver) {
  if (isOver) return "all";
  if (since === null || since >= told) return "nothing";
  return evidence.every((id) => id < told) ? "all" : "violated";
}

/**
 * Returns the card of a verdict.
 *
 * @param {Run} run
 * @param {VerdictShown} verdict
 * @param {Known} known
 * @param {Pick<Actions, "visit" | "rewind">} actions
 */
export function verdictCard(run, verdict, known, { visit, rewind }) {
  const { name, says, because, expected } = verdict;
  if (known === "nothing") {
    const heading = h("h3", {}, name, h("span", { class: "verdict" }, "open"));
    return h("article", { class: "card open" }, heading, h("p", {}, says));
  }
  const why = verdict.since !== null ? button("Why?", "A", () => rewind(verdict), { class: "why" }) : null;
  const isSurprise = expected && !verdict.as_expected && run.show.expected === false;
  return h(
    "article",
    { class: `card ${verdict.vacuous ? "vacuous" : verdict.verdict}` },
    h("h3", {}, name, h("span", { class: "verdict" }, verdictWords(verdict)), why),
    h("p", {}, told(run, (known === "all" && because) || says || "")),
    isSurprise ? h("p", { class: "surprise" }, `The scenario claims: ${expected}.`) : null,
    known === "all" ? evidenceList(run, verdict.evidence, visit) : null,
  );
}

/**
 * @param {Run} run
 * @param {readonly number[]} evidence
 * @param {(id: number) => void} visit
 */
function evidenceList(run, evidence, visit) {
  if (evidence.length === 0) return null;
  const shown = evidence.slice(0, MOST_EVIDENCE).flatMap((id) => {
    const event = run.events[id];
    if (!event) return [];
    const words = [h("span", { class: "at" }, span(event.at)), " ", sentence(run, event)];
    return [h("li", {}, h("button", { type: "button", onclick: () => visit(id) }, ...words))];
  });
  const more = evidence.length - MOST_EVIDENCE;
  const rest = more > 0 ? h("li", {}, `and ${more} more`) : null;
  return h("ul", { class: "proof", "aria-label": "Evidence" }, ...shown, rest);
}
