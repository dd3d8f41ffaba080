// @ts-check
// Markdown within a paragraph.

import { h } from "./dom.js";

/**
 * Splits `code`, *emphasis* and **strong** of one paragraph from the text around them.
 *
 * @param {string} text
 * @returns {{ tag: "code" | "em" | "strong" | null, text: string }[]}
 */
export function spansOf(text) {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/).filter(Boolean);
  return parts.map((part) => {
    if (part.length > 2 && part.startsWith("`")) return { tag: "code", text: part.slice(1, -1) };
    if (part.length > 4 && part.startsWith("**")) return { tag: "strong", text: part.slice(2, -2) };
    if (part.length > 2 && part.startsWith("*")) return { tag: "em", text: part.slice(1, -1) };
    return { tag: null, text: part };
  });
}

/**
 * Returns the elements and texts of a paragraph.
 *
 * @param {string} text
 */
export function inline(text) {
  return spansOf(text).map(({ tag, text }) => (tag ? h(tag, {}, text) : text));
}
