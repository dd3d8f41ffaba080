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
    /**
     * The words by their moments, and where they are.
     *
     * @type {{ at: number, left: number, right: number, element: Element }[]}
     */
    this.labels = [];
  }

  /** Hides all signs that are drawn now, and looks where the words are. */
  cover() {
    this.labels = [...this.words.children].map((element) => {
      const [at, left, right] = ["data-at", "data-left", "data-right"].map((name) => numberOf(element, name));
      return { at, left, right, element };
    });
    const signs = [...this.signs.querySelectorAll("[data-at]")];
    this.veiled = signs.map((element) => ({ at: numberOf(element, "data-at"), element }));
    this.veiled.sort((a, b) => a.at - b.at);
    this.visible = 0;
    for (const { element } of this.veiled) element.setAttribute("visibility", "hidden");
  }

  /**
   * Shows the signs of what was seen, and the words of what has happened; faintly those of what was
   * seen, too. Words that would be cut at an edge do not show.
   *
   * @param {number} at
   * @param {number} seen
   * @param {{ left: number, right: number }} edges
   */
  show(at, seen, edges) {
    for (; this.veiled[this.visible]?.at <= seen; this.visible += 1)
      this.veiled[this.visible].element.removeAttribute("visibility");
    for (const { at: moment, left, right, element } of this.labels) {
      const isCut = left < edges.left || right > edges.right;
      const look = (moment > seen && moment > at) || isCut ? "texts unseen" : moment <= at ? "texts" : "texts faint";
      if (element.getAttribute("class") !== look) element.setAttribute("class", look);
    }
  }
}

/**
 * @param {Element} element
 * @param {string} name
 */
function numberOf(element, name) {
  return Number(element.getAttribute(name));
}
