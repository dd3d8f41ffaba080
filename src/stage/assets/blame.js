// @ts-check
// Why a property was violated: from the event that completed the violation back along its causes, to
// a choice without which it could have gone otherwise.
//
// A cause is what an event was a reaction to, what its node did before, and what its node did not hear:
// a message that was lost and should have arrived by then. A timer fires, too, since a question was lost
// that nobody therefore answered.

/** @import { EventKind, VerdictShown } from "../wire.d.ts" */
/** @import { Run, RunEvent } from "./run.js" */
/** @import { Undo } from "./undo.js" */

import { stateWords } from "./facts.js";
import { capital } from "./names.js";
import { clause } from "./sentences.js";
import { named, told } from "./told.js";
import { undoOf } from "./undo.js";

/**
 * A way back: the events from the violation to where it ends, what undoes that, and what it is: what
 * somebody or chance chose, how long a message took, or no more than where it began.
 *
 * @typedef {{ steps: number[], undo: Undo | null, kind: "choice" | "draw" | "beginning" }} Blame
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
export const UNHEARD = new Set(["lost", "corrupted", "cut", "to-crashed", "withheld"]);
/** The events that end them. @type {ReadonlySet<EventKind>} */
const UNHEARD_EVENTS = new Set(["lost", "corrupted", "cut", "to_crashed", "withheld"]);
/** No more choices than this are looked at, and no more messages that took long. */
const MOST = 8;
const MOST_DRAWS = 4;
/** From further away than this it is not said that a message took long. */
const FARTHEST_DRAW = 14;
/** A timer may fire for want of one of the last messages that were lost. */
const MOST_UNHEARD = 6;
/** How far away causes are: what a node did before says less than what it reacted to. */
const NEAR = 1;
const FAR = 2;

/** @typedef {{ id: number, far: number }} Cause */

/**
 * Returns the ways back from a violation to choices, the nearest choice first; where nobody chose
 * anything, to the messages on the way that took longest; where none took any time, to the beginning.
 * None where no event shows the violation.
 *
 * @param {Run} run
 * @param {VerdictShown} verdict
 * @returns {Blame[]}
 */
export function blamesOf(run, { evidence, since }) {
  if (since === null || !run.events[since]) return [];
  const culprit = since;
  const causes = causesIn(run);
  const search = new Search(culprit, causes);
  const isWanted = (/** @type {number} */ id) => isChoice(run, run.events[id]);
  const choices = search.find(isWanted);
  // What completes the violation leads on to what else shows it.
  for (const id of evidence) if (id < culprit) search.come(id, culprit, search.far + FAR);
  choices.push(...search.find(isWanted));
  /** @type {(ids: readonly number[], kind: Blame["kind"]) => Blame[]} */
  const blames = (ids, kind) =>
    ids.map((id) => ({
      steps: withoutBetween(run, search, search.wayTo(id)),
      undo: undoOf(run, run.events[id]),
      kind,
    }));
  if (choices.length > 0) return blames(choices.slice(0, MOST), "choice");
  const draws = slowest(run, search.within(FARTHEST_DRAW));
  return draws.length > 0 ? blames(draws, "draw") : blames(search.seen.slice(-1), "beginning");
}

/** Looks for choices, from an event back along causes, the nearest first. */
class Search {
  /**
   * @param {number} start
   * @param {(id: number) => Cause[]} causes
   */
  constructor(start, causes) {
    this.causes = causes;
    /** The event from which each was come to, and how far it is. @type {Map<number, { from: number, far: number }>} */
    this.known = new Map([[start, { from: -1, far: 0 }]]);
    /** The events that are to be looked at, by how far they are. @type {number[][]} */
    this.open = [[start]];
    this.far = 0;
    /** @type {number[]} */
    this.seen = [];
  }

  /**
   * @param {number} id
   * @param {number} from
   * @param {number} far
   */
  come(id, from, far) {
    const known = this.known.get(id);
    if (known && known.far <= far) return;
    this.known.set(id, { from, far });
    this.open[far] ??= [];
    this.open[far].push(id);
  }

  /**
   * Returns the wanted events that were not seen yet, the nearest first.
   *
   * @param {(id: number) => boolean} isWanted
   */
  find(isWanted) {
    /** @type {number[]} */
    const found = [];
    for (; this.far < this.open.length && found.length < MOST; this.far++) {
      for (const id of this.open[this.far] ?? []) {
        if (this.known.get(id)?.far !== this.far) continue;
        this.seen.push(id);
        if (isWanted(id)) found.push(id);
        for (const cause of this.causes(id)) this.come(cause.id, id, this.far + cause.far);
      }
      this.open[this.far] = [];
    }
    return found;
  }

  /** @param {number} far */
  within(far) {
    return this.seen.filter((id) => (this.known.get(id)?.far ?? 0) <= far);
  }

