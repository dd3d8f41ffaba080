// Two courses of time. On the diagram, time runs evenly but for folded stretches. While playing, a message takes about
// as long as an eye needs to follow it, and a stretch in which nothing happens is soon over.

import { countUpTo } from "./sorted.js";

/** How wide a folded stretch is, in pixels. */
export const FOLD = 34;

/** From moments to places on the diagram, and back. */
export class Course {
  constructor(stretches) {
    this.stretches = stretches.length > 0 ? stretches : [{ from: 0, to: 1, folded: false }];
    this.busy = this.stretches.reduce((sum, s) => sum + (s.folded ? 0 : s.to - s.from), 0) || 1;
    this.folds = this.stretches.filter((stretch) => stretch.folded).length;
    this.scale(1);
  }

  /** Settles how many pixels a nanosecond takes. */
  scale(pxPerNs) {
    this.pxPerNs = pxPerNs;
    let x = 0;
    this.lefts = this.stretches.map((stretch) => {
      const left = x;
      x += stretch.folded ? FOLD : (stretch.to - stretch.from) * pxPerNs;
      return left;
    });
    this.width = x;
  }

  /** Lets the whole run be `width` wide. */
  fit(width) {
    this.scale(Math.max(width - this.folds * FOLD, width * 0.3) / this.busy);
  }

  x(at) {
    const index = Math.min(
      this.stretches.length - 1,
      countUpTo(this.stretches, at, (s) => s.to),
    );
    const stretch = this.stretches[index];
    const length = Math.max(1, stretch.to - stretch.from);
    const part = Math.min(Math.max(at - stretch.from, 0), length) / length;
    return this.lefts[index] + part * (stretch.folded ? FOLD : length * this.pxPerNs);
  }

  at(x) {
    const index = Math.max(0, countUpTo(this.lefts, x) - 1);
    const stretch = this.stretches[index];
    const width = stretch.folded ? FOLD : (stretch.to - stretch.from) * this.pxPerNs;
    const part = Math.min(Math.max((x - this.lefts[index]) / Math.max(width, 1e-9), 0), 1);
    return stretch.from + part * (stretch.to - stretch.from);
  }
}

/** Seconds that a typical message takes while playing at the usual speed. */
const FLIGHT = 1.7;
/** The longest that anything between two moments takes. */
const LONGEST = 3.2;
/** How long a folded stretch takes. */
const FOLDED = 0.5;
/** The longest that a whole run takes. */
const WHOLE = 240;

/** From moments to seconds of playing, and back. */
export class Playback {
  constructor(run) {
    const moments = new Set([0, run.ends]);
    for (const event of run.events) moments.add(event.at);
    for (const message of run.messages) moments.add(Math.min(message.ends, run.ends));
    this.moments = [...moments].filter((at) => at <= run.ends).sort((a, b) => a - b);
    const flights = run.messages.filter((m) => m.ends > m.sent && m.ending !== "withheld");
    const lengths = flights.map((m) => m.ends - m.sent).sort((a, b) => a - b);
    const typical = lengths[lengths.length >> 1] ?? run.course.busy / 12;
    const seconds = [0];
    for (let i = 1; i < this.moments.length; i++) {
      const [from, to] = [this.moments[i - 1], this.moments[i]];
      const folded = run.course.stretches[Math.max(0, countUpTo(run.course.stretches, from, (s) => s.from) - 1)].folded;
      const even = ((to - from) / typical) * FLIGHT;
      seconds.push(seconds[i - 1] + (folded ? Math.min(FOLDED, even) : Math.min(LONGEST, even)));
    }
    const whole = seconds[seconds.length - 1];
    const rate = whole > WHOLE ? WHOLE / whole : whole > 0 && whole < 3 ? 3 / whole : 1;
    this.seconds = seconds.map((second) => second * rate);
    this.length = this.seconds[this.seconds.length - 1];
  }

  second(at) {
    return along(this.moments, this.seconds, at);
  }

  at(second) {
    return along(this.seconds, this.moments, second);
  }
}

/** The value of `to` where `from` is `value`, evenly between their entries. */
function along(from, to, value) {
  const next = countUpTo(from, value);
  if (next === 0) return to[0];
  if (next === from.length) return to[to.length - 1];
  const part = (value - from[next - 1]) / (from[next] - from[next - 1]);
  return to[next - 1] + part * (to[next] - to[next - 1]);
}
