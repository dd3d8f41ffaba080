// What nodes know, drawn by its kind: gauges and rows of elements beside them, bars, stripes and lines along
// their lanes, all of it in the inspector.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertQuiet, axe, end, newPage, open, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };

/** Opens the end of a scenario, or of what a link changes in it. */
async function atEnd(page, scenario, ...changes) {
  await open(page, [`v=1&scenario=${scenario}`, ...changes].join("&"));
  await page.keyboard.press("End");
  await settle(page);
}

async function inspect(page, node) {
  await page.focus(`.field [data-node=${node}] .ring`);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".inspector:not([hidden])");
}

const rowOf = (page, name) =>
  page.$$eval(
    ".inspector dt",
    (terms, name) => terms.find((term) => term.textContent === name)?.nextElementSibling.textContent,
    name,
  );
const chips = (page, node, look = "") =>
  page.$$eval(`.field [data-node=${node}] .chip${look}`, (all) => all.map((chip) => chip.textContent));

test("votes, tables and gauges are drawn by their kind, and the inspector has them whole", async () => {
  const page = await newPage(still);
  await page.addInitScript({ path: axe });
  await atEnd(page, "byzantine-generals/three-generals");
  assert.deepEqual(await chips(page, "alice"), ["1 attack", "1 retreat"]);
  await inspect(page, "alice");
  assert.match(await rowOf(page, "heard"), /commander: attack.*bob: retreat/i);
  await assertAccessible(page, "what a node knows");
  await atEnd(page, "exactly-once/the-outbox");
  assert.ok(await page.$(".field [data-node=shop] .gauge .fill"), "how many orders the shop has taken");
  assert.deepEqual(await chips(page, "ledger", ".bad"), ["2 ×2"]);
  assertQuiet(page);
  await end(page);
});

test("of a thousand orders the doubles stay in view, and the rest is counted", async () => {
  const page = await newPage(still);
  await atEnd(page, "exactly-once/at-least-once-charges-twice", "set=params.orders=1000");
  const shown = await chips(page, "ledger");
  assert.deepEqual(shown.slice(-1), ["3 ×2"]);
  assert.match(shown[0], /^999 once$/);
  await inspect(page, "ledger");
  assert.equal(await rowOf(page, "charged"), "999 once3 ×2");
  await end(page);
});

test("operations, versions and levels last along the lanes", async () => {
  const page = await newPage(still);
  await atEnd(page, "clock-skew/fencing");
  const count = (selector) => page.$$eval(`.diagram ${selector}`, (all) => all.length);
  assert.ok((await count(".operation")) >= 4, "leases that are lent and held");
  assert.ok((await count(".version")) >= 2, "the tokens of the lock service");
  await atEnd(page, "exactly-once/a-picture-of-moving-tokens");
  assert.equal(await count(".series"), 2);
  assert.match(await page.textContent(".diagram .plot"), /tokens, 3 at most/);
  await end(page);
});

test("a changed run says what a node knew in the rehearsed one", async () => {
  const page = await newPage(still);
  await atEnd(page, "two-generals/last-messenger");
  await page.click('.diagram .way[data-message="alice:bob:2"]');
  await page.click('.whatif button:has-text("lose it")');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("End");
  await settle(page);
  await inspect(page, "bob");
  assert.match(await rowOf(page, "decided"), /^retreat.*rehearsed: attack$/);
  await end(page);
});

test("what is drawn at a decision is what was counted, and none of it is folded away", async () => {
  const page = await newPage({ reducedMotion: "reduce" });
  await open(page, "byzantine-generals/seven-generals");
  if (!(await page.$("body.present"))) await page.keyboard.press("p");
  await page.keyboard.press("End");
  await settle(page);
  const votes = await page.$$eval(".field .node:not(.traitor)", (nodes) =>
    nodes.map((node) => [...node.querySelectorAll(".chip text")].map((chip) => chip.textContent).join(", ")),
  );
  assert.deepEqual(votes, Array(5).fill("4 attack, 2 retreat"));
  assertQuiet(page);
  await end(page);
});
