// @ts-check
// The inspector: all about the message, event or node that is selected, and what could have
// happened instead.

/** @import { Child } from "./dom.js" */
/** @import { Player } from "./player.js" */
/** @import { Message, RunEvent } from "./run.js" */
/** @import { Actions } from "./theatre.js" */
/** @import { Option } from "./what_if.js" */

import { closeButton, h } from "./dom.js";
import { eventOf, messageOf } from "./selection.js";
import { sentence } from "./sentences.js";
import { aboutMessage, aboutNode, afterEvent } from "./what_if.js";
import { fate, messageName, shown, signed, span } from "./words.js";

/** How many outputs of a node are listed. */
const MOST_OUTPUTS = 6;

/** @typedef {[term: string, words: Child] | null} Row */

export class Inspector {
  /**
   * @param {Player} player
   * @param {Actions} actions
   */
  constructor(player, actions) {
    this.player = player;
    this.actions = actions;
    this.element = h("section", { class: "inspector", "aria-label": "Inspector", hidden: true });
    player.watch((_, change) => (change === "selection" || change === "run") && this.show());
  }

  show() {
    const { player, element } = this;
    element.hidden = !player.selected;
    if (!player.selected) return;
    const close = closeButton("Close the inspector", () => player.select(null));
    element.replaceChildren(close, ...this.body().filter((part) => part !== null));
  }

  body() {
    const { run, selected } = this.player;
    if (selected?.node !== undefined) return this.aboutNode(selected.node);
    const message = messageOf(run, selected);
    if (message) return this.aboutMessage(message);
    const event = eventOf(run, selected);
    return event === null ? [] : this.aboutEvent(run.events[event]);
  }

  /** @param {Message} message */
  aboutMessage(message) {
    const { run } = this.player;
    const { ending, sent, ends, words, truth, lie, name } = message;
    const isWithheld = ending === "withheld";
    const end = message.ended === undefined ? null : run.events[message.ended];
    /** @type {Row[]} */
    const rows = [
      ["message", h("code", {}, name)],
      ["sent", span(sent)],
      isWithheld
        ? null
        : [ending === "lost" ? "would arrive" : "arrives", `${span(ends)} (after ${span(ends - sent)})`],
      ["fate", fate(message)],
      truth ? ["instead of", `“${truth}”`] : null,
      this.because(run.events[message.began]),
      end?.state ? ["then", `${run.nodes[message.to].name}: ${end.state}`] : null,
    ];
    // A pause of the receiver is less interesting than its crash.
    const node = end && end.node === message.to ? afterEvent(run, message.to, end).slice(0, 2) : [];
    const heading = h(
      "h3",
      {},
      isWithheld ? "says nothing" : `“${words}”`,
      h("span", {}, messageName(run, message)),
      lie ? h("em", { class: "lie" }, "a lie") : null,
    );
    return [heading, details(rows), this.options([...aboutMessage(run, message), ...node])];
  }

  /** @param {RunEvent} event */
  aboutEvent(event) {
    const { run } = this.player;
    const { node } = event;
    const before = node === undefined ? "" : run.nodeAt(node, event.id).state;
    /** @type {Row[]} */
    const rows = [
      ["event", `${event.id}, ${event.what.replaceAll("_", " ")}`],
      ["at", span(event.at)],
      this.because(event),
      before ? ["before", before] : null,
      event.state ? ["after", event.state] : null,
    ];
    const options = node === undefined ? [] : afterEvent(run, node, event);
    return [h("h3", {}, sentence(run, event)), details(rows), this.options(options)];
  }

  /** @param {number} node */
  aboutNode(node) {
    const { run, at, count } = this.player;
    const { name, traitor, lie } = run.nodes[node];
    const { state, status, outputs } = run.nodeAt(node, count);
    const last = run.lastOf(count, (event) => event.node === node);
    const error = run.clockAt(node, at);
    const told = outputs.slice(-MOST_OUTPUTS).map((output) => `${output.name} ${shown(output.value)}`);
    /** @type {Row[]} */
    const rows = [
      traitor ? ["traitor", lie ?? "yes"] : null,
      ["state", state || "none"],
      status === "up" ? null : ["now", status],
      error === null ? null : ["clock", `${signed(Math.round(error))} against true time`],
      last ? ["last", this.visitButton(last)] : null,
      told.length > 0 ? ["told its user", told.join(", ")] : null,
    ];
    return [h("h3", {}, name), details(rows), this.options(aboutNode(run, node, at))];
  }

  /**
   * Returns the row of what an event was caused by.
   *
   * @param {RunEvent} event
   * @returns {Row}
   */
  because({ cause }) {
    return cause === undefined ? null : ["because", this.visitButton(this.player.run.events[cause])];
  }

  /** @param {RunEvent} event */
  visitButton(event) {
    const visit = () => this.actions.visit(event.id);
    return h("button", { type: "button", class: "link", onclick: visit }, sentence(this.player.run, event));
  }

  /** @param {Option[]} options */
  options(options) {
    const { fork } = this.actions;
    if (options.length === 0 || !fork) return null;
    const buttons = options.map(({ words, fork: change }) => {
      const { choice, option } = change;
      const data = choice === undefined ? {} : { "data-choice": `${choice}=${option}` };
      return h("button", { type: "button", ...data, onclick: () => fork(change) }, words);
    });
    return h("div", { class: "whatif" }, h("h4", {}, "What if?"), ...buttons);
  }
}

/** @param {Row[]} rows */
function details(rows) {
  const shown = rows.flatMap((row) => (row ? [h("dt", {}, row[0]), h("dd", {}, row[1])] : []));
  return h("dl", {}, ...shown);
}
