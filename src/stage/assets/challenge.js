// @ts-check
// The challenge of a scenario: what is to be reached, the keys that may be changed, and the judge,
// who says what breaks an answer.

/** @import * as Wire from "../wire.d.ts" */
/** @import { Fork, Pairs, Request } from "./forks.js" */
/** @import { Run } from "./run.js" */

import * as api from "./api.js";
import { h } from "./dom.js";
import { applied } from "./forks.js";
import { inline } from "./inline.js";
import * as progress from "./progress.js";
import { queued } from "./words.js";

/** @typedef {Wire.ChallengeShown["change"][number]} Change */
/** @typedef {Extract<Wire.ChallengeLine, { done: unknown }>["done"]} Ruling */

/**
 * What is done with an answer and with the run that breaks it.
 *
 * @typedef {{
 *   change: (answer: Pairs) => unknown,
 *   open: (request: Wire.RunTold, says: string) => unknown,
 * }} ChallengeActions
 *
 * What is open: the rehearsed run with its request, and what is changed in it.
 *
 * @typedef {{ rehearsed: { run: Run, request: Request }, forks: readonly Fork[] }} Opened
 */

export class ChallengePage {
  /** @param {ChallengeActions} actions */
  constructor(actions) {
    this.actions = actions;
    /** @type {Opened | null} */
    this.opened = null;
    /**
     * The keys that are changed, with their values.
     *
     * @type {Pairs}
     */
    this.answer = [];
    /** @type {AbortController | null} */
    this.leaving = null;
    this.solved = h("p", { class: "solved", hidden: true });
    this.task = h("div", { class: "task" });
    this.controls = h("div", { class: "controls" });
    this.aside = h("p", { class: "hint", hidden: true });
    this.status = h("p", { class: "status", role: "status" });
    this.result = h("div", { class: "result" });
    this.hints = h("ol", { class: "hints" });
    this.hint = h("button", { type: "button", onclick: () => this.tellHint() });
    this.element = h(
      "section",
      { class: "challenge" },
      this.solved,
      this.task,
      this.controls,
      this.aside,
      h(
        "p",
        { class: "answers" },
        h("button", { type: "button", class: "main", onclick: () => this.judge(false) }, "Judge"),
        h("button", { type: "button", onclick: () => this.judge(true) }, "It can’t be done"),
        this.hint,
      ),
      this.status,
      this.result,
      this.hints,
    );
  }

  /** The challenge of the rehearsed run, if it has one. */
  get challenge() {
    return this.opened?.rehearsed.run.show.challenge ?? null;
  }

  /** The name under which progress is kept; null for a file of one's own. */
  get path() {
    const { scenario, text } = this.opened?.rehearsed.request ?? {};
    return text ? null : (scenario ?? null);
  }

  /** @param {Opened} opened */
  show(opened) {
    const isOther = this.opened?.rehearsed !== opened.rehearsed;
    this.opened = opened;
    if (!this.challenge) return;
    if (isOther) this.tell(this.challenge);
    const { answer, others } = answerOf(this.challenge, opened);
    // The run that breaks an answer is shown with the answer.
    if (!isSame(answer, this.answer)) this.forget();
    this.answer = answer;
    this.aside.hidden = others.length === 0;
    this.aside.textContent = `Not part of the answer, and not judged: ${others.join(", ")}.`;
    // The control in use keeps the focus.
    const focused = document.activeElement?.id;
    this.controls.replaceChildren(...this.challenge.change.map((change) => this.control(change)));
    if (focused?.startsWith("change-")) document.getElementById(focused)?.focus();
  }

  /**
   * Tells the task of another scenario.
   *
   * @param {Wire.ChallengeShown} challenge
   */
  tell({ goal, must, judged, hints }) {
    this.forget();
    this.answer = [];
    this.showSolved();
    const conditions = must.flatMap(({ text, says }) => [
      h("dt", {}, h("code", {}, text)),
      says ? h("dd", {}, ...inline(says)) : null,
    ]);
    this.task.replaceChildren(
      h("h3", {}, "The challenge"),
      h("p", { class: "goal" }, ...inline(goal)),
      h("p", {}, "Every run must meet"),
      h("dl", {}, ...conditions),
      h("p", { class: "judged" }, judged),
      h("p", {}, "You may change"),
    );
    this.hints.replaceChildren();
    this.nameHint(hints.length);
  }

  /** Says in how many changes it was solved here before. */
  showSolved() {
    const changes = this.path ? progress.solvedIn(this.path) : null;
    this.solved.hidden = changes === null;
    if (changes === 0) this.solved.textContent = "✓ You have shown that this cannot be done.";
    else if (changes !== null) this.solved.textContent = `✓ You have solved this in ${counted(changes)}.`;
  }

  /** Ends the judge's work, and clears what was said of another answer. */
  forget() {
    this.leaving?.abort();
    this.status.textContent = "";
    this.result.replaceChildren();
  }

  /** @param {Change} change */
  control({ key, values, now, says, only }) {
    const id = `change-${key.replace(/[^a-z0-9]/gi, "-")}`;
    const chosen = this.answer.find(([known]) => known === key)?.[1] ?? "";
    const own = this.opened?.rehearsed.run.show.challenge?.change.find((change) => change.key === key)?.now ?? now;
    const asItIs = own === null ? "as it is" : `as it is: ${own}`;
    const options = values.map((value) => h("option", { value, selected: value === chosen }, value));
    const select = h("select", { id }, h("option", { value: "", selected: chosen === "" }, asItIs), ...options);
    select.disabled = !goesWith(only, protocolOf(this.answer, this.opened));
    select.addEventListener("change", () => {
      const others = this.answer.filter(([known]) => known !== key);
      this.actions.change(this.meant(select.value ? [...others, [key, select.value]] : others));
    });
    const label = key.replace(/^params\./, "");
    const meaning = only.length === 0 ? says : `${says} Only with ${only.join(" or ")}.`;
    return h(
      "div",
      { class: "knob" },
      h("label", { for: id, title: key }, h("code", {}, label)),
      select,
      h("p", {}, ...inline(meaning)),
    );
  }

