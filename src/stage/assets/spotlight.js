// @ts-check
// The spotlight: what is selected stands out, or what the beat speaks of, and all else is dimmed.

/** @import { Player } from "./player.js" */
/** @import { Run } from "./run.js" */
/** @import { Selected } from "./selection.js" */
/** @import { Spoken } from "./spoken.js" */
/** @import { Stress } from "./stress.js" */

import { NOTHING_SPOKEN, spokenAt } from "./spoken.js";

/**
 * The events, messages and nodes in the light, by number.
 *
 * @typedef {{ events: ReadonlySet<number>, messages: ReadonlySet<number>, nodes: ReadonlySet<number> }} Lit
 */

/**
 * Returns what is in the light; null if there is nothing to point at.
 *
 * @param {Pick<Run, "events" | "messages">} run
 * @param {Selected | null} selected
 * @param {Spoken} spoken
 * @returns {Lit | null}
 */
export function litOf(run, selected, spoken) {
  if (selected?.node !== undefined) return litNode(run, selected.node);
  if (selected?.message !== undefined) return litMessage(run, selected.message);
  if (selected?.event !== undefined) {
    const { message, node } = run.events[selected.event];
    if (message !== undefined) return litMessage(run, message);
    return { nodes: new Set(node === undefined ? [] : [node]), messages: new Set(), events: new Set([selected.event]) };
  }
  const { nodes, messages, events } = spoken;
  if (nodes.size + messages.size + events.size === 0) return null;
  // Who says something belongs to it, also where the beat is about who hears it.
  const parties = [...messages].flatMap((index) => [run.messages[index].from, run.messages[index].to]);
  return { nodes: new Set([...nodes, ...parties]), messages, events };
}

/**
 * A node with all that it says, hears and does.
 *
 * @param {Pick<Run, "events" | "messages">} run
 * @param {number} node
 * @returns {Lit}
 */
function litNode({ messages, events }, node) {
  const own = messages.filter(({ from, to }) => from === node || to === node);
  return {
    nodes: new Set([node]),
    messages: new Set(own.map(({ index }) => index)),
    events: new Set(events.filter((event) => event.node === node).map(({ id }) => id)),
  };
}

/**
 * A message with its sender and its receiver.
 *
 * @param {Pick<Run, "events" | "messages">} run
 * @param {number} message
 * @returns {Lit}
 */
function litMessage({ messages }, message) {
  const { from, to, began, ended } = messages[message];
  const events = ended === undefined ? [began] : [began, ended];
  return { nodes: new Set([from, to]), messages: new Set([message]), events: new Set(events) };
}

export class Spotlight {
  constructor() {
    this.isOn = false;
    /** What was in the light last, and of what. @type {{ run: Run, key: string, stress: Stress | null } | null} */
    this.last = null;
  }

  /** Returns whether it is on now. */
  toggle() {
    this.isOn = !this.isOn;
    return this.isOn;
  }

  /**
   * Returns what stands out; null for nothing. On the way to a stop, what that stop speaks of is already
   * in the light. The same is returned as long as it is the same.
   *
   * @param {Player} player
   * @returns {Stress | null}
   */
  lit(player) {
    if (!this.isOn) return null;
    const { run, selected, glide, meant, at, count, stop } = player;
    const here = glide ? { at: glide.at, count: glide.count, stop: meant ?? stop } : { at, count, stop };
    const spoken = player.playing ? NOTHING_SPOKEN : spokenAt(run, here);
    const key = JSON.stringify([selected, [...spoken.events], [...spoken.messages], [...spoken.nodes]]);
    if (this.last?.run !== run || this.last.key !== key) {
      const lit = litOf(run, selected, spoken);
      this.last = { run, key, stress: lit && { ...lit, nodesAt: () => lit.nodes } };
    }
    return this.last.stress;
  }
}
