// @ts-check
// What a story has ready to be changed and says in words, a button each.

/** @import { TryTold } from "../wire.d.ts" */

import { h } from "./dom.js";

/**
 * @param {readonly TryTold[]} all
 * @param {(index: number) => unknown} apply
 */
export function preparedButtons(all, apply) {
  // What is proposed without words is for a terminal.
  return all.flatMap(({ says, flags }, index) => {
    if (says === null) return [];
    const key = h("kbd", { "aria-hidden": "true" }, `⇧${index + 1}`);
    const does = { type: "button", onclick: () => void apply(index), title: flags };
    return h("button", { ...does, class: "prepared" }, says, key);
  });
}