  /**
   * Whether an event is a reaction to another, and did not only come after it.
   *
   * @param {number} id
   * @param {number} cause
   */
  isNear(id, cause) {
    return this.causes(id).some((one) => one.id === cause && one.far === NEAR);
  }

  /** @param {number} id */
  wayTo(id) {
    const way = [id];
    for (let at = this.known.get(id)?.from ?? -1; at >= 0; at = this.known.get(at)?.from ?? -1) way.unshift(at);
    return way;
  }
}

/**
 * Returns a way without what a node only did in between: of its stay at one node what led there from the
 * cause, and what came of it, and nothing that happened between two things that only followed each other.
 *
 * @param {Run} run
 * @param {Search} search
 * @param {readonly number[]} way
 */
function withoutBetween({ events }, search, way) {
  /** @type {number[]} */
  const kept = [];
  for (let from = 0; from < way.length; ) {
    const { node } = events[way[from]];
    let to = from + 1;
    while (to < way.length && node !== undefined && events[way[to]].node === node) to++;
    const stay = way.slice(from, to);
    const isLoose = (/** @type {number} */ index) =>
      index + 1 < stay.length && !search.isNear(stay[index], stay[index + 1]);
    const loose = stay.flatMap((_, index) => (isLoose(index) ? [index] : []));
    const [first, last] = [loose[0] ?? stay.length, loose[loose.length - 1] ?? -1];
    kept.push(...stay.filter((_, index) => index <= first || index > last));
    from = to;
  }
  return kept;
}

/**
 * Whether somebody, or chance, chose that this event is what it is. A clock that its own node sets is
 * no choice.
 *
 * @param {Run} run
 * @param {RunEvent} event
 */
function isChoice(run, { what, message, cause }) {
  if (what === "clock_stepped" && cause !== undefined) return false;
  if (CHOICES.has(what)) return true;
  return what === "sent" && message !== undefined && run.messages[message].lie === true;
}

/**
 * Returns the arrivals of the messages that took longest, of those on the way.
 *
 * @param {Run} run
 * @param {readonly number[]} ids
 */
function slowest(run, ids) {
  const took = (/** @type {number} */ id) => {
    const message = run.messages[run.events[id].message ?? 0];
    return message.ends - message.sent;
  };
  const heard = ids.filter((id) => run.events[id].what === "delivered" && took(id) > 0);
  return heard.sort((a, b) => took(b) - took(a) || a - b).slice(0, MOST_DRAWS);
}

/**
 * Returns what answers with the causes of an event.
 *
 * @param {Run} run
 * @returns {(id: number) => Cause[]}
 */
function causesIn(run) {
  const { events } = run;
  const before = beforeOf(events);
  const missed = missedBy(run);
  return (id) => {
    const event = events[id];
    const previous = before.get(id);
    const near = [event.cause, whyUnheard(run, event), ...unheardAt(missed, event, events[previous ?? -1]?.at ?? -1)];
    const causes = near.flatMap((cause) => (cause === undefined || cause >= id ? [] : [{ id: cause, far: NEAR }]));
    return previous === undefined ? causes : [...causes, { id: previous, far: FAR }];
  };
}

/**
 * Returns the event before each at the same node.
 *
 * @param {readonly RunEvent[]} events
 */
function beforeOf(events) {
  /** @type {Map<number, number>} */
  const before = new Map();
  /** @type {Map<number, number>} */
  const last = new Map();
  for (const { id, node, what } of events) {
    if (node === undefined || OF_NETWORK.has(what)) continue;
    const previous = last.get(node);
    if (previous !== undefined) before.set(id, previous);
    last.set(node, id);
  }
  return before;
}

/** @typedef {{ ends: number, end: number, isTo: boolean }} Missed */

/**
 * Returns for each node the messages to it and from it that did not arrive, by when they should have:
 * the event that ended each.
 *
 * @param {Run} run
 */
function missedBy(run) {
  /** @type {Missed[][]} */
  const missed = run.nodes.map(() => []);
  for (const { from, to, ends, ending, ended, began } of run.messages) {
    if (!UNHEARD.has(ending)) continue;
    missed[to].push({ ends, end: ended ?? began, isTo: true });
    missed[from].push({ ends, end: ended ?? began, isTo: false });
  }
  for (const due of missed) due.sort((a, b) => b.ends - a.ends || b.end - a.end);
  return missed;
}

/**
 * Returns what ended the messages for want of which an event may have happened, the latest first: of a
 * timer the last ones that its node missed; of anything else what should have come since the event before.
 *
 * @param {readonly Missed[][]} missed
 * @param {RunEvent} event
 * @param {number} since
 */
function unheardAt(missed, { node, at, what }, since) {
  if (node === undefined || OF_NETWORK.has(what)) return [];
  const due = missed[node].filter(({ ends }) => ends <= at);
  const wanted = what === "timer" ? due.slice(0, MOST_UNHEARD) : due.filter(({ ends, isTo }) => isTo && ends > since);
  return wanted.map(({ end }) => end);
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
