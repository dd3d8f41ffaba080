// @ts-check
// What undoes a choice: the change after which it never happened.

/** @import { EventKind } from "../wire.d.ts" */
/** @import { Fork } from "./forks.js" */
/** @import { Message, Run, RunEvent } from "./run.js" */

/** @typedef {{ words: string, fork: Fork }} Undo */

/** What lasts is over at once. */
const AT_ONCE = "1ns";

/**
 * Returns what undoes a choice; null where the page knows nothing that does.
 *
 * @param {Run} run
 * @param {RunEvent} event
 * @returns {Undo | null}
 */
export function undoOf(run, event) {
  const { what, message } = event;
  if (message !== undefined) return undoOfMessage(run, run.messages[message], what);
  return (what === "crashed" ? undoOfCrash(run, event) : null) ?? undoOfRow(run, event);
}

/**
 * Returns what calls off a crash that is forced, or that the scenario has at a point.
 *
 * @param {Run} run
 * @param {RunEvent} event
 * @returns {Undo | null}
 */
function undoOfCrash(run, { node, cause }) {
  if (node === undefined) return null;
  const { id, name, said } = run.nodes[node];
  const point = cause === undefined ? undefined : run.events[cause];
  const place = point?.what === "passed" ? `${point.name}:${point.nth}` : `${point?.id}`;
  const choice = `${id}@${place}.crash`;
  const isForced = run.answer.order.force.some(([known]) => known === choice);
  if (!isForced && !run.show.knobs?.some(({ force }) => force === choice)) return null;
  return { words: `let ${said} stay up`, fork: { choice, option: "no", says: `${name} does not crash` } };
}

/** @type {Partial<Record<EventKind, [row: string, words: (name: string) => string]>>} */
const ROWS = {
  crashed: ["crash", (name) => `let ${name} restart at once`],
  paused: ["pause", (name) => `let ${name} go on`],
  partitioned: ["partition", () => "let the partition heal at once"],
};

/**
 * Returns what ends a fault of the scenario at once: the fault that begins at the moment of an event.
 *
 * @param {Run} run
 * @param {RunEvent} event
 * @returns {Undo | null}
 */
function undoOfRow(run, { what, at, node }) {
  const row = ROWS[what];
  // Rows that were added to the file's are counted otherwise.
  if (!row || run.answer.order.set.some(([key]) => key.startsWith("fault"))) return null;
  const [kind, says] = row;
  const name = node === undefined ? "" : run.nodes[node].said;
  const begins = run.show.knobs?.find(({ key, value }) => {
    const isKind = new RegExp(`^fault\\.\\d+\\.${kind}\\.at$`).test(key ?? "");
    return isKind && nanoseconds(String(value)) === at;
  });
  if (!begins?.key) return null;
  const words = says(name);
  return { words, fork: { key: begins.key.replace(/at$/, "for"), value: AT_ONCE, says: words } };
}

/**
 * Returns what undoes what happened to a message: that it was a lie, was lost, or took long.
 *
 * @param {Run} run
 * @param {Message} message
 * @param {EventKind} what
 * @returns {Undo | null}
 */
function undoOfMessage(run, { name, from, to, lie, truth, sent, ends, alternatives = [] }, what) {
  const slot = name.replace(/[a-z]$/, "");
  const [sender, receiver] = [run.nodes[from].said, run.nodes[to].name];
  const link = `${run.nodes[from].name} → ${receiver}`;
  if (lie || what === "withheld") {
    if (truth === undefined || !alternatives.includes(truth)) return null;
    const says = `${run.nodes[from].name} says “${truth}” to ${receiver}`;
    return { words: `let ${sender} say “${truth}”`, fork: { choice: `${slot}.lie`, option: truth, says } };
  }
  if (what === "lost" || what === "corrupted")
    return { words: "deliver it", fork: { choice: name, option: "deliver", says: `${link} is delivered` } };
  if (what === "copied")
    return { words: "deliver it once", fork: { choice: slot, option: "deliver", says: `${link} is delivered once` } };
  if (what !== "delivered" || name !== slot) return null;
  const soon = `${Math.max(1, Math.round((ends - sent) / 4))}ns`;
  return { words: "let it be faster", fork: { choice: `${name}.delay`, option: soon, says: `${link} is faster` } };
}

/** @type {Record<string, number>} */
const UNITS = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, min: 60e9, m: 60e9, h: 3600e9, d: 86400e9 };

/**
 * Returns a duration as scenarios write it, in nanoseconds: `1min 30s`.
 *
 * @param {string} words
 */
export function nanoseconds(words) {
  const parts = [...words.matchAll(/([\d.]+)\s*([a-zµ]+)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit] ?? Number.NaN), 0);
}
