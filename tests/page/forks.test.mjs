// Changes of a run, and the flags that stand for them.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applied,
  atPoint,
  described,
  forksOfFlags,
  isAboutSame,
  prepared,
  withoutForced,
} from "../../src/stage/assets/forks.js";

const BASE = { scenario: "a/b", seed: "1", set: [["nodes", "4"]], force: [["a:b:1.fate", "lose"]] };

test("a later change of the same thing replaces an earlier one, and the base stays as it was", () => {
  const before = structuredClone(BASE);
  const { set, force, seed } = applied(BASE, [
    { key: "nodes", value: 7 },
    { key: "until", value: "1s" },
    { seed: "9" },
  ]);
  assert.deepEqual(set, [
    ["nodes", "7"],
    ["until", "1s"],
  ]);
  assert.deepEqual([force, seed], [BASE.force, "9"]);
  assert.deepEqual(BASE, before);
});

test("the fate of a message is one choice by both its names", () => {
  const force = (choice, option) => applied(BASE, [{ choice, option }]).force;
  assert.deepEqual(force("a:b:1", "deliver"), [["a:b:1", "deliver"]]);
  assert.deepEqual(force("a:b:1.fate", "twice"), [["a:b:1.fate", "twice"]]);
  const other = applied({ ...BASE, force: [["a:b:1", "lose"]] }, [{ choice: "a:b:1.fate", option: "deliver" }]);
  assert.deepEqual(other.force, [["a:b:1.fate", "deliver"]]);
  // What is said instead is another choice than what becomes of it.
  assert.deepEqual(force("a:b:1", "attack"), [...BASE.force, ["a:b:1", "attack"]]);
  assert.deepEqual(force("a:b:1.delay", "5ms"), [...BASE.force, ["a:b:1.delay", "5ms"]]);
});

test("a change may bring a whole request", () => {
  const request = { scenario: "c/d", set: [], force: [["x:y:1", "lose"]] };
  const found = applied(BASE, [
    { request, says: "the worst case" },
    { choice: "x:y:2", option: "lose" },
  ]);
  assert.deepEqual([found.scenario, found.set], ["c/d", []]);
  assert.deepEqual(found.force, [
    ["x:y:1", "lose"],
    ["x:y:2", "lose"],
  ]);
  assert.deepEqual(request.force.length, 1);
});

test("flags are read as a shell reads them", () => {
  assert.deepEqual(forksOfFlags("--set nodes=4 --force=alice:bob:1=lose --seed 7"), [
    { key: "nodes", value: "4" },
    { choice: "alice:bob:1", option: "lose" },
    { seed: "7" },
  ]);
  assert.deepEqual(forksOfFlags(`--set 'network.delay={ uniform = ["1ms", "2ms"] }' --seed="8"`), [
    { key: "network.delay", value: '{ uniform = ["1ms", "2ms"] }' },
    { seed: "8" },
  ]);
  assert.deepEqual(forksOfFlags("--set"), [], "a flag without its value is none");
  assert.deepEqual(forksOfFlags("--verbose=yes"), []);
});

test("changes are about the same thing by seed, key or choice", () => {
  assert.ok(isAboutSame({ seed: "1" }, { seed: "2" }));
  assert.ok(isAboutSame({ key: "a", value: 1 }, { key: "a", value: 2 }));
  assert.ok(!isAboutSame({ key: "a" }, { key: "b" }));
  assert.ok(!isAboutSame({ key: "a" }, { choice: "a", option: "b" }));
  assert.ok(!isAboutSame({ says: "x" }, { says: "y" }));
});

test("a change in words", () => {
  const forks = [{ seed: "3" }, { key: "a", value: 2 }, { choice: "c", option: "o" }, { seed: "4", says: "said" }];
  assert.deepEqual(forks.map(described), ["seed 3", "a = 2", "c = o", "said"]);
});

test("what a story has prepared is one change, and replaces another that it has prepared", () => {
  const [one, other] = [
    prepared({ says: "Nobody lies.", flags: "--set nodes=7 --force a:b:1=deliver --seed 9" }),
    prepared({ says: null, flags: "--set until=1s --seed 2" }),
  ];
  const { set, force, seed } = applied(BASE, [one]);
  assert.deepEqual([set, force, seed], [[["nodes", "7"]], [["a:b:1", "deliver"]], "9"]);
  assert.deepEqual([described(one), described(other)], ["Nobody lies.", "until = 1s, seed 2"]);
  assert.ok(isAboutSame(one, other));
  assert.ok(!isAboutSame(one, { seed: "3" }));
});

test("what was forced in one run is left out of what is meant for all", () => {
  const seed = { seed: "7" };
  const set = { key: "network.loss", value: "0.2" };
  const lost = { choice: "a:b:1", option: "lose" };
  const forks = [seed, set, lost, { row: "{ crash = {} }" }, { request: {} }, { choices: [["a:b:2.lie", "x"]] }];
  assert.deepEqual(withoutForced(forks), [seed, set]);
  const story = { forks: [set], says: "Some are lost." };
  assert.deepEqual(withoutForced([story, { forks: [lost] }, { forks: [set, lost], says: "Both." }]), [
    story,
    { forks: [set] },
  ]);
});

test("one run of a sweep has the changes of all, its point and its seed, and nothing that was forced", () => {
  const forks = [{ seed: "2" }, { key: "nodes", value: 4 }, { key: "until", value: "1s" }, { row: "{ crash = {} }" }];
  assert.deepEqual(atPoint(forks, { nodes: 7 }, 9), [
    { key: "until", value: "1s" },
    { key: "nodes", value: 7 },
    { seed: "9" },
  ]);
});
