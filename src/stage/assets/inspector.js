// @ts-check
// The inspector: all about the message, event or node that is selected, and what could have
// happened instead.

/** @import { Child } from "./dom.js" */
/** @import { Player } from "./player.js" */
/** @import * as Wire from "../wire.d.ts" */
/** @import { Fact } from "./facts.js" */
/** @import { Message, Run, RunEvent } from "./run.js" */
/** @import { Actions } from "./theatre.js" */
/** @import { Option } from "./what_if.js" */

import { entriesOf } from "./chips.js";
import { closeButton, h } from "./dom.js";
import { differing, elementsOf, keyWords, stateWords, valueWords } from "./facts.js";
import { eventOf, messageOf } from "./selection.js";
import { sentence } from "./sentences.js";
import { quotable } from "./told.js";
import { aboutBothWays, aboutMessage, aboutNode, failuresAt } from "./what_if.js";
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
    if (selected?.link) return this.aboutLink(selected.link);
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
      end?.facts?.length ? ["then", `${run.nodes[message.to].name}: ${stateWords(run, end.facts)}`] : null,
    ];
    // A pause of the receiver is less interesting than its crash.
    const node = end && end.node === message.to ? failuresAt(run, message.to, end, this.player).slice(0, 2) : [];
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
    const before = node === undefined ? [] : run.nodeAt(node, event.id).facts;
    /** @type {Row[]} */
    const rows = [
      ["event", `${event.id}, ${event.what.replaceAll("_", " ")}`],
      ["at", span(event.at)],
      this.because(event),
      before.length > 0 ? ["before", stateWords(run, before)] : null,
      event.facts ? ["after", stateWords(run, event.facts) || "nothing"] : null,
    ];
    const options = node === undefined ? [] : failuresAt(run, node, event, this.player);
    return [h("h3", {}, sentence(run, event)), details(rows), this.options(options)];
  }

  /** @param {number} node */
  aboutNode(node) {
    const { run, at, count } = this.player;
    const { name, traitor, lie } = run.nodes[node];
    const { facts, status, outputs } = run.nodeAt(node, count);
    const last = run.lastOf(count, (event) => event.node === node);
    const error = run.clockAt(node, at);
    /** @type {Row[]} */
    const rows = [
      traitor ? ["traitor", lie ?? "yes"] : null,
      ...factRows(run, facts, rehearsedFacts(run, node, at) ?? facts),
      status === "up" ? null : ["now", status],
      error === null ? null : ["clock", `${signed(Math.round(error))} against true time`],
      last ? ["last", this.visitButton(last)] : null,
      ...outputRows(run, outputs),
    ];
    return [h("h3", {}, name), details(rows), this.options(aboutNode(run, node, at))];
  }

  /** @param {{ from: number, to: number }} link */
  aboutLink(link) {
    const { run, at } = this.player;
    const [one, other] = [run.nodes[link.from].name, run.nodes[link.to].name];
    const isOn = (/** @type {Message} */ { from, to }) =>
      [from, to].includes(link.from) && [from, to].includes(link.to);
    const underWay = run.underWay(at).filter(isOn);
    /** @type {Row[]} */
    const rows = [["under way", underWay.map(({ words }) => `“${words}”`).join(", ") || "nothing"]];
    return [h("h3", {}, `${one} – ${other}`), details(rows), this.options(aboutBothWays(run, link, at))];
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

/**
 * Returns what a node of a changed run knew at the same moment of the rehearsed one; null where no run
 * is changed.
 *
 * @param {Run} run
 * @param {number} node
 * @param {number} at
 */
function rehearsedFacts({ parting }, node, at) {
  return parting ? parting.before.nodeAt(node, parting.before.countAt(at)).facts : null;
}

/**
 * Returns a row for each fact; what has elements lists them. Where the rehearsed run differs, that is
 * said, too.
 *
 * @param {Run} run
 * @param {readonly Fact[]} facts
 * @param {readonly Fact[]} rehearsed
 * @returns {Row[]}
 */
function factRows(run, facts, rehearsed) {
  const differ = new Set(differing(facts, rehearsed));
  /** @type {(name: string) => Child} */
  const instead = (name) => {
    if (!differ.has(name)) return null;
    const before = rehearsed.find((fact) => fact.name === name);
    return h("em", { class: "rehearsed" }, `rehearsed: ${before ? valueWords(run, before) : "nothing"}`);
  };
  const lost = rehearsed.filter(({ name }) => facts.every((fact) => fact.name !== name));
  return [
    ...facts.map((fact) => {
      const held = elementsOf(fact);
      const is = held ? elementList(run, held) : valueWords(run, fact);
      return /** @type {Row} */ ([fact.name, h("div", {}, is, instead(fact.name))]);
    }),
    ...lost.map(({ name }) => /** @type {Row} */ ([name, h("div", {}, "nothing", instead(name))])),
  ];
}

/**
 * @param {Run} run
 * @param {Wire.Elements} held
 */
function elementList(run, { elements, more }) {
  if (elements.length === 0) return "empty";
  const rows = elements.map(({ key, value, marked }) =>
    h(
      "li",
      { class: marked ? "marked" : "" },
      keyWords(run, key),
      value === undefined ? null : `: ${quotable(run, value)}`,
    ),
  );
  return h("ul", { class: "elements" }, more > 0 ? h("li", {}, `${more} more`) : null, ...rows);
}

/**
 * Returns what a node told its user: a row for each table with all its entries, each with how often
 * it is there, and one for the last of the rest.
 *
 * @param {Run} run
 * @param {readonly RunEvent[]} outputs
 * @returns {Row[]}
 */
function outputRows(run, outputs) {
  const { tables } = run.show;
  /** @type {(output: RunEvent) => boolean} */
  const isEntry = ({ name = "" }) => tables.includes(name);
  /** @type {Row[]} */
  const rows = tables.flatMap((name) => {
    const entries = outputs.filter((output) => output.name === name);
    return entries.length > 0 ? [/** @type {Row} */ ([name, entryList(entries)])] : [];
  });
  const rest = outputs.filter((output) => !isEntry(output)).slice(-MOST_OUTPUTS);
  const told = rest.map((output) => `${output.name} ${shown(output.value)}`);
  return told.length > 0 ? [...rows, ["told its user", told.join(", ")]] : rows;
}

/** @param {readonly RunEvent[]} entries */
function entryList(entries) {
  const { counted, once } = entriesOf(entries);
  const rows = counted.map(({ value, count }) =>
    h("li", { class: count > 1 ? "marked" : "" }, count > 1 ? `${shown(value)} ×${count}` : shown(value)),
  );
  return h("ul", { class: "elements" }, once > 0 ? h("li", {}, `${once} once`) : null, ...rows);
}

/** @param {Row[]} rows */
function details(rows) {
  const shown = rows.flatMap((row) => (row ? [h("dt", {}, row[0]), h("dd", {}, row[1])] : []));
  return h("dl", {}, ...shown);
}
