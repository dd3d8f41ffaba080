// A playlist: the demos that a note lists in order, and one key from each to the next.

import { button, h } from "./dom.js";
import { decoded } from "./notes.js";

export class Playlist {
  /** `open` opens a demo's link; answers whether it did. */
  constructor(open) {
    this.open = open;
    this.source = h("a", {});
    this.place = h("span", {});
    this.previous = button("‹", "", () => this.back(), { "aria-label": "The previous demo" });
    this.following = button("Next demo", "D", () => this.next());
    const close = h(
      "button",
      { type: "button", class: "close", "aria-label": "Leave the playlist", onclick: () => this.leave() },
      "×",
    );
    this.element = h(
      "nav",
      { class: "playlist", "aria-label": "Playlist", hidden: true },
      h("p", {}, this.place, this.source),
      this.previous,
      this.following,
      close,
    );
    this.leave();
  }

  /**
   * Plays a note's demos from one of them on. `link` is where that was left, if it was played before; `entry` is how the
   * browser's history takes it.
   */
  async begin(note, at = 0, link = note.demos[at].link, entry = "pushState") {
    const before = { note: this.note, at: this.at };
    Object.assign(this, { note, at });
    if (await this.open({ link }, entry)) this.show();
    // Where another demo has been asked for meanwhile, that one counts.
    else if (this.note === note && this.at === at) Object.assign(this, before);
  }

  leave() {
    this.note = null;
    this.show();
  }

  /** The demo that comes next, if there is one. */
  get onward() {
    return this.note?.demos[this.at + 1] ?? null;
  }

  next() {
    if (this.onward) return this.begin(this.note, this.at + 1);
  }

  back() {
    if (this.note && this.at > 0) return this.begin(this.note, this.at - 1);
  }

  show() {
    const { note } = this;
    this.element.hidden = !note;
    if (!note) return;
    this.place.textContent = `Demo ${this.at + 1} of ${note.demos.length}`;
    this.source.textContent = note.title;
    this.source.href = `#note=${note.path}`;
    this.previous.disabled = this.at === 0;
    this.following.disabled = !this.onward;
    this.following.title = this.onward?.title ?? "";
  }

  /** Where it stands, for the browser's history. */
  get state() {
    return this.note && { playlist: this.note.path, at: this.at };
  }
}

/** The path of the note whose playlist a fragment of the address names. */
export function playlistOf(fragment) {
  const named = /^playlist=([^&]+)$/.exec(fragment);
  return named && decoded(named[1]);
}
