// @ts-check
// The knobs: everything that can be changed in the scenario, as controls with their ranges. A change
// runs at once.

/** @import { Knob, KnobGroup } from "../wire.d.ts" */
/** @import { Fork } from "./forks.js" */
/** @import { Run } from "./run.js" */
/** @import { Wanted } from "./seed_search.js" */
/** @import { Cast } from "./told.js" */

import { reportOf } from "./api.js";
import { button, h } from "./dom.js";
import { inline } from "./inline.js";
import { preparedButtons } from "./prepared.js";
import { named } from "./told.js";
import { Turning } from "./turning.js";

/** @type {Record<KnobGroup, string>} */
const GROUPS = { nodes: "The nodes", protocol: "The protocol", network: "The network", faults: "What goes wrong" };

/** While these are turned, the run is replayed: how much is lost is best seen on the way. */
const REPLAYED = /(^|\.)loss$/;

/** A knob with a larger range than this has no slider. */
const LARGEST_RANGE = 1000;

/**
 * What the knobs do: change the run, change and replay it while a knob is turned, change it as its
 * story has it ready, go to the next seed, show a wall of seeds, or search for a seed with a wanted
 * verdict.
 *
 * @typedef {{
 *   change: (fork: Fork) => unknown,
 *   replay: (fork: Fork) => unknown,
 *   tryPrepared: (index: number) => unknown,
 *   nextSeed: () => unknown,
 *   showWall: () => unknown,
 *   edit: () => unknown,
 *   searchSeed: (wanted: Wanted, tell: (words: string) => void) => unknown,
 * }} KnobActions
 */

export class Knobs {
  /** @param {KnobActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.error = h("pre", { class: "refusal", role: "alert", hidden: true });
    this.body = h("div", { class: "groups" });
    this.seed = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]+", "aria-label": "Seed" });
    this.seed.addEventListener("change", () => actions.change({ seed: this.seed.value.trim() }));
    this.found = h("p", { class: "seed-found", role: "status" });
    this.ready = h("fieldset", { class: "ready" });
    /** The nodes that the labels name. @type {Cast} */
    this.cast = { nodes: [] };
    this.turning = new Turning((fork) => actions.replay(fork));
    this.element = h(
      "section",
      { class: "knobs" },
      h(
        "div",
        { class: "seed" },
        h("label", {}, "seed", this.seed),
        h("button", { type: "button", onclick: () => void actions.nextSeed() }, "next"),
      ),
      h(
        "div",
        { class: "seed-search" },
        h("span", {}, "Find a seed where it "),
        this.search("breaks", "violated"),
        this.search("holds", "holds"),
        h("span", {}, "or see "),
        button("10,000 of them", "Y", () => actions.showWall()),
      ),
      this.found,
      this.error,
      this.ready,
      this.body,
      h("p", { class: "file" }, "Everything else: ", button("edit the scenario's file", "G", actions.edit)),
    );
  }

  /**
   * Returns the button that searches for a seed.
   *
   * @param {string} words
   * @param {Wanted} wanted
   */
  search(words, wanted) {
    /** @type {(words: string) => void} */
    const tell = (words) => {
      this.found.textContent = words;
    };
    return h("button", { type: "button", onclick: () => void this.actions.searchSeed(wanted, tell) }, words);
  }

  /** @param {Run} run */
  show({ seed, show, nodes }) {
    this.cast = { nodes };
    this.seed.value = seed;
    this.error.hidden = true;
    this.found.textContent = "";
    this.ready.hidden = show.try.length === 0;
    this.ready.replaceChildren(
      h("legend", {}, "What if?"),
      ...preparedButtons(show.try, (index) => this.actions.tryPrepared(index)),
    );
    // The knob in hand stays.
    if (this.turning.isOn) return;
    const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
      const knobs = show.knobs.filter((knob) => knob.group === group).map((knob) => this.knob(knob));
      return knobs.length > 0 ? [h("fieldset", {}, h("legend", {}, title), ...knobs)] : [];
    });
    // The control in use keeps the focus.
    const focused = document.activeElement?.id;
    this.body.replaceChildren(...groups);
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {Error} error */
  refuse(error) {
    this.error.hidden = false;
    this.error.textContent = reportOf(error);
  }

  /** @param {Knob} knob */
  knob(knob) {
    const { key, force, says } = knob;
    const label = named(this.cast, knob.label);
    const id = `knob-${(key ?? force ?? knob.label).replace(/[^a-z0-9]/gi, "-")}`;
    /** @type {(value: string) => void} */
    const change = (value) => {
      this.turning.end();
      this.actions.change(force ? { choice: force, option: value } : { key, value });
    };
    const turn = key && REPLAYED.test(key) ? (/** @type {string} */ value) => this.turning.to({ key, value }) : null;
    const described = says ? h("p", {}, ...inline(says)) : null;
    return h("div", { class: "knob" }, h("label", { for: id }, label), control(knob, id, change, turn), described);
  }
}

/**
 * @param {Knob} knob
 * @param {string} id
 * @param {(value: string) => void} change
 * @param {((value: string) => void) | null} turn what is done while a slider moves
 * @returns {HTMLElement}
 */
function control(knob, id, change, turn) {
  switch (knob.kind) {
    case "truth":
      return checkbox(knob, id, change);
    case "word":
      return choice(knob, id, change);
    case "integer":
    case "number":
      return number(knob, id, change, turn);
    default:
      return text(knob, id, change);
  }
}

/** @typedef {(knob: Knob, id: string, change: (value: string) => void) => HTMLElement} Control */

/** @type {Control} */
function checkbox({ value }, id, change) {
  const box = h("input", { type: "checkbox", id, checked: value === true });
  box.addEventListener("change", () => change(String(box.checked)));
  return box;
}

/** @type {Control} */
function choice({ value, words = [] }, id, change) {
  const given = value === null ? null : String(value);
  const all = given === null || words.includes(given) ? words : [given, ...words];
  const options = all.map((word) => h("option", { value: word, selected: word === given }, word));
  if (given === null) options.unshift(h("option", { value: "", selected: true, disabled: true }, "not given"));
  const select = h("select", { id }, ...options);
  select.addEventListener("change", () => change(select.value));
  return select;
}

/** @type {Control} */
function text({ value }, id, change) {
  const placeholder = "not given";
  const box = h("input", { type: "text", id, value: value ?? "", placeholder, spellcheck: "false" });
  listen(box, change);
  return box;
}

/** @type {typeof control} */
function number({ kind, value, min, max, step, label }, id, change, turn) {
  const own = kind === "integer" ? 1 : step;
  const box = h("input", { type: "number", id, min, max, step: own ?? "any", value: value ?? "" });
  listen(box, change);
  if (min === undefined || max === undefined || max - min > LARGEST_RANGE) return box;
  const range = { type: "range", min, max, step: own ?? (max - min) / 100, value: value ?? min };
  const slider = h("input", { ...range, "aria-label": label });
  slider.addEventListener("input", () => {
    box.value = slider.value;
    turn?.(slider.value);
  });
  slider.addEventListener("change", () => change(slider.value));
  return h("span", { class: "pair" }, slider, box);
}

/**
 * @param {HTMLInputElement} box
 * @param {(value: string) => void} change
 */
function listen(box, change) {
  box.addEventListener("change", () => {
    const value = box.value.trim();
    if (value) change(value);
  });
}
