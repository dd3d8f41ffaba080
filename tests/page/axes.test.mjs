// What the odds of a scenario are about, what it offers, and its keys in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gridFor, keysShort, keyTold } from "../../src/stage/assets/axes.js";
import { lacking, offersOf } from "../../src/stage/assets/offers.js";

const PLAIN = {
  swept: [],
  try: [],
  challenge: null,
  twin: null,
  has_search: false,
  protocol: { name: "oral", title: "Oral messages" },
  knobs: [
    { key: "nodes", value: 3, says: "How many nodes take part." },
    { key: "params.m", value: 1, says: "How many rounds follow: the number of traitors to tolerate." },
    { key: "network.loss", value: 0, says: "How likely a message is lost." },
    { key: "fault.0.partition.at", value: "1ms", says: "When it begins." },
  ],
};
const change = (key, values, now, only = []) => ({ key, values, now, only, says: `Says ${key}; more.` });
const tried = (flags) => ({ says: null, flags });

test("the scenario's own grid comes first, then its challenge, its what-ifs, and loss where there is some", () => {
  const challenge = { change: [change("params.x", ["1"], null, ["signed"]), change("params.y", ["2", "4"], 2)] };
  const whatIfs = [tried("--force a:b:1=lose"), tried("--set nodes=4"), tried("--set nodes=5 --set params.m=2")];
  const loss = { key: "network.loss", value: 0.2 };
  const all = { ...PLAIN, challenge, try: whatIfs, knobs: [...PLAIN.knobs.slice(0, 2), loss] };
  assert.equal(gridFor({ ...all, swept: ["params.m"] }), "");
  assert.equal(gridFor(all), "params.y=2,4");
  assert.equal(gridFor({ ...all, challenge: null }), "nodes=3,4,5");
  assert.equal(gridFor({ ...all, challenge: null, try: whatIfs.slice(0, 1) }), "network.loss=0..0.9/0.1");
  assert.equal(gridFor(PLAIN), null);
});

test("the protocol of a what-if is gone over from the scenario's own; what no grid can hold is left out", () => {
  assert.equal(gridFor({ ...PLAIN, try: [tried("--set protocol=signed")] }), "protocol=oral,signed");
  assert.equal(gridFor({ ...PLAIN, try: [tried("--set params.strata='[6, 1]'")] }), null);
  assert.equal(gridFor({ ...PLAIN, try: [tried("--set until=30d")] }), null, "what it is now is not known");
});

test("numbers and times are gone over in their order, words from what is set now", () => {
  const over = (now, ...values) => gridFor({ ...PLAIN, challenge: { change: [change("params.x", values, now)] } });
  assert.equal(over(3, "0", "10", "2"), "params.x=0,2,3,10");
  assert.equal(over("2h", "1s", "200ms", "3m"), "params.x=200ms,1s,3m,2h");
  assert.equal(over("step", "slew", "step"), "params.x=step,slew");
  assert.equal(over("0ms", "-50ms"), "params.x=-50ms,0ms");
});

test("keys are told in words", () => {
  const run = { ...PLAIN, nodes: [{ id: "bob", name: "Bob", said: "Bob" }] };
  const told = (key) => keyTold(run, key);
  assert.equal(told("params.m"), "how many rounds follow");
  assert.equal(told("clock.bob.offset"), "how far ahead the clock of Bob is");
  assert.equal(told("fault.0.partition.at"), "partition at: when it begins");
  assert.equal(told("params.max-rtt"), "max rtt");
  assert.equal(keysShort("params.attempts = 2, clock.bob.offset = 1ms"), "attempts 2, bob offset 1ms");
});

test("where something is lacking, what there is instead is said with its key", () => {
  assert.deepEqual(offersOf(PLAIN), []);
  assert.equal(lacking("There is no twin.", PLAIN), "There is no twin.");
  const rich = { ...PLAIN, try: [tried("--set nodes=4"), tried("")], has_search: true };
  assert.equal(
    lacking("There is no twin.", rich),
    "There is no twin. It offers 2 what-ifs (Shift 1 – 2), the worst case (W) and the odds (O).",
  );
  assert.match(lacking("", { ...rich, try: rich.try.slice(0, 1) }), /a what-if \(Shift 1\)/);
});
