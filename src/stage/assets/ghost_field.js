// @ts-check
// The ghost in the field: messages that were on their way in the rehearsed run and are not here, and
// what its nodes were by now.

/** @import { Box } from "./label_layout.js" */
/** @import { Measures, Place } from "./layout.js" */
/** @import { Parting } from "./parting.js" */
/** @import { Message } from "./run.js" */

import { isCrowd } from "./crowd.js";
import { s, set } from "./dom.js";
import { boxAround, layOut } from "./label_layout.js";
import { width } from "./text.js";
import { poseOf } from "./token_pose.js";
import { tailPath } from "./token_shapes.js";
import { Ways } from "./ways.js";
import { shown } from "./words.js";

/** More messages than this at once are no picture. */
const MOST = 40;

/** @typedef {{ places: readonly Place[], measures: Measures, haveWords: boolean }} Laid */

export class FieldGhost {
  /**
   * @param {Parting} parting
   * @param {Laid} laid
   */
  constructor(parting, { places, measures, haveWords }) {
    this.parting = parting;
    this.places = places;
    this.measures = measures;
    this.ways = new Ways(parting.before.messages, places, measures, haveWords);
    this.tails = s("path", { class: "tail" });
    this.discs = s("path", { class: "disc" });
    this.labels = s("g");
    this.element = s("g", { class: "ghost", "aria-hidden": "true" }, this.tails, this.discs, this.labels);
    /** What the labels cover. @type {Box[]} */
    this.covers = [];
    this.key = "";
  }

  /**
   * @param {number} at
   * @param {number} count how many events of the changed run have happened
   */
  show(at, count) {
    const { parting } = this;
    const underWay = count > parting.first || at > parting.event.at ? parting.before.underWay(at) : [];
    const gone = underWay.filter(({ index }) => parting.there.messages.has(index)).slice(0, MOST);
    set(this.tails, { d: gone.map((message) => this.tail(message, at)).join("") });
    set(this.discs, { d: gone.map((message) => this.disc(message, at)).join("") });
  }

  /**
   * @param {Message} message
   * @param {number} at
   */
  tail(message, at) {
    const way = this.ways.of(message);
    const { x, y } = this.pose(message, at);
    const part = Math.min(Math.max((at - message.sent) / Math.max(1, message.ends - message.sent), 0), 1);
    return tailPath(way, x, y, part);
  }

  /**
   * @param {Message} message
   * @param {number} at
   */
  disc(message, at) {
    const { x, y } = this.pose(message, at);
    const r = this.measures.unit * 0.55;
    return `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }

  /**
   * @param {Message} message
   * @param {number} at
   */
  pose(message, at) {
    return poseOf(message, this.ways.of(message), at, 0);
  }

  /**
   * Labels the nodes that had decided something else by now, or were down, where there is room.
   *
   * @param {number} at
   * @param {number} count
   * @param {() => Box[]} taken what no label may cover
   */
  label(at, count, taken) {
    const told = this.told(at, count);
    const key = told.map(({ node, words }) => `${node} ${words}`).join("|");
    const boxes = told.length > 0 ? taken() : [];
    const whole = `${key}|${JSON.stringify(boxes)}`;
    if (told.length === 0 ? this.key === "" : whole === this.key) return;
    this.key = told.length === 0 ? "" : whole;
    const { unit, width: right, height: bottom } = this.measures;
    const bounds = { left: 2, top: 2, right: right - 2, bottom: bottom - 2 };
    const wanted = told.map(({ node, words }) => ({ priority: 1, places: this.around(node, words) }));
    const chosen = layOut(wanted, { taken: boxes, bounds });
    this.covers = [];
    const labels = told.flatMap(({ words }, index) => {
      const place = chosen[index];
      if (place === null) return [];
      const box = wanted[index].places[place];
      this.covers.push(box);
      const { left, top } = box;
      const frame = { x: left, y: top, width: box.right - left, height: box.bottom - top, rx: unit * 0.35 };
      const at = { x: (left + box.right) / 2, y: top + unit * 1.08, "font-size": unit };
      return [s("g", {}, s("rect", frame), s("text", at, words))];
    });
    this.labels.replaceChildren(...labels);
  }

  /**
   * @param {number} at
   * @param {number} count
   */
  told(at, count) {
    const { run, before, first, event } = this.parting;
    if (isCrowd(run.nodes.length) || (count <= first && at <= event.at)) return [];
    const then = before.countAt(at);
    return run.nodes.flatMap((_, node) => {
      const [here, there] = [run.nodeAt(node, count), before.nodeAt(node, then)];
      const [now, was] = [decided(here.outputs), decided(there.outputs)];
      if (was !== null && was !== now) return [{ node, words: `decided ${was}` }];
      return there.status !== "up" && here.status === "up" ? [{ node, words: `was ${there.status}` }] : [];
    });
  }

  /**
   * Returns the places of a label around a node.
   *
   * @param {number} node
   * @param {string} words
   */
  around(node, words) {
    const { unit, radius } = this.measures;
    const { x, y } = this.places[node];
    const [wide, high] = [width(words, unit, 500) + unit * 0.9, unit * 1.5];
    const [aside, off] = [radius + unit * 0.6 + wide / 2, radius + unit * 0.9 + high / 2];
    const ways = [
      [0, off],
      [0, -off],
      [aside, radius * 0.7],
      [-aside, radius * 0.7],
      [aside, -radius * 0.7],
      [-aside, -radius * 0.7],
      [aside, 0],
      [-aside, 0],
      [0, off + high * 1.4],
      [0, off + high * 2.8],
      [0, -off - high * 1.4],
      [aside, off],
      [-aside, off],
    ];
    return ways.map(([right, down]) => boxAround({ x: x + right, y: y + down }, wide, high));
  }
}

/** @param {readonly { decision?: boolean, value?: number | string }[]} outputs */
function decided(outputs) {
  const last = outputs.at(-1);
  return last?.decision ? shown(last.value) : null;
}
