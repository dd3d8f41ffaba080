// @ts-check
// The run as one node knows it, from node to node: which node looks, and the strip above the field
// that says so.

/** @import { Knowledge } from "./knowledge.js" */
/** @import { Player } from "./player.js" */
/** @import { Run } from "./run.js" */

import { button, closeButton, h, s } from "./dom.js";
import { knowledgeOf, lastEventOf, runAsKnown } from "./knowledge.js";
import { knowledgeTold } from "./knowledge_told.js";
import { messageOf } from "./selection.js";

/** Of more nodes than this, the strip names only the one that looks. */
const MOST_NAMED = 6;

const EYE =
  "M0 12Q12 -4 24 12Q12 28 0 12ZM12 5.5A6.5 6.5 0 1 0 12 18.5 6.5 6.5 0 1 0 12 5.5ZM12 8.5A3.5 3.5 0 1 1 12 15.5 3.5 3.5 0 1 1 12 8.5Z";

function eye() {
  return s("svg", { viewBox: "0 3 24 18", "aria-hidden": "true" }, s("path", { d: EYE, "fill-rule": "evenodd" }));
}

export class Sight {
  /**
   * @param {Player} player
   * @param {() => void} changed is called when another node looks, or none
   */
  constructor(player, changed) {
    this.player = player;
    this.changed = changed;
    /** The node that looks. @type {number | null} */
    this.node = null;
    /** What it knows, by which a change is seen. */
    this.key = "";
    /**
     * What was made last: of the whole run, what the node knows, the run as it knows it, and sentences.
     *
     * @type {{ whole: Run, knowledge: Knowledge, seen: Run, words: string[] } | null}
     */
    this.made = null;
    player.watch((_, change) => change === "run" && this.renew());
    this.title = h("h2");
    this.nodes = h("div", { class: "lookers" });
    this.element = h(
      "section",
      { class: "sight", "aria-label": "What one node knows", hidden: true },
      this.title,
      this.nodes,
      closeButton("See everything again", () => this.leave()),
    );
  }

  get isOn() {
    return this.node !== null;
  }

  /** Lets a node look; then the next one. */
  step() {
    const { player, node } = this;
    if (!player.isOpen) return;
    if (node === null) this.look(this.first());
    else this.look((node + 1) % player.run.nodes.length);
  }

  /** Returns who looks first: the node that is selected or that hears what is, or that is spoken of. */
  first() {
    const { run, selected, count } = this.player;
    if (selected?.node !== undefined) return selected.node;
    const message = messageOf(run, selected);
    if (message) return message.to;
    const last = run.lastOf(count, ({ id, node }) => node !== undefined && run.told.has(id));
    return last?.node ?? 0;
  }

  /** @param {number} node */
  look(node) {
    this.node = node;
    this.player.select(null);
    this.changed();
  }

  /** Shows everything again. Returns false if no node looks. */
  leave() {
    if (!this.isOn) return false;
    this.node = null;
    this.made = null;
    this.changed();
    return true;
  }

  /** Another run was opened: it may have other nodes. */
  renew() {
    const { node, made, player } = this;
    if (node === null) return;
    const isAlike = made?.whole.show.scenario === player.run.show.scenario && node < player.run.nodes.length;
    if (!isAlike) this.node = null;
    this.made = null;
  }

  /**
   * What the node that looks knows where the run stands, as the run to draw and in sentences; null if
   * none looks. It is made anew only if the node knows more or less.
   */
  get known() {
    const { node, player } = this;
    if (node === null || !player.isOpen) return null;
    const { run, count } = player;
    const last = lastEventOf(run, node, count);
    const { made } = this;
    if (made?.whole === run && made.knowledge.node === node && made.knowledge.last === last) return made;
    const knowledge = knowledgeOf(run, node, last);
    this.made = { whole: run, knowledge, seen: runAsKnown(run, knowledge), words: knowledgeTold(run, knowledge) };
    return this.made;
  }

  /** The run to draw; null if none looks. */
  get run() {
    return this.known?.seen ?? null;
  }

  /** What the story says; null if none looks. */
  get told() {
    const { known } = this;
    return known && { label: this.words, words: known.words };
  }

  /** What the strip says. */
  get words() {
    return this.node === null ? "" : `What ${this.player.run.nodes[this.node].said} knows`;
  }

  /** Shows who looks. */
  show() {
    const { element, node, player } = this;
    element.hidden = node === null;
    document.body.classList.toggle("sighted", node !== null);
    if (node === null) return;
    const { nodes } = player.run;
    const key = `${node}|${nodes.map(({ name }) => name).join()}`;
    if (key === this.key) return;
    this.key = key;
    this.title.replaceChildren(eye(), h("span", {}, this.words));
    const names = nodes.length > MOST_NAMED ? [] : nodes.map(({ name }, index) => this.button(name, index));
    const next = button("Next node", "V", () => this.step());
    this.nodes.replaceChildren(...names, ...(names.length > 0 ? [] : [next]));
  }

  /**
   * @param {string} name
   * @param {number} index
   */
  button(name, index) {
    const isHere = index === this.node;
    return h("button", { type: "button", "aria-pressed": String(isHere), onclick: () => this.look(index) }, name);
  }
}
