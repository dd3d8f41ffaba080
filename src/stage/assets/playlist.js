// @ts-check
// A playlist: the demos that a note lists, in order. One key leads from each to the next.

/** @import { NoteListed } from "../wire.d.ts" */

import { button, closeButton, h } from "./dom.js";

/** @typedef {"pushState" | "replaceState"} Entry how the browser's history takes an address */

export class Playlist {
  /** @param {(link: string, entry: Entry) => Promise<boolean>} open opens a link; returns whether it did */
  constructor(open) {
    this.open = open;
    /** @type {NoteListed | null} */
    this.note = null;
    this.at = 0;
    this.source = h("a");
    this.place = h("span");
    this.previous = button("‹", "", () => this.back(), { "aria-label": "The previous demo" });
    this.following = button("Next demo", "D", () => this.next());
    const close = closeButton("Leave the playlist", () => this.leave());
    this.element = h(
      "nav",
      { class: "playlist", "aria-label": "Playlist", hidden: true },
      h("p", {}, this.place, this.source),
      this.previous,
      this.following,
      close,
    );
  }

  /**
   * Plays a note's demos from one of them on.
   *
   * @param {NoteListed} note
   * @param {number} [at]
   * @param {string} [link] where that demo was left, if it was played before
   * @param {Entry} [entry]
   */
  async begin(note, at = 0, link = note.demos[at].link, entry = "pushState") {
    const before = { note: this.note, at: this.at };
    Object.assign(this, { note, at });
    if (await this.open(link, entry)) this.show();
    // If another demo has been asked for meanwhile, that one counts.
    else if (this.note === note && this.at === at) Object.assign(this, before);
  }

  leave() {
    this.note = null;
    this.show();
  }

  /** The demo that comes next; null if there is none. */
  get upcoming() {
    return this.note?.demos[this.at + 1] ?? null;
  }

  /** Plays the next demo. Returns false if there is none. */
  next() {
    if (!this.note || !this.upcoming) return false;
    this.begin(this.note, this.at + 1);
    return true;
  }

  /** Plays the previous demo. Returns false if there is none. */
  back() {
    if (!this.note || this.at === 0) return false;
    this.begin(this.note, this.at - 1);
    return true;
  }

  show() {
    const { note, at, upcoming } = this;
    this.element.hidden = !note;
    if (!note) return;
    this.place.textContent = `Demo ${at + 1} of ${note.demos.length}`;
    this.source.textContent = note.title;
    this.source.href = `#note=${note.path}`;
    this.previous.disabled = at === 0;
    this.following.disabled = !upcoming;
    this.following.title = upcoming?.title ?? "";
  }

  /** Where it stands, for the browser's history. */
  get state() {
    return this.note && { playlist: this.note.path, at: this.at };
  }
}
