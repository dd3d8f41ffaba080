// @ts-check
// The nodes of the field: a circle with its picture or clock, its label beside it, and the marks of
// what happened to it.

/** @import { NodeShown } from "../wire.d.ts" */
/** @import { Box } from "./label_layout.js" */
/** @import { Measures, Place } from "./layout.js" */
/** @import { Run, RunEvent } from "./run.js" */
/** @import { OnPick } from "./selection.js" */

import { isCrowd } from "./crowd.js";
import { Dial, isToScale, scaleOf } from "./dial.js";
import { s, set } from "./dom.js";
import { stateWords } from "./facts.js";
import { glyph } from "./glyphs.js";
import { lookOfKnown } from "./knowledge.js";
import { boxAround } from "./label_layout.js";
import { badgeBelow } from "./layout.js";
import { labelOf } from "./node_label.js";
import { width } from "./text.js";
import { shown } from "./words.js";

/** What is known of a node. */
/** @typedef {ReturnType<Run["nodeAt"]>} Known */

/**
 * What a node is made of: its number, its letters, its place, and the room of its label around its
 * middle.
 *
 * @typedef {{ index: number, letters: string, place: Place, room: Box, measures: Measures }} Setting
 *
 * What the page points at: whether a node is selected, whether it is spoken of, and the words of the
 * sentence that is told.
 *
 * @typedef {{ isSelected: boolean, isSpoken: boolean, words: ReadonlySet<string> }} Pointed
 */

/** Smaller nodes have no room for a dial. */
const LEAST_DIAL = 20;

export class NodeView {
  /**
   * @param {Run} run
   * @param {Setting} setting
   * @param {OnPick} onPick
   */
  constructor(run, { index, letters, place, room, measures }, onPick) {
    this.run = run;
    this.index = index;
    this.node = run.nodes[index];
    this.place = place;
    this.room = room;
    this.measures = measures;
    const { radius } = measures;
    this.dial = run.show.clocks && radius > LEAST_DIAL ? new Dial(radius * 0.94, scaleOf(run)) : null;
    this.label = s("g", { class: "label" });
    this.badge = s("g", { class: "badge" });
    this.ring = this.button(onPick);
    this.element = s(
      "g",
      { class: this.look(""), transform: `translate(${place.x} ${place.y})`, "data-node": this.node.id },
      ...this.body(letters),
      this.label,
      this.badge,
      mark(measures),
      this.ring,
    );
    /** What the label and the badge cover. @type {Box[]} */
    this.covers = [];
    this.key = "";
  }

  /**
   * Returns what is pressed: it lies over the picture. The words are beside it, for everybody to read.
   *
   * @param {OnPick} onPick
   */
  button(onPick) {
    const pick = () => onPick({ node: this.index });
    return s("circle", {
      class: "ring",
      r: this.measures.radius + this.measures.unit * 0.45,
      tabindex: 0,
      role: "button",
      onclick: pick,
      onkeydown: (event) => event.key === "Enter" && pick(),
    });
  }

  /**
   * Returns what is in the circle. Of whom the node that looks has never heard, it knows nothing.
   *
   * @param {string} letters
   */
  picture(letters) {
    const { radius, least } = this.measures;
    if (lookOfKnown(this.run.knowledge, this.index) === "unheard")
      return s("text", { class: "letter", "font-size": radius, dy: "0.35em" }, "?");
    return this.dial ? this.dial.element : glyph(this.node, letters, radius * (this.node.traitor ? 0.9 : 1), least);
  }

  /** @param {string} letters */
  body(letters) {
    const { radius, unit } = this.measures;
    const [r, o] = [radius * 0.5, radius * 0.22];
    const { traitor } = this.node;
    return [
      s("circle", { class: "halo", r: radius + unit * 0.95 }),
      s("circle", { class: "clue", r: radius + unit * 0.3 }),
      s(
        "g",
        { class: "body" },
        s("circle", { class: "disc", r: radius }),
        s("circle", { class: "hatch", r: radius - 2 }),
        traitor ? s("circle", { class: "inner", r: radius * 0.84 }) : null,
        this.picture(letters),
        s("path", { class: "cross", d: `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}` }),
        s("path", {
          class: "bars",
          d: `M${-o} ${-radius * 0.4}V${radius * 0.4}M${o} ${-radius * 0.4}V${radius * 0.4}`,
        }),
      ),
    ];
  }

  /** @param {string} more */
  look(more) {
    const known = lookOfKnown(this.run.knowledge, this.index);
    return ["node", more, this.node.traitor ? "traitor" : "", known].filter(Boolean).join(" ");
  }

