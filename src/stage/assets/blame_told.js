// @ts-check
// Why an event is a cause, on the way back from a violation: a sentence that leads to what came of it.

/** @import { VerdictShown } from "../wire.d.ts" */
/** @import { Run, RunEvent } from "./run.js" */

import { UNHEARD_EVENTS } from "./blame.js";
import { stateWords } from "./facts.js";
import { capital } from "./names.js";
import { clause } from "./sentences.js";
import { named, told } from "./told.js";

/** A longer state says less than it takes to read. */
const LONGEST_STATE = 60;

/**
 * Returns why an event on the way is a cause of the one after it, which came of it.
 *
 * @param {Run} run
 * @param {RunEvent} cause
 * @param {RunEvent} effect
 * @param {Pick<VerdictShown, "evidence" | "since">} verdict
 */
export function whyTold(run, cause, effect, { evidence, since }) {
  const then = clause(run, effect);
  if (effect.cause === cause.id) return `So ${then}`;
  if (cause.what === "partitioned") return `The partition stands between them, so ${then}`;
  const here = run.placeOf(effect);
  if (cause.what === "crashed" && effect.what === "to_crashed") return `So ${then}`;
  // Who is down waits for nothing.
  if (cause.message !== undefined && UNHEARD_EVENTS.has(cause.what) && effect.what !== "restarted") {
    const { from, to } = run.messages[cause.message];
    if (here === to && cause.what === "withheld") return `${capital(run.nodes[to].said)} hears none of it, so ${then}`;
    if (here === to) return `This does not reach ${run.nodes[to].said}, so ${then}`;
    if (here === from) return `This brings ${run.nodes[from].said} no answer, so ${then}`;
  }
  if (effect.id === since && evidence.includes(cause.id)) return `Together with this, ${then}`;
  const isHere = here !== undefined && run.placeOf(cause) === here;
  return isHere ? `After that${stateTold(run, cause, here)}, ${then}` : `In the end, ${then}`;
}

/**
 * Returns what violates a property, as far as it may be known: how the sentence of its verdict goes on
 * may still be to come.
 *
 * @param {Run} run
 * @param {VerdictShown} verdict
 * @param {number} known how many events may be known
 */
export function violationTold(run, { evidence, because, says }, known) {
  const isWhole = evidence.every((id) => id < known);
  return told(run, (isWhole && because) || `It should be so: ${says ?? ""}`);
}

/**
 * Returns what a node knows after an event, if that is short.
 *
 * @param {Run} run
 * @param {RunEvent} event
 * @param {number} node
 */
function stateTold(run, { id }, node) {
  const { facts, status } = run.nodeAt(node, id + 1);
  const words = status === "down" ? "" : named(run, stateWords(run, facts));
  return words && words.length <= LONGEST_STATE ? ` (${words})` : "";
}
