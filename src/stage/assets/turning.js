// @ts-check
// A knob that is being turned: where it rests for a moment, the run is replayed.

/** @import { Fork } from "./forks.js" */

/** How long a knob rests before its value counts, in milliseconds. */
const REST = 120;

export class Turning {
  /** @param {(fork: Fork) => unknown} replay */
  constructor(replay) {
    this.replay = replay;
    /** Whether a knob is in somebody's hand. */
    this.isOn = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
  }

  /** @param {Fork} fork the change that the knob stands at; the last one counts */
  to(fork) {
    this.isOn = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.replay(fork), REST);
  }

  /** The knob is let go. */
  end() {
    this.isOn = false;
    clearTimeout(this.resting);
  }
}