  /**
   * @param {number} at
   * @param {number} count
   * @param {Pointed} pointed
   */
  show(at, count, { isSelected, isSpoken, words }) {
    const { run, index } = this;
    const known = run.nodeAt(index, count);
    this.dial?.show(run.clockAt(index, at) ?? 0, isToScale(run, at));
    const evidence = run.evidenceAt(count);
    const key = `${known.since}|${known.status}|${known.outputs.length}|${isSelected}|${isSpoken}|${evidence.id}|${[...words].join(" ")}`;
    if (key === this.key) return;
    this.key = key;
    const violated = run.violatedAt(index, count);
    const looks = [
      known.status,
      isSelected ? "selected" : "",
      isSpoken ? "spoken" : "",
      run.isEvidence(index, count) ? "evidence" : "",
      violated.length > 0 ? "wrong" : "",
    ];
    this.element.setAttribute("class", this.look(looks.filter(Boolean).join(" ")));
    this.ring.setAttribute("aria-label", description(run, this.node, known, violated));
    this.write(known, evidence.culprits, violated, words);
  }

  /**
   * @param {Known} known
   * @param {ReadonlySet<number>} culprits
   * @param {readonly string[]} violated
   * @param {ReadonlySet<string>} words those of the sentence that is told
   */
  write(known, culprits, violated, words) {
    const { run, node, place, measures, room } = this;
    const decision = decisionOf(known.outputs);
    if (isCrowd(run.nodes.length)) return this.markDecision(decision);
    const badge = decision && badgeOf(decision, culprits.has(decision.id), measures);
    this.badge.replaceChildren(...(badge ? [badge.element] : []));
    const labelled = { run, node, known, culprits, violated, hasDial: this.dial !== null, words };
    const { elements, box, error } = labelOf(labelled, place.side, room, measures);
    this.label.replaceChildren(...elements);
    if (this.dial && error) {
      set(this.dial.words, { x: error.x, y: error.y, "font-size": error.size, "text-anchor": error.anchor });
      this.label.append(this.dial.words);
    }
    const boxes = [badge?.box, box].flatMap((one) => (one ? [one] : []));
    this.covers = boxes.map(({ left, right, top, bottom }) => ({
      left: left + place.x,
      right: right + place.x,
      top: top + place.y,
      bottom: bottom + place.y,
    }));
  }

  /**
   * Marks what a node of a crowd decided, as messages of that content are drawn.
   *
   * @param {RunEvent | null} decision
   */
  markDecision(decision) {
    if (!decision) return this.badge.replaceChildren();
    const { radius } = this.measures;
    const colour = this.run.colours.get(String(decision.value)) ?? 0;
    const r = Math.max(radius * 0.36, 3);
    const square = { class: "shape", x: -r, y: -r, width: 2 * r, height: 2 * r };
    const shape = colour === 1 ? s("rect", square) : s("circle", { class: "shape", r });
    const place = `translate(${radius * 0.72} ${radius * 0.72})`;
    this.badge.replaceChildren(s("g", { class: `token ink-${colour}`, transform: place }, shape));
  }
}

/**
 * Returns what is known of a node, for those who do not see it.
 *
 * @param {Run} run
 * @param {NodeShown} node
 * @param {Known} known
 * @param {readonly string[]} violated
 */
function description(run, { name, traitor }, { status, facts, outputs }, violated) {
  const told = outputs
    .slice(-3)
    .map((output) => `${output.name} ${shown(output.value)}`)
    .join(", ");
  const wrong = violated.length > 0 ? `${violated.join(" and ")} violated here` : "";
  const parts = [name, traitor ? "a traitor" : "", status === "up" ? "" : status, stateWords(run, facts), wrong];
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
function badgeOf(output, isBad, measures) {
  const { unit } = measures;
  const size = unit * 1.05;
  const words = `${isBad ? "✗ " : ""}${output.value}`;
  const wide = width(words, size, 700) + size * 1.5;
  const middle = { x: 0, y: badgeBelow(measures) };
  const element = s(
    "g",
    { transform: `translate(0 ${middle.y})`, class: isBad ? "bad" : "" },
    s("rect", { x: -wide / 2, y: -size * 0.88, width: wide, height: size * 1.76, rx: size * 0.88 }),
    s("text", { "font-size": size, dy: "0.36em" }, words),
  );
  return { element, box: boxAround(middle, wide, size * 1.76) };
}

/**
 * Returns the mark of a node at which a property was violated: an octagon with a cross.
 *
 * @param {Measures} measures
 */
function mark({ radius, unit }) {
  const r = Math.max(unit * 0.72, radius * 0.2);
  const corners = Array.from({ length: 8 }, (_, i) => {
    const angle = ((i + 0.5) * Math.PI) / 4;
    return `${(Math.cos(angle) * r).toFixed(1)} ${(Math.sin(angle) * r).toFixed(1)}`;
  });
  const arm = r * 0.42;
  const place = radius * 0.76;
  return s(
    "g",
    { class: "mark", transform: `translate(${place} ${-place})`, "aria-hidden": "true" },
    s("path", { class: "octagon", d: `M${corners.join("L")}Z` }),
    s("path", { class: "tick", d: `M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}` }),
  );
}
