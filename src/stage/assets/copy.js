// Copying to the clipboard, and saying what came of it. Browsers give `navigator.clipboard` only to pages that came by
// https or from this machine itself; to a page from the network they leave the old way, or the reader's own keys.

import { h } from "./dom.js";

const IS_MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** Selects a field's text and copies it. Answers whether the browser did. */
function copySelected(field) {
  field.focus();
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // No clipboard for this page, or none that it may use.
    return copySelected(field);
  }
}

/** A button that copies what stands in a field. `words` name it; `tell` is told what happened. */
export function copyButton(field, words, tell) {
  const copy = async () => {
    if (await copied(field)) return tell(`${words} is copied.`);
    copySelected(field);
    tell(`${words} is selected: press ${IS_MAC ? "⌘C" : "Ctrl+C"} to copy it.`);
  };
  return h("button", { type: "button", onclick: copy }, "Copy");
}
