// @ts-check
// What a change came to: the sentences that follow from each other, each of which leads to its event.

/** @import { Clause } from "../wire.d.ts" */

import { h } from "./dom.js";
import { inline } from "./inline.js";

export class ForkTold {
  /**
   * @param {(event: number) => unknown} visit goes to an event of the changed run
   * @param {(words: string) => string} named returns a sentence with the nodes as they are called
   */
  constructor(visit, named) {
    this.visit = visit;
    this.named = named;
    this.words = h("p");
    const label = h("h3", {}, "What your change does");
    this.element = h("section", { class: "fork-told", "aria-live": "polite", hidden: true }, label, this.words);
  }

  /** @param {readonly Clause[]} clauses none to clear it */
  show(clauses) {
    this.element.hidden = clauses.length === 0;
    this.words.replaceChildren(...clauses.flatMap((clause) => [this.clause(clause), " "]));
  }

  /** @param {Clause} clause */
  clause({ says, after }) {
    const words = inline(this.named(says));
    // The last event completes what is said. What happens no longer has no event to go to.
    const event = after.at(-1);
    if (event === undefined) return h("span", {}, ...words);
    return h("button", { type: "button", class: "link", onclick: () => this.visit(event) }, ...words);
  }
}
