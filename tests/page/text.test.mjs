// Text in lines, and Markdown within a paragraph.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { spansOf } from "../../src/stage/assets/inline.js";
import { firstParagraph } from "../../src/stage/assets/library.js";
import { shorten, wrap } from "../../src/stage/assets/text.js";

// Ten pixels a letter.
before(() => {
  const context = { measureText: (text) => ({ width: text.length * 10 }) };
  globalThis.document = { createElement: () => ({ getContext: () => context }) };
});

test("text is broken between words, and the last line ends in dots where it must", () => {
  assert.deepEqual(wrap("one two three", 80, 10, 3), ["one two", "three"]);
  assert.deepEqual(wrap("one two three four", 80, 10, 2), ["one two", "three f…"]);
  assert.deepEqual(wrap("  ", 80, 10, 2), []);
});

test("a line is shortened to its room, without a blank before the dots", () => {
  assert.equal(shorten("attack", 60, 10), "attack");
  assert.equal(shorten("attack now", 80, 10), "attack…");
  assert.equal(shorten("attack", 5, 10), "a…");
});

test("code, emphasis and strong words", () => {
  assert.deepEqual(
    spansOf("Run `dsys run` *now*, **always**.").map(({ tag, text }) => `${tag ?? ""}:${text}`),
    [":Run ", "code:dsys run", ": ", "em:now", ":, ", "strong:always", ":."],
  );
  assert.deepEqual(spansOf("2 * 3 * 4"), [{ tag: null, text: "2 * 3 * 4" }]);
});

test("a setup's first paragraph, whole", () => {
  assert.equal(firstParagraph("\nBob lies. Who notices?\n\nMore.\n"), "Bob lies. Who notices?");
  assert.equal(firstParagraph("One line\nand one more"), "One line\nand one more");
});
