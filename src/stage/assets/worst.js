// The worst case: a search for the fewest failures that violate a property, what it found in a sentence, and its run.

import * as api from "./api.js";
import { h } from "./dom.js";

export function worstDialog(actions) {
  const status = h("p", { class: "status", role: "status" });
  const bar = h("progress", { "aria-label": "Searching" });
  const result = h("div", { class: "result" });
  let leaving = null;
  const dialog = h("dialog", { class: "worst", "aria-label": "The worst case" },
    h("form", { method: "dialog" }, h("h2", {}, "The worst case"), h("button", { class: "close", "aria-label": "Close" }, "×")),
    h("p", { class: "hint" }, "An enemy decides what chance would. The search tries the fewest failures first, so what it finds is as small as there is."), bar, status, result);
  dialog.addEventListener("close", () => leaving?.abort());

  async function search(order) {
    leaving?.abort();
    leaving = new AbortController();
    result.replaceChildren();
    bar.hidden = false;
    bar.removeAttribute("value");
    status.textContent = "Searching …";
    await api.streamed("api/search", { order: api.orderOf(order) }, leaving.signal, (line) => {
      if (line.error) status.textContent = line.error.report || line.error.message;
      if (line.progress) progressed(line.progress);
      if (line.done) found(line.done.search ?? line.done, line.sentence ?? line.done.sentence, line.command ?? line.done.command);
    });
    bar.hidden = true;
  }

  function progressed({ enumerated, runs, done, deepest, level }) {
    const tried = enumerated ?? done ?? runs;
    const deep = deepest ?? level;
    if (tried !== undefined) status.textContent = `${tried.toLocaleString("en")} runs tried${deep === undefined ? "" : `, up to ${deep} failures at once`}`;
  }

  function found(search, sentence, command) {
    status.textContent = "";
    const forced = Object.entries(search.found?.forced ?? {});
    const words = sentence ?? (search.found ? search.found.because : ruledOut(search));
    const steps = forced.map(([choice, option]) => h("li", {}, h("code", {}, `${choice} = ${option}`)));
    const open = () => {
      dialog.close();
      actions.open(forced.map(([choice, option]) => ({ choice, option })));
    };
    result.replaceChildren(
      h("p", { class: "sentence" }, words),
      steps.length > 0 ? h("ol", {}, ...steps) : "",
      search.found ? h("button", { type: "button", class: "main", onclick: open }, "Open this run") : "",
      command ? h("p", { class: "command" }, "In a terminal: ", h("code", {}, command)) : "");
  }

  dialog.show_ = (order) => {
    dialog.showModal();
    search(order).catch((error) => {
      if (error.name === "AbortError") return;
      bar.hidden = true;
      status.textContent = error.report || error.message;
    });
  };
  return dialog;
}

/** What was ruled out, where nothing was found. */
function ruledOut({ property, exhausted, enumerated, deepest, sampled }) {
  const what = property ? `no violation of ${property}` : "no violation";
  if (exhausted) return `There is ${what}: all ${enumerated?.toLocaleString("en")} ways to fail were tried.`;
  return `${enumerated?.toLocaleString("en")} runs with up to ${deepest} failures found ${what}${sampled ? `, nor did ${sampled.toLocaleString("en")} drawn at random` : ""}. There may be one beyond.`;
}
