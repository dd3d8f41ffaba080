// @ts-check
// The library: the problems in teaching order with their scenarios, and the playlists.

/** @import { LibraryAnswer, NoteListed, ProblemListed, ScenarioListed } from "../wire.d.ts" */

import { closeButton, h } from "./dom.js";
import { inline } from "./inline.js";

/**
 * What is done with what is picked: `open` gets a scenario's name, and its text if it is a file;
 * `play` gets a note.
 *
 * @typedef {{
 *   open: (scenario: string, text?: string) => unknown,
 *   play: (note: NoteListed) => unknown,
 * }} Picks
 */

/**
 * How a card looks: what is said first, its tags, the words by which it is found, and the attribute
 * by which tests find it.
 *
 * @typedef {{
 *   [data: `data-${string}`]: string,
 *   first: (Node | string)[],
 *   tags: string[],
 *   words: string[],
 * }} Look
 */

export class Library {
  /**
   * @param {LibraryAnswer} library
   * @param {Promise<NoteListed[]>} playlists the notes that list demos
   * @param {Picks} picks
   */
  constructor({ problems }, playlists, picks) {
    this.picks = picks;
    /**
     * The cards, each with the words by which it is found.
     *
     * @type {{ element: HTMLElement, words: string }[]}
     */
    this.cards = [];
    const placeholder = "Search: liar, lost, clock, twice …";
    this.search = h("input", { type: "search", placeholder, "aria-label": "Search the scenarios" });
    this.shelves = h("div", { class: "shelves" });
    this.none = h("p", { class: "none", hidden: true }, "No scenario matches.");
    const file = h("input", { type: "file", accept: ".toml", hidden: true });
    const heading = h(
      "div",
      {},
      h("h2", {}, "What should go wrong today?"),
      h("p", {}, "The classic hard problems, as runs that you can stop, rewind and break."),
    );
    this.dialog = h(
      "dialog",
      { class: "library", "aria-label": "The library" },
      h(
        "div",
        { class: "top" },
        heading,
        this.search,
        h("button", { type: "button", onclick: () => file.click() }, "Open your own file"),
        file,
        h("form", { method: "dialog" }, closeButton("Close the library")),
      ),
      this.shelves,
      this.none,
    );
    for (const problem of problems) {
      const cards = problem.scenarios.map((scenario) => this.scenarioCard(problem, scenario));
      this.addShelf(problem.title, problem.summary, cards);
    }
    playlists.then((notes) => {
      const cards = notes.map((note) => this.playlistCard(note));
      const says = "Demos that a note lists: one key leads from each to the next.";
      if (cards.length > 0) this.addShelf("Playlists", says, cards);
    });
    this.search.addEventListener("input", () => this.filter());
    // Browsers clear the field at first, and the next key would be typed into it.
    this.search.addEventListener("keydown", (event) => event.key === "Escape" && this.dialog.close());
    file.addEventListener("change", () => this.openFile(file));
    this.dialog.addEventListener("close", () => {
      this.search.value = "";
      this.filter();
    });
  }

  /**
   * @param {string} title
   * @param {string} says
   * @param {HTMLElement[]} cards
   */
  addShelf(title, says, cards) {
    this.shelves.append(h("section", {}, h("h3", {}, title), h("p", {}, says), h("ul", {}, ...cards)));
  }

  /**
   * @param {ProblemListed} problem
   * @param {ScenarioListed} scenario
   */
  scenarioCard(problem, { name, path, title, setup, protocol, nodes, predict }) {
    const protocolTitle = problem.protocols.find((of) => of.name === protocol)?.title ?? protocol;
    const tags = [protocolTitle, ` · ${nodes.length} nodes`, predict ? " · a question" : ""];
    const words = [name, title, setup, protocol, protocolTitle, problem.title];
    const look = { "data-scenario": name, first: inline(firstSentence(setup)), tags, words };
    return this.card(title, look, () => this.picks.open(path));
  }

  /** @param {NoteListed} note */
  playlistCard(note) {
    const { path, title, summary } = note;
    const demos = note.demos.map((demo) => demo.title);
    const tags = [`${demos.length} ${demos.length === 1 ? "demo" : "demos"}`];
    const words = [title, summary, "playlist", ...demos];
    const look = { "data-playlist": path, first: [demos.join(" · ")], tags, words };
    return this.card(title, look, () => this.picks.play(note));
  }

  /**
   * @param {string} title
   * @param {Look} look
   * @param {() => unknown} pick
   */
  card(title, { first, tags, words, ...data }, pick) {
    const pressed = () => {
      this.dialog.close();
      pick();
    };
    const element = h(
      "li",
      {},
      h(
        "button",
        { type: "button", ...data, onclick: pressed },
        h("strong", {}, title),
        h("span", { class: "first" }, ...first),
        h("span", { class: "tags" }, ...tags),
      ),
    );
    this.cards.push({ element, words: words.join(" ").toLowerCase() });
    return element;
  }

  /** Shows the cards that have all words of the search. */
  filter() {
    const wanted = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { element, words } of this.cards) element.hidden = !wanted.every((word) => words.includes(word));
    for (const shelf of this.shelves.querySelectorAll("section"))
      shelf.hidden = !shelf.querySelector("li:not([hidden])");
    this.none.hidden = this.cards.some(({ element }) => !element.hidden);
  }

  /** @param {HTMLInputElement} input */
  async openFile(input) {
    const file = input.files?.[0];
    if (!file) return;
    this.dialog.close();
    this.picks.open(file.name.replace(/\.toml$/, ""), await file.text());
    input.value = "";
  }
}

/**
 * Returns the first sentence of a summary.
 *
 * @param {string} summary
 */
export function firstSentence(summary) {
  const end = summary.search(/[.?!](\s|$)/);
  return end < 0 ? summary : summary.slice(0, end + 1);
}
