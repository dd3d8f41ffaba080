// Plays a run: where it stands, and how it moves on. Field, diagram, story and controls show what it says.

import { stillness } from "./dom.js";
import { TELLING } from "./run.js";

/** The longest and the shortest that one step takes on the screen, in seconds. */
const LONGEST_STEP = 7;
const SHORTEST_STEP = 0.35;
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];

export class Player {
  constructor() {
    this.watchers = [];
    this.speed = 1;
    this.halt();
  }

  /** Calls `watcher` with the player whenever something changes. */
  watch(watcher) {
    this.watchers.push(watcher);
  }

  changed(what) {
    for (const watcher of this.watchers) watcher(this, what);
  }

  /** Opens a run. One that comes in the place of another can begin where that stood. */
  open(run, { at = 0, seen = 0, differs = null, count = null } = {}) {
    this.halt();
    Object.assign(this, { run, differs, seen: Math.min(seen, run.ends), selected: null });
    this.at = Math.min(at, run.ends);
    this.count = count ?? (at === 0 ? 0 : run.countAt(this.at));
    this.told = this.count;
    this.meant = null;
    this.changed("run");
  }

  /** Goes to a moment, or to the one at which `count` events have happened. */
  seek(at, count = null) {
    this.halt();
    this.put(at, count);
  }

  toEnd() {
    if (this.run) this.seek(this.run.ends, this.run.events.length);
  }

  /** `told` is how many events' verdicts show: those that have happened, unless evidence for them is looked at. */
  put(at, count = null, told = 0) {
    if (!this.run) return;
    this.at = Math.min(Math.max(at, 0), this.run.ends);
    this.count = count ?? this.run.countAt(this.at);
    this.told = Math.max(told, this.count);
    this.seen = Math.max(this.seen, this.at);
    this.changed("place");
  }

  select(selected) {
    this.selected = selected;
    this.changed("selection");
  }

  /** The last stop that is reached. */
  get stop() {
    const { stops } = this.run;
    // Two beats can be told of one moment: the one that was gone to is meant.
    const meant = stops[this.meant];
    if (meant?.at === this.at && meant.count === this.count) return this.meant;
    let reached = 0;
    stops.forEach((stop, index) => {
      if (stop.at < this.at || (stop.at === this.at && stop.count <= this.count)) reached = index;
    });
    return reached;
  }

  get atEnd() {
    return this.at >= this.run.ends && this.count >= this.run.events.length;
  }

  /** Whether the run stands at its question, and the answer is still to come. */
  get atQuestion() {
    const question = this.run.stops.find((stop) => stop.kind === "question");
    return Boolean(question) && this.at === question.at && this.seen <= question.at;
  }

  /** To the next stop; answers whether there was one. */
  next() {
    if (!this.run) return false;
    if (this.glide) {
      this.put(...this.finish());
      return true;
    }
    const { stops } = this.run;
    const index = this.stop + 1;
    if (!stops[index]) return false;
    this.meant = index;
    this.glideTo(stops[index]);
    return true;
  }

  /** To the stop before; answers whether there was one. */
  back() {
    if (!this.run || (this.at === 0 && this.count === 0)) return false;
    this.halt();
    const { stops } = this.run;
    const here = stops[this.stop];
    const isOn = here.at === this.at && here.count === this.count;
    this.meant = Math.max(0, this.stop - (isOn ? 1 : 0));
    const target = stops[this.meant];
    this.put(target.at, target.count);
    return true;
  }

  /** To the next or the previous event that tells something. */
  stepEvent(by) {
    if (!this.run) return;
    this.halt();
    const { events } = this.run;
    let index = by > 0 ? this.count : this.count - 2;
    while (events[index] && !TELLING.has(events[index].what) && events[index].what !== "sent") index += by;
    const event = events[index];
    if (!event) return this.put(by > 0 ? this.run.ends : 0, by > 0 ? events.length : 0);
    this.put(event.at, index + 1);
    this.select({ event: index });
  }

  /** Moves to a stop as the eye can follow. */
  glideTo({ at, count }) {
    const { playback } = this.run;
    const [from, to] = [playback.second(this.at), playback.second(at)];
    const wanted = Math.min(Math.max(Math.abs(to - from), SHORTEST_STEP), LONGEST_STEP) / this.speed;
    if (stillness.matches || to - from < 0.001) return this.put(at, count);
    this.halt();
    this.glide = { at, count, from, to, wanted, began: null };
    this.frame();
  }

  finish() {
    const { at, count } = this.glide;
    this.halt();
    return [at, count];
  }

  toggle() {
    if (!this.run) return;
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

  faster(by) {
    const index = Math.min(Math.max(SPEEDS.indexOf(this.speed) + by, 0), SPEEDS.length - 1);
    this.speed = SPEEDS[index];
    this.changed("speed");
  }

  frame() {
    requestAnimationFrame((now) => {
      const { run } = this;
      if (this.glide) {
        const { glide } = this;
        glide.began ??= now;
        const part = (now - glide.began) / 1000 / glide.wanted;
        if (part >= 1) return this.put(...this.finish());
        this.put(run.playback.at(glide.from + (glide.to - glide.from) * part));
        this.frame();
      } else if (this.playing) {
        const passed = (now - (this.playing.last ?? now)) / 1000;
        this.playing.last = now;
        const second = run.playback.second(this.at) + passed * this.speed;
        const at = second >= run.playback.length ? run.ends : run.playback.at(second);
        const question = run.stops.find((stop) => stop.kind === "question");
        if (question && this.at < question.at && at >= question.at && this.seen <= question.at) {
          this.halt();
          return this.put(question.at, question.count);
        }
        if (at >= run.ends) this.halt();
        this.put(at, at >= run.ends ? run.events.length : null);
        if (this.playing) this.frame();
      }
    });
  }
}
