// What a changed run tells of the story that was written for the rehearsed one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isSetUpOtherwise } from "../../src/stage/assets/retold.js";
import { Run } from "../../src/stage/assets/run.js";
import { answer, run } from "./support.mjs";

const noted = (at, value) => ({ at, what: "output", node: 0, name: "effect", value });
const EVENTS = [noted(10, 1), noted(20, 2), noted(30, 3), noted(40, 4)];
const BEATS = [
  { at: 10, event: 0, say: "one" },
  { at: 20, event: null, say: "two" },
  // What is lost is told of when it is seen to fall, before the event.
  { at: 25, event: 2, say: "three" },
  { at: 40, event: 3, say: "four" },
];

/** The beats that a changed run stops at, and what it stops at besides. */
function stopsOf(events, set = []) {
  const was = new Run(answer({ events: EVENTS.map((event) => ({ ...event })), beats: BEATS }));
  const made = answer({ events });
  made.order.set = set;
  return new Run(made, was).stops.map((stop) => stop.say ?? stop.kind);
}
const changed = (id, change) => EVENTS.map((event, i) => (i === id ? { ...event, ...change } : { ...event }));

test("the beats up to the first difference hold, and none after it", () => {
  assert.deepEqual(stopsOf(changed()), ["opening", "one", "two", "three", "four", "end"]);
  assert.deepEqual(stopsOf(changed(3, { value: 9 })), ["opening", "one", "two", "three", "event", "end"]);
  assert.deepEqual(stopsOf(changed(2, { value: 9 })), ["opening", "one", "two", "event", "event", "end"]);
});

test("a beat about a moment does not hold if something of that moment no longer happens", () => {
  // The second event is gone, so that the runs part at the third, after the beat's moment.
  const without = EVENTS.filter((_, id) => id !== 1);
  assert.deepEqual(stopsOf(without), ["opening", "one", "event", "event", "end"]);
  const more = [...EVENTS.slice(0, 1), noted(15, 7), ...EVENTS.slice(1)];
  assert.deepEqual(stopsOf(more).slice(0, 3), ["opening", "one", "event"]);
});

test("no beat holds if a setting differs that changes what events mean; a fault is itself an event", () => {
  const settings = { "params.from": "sending", "clock.bob.offset": "1s", protocol: "signed" };
  for (const pair of Object.entries(settings))
    assert.deepEqual(stopsOf(changed(3, { value: 9 }), [pair]).slice(0, 2), ["opening", "event"], `${pair}`);
  for (const key of ["fault.0.crash.at", "fault.+1", "network.loss"])
    assert.deepEqual(stopsOf(changed(3, { value: 9 }), [[key, "1"]]).slice(0, 2), ["opening", "one"], key);
});

test("a run is set up otherwise by a setting or another seed, and not by what is forced", () => {
  const made = (seed, set, force = []) => {
    const { answer } = run({ seed });
    return { events: [], seed: String(seed), answer: { ...answer, order: { ...answer.order, set, force } } };
  };
  const is = (...one) => isSetUpOtherwise(made(...one), made(1, []));
  assert.deepEqual([is(1, []), is(1, [], [["alice:bob:1", "lose"]])], [false, false]);
  assert.deepEqual([is(2, []), is(1, [["fault.0.traitor.node", "alice"]])], [true, true]);
});
