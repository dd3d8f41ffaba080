// @ts-check
// What is known of each node, as rows below the story: where the page is narrow, the field has no
// room for it.

/** @import { Player } from "./player.js" */

import { h } from "./dom.js";
import { stateWords } from "./facts.js";
import { isNarrow, narrow } from "./narrow.js";
import { shown, signed } from "./words.js";

/** How many nodes have a row, and how many outputs are told of each. */
const MOST_NODES = 60;
const MOST_OUTPUTS = 4;

export class NodeRows {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.element = h("ul", { class: "node-rows", "aria-label": "The nodes" });
    /** What is shown, so that the same is not drawn again. */
    this.key = "";
    player.watch(() => this.show());
    narrow?.addEventListener("change", () => this.show());
  }

  show() {
    const { player, element } = this;
    if (!player.isOpen || !isNarrow()) return;
    const rows = player.run.nodes.slice(0, MOST_NODES).map((_, node) => this.rowOf(node));
    const key = rows.flat().join("|");
    if (key === this.key) return;
    this.key = key;
    element.replaceChildren(
      ...rows.map(([name, ...more]) => h("li", {}, h("strong", {}, name), h("span", {}, more.join(" · ")))),
    );
  }

  /**
   * Returns a node's name, and what is known of it.
   *
   * @param {number} node
   */
  rowOf(node) {
    const { run, at, count } = this.player;
    const { name, traitor, lie } = run.nodes[node];
    const { facts, status, outputs } = run.nodeAt(node, count);
    const error = run.clockAt(node, at);
    const told = outputs.slice(-MOST_OUTPUTS).map((output) => `${output.name} ${shown(output.value)}`);
    const more = outputs.length - told.length;
    return [
      name,
      traitor ? ["traitor", lie].filter(Boolean).join(": ") : "",
      { up: "", down: "crashed", paused: "paused" }[status],
      error === null ? "" : `clock ${signed(Math.round(error))}`,
      stateWords(run, facts),
      told.join(", "),
      more > 0 ? `and ${more} before` : "",
    ].filter((words, index) => index === 0 || words);
  }
}
