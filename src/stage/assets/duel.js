// @ts-check
// The worst case, watched: what the search found plays by itself from the first failure on, with its
// sentence. Any key stops it.

/** @import { Player } from "./player.js" */
/** @import { Run } from "./run.js" */

import { closeButton, h, reducedMotion } from "./dom.js";
import { firstFailure } from "./first_failure.js";
import { told } from "./told.js";

/** @typedef {{ choices: readonly string[], sentence: string }} Found */

/** These change what a key does; they are no keys of their own. */
const MODIFIERS = ["Shift", "Control", "Alt", "Meta"];

export class Duel {
  /**
   * @param {Player} player
   * @param {() => unknown} ask asks for another worst case
   */
  constructor(player, ask) {
    this.player = player;
    /** The run that is watched. @type {Run | null} */
    this.run = null;
    /** @type {AbortController | null} */
    this.watching = null;
    this.words = h("p", { class: "sentence" });
    this.hint = h("p", { class: "hint" });
    const again = h("button", { type: "button", onclick: () => ask() }, "Another enemy");
    this.element = h(
      "section",
      { class: "duel", "aria-label": "The worst case", role: "status", hidden: true },
      this.words,
      h("div", { class: "row" }, this.hint, again),
      closeButton("Close the worst case", () => this.close()),
    );
    player.watch((_, change) => {
      if (change === "run" && player.run !== this.run) this.close();
      else if (this.watching && !player.playing) this.end();
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    this.element.hidden = !isOpen;
    document.body.classList.toggle("duel-is-open", isOpen);
  }

  /**
   * Plays the run that is open, from just before the first failure.
   *
   * @param {Found} found
   */
  play({ choices, sentence }) {
    const { player } = this;
    const { run } = player;
    this.run = run;
    this.words.textContent = told(run, sentence);
    this.open(true);
    const first = firstFailure(run, choices) ?? 0;
    player.seek(run.events[Math.min(first, run.events.length - 1)]?.at ?? 0, first);
    if (reducedMotion.matches) {
      this.hint.textContent = "It stands before the first failure.";
      return;
    }
    this.hint.textContent = "It plays by itself. Any key stops it.";
    player.toggle();
    this.watching = new AbortController();
    const { signal } = this.watching;
    addEventListener("keydown", (event) => this.stop(event), { capture: true, signal });
    addEventListener("pointerdown", () => this.halt(), { capture: true, signal });
  }

  /** @param {KeyboardEvent} event */
  stop(event) {
    if (MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.halt();
  }

  halt() {
    this.end();
    if (this.player.playing) this.player.toggle();
  }

  /** What is shown stays; keys are the run's again. */
  end() {
    this.watching?.abort();
    this.watching = null;
    this.hint.textContent = "";
  }

  /** Returns whether it was open. */
  close() {
    if (!this.isOpen) return false;
    this.end();
    this.run = null;
    this.open(false);
    return true;
  }
}
