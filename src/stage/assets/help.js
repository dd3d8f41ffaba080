// @ts-check
// The keys, on one card. Each is a button too: who has no keyboard finds everything here.

/** @import { Keys } from "./keys.js" */

import { button, closeButton, h } from "./dom.js";
import { help } from "./keys.js";

/** What this card itself does, and what a button cannot do. */
const NO_BUTTON = ["?", "Escape", "1", "Shift+1"];

/**
 * @param {boolean} isServed whether there is a server
 * @param {() => Keys} keys what each key does
 * @param {(why: string) => unknown} mention says why a key did nothing
 */
export function helpDialog(isServed, keys, mention) {
  const rows = help(isServed).map(([shown, says, name]) => {
    const words = [h("span", {}, says), ...shown.split(" · ").map((key) => h("kbd", {}, key))];
    if (NO_BUTTON.includes(name)) return h("p", { class: "key" }, ...words);
    const press = () => {
      dialog.close();
      const done = keys()[name]?.();
      if (typeof done === "string") mention(done);
    };
    return h("button", { type: "button", class: "key", onclick: press }, ...words);
  });
  const dialog = h(
    "dialog",
    { class: "help", "aria-label": "Keys" },
    h("form", { method: "dialog" }, h("h2", {}, "Keys"), closeButton("Close")),
    h("div", { class: "all-keys" }, ...rows),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}

/**
 * Returns the button that opens the card, or where the page is narrow, the menu.
 *
 * @param {HTMLDialogElement} card
 * @param {HTMLDialogElement} menu
 */
export function menuButton(card, menu) {
  const [keys, touch] = [button("Keys", "?", () => card.showModal()), button("☰ Menu", "", () => menu.showModal())];
  return h("div", { class: "keys" }, keys, touch);
}
