// @ts-check
// A run that plays by itself within another page, again and again: the field and what is told. One
// button stops it.

/** @import { Theatre } from "./theatre.js" */

import { h, isEmbedded, reducedMotion } from "./dom.js";
import { restoreLook } from "./present.js";

/** How long the end is looked at, and what a beat takes beside its words, in milliseconds. */
const END = 6000;
const BEAT = 1400;
/** How long a word takes to read, in milliseconds. */
const WORD = 260;
/** How often it looks whether a move is done. */
const LOOK = 200;

/** Whether the page around wants the run as a film. */
export const isFilm = isEmbedded && globalThis.location?.hash === "#film";

/**
 * How long what is told stands, in milliseconds.
 *
 * @param {string[]} words
 */
export function standing(words) {
  return BEAT + words.join(" ").split(/\s+/).filter(Boolean).length * WORD;
}

export class Film {
  /** @param {Theatre} theatre */
  constructor(theatre) {
    this.theatre = theatre;
    this.isPlaying = false;
    /** Whether what is told now has stood for long enough. */
    this.isRead = false;
    this.timer = 0;
    this.switch = h("button", { type: "button", class: "film-switch", onclick: () => this.toggle() });
    document.body.classList.add("film");
    // Nothing is looked at through one node here, so nothing is said above the field.
    theatre.above.remove();
    document.body.append(this.switch);
    // The page around may switch between light and dark.
    addEventListener("storage", restoreLook);
    this.play(!reducedMotion.matches);
  }

  toggle() {
    this.play(!this.isPlaying);
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    this.isPlaying = isPlaying;
    this.switch.textContent = isPlaying ? "Pause" : "Play";
    clearTimeout(this.timer);
    if (isPlaying) this.step();
    else this.theatre.player.halt();
  }

  /** @param {number} milliseconds */
  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.step(), milliseconds);
  }

  step() {
    const { player, story } = this.theatre;
    if (player.glide || document.hidden) return this.later(LOOK);
    if (!this.isRead) {
      this.isRead = true;
      return this.later(player.atEnd ? END : standing(story.telling().words.slice(0, 1)));
    }
    this.isRead = false;
    if (!player.next()) player.seek(0, 0);
    this.later(LOOK);
  }
}
