// @ts-check
// A stopwatch: it runs, stands, goes on, and begins anew.

/** @typedef {{ before: number, since: number | null }} Kept what is kept when the page is loaded anew */

export class Stopwatch {
  /** @param {Kept} kept the milliseconds that have passed, and since when it runs; null while it stands */
  constructor({ before, since }) {
    this.before = before;
    this.since = since;
  }

  get isRunning() {
    return this.since !== null;
  }

  /**
   * Returns the milliseconds that have passed.
   *
   * @param {number} now
   */
  passed(now) {
    return this.before + (this.since === null ? 0 : Math.max(0, now - this.since));
  }

  /** @param {number} now */
  toggle(now) {
    this.before = this.passed(now);
    this.since = this.since === null ? now : null;
  }

  /**
   * Begins anew, running or standing as before.
   *
   * @param {number} now
   */
  reset(now) {
    this.before = 0;
    if (this.since !== null) this.since = now;
  }

  /** @returns {Kept} */
  get kept() {
    return { before: this.before, since: this.since };
  }

  /**
   * Returns a stopwatch from what was kept; one that runs from now on, if nothing useful was.
   *
   * @param {string | null} text
   * @param {number} now
   */
  static from(text, now) {
    try {
      const { before, since } = JSON.parse(text ?? "");
      if (Number.isFinite(before) && (since === null || Number.isFinite(since)))
        return new Stopwatch({ before, since });
    } catch {
      // Nothing was kept.
    }
    return new Stopwatch({ before: 0, since: now });
  }
}

/**
 * Returns a time as a stopwatch shows it: `7:05`, `1:07:05`.
 *
 * @param {number} ms
 */
export function clockTime(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}
