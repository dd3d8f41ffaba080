// The keys, on one card.

import { h } from "./dom.js";
import { HELP } from "./keys.js";

export function helpDialog() {
  const dialog = h(
    "dialog",
    { class: "help", "aria-label": "Keys" },
    h("form", { method: "dialog" }, h("h2", {}, "Keys"), h("button", { class: "close", "aria-label": "Close" }, "×")),
    h(
      "dl",
      {},
      ...HELP.flatMap(([keys, says]) => [
        h("dt", {}, ...keys.split(" · ").map((key) => h("kbd", {}, key))),
        h("dd", {}, says),
      ]),
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}
