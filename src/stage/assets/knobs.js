// The knobs: what of the scenario can be turned, as controls with their ranges. A change runs at once.

import { h } from "./dom.js";

const GROUPS = { nodes: "The cast", protocol: "The protocol", network: "The network", faults: "What goes wrong" };

export class Knobs {
  /** `turn` gets a fork; `seek` a wanted verdict, to find a seed for. */
  constructor(actions) {
    this.actions = actions;
    this.error = h("pre", { class: "refusal", role: "alert", hidden: true });
    this.body = h("div", { class: "groups" });
    this.seed = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]+", "aria-label": "Seed" });
    this.seed.addEventListener("change", () => actions.turn({ seed: this.seed.value.trim() }));
    this.hunt = h("p", { class: "hunt", role: "status" });
    this.element = h(
      "section",
      { class: "knobs" },
      h(
        "div",
        { class: "seed" },
        h("label", {}, "seed", this.seed),
        h("button", { type: "button", onclick: actions.nextSeed }, "next"),
      ),
      h("div", { class: "hunts" }),
      this.hunt,
      this.error,
      this.body,
    );
  }

  show(run) {
    this.seed.value = run.report.seed;
    this.error.hidden = true;
    this.hunt.textContent = "";
    const find = (words, wanted) =>
      h(
        "button",
        { type: "button", onclick: () => this.actions.hunt(wanted, (words) => (this.hunt.textContent = words)) },
        words,
      );
    this.element
      .querySelector(".hunts")
      .replaceChildren("Find a seed where it ", find("breaks", "violated"), find("holds", "holds"));
    const groups = Object.entries(GROUPS).map(([group, title]) => {
      const knobs = run.show.knobs.filter((knob) => knob.group === group);
      return knobs.length > 0
        ? h("fieldset", {}, h("legend", {}, title), ...knobs.map((knob) => this.knob(knob)))
        : null;
    });
    // What is being turned keeps the focus.
    const focused = document.activeElement?.id;
    this.body.replaceChildren(...groups.filter(Boolean));
    if (focused) document.getElementById(focused)?.focus();
  }

  refuse(error) {
    this.error.hidden = false;
    this.error.textContent = error.report || error.message;
  }

  knob(knob) {
    const id = `knob-${(knob.key ?? knob.force).replace(/[^a-z0-9]/gi, "-")}`;
    const turn = (value) =>
      this.actions.turn(knob.force ? { choice: knob.force, option: value } : { key: knob.key, value });
    return h(
      "div",
      { class: "knob" },
      h("label", { for: id }, knob.label),
      control(knob, id, turn),
      knob.says ? h("p", {}, knob.says) : null,
    );
  }
}

function control(knob, id, turn) {
  const { kind, value, min, max } = knob;
  if (kind === "truth") {
    const box = h("input", { type: "checkbox", id, checked: value === true });
    box.addEventListener("change", () => turn(String(box.checked)));
    return box;
  }
  if (kind === "word") {
    const words = knob.words ?? [];
    const options = (value === null || words.includes(value) ? words : [value, ...words]).map((word) =>
      h("option", { value: word, selected: word === value }, word),
    );
    if (value === null) options.unshift(h("option", { value: "", selected: true, disabled: true }, "not given"));
    const select = h("select", { id }, ...options);
    select.addEventListener("change", () => turn(select.value));
    return select;
  }
  const number = kind === "integer" || kind === "number";
  const box = h(
    "input",
    number
      ? { type: "number", id, min, max, step: kind === "integer" ? 1 : (knob.step ?? "any"), value: value ?? "" }
      : { type: "text", id, value: value ?? "", placeholder: "not given", spellcheck: "false" },
  );
  box.addEventListener("change", () => box.value.trim() !== "" && turn(box.value.trim()));
  if (!number || min === undefined || max === undefined || max - min > 1000) return box;
  const slider = h("input", {
    type: "range",
    min,
    max,
    step: kind === "integer" ? 1 : (knob.step ?? (max - min) / 100),
    value: value ?? min,
    "aria-label": knob.label,
  });
  slider.addEventListener("input", () => (box.value = slider.value));
  slider.addEventListener("change", () => turn(slider.value));
  return h("span", { class: "pair" }, slider, box);
}
