// @ts-check
// Events as sentences.

/** @import { Node } from "./names.js" */
/** @import { Message, Run, RunEvent } from "./run.js" */

import { stateWords } from "./facts.js";
import { capital } from "./names.js";
import { ordinal, shown } from "./words.js";

/**
 * What a sentence about a run needs of it.
 *
 * @typedef {{ nodes: readonly Pick<Node, "said">[], messages: readonly Message[] }} Cast
 */

/**
 * Returns an event as a sentence.
 *
 * @param {Cast | Run} run
 * @param {RunEvent} event
 * @returns {string}
 */
export function sentence(run, event) {
  return capital(clause(run, event));
}

/**
 * Returns an event as a sentence that goes on from words before it.
 *
 * @param {Cast | Run} run
 * @param {RunEvent} event
 * @returns {string}
 */
export function clause(run, event) {
  const message = event.message === undefined ? undefined : run.messages[event.message];
  if (message) return aboutMessage(run, event, message);
  const who = event.node === undefined ? "the network" : run.nodes[event.node].said;
  return aboutNode(run, who, event);
}

/** Words that begin with a verb: “holds a write”. */
const VERB = /^(?!(?:as|is|its|this)\b)[a-z]+s\b/;

/** @param {string} words */
const quoted = (words) => (words ? `“${words}”` : "a message");

/**
 * @param {Cast} run
 * @param {RunEvent} event
 * @param {Message} message
 */
function aboutMessage(run, event, message) {
  const [from, to] = [run.nodes[message.from].said, run.nodes[message.to].said];
  const words = quoted(message.words);
  const instead = message.truth ? `, instead of ${quoted(message.truth)}` : "";
  const lie = message.lie ? `, a lie${instead}` : "";
  switch (event.what) {
    case "sent":
      return `${from} says ${words} to ${to}${lie}.`;
    case "withheld":
      return `${from} says nothing to ${to}${instead}.`;
    case "copied":
      return `the network copies ${words} from ${from} to ${to}.`;
    case "lost":
      return `the network loses ${words} from ${from} to ${to}.`;
    case "delivered":
      return `${to} hears ${words} from ${from}${lie}.`;
    case "corrupted":
      return `${words} from ${from} reaches ${to} damaged, and is dropped.`;
    case "cut":
      return `the partition cuts off ${words} from ${from} to ${to}.`;
    case "to_crashed":
      return `${words} from ${from} finds ${to} down.`;
    default:
      return `${from} → ${to}: ${event.what}.`;
  }
}

/**
 * @param {Cast} run
 * @param {string} who
 * @param {RunEvent} event
 */
function aboutNode(run, who, event) {
  const { name, nth = 0 } = event;
  const value = shown(event.value);
  const because = event.words ? `: ${event.words}` : "";
  switch (event.what) {
    case "traitor":
      return `${who} is a traitor.`;
    case "started":
      return `${who} begins${event.facts?.length ? `: ${stateWords({ nodes: run.nodes.map(({ said }) => ({ name: said })) }, event.facts)}` : ""}.`;
    case "timer":
      return `${who}'s timer fires${because}.`;
    case "output":
      return event.decision ? `${who} decides: ${value}.` : `${who} tells the user: ${name} ${value}.`;
    case "noted":
      // Words that begin with a verb go on from the name; all others say more of what is noted.
      if (event.words && VERB.test(event.words)) return `${who} ${event.words}.`;
      return `${who} notes ${name} ${value}${because}.`;
    case "wrote":
      return `${who} writes to disk${because}.`;
    case "passed":
      return `${who} passes ${name}, ${ordinal(nth)} time.`;
    case "crashed":
      return `${who} crashes: its memory is gone.`;
    case "writes_lost":
      if (name === "all") return `the disk of ${who} is lost.`;
      return `${who} had not synced its last ${nth === 1 ? "write" : `${nth} writes`}: gone.`;
    case "restarted":
      return `${who} restarts from its disk.`;
    case "paused":
      return `${who} pauses.`;
    case "resumed":
      return `${who} resumes.`;
    case "clock_stepped":
      return `the clock of ${who} jumps by ${value}.`;
    case "clock_slewed":
      return `the clock of ${who} is being corrected by ${value}.`;
    case "clock_drifted":
      return `the clock of ${who} now drifts by ${event.value}.`;
    case "partitioned":
      return "the network is partitioned.";
    case "healed":
      return "the partition heals.";
    default:
      return `${who}: ${event.what}.`;
  }
}
