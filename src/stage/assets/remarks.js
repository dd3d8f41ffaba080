// @ts-check
// Remarks above the run: what was refused, and what a link could not keep.

import { closeButton, h } from "./dom.js";

export class Remarks {
  constructor() {
    this.element = h("div", { class: "remarks", role: "alert" });
  }

  /**
   * @param {readonly string[]} sentences
   * @param {string} [report] an error as the command line prints it
   */
  show(sentences, report) {
    const close = closeButton("Close", () => this.clear());
    const paragraphs = sentences.map((words) => h("p", {}, words));
    this.element.replaceChildren(close, ...paragraphs, ...(report ? [h("pre", {}, report)] : []));
  }

  clear() {
    this.element.replaceChildren();
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
