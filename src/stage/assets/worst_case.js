// @ts-check
// The worst case: a search for the fewest failures that violate a property, a sentence about what it
// found, and the run that shows it.

/** @import * as Wire from "../wire.d.ts" */
/** @import { Found } from "./duel.js" */
/** @import { Request } from "./forks.js" */

import * as api from "./api.js";
import { closeButton, h } from "./dom.js";
import { SearchCount } from "./search_count.js";
import { queued } from "./words.js";

/** @typedef {Extract<Wire.SearchLine, { done: unknown }>} Answer */
/** @typedef {(request: Wire.RunTold, says: string, found: Found) => unknown} OnOpen */

/**
 * What an enemy can do, as scenarios write it, and in words.
 *
 * @type {[value: Wire.EnemyMay, words: string][]}
 */
const MOVES = [
  ["lose", "lose messages"],
  ["twice", "deliver twice"],
  ["corrupt", "corrupt messages"],
  ["crash", "crash nodes"],
  ["lie", "choose lies"],
];

/** How long what was found can be read before it plays, in milliseconds. */
const READING = 2500;

export class WorstCase {
  /**
   * @param {OnOpen} open opens the run that was found
   * @param {(words: string, isSentence: boolean) => string} told returns what the search says as the
   *   page tells it
   */
  constructor(open, told) {
    this.open = open;
    this.told = told;
    /** @type {Request | null} */
    this.request = null;
    /** @type {AbortController | null} */
    this.leaving = null;
    this.count = new SearchCount();
    /** What plays soon what was found. @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
    this.status = h("p", { class: "status", role: "status" });
    this.bar = h("progress", { "aria-label": "Searching", hidden: true });
    this.result = h("div", { class: "result" });
    this.moves = MOVES.map(([value, words]) => ({ value, words, box: h("input", { type: "checkbox", value }) }));
    this.most = h("input", { type: "number", min: 1, max: 20, placeholder: "own" });
    /** @type {(event: SubmitEvent) => void} */
    const submit = (event) => {
      event.preventDefault();
      this.start();
    };
    const hint =
      "An enemy decides what chance would decide. It tries the fewest failures first, so no smaller case exists than the one that it finds.";
    const legend = h("legend", {}, "The enemy may (if nothing is chosen: what the scenario says)");
    const boxes = this.moves.map(({ box, words }) => h("label", {}, box, words));
    this.dialog = h(
      "dialog",
      { class: "worst", "aria-label": "The worst case" },
      h("form", { method: "dialog" }, h("h2", {}, "The worst case"), closeButton("Close")),
      h("p", { class: "hint" }, hint),
      h(
        "form",
        { class: "asked", onsubmit: submit },
        h("fieldset", {}, legend, ...boxes),
        h("label", { class: "most" }, "failures at most", this.most),
        h("button", { class: "main" }, "Search"),
      ),
      this.bar,
      this.count.element,
      this.status,
      this.result,
    );
    this.dialog.addEventListener("close", () => {
      this.leaving?.abort();
      this.stay();
    });
    for (const kind of ["keydown", "pointerdown"]) this.dialog.addEventListener(kind, () => this.stay());
  }

  /** What was found does not play by itself. */
  stay() {
    clearTimeout(this.soon);
    this.result.querySelector(".soon")?.remove();
  }

  /** @param {Request} request */
  openFor(request) {
    this.request = request;
    this.dialog.showModal();
    this.start();
  }

  /**
   * Opens it, and searches for nothing yet: the enemy is to be another one.
   *
   * @param {Request} request
   * @param {string} [why]
   */
  askFor(request, why = "") {
    this.request = request;
    this.result.replaceChildren();
    this.status.textContent = why;
    this.count.clear();
    this.dialog.showModal();
  }

  start() {
    this.search().catch((error) => {
      if (api.isAborted(error)) return;
      this.bar.hidden = true;
      this.status.textContent = api.reportOf(error);
    });
  }

  async search() {
    if (!this.request) return;
    this.leaving?.abort();
    this.leaving = new AbortController();
    this.stay();
    this.result.replaceChildren();
    this.count.clear();
    this.bar.hidden = false;
    this.bar.removeAttribute("value");
    this.status.textContent = "Searching …";
    const may = this.moves.filter(({ box }) => box.checked).map(({ value }) => value);
    /** @type {Wire.SearchRequest} */
    const asked = { order: api.requestBody(this.request), may };
    if (this.most.value) asked.at_most = Number(this.most.value);
    await api.search(asked, this.leaving.signal, (line) => this.hear(line));
    this.bar.hidden = true;
  }

  /** @param {Wire.SearchLine} line */
  hear(line) {
    if ("error" in line) this.status.textContent = line.error.report || line.error.message;
    else if ("queue" in line) this.status.textContent = queued(line.queue);
    else if ("progress" in line) {
      const { runs, depth, done, of } = line.progress;
      if (of !== null && of > 0) this.bar.value = done / of;
      void this.count.countTo({ runs, depth, out: runs });
    } else void this.showAnswer(line);
  }

  /** @param {Answer} answer */
  async showAnswer({ done, question, sentence, command, set_aside: aside, order }) {
    this.status.textContent = question ?? "";
    const runs = done.enumerated + done.sampled;
    const leaving = this.leaving;
    await this.count.countTo({ runs, depth: done.deepest, out: done.found ? runs - 1 : runs });
    if (leaving !== this.leaving || !this.dialog.open) return;
    const forced = Object.entries(done.found?.forced ?? {}).map(([choice, option]) => `${choice}=${option}`);
    const named = (/** @type {string} */ choice) => this.told(choice, false);
    const words = isOwn(forced, aside) ? `${sentence} The scenario does just this already.` : sentence;
    /** @type {(HTMLElement | null)[]} */
    const parts = [
      h("p", { class: "sentence" }, this.told(words, true)),
      forced.length > 0 ? h("ol", {}, ...forced.map((choice) => h("li", { title: choice }, named(choice)))) : null,
      aside.length > 0
        ? h(
            "p",
            { class: "hint" },
            `Left out of the scenario, since here the enemy decides: ${aside.map(named).join("; ")}.`,
          )
        : null,
      order ? this.openButton(order, { choices: Object.keys(done.found?.forced ?? {}), sentence: words }) : null,
      command ? h("p", { class: "command" }, "In a terminal: ", h("code", {}, command)) : null,
    ];
    this.result.replaceChildren(...parts.filter((part) => part !== null));
  }

  /**
   * Returns what plays the run that was found; and plays it soon.
   *
   * @param {Wire.RunTold} request
   * @param {Found} found
   */
  openButton(request, found) {
    const open = () => {
      this.dialog.close();
      // What it is, the sentence above the run says.
      this.open(request, "the worst case", found);
    };
    this.soon = setTimeout(open, READING);
    return h(
      "p",
      { class: "open" },
      h("button", { type: "button", class: "main", onclick: open }, "Open this run"),
      h("span", { class: "soon hint" }, "It plays in a moment. Any key stays here."),
    );
  }
}

/**
 * Whether what was found is what the scenario itself does, which the search had left out.
 *
 * @param {readonly string[]} forced
 * @param {readonly string[]} aside
 */
export function isOwn(forced, aside) {
  return forced.length > 0 && [...forced].sort().join("\n") === [...aside].sort().join("\n");
}
