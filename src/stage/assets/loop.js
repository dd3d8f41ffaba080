// @ts-check
// A run that plays again and again while a knob is turned, until somebody takes the run in hand.

/** @import { Player } from "./player.js" */

import { reducedMotion, targetOf } from "./dom.js";

/** How long a run rests at its end before it begins again, in milliseconds. */
const REST = 700;

export class Loop {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.isOn = false;
    this.resting = 0;
    player.watch((_, change) => change === "place" && this.moved());
    for (const kind of ["keydown", "pointerdown"])
      document.addEventListener(kind, (event) => !isOnKnob(event) && this.end(), { capture: true });
  }

  /** Plays the run from its start, and again from there. With less motion its end is shown. */
  begin() {
    const { player } = this;
    if (!player.isOpen) return;
    if (reducedMotion.matches) return player.toEnd();
    this.isOn = false;
    clearTimeout(this.resting);
    player.put(0, 0);
    // What was asked was answered before: nothing stops it.
    player.seen = player.run.ends;
    this.isOn = true;
    player.toggle();
  }

  end() {
    this.isOn = false;
    clearTimeout(this.resting);
  }

  /** The run has moved: at its end, it rests and begins again. */
  moved() {
    if (!this.isOn || this.player.playing || !this.player.atEnd) return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.isOn && this.begin(), REST);
  }
}

/**
 * Whether a knob is turned by this, and not the run taken in hand.
 *
 * @param {Event} event
 */
function isOnKnob(event) {
  return Boolean(targetOf(event)?.closest(".knob"));
}
