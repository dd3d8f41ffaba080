// @ts-check
// What a story has ready to be changed, a button each: in words where the story says them, else as
// the flags that do it.

/** @import { TryTold } from "../wire.d.ts" */

import { h } from "./dom.js";

/**
 * @param {readonly TryTold[]} all
 * @param {(index: number) => unknown} apply
 */
export function preparedButtons(all, apply) {
  return all.map(({ says, flags }, index) => {
    const words = says === null ? h("code", {}, flags) : says;
    const key = h("kbd", { "aria-hidden": "true" }, `⇧${index + 1}`);
    const does = { type: "button", onclick: () => void apply(index), title: says === null ? null : flags };
    return h("button", { ...does, class: "prepared" }, words, key);
  });
}
