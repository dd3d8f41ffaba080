// @ts-check
// What is selected: a message, an event or a node, by its number; or a link, by its nodes.

/** @import { Message, Run } from "./run.js" */

/** @typedef {{ message?: number, event?: number, node?: number, link?: { from: number, to: number } }} Selected */
/** @typedef {(selected: Selected | null) => void} OnPick */

/**
 * Returns the event that a selection is about; null for a node or a link.
 *
 * @param {Run} run
 * @param {Selected | null} selected
 * @returns {number | null}
 */
export function eventOf(run, selected) {
  if (!selected) return null;
  if (selected.event !== undefined) return selected.event < run.events.length ? selected.event : null;
  const message = messageOf(run, selected);
  return message ? (message.ended ?? message.began) : null;
}

/**
 * Returns the message that a selection is about; null for none.
 *
 * @param {Run} run
 * @param {Selected | null} selected
 * @returns {Message | null}
 */
export function messageOf(run, selected) {
  if (selected?.message !== undefined) return run.messages[selected.message] ?? null;
  if (selected?.event === undefined) return null;
  const message = run.events[selected.event]?.message;
  return message === undefined ? null : run.messages[message];
}
