// @ts-check
// Hides what is drawn until its moment has come: a sign reaches to the left of its moment, and
// words are there whole or not at all.

export class Veil {
  /**
   * @param {SVGElement} signs
   * @param {SVGElement} words
   */
  constructor(signs, words) {
    this.signs = signs;
    this.words = words;
    /**
     * The signs by their moments, and how many of them are visible.
     *
     * @type {{ at: number, element: Element }[]}
     */
    this.veiled = [];
    this.visible = 0;
  }

  /** Hides all signs that are drawn now. */
  cover() {
    const signs = [...this.signs.querySelectorAll("[data-at]")];
    this.veiled = signs.map((element) => ({ at: momentOf(element), element }));
    this.veiled.sort((a, b) => a.at - b.at);
    this.visible = 0;
    for (const { element } of this.veiled) element.setAttribute("visibility", "hidden");
  }

  /**
   * Shows the signs of what was seen, and the words of what has happened; faintly those of what was
   * seen, too.
   *
   * @param {number} at
   * @param {number} seen
   */
  show(at, seen) {
    for (; this.veiled[this.visible]?.at <= seen; this.visible += 1)
      this.veiled[this.visible].element.removeAttribute("visibility");
    for (const element of this.words.children) {
      const moment = momentOf(element);
      const look = moment <= at ? "texts" : moment <= seen ? "texts faint" : "texts unseen";
      if (element.getAttribute("class") !== look) element.setAttribute("class", look);
    }
  }
}

/** @param {Element} element */
function momentOf(element) {
  return Number(element.getAttribute("data-at"));
}
