// @ts-check
// The library: the evening's playlist, a path for those who begin, and all scenarios by problem.

/** @import { LibraryAnswer, NoteListed, ProblemListed, ScenarioListed, StepListed } from "../wire.d.ts" */

import { absentOf } from "./absent.js";
import { closeButton, h } from "./dom.js";
import { hasAll, meant } from "./find.js";
import { inline } from "./inline.js";
import * as progress from "./progress.js";

/** What each level asks for, from 1 to 4. */
const LEVELS = ["start here", "one idea more", "several ideas", "hard"];

/**
 * What is done with what is picked: `open` gets a scenario's name, and its text if it is a file;
 * `play` gets a note; `edit` shows the file of the scenario behind the library.
 *
 * @typedef {{
 *   open: (scenario: string, text?: string) => unknown,
 *   play: (note: NoteListed) => unknown,
 *   edit: () => unknown,
 * }} Picks
 *
 * How a card looks: what is said first, its tags, the words by which it is found, its level and
 * topics, and the attribute by which tests find it.
 *
 * @typedef {{
 *   [data: `data-${string}`]: string,
 *   first: (Node | string)[],
 *   tags: string[],
 *   words: string[],
 *   level?: number | null,
 *   topics?: string[],
 * }} Look
 *
 * A card, and what it is found by.
 *
 * @typedef {{ element: HTMLElement, words: string, level: number | null, topics: string[] }} Card
 */

export class Library {
  /**
   * @param {LibraryAnswer} library
   * @param {Promise<NoteListed[]>} notes
   * @param {Picks} picks
   */
  constructor({ problems, path, absent }, notes, picks) {
    this.picks = picks;
    this.problems = problems;
    this.absent = absent;
    /** @type {Card[]} */
    this.cards = [];
    const placeholder = "Search: liar, lost, clock, twice …";
    this.search = h("input", { type: "search", placeholder, "aria-label": "Search the scenarios" });
    const levels = LEVELS.map((says, index) => h("option", { value: index + 1 }, `Level ${index + 1}: ${says}`));
    this.level = h("select", { "aria-label": "Level" }, h("option", { value: "" }, "Every level"), ...levels);
    this.topic = h("select", { "aria-label": "Topic" }, h("option", { value: "" }, "Every topic"));
    this.playlists = h("div", { class: "shelf" });
    this.steps = h("div", { class: "shelf" });
    this.shelves = h("div", { class: "shelves" }, this.playlists, this.steps);
    this.none = h("p", { class: "none", role: "status", hidden: true });
    this.dialog = this.build();
    this.fillPath(path);
    for (const problem of problems) {
      const cards = problem.scenarios.map((scenario) => this.scenarioCard(problem, scenario));
      this.shelves.append(shelf(problem.title, problem.summary, cards));
    }
    notes.then((notes) => {
      this.fillPlaylists(notes.filter(({ demos }) => demos.length > 0));
      const topics = notes.filter(({ kind }) => kind === "topic");
      this.topic.append(...topics.map(({ path, title }) => h("option", { value: path }, title)));
    });
  }

  build() {
    const file = h("input", { type: "file", accept: ".toml", hidden: true });
    file.addEventListener("change", () => this.openFile(file));
    for (const control of [this.search, this.level, this.topic]) control.addEventListener("input", () => this.filter());
    const dialog = h(
      "dialog",
      { class: "library", "aria-label": "The library" },
      h(
        "div",
        { class: "top" },
        h(
          "div",
          {},
          h("h2", {}, "What should go wrong today?"),
          h(
            "p",
            {},
            "The classic hard problems, as runs that you can stop, rewind and break. → begins with the first.",
          ),
        ),
        this.search,
        this.level,
        this.topic,
        h("button", { type: "button", onclick: () => file.click() }, "Open your own file"),
        h("button", { type: "button", onclick: () => this.write() }, "Write your own"),
        file,
        h("form", { method: "dialog" }, closeButton("Close the library")),
      ),
      h("div", { class: "found" }, this.none, this.shelves),
    );
    dialog.addEventListener("keydown", (event) => this.press(event));
    dialog.addEventListener("close", () => this.clear());
    return dialog;
  }

  /** Shows it with what was solved since. */
  open() {
    if (this.dialog.open) return;
    for (const mark of /** @type {NodeListOf<HTMLElement>} */ (this.shelves.querySelectorAll("[data-challenge]")))
      mark.textContent = challengeTag(mark.dataset.challenge ?? "");
    this.dialog.showModal();
    this.search.focus();
  }

  /**
   * The evening's first: the last event, then those before it, then other lists.
   *
   * @param {NoteListed[]} notes
   */
  fillPlaylists(notes) {
    const events = notes.filter(({ kind }) => kind === "event").reverse();
    const others = notes.filter(({ kind }) => kind !== "event");
    const cards = [...events, ...others].map((note) => this.playlistCard(note));
    const says = "Demos that a note lists: one key leads from each to the next.";
    if (cards.length > 0) this.playlists.append(shelf("Playlists", says, cards));
  }

  /** @param {StepListed[]} path */
  fillPath(path) {
    const cards = path.flatMap((step, index) => {
      const problem = this.problems.find(({ scenarios }) => scenarios.some(({ path }) => path === step.scenario));
      const scenario = problem?.scenarios.find(({ path }) => path === step.scenario);
      return problem && scenario ? [this.stepCard(index + 1, step, problem, scenario)] : [];
    });
    const says = "A path through the problems, one step after the other.";
    if (cards.length > 0) this.steps.append(shelf("Start here", says, cards));
  }

