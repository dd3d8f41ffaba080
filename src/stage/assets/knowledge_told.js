// @ts-check
// What a node knows, in sentences: what it heard, what it cannot know, and what it did.

/** @import { KnownMessage, Knowledge } from "./knowledge.js" */
/** @import { Message, Run } from "./run.js" */

import { knownMessages } from "./knowledge.js";
import { capital } from "./names.js";
import { sentence } from "./sentences.js";

/** The most messages and the most nodes that a sentence lists. */
const MOST_HEARD = 3;
const MOST_NODES = 4;

/**
 * Returns what a node knows, the most important first.
 *
 * @param {Run} run
 * @param {Knowledge} knowledge
 * @returns {string[]}
 */
export function knowledgeTold(run, knowledge) {
  const known = knownMessages(run, knowledge);
  return [
    heardTold(run, knowledge, known),
    ...memoryTold(run, knowledge),
    ...unsureTold(run, knowledge, known),
    ...sureTold(run, knowledge, known),
    ...othersTold(run, knowledge, known),
    ...strangersTold(run, knowledge),
    ...decisionTold(run, knowledge),
  ].map(capital);
}

/**
 * @param {Run} run
 * @param {Knowledge} knowledge
 * @param {readonly KnownMessage[]} known
 */
function heardTold(run, { node }, known) {
  const { said } = run.nodes[node];
  const heard = known.filter(({ kind }) => kind === "heard").sort((a, b) => a.message.ends - b.message.ends);
  if (heard.length === 0) return `${said} has heard nothing yet.`;
  const last = heard.slice(-MOST_HEARD).map(({ message }) => message);
  const senders = [...new Set(last.map(({ from }) => from))];
  const words = senders.map((sender) => {
    const said = last.filter(({ from }) => from === sender).map(quoted);
    return `${listed(said)} from ${run.nodes[sender].said}`;
  });
  const before = heard.length - last.length;
  const more = before === 0 ? "" : before === 1 ? ", and one message before" : `, and ${before} messages before`;
  const isPlain = words.length === last.length;
  return `${said} has heard ${isPlain ? listed(words) : words.join(", and ")}${more}.`;
}

/**
 * Tells of which messages of its own a node cannot know that they arrived: of the last to each
 * receiver.
 *
 * @param {Run} run
 * @param {Knowledge} knowledge
 * @param {readonly KnownMessage[]} known
 */
function unsureTold(run, { node }, known) {
  const { said } = run.nodes[node];
  const last = lastByReceiver(known.filter(isSent)).filter(({ isSure }) => !isSure);
  return byWords(last).map(
    (messages) => `${said} does not know whether ${quoted(messages[0])} has reached ${receivers(run, messages, "or")}.`,
  );
}

/**
 * @param {Run} run
 * @param {Knowledge} knowledge
 * @param {readonly KnownMessage[]} known
 */
function sureTold(run, { node }, known) {
  const { said } = run.nodes[node];
  const last = lastByReceiver(known.filter((one) => isSent(one) && one.isProven));
  return byWords(last).map(
    (messages) => `${said} can know that ${quoted(messages[0])} has reached ${receivers(run, messages, "and")}.`,
  );
}

/**
 * Tells that others must have talked to each other, and that a node did not hear what they said.
 *
 * @param {Run} run
 * @param {Knowledge} knowledge
 * @param {readonly KnownMessage[]} known
 */
function othersTold(run, { node }, known) {
  const isAny = known.some(({ kind }) => kind === "others");
  return isAny ? [`What others said to each other, ${run.nodes[node].said} has not heard.`] : [];
}

/**
 * Tells of whom a node has not heard at all, not even by others.
 *
 * @param {Run} run
 * @param {Knowledge} knowledge
 */
function strangersTold(run, { node, past }) {
  const strangers = run.nodes.filter((_, index) => index !== node && past[index] < 0);
  if (strangers.length === 0) return [];
  const { said } = run.nodes[node];
  if (strangers.length > MOST_NODES) return [`Of ${strangers.length} nodes, ${said} knows nothing.`];
  return [`Of ${listed(strangers.map(({ said }) => said))}, ${said} knows nothing.`];
}

/**
 * Tells that a node has lost its memory.
 *
 * @param {Run} run
 * @param {Knowledge} knowledge
 */
function memoryTold(run, { node, last }) {
  const { said } = run.nodes[node];
  const { status } = run.nodeAt(node, (last ?? -1) + 1);
  if (status === "down") return [`${said} is down: its memory is gone.`];
  const hasCrashed = run.lives[node].statuses.some(({ id, status }) => status === "down" && id <= (last ?? -1));
  return hasCrashed ? [`${said} has crashed, and remembers only what was on its disk.`] : [];
}

/**
 * @param {Run} run
 * @param {Knowledge} knowledge
 */
function decisionTold(run, { node, last }) {
  const output = run.nodeAt(node, (last ?? -1) + 1).outputs.at(-1);
  return output ? [sentence(run, output)] : [];
}

/** @param {KnownMessage} known */
function isSent({ kind, message }) {
  return kind === "sent" && message.ending !== "withheld";
}

/**
 * @param {readonly KnownMessage[]} known
 * @returns {KnownMessage[]}
 */
function lastByReceiver(known) {
  return [...new Map(known.map((one) => [one.message.to, one])).values()];
}

/**
 * Returns messages in groups that say the same.
 *
 * @param {readonly KnownMessage[]} known
 * @returns {Message[][]}
 */
function byWords(known) {
  /** @type {Map<string, Message[]>} */
  const groups = new Map();
  for (const { message } of known) groups.set(message.words, [...(groups.get(message.words) ?? []), message]);
  return [...groups.values()];
}

/**
 * @param {Run} run
 * @param {readonly Message[]} messages
 * @param {"and" | "or"} word
 */
function receivers(run, messages, word) {
  if (messages.length > MOST_NODES) return `${word === "or" ? "any of " : ""}${messages.length} nodes`;
  return listed(
    messages.map(({ to }) => run.nodes[to].said),
    word,
  );
}

/** @param {Message} message */
function quoted({ words }) {
  return words ? `“${words}”` : "a message";
}

/**
 * Returns words as a list: `a, b and c`.
 *
 * @param {readonly string[]} words
 * @param {"and" | "or"} [word]
 */
function listed(words, word = "and") {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${word} ${words[words.length - 1]}`;
}
