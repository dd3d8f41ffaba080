// What nodes know, in words and as rows of chips.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { differing, elementsOf, stateWords } from "../../src/stage/assets/facts.js";

const { facts, words } = JSON.parse(readFileSync(new URL("facts.json", import.meta.url), "utf8"));
const run = { nodes: [{ name: "alice" }, { name: "bob" }] };

test("every kind of fact reads as in the terminal", () => {
  // The page sets a space before a unit.
  assert.equal(stateWords(run, facts).replaceAll(/(\d) (ms)/g, "$1$2"), words);
});

test("logs, sets and tables have elements, other facts have none", () => {
  const withElements = facts.filter((fact) => elementsOf(fact) !== null).map(({ name }) => name);
  assert.deepEqual(withElements, ["log", "holds", "heard"]);
});

test("states differ in the facts that one of them lacks or has otherwise", () => {
  assert.deepEqual(differing(facts, facts), []);
  const other = facts.slice(1).map((fact) => (fact.name === "term" ? { ...fact, is: { version: 4 } } : fact));
  assert.deepEqual(differing(facts, other), ["role", "term"]);
});
