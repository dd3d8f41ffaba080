// @ts-check
// What one node knows of a run: what it did and heard itself, and that whatever led to this has
// happened. What others said to others, what they hold, and who lies, it does not see.

/** @import { Message, Run, RunEvent } from "./run.js" */

import { Run as RunOf } from "./run.js";

/** Things that happen to a node without its seeing them. */
const UNSEEN = new Set(["clock_stepped", "clock_drifted", "traitor"]);

/**
 * What a node knows: its last event, the last event of each node that happened before (-1 for none),
 * and the moment of each of these (null for none).
 *
 * @typedef {{
 *   node: number,
 *   last: number | null,
 *   past: readonly number[],
 *   until: readonly (number | null)[],
 * }} Knowledge
 *
 * A message that a node heard or sent, or that others sent each other before. `isSure` is whether its
 * arrival is in the node's past; `isProven`, whether the node has heard what would not have come
 * without it. What a timer sends proves nothing.
 *
 * @typedef {{
 *   message: Message,
 *   kind: "heard" | "sent" | "others",
 *   isSure: boolean,
 *   isProven: boolean,
 * }} KnownMessage
 */

/**
 * Returns the last event of a node when `count` events have happened, by number; null if there is none.
 *
 * @param {Pick<Run, "lastOf">} run
 * @param {number} node
 * @param {number} count
 */
export function lastEventOf(run, node, count) {
  return run.lastOf(count, (event) => event.node === node)?.id ?? null;
}

/**
 * Returns what a node knows at its event `last`; before its first event if that is null.
 *
 * @param {Pick<Run, "events" | "nodes" | "causality">} run
 * @param {number} node
 * @param {number | null} last
 * @returns {Knowledge}
 */
export function knowledgeOf(run, node, last) {
  const past = last === null ? run.nodes.map(() => -1) : run.causality.past(last);
  return { node, last, past, until: past.map((id) => (id < 0 ? null : run.events[id].at)) };
}

/**
 * Returns the messages that a node knows of, in the order in which they were sent. A copy that the
 * network made is known to its receiver alone.
 *
 * @param {Pick<Run, "messages" | "events">} run
 * @param {Knowledge} knowledge
 * @returns {KnownMessage[]}
 */
export function knownMessages(run, knowledge) {
  const { messages } = run;
  const { node, past } = knowledge;
  const proven = provenBy(run, knowledge);
  /** @type {KnownMessage[]} */
  const known = [];
  for (const message of messages) {
    const { from, to, began, ended, ending, copy } = message;
    const isSure = ending === "delivered" && ended !== undefined && ended <= past[to];
    const isSaid = !copy && began <= past[from];
    const isProven = isSure && proven.has(message.index);
    if (to === node && isSure) known.push({ message, kind: "heard", isSure, isProven });
    else if (to === node || !isSaid) continue;
    else if (from === node) known.push({ message, kind: "sent", isSure, isProven });
    // That nothing was said is nothing that others hear of.
    else if (ending !== "withheld") known.push({ message, kind: "others", isSure, isProven });
  }
  return known;
}

/**
 * Returns the messages whose arrival led to what a node heard, each an answer to the one before, by
 * number: those that it heard, and what these answer.
 *
 * @param {Pick<Run, "messages" | "events">} run
 * @param {Knowledge} knowledge
 */
function provenBy({ messages, events }, { node, last }) {
  /** @type {Set<number>} */
  const proven = new Set();
  for (const { to, ending, ended, index } of messages) {
    if (to !== node || ending !== "delivered" || ended === undefined || ended > (last ?? -1)) continue;
    /** @type {number | undefined} */
    let answered = index;
    while (answered !== undefined && !proven.has(answered)) {
      proven.add(answered);
      /** @type {RunEvent | undefined} */
      const why = events[events[messages[answered].began]?.cause ?? -1];
      answered = why?.what === "delivered" ? why.message : undefined;
    }
  }
  return proven;
}

/**
 * Returns the run as a node knows it. It is drawn as any run is.
 *
 * @param {Run} run
 * @param {Knowledge} knowledge
 * @returns {Run}
 */
