// Happened-before: what an event can have been caused by, and what it can have caused. (Lamport, 1978.)

export class Order {
  constructor(run) {
    this.run = run;
  }

  /** For each node, how many of its events (by number) are in the past of `id`: all those up to the number given. */
  past(id) {
    const { events, nodes } = this.run;
    const last = nodes.map(() => -1);
    const seen = new Set([id]);
    for (let i = id; i >= 0; i--) {
      const event = events[i];
      const inside = seen.has(i) || (event.node !== undefined && i <= last[event.node]);
      if (!inside) continue;
      if (event.node !== undefined) last[event.node] = Math.max(last[event.node], i);
      if (event.cause !== undefined) seen.add(event.cause);
    }
    return last;
  }

  /** For each node, the number of its first event in the future of `id`; infinity where there is none. */
  future(id) {
    const { events, nodes } = this.run;
    const first = nodes.map(() => Infinity);
    const seen = new Set([id]);
    for (let i = id; i < events.length; i++) {
      const event = events[i];
      const inside = i === id || seen.has(event.cause) || (event.node !== undefined && i >= first[event.node]);
      if (!inside) continue;
      seen.add(i);
      if (event.node !== undefined) first[event.node] = Math.min(first[event.node], i);
    }
    return first;
  }
}
