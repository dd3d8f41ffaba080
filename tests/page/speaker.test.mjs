// The speaker's window: what is heeded, which stage it belongs to, and its stopwatch.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Bond } from "../../src/stage/assets/speaker_bond.js";
import { fragmentOf, readMessage, stageOf } from "../../src/stage/assets/speaker_messages.js";
import { clockTime, Stopwatch } from "../../src/stage/assets/stopwatch.js";

const SEEN = {
  title: "A run",
  sub: "",
  place: "Beat 1 of 2",
  page: "",
  now: { label: "Beat 1", words: ["One."] },
  next: null,
  asked: [{ ask: "Who?", state: "open", choices: [{ say: "Bob", hands: 2, isRight: true }], says: "" }],
  lesson: "",
  note: "",
  href: "",
  demo: "",
  moment: "0",
  changes: [],
  prepared: [],
};

test("messages of the known shapes are heeded", () => {
  for (const message of [
    { kind: "who" },
    { kind: "hello", stage: "a1" },
    { kind: "key", stage: "a1", key: "ArrowRight" },
    { kind: "digit", stage: "a1", digit: 8 },
    { kind: "hands", stage: "a1", question: 0, choice: 1, hands: 120 },
    { kind: "seen", stage: "a1", seen: SEEN },
  ])
    assert.deepEqual(readMessage(message), message);
});

test("nothing else is", () => {
  const seen = (change) => ({ kind: "seen", stage: "a1", seen: { ...SEEN, ...change } });
  for (const message of [
    null,
    "hello",
    [],
    {},
    { kind: "hello" },
    { kind: "hello", stage: "<b>" },
    { kind: "constructor", stage: "a1" },
    { kind: "toString", stage: "a1" },
    { kind: "key", stage: "a1", key: 3 },
    { kind: "key", stage: "a1", key: "x".repeat(21) },
    { kind: "digit", stage: "a1", digit: 9 },
    { kind: "digit", stage: "a1", digit: 0.5 },
    { kind: "hands", stage: "a1", question: 0, choice: -1, hands: 1 },
    { kind: "hands", stage: "a1", question: 0, choice: 0, hands: 10000 },
    seen({ title: 3 }),
    seen({ now: null }),
    seen({ now: { label: "x", words: [1] } }),
    seen({ next: { label: "x" } }),
    seen({ asked: [{ ...SEEN.asked[0], state: "lost" }] }),
    seen({ asked: [{ ...SEEN.asked[0], choices: [{ say: "Bob", hands: "2", isRight: true }] }] }),
    seen({ lesson: "x".repeat(20001) }),
  ])
    assert.equal(readMessage(message), null, JSON.stringify(message)?.slice(0, 80));
});

test("the fragment names the stage", () => {
  assert.equal(stageOf(fragmentOf("a1b2")), "a1b2");
  for (const other of ["", "#v=1", "#speaker=", "#speaker=A B", "#note=speaker=x"]) assert.equal(stageOf(other), null);
});

test("a window stays with its stage, and takes another one only if that does not come back", () => {
  const bond = new Bond("a", 0);
  assert.equal(bond.ask(100), null, "it waits for its own");
  assert.equal(bond.hear({ kind: "here", stage: "b" }, 100), null);
  assert.deepEqual(bond.hear({ kind: "here", stage: "a" }, 100), { kind: "hello", stage: "a" });
  bond.hear({ kind: "seen", stage: "b", seen: SEEN }, 150);
  assert.equal(bond.isThere, false, "another stage is none of its own");
  bond.hear({ kind: "seen", stage: "a", seen: SEEN }, 200);
  assert.equal(bond.isThere, true);
  assert.equal(bond.ask(99999), null);
  // It is loaded anew.
  bond.hear({ kind: "gone", stage: "a" }, 1000);
  assert.equal(bond.hear({ kind: "here", stage: "b" }, 1500), null);
  assert.deepEqual(bond.hear({ kind: "here", stage: "a" }, 1600), { kind: "hello", stage: "a" });
  bond.hear({ kind: "seen", stage: "a", seen: SEEN }, 1700);
  // It is closed.
  bond.hear({ kind: "gone", stage: "a" }, 2000);
  assert.deepEqual(bond.ask(3500), { kind: "who" });
  assert.deepEqual(bond.hear({ kind: "here", stage: "b" }, 3600), { kind: "hello", stage: "b" });
  bond.hear({ kind: "seen", stage: "b", seen: SEEN }, 3700);
  assert.equal(bond.isThere, true);
});

test("a stopwatch runs, stands, goes on, begins anew, and is kept", () => {
  const watch = Stopwatch.from(null, 1000);
  assert.equal(watch.passed(4000), 3000, "it runs from the beginning");
  watch.toggle(4000);
  assert.equal(watch.passed(9000), 3000);
  watch.reset(9000);
  assert.equal(watch.passed(9500), 0);
  assert.equal(watch.isRunning, false);
  watch.toggle(10000);
  const again = Stopwatch.from(JSON.stringify(watch.kept), 60000);
  assert.equal(again.passed(70000), 60000);
  again.reset(70000);
  assert.equal(again.passed(71000), 1000);
  for (const broken of ["", "{", "{}", '{"before":"x","since":1}'])
    assert.equal(Stopwatch.from(broken, 5).passed(6), 1, broken);
});

test("its time is read at a glance", () => {
  assert.deepEqual([0, 59999, 425000, 3600000, 4025000].map(clockTime), ["0:00", "0:59", "7:05", "1:00:00", "1:07:05"]);
});
