// @ts-check
// What lasts in a node's life, read off what it knows: bands while a version or a role stays the same,
// intervals while an operation is under way, and the series of a level.

/** @import * as Wire from "../wire.d.ts" */
/** @import { RunEvent } from "./run.js" */

/**
 * A stretch of time with its words; `to` is null where it is not over when the run ends.
 *
 * @typedef {{ from: number, to: number | null, words: string }} Stretch
 *
 * A level over time: from each moment on it is at `at`. `most` is the most that it was or can be.
 *
 * @typedef {{ name: string, most: number, steps: { time: number, at: number }[] }} Series
 *
 * @typedef {{ bands: Stretch[], intervals: Stretch[], series: Series | null }} LaneFacts
 *
 * @typedef {{ id: number, facts: readonly Wire.Fact[] }} State
 * @typedef {{ id: number, at: number, status: string }} Change
 */

/**
 * Returns what lasts in the life of a node. A band is drawn of one fact of a node, and so is a
 * series: of the first that it tells.
 *
 * @param {readonly Pick<RunEvent, "at">[]} events
 * @param {{ states: readonly State[], statuses: readonly Change[] }} life
 * @returns {LaneFacts}
 */
export function laneFacts(events, { states, statuses }) {
  const bands = new Stretches();
  const intervals = new Stretches();
  /** @type {Series | null} */
  let series = null;
  for (const { time, facts } of moments(events, states, statuses)) {
    bands.next(time, bandOf(facts));
    intervals.next(time, operationOf(facts));
    series = withLevel(series, time, facts);
  }
  return { bands: bands.all, intervals: intervals.all, series: isFlat(series) ? null : series };
}

/**
 * Whether a level was never above zero: its line would be the lane.
 *
 * @param {Series | null} series
 */
function isFlat(series) {
  return series?.steps.every(({ at }) => at === 0) ?? true;
}

/**
 * Returns what a node knows from each moment on. A crash takes it all.
 *
 * @param {readonly Pick<RunEvent, "at">[]} events
 * @param {readonly State[]} states
 * @param {readonly Change[]} statuses
 */
function moments(events, states, statuses) {
  const known = states.map(({ id, facts }) => ({ id, time: events[id].at, facts }));
  const crashes = statuses.filter(({ status }) => status === "down");
  const forgotten = crashes.map(({ id, at }) => ({ id, time: at, facts: [] }));
  return [...known, ...forgotten].sort((one, other) => one.id - other.id);
}

/** Collects stretches: one ends where other words are said, or none. */
class Stretches {
  constructor() {
    /** @type {Stretch[]} */
    this.all = [];
  }

  /**
   * @param {number} time
   * @param {string | null} words
   */
  next(time, words) {
    const last = this.all[this.all.length - 1];
    const isOpen = last !== undefined && last.to === null;
    if (isOpen && last.words === words) return;
    if (isOpen) last.to = time;
    if (words !== null) this.all.push({ from: time, to: null, words });
  }
}

/** @param {readonly Wire.Fact[]} facts */
function bandOf(facts) {
  for (const { name, is } of facts) {
    if ("version" in is) return `${name} ${is.version}`;
    if ("role" in is) return is.role;
  }
  return null;
}

/** @param {readonly Wire.Fact[]} facts */
function operationOf(facts) {
  for (const { name, is } of facts) {
    if ("operation" in is) return `${name} ${is.operation}`;
  }
  return null;
}

/**
 * @param {Series | null} series
 * @param {number} time
 * @param {readonly Wire.Fact[]} facts
 * @returns {Series | null}
 */
function withLevel(series, time, facts) {
  const fact = facts.find(({ name, is }) => "level" in is && (series === null || series.name === name));
  const level = fact && "level" in fact.is ? fact.is.level : null;
  if (series === null && (!fact || !level)) return null;
  const made = series ?? { name: fact?.name ?? "", most: 0, steps: [] };
  const at = level?.at ?? 0;
  const { steps } = made;
  if (steps[steps.length - 1]?.at !== at) steps.push({ time, at });
  made.most = Math.max(made.most, at, level?.limit ?? 0);
  return made;
}
