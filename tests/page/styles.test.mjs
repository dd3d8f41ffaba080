// What styles the speaker's window styles nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

test("every rule of the speaker's window is about it", () => {
  const text = readFileSync(new URL("../../src/stage/assets/speaker.css", import.meta.url), "utf8");
  const selectors = text
    .replaceAll(/\/\*.*?\*\//gs, "")
    .split(/\{[^{}]*\}|\{/)
    .flatMap((piece) =>
      piece
        .replaceAll("}", "")
        .trim()
        .split(/,\s*(?![^(]*\))/),
    )
    .filter((selector) => selector && !/^[@(]/.test(selector));
  assert.ok(selectors.length > 10);
  assert.deepEqual(
    selectors.filter((selector) => !selector.includes("speaker")),
    [],
  );
});
