// @ts-check
// The questions to the room: the run stops at each, hands are counted, and once the run has shown
// what is right, so does the question.

/** @import { Question } from "../wire.d.ts" */
/** @import { Player } from "./player.js" */

import { h } from "./dom.js";

/**
 * Hands by scenario and question, so that they are kept when the presenter opens another run and
 * comes back.
 *
 * @type {Map<string, number[]>}
 */
const hands = new Map();

/** The questions of a run, one below the other. */
export class Questions {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    /** @type {Predict[]} */
    this.list = [];
    this.element = h("div", { class: "questions" });
  }

  /** Takes the questions of the run that was opened. */
  renew() {
    this.list = this.player.run.questions.map((_, index) => new Predict(this.player, index));
    this.element.replaceChildren(...this.list.map(({ element }) => element));
  }

  show() {
    for (const question of this.list) question.show();
    this.element.hidden = this.list.every(({ element }) => element.hidden);
  }

  /**
   * Counts a hand for a choice of the question that is open. Returns whether it counts.
   *
   * @param {number} index
   */
  vote(index) {
    return this.list.some((question) => question.vote(index));
  }
}

class Predict {
  /**
   * @param {Player} player
   * @param {number} index
   */
  constructor(player, index) {
    this.player = player;
    this.index = index;
    this.key = "";
    this.wasAnswered = false;
    this.element = h("section", { class: "predict", "aria-label": "A question to the room", hidden: true });
  }

  get question() {
    return this.player.run.questions[this.index];
  }

  /**
   * The hands for each choice.
   *
   * @returns {number[]}
   */
  get votes() {
    const key = `${this.player.run.show.scenario}|${this.index}`;
    const known = hands.get(key);
    if (known) return known;
    const none = this.question.choices.map(() => 0);
    hands.set(key, none);
    return none;
  }

  /** The stop at the question, unless it is asked on the opening page. */
  get stop() {
    return this.player.run.stops.find((stop) => stop.kind === "question" && stop.index === this.index);
  }

  /** Whether the run stands where the question is asked. */
  get isHere() {
    const { player, stop } = this;
    return stop ? player.at === stop.at : player.count === 0 && player.at === 0;
  }

  /** Whether the room is asked now: until the run has shown what is right. */
  get isOpen() {
    return this.isHere && !this.isAnswered;
  }

  /** Whether the run has come to where it shows what is right. */
  get isSettled() {
    const { at, told, run } = this.player;
    const { settled } = this.question;
    return settled >= run.ends ? at >= run.ends && told >= run.events.length : told > 0 && at >= settled;
  }

  /** Whether the run has shown what is right; once it has, for good. */
  get isAnswered() {
    this.wasAnswered ||= this.isSettled;
    return this.wasAnswered;
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
    const { element, isAnswered, isOpen, question, votes } = this;
    element.hidden = !isOpen && !(isAnswered && (this.isHere || this.isSettled));
    if (element.hidden) return;
    const key = `${isAnswered}|${votes}`;
    if (key === this.key) return;
    this.key = key;
    element.className = `predict${isAnswered ? " answered" : ""}`;
    element.replaceChildren(
      h("h3", {}, question.ask),
      ...question.choices.map((_, index) => this.row(question, index, isAnswered)),
      h("p", { class: "hint" }, isAnswered ? told(question) : "Count hands with the digit keys; → goes on."),
    );
  }

  /**
   * @param {Question} question
   * @param {number} index
   * @param {boolean} isAnswered
   */
  row({ choices, answer }, index, isAnswered) {
    const { say, because } = choices[index];
    const isRight = isAnswered && index === answer;
    const votes = this.votes[index];
    const bar = h("span", { class: "bar" });
    bar.style.inlineSize = `${(votes / Math.max(1, ...this.votes)) * 100}%`;
    const label = `Remove a hand for ${say}`;
    const fewer = () => this.vote(index, -1);
    const less = h("button", { type: "button", class: "less", "aria-label": label, onclick: fewer }, "−");
    // Where nobody voted, there is no count to compare.
    const isCounted = !isAnswered || this.votes.some((count) => count > 0);
    const count = [
      h("span", { class: "track" }, bar),
      h("span", { class: "hands" }, String(votes)),
      h("span", { class: "unseen" }, votes === 1 ? " hand" : " hands"),
    ];
    const why = isAnswered && because ? h("span", { class: "why" }, because) : null;
    return h(
      "div",
      { class: `choice${isRight ? " right" : ""}` },
      h(
        "button",
        { type: "button", disabled: isAnswered, onclick: () => this.vote(index) },
        h("kbd", {}, String(index + 1)),
        h("span", { class: "words" }, say, isRight ? " ✓" : "", why),
        ...(isCounted ? count : []),
      ),
      isAnswered ? null : less,
    );
  }
}

/**
 * Returns what is said under the choices: nothing where one of them is marked as right.
 *
 * @param {Question} question
 */
function told({ answer, by, none }) {
  if (answer !== null) return "";
  if (by === "sweep") return "Many runs answer this: open the odds with O.";
  if (by === "search") return "A search answers this: open the worst case with W.";
  return none ?? "This run does not say.";
}
