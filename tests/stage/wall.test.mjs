// A wall of seeds: it fills, settles into the odds, and each cell leads to its run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertQuiet, axe, end, newPage, open, report, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };
const SCENARIO = "two-generals/more-acks-do-not-help";

async function openWall(page) {
  await page.keyboard.press("y");
  await page.waitForSelector("dialog.wall[open] .outcomes li", { timeout: 60_000 });
  await settle(page);
}

test("ten thousand seeds settle into the odds, and a cell leads to the run of its seed", async () => {
  const page = await newPage(still);
  await open(page, SCENARIO);
  await openWall(page);
  const outcomes = await page.$$eval(".outcomes li", (rows) => rows.map((row) => row.textContent));
  assert.match(outcomes[0], /^all holds in [\d,]+ of 10,000 runs: \d+ %$/);
  assert.match(outcomes[1], /^agreement violated in [\d,]+ of 10,000 runs: [\d.]+ %, about one in \d+$/);
  const counts = outcomes.map((words) => Number(/in ([\d,]+) of/.exec(words)[1].replaceAll(",", "")));
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    10_000,
  );
  assert.match(await page.textContent(".wall .status"), /^All holds in/);
  // By keys: back to the order of seeds, then to the third.
  await page.click('.wall button:has-text("Sorted by outcome")');
  await page.focus(".wall canvas");
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  const pointed = await page.textContent(".wall .pointed");
  const [, seed, words] = /^seed (\d+): (.*)$/.exec(pointed);
  const own = report(SCENARIO);
  assert.equal(seed, String(own.seed + 2));
  const { properties } = report(SCENARIO, "--seed", seed);
  const violated = properties.filter(({ verdict }) => verdict === "violated").map(({ name }) => name);
  assert.equal(words, violated.length > 0 ? `${violated.join(" and ")} violated` : "all holds");
  await page.keyboard.press("Enter");
  await page.waitForFunction((seed) => document.querySelector(".sub").textContent.includes(`seed ${seed} `), seed);
  assertQuiet(page);
  await end(page);
});

test("an outcome leads to one of its runs, and a pointer says where it is", async () => {
  const page = await newPage(still);
  await open(page, SCENARIO);
  await openWall(page);
  await page.hover(".wall canvas", { position: { x: 3, y: 3 } });
  assert.match(await page.textContent(".wall .pointed"), /^seed \d+: all holds$/);
  await page.click('.outcomes button:has-text("agreement violated")');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("End");
  await page.waitForSelector(".card.violated");
  assertQuiet(page);
  await end(page);
});

test("a wall that is left ends, and the next one begins anew; all of it is accessible", async () => {
  const page = await newPage({ ...still, bypassCSP: true });
  await page.addInitScript({ path: axe });
  await open(page, "clock-skew/two-falsetickers-among-seven");
  await page.keyboard.press("y");
  await page.waitForFunction(() => /of 10,000 runs/.test(document.querySelector(".wall .status")?.textContent));
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible("dialog.wall"), false);
  await open(page, "byzantine-generals/drawn-by-lot");
  await openWall(page);
  await assertAccessible(page, "wall");
  await end(page);
});
