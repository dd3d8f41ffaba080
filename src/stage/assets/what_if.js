// @ts-check
// What could have happened instead: the choices that a click can force.

/** @import { Fork } from "./forks.js" */
/** @import { Node } from "./names.js" */
/** @import { Message, Run, RunEvent } from "./run.js" */
/** @import { MarkName } from "./tray_marks.js" */

import { quotable } from "./told.js";
import { span, timed } from "./words.js";

/**
 * Something that could be otherwise: the words on its button, the change, and the mark of the tray that
 * does the same.
 *
 * @typedef {{ words: string, fork: Fork, mark?: MarkName }} Option
 */

/**
 * Returns what can be done to a message.
 *
 * @param {Run} run
 * @param {Message} message
 * @returns {Option[]}
 */
export function aboutMessage(run, message) {
  const [from, to] = [run.nodes[message.from], run.nodes[message.to]];
  const fates = message.ending === "withheld" ? [] : fatesOf(message, `${from.name} → ${to.name}`);
  return [...fates, ...liesOf(run, message, from.name, to.name), ...aboutLink(run, from, to, message.sent)];
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
  /** @type {(words: string, option: string, says: string, mark?: MarkName) => void} */
  const add = (words, option, says, mark) =>
    void options.push({ words, fork: { choice: name, option, says: `${link} ${says}` }, mark });
  if (ending !== "lost") add("lose it", "lose", "is lost", "lose");
  if (ending === "lost" || ending === "corrupted") add("deliver it", "deliver", "is delivered");
  if (!copy && ending !== "corrupted") add("corrupt it", "corrupt", "is corrupted");
  if (!copy) add("deliver it twice", "twice", "is delivered twice", "twice");
  // The network gives no delay to what it loses.
  if (ending !== "lost") {
    const late = roundDelay(Math.max((message.ends - message.sent) * 4, 1));
    const choice = `${name}.${copy ? "delay2" : "delay"}`;
    const fork = { choice, option: late, says: `${link} takes ${timed(late)}` };
    options.push({ words: `delay it: ${timed(late)}`, fork, mark: "delay" });
  }
  return options;
}

/**
 * Returns what else a traitor could have said.
 *
 * @param {Run} run
 * @param {Message} message
 * @param {string} from
 * @param {string} to
 * @returns {Option[]}
 */
function liesOf(run, { name, ending, words, truth, alternatives = [] }, from, to) {
  const slot = name.replace(/[a-z]$/, "");
  const said = ending === "withheld" ? "silent" : words;
  return alternatives
    .map((option) => ({ option, spoken: quotable(run, option) }))
    .filter(({ spoken }) => spoken !== said)
    .map(({ option, spoken }) => {
      const isSilent = option === "silent";
      const says = `${from} ${isSilent ? "says nothing" : `says “${spoken}”`} to ${to}`;
      const words = `${isSilent ? "say nothing" : `say “${spoken}”`}${spoken === truth ? " (the truth)" : ""}`;
      return { words, fork: { choice: `${slot}.lie`, option, says }, mark: "mask" };
    });
}

/**
 * Returns what can be done to a link from a moment on, in both directions.
 *
 * @param {Run} run
 * @param {{ from: number, to: number }} link
 * @param {number} moment
 * @returns {Option[]}
 */
export function aboutBothWays(run, link, moment) {
  const at = Math.round(moment);
  const [one, other] = [run.nodes[link.from], run.nodes[link.to]];
  const [cut, ...there] = aboutLink(run, one, other, at);
  const [, ...back] = aboutLink(run, other, one, at);
  /** @type {(options: Option[], way: string) => Option[]} */
  const named = (options, way) => options.map((option) => ({ ...option, words: `${option.words} (${way})` }));
  return [cut, ...named(there, `${one.name} → ${other.name}`), ...named(back, `${other.name} → ${one.name}`)];
}

/**
 * Returns what can be done to the link of a message, from when the message leaves to the end.
 *
 * @param {Run} run
 * @param {Node} from
 * @param {Node} to
 * @param {number} at
 * @returns {Option[]}
 */
function aboutLink(run, from, to, at) {
  const slow = roundDelay(downtime(run));
  const [both, way, where] = [`${from.name} and ${to.name}`, `${from.name} → ${to.name}`, `from ${span(at)} on`];
  const link = `from = "${from.id}", to = "${to.id}", at = "${at}ns"`;
  const cut = `{ partition = { groups = [["${from.id}"], ["${to.id}"]], at = "${at}ns" } }`;
  return [
    { words: "cut the link", fork: { row: cut, says: `${both} are cut off ${where}` }, mark: "cut" },
    {
      words: "cut it one way",
      fork: { row: `{ degrade = { ${link}, loss = 1.0 } }`, says: `all is lost ${way} ${where}` },
    },
    {
      words: "lose half of it",
      fork: { row: `{ degrade = { ${link}, loss = 0.5 } }`, says: `half is lost ${way} ${where}` },
    },
    {
      words: `slow it: ${timed(slow)}`,
      fork: { row: `{ degrade = { ${link}, delay = "${slow}" } }`, says: `${way} takes ${timed(slow)} ${where}` },
    },
  ];
}

