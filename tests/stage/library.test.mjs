// The library: what stands first, what a search finds, and what a clicker opens.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertQuiet, axe, end, newPage, scenarios, url } from "./support.mjs";

const still = { reducedMotion: "reduce" };

async function arrive(options = {}) {
  const page = await newPage({ ...still, ...options });
  if (options.bypassCSP) await page.addInitScript({ path: axe });
  await page.goto(url);
  await page.waitForSelector(".library[open]");
  await page.waitForSelector("[data-playlist]");
  return page;
}

const shown = (page, selector) => page.$$eval(`.shelves li:not([hidden]) > ${selector}`, (found) => found.length);

test("the evening's playlist stands first, then where to start, then everything", async () => {
  const page = await arrive({ bypassCSP: true });
  const shelves = await page.$$eval(".shelves h3", (headings) => headings.map((heading) => heading.textContent));
  assert.deepEqual(shelves.slice(0, 2), ["Playlists", "Start here"]);
  assert.equal(await shown(page, "[data-scenario]"), scenarios().length);
  await assertAccessible(page, "the library");
  // A clicker begins with the first.
  await page.keyboard.press("PageDown");
  await page.waitForFunction(() => !document.querySelector(".library[open]"));
  await page.waitForFunction(() => document.querySelector(".playlist")?.textContent);
  assertQuiet(page);
  await end(page);
});

test("Enter opens what the search finds first, and arrows lead from card to card", async () => {
  const page = await arrive();
  await page.fill(".library input[type=search]", "zombie");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("the-zombie-producer"));
  await page.keyboard.press("l");
  await page.waitForSelector(".library[open]");
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.evaluate(() => document.activeElement.matches(".shelves button")));
  await page.keyboard.press("ArrowUp");
  assert.ok(await page.evaluate(() => document.activeElement.matches("input[type=search]")));
  await end(page);
});

test("a level and a topic narrow it down, and a mistake in a word is forgiven", async () => {
  const page = await arrive();
  const all = await shown(page, "[data-scenario]");
  await page.selectOption(".library select >> nth=0", "1");
  const easy = await shown(page, "[data-scenario]");
  assert.ok(easy > 0 && easy < all, `${easy} of ${all}`);
  await page.selectOption(".library select >> nth=0", "");
  await page.selectOption(".library select >> nth=1", "topics/cap.md");
  const cap = await shown(page, "[data-scenario]");
  assert.ok(cap > 0 && cap < all, `${cap} of ${all}`);
  await page.selectOption(".library select >> nth=1", "");
  await page.fill(".library input[type=search]", "byzntine trators");
  assert.equal(await shown(page, "button"), 0);
  await page.click(".none button");
  assert.ok((await shown(page, "button")) > 0);
  await end(page);
});

test("of what is not here yet, the nearest scenarios are named, and one click opens them", async () => {
  const page = await arrive({ bypassCSP: true });
  await page.fill(".library input[type=search]", "2-PC");
  const told = await page.textContent(".none");
  assert.match(told, /^Two-phase commit: not here yet\. Nearest: last-messenger, .*“Notes on data base operating systems”/);
  await assertAccessible(page, "what is not here yet");
  await page.fill(".library input[type=search]", "raft");
  assert.match(await page.textContent(".none"), /^Raft: not here yet/);
  await page.click(".none button >> text=last-messenger");
  await page.waitForFunction(() => location.hash.includes("last-messenger"));
  await page.waitForFunction(() => !document.querySelector(".library[open]"));
  await page.keyboard.press("l");
  await page.waitForSelector(".library[open]");
  assert.ok(await page.isHidden(".none"));
  assertQuiet(page);
  await end(page);
});
