// @ts-check
// Remarks above the run: what was refused, and what a link could not keep.

import { closeButton, h } from "./dom.js";

/** How long something that is said in passing stays, in milliseconds. */
const PASSING = 4000;
/** For so long after it has gone by itself, a key may still mean to close it. */
const JUST_GONE = 700;

export class Remarks {
  constructor() {
    this.element = h("div", { class: "remarks", role: "alert" });
    /** Whether what is said goes by itself, and when. */
    this.isPassing = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.passing = undefined;
    /** When what was said in passing went by itself. */
    this.wentAt = -Infinity;
  }

  /**
   * @param {readonly string[]} sentences
   * @param {string} [report] an error as the command line prints it
   */
  show(sentences, report) {
    this.clear();
    const close = closeButton("Close", () => this.clear());
    const paragraphs = sentences.map((words) => h("p", {}, words));
    this.element.replaceChildren(close, ...paragraphs, ...(report ? [h("pre", {}, report)] : []));
  }

  /**
   * Says something in passing, unless there is something to read.
   *
   * @param {string} words
   * @param {HTMLElement} [offer] a button that does what the words propose
   */
  mention(words, offer) {
    if (!this.isEmpty && !this.isPassing) return;
    this.show([words]);
    if (offer) this.element.append(offer);
    this.isPassing = true;
    this.element.classList.add("passing");
    this.passing = setTimeout(() => {
      this.clear();
      this.wentAt = performance.now();
    }, PASSING);
  }

  /** Takes back what was said in passing. */
  pass() {
    if (this.isPassing) this.clear();
  }

  clear() {
    clearTimeout(this.passing);
    this.isPassing = false;
    this.element.classList.remove("passing");
    this.element.replaceChildren();
  }

  /** Closes what is said. Returns false if there is nothing, and was nothing a moment ago. */
  close() {
    const isClosed = !this.isEmpty || performance.now() - this.wentAt < JUST_GONE;
    this.clear();
    this.wentAt = -Infinity;
    return isClosed;
  }

  get isEmpty() {
    return !this.element.hasChildNodes();
  }

  /**
   * Keeps the remarks that are shown through some work that may clear them.
   *
   * @param {() => Promise<unknown>} work
   */
  async keepDuring(work) {
    const shown = [...this.element.childNodes];
    await work();
    this.element.replaceChildren(...shown);
  }
}