/**
 * Returns what can be done to a node at an event that is looked at: right after it, or, where more of its
 * moment was seen to happen, after all of that, so that nothing is taken back. One that is past is gone
 * back to, and says so.
 *
 * @param {Run} run
 * @param {number} node
 * @param {RunEvent} event
 * @param {{ at: number, count: number }} shown the moment that is shown, and how many events have happened
 * @returns {Option[]}
 */
export function failuresAt(run, node, event, { at, count }) {
  if (event.id + 1 >= count) return afterEvent(run, node, event);
  if (event.at >= at) return aboutNode(run, node, at).filter(({ words }) => /^(crash|pause) /.test(words));
  const then = `then, at ${span(event.at)}`;
  return afterEvent(run, node, event).map((option) => ({
    ...option,
    words: option.words.endsWith(" here") ? option.words.replace(/here$/, then) : `${option.words} ${then}`,
  }));
}

/**
 * Returns what can be done to a node right after an event.
 *
 * @param {Run} run
 * @param {number} node
 * @param {RunEvent} event
 * @returns {Option[]}
 */
export function afterEvent(run, node, event) {
  const { id, name } = run.nodes[node];
  const isPoint = event.what === "passed";
  const place = isPoint ? `${event.name}:${event.nth}` : String(event.id);
  const where = isPoint ? `at ${event.name}` : `at ${span(event.at)}`;
  const short = roundDelay(downtime(run));
  const [crash, pause] = [`${id}@${place}.crash`, `${id}@${place}.pause`];
  /** @type {(choice: string, option: string, says: string) => Fork} */
  const force = (choice, option, says) => ({ choice, option, says: `${name} ${says} ${where}` });
  return [
    { words: `crash ${name} here`, fork: force(crash, "forever", "crashes") },
    { words: `crash it for ${timed(short)}`, fork: force(crash, short, `is down for ${timed(short)}`) },
    { words: `pause it for ${timed(short)}`, fork: force(pause, short, `pauses for ${timed(short)}`) },
  ];
}

/**
 * Returns what can be done to a node at a moment.
 *
 * @param {Run} run
 * @param {number} node
 * @param {number} at
 * @returns {Option[]}
 */
export function aboutNode(run, node, at) {
  const { id, name, traitor } = run.nodes[node];
  const [short, where] = [roundDelay(downtime(run)), `at ${span(at)}`];
  // Just after what was seen to happen at this moment, so that it is not taken back.
  const moment = Math.round(at) + 1;
  const here = `node = "${id}", at = "${moment}ns"`;
  /** @type {(words: string, row: string, says: string, mark?: MarkName) => Option} */
  const option = (words, row, says, mark) => ({ words, fork: { row: `{ ${row} }`, says: `${says} ${where}` }, mark });
  const clocks = run.show.clocks === null ? [] : aboutClock(name, here, short, option);
  return [
    ...(traitor ? truthsOf(run, node) : betrayals(run, run.nodes[node])),
    option(`crash ${name} now`, `crash = { ${here} }`, `${name} crashes`, "crash"),
    option(
      `crash it for ${timed(short)}`,
      `crash = { ${here}, for = "${short}" }`,
      `${name} is down for ${timed(short)}`,
    ),
    option(
      "lose its disk",
      `crash = { ${here}, for = "${short}", disk = "lost" }`,
      `${name} crashes and loses its disk`,
      "disk",
    ),
    option(
      `pause it for ${timed(short)}`,
      `pause = { ${here}, for = "${short}" }`,
      `${name} pauses for ${timed(short)}`,
      "delay",
    ),
    option("cut it off", `isolate = { ${here} }`, `${name} is cut off`, "cut"),
    ...clocks,
  ];
}

/**
 * @param {string} name
 * @param {string} here
 * @param {string} short
 * @param {(words: string, row: string, says: string, mark?: MarkName) => Option} option
 */
function aboutClock(name, here, short, option) {
  return [
    option(
      `set its clock ahead by ${timed(short)}`,
      `clock-step = { ${here}, by = "${short}" }`,
      `${name}'s clock jumps ahead`,
      "clock",
    ),
    option("make its clock fast", `clock-drift = { ${here}, ppm = 10000 }`, `${name}'s clock runs 1 % fast`),
  ];
}

/**
 * Returns the lies with which a node can be made a traitor.
 *
 * @param {Run} run
 * @param {Node} node
 * @returns {Option[]}
 */
function betrayals(run, { id, name }) {
  return run.show.lies.map((lie) => ({
    words: `make it a traitor: ${lie}`,
    fork: { row: `{ traitor = { node = "${id}", lie = "${lie}" } }`, says: `${name} is a traitor: ${lie}` },
    mark: "mask",
  }));
}

/**
 * Returns that a traitor says the truth each time.
 *
 * @param {Run} run
 * @param {number} node
 * @returns {Option[]}
 */
function truthsOf(run, node) {
  /** @type {[string, string][]} */
  const choices = [];
  for (const { from, name, truth, alternatives = [] } of run.messages) {
    if (from !== node || !truth) continue;
    const option = alternatives.find((option) => quotable(run, option) === truth) ?? truth;
    choices.push([`${name.replace(/[a-z]$/, "")}.lie`, option]);
  }
  const says = `${run.nodes[node].name} tells the truth`;
  return choices.length > 0 ? [{ words: "let it tell the truth", fork: { choices, says }, mark: "mask" }] : [];
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