  /**
   * Returns what an answer may set with the protocol that it chooses.
   *
   * @param {Pairs} answer
   * @returns {Pairs}
   */
  meant(answer) {
    const protocol = protocolOf(answer, this.opened);
    const only = (/** @type {string} */ key) => this.challenge?.change.find((change) => change.key === key)?.only ?? [];
    return answer.filter(([key]) => goesWith(only(key), protocol));
  }

  /** Tells the next hint. */
  tellHint() {
    const hints = this.challenge?.hints ?? [];
    const hint = hints[this.hints.children.length];
    if (hint) this.hints.append(h("li", {}, ...inline(hint)));
    this.nameHint(hints.length);
  }

  /** @param {number} count how many hints there are */
  nameHint(count) {
    const told = this.hints.children.length;
    this.hint.hidden = told >= count;
    this.hint.textContent = told === 0 ? "A hint" : "Another hint";
  }

  /** @param {boolean} impossible whether the answer is that nothing reaches the goal */
  async judge(impossible) {
    if (!this.opened) return;
    this.forget();
    this.leaving = new AbortController();
    const { scenario, text } = this.opened.rehearsed.request;
    const order = api.requestBody({ scenario, text, set: impossible ? [] : this.answer, force: [] });
    this.status.textContent = "The judge runs it …";
    try {
      await api.challenge({ order, impossible }, this.leaving.signal, (line) => this.hear(line));
    } catch (error) {
      if (!api.isAborted(error)) this.status.textContent = api.reportOf(error);
    }
  }

  /** @param {Wire.ChallengeLine} line */
  hear(line) {
    if ("error" in line) this.status.textContent = line.error.report || line.error.message;
    else if ("queue" in line) this.status.textContent = queued(line.queue);
    else if ("progress" in line) this.status.textContent = `${line.progress.runs.toLocaleString("en")} runs …`;
    else this.showRuling(line.done);
  }

  /** @param {Ruling} verdict */
  showRuling({ solved, changes, sentence, lesson, counterexample }) {
    this.status.textContent = sentence;
    this.status.classList.toggle("good", solved);
    this.result.replaceChildren(
      ...lesson.map((words) => h("p", { class: "lesson" }, ...inline(words))),
      ...(counterexample ? this.brokenBy(counterexample) : []),
    );
    this.result.scrollIntoView({ block: "nearest" });
    if (solved && this.path) progress.note(this.path, changes);
    this.showSolved();
  }

  /**
   * @param {NonNullable<Ruling["counterexample"]>} counterexample
   * @returns {HTMLElement[]}
   */
  brokenBy({ because, command, order, aside }) {
    const open = () => order && this.actions.open(order, "what breaks the answer");
    const button = h("button", { type: "button", class: "main", onclick: open }, "Open the run that breaks it");
    return [
      h("p", { class: "sentence" }, ...inline(because)),
      ...(order ? [button] : []),
      h("p", { class: "command" }, "In a terminal: ", h("code", {}, command)),
      ...(aside ? [h("p", { class: "hint" }, ...inline(aside))] : []),
    ];
  }
}

/**
 * Returns the answer that a run is of: the keys that the challenge lets be changed, and in words
 * what else is changed.
 *
 * @param {Wire.ChallengeShown} challenge
 * @param {Opened} opened
 * @returns {{ answer: Pairs, others: string[] }}
 */
export function answerOf({ change }, { rehearsed, forks }) {
  const { set, force } = applied(rehearsed.request, forks);
  /** @type {Pairs} */
  const answer = [];
  const others = force.map(([choice, option]) => `${choice} = ${option}`);
  for (const [key, value] of set) {
    if (change.some((allowed) => allowed.key === key && allowed.values.includes(value))) answer.push([key, value]);
    else others.push(`${key} = ${value}`);
  }
  return { answer, others };
}

/**
 * Whether two answers change the same.
 *
 * @param {Pairs} one
 * @param {Pairs} other
 */
function isSame(one, other) {
  const has = (/** @type {Pairs} */ pairs, /** @type {Pairs[number]} */ [key, value]) =>
    pairs.some(([known, own]) => known === key && own === value);
  return one.length === other.length && one.every((pair) => has(other, pair));
}

/**
 * Whether a key has a meaning with a protocol; `only` is empty where it has with all.
 *
 * @param {readonly string[]} only
 * @param {string | undefined} protocol
 */
function goesWith(only, protocol) {
  return only.length === 0 || (protocol !== undefined && only.includes(protocol));
}

/**
 * Returns the protocol of an answer: that of the rehearsed run, unless the answer chooses another.
 *
 * @param {Pairs} answer
 * @param {Opened | null} opened
 */
function protocolOf(answer, opened) {
  const chosen = answer.find(([key]) => key === "protocol")?.[1];
  return chosen ?? opened?.rehearsed.run.show.protocol.name;
}

/** @param {number} changes */
function counted(changes) {
  return `${changes} ${changes === 1 ? "change" : "changes"}`;
}
