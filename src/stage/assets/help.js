// @ts-check
// The keys, on one card.

import { closeButton, h } from "./dom.js";
import { help } from "./keys.js";

/** @param {boolean} isServed whether there is a server */
export function helpDialog(isServed) {
  const rows = help(isServed).flatMap(([keys, says]) => [
    h("dt", {}, ...keys.split(" · ").map((key) => h("kbd", {}, key))),
    h("dd", {}, says),
  ]);
  const dialog = h(
    "dialog",
    { class: "help", "aria-label": "Keys" },
    h("form", { method: "dialog" }, h("h2", {}, "Keys"), closeButton("Close")),
    h("dl", {}, ...rows),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}
