// @ts-check
// Sentences that the program made, as the page tells them: nodes, messages and choices are called
// as people call them, durations are written one way, and a sentence begins with a capital.

import { capital, wordOf } from "./names.js";
import { ordinal, timed } from "./words.js";

/** @typedef {{ readonly nodes: readonly { name: string, id?: string, said?: string }[] }} Cast */

/** The name of a message: `alice:bob:2`, and with a `b` that of its copy. */
const MESSAGE = "([\\w-]+):([\\w-]+):(\\d+)(b?)";
/** A message, or a choice about it with its option; no value of a setting. */
const OF_MESSAGE = new RegExp(
  `(?<![\\w:.@-]|= ?)${MESSAGE}(?![\\w:])(?:(?:\\.(fate|delay2?|lie))? ?= ?("[^"]*"|[^\\s,;"]*[^\\s,;.:"]))?`,
  "g",
);
/** A choice about a node: `shop@sent:1.crash=forever`, `shop@12.pause=30ms`. */
const OF_NODE = /(?<![\w:.@-])([\w-]+)@([\w-]+(?::\d+)?)\.(crash|pause)(?: ?= ?([^\s,;]*[^\s,;.]))?/g;

const BESIDE = /\b(message|acknowledgement|answer|copy|them) $/;

const FIRST = "first second third fourth fifth sixth seventh eighth ninth".split(" ");
const which = (/** @type {number} */ nth) => FIRST[nth - 1] ?? ordinal(nth);

/** What a message suffers, by the option that forces it. @type {Record<string, string>} */
const FATES = {
  lose: "is lost",
  deliver: "is delivered",
  corrupt: "is damaged",
  twice: "is delivered twice",
};

/** After these a thing has no article, nor after a number; after all other words it has one. */
const NO_ARTICLE = new Set(
  (
    "a all an another any both client each either every general honest its loyal lieutenant neither no node other " +
    "own server some the their this"
  ).split(" "),
);

/**
 * Returns a sentence that the program made as the page tells it. What stands between backticks stays.
 *
 * @param {Cast} run
 * @param {string} words
 */
export function told(run, words) {
  return sentences(named(run, words));
}

/**
 * Returns words of the program that are no sentence of their own: a label, a cell, a note.
 *
 * @param {Cast} run
 * @param {string} words
 */
export function named(run, words) {
  return outsideCode(words, (words) => timed(withCast(run, withChoices(run, words))));
}

/**
 * Returns what a message says, with the nodes by their bare names.
 *
 * @param {Cast} run
 * @param {string} words
 */
export function quotable({ nodes }, words) {
  return timed(withCast({ nodes: nodes.map((node) => ({ ...node, said: node.name })) }, words));
}

/**
 * Returns what a change of this choice does: `bob:alice:2` forced to `lose`.
 *
 * @param {Cast} run
 * @param {string} choice
 * @param {string} option
 */
export function choiceTold(run, choice, option) {
  return named(run, `${choice}=${/\s/.test(option) ? `"${option}"` : option}`);
}

/**
 * @param {string} words
 * @param {(words: string) => string} change
 */
function outsideCode(words, change) {
  const parts = words.split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith("`") && part.endsWith("`") ? part : change(part))).join("");
}

/**
 * @param {Cast} run
 * @param {string} words
 */
function withChoices({ nodes }, words) {
  const knows = (/** @type {string} */ id) => nodes.some((node) => node.id === id);
  return words
    .replace(OF_MESSAGE, (whole, from, to, nth, copy, about, option, /** @type {number} */ at) => {
      if (!knows(from) || !knows(to)) return whole;
      const message = `${copy ? "the copy of " : ""}${from}'s ${ordinal(Number(nth))} message to ${to}`;
      // Behind what it is it stands beside that, and not in its own right.
      if (option === undefined && BESIDE.test(words.slice(0, at))) return `(${message})`;
      return option === undefined ? message : `${message} ${done(about, option.replaceAll('"', ""))}`;
    })
    .replace(OF_NODE, (whole, node, place, kind, option = "") => {
      if (!knows(node)) return whole;
      const [point, nth] = place.split(":");
      const isEvent = /^\d+$/.test(point);
      const where = isEvent
        ? ` right after event ${point}`
        : ` the ${which(Number(nth))} time it has ${point.replaceAll("-", " ")}`;
      if (option === "no") return `${node} does not ${kind}${where}`;
      const lasts = option === "forever" ? ", for good" : option && `, for ${option}`;
      return `${node} ${kind === "crash" ? "crashes" : "pauses"}${where}${lasts}`;
    });
}

/**
 * @param {string | undefined} about
 * @param {string} option
 */
function done(about, option) {
  if (about === "lie") return option === "silent" ? "is not sent" : `says “${option}”`;
  if (about?.startsWith("delay")) return `takes ${option}`;
  return FATES[option] ?? `is ${option}`;
}

/**
 * Returns words with the nodes as they are called, a thing with its article.
 *
 * @param {Cast} run
 * @param {string} words
 */
function withCast({ nodes }, words) {
  return nodes.reduce((words, { id, name, said = name }) => {
    const hasArticle = said !== name;
    if (id === undefined || (id === name && !hasArticle)) return words;
    return words.replaceAll(new RegExp(wordOf(id), "g"), (_, /** @type {number} */ at, /** @type {string} */ all) =>
      hasArticle && takesArticle(all.slice(0, at), all.slice(at + id.length)) ? said : name,
    );
  }, words);
}

/**
 * Whether a thing's name takes an article here.
 *
 * @param {string} before what stands before it
 * @param {string} after
 */
function takesArticle(before, after) {
  // In a list of facts, or within what a message says, it is a bare name.
  if (/^:/.test(after) || before.lastIndexOf("“") > before.lastIndexOf("”")) return false;
  const [, word] = /([\w'’-]+)\s+$/.exec(before) ?? [];
  if (word !== undefined) return !NO_ARTICLE.has(word.toLowerCase()) && !/^\d+$|['’]s$/.test(word);
  return /^$|\($|[.,;:!?—(]\s+$/.test(before);
}

/**
 * Returns words of which each sentence begins with a capital.
 *
 * @param {string} words
 */
function sentences(words) {
  return words.replace(/(^|[.!?]\s+)(\p{Ll})(?![\w-]*[.:=@]\w)/gu, (_, before, letter) => before + capital(letter));
}
