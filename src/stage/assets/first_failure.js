// @ts-check
// Where in a run the first of the forced choices takes effect.

/** @import { Run } from "./run.js" */

/** What happens to a node that is forced to fail. */
const FAILS = ["crashed", "paused"];
/** A choice about a node's failure: `shop@sent:1.crash`, `shop@12.pause`. */
const OF_NODE = /^([^@]+)@(.+)\.(crash|pause)$/;
/** A choice about a message: its name, and what of it is chosen. */
const OF_MESSAGE = /^([^.]+)(\.[a-z0-9]+)?$/;

/**
 * Returns the event at which the first of the forced choices takes effect; where none can be found, the
 * one at which the run parts from the rehearsed one; null if there is none either.
 *
 * @param {Run} run
 * @param {readonly string[]} choices
 */
export function firstFailure(run, choices) {
  const events = choices.flatMap((choice) => eventOf(run, choice) ?? []);
  return events.length > 0 ? Math.min(...events) : run.differs;
}

/**
 * @param {Run} run
 * @param {string} choice
 * @returns {number | undefined}
 */
function eventOf(run, choice) {
  const [, id, place, what] = OF_NODE.exec(choice) ?? [];
  if (id !== undefined) {
    const node = run.nodes.findIndex((one) => one.id === id);
    const fails = run.events.filter((event) => event.node === node && FAILS.includes(event.what));
    const kind = what === "crash" ? "crashed" : "paused";
    const isThere = (/** @type {number | undefined} */ cause) =>
      cause !== undefined && placeOf(run, cause).includes(place);
    return (fails.find((event) => event.what === kind && isThere(event.cause)) ?? fails[0])?.id;
  }
  const [, name] = OF_MESSAGE.exec(choice) ?? [];
  return run.messages.find((message) => message.name.replace(/[a-z]$/, "") === name)?.began;
}

/**
 * Returns how a choice calls the place of an event: by its number, or by its point.
 *
 * @param {Run} run
 * @param {number} id
 */
function placeOf(run, id) {
  const { what, name, nth } = run.events[id];
  return [String(id), ...(what === "passed" ? [`${name}:${nth}`] : [])];
}
