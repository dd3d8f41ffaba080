// The question to the room: the run stops before its answer, hands are counted, and then it goes on to what happens.

import { h } from "./dom.js";

/** Hands by scenario, so that they survive going back and forth. */
const hands = new Map();

export class Predict {
  constructor(player) {
    this.player = player;
    this.element = h("section", { class: "predict", "aria-label": "The question to the room", hidden: true });
  }

  get votes() {
    const { show } = this.player.run;
    if (!hands.has(show.scenario))
      hands.set(
        show.scenario,
        show.predict.choices.map(() => 0),
      );
    return hands.get(show.scenario);
  }

  get isOpen() {
    return !this.element.hidden && !this.isAnswered;
  }

  /** Whether the answer shows: once the run has gone on from its question, for good. */
  get isAnswered() {
    const { player } = this;
    return player.seen > question(player.run).at;
  }

  /** Another hand for a choice; fewer with a negative number. */
  vote(index, by = 1) {
    if (!this.isOpen || !(index in this.votes)) return false;
    this.votes[index] = Math.max(0, this.votes[index] + by);
    this.key = null;
    this.show();
    return true;
  }

  show() {
    const { player, element } = this;
    const { predict } = player.run.show;
    const stop = question(player.run);
    element.hidden = !predict || !stop || player.at < stop.at || player.count === 0;
    if (element.hidden) return;
    const answered = this.isAnswered;
    const key = `${player.run.show.scenario}|${answered}|${this.votes}`;
    if (key === this.key) return;
    this.key = key;
    const most = Math.max(1, ...this.votes);
    const rows = predict.choices.map((choice, index) => this.row(choice, index, answered, most));
    element.className = `predict${answered ? " answered" : ""}`;
    element.replaceChildren(
      h("h3", {}, predict.ask),
      ...rows,
      h(
        "p",
        { class: "hint" },
        answered ? `What happens: ${predict.answer}.` : "Count hands with the digit keys or by clicking; → goes on.",
      ),
    );
  }

  row(choice, index, answered, most) {
    const { predict } = this.player.run.show;
    const right = answered && choice === predict.answer;
    const votes = this.votes[index];
    const bar = h("span", { class: "bar" });
    bar.style.inlineSize = `${(votes / most) * 100}%`;
    const less = h(
      "button",
      {
        type: "button",
        class: "less",
        "aria-label": `One hand fewer for ${choice}`,
        onclick: () => this.vote(index, -1),
      },
      "−",
    );
    return h(
      "div",
      { class: `choice${right ? " right" : ""}` },
      h(
        "button",
        { type: "button", disabled: answered, onclick: () => this.vote(index) },
        h("kbd", {}, String(index + 1)),
        h("span", { class: "words" }, choice, right ? " ✓" : ""),
        h("span", { class: "track" }, bar),
        h("span", { class: "hands" }, String(votes)),
        h("span", { class: "unseen" }, votes === 1 ? " hand" : " hands"),
      ),
      answered ? null : less,
    );
  }
}

function question(run) {
  return run.stops.find((stop) => stop.kind === "question");
}
