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

/** What somebody does who asks. */
const HINT = "Count hands with the digit keys, or type them after Enter. → goes on.";
/** How many digits a number of hands has at most. */
const MOST_DIGITS = 4;

/** The questions of a run, one below the other. */
export class Questions {
  /**
   * @param {Player} player
   * @param {() => void} counted is called when hands are counted
   */
  constructor(player, counted) {
    this.player = player;
    this.counted = counted;
    /** @type {Predict[]} */
    this.list = [];
    this.element = h("div", { class: "questions" });
  }

  /** Takes the questions of the run that was opened. */
  renew() {
    this.list = this.player.run.questions.map((_, index) => new Predict(this.player, index, this.counted));
    this.element.replaceChildren(...this.list.map(({ element }) => element));
  }

  show() {
    for (const question of this.list) question.show();
    this.element.hidden = this.list.every(({ element }) => element.hidden);
  }

  /** The question that the room is asked now, that of this page first; null if it is asked none. */
  get open() {
    const open = this.list.filter(({ isOpen }) => isOpen);
    return open.find(({ element }) => !element.matches(".off")) ?? open[0] ?? null;
  }

  /** What is shown, by which a change is seen. */
  get key() {
    return this.list.map(({ element, key }) => (element.hidden ? "" : `${element.matches(".known")} ${key}`)).join("|");
  }
}

class Predict {
  /**
   * @param {Player} player
   * @param {number} index
   * @param {() => void} counted
   */
  constructor(player, index, counted) {
    this.player = player;
    this.index = index;
    this.counted = counted;
    /**
     * Where hands are typed now.
     *
     * @type {HTMLInputElement | null}
     */
    this.field = null;
    this.key = "";
    this.wasAnswered = false;
    /**
     * The first stop at which the answer was shown.
     *
     * @type {number | null}
     */
    this.told = null;
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
    this.put(index, Math.max(0, this.votes[index] + by));
    return true;
  }

  /**
   * Takes the hands for a choice as they were counted elsewhere, as long as the room is asked.
   *
   * @param {number} index
   * @param {number} hands
   */
  take(index, hands) {
    if (this.isOpen && index in this.votes) this.put(index, hands);
  }

  /**
   * @param {number} index
   * @param {number} hands
   */
  put(index, hands) {
    this.votes[index] = hands;
    this.key = "";
    this.show();
    this.counted();
  }

  show() {
    const { element, isAnswered, isOpen, question, votes } = this;
    element.hidden = !isOpen && !(isAnswered && (this.isHere || this.isSettled));
    const { stop } = this.player;
    if (isAnswered && !element.hidden) this.told = Math.min(this.told ?? stop, stop);
    element.classList.toggle("known", !element.hidden && this.told !== null && this.told < stop);
    if (element.hidden) return;
    const key = `${isAnswered}|${votes}`;
    if (key === this.key) return;
    this.key = key;
    element.classList.toggle("answered", isAnswered);
    element.replaceChildren(
      h("h3", {}, question.ask),
      ...question.choices.map((_, index) => this.row(question, index, isAnswered)),
      h("p", { class: "hint" }, isAnswered ? answerTold(question) : HINT),
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
    // Where nobody has voted, there is no count to compare.
    const isCounted = this.votes.some((count) => count > 0);
    const why = isAnswered && because ? h("span", { class: "why" }, because) : null;
    return h(
      "div",
      { class: `choice${isRight ? " right" : ""}` },
      h(
        "button",
        { type: "button", disabled: isAnswered, onclick: () => this.vote(index) },
        h("kbd", {}, String(index + 1)),
        h("span", { class: "words" }, say, isRight ? "\u00a0✓" : "", why),
        isCounted ? this.bar(votes) : null,
      ),
      isCounted ? this.count(say, index, isAnswered) : null,
      isCounted && !isAnswered ? this.fewer(say, index) : null,
    );
  }

  /** @param {number} votes */
  bar(votes) {
    const bar = h("span", { class: "bar" });
    bar.style.inlineSize = `${(votes / Math.max(1, ...this.votes)) * 100}%`;
    return h("span", { class: "track" }, bar);
  }

  /**
   * Returns the number of hands for a choice. As long as the room is asked, it can be typed.
   *
   * @param {string} say
   * @param {number} index
   * @param {boolean} isAnswered
   */
  count(say, index, isAnswered) {
    const votes = this.votes[index];
    const unit = votes === 1 ? "hand" : "hands";
    if (isAnswered) return [h("span", { class: "hands" }, String(votes)), h("span", { class: "unseen" }, ` ${unit}`)];
    const label = `${votes} ${unit} for ${say}: type another number`;
    const type = () => this.typeHands(index);
    return h("button", { type: "button", class: "hands", "aria-label": label, onclick: type }, String(votes));
  }

  /**
   * @param {string} say
   * @param {number} index
   */
  fewer(say, index) {
    const label = `Remove a hand for ${say}`;
    const fewer = () => this.vote(index, -1);
    return h("button", { type: "button", class: "less", "aria-label": label, onclick: fewer }, "−");
  }

  /**
   * Lets the hands for a choice be typed, and from there on for those after it.
   *
   * @param {number} index
   */
  typeHands(index) {
    const choice = this.question.choices[index];
    const row = this.element.querySelectorAll(".choice")[index];
    if (!choice || !row || !this.isOpen) return;
    /** @type {HTMLInputElement} */
    const field = h("input", {
      class: "hands",
      inputmode: "numeric",
      autocomplete: "off",
      maxlength: MOST_DIGITS,
      value: this.votes[index] || "",
      "aria-label": `Hands for ${choice.say}`,
      onkeydown: (event) => event.key === "Enter" && this.typed(index, field, index + 1),
      onblur: () => this.typed(index, field),
    });
    row.querySelector(".hands")?.remove();
    row.querySelector("button")?.after(field);
    this.field = field;
    field.focus();
    field.select();
  }

  /**
   * Takes hands that were typed, and asks for those of another choice.
   *
   * @param {number} index
   * @param {HTMLInputElement} field
   * @param {number | null} [next]
   */
  typed(index, field, next = null) {
    // What is taken away loses the focus, and is heard a second time.
    if (this.field !== field) return;
    this.field = null;
    const hands = Number(field.value.trim());
    this.put(index, Number.isInteger(hands) && hands >= 0 ? hands : this.votes[index]);
    if (next !== null) this.typeHands(next);
  }
}

/**
 * Returns what is said under the choices: nothing where one of them is marked as right.
 *
 * @param {Question} question
 */
export function answerTold({ answer, by, none }) {
  if (answer !== null) return "";
  if (by === "sweep") return "Many runs answer this: open the odds with O.";
  if (by === "search") return "A search answers this: open the worst case with W.";
  return none ?? "This run does not say.";
}
