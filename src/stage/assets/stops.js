// @ts-check
// Where a presenter stops: at the beats and at the questions; at the moments that matter where there
// is no story.

/** @import { BeatTold, EventKind, Question, TraceEvent } from "../wire.d.ts" */

/**
 * Kinds of events that a viewer wants to stop at.
 *
 * @type {ReadonlySet<EventKind>}
 */
export const TELLING = new Set([
  "delivered",
  "lost",
  "corrupted",
  "cut",
  "to_crashed",
  "output",
  "crashed",
  "restarted",
  "paused",
  "resumed",
  "withheld",
  "clock_stepped",
  "partitioned",
  "healed",
]);

/**
 * A stop: its moment, and how many events have happened by then.
 *
 * @typedef {{ at: number, count: number } & (
 *   | { kind: "opening" | "event" | "end" }
 *   | { kind: "question", index: number }
 *   | { kind: "beat", index: number, say: string }
 * )} Stop
 *
 * What stops are made of.
 *
 * @typedef {{
 *   ends: number,
 *   events: readonly Pick<TraceEvent, "at">[],
 *   moments: readonly number[],
 *   beats: readonly BeatTold[],
 *   holding: ReadonlySet<BeatTold>,
 *   questions: readonly Pick<Question, "at">[],
 *   differs: number | null,
 *   countAt: (at: number) => number,
 * }} Stoppable
 */

/**
 * Returns the stops of a run in order. A changed run tells the beats that hold in it, and stops at what
 * matters from where it parts from the rehearsed one; if no beat holds, from the start.
 *
 * @param {Stoppable} run
 * @returns {Stop[]}
 */
export function stopsOf(run) {
  const { ends, events, differs, holding } = run;
  const parts = differs === null ? Infinity : (events[differs]?.at ?? ends);
  /** @type {Stop[]} */
  const stops = [{ kind: "opening", at: 0, count: 0 }];
  run.beats.forEach((beat, index) => {
    const { at, say } = beat;
    if (holding.has(beat)) stops.push({ kind: "beat", index, say, at, count: run.countAt(at) });
  });
  const hasBeats = stops.length > 1;
  if (!hasBeats || parts < Infinity) {
    let last = hasBeats ? parts - 1 : -1;
    for (const id of run.moments) {
      const { at } = events[id];
      if (at <= last) continue;
      last = at;
      stops.push({ kind: "event", at, count: run.countAt(at) });
    }
  }
  run.questions.forEach((question, index) => {
    // One without a moment is asked on the opening page; the others just before theirs.
    if (!question.at) return;
    const at = question.at - 1;
    const place = stops.findIndex((stop) => stop.kind !== "opening" && stop.at > at);
    stops.splice(place < 0 ? stops.length : place, 0, { kind: "question", index, at, count: run.countAt(at) });
  });
  if (stops[stops.length - 1].at < ends) stops.push({ kind: "end", at: ends, count: run.countAt(ends) });
  return stops;
}
