// @ts-check
// Copies to the clipboard, and says whether it worked. Browsers give `navigator.clipboard` only to
// pages from https or from this machine. Other pages use the old way, or ask the reader to press the
// keys.

import { h } from "./dom.js";

const IS_MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/**
 * Selects a field's text and copies it. Returns whether the browser did.
 *
 * @param {HTMLInputElement} field
 */
function copySelected(field) {
  field.focus();
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

/** @param {HTMLInputElement} field */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // This page has no clipboard, or may not use it.
    return copySelected(field);
  }
}

/**
 * Returns a button that copies the text of a field.
 *
 * @param {HTMLInputElement} field
 * @param {string} name what is copied
 * @param {(words: string) => void} tell is told what happened
 */
export function copyButton(field, name, tell) {
  const copy = async () => {
    if (await copied(field)) return tell(`${name} is copied.`);
    copySelected(field);
    tell(`${name} is selected: press ${IS_MAC ? "⌘C" : "Ctrl+C"} to copy it.`);
  };
  return h("button", { type: "button", onclick: () => void copy() }, "Copy");
}
