// @ts-check
// What nodes are called: as the story writes them. A scenario names its nodes in small letters; its
// story writes Alice with a capital, and the till with a small letter.

/** @import { NodeShown, ViewModel } from "../wire.d.ts" */

import { hasPicture } from "./glyphs.js";

/**
 * A node: what it is called, what it is called within a sentence (“the till”), and its name in the
 * scenario, in links and in choices.
 *
 * @typedef {NodeShown & { id: string, said: string }} Node
 */

/**
 * Returns the nodes of a run with what they are called.
 *
 * @param {Pick<ViewModel, "nodes"> & Partial<ViewModel>} show
 * @returns {Node[]}
 */
export function callNodes(show) {
  const told = toldIn(show);
  const written = show.nodes.map(({ name }) => capitalsOf(name, told));
  const articles = show.nodes.map(({ name }) => hasArticle(name, told));
  return show.nodes.map((node, index) => {
    const { name, role } = node;
    // Who is not in the story is written as the others of its role are, and what has a picture as
    // other things are.
    const alike = written.filter((_, other) => show.nodes[other].role === role);
    // Several things of a kind of which the story tells none go by names of their own.
    const isUntold = written[index] === null && hasPicture(role) && articles.includes(true);
    const hasOwnName = isUntold && alike.length > 1 && alike.every((is) => is === null);
    const isCapital = written[index] ?? (hasOwnName || (alike.includes(true) && !alike.includes(false)));
    const called = isCapital ? properName(name) : name;
    const isThing = articles[index] || (isUntold && !hasOwnName);
    return { ...node, id: name, name: called, said: isThing ? `the ${called}` : called };
  });
}

/** @param {Partial<ViewModel>} show */
function toldIn({ setup = "", lesson, beats = [], questions = [] }) {
  const asked = questions.flatMap(({ ask, choices }) => [ask, ...choices.map(({ say }) => say)]);
  return [setup, lesson ?? "", ...beats.map(({ say }) => say), ...asked].join("\n");
}

/**
 * Whether a text writes a name with a capital; null if it does not write it. A sentence begins with
 * a capital whatever its first word is: one small letter anywhere tells.
 *
 * @param {string} name
 * @param {string} text
 */
function capitalsOf(name, text) {
  if (new RegExp(wordOf(name)).test(text)) return false;
  return [capital, properName].some((write) => new RegExp(wordOf(write(name))).test(text)) ? true : null;
}

/**
 * Whether a text writes a name with an article, be it “a till” at first.
 *
 * @param {string} name
 * @param {string} text
 */
function hasArticle(name, text) {
  return new RegExp(`\\b(?:[Tt]he|[Aa]n?) ${wordOf(name)}`).test(text);
}

/**
 * Returns a name as people write theirs: each part with a capital, as in Mad-Dave.
 *
 * @param {string} name
 */
function properName(name) {
  return name.split("-").map(capital).join("-");
}

/**
 * Returns words with a capital at their beginning.
 *
 * @param {string} name
 */
export function capital(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * The pattern of a name as a word of its own.
 *
 * @param {string} name
 */
export function wordOf(name) {
  return `(?<![\\w\\-:.@=\`])${name.replace(/[^\w-]/g, "\\$&")}(?![\\w\\-@=\`]|[:.]\\w)`;
}
