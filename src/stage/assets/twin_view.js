// @ts-check
// A run as one node knows it, beside its twin, and what really happened in each.

/** @import { Message, Run, RunEvent } from "./run.js" */

import { sentence } from "./sentences.js";
import { TELLING } from "./stops.js";
import { shown, signed } from "./words.js";

/** How many things are told of what really happened in a run. */
const MOST_FACTS = 4;
/** The clocks of more nodes than this are not told. */
const MOST_CLOCKS = 8;

/**
 * One thing that a node notices: its event, when it is by the node's own clock, and what.
 *
 * @typedef {{ id: number, at: number, kind: "hears" | "timer" | "tells" | "decides" | "starts", words: string }} Noticed
 *
 * What is noticed in one run and in the other, at the same place. `isSame` if nobody could tell them
 * apart; null where one has nothing more.
 *
 * @typedef {{ isSame: boolean, one: Noticed | null, other: Noticed | null }} Pair
 *
 * What of a run is read here.
 *
 * @typedef {Pick<Run, "events" | "messages" | "nodes" | "clockAt">} Seen
 */

/**
 * Returns what a node notices up to a moment of true time, in order: what it hears, its timers, and
 * what it tells its user. What becomes of its own messages it does not see, nor what others do.
 *
 * @param {Seen} run
 * @param {number} node
 * @param {number | null} [until]
 * @returns {Noticed[]}
 */
export function noticed(run, node, until = null) {
  const own = run.events.filter((event) => event.node === node && (until === null || event.at <= until));
  return own.flatMap((event) => {
    const what = noticedAs(run, event);
    return what ? [{ id: event.id, at: Math.round(event.at + (run.clockAt(node, event.at) ?? 0)), ...what }] : [];
  });
}

/**
 * @param {Seen} run
 * @param {RunEvent} event
 * @returns {Pick<Noticed, "kind" | "words"> | null}
 */
function noticedAs(run, { what, message, name, value, decision, words = "" }) {
  switch (what) {
    case "delivered": {
      const { from, words } = /** @type {Message} */ (message === undefined ? undefined : run.messages[message]);
      return { kind: "hears", words: `hears ${words ? `“${words}”` : "a message"} from ${run.nodes[from].said}` };
    }
    case "timer":
      return { kind: "timer", words: words || "a timer fires" };
    case "output":
      return decision
        ? { kind: "decides", words: `decides: ${shown(value)}` }
        : { kind: "tells", words: `tells the user: ${name} ${shown(value)}` };
    case "restarted":
      return { kind: "starts", words: "starts again" };
    default:
      return null;
  }
}

/**
 * Puts what is noticed in two runs side by side. Once something differs, nothing after it is the
 * same any more: the node can tell the runs apart.
 *
 * @param {readonly Noticed[]} one
 * @param {readonly Noticed[]} other
 * @returns {Pair[]}
 */
export function pairs(one, other) {
  let isSame = true;
  return Array.from({ length: Math.max(one.length, other.length) }, (_, i) => {
    const [left, right] = [one[i] ?? null, other[i] ?? null];
    isSame &&= left?.at === right?.at && left?.kind === right?.kind && left?.words === right?.words;
    return { isSame, one: left, other: right };
  });
}

/**
 * Returns a run as far as it has come at a moment.
 *
 * @param {Run} run
 * @param {number} moment
 * @returns {Run}
 */
export function upTo(run, moment) {
  const events = run.events.filter(({ at }) => at <= moment);
  return Object.assign(Object.create(run), { events, ends: Math.min(moment, run.ends) });
}

/** What is done to a run, and by nobody's protocol. */
const DONE = new Set(["traitor", "lost", "corrupted", "cut", "withheld", "crashed", "paused", "partitioned"]);

/**
 * Returns what really happened in a run and not in its twin, as the node could not see it: first
 * what was done, and, where nothing was, what others heard; then what others decided, and clocks.
 *
 * @param {Run} run
 * @param {number} node
 * @param {Run} twin
 */
export function facts(run, node, twin) {
  const there = new Set(twin.events.map((event) => keyOf(twin, event)));
  const own = run.events.filter((event) => !there.has(keyOf(run, event)));
  const isLie = (/** @type {RunEvent} */ { what, message }) =>
    what === "sent" && message !== undefined && run.messages[message].lie === true;
  const done = own.filter((event) => DONE.has(event.what) || isLie(event));
  const heard = own.filter((event) => TELLING.has(event.what) && event.what !== "output" && event.node !== node);
  const first = counted((done.length > 0 ? done : heard).map((event) => sentence(run, event)));
  const more = first.length - MOST_FACTS;
  const decided = run.events.filter((event) => event.decision && event.node !== node);
  const clocks = clocksOf(run);
  return [
    ...first.slice(0, MOST_FACTS),
    ...(more > 0 ? [`And ${more} more like that.`] : []),
    ...decided.slice(-MOST_FACTS).map((event) => sentence(run, event)),
    ...(clocks === clocksOf(twin) ? [] : [clocks]),
  ];
}

/**
 * What tells an event from those of another run.
 *
 * @param {Run} run
 * @param {RunEvent} event
 */
function keyOf(run, event) {
  const message = event.message === undefined ? undefined : run.messages[event.message];
  return `${event.what} ${message?.name ?? ""} ${sentence(run, event)}`;
}

/**
 * Returns each sentence once, with how often it comes.
 *
 * @param {readonly string[]} sentences
 */
function counted(sentences) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const words of sentences) counts.set(words, (counts.get(words) ?? 0) + 1);
  return [...counts].map(([words, times]) => (times > 1 ? `${words.replace(/\.$/, "")}, ${times} times.` : words));
}

/**
 * Returns how far all clocks are from true time at the end of a run; nothing where they do not
 * matter.
 *
 * @param {Run} run
 */
function clocksOf(run) {
  if (!run.show.clocks || run.nodes.length > MOST_CLOCKS) return "";
  const errors = run.nodes.map(({ name }, node) => `${name} ${signed(Math.round(run.clockAt(node, run.ends) ?? 0))}`);
  return `At the end, against true time: ${errors.join(", ")}.`;
}
