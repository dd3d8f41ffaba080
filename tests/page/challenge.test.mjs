// What of a run is an answer to its challenge, and which challenges a browser remembers as solved.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { answerOf } from "../../src/stage/assets/challenge.js";
import { note, solvedIn } from "../../src/stage/assets/progress.js";

const challenge = {
  change: [
    { key: "params.m", values: ["0", "2"], now: 1 },
    { key: "protocol", values: ["signed"], now: "oral" },
  ],
};

function opened(forks, { set = [], force = [] } = {}) {
  return { rehearsed: { run: {}, request: { scenario: "generals", set, force } }, forks };
}

test("the answer is what the challenge lets be changed, and the rest is named", () => {
  const forks = [
    { key: "params.m", value: "2" },
    { key: "network.loss", value: 0.1 },
    { choice: "a:b:1", option: "lose" },
  ];
  assert.deepEqual(answerOf(challenge, opened(forks)), {
    answer: [["params.m", "2"]],
    others: ["a:b:1 = lose", "network.loss = 0.1"],
  });
  assert.deepEqual(answerOf(challenge, opened([])), { answer: [], others: [] });
});

test("a value that may not be chosen is no answer", () => {
  const { answer, others } = answerOf(challenge, opened([{ key: "params.m", value: "7" }]));
  assert.deepEqual([answer, others], [[], ["params.m = 7"]]);
});

test("a link that has the answer opens with it", () => {
  const { answer } = answerOf(challenge, opened([], { set: [["protocol", "signed"]] }));
  assert.deepEqual(answer, [["protocol", "signed"]]);
});

/** The browser's storage. */
function storage(kept = {}) {
  return {
    getItem: (key) => kept[key] ?? null,
    setItem: (key, value) => {
      kept[key] = value;
    },
  };
}

const before = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
const store = (value) => Object.defineProperty(globalThis, "localStorage", { value, configurable: true });
beforeEach(() => store(storage()));
afterEach(() => Object.defineProperty(globalThis, "localStorage", before ?? { value: undefined, configurable: true }));

test("the fewest changes are remembered", () => {
  for (const changes of [3, 2, 4]) note("a/b", changes);
  note("a/c", 1);
  assert.deepEqual([solvedIn("a/b"), solvedIn("a/c"), solvedIn("a/d")], [2, 1, null]);
});

test("what another program stored, and a browser that stores nothing, are no error", () => {
  for (const kept of ["mine", "null", "[]", '{"a/b":"x"}', '{"a/b":-1}']) {
    store(storage({ "dsys-challenges": kept }));
    assert.equal(solvedIn("a/b"), null, kept);
  }
  store({
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  });
  note("a/b", 1);
  assert.equal(solvedIn("a/b"), null);
});
