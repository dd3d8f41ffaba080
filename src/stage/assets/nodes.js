// @ts-check
// The nodes of the field: a circle with its picture or clock, and its label beside it.

/** @import { NodeShown } from "../wire.d.ts" */
/** @import { Measures, Place } from "./layout.js" */
/** @import { Run, RunEvent } from "./run.js" */
/** @import { OnPick } from "./selection.js" */

import { Dial, largestError } from "./dial.js";
import { s } from "./dom.js";
import { glyph } from "./glyphs.js";
import { labelOf } from "./node_label.js";
import { width } from "./text.js";
import { shown } from "./words.js";

/** What is known of a node. */
/** @typedef {ReturnType<Run["nodeAt"]>} Known */

/** Smaller nodes have no room for a dial. */
const LEAST_DIAL = 20;

export class NodeView {
  /**
   * @param {Run} run
   * @param {number} index
   * @param {Place} place
   * @param {Measures} measures
   * @param {OnPick} onPick
   */
  constructor(run, index, place, measures, onPick) {
    this.run = run;
    this.index = index;
    this.node = run.nodes[index];
    this.place = place;
    this.measures = measures;
    const { radius, unit } = measures;
    const { id, traitor } = this.node;
    this.dial = run.show.clocks && radius > LEAST_DIAL ? new Dial(radius * 0.94, largestError(run)) : null;
    this.label = s("g", { class: "label" });
    this.badge = s("g", { class: "badge" });
    const pick = () => onPick({ node: index });
    // What is pressed lies over the picture; the words are beside it, for everybody to read.
    this.ring = s("circle", {
      class: "ring",
      r: radius + unit * 0.45,
      tabindex: 0,
      role: "button",
      onclick: pick,
      onkeydown: (event) => event.key === "Enter" && pick(),
    });
    const [r, o] = [radius * 0.5, radius * 0.22];
    const body = s(
      "g",
      { class: "body" },
      s("circle", { class: "disc", r: radius }),
      s("circle", { class: "hatch", r: radius - 2 }),
      traitor ? s("circle", { class: "inner", r: radius * 0.84 }) : null,
      this.dial ? this.dial.element : glyph(this.node, radius * (traitor ? 0.86 : 1)),
      s("path", { class: "cross", d: `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}` }),
      s("path", {
        class: "bars",
        d: `M${-o} ${-radius * 0.4}V${radius * 0.4}M${o} ${-radius * 0.4}V${radius * 0.4}`,
      }),
    );
    this.element = s(
      "g",
      { class: this.look(""), transform: `translate(${place.x} ${place.y})`, "data-node": id },
      body,
      this.label,
      this.badge,
      this.ring,
    );
    this.key = "";
  }

  /** @param {string} more */
  look(more) {
    return ["node", more, this.node.traitor ? "traitor" : ""].filter(Boolean).join(" ");
  }

  /**
   * @param {number} at
   * @param {number} count
   * @param {boolean} isSelected
   */
  show(at, count, isSelected) {
    const { run, index, node, measures } = this;
    const known = run.nodeAt(index, count);
    this.dial?.show(run.clockAt(index, at) ?? 0);
    const { culprits, id } = run.evidenceAt(count);
    const key = `${known.state}|${known.status}|${known.outputs.length}|${isSelected}|${id}`;
    if (key === this.key) return;
    this.key = key;
    this.element.setAttribute("class", `${this.look(known.status)}${isSelected ? " selected" : ""}`);
    this.ring.setAttribute("aria-label", description(node, known));
    const decision = decisionOf(known.outputs);
    this.badge.replaceChildren(...(decision ? [badge(decision, culprits.has(decision.id), measures)] : []));
    const context = { run, node, known, culprits, hasBadge: decision !== null };
    this.label.replaceChildren(...labelOf(context, this.place, measures));
  }
}

/**
 * Returns what is known of a node, for those who do not see it.
 *
 * @param {NodeShown} node
 * @param {Known} known
 */
function description({ name, traitor }, { status, state, outputs }) {
  const told = outputs
    .slice(-3)
    .map((output) => `${output.name} ${shown(output.value)}`)
    .join(", ");
  const parts = [name, traitor ? "a traitor" : "", status === "up" ? "" : status, state];
  return parts.filter(Boolean).join(", ") + (told ? `; told its user ${told}` : "");
}

/**
 * Returns the decision of a node, if that is the last that it told its user.
 *
 * @param {readonly RunEvent[]} outputs
 */
function decisionOf(outputs) {
  const last = outputs[outputs.length - 1];
  return last?.decision ? last : null;
}

/**
 * @param {RunEvent} output
 * @param {boolean} isBad
 * @param {Measures} measures
 */
function badge(output, isBad, { radius, unit }) {
  const size = unit * 1.05;
  const words = `${isBad ? "✗ " : ""}${output.value}`;
  const wide = width(words, size, 700) + size * 1.5;
  return s(
    "g",
    { transform: `translate(0 ${radius * 0.9})`, class: isBad ? "bad" : "" },
    s("rect", { x: -wide / 2, y: -size * 0.88, width: wide, height: size * 1.76, rx: size * 0.88 }),
    s("text", { "font-size": size, dy: "0.36em" }, words),
  );
}
