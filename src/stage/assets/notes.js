// The notes beside the scenario: what there is to read about its problem, as the server renders it.

import * as api from "./api.js";
import { button, h } from "./dom.js";

export class Notes {
  /** `all` promises what there is to read; `play` plays the demos that a note lists. */
  constructor(all, play) {
    Object.assign(this, { all, play });
    this.body = h("article", { class: "note" });
    this.list = h("nav", { "aria-label": "All notes" });
    this.element = h(
      "section",
      {},
      this.body,
      h("details", { class: "all-notes" }, h("summary", {}, "All notes"), this.list),
    );
    this.path = null;
    all.then((notes) => this.fillList(notes));
  }

  /** The note that belongs to a scenario; it is fetched when somebody looks. */
  belong(path) {
    this.wanted = path;
  }

  /** Shows a note, from a heading on if one is named; where none is named, the last one of this scenario. */
  show(path = this.wanted, heading = null) {
    this.wanted = path;
    // One after the other, so that the last one asked for is the one that stays.
    this.turn = (this.turn ?? Promise.resolve()).then(() => this.read(path, heading));
    return this.turn;
  }

  async read(path, heading) {
    if (path && path !== this.path) await this.fetch(path);
    if (!path) this.body.replaceChildren(h("p", {}, "The scenario names no note."));
    if (heading) this.body.querySelector(`#${CSS.escape(heading)}`)?.scrollIntoView();
  }

  async fetch(path) {
    const html = await api.note(path).catch((error) => void this.body.replaceChildren(h("p", {}, error.message)));
    if (!html) return;
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const note = (await this.all).find((note) => note.path === path);
    this.body.replaceChildren(...(note?.demos.length > 0 ? [this.player(note)] : []), ...parsed.body.childNodes);
    this.path = path;
  }

  player(note) {
    const { length } = note.demos;
    const words = length === 1 ? "Play its demo" : `Play its ${length} demos`;
    return button(words, "", () => this.play(note), { class: "play main" });
  }

  fillList(notes) {
    this.list.replaceChildren(
      h(
        "ul",
        {},
        ...notes.map((note) =>
          h("li", {}, h("a", { href: `#note=${note.path}` }, note.title), " ", h("span", {}, note.summary)),
        ),
      ),
    );
  }
}

/** The note and the heading that a fragment of the address names; nothing if it names none. */
export function noteOf(fragment) {
  const named = /^note=([^&]+)(?:&at=(.*))?$/.exec(fragment);
  return named && { path: decoded(named[1]), heading: named[2] ? decoded(named[2]) : null };
}

/** A part of an address as it was meant; as it stands where that cannot be told. */
export function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
