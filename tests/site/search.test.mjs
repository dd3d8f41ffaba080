// The search: the library is the one that others keep, and it finds sections.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { built, MEETUP } from "./support.mjs";

const assets = new URL("../../src/notes/site/assets/", import.meta.url);
const package_ = join(dirname(createRequire(import.meta.url).resolve("minisearch")), "../..");

test("the library is the package's, with its licence", () => {
  const same = (file, original) =>
    assert.ok(readFileSync(new URL(file, assets)).equals(readFileSync(join(package_, original))), file);
  same("minisearch.js", "dist/umd/index.js");
  same("minisearch.LICENSE.txt", "LICENSE.txt");
});

const note = `+++
title = "Clocks"
kind = "about"
summary = "What time is it?"
tags = ["time"]
+++

# Clocks

Nobody knows.

## Drift, and what it does

A quartz loses a second a day. </script><b>No markup</b>.

## Berkeley's algorithm

- The leader asks
- and averages.
`;
const read = built({ "notes/meetup.toml": MEETUP, "notes/README.md": note }, "2026-11-30");

test("a section is found by a beginning or a misspelling, and says where it is", () => {
  const page = { globalThis: {} };
  runInNewContext(readFileSync(new URL("minisearch.js", assets), "utf8"), page);
  runInNewContext(read("assets/search-index.js"), page);
  const MiniSearch = page.MiniSearch ?? page.globalThis.MiniSearch;
  const index = new MiniSearch({ fields: ["heading", "title", "tags", "text"], storeFields: ["page", "text"] });
  index.addAll(page.globalThis.dsysIndex);
  const found = (words) => index.search(words, { prefix: true, fuzzy: 0.2 })[0]?.page;
  assert.equal(found("berk"), "index.html#berkeleys-algorithm");
  assert.equal(found("averges"), "index.html#berkeleys-algorithm");
  assert.equal(found("quartz"), "index.html#drift-and-what-it-does");
  assert.equal(found("nobody"), "index.html");
  assert.doesNotMatch(read("assets/search-index.js"), /<\/script/);
});
