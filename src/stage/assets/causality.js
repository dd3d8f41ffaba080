// @ts-check
// Happened-before: what can have caused an event, and what it can have caused (Lamport, 1978).

/** @import { TraceEvent } from "../wire.d.ts" */

export class Causality {
  /**
   * @param {readonly TraceEvent[]} events
   * @param {number} nodes how many nodes there are
   */
  constructor(events, nodes) {
    this.events = events;
    this.nodes = nodes;
  }

  /**
   * Returns for each node the last of its events in the past of `id`, by number; -1 for none. All
   * earlier events of the node are in the past, too.
   *
   * @param {number} id
   */
  past(id) {
    const { events } = this;
    const last = Array.from({ length: this.nodes }, () => -1);
    const seen = new Set([id]);
    for (let i = id; i >= 0; i--) {
      const { node, cause } = events[i];
      const isInside = seen.has(i) || (node !== undefined && i <= last[node]);
      if (!isInside) continue;
      if (node !== undefined) last[node] = Math.max(last[node], i);
      if (cause !== undefined) seen.add(cause);
    }
    return last;
  }

  /**
   * Returns for each node the first of its events in the future of `id`, by number; infinity for
   * none. All later events of the node are in the future, too.
   *
   * @param {number} id
   */
  future(id) {
    const { events } = this;
    const first = Array.from({ length: this.nodes }, () => Infinity);
    const seen = new Set();
    for (let i = id; i < events.length; i++) {
      const { node, cause } = events[i];
      const isInside = i === id || seen.has(cause) || (node !== undefined && i >= first[node]);
      if (!isInside) continue;
      seen.add(i);
      if (node !== undefined) first[node] = Math.min(first[node], i);
    }
    return first;
  }
}
