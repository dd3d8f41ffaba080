// @ts-check
// What could have happened instead: the choices that a click can force.

/** @import { Message, Run, RunEvent } from "./run.js" */

import { span } from "./words.js";

/**
 * Something to force: the words on its button, the choice and its option, and what the change is
 * called.
 *
 * @typedef {{ words: string, choice: string, option: string, says: string }} Option
 */

/**
 * Returns what can be done to a message.
 *
 * @param {Run} run
 * @param {Message} message
 * @returns {Option[]}
 */
export function aboutMessage(run, message) {
  const [from, to] = [message.from, message.to].map((node) => run.nodes[node].name);
  const fates = message.ending === "withheld" ? [] : fatesOf(message, `${from} → ${to}`);
  return [...fates, ...liesOf(message, from, to)];
}

/**
 * @param {Message} message
 * @param {string} link
 * @returns {Option[]}
 */
function fatesOf(message, link) {
  const { name, ending, copy } = message;
  /** @type {Option[]} */
  const options = [];
  /** @type {(words: string, option: string, says: string) => void} */
  const add = (words, option, says) => void options.push({ words, choice: name, option, says: `${link} ${says}` });
  if (ending !== "lost") add("lose it", "lose", "is lost");
  if (ending === "lost" || ending === "corrupted") add("deliver it", "deliver", "is delivered");
  if (!copy && ending !== "corrupted") add("corrupt it", "corrupt", "is corrupted");
  if (!copy) add("deliver it twice", "twice", "is delivered twice");
  // The network gives no delay to what it loses.
  if (ending !== "lost") {
    const late = roundDelay(Math.max((message.ends - message.sent) * 4, 1));
    const choice = `${name}.${copy ? "delay2" : "delay"}`;
    options.push({ words: `delay it: ${late}`, choice, option: late, says: `${link} takes ${late}` });
  }
  return options;
}

/**
 * Returns what else a traitor could have said.
 *
 * @param {Message} message
 * @param {string} from
 * @param {string} to
 * @returns {Option[]}
 */
function liesOf({ name, ending, words, truth, alternatives = [] }, from, to) {
  const slot = name.replace(/[a-z]$/, "");
  const said = ending === "withheld" ? "silent" : words;
  return alternatives
    .filter((option) => option !== said)
    .map((option) => {
      const isSilent = option === "silent";
      return {
        words: `${isSilent ? "say nothing" : `say “${option}”`}${option === truth ? " (the truth)" : ""}`,
        choice: `${slot}.lie`,
        option,
        says: `${from} ${isSilent ? "says nothing" : `says “${option}”`} to ${to}`,
      };
    });
}

/**
 * Returns what can be done to a node right after an event.
 *
 * @param {Run} run
 * @param {number} node
 * @param {RunEvent} event
 * @returns {Option[]}
 */
export function aboutNode(run, node, event) {
  const { name } = run.nodes[node];
  const isPoint = event.what === "passed";
  const place = isPoint ? `${event.name}:${event.nth}` : String(event.id);
  const where = isPoint ? `at ${event.name}` : `at ${span(event.at)}`;
  const short = roundDelay(downtime(run));
  const [crash, pause] = [`${name}@${place}.crash`, `${name}@${place}.pause`];
  return [
    { words: `crash ${name} here`, choice: crash, option: "forever", says: `${name} crashes ${where}` },
    { words: `crash it for ${short}`, choice: crash, option: short, says: `${name} is down for ${short} ${where}` },
    { words: `pause it for ${short}`, choice: pause, option: short, says: `${name} pauses for ${short} ${where}` },
  ];
}

/**
 * Returns a downtime that matters in a run: as long as some typical messages take.
 *
 * @param {Run} run
 */
function downtime(run) {
  const delays = run.messages.map((m) => m.ends - m.sent).filter((delay) => delay > 0);
  delays.sort((a, b) => a - b);
  return (delays[delays.length >> 1] ?? run.ends / 20) * 3;
}

/** @type {[string, number][]} */
const UNITS = [
  ["s", 1e9],
  ["ms", 1e6],
  ["us", 1e3],
  ["ns", 1],
];

/**
 * Returns a duration to one digit, as scenarios write it: `40ms`.
 *
 * @param {number} ns
 */
export function roundDelay(ns) {
  const [unit, one] = UNITS.find(([, one]) => ns >= one) ?? UNITS[3];
  const value = ns / one;
  const size = 10 ** Math.max(0, Math.floor(Math.log10(value)));
  return `${Math.max(1, Math.round(value / size) * size)}${unit}`;
}
