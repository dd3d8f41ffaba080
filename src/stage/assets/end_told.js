// @ts-check
// What is said at the end of a run: who decided what, and which properties are violated.

/** @import { Run } from "./run.js" */

import { capital } from "./names.js";
import { listed, shown } from "./words.js";

/** Of more different decisions than this, only how many there are of each is said. */
const MOST_GROUPS = 3;
/** The most nodes that are named together. */
const MOST_NAMED = 4;

/**
 * Returns what a run has come to, in sentences.
 *
 * @param {Pick<Run, "nodes" | "events" | "show">} run
 * @returns {string}
 */
export function endTold({ nodes, events, show }) {
  return [decisionsTold({ nodes, events }), verdictsTold(show.verdicts)].filter(Boolean).join(" ");
}

/**
 * Returns who decided what; nothing where nobody decides.
 *
 * @param {Pick<Run, "nodes" | "events">} run
 */
export function decisionsTold({ nodes, events }) {
  /** @type {Map<number, string>} */
  const decided = new Map();
  for (const { node, decision, value } of events) if (decision && node !== undefined) decided.set(node, shown(value));
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  nodes.forEach(({ said }, index) => {
    const value = decided.get(index);
    if (value !== undefined) groups.set(value, [...(groups.get(value) ?? []), said]);
  });
  if (groups.size === 0) return "";
  const isShort = groups.size <= MOST_GROUPS;
  const parts = [...groups].map(([value, who]) => {
    const names = isShort && who.length <= MOST_NAMED ? listed(who) : `${who.length} of ${nodes.length} nodes`;
    return `${names} decided ${value}`;
  });
  return `${capital(parts.join("; "))}.`;
}

/** @param {Run["show"]["verdicts"]} verdicts */
function verdictsTold(verdicts) {
  /** @type {(verdict: string) => string[]} */
  const named = (wanted) => verdicts.filter(({ verdict }) => verdict === wanted).map(({ name }) => name);
  const [violated, unknown] = [named("violated"), named("unknown")];
  const open = unknown.length > 0 ? `Of ${listed(unknown)} nobody can tell.` : "";
  if (violated.length > 0) {
    const are = violated.length === 1 ? "is" : "are";
    return [`${capital(listed(violated))} ${are} violated.`, open].filter(Boolean).join(" ");
  }
  if (open || verdicts.length === 0) return open;
  return verdicts.length === 1 ? `${capital(verdicts[0].name)} holds.` : "Nothing is violated.";
}
