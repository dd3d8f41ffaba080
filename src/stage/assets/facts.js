// @ts-check
// What a node knows, as its process declares it: named facts, each of a kind. Nothing here knows a
// protocol; a kind says all that there is to draw.

/** @import * as Wire from "../wire.d.ts" */

import { quotable } from "./told.js";
import { span } from "./words.js";

/** @typedef {Wire.Fact} Fact */
/** @typedef {Wire.Element} Element */
/** @typedef {import("./told.js").Cast} Named */

/**
 * Returns the elements of a log, a set or a table, and how many stand before them; null for a fact of
 * another kind.
 *
 * @param {Fact} fact
 * @returns {Wire.Elements | null}
 */
export function elementsOf({ is }) {
  if ("log" in is) return is.log;
  if ("set" in is) return is.set;
  return "table" in is ? is.table : null;
}

/**
 * Returns how many there are; null for a fact that is no number of things.
 *
 * @param {Fact} fact
 * @returns {Wire.Level | null}
 */
export function levelOf({ is }) {
  if ("count" in is) return is.count;
  return "level" in is ? is.level : null;
}

/**
 * Returns what is so of a fact, in words.
 *
 * @param {Named} run
 * @param {Fact} fact
 */
export function valueWords(run, fact) {
  const { is } = fact;
  if ("word" in is) return quotable(run, is.word);
  if ("role" in is) return is.role;
  if ("operation" in is) return quotable(run, is.operation);
  if ("version" in is) return `${is.version}`;
  if ("clock" in is) return span(is.clock);
  const many = levelOf(fact);
  if (many) return many.limit === undefined ? `${many.at}` : `${many.at} of ${many.limit}`;
  const { elements, more } = /** @type {Wire.Elements} */ (elementsOf(fact));
  if (elements.length === 0) return "none";
  const words = elements.map((element) => elementWords(run, element));
  return `[${[...(more > 0 ? [`${more} more`] : []), ...words].join(", ")}]`;
}

/**
 * @param {Named} run
 * @param {Element} element
 */
function elementWords(run, { key, value, marked }) {
  return `${keyWords(run, key)}${value === undefined ? "" : `: ${quotable(run, value)}`}${marked ? " (!)" : ""}`;
}

/**
 * Returns what names an element: words, or a node by its place.
 *
 * @param {Named} run
 * @param {Element["key"]} key
 */
export function keyWords(run, key) {
  return typeof key === "number" ? run.nodes[key].name : quotable(run, key);
}

/**
 * Returns facts in words, one after the other.
 *
 * @param {Named} run
 * @param {readonly Fact[]} facts
 */
export function stateWords(run, facts) {
  return facts.map((fact) => `${fact.name} ${valueWords(run, fact)}`).join(", ");
}

/**
 * Returns the names of the facts that are so in one of two states and not in the other.
 *
 * @param {readonly Fact[]} one
 * @param {readonly Fact[]} other
 */
export function differing(one, other) {
  /** @type {(facts: readonly Fact[]) => Map<string, string>} */
  const byName = (facts) => new Map(facts.map((fact) => [fact.name, JSON.stringify(fact)]));
  const [left, right] = [byName(one), byName(other)];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name));
}
