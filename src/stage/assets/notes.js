// @ts-check
// The notes beside the scenario: what there is to read about its problem, as the server renders it.

/** @import { NoteListed } from "../wire.d.ts" */

import * as api from "./api.js";
import { button, h, messageOfError } from "./dom.js";

export class Notes {
  /**
   * @param {Promise<NoteListed[]>} all what there is to read
   * @param {(note: NoteListed) => unknown} play plays the demos that a note lists
   */
  constructor(all, play) {
    this.all = all;
    this.play = play;
    /**
     * The note that is shown.
     *
     * @type {string | null}
     */
    this.path = null;
    /**
     * The note that is shown next.
     *
     * @type {string | null}
     */
    this.wanted = null;
    /** @type {Promise<void>} */
    this.turn = Promise.resolve();
    this.body = h("article", { class: "note" });
    this.list = h("nav", { "aria-label": "All notes" });
    const others = h("details", { class: "all-notes" }, h("summary", {}, "All notes"), this.list);
    this.element = h("section", {}, this.body, others);
    all.then((notes) => this.fillList(notes));
  }

  /**
   * Takes the note of a scenario. It is fetched when somebody looks.
   *
   * @param {string | null} path
   */
  belong(path) {
    this.wanted = path;
  }

  /**
   * Shows a note, from a heading on if one is named; without a path, the one that is wanted.
   *
   * @param {string | null} [path]
   * @param {string | null} [heading]
   */
  show(path = this.wanted, heading = null) {
    this.wanted = path;
    // One after the other, so that the last one asked for is the one that stays.
    this.turn = this.turn.then(() => this.read(path, heading));
  }

  /**
   * @param {string | null} path
   * @param {string | null} heading
   */
  async read(path, heading) {
    if (!path) this.body.replaceChildren(h("p", {}, "The scenario names no note."));
    else if (path !== this.path) await this.fetch(path);
    if (heading) this.body.querySelector(`#${CSS.escape(heading)}`)?.scrollIntoView();
  }

  /** @param {string} path */
  async fetch(path) {
    try {
      const html = await api.note(path);
      const note = (await this.all).find((note) => note.path === path);
      const parsed = new DOMParser().parseFromString(html, "text/html");
      const demos = note && note.demos.length > 0 ? [this.playButton(note)] : [];
      this.body.replaceChildren(...demos, ...parsed.body.childNodes);
      this.path = path;
    } catch (error) {
      this.body.replaceChildren(h("p", {}, messageOfError(error)));
    }
  }

  /** @param {NoteListed} note */
  playButton(note) {
    const { length } = note.demos;
    const words = length === 1 ? "Play its demo" : `Play its ${length} demos`;
    return button(words, "", () => this.play(note), { class: "play main" });
  }

  /** @param {NoteListed[]} notes */
  fillList(notes) {
    const items = notes.map(({ path, title, summary }) =>
      h("li", {}, h("a", { href: `#note=${path}` }, title), " ", h("span", {}, summary)),
    );
    this.list.replaceChildren(h("ul", {}, ...items));
  }
}
