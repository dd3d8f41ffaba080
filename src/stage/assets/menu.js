// @ts-check
// What there is to press where there are no keys: a menu for fingers, by what one wants.

/** @import { Keys } from "./keys.js" */

import { closeButton, h } from "./dom.js";
import { help } from "./keys.js";

/**
 * What a finger finds nowhere else: by the key that does it.
 *
 * @type {[wish: string, actions: Record<string, string>][]}
 */
const WISHES = [
  [
    "Show",
    {
      p: "Present",
      x: "Field or diagram alone",
      v: "What a node knows",
      a: "Why it is violated",
      t: "Dark or light",
      f: "Full screen",
      ">": "Larger type",
      "<": "Smaller type",
    },
  ],
  ["Change", { h: "What if: marks", k: "Knobs", n: "Next seed", u: "Undo", r: "The rehearsed run", g: "The file" }],
  ["Ask", { c: "Compare two runs", o: "Odds", w: "Worst case", y: "Wall of seeds", e: "The twin", j: "Challenge" }],
  ["Read and share", { l: "Library", i: "Notes", s: "Share" }],
];

/**
 * @param {boolean} isServed whether there is a server
 * @param {() => Keys} keys what each key does
 * @param {(words: string) => void} mention says why something could not be done
 */
export function menuDialog(isServed, keys, mention) {
  const offered = new Set(help(isServed).map(([, , name]) => name));
  if (!document.fullscreenEnabled) offered.delete("f");
  /** @param {[name: string, words: string]} action */
  const toPress = ([name, words]) => {
    if (!offered.has(name)) return [];
    const press = () => {
      dialog.close();
      const why = keys()[name]?.();
      if (typeof why === "string") mention(why);
    };
    return [h("button", { type: "button", onclick: press }, words)];
  };
  const groups = WISHES.map(([wish, actions]) => ({ wish, buttons: Object.entries(actions).flatMap(toPress) }))
    .filter(({ buttons }) => buttons.length > 0)
    .flatMap(({ wish, buttons }) => [h("h3", {}, wish), h("div", { class: "actions" }, ...buttons)]);
  const dialog = h(
    "dialog",
    { class: "menu", "aria-label": "Menu" },
    h("form", { method: "dialog" }, h("h2", {}, "Menu"), closeButton("Close")),
    ...groups,
    h("p", { class: "hint" }, "Swipe to the left for what comes next, to the right to go back."),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}
