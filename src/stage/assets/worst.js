// The worst case: a search for the fewest failures that violate a property, what it found in a sentence, and its run.

import * as api from "./api.js";
import { h } from "./dom.js";
import { queued } from "./words.js";

/** What an enemy can do, as scenarios write it, and in words. */
const DEEDS = [
  ["lose", "lose messages"],
  ["twice", "deliver twice"],
  ["corrupt", "damage messages"],
  ["crash", "crash nodes"],
  ["lie", "choose lies"],
];

export function worstDialog(actions) {
  const status = h("p", { class: "status", role: "status" });
  const bar = h("progress", { "aria-label": "Searching", hidden: true });
  const result = h("div", { class: "result" });
  const deeds = DEEDS.map(([value, words]) => h("label", {}, h("input", { type: "checkbox", value }), words));
  const most = h("input", { type: "number", min: 1, max: 20, placeholder: "own" });
  let leaving = null;
  let order = null;
  const start = () =>
    search().catch((error) => {
      if (error.name === "AbortError") return;
      bar.hidden = true;
      status.textContent = error.report || error.message;
    });
  const dialog = h(
    "dialog",
    { class: "worst", "aria-label": "The worst case" },
    h(
      "form",
      { method: "dialog" },
      h("h2", {}, "The worst case"),
      h("button", { class: "close", "aria-label": "Close" }, "×"),
    ),
    h(
      "p",
      { class: "hint" },
      "An enemy decides what chance would. The fewest failures are tried first, so what is found is as small as there is.",
    ),
    h(
      "form",
      {
        class: "asked",
        onsubmit: (event) => {
          event.preventDefault();
          start();
        },
      },
      h("fieldset", {}, h("legend", {}, "The enemy may (nothing chosen: what the scenario says)"), ...deeds),
      h("label", { class: "most" }, "failures at most", most),
      h("button", { class: "main" }, "Search"),
    ),
    bar,
    status,
    result,
  );
  dialog.addEventListener("close", () => leaving?.abort());

  async function search() {
    leaving?.abort();
    leaving = new AbortController();
    result.replaceChildren();
    bar.hidden = false;
    bar.removeAttribute("value");
    status.textContent = "Searching …";
    const asked = {
      order: api.orderOf(order),
      may: deeds
        .map((label) => label.firstChild)
        .filter((box) => box.checked)
        .map((box) => box.value),
    };
    if (most.value) asked.at_most = Number(most.value);
    await api.streamed("api/search", asked, leaving.signal, (line) => {
      if (line.error) status.textContent = line.error.report || line.error.message;
      if (line.queue) status.textContent = queued(line.queue);
      if (line.progress) progressed(line.progress);
      if (line.done) found(line);
    });
    bar.hidden = true;
  }

  function progressed({ runs, depth, done, of }) {
    if (of > 0) bar.value = done / of;
    status.textContent = `${runs.toLocaleString("en")} runs tried, with ${depth} ${depth === 1 ? "failure" : "failures"} now`;
  }

  function found({ done, question, sentence, command, set_aside: aside, order: worst }) {
    status.textContent = question ?? "";
    const forced = Object.entries(done.found?.forced ?? {});
    const open = () => {
      dialog.close();
      actions.open(worst, `the worst case: ${forced.map(([choice, option]) => `${choice} = ${option}`).join(", ")}`);
    };
    result.replaceChildren(
      ...[
        h("p", { class: "sentence" }, sentence),
        forced.length > 0
          ? h("ol", {}, ...forced.map(([choice, option]) => h("li", {}, h("code", {}, `${choice} = ${option}`))))
          : null,
        aside?.length > 0
          ? h("p", { class: "hint" }, `Set aside, so that the enemy begins from calm: ${aside.join(", ")}.`)
          : null,
        worst ? h("button", { type: "button", class: "main", onclick: open }, "Open this run") : null,
        command ? h("p", { class: "command" }, "In a terminal: ", h("code", {}, command)) : null,
      ].filter(Boolean),
    );
  }

  dialog.openFor = (asked) => {
    order = asked;
    dialog.showModal();
    start();
  };
  return dialog;
}
