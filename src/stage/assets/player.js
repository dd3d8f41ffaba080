// @ts-check
// Plays a run: where it stands, and how it moves on. Field, diagram, story and controls show that.

/** @import { Run } from "./run.js" */
/** @import { Selected } from "./selection.js" */

import { reducedMotion } from "./dom.js";
import { TELLING } from "./stops.js";

/** The longest and the shortest that one step takes on the screen, in seconds. */
const LONGEST_STEP = 7;
const SHORTEST_STEP = 0.35;
/** The most seconds of a step before anything is seen to happen. */
const LONGEST_WAIT = 0.4;
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];

/**
 * What changed: the run, where it stands, what is selected, or the speed.
 *
 * @typedef {"run" | "place" | "selection" | "speed"} Change
 *
 * Where a run stands when it is opened: its moment, how many events have happened, how far it was
 * seen, where it parts from the rehearsed one, and how far that was seen.
 *
 * @typedef {{ at?: number, count?: number | null, seen?: number, differs?: number | null, known?: number }} Where
 *
 * A move to a stop: from and to which second of playing, in how many seconds, and when it began; and how
 * many events the verdicts may use.
 *
 * @typedef {{
 *   at: number,
 *   count: number,
 *   from: number,
 *   to: number,
 *   wanted: number,
 *   began: number | null,
 *   told: number,
 * }} Glide
 */

export class Player {
  constructor() {
    /** @type {((player: Player, change: Change) => void)[]} */
    this.watchers = [];
    this.speed = 1;
    /** @type {Run | null} */
    this.opened = null;
    this.at = 0;
    /** How many events have happened. */
    this.count = 0;
    /** How many events the verdicts may use: more than have happened while evidence is looked at. */
    this.told = 0;
    /** The latest moment that was shown. */
    this.seen = 0;
    /** @type {number | null} */
    this.differs = null;
    /** How far the rehearsed run was seen, of which this one is a change. */
    this.known = 0;
    /** @type {Selected | null} */
    this.selected = null;
    /**
     * The stop that was gone to, since several can be at one moment.
     *
     * @type {number | null}
     */
    this.meant = null;
    /** @type {{ last: number | null } | null} */
    this.playing = null;
    /** @type {Glide | null} */
    this.glide = null;
  }

  /** The run. Throws while none is open. */
  get run() {
    if (!this.opened) throw new Error("no run is open");
    return this.opened;
  }

  get isOpen() {
    return this.opened !== null;
  }

  /**
   * Calls `watcher` whenever something changes.
   *
   * @param {(player: Player, change: Change) => void} watcher
   */
  watch(watcher) {
    this.watchers.push(watcher);
  }

  /** @param {Change} change */
  changed(change) {
    for (const watcher of this.watchers) watcher(this, change);
  }

  /**
   * Opens a run. One that replaces another can begin where that one stood.
   *
   * @param {Run} run
   * @param {Where} [where]
   */
  open(run, { at = 0, seen = 0, differs = null, count = null, known = 0 } = {}) {
    this.halt();
    this.opened = run;
    this.differs = differs;
    this.known = known;
    this.seen = Math.min(seen, run.ends);
    this.selected = null;
    this.at = Math.min(at, run.ends);
    this.count = count ?? (at === 0 ? 0 : run.countAt(this.at));
    this.told = this.count;
    this.meant = null;
    this.changed("run");
  }

  /**
   * Goes to a moment, or to the one at which `count` events have happened.
   *
   * @param {number} at
   * @param {number | null} [count]
   */
  seek(at, count = null) {
    this.halt();
    this.put(at, count);
  }

  toEnd() {
    if (this.isOpen) this.seek(this.run.ends, this.run.events.length);
  }

  /**
   * @param {number} at
   * @param {number | null} [count]
   * @param {number} [told] how many events the verdicts may use, if more than have happened
   */
  put(at, count = null, told = 0) {
    if (!this.isOpen) return;
    this.at = Math.min(Math.max(at, 0), this.run.ends);
    this.count = count ?? this.run.countAt(this.at);
    this.told = Math.max(told, this.count);
    this.seen = Math.max(this.seen, this.at);
    this.changed("place");
  }

  /** @param {Selected | null} selected */
  select(selected) {
    this.selected = selected;
    this.changed("selection");
  }

  /** The last stop that is reached, by number. */
  get stop() {
    const { stops } = this.run;
    const meant = this.meant === null ? null : stops[this.meant];
    if (this.meant !== null && meant?.at === this.at && meant.count === this.count) return this.meant;
    const reached = stops.findLastIndex(({ at, count }) => at < this.at || (at === this.at && count <= this.count));
    return Math.max(reached, 0);
  }

  get atStart() {
    return this.at === 0 && this.count === 0;
  }

  get atEnd() {
    return this.at >= this.run.ends && this.count >= this.run.events.length;
  }

  /**
   * Moves to the next stop. One that it is on its way to is reached at once, and it goes on from there.
   * Returns whether there is a next one.
   *
   * @returns {boolean}
   */
  next() {
    if (!this.isOpen) return false;
    this.arrive();
    const index = this.stop + 1;
    const stop = this.run.stops[index];
    if (!stop) return false;
    this.meant = index;
    this.glideTo(stop);
    return true;
  }

