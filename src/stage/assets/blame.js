// @ts-check
// Why a property was violated: from the event that completed the violation back along its causes, to
// a choice without which it could have gone otherwise.
//
// A cause is what an event was a reaction to, what its node did before, and what its node did not hear:
// a message that was lost on the way to it and should have arrived by then.

/** @import { EventKind, VerdictShown } from "../wire.d.ts" */
/** @import { Fork } from "./forks.js" */
/** @import { Run, RunEvent } from "./run.js" */

/**
 * The way back to a choice: the events from the violation to the choice, and the change that undoes the
 * choice; null where the page knows none.
 *
 * @typedef {{ steps: number[], undo: { words: string, fork: Fork } | null }} Blame
 */

/** What an adversary does, or chance: it could have been otherwise. */
const CHOICES = new Set(
  /** @type {EventKind[]} */ ([
    "lost",
    "corrupted",
    "copied",
    "crashed",
    "paused",
    "writes_lost",
    "clock_stepped",
    "clock_drifted",
    "partitioned",
    "withheld",
  ]),
);
/** What the network does happens at no node's own hand. */
const OF_NETWORK = new Set(/** @type {EventKind[]} */ (["lost", "cut", "copied", "partitioned", "healed"]));
/** How messages end that do not arrive. */
const UNHEARD = new Set(["lost", "corrupted", "cut", "to-crashed", "withheld"]);
/** No more choices than this are looked at. */
const MOST = 8;

/**
 * Returns the ways back from a violation to choices, the nearest choice first; where nobody chose
 * anything, to the message on the way that took longest. None where there is no evidence.
 *
 * @param {Run} run
 * @param {VerdictShown} verdict
 * @returns {Blame[]}
 */
export function blamesOf(run, { evidence }) {
  const culprit = Math.max(...evidence);
  if (!run.events[culprit]) return [];
  const causes = causesIn(run);
  /** The event from which each was come to. @type {Map<number, number>} */
  const from = new Map([[culprit, -1]]);
  const queue = [culprit];
  /** @type {number[]} */
  const choices = [];
  const look = () => {
    for (; looked < queue.length && choices.length < MOST; looked++) {
      const id = queue[looked];
      if (isChoice(run, run.events[id])) choices.push(id);
      for (const cause of causes(id)) come(cause, id);
    }
  };
  const come = (/** @type {number} */ cause, /** @type {number} */ id) => {
    if (from.has(cause)) return;
    from.set(cause, id);
    queue.push(cause);
  };
  let looked = 0;
  look();
  // What completes the violation leads on to what else shows it.
  for (const id of evidence) if (run.events[id]) come(id, culprit);
  look();
  const ends = choices.length > 0 ? choices : slowest(run, queue);
  return ends.map((id) => ({ steps: wayTo(id, from), undo: undoOf(run, run.events[id]) }));
}

/**
 * @param {number} id
 * @param {ReadonlyMap<number, number>} from
 */
function wayTo(id, from) {
  const way = [id];
  for (let at = from.get(id) ?? -1; at >= 0; at = from.get(at) ?? -1) way.unshift(at);
  return way;
}

/**
 * Whether somebody, or chance, chose that this event is what it is.
 *
 * @param {Run} run
 * @param {RunEvent} event
 */
function isChoice(run, { what, message }) {
  if (CHOICES.has(what)) return true;
  return what === "sent" && message !== undefined && run.messages[message].lie === true;
}

/**
 * Returns the sending of the message that took longest, of those on the way; none if none took any time.
 *
 * @param {Run} run
 * @param {readonly number[]} ids
 */
function slowest(run, ids) {
  const heard = ids.filter((id) => run.events[id].what === "delivered");
  const took = (/** @type {number} */ id) => {
    const message = run.messages[run.events[id].message ?? 0];
    return message.ends - message.sent;
  };
  const [longest] = [...heard].sort((a, b) => took(b) - took(a) || a - b);
  return longest === undefined || took(longest) <= 0 ? [] : [longest];
}

