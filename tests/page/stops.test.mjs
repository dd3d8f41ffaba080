// Where a presenter stops.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stopsOf } from "../../src/stage/assets/stops.js";

const EVENTS = [
  { at: 0, what: "started" },
  { at: 10, what: "delivered" },
  { at: 20, what: "timer" },
  { at: 30, what: "delivered" },
  { at: 30, what: "output" },
  { at: 40, what: "crashed" },
];
const countAt = (at) => EVENTS.filter((event) => event.at <= at).length;
const BEATS = [
  { at: 10, event: 1, say: "one" },
  { at: 30, event: null, say: "two" },
];
const stops = (more) =>
  stopsOf({
    ends: 50,
    events: EVENTS,
    moments: [1, 3, 4, 5],
    beats: BEATS,
    questions: [],
    holding: new Set(BEATS),
    differs: null,
    countAt,
    ...more,
  }).map(({ kind, at, count }) => [kind, at, count]);

test("the beats, with the start and the end", () => {
  assert.deepEqual(stops(), [
    ["opening", 0, 0],
    ["beat", 10, 2],
    ["beat", 30, 5],
    ["end", 50, 6],
  ]);
});

test("without a story the moments that matter, those of one time together", () => {
  assert.deepEqual(stops({ beats: [] }), [
    ["opening", 0, 0],
    ["event", 10, 2],
    ["event", 30, 5],
    ["event", 40, 6],
    ["end", 50, 6],
  ]);
});

test("a changed run tells the beats that hold, and events from where it parts; events alone if none holds", () => {
  assert.deepEqual(stops({ differs: 3, holding: new Set(BEATS.slice(0, 1)) }), [
    ["opening", 0, 0],
    ["beat", 10, 2],
    ["event", 30, 5],
    ["event", 40, 6],
    ["end", 50, 6],
  ]);
  assert.deepEqual(
    stops({ differs: 3, holding: new Set() }).map(([kind, at]) => `${kind} ${at}`),
    ["opening 0", "event 10", "event 30", "event 40", "end 50"],
  );
});

test("a question comes just before its moment, and one without a moment is on the opening page", () => {
  const questions = [{ at: null }, { at: 30 }];
  assert.deepEqual(
    stops({ questions }).map(([kind]) => kind),
    ["opening", "beat", "question", "beat", "end"],
  );
  assert.deepEqual(
    stops({ questions }).find(([kind]) => kind === "question"),
    ["question", 29, 3],
  );
  assert.equal(stops({ questions: [{ at: 1e9 }], ends: 20 }).at(-1)[0], "question");
});

test("no stop at the end where the last one is there already", () => {
  assert.equal(stops({ ends: 30 }).at(-1)[0], "beat");
});