export function runAsKnown(run, knowledge) {
  const { node } = knowledge;
  const known = knownMessages(run, knowledge);
  /** The events that are known, by their numbers in the run: those of others without what they hold. */
  const events = [...eventsOf(run, knowledge, known)].sort(([a], [b]) => a - b);
  /** @type {Map<number, number>} */
  const numbers = new Map(events.map(([id], index) => [id, index]));
  const typical = typicalWay(run);
  const messages = known.map((one) => asKnown(one, node, numbers, Math.min(one.message.sent + typical, run.ends)));
  const places = new Map(known.map(({ message }, index) => [message.index, index]));
  const { show } = run;
  const shown = {
    ...show,
    nodes: show.nodes.map((one, index) => (index === node ? one : asLoyal(one))),
    events: events.map(([, event]) => renumbered(event, numbers, places)),
    messages,
    ...NOT_SEEN,
  };
  const seen = new RunOf({ ...run.answer, show: shown });
  return Object.assign(seen, {
    knowledge,
    nodes: seen.nodes.map((one, index) => ({ ...one, name: run.nodes[index].name, said: run.nodes[index].said })),
    // It looks as the run does, and nothing moves.
    colours: run.colours,
    timeScale: run.timeScale,
    playback: run.playback,
    arrivals: [],
  });
}

/**
 * Returns a node as others see it: who lies is not written on anybody.
 *
 * @param {Run["show"]["nodes"][number]} node
 */
function asLoyal({ traitor: _, lie: __, ...node }) {
  return node;
}

/**
 * Returns how a node looks in a run that is drawn as one node knows it.
 *
 * @param {Knowledge | null} knowledge
 * @param {number} index
 */
export function lookOfKnown(knowledge, index) {
  if (!knowledge) return "";
  if (index === knowledge.node) return "looks";
  return knowledge.until[index] === null ? "unheard" : "heard-of";
}

/** What nobody within a run sees. */
const NOT_SEEN = { clocks: null, partitions: [], beats: [], questions: [], moments: [], verdicts: [], table: null };

/**
 * Returns the events that a node knows, with their numbers in the run.
 *
 * @param {Run} run
 * @param {Knowledge} knowledge
 * @param {readonly KnownMessage[]} known
 * @returns {Map<number, RunEvent>}
 */
function eventsOf(run, { node, last }, known) {
  const own = run.events.slice(0, (last ?? -1) + 1).filter((event) => event.node === node && isSeen(event));
  /** @type {Map<number, RunEvent>} */
  const events = new Map(own.map((event) => [event.id, event]));
  for (const { message, isSure } of known) {
    for (const id of [message.began, isSure ? message.ended : undefined]) {
      if (id === undefined || events.has(id)) continue;
      const { at, what, node, cause, message } = run.events[id];
      events.set(id, { id, at, what, ...only({ node, cause, message }) });
    }
  }
  return events;
}

/**
 * Returns an object without what is undefined.
 *
 * @template {object} T
 * @param {{ [K in keyof T]: T[K] | undefined }} object
 * @returns {Partial<T>}
 */
function only(object) {
  return /** @type {Partial<T>} */ (
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
  );
}

/** @param {RunEvent} event */
function isSeen({ what }) {
  return !UNSEEN.has(what);
}

/**
 * Returns an event with the numbers that its cause and its message have among what is known.
 *
 * @param {RunEvent} event
 * @param {ReadonlyMap<number, number>} numbers
 * @param {ReadonlyMap<number, number>} places
 */
function renumbered({ cause, message, ...event }, numbers, places) {
  const [known, place] = [cause === undefined ? undefined : numbers.get(cause), places.get(message ?? -1)];
  return {
    ...event,
    ...(known === undefined ? {} : { cause: known }),
    ...(place === undefined ? {} : { message: place }),
  };
}

/**
 * Returns a message as a node knows it: without what an honest sender would have said, unless it is
 * the node's own lie; and without an end, where that is not known.
 *
 * @param {KnownMessage} known
 * @param {number} node
 * @param {ReadonlyMap<number, number>} numbers
 * @param {number} ends where a message without an end is drawn to
 * @returns {Message}
 */
function asKnown({ message, kind, isSure }, node, numbers, ends) {
  const { truth, lie, alternatives: _, ended, ...plain } = message;
  const own = message.from === node ? { ...(truth ? { truth } : {}), ...(lie ? { lie } : {}) } : {};
  const began = numbers.get(message.began) ?? 0;
  const words = kind === "others" ? "" : message.words;
  const isKept = isSure || message.ending === "withheld";
  const end = isKept
    ? { ended: numbers.get(ended ?? -1) ?? began }
    : { ending: /** @type {const} */ ("in-flight"), ends };
  const isUnsure = !isKept && kind !== "others";
  return {
    ...plain,
    ...own,
    began,
    words,
    ...end,
    ...(isUnsure ? { isUnsure } : {}),
    ...(kind === "others" ? { isUnseen: true } : {}),
  };
}

/**
 * Returns how long a message of this run is on its way: the median.
 *
 * @param {Pick<Run, "messages">} run
 */
function typicalWay({ messages }) {
  const ways = messages.map(({ sent, ends }) => ends - sent).sort((a, b) => a - b);
  return ways[ways.length >> 1] ?? 0;
}
