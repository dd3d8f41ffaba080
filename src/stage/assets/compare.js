// @ts-check
// Two runs side by side, in step: the same moment of true time in both. What only one of them has
// stands out, and above them is said what the change came to.

/** @import { Own, Parting } from "./parting.js" */
/** @import { Run } from "./run.js" */
/** @import { OnPick } from "./selection.js" */
/** @import { Stress } from "./stress.js" */
/** @import { Theatre } from "./theatre.js" */

import { Diagram } from "./diagram.js";
import { h } from "./dom.js";
import { Field } from "./field.js";
import { Player } from "./player.js";
import { shareHeight } from "./split.js";
import { verdictWords } from "./verdicts.js";

export class Compare {
  /** @param {Theatre} theatre its run is on the right; another one is put beside it */
  constructor(theatre) {
    this.theatre = theatre;
    this.player = new Player();
    /** @type {OnPick} */
    const pick = (selected) => this.player.select(selected);
    this.field = new Field(pick);
    this.diagram = new Diagram(pick, (at) => theatre.player.seek(at));
    this.inner = h("div", { class: "stage" }, this.field.element, this.diagram.element);
    this.shareHeight = shareHeight(this.inner);
    this.sides = [new Side(), new Side()];
    /** Takes what the change came to. */
    this.top = h("div", { class: "compare-told" });
    /** What stands out of the rehearsed run. @type {Stress | null} */
    this.stress = null;
    this.player.watch(() => this.draw());
    theatre.player.watch(() => this.follow());
  }

  get isOpen() {
    return this.inner.isConnected;
  }

  /**
   * Puts a run beside that of the theatre.
   *
   * @param {HTMLElement} main takes both
   * @param {Run} run
   * @param {[string, string]} titles
   */
  open(main, run, titles) {
    const { player } = this.theatre;
    const [left, right] = this.sides;
    left.open(titles[0], run);
    right.open(titles[1], player.run);
    main.classList.add("compared");
    const { parting } = player.run;
    this.stress = parting && stressOf(parting, parting.there);
    this.theatre.compare(parting && stressOf(parting, parting.here));
    main.replaceChildren(
      this.top,
      h("div", { class: "half" }, left.element, this.inner),
      h("div", { class: "half" }, right.element, this.theatre.stage),
    );
    this.player.open(run, { differs: player.differs });
    this.shareHeight(run);
    this.field.open(run);
    this.diagram.open(run);
    this.follow();
  }

  /** @param {HTMLElement} main */
  close(main) {
    main.classList.remove("compared");
    this.theatre.compare(null);
    main.replaceChildren(this.theatre.stage);
    this.inner.remove();
  }

  /** Goes where the run of the theatre stands. */
  follow() {
    const { player, theatre } = this;
    if (!this.isOpen || !player.isOpen) return;
    const { at, count, run, seen, atEnd } = theatre.player;
    const isAtStart = at === 0 && count === 0;
    player.seen = Math.max(player.seen, Math.min(seen, player.run.ends));
    // Up to where they part, both have had the same events; from there on, all that are due.
    const isAlike = (run.differs === null || count <= run.differs) && at < run.ends;
    player.seek(at >= run.ends ? player.run.ends : at, isAtStart ? 0 : isAlike ? count : null);
    for (const side of this.sides) side.show(atEnd);
  }

  draw() {
    const { player } = this;
    if (!player.isOpen) return;
    const { at, count, seen, selected, differs } = player;
    const { stress } = this;
    this.field.show(at, count, { selected, stress });
    this.diagram.isFollowing = true;
    this.diagram.show({ at, count, told: count, seen, selected, differs, stress });
  }
}

/**
 * Returns what stands out of one of two runs: what only it has, and the nodes that differ by now. Up to
 * where the two part, all nodes are alike, and none is dimmed.
 *
 * @param {Parting} parting
 * @param {Own} own
 * @returns {Stress}
 */
function stressOf(parting, { events, messages }) {
  const nodesAt = (/** @type {number} */ at) => {
    const differing = parting.nodesAt(at, parting.run.countAt(at));
    return differing.size > 0 ? differing : null;
  };
  return { events, messages, nodesAt };
}

/** The heading of one side: what the run is, and its seed, or its verdicts once they are known. */
class Side {
  constructor() {
    this.title = h("h2");
    this.words = h("p");
    this.element = h("header", { class: "side" }, this.title, this.words);
    this.seed = "";
    this.verdicts = "";
  }

  /**
   * @param {string} title
   * @param {Run} run
   */
  open(title, { show, seed }) {
    this.title.textContent = title;
    this.seed = `seed ${seed}`;
    this.verdicts = show.verdicts.map((verdict) => `${verdict.name} ${verdictWords(verdict)}`).join(" · ");
  }

  /** @param {boolean} areKnown whether the verdicts are known */
  show(areKnown) {
    this.words.textContent = areKnown ? this.verdicts : this.seed;
  }
}
