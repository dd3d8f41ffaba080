// @ts-check
// What a change came to: the sentences that follow from each other, each of which leads to its event.

/** @import { Clause } from "../wire.d.ts" */
/** @import { Story } from "./story.js" */

import { h } from "./dom.js";
import { inline } from "./inline.js";
import { isNarrow } from "./narrow.js";
import { isPresent } from "./present.js";

const LABEL = "What your change does";

export class ForkTold {
  /**
   * @param {(event: number) => unknown} visit goes to an event of the changed run
   * @param {(words: string) => string} named returns a sentence with the nodes as they are called
   */
  constructor(visit, named) {
    this.visit = visit;
    this.named = named;
    this.words = h("p");
    /** How settings were changed, where a sentence of the story says it already. */
    this.settings = h("small");
    this.label = h("h3", {}, LABEL);
    /** Unfolds what is told, where the story comes first. */
    this.unfolds = h("button", { type: "button", onclick: () => this.unfold(!this.isUnfolded) }, LABEL);
    this.isFoldable = false;
    this.element = h(
      "section",
      { class: "fork-told", "aria-live": "polite", hidden: true },
      this.label,
      this.words,
      this.settings,
    );
  }

  get isUnfolded() {
    return !this.element.matches(".folded");
  }

  /** @param {boolean} isUnfolded */
  unfold(isUnfolded) {
    this.element.classList.toggle("folded", !isUnfolded);
    this.unfolds.setAttribute("aria-expanded", String(isUnfolded));
  }

  /**
   * Folds it behind its heading, or shows all of it.
   *
   * @param {boolean} isFoldable
   */
  fold(isFoldable) {
    if (isFoldable === this.isFoldable) return;
    this.isFoldable = isFoldable;
    this.label.replaceChildren(isFoldable ? this.unfolds : LABEL);
    this.unfold(!isFoldable);
  }

  /**
   * It stands beside every tab; presenting, on the pages of the story. A phone that presents has the story
   * first, and this folded below its beat, with the changes.
   *
   * @param {Story} story
   * @param {HTMLElement} changes
   * @param {HTMLElement | null} above where it stands while two runs are compared
   */
  place(story, changes, above) {
    const isFolded = isPresent() && isNarrow() && !above;
    this.fold(isFolded);
    if (isFolded) return story.caption.after(this.element, changes);
    story.pages.mark.after(changes);
    if (above) above.append(this.element);
    else if (isPresent()) story.element.prepend(this.element);
    else changes.after(this.element);
  }

  /**
   * @param {readonly Clause[]} clauses none to clear it
   * @param {boolean} isSaid whether the change is said in words already
   */
  show(clauses, isSaid) {
    const aside = clauses.filter((clause) => isSaid && clause.is_setting);
    const told = clauses.filter((clause) => !aside.includes(clause));
    this.element.hidden = told.length === 0;
    this.unfold(!this.isFoldable);
    this.words.replaceChildren(...told.flatMap((clause) => [this.clause(clause), " "]));
    this.settings.replaceChildren(...aside.flatMap(({ says }) => inline(this.named(says))));
  }

  /** @param {Clause} clause */
  clause({ says, after, is_change }) {
    const words = inline(this.named(says));
    // Presenting, the change is the headline above, and is said once.
    const kind = is_change ? "done" : "";
    // The last event completes what is said. What happens no longer has no event to go to.
    const event = after.at(-1);
    if (event === undefined) return h("span", { class: kind }, ...words);
    return h("button", { type: "button", class: `link ${kind}`, onclick: () => this.visit(event) }, ...words);
  }
}
