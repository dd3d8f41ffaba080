// @ts-check
// Where a changed run parts from the rehearsed one, and what each of the two has for itself.

/** @import { Message, Run, RunEvent } from "./run.js" */

import { sentence } from "./sentences.js";
import { span } from "./words.js";

/**
 * What one of two runs has that the other has not, by number.
 *
 * @typedef {{ messages: ReadonlySet<number>, events: ReadonlySet<number> }} Own
 *
 * What of a run is compared.
 *
 * @typedef {Pick<Run, "events" | "messages">} Comparable
 */

export class Parting {
  /**
   * @param {Run} run the changed run
   * @param {Run} before the rehearsed run, which has the same nodes
   * @param {number} first the first event in which they differ
   */
  constructor(run, before, first) {
    this.run = run;
    this.before = before;
    this.first = first;
    /** What is here and was not there. */
    this.here = ownOf(run, before, first);
    /** What was there and is not here. */
    this.there = ownOf(before, run, first);
    /** The first event of the changed run that tells of the difference; its last one where it has no more. */
    this.event = run.events[Math.min(tellingFrom(run, before, first), run.events.length - 1)];
  }

  /** The node that is the first to differ, if it is at one. */
  get node() {
    const there = this.before.events[this.first];
    return this.run.placeOf(this.event) ?? (there && this.before.placeOf(there));
  }

  /** The first difference in words. */
  get says() {
    const { run, before, first, event } = this;
    const [here, there] = [run.events[first] && event, before.events[first]];
    const now = here ? sentence(run, here) : "nothing more happens.";
    const then = there ? `at ${span(there.at)}: ${sentence(before, there)}` : "nothing more happened.";
    return `The first difference, at ${span(this.event.at)}: ${now} In the rehearsed run, ${then}`;
  }

  /**
   * Returns the nodes that are not at a moment what they were in the other run.
   *
   * @param {number} at
   * @param {number} count how many events of the changed run have happened
   */
  nodesAt(at, count) {
    const there = this.before.countAt(at);
    const differing = this.run.nodes.flatMap((_, node) =>
      stateOf(this.run, node, count) === stateOf(this.before, node, there) ? [] : [node],
    );
    return new Set(differing);
  }
}

/**
 * @param {Run} run
 * @param {number} node
 * @param {number} count
 */
function stateOf(run, node, count) {
  const { facts, status, outputs } = run.nodeAt(node, count);
  return JSON.stringify([facts, status, outputs.map(({ name, value }) => [name, value])]);
}

/**
 * Returns the first event from the difference on that is told otherwise in the other run, of those at the
 * same moment: a node that crashes amid what it does leaves another state, and only then crashes.
 *
 * @param {Run} run
 * @param {Run} before
 * @param {number} first
 */
function tellingFrom(run, before, first) {
  const begin = run.events[first];
  for (let id = first; begin && run.events[id]?.at === begin.at; id++) {
    const [here, there] = [run.events[id], before.events[id]];
    if (!there || here.at !== there.at || sentence(run, here) !== sentence(before, there)) return id;
  }
  return first;
}

/**
 * Returns what a run has that another has not. What both have equally often is in both.
 *
 * @param {Comparable} run
 * @param {Comparable} other
 * @param {number} [first] the first event in which they differ
 * @returns {Own}
 */
export function ownOf(run, other, first = 0) {
  const prints = (/** @type {Comparable} */ one) => one.events.slice(first).map((event) => fingerprint(one, event));
  const events = [...lacking(prints(run), prints(other))].map((index) => index + first);
  return { messages: lacking(run.messages.map(printOf), other.messages.map(printOf)), events: new Set(events) };
}

/**
 * Returns the places of those that others lack.
 *
 * @param {readonly string[]} prints
 * @param {readonly string[]} others
 */
function lacking(prints, others) {
  /** @type {Map<string, number>} */
  const left = new Map();
  for (const print of others) left.set(print, (left.get(print) ?? 0) + 1);
  /** @type {Set<number>} */
  const found = new Set();
  prints.forEach((print, index) => {
    const count = left.get(print) ?? 0;
    if (count === 0) found.add(index);
    else left.set(print, count - 1);
  });
  return found;
}

/** @param {Message} message */
function printOf({ name, words, sent, ends, ending, lie = false }) {
  return [name, words, sent, ends, ending, lie].join("|");
}

/**
 * Returns what tells an event from others.
 *
 * @param {Pick<Run, "messages">} run
 * @param {RunEvent} event
 */
export function fingerprint({ messages }, event) {
  const message = event.message === undefined ? undefined : messages[event.message];
  const { at, what, node, name, value, words, facts } = event;
  return [at, what, node, message?.name, message?.words, name, value, words, JSON.stringify(facts)].join("|");
}
