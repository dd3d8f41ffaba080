// The keys, on one card.

import { h } from "./dom.js";
import { help } from "./keys.js";

export function helpDialog(isServed) {
  const dialog = h(
    "dialog",
    { class: "help", "aria-label": "Keys" },
    h("form", { method: "dialog" }, h("h2", {}, "Keys"), h("button", { class: "close", "aria-label": "Close" }, "×")),
    h(
      "dl",
      {},
      ...help(isServed).flatMap(([keys, says]) => [
        h("dt", {}, ...keys.split(" · ").map((key) => h("kbd", {}, key))),
        h("dd", {}, says),
      ]),
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}