  /**
   * @param {number} number
   * @param {StepListed} step
   * @param {ProblemListed} problem
   * @param {ScenarioListed} scenario
   */
  stepCard(number, { minutes, why, challenge }, problem, { path, title, level, topics }) {
    const tags = [`${number} · ${problem.title} · ${minutes} minutes`, challenge ? " · a challenge" : ""];
    const look = { "data-step": path, first: inline(why), tags, words: [title, why, problem.title], level, topics };
    return this.card(title, look, () => this.picks.open(path));
  }

  /**
   * @param {ProblemListed} problem
   * @param {ScenarioListed} scenario
   */
  scenarioCard(problem, { name, path, title, setup, protocol, nodes, predict, level, topics, challenge }) {
    const protocolTitle = problem.protocols.find((of) => of.name === protocol)?.title ?? protocol;
    const tags = [
      protocolTitle,
      ` · ${nodes.length} nodes`,
      level === null ? "" : ` · level ${level}`,
      predict ? " · a question" : "",
    ];
    const words = [name, title, setup, protocol, protocolTitle, problem.title];
    const look = { "data-scenario": name, first: inline(firstParagraph(setup)), tags, words, level, topics };
    const card = this.card(title, look, () => this.picks.open(path));
    if (challenge) card.querySelector(".tags")?.append(h("span", { "data-challenge": path }, challengeTag(path)));
    return card;
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
  card(title, { first, tags, words, level = null, topics = [], ...data }, pick) {
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
    this.cards.push({ element, words: words.join(" ").toLowerCase(), level, topics });
    return element;
  }

  /** Shows the cards that have all words of the search, the level and the topic. */
  filter() {
    const { value: query } = this.search;
    const [level, topic] = [Number(this.level.value), this.topic.value];
    for (const card of this.cards) {
      const isWanted = (level === 0 || card.level === level) && (topic === "" || card.topics.includes(topic));
      card.element.hidden = !isWanted || !hasAll(card.words, query);
    }
    for (const shelf of this.shelves.querySelectorAll("section"))
      shelf.hidden = !shelf.querySelector("li:not([hidden])");
    const isEmpty = this.cards.every(({ element }) => element.hidden);
    const isAbsent = absentOf(this.absent, query) !== undefined;
    this.none.hidden = !isEmpty && !isAbsent;
    if (isAbsent) this.none.replaceChildren(...this.nearest(query));
    else if (isEmpty) this.none.replaceChildren("No scenario matches.", ...this.proposed(query));
  }

  /**
   * Says of what is not here yet which scenarios come nearest, as buttons, and what to read.
   *
   * @param {string} query
   * @returns {(Node | string)[]}
   */
  nearest(query) {
    const absent = absentOf(this.absent, query);
    if (!absent) return [];
    /** @param {string} name */
    const open = (name) => {
      this.dialog.close();
      this.picks.open(name);
    };
    const buttons = absent.near.flatMap((name, index) => [
      index > 0 ? ", " : "",
      h("button", { type: "button", onclick: () => open(name) }, name),
    ]);
    return [`${absent.title}: not here yet. Nearest: `, ...buttons, `. To read: “${absent.read}”, under resources.`];
  }

  /**
   * Returns what to search for instead, as a button.
   *
   * @param {string} query
   * @returns {(Node | string)[]}
   */
  proposed(query) {
    const other = meant(
      query,
      this.cards.map(({ words }) => words),
    );
    if (other === null || hasAll(other, query)) return [];
    const search = () => {
      this.search.value = other;
      this.filter();
      this.search.focus();
    };
    return [" Did you mean ", h("button", { type: "button", onclick: search }, other), "?"];
  }

  /**
   * Enter opens the first card that the search finds, a clicker's key the first of all, and arrows
   * lead from card to card.
   *
   * @param {KeyboardEvent} event
   */
  press(event) {
    const isSearching = event.target === this.search;
    // Browsers clear the field at first, and the next key would be typed into it.
    if (isSearching && event.key === "Escape") return this.dialog.close();
    const isClicked = ["PageDown", "ArrowRight"].includes(event.key);
    const isFirst = (isSearching && event.key === "Enter") || (isClicked && this.search.value === "");
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (isFirst && !(event.target instanceof HTMLSelectElement)) this.buttons[0]?.click();
    else if (by !== 0 && !(event.target instanceof HTMLSelectElement)) this.focusNext(by);
    else return;
    event.preventDefault();
  }

  /** The buttons of the cards that are shown, in the order in which they stand. */
  get buttons() {
    return /** @type {HTMLButtonElement[]} */ ([...this.shelves.querySelectorAll("li:not([hidden]) > button")]);
  }

  /** @param {1 | -1} by */
  focusNext(by) {
    const { buttons } = this;
    const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : -1) : here + by;
    if (buttons[next]) buttons[next].focus();
    else this.search.focus();
  }

  clear() {
    this.search.value = this.level.value = this.topic.value = "";
    this.filter();
  }

  /** Begins a scenario of one's own, from the one that is open. */
  write() {
    this.dialog.close();
    this.picks.edit();
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
 * @param {string} title
 * @param {string} says
 * @param {HTMLElement[]} cards
 */
function shelf(title, says, cards) {
  return h("section", {}, h("h3", {}, title), h("p", {}, says), h("ul", {}, ...cards));
}

/** @param {string} path */
function challengeTag(path) {
  return progress.solvedIn(path) === null ? " · a challenge" : " · ✓ challenge solved";
}

/**
 * Returns the first paragraph of a text.
 *
 * @param {string} text
 */
export function firstParagraph(text) {
  return text.trim().split(/\n\s*\n/)[0];
}