/**
 * Returns what answers with the causes of an event, the nearest first.
 *
 * @param {Run} run
 * @returns {(id: number) => number[]}
 */
function causesIn(run) {
  const { events } = run;
  /** The event before each at the same node, and what its node should have heard by then. */
  const before = new Map();
  /** @type {Map<number, number[]>} */
  const unheard = new Map();
  const missed = missedBy(run);
  /** @type {Map<number, number>} */
  const last = new Map();
  for (const { id, at, node, what } of events) {
    if (node === undefined || OF_NETWORK.has(what)) continue;
    const previous = last.get(node);
    if (previous !== undefined) before.set(id, previous);
    last.set(node, id);
    const due = missed[node];
    while (due.length > 0 && due[0].ends <= at) {
      const { end } = /** @type {{ end: number }} */ (due.shift());
      if (end < id) unheard.set(id, [...(unheard.get(id) ?? []), end]);
    }
  }
  return (id) => {
    const { cause, what } = events[id];
    const why = whyUnheard(run, events[id]);
    const own = what === "lost" ? [] : [before.get(id)];
    const all = [...(unheard.get(id) ?? []).reverse(), why, cause, ...own];
    return all.filter((event) => event !== undefined && event < events.length);
  };
}

/**
 * Returns for each node the messages that never came to it, by when they should have: the event that
 * ended each.
 *
 * @param {Run} run
 */
function missedBy(run) {
  /** @type {{ ends: number, end: number }[][]} */
  const missed = run.nodes.map(() => []);
  for (const { to, ends, ending, ended, began } of run.messages)
    if (UNHEARD.has(ending)) missed[to].push({ ends, end: ended ?? began });
  for (const due of missed) due.sort((a, b) => a.ends - b.ends || a.end - b.end);
  return missed;
}

/**
 * Returns the event that kept a message from its receiver: the partition, or the crash.
 *
 * @param {Run} run
 * @param {RunEvent} event
 */
function whyUnheard(run, { id, what, message }) {
  if (message === undefined) return undefined;
  const { to } = run.messages[message];
  if (what === "cut") return run.lastOf(id, (event) => event.what === "partitioned")?.id;
  if (what === "to_crashed") return run.lastOf(id, (event) => event.what === "crashed" && event.node === to)?.id;
  return undefined;
}

/**
 * Returns what undoes a choice.
 *
 * @param {Run} run
 * @param {RunEvent} event
 * @returns {Blame["undo"]}
 */
function undoOf(run, event) {
  const { what, node, message: index } = event;
  const message = index === undefined ? null : run.messages[index];
  if (message) return undoOfMessage(run, message, what);
  if (what !== "crashed" || node === undefined) return null;
  const { id, name } = run.nodes[node];
  const point = event.cause === undefined ? null : run.events[event.cause];
  const place = point?.what === "passed" ? `${point.name}:${point.nth}` : `${point?.id}`;
  const choice = `${id}@${place}.crash`;
  const isKnown = run.answer.order.force.some(([known]) => known === choice);
  if (!isKnown && !run.show.knobs?.some(({ force }) => force === choice)) return null;
  return { words: `let ${name} stay up`, fork: { choice, option: "no", says: `${name} does not crash` } };
}

/**
 * @param {Run} run
 * @param {import("./run.js").Message} message
 * @param {EventKind} what
 * @returns {Blame["undo"]}
 */
function undoOfMessage(run, { name, from, to, lie, truth, sent, ends }, what) {
  const slot = name.replace(/[a-z]$/, "");
  const [sender, receiver] = [run.nodes[from].name, run.nodes[to].name];
  const link = `${sender} → ${receiver}`;
  if (lie && truth !== undefined) {
    const says = `${sender} says “${truth}” to ${receiver}`;
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