  /**
   * Moves to the stop before. Returns whether there is one.
   *
   * @returns {boolean}
   */
  back() {
    if (!this.isOpen || this.atStart) return false;
    this.halt();
    const { stops } = this.run;
    const here = stops[this.stop];
    const isOnStop = here.at === this.at && here.count === this.count;
    this.meant = Math.max(0, this.stop - (isOnStop ? 1 : 0));
    const target = stops[this.meant];
    this.put(target.at, target.count);
    return true;
  }

  /**
   * Moves to the next event that a viewer wants to see, or to the one before.
   *
   * @param {1 | -1} by
   */
  stepEvent(by) {
    if (!this.isOpen) return;
    this.halt();
    const { events, ends } = this.run;
    let index = by > 0 ? this.count : this.count - 2;
    while (events[index] && !TELLING.has(events[index].what) && events[index].what !== "sent") index += by;
    const event = events[index];
    if (!event) return this.put(by > 0 ? ends : 0, by > 0 ? events.length : 0);
    this.put(event.at, index + 1);
    this.select({ event: index });
  }

  /**
   * Moves to a stop slowly enough for the eye to follow.
   *
   * @param {{ at: number, count: number }} stop
   * @param {{ told?: number, mayGoBack?: boolean, most?: number }} [how] how many events the verdicts may
   *   use, whether it also moves back in time, and how many seconds it takes at most
   */
  glideTo({ at, count }, { told = 0, mayGoBack = false, most = LONGEST_STEP } = {}) {
    const { playback } = this.run;
    const to = playback.second(at);
    const from = mayGoBack ? playback.second(this.at) : this.afterWaiting(to);
    const wanted = Math.min(Math.max(Math.abs(to - from), SHORTEST_STEP), most) / this.speed;
    const way = mayGoBack ? Math.abs(to - from) : to - from;
    if (reducedMotion.matches || way < 0.001) return this.put(at, count, told);
    this.halt();
    this.glide = { at, count, from, to, wanted, began: null, told };
    this.frame();
  }

  /**
   * Returns from which second on a step is played: where nothing is under way, shortly before something is.
   *
   * @param {number} to the second at which it ends
   */
  afterWaiting(to) {
    const { run, at, count } = this;
    const from = run.playback.second(at);
    const first = run.events[count];
    if (!first || run.underWay(at).length > 0) return from;
    return Math.max(from, Math.min(run.playback.second(first.at), to) - LONGEST_WAIT * this.speed);
  }

  /** Reaches the stop that it is on its way to. Returns whether it was on its way. */
  arrive() {
    if (!this.glide) return false;
    this.finish(this.glide);
    return true;
  }

  /** @param {Glide} glide */
  finish({ at, count, told }) {
    this.halt();
    this.put(at, count, told);
  }

  /** Plays or pauses. */
  toggle() {
    if (!this.isOpen) return;
    if (this.playing || this.glide) {
      this.halt();
      return this.changed("place");
    }
    if (this.atEnd) this.put(0, 0);
    this.playing = { last: null };
    this.changed("place");
    this.frame();
  }

  halt() {
    this.playing = null;
    this.glide = null;
  }

  /**
   * Plays faster, or slower. Returns false if it cannot.
   *
   * @param {number} by how many steps faster
   */
  faster(by) {
    const index = Math.min(Math.max(SPEEDS.indexOf(this.speed) + by, 0), SPEEDS.length - 1);
    if (SPEEDS[index] === this.speed) return false;
    this.speed = SPEEDS[index];
    this.changed("speed");
    return true;
  }

  frame() {
    requestAnimationFrame((now) => {
      if (this.glide) this.glideOn(this.glide, now);
      else if (this.playing) this.playOn(this.playing, now);
    });
  }

  /**
   * @param {Glide} glide
   * @param {number} now
   */
  glideOn(glide, now) {
    glide.began ??= now;
    const part = (now - glide.began) / 1000 / glide.wanted;
    if (part >= 1) return this.finish(glide);
    this.put(this.run.playback.at(glide.from + (glide.to - glide.from) * part), null, glide.told);
    this.frame();
  }

  /**
   * @param {{ last: number | null }} playing
   * @param {number} now
   */
  playOn(playing, now) {
    const { playback, ends, events, stops } = this.run;
    const passed = (now - (playing.last ?? now)) / 1000;
    playing.last = now;
    const second = playback.second(this.at) + passed * this.speed;
    const at = second >= playback.length ? ends : playback.at(second);
    const question = stops.find((stop) => stop.kind === "question" && stop.at > this.at && stop.at <= at);
    // It waits for the room to answer.
    if (question && this.seen <= question.at) {
      this.halt();
      return this.put(question.at, question.count);
    }
    if (at >= ends) this.halt();
    this.put(at, at >= ends ? events.length : null);
    if (this.playing) this.frame();
  }
}

/**
 * Returns where a link or a file wants the run to stand.
 *
 * @param {Run} run
 * @param {number | null} event
 * @returns {Where}
 */
export function whereOf(run, event) {
  const shown = event === null ? undefined : run.events[event];
  // Nothing happens after the last event: it is the end.
  if (shown?.id === run.events.length - 1) return { at: run.ends, count: run.events.length, seen: run.ends };
  return shown ? { at: shown.at, count: shown.id + 1, seen: shown.at } : {};
}
