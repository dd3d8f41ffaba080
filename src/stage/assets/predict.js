// @ts-check
// The question to the room: the run stops before its answer, hands are counted, and then it goes
// on.

/** @import { Question } from "../wire.d.ts" */
/** @import { Player } from "./player.js" */

import { h } from "./dom.js";

/**
 * Hands by scenario, so that they are kept when the presenter opens another run and comes back.
 *
 * @type {Map<string, number[]>}
 */
const hands = new Map();

export class Predict {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.key = "";
    this.element = h("section", { class: "predict", "aria-label": "The question to the room", hidden: true });
  }

  /**
   * The hands for each choice.
   *
   * @returns {number[]}
   */
  get votes() {
    const { scenario, predict } = this.player.run.show;
    const known = hands.get(scenario);
    if (known) return known;
    const none = (predict?.choices ?? []).map(() => 0);
    hands.set(scenario, none);
    return none;
  }

  get isOpen() {
    return !this.element.hidden && !this.isAnswered;
  }

  /** Whether the answer shows: once the run has gone on from its question, for good. */
  get isAnswered() {
    const { stop } = this;
    return stop !== undefined && this.player.seen > stop.at;
  }

  /** The stop at the question. */
  get stop() {
    return this.player.run.stops.find((stop) => stop.kind === "question");
  }

  /**
   * Counts a hand for a choice; one fewer with -1. Returns whether it counts.
   *
   * @param {number} index
   * @param {1 | -1} [by]
   */
  vote(index, by = 1) {
    if (!this.isOpen || !(index in this.votes)) return false;
    this.votes[index] = Math.max(0, this.votes[index] + by);
    this.key = "";
    this.show();
    return true;
  }

  show() {
    const { player, element, stop } = this;
    const { predict, scenario } = player.run.show;
    element.hidden = !predict || !stop || player.at < stop.at || player.count === 0;
    if (element.hidden || !predict) return;
    const { isAnswered } = this;
    const key = `${scenario}|${isAnswered}|${this.votes}`;
    if (key === this.key) return;
    this.key = key;
    const hint = isAnswered
      ? `What happens: ${predict.answer}.`
      : "Count hands with the digit keys or by clicking; → goes on.";
    element.className = `predict${isAnswered ? " answered" : ""}`;
    element.replaceChildren(
      h("h3", {}, predict.ask),
      ...predict.choices.map((_, index) => this.row(predict, index, isAnswered)),
      h("p", { class: "hint" }, hint),
    );
  }

  /**
   * @param {Question} question
   * @param {number} index
   * @param {boolean} isAnswered
   */
  row({ choices, answer }, index, isAnswered) {
    const choice = choices[index];
    const isRight = isAnswered && choice === answer;
    const votes = this.votes[index];
    const bar = h("span", { class: "bar" });
    bar.style.inlineSize = `${(votes / Math.max(1, ...this.votes)) * 100}%`;
    const label = `Remove a hand for ${choice}`;
    const fewer = () => this.vote(index, -1);
    const less = h("button", { type: "button", class: "less", "aria-label": label, onclick: fewer }, "−");
    return h(
      "div",
      { class: `choice${isRight ? " right" : ""}` },
      h(
        "button",
        { type: "button", disabled: isAnswered, onclick: () => this.vote(index) },
        h("kbd", {}, String(index + 1)),
        h("span", { class: "words" }, choice, isRight ? " ✓" : ""),
        h("span", { class: "track" }, bar),
        h("span", { class: "hands" }, String(votes)),
        h("span", { class: "unseen" }, votes === 1 ? " hand" : " hands"),
      ),
      isAnswered ? null : less,
    );
  }
}
