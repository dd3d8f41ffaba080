// A key that can do nothing now says why, in passing; and where a run ends it is said what it came
// to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, end, newPage, open, report, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };

const remark = (page) => page.$$eval(".remarks p", (all) => all.map((one) => one.textContent).join(" "));

test("a key that does nothing says why, and the next one that does something is not disturbed", async () => {
  const page = await newPage(still);
  await open(page, "two-generals/retry-until-the-deadline");
  for (const [key, why] of [
    ["Home", ""],
    ["ArrowLeft", "This is the start."],
    ["r", "Nothing is changed: this is the rehearsed run."],
    ["u", "Nothing is changed: this is the rehearsed run."],
    ["d", "No playlist is open."],
  ]) {
    await page.keyboard.press(key);
    await settle(page);
    if (why) assert.equal(await remark(page), why, key);
  }
  await page.keyboard.press("End");
  await page.keyboard.press("End");
  await settle(page);
  assert.equal(await remark(page), "This is the end already.");
  await page.keyboard.press("1");
  await settle(page);
  assert.equal(await remark(page), "Nothing is asked now, so no hand is counted.");
  // What is said in passing goes by itself.
  await page.waitForFunction(() => !document.querySelector(".remarks p"), null, { timeout: 8000 });
  assertQuiet(page);
  await end(page);
});

test("a scenario without a twin or a challenge says so", async () => {
  const page = await newPage(still);
  await open(page, "clock-skew/four-days-without-synchronisation");
  await page.keyboard.press("e");
  await settle(page);
  assert.equal(await remark(page), "No twin is prepared for this scenario.");
  assertQuiet(page);
  await end(page);
});

test("the picture's last move has its own sentence: what was decided, and what is violated", async () => {
  const page = await newPage(still);
  const scenario = "exactly-once/the-barrier-nobody-waited-for";
  await open(page, scenario);
  await page.keyboard.press("End");
  await settle(page);
  assert.equal(await page.textContent(".beat .label"), "The end");
  const violated = report(scenario).properties.filter(({ verdict }) => verdict === "violated");
  assert.ok(violated.length > 0);
  const words = (await page.textContent(".beat .words")).toLowerCase();
  for (const { name } of violated) assert.ok(words.includes(name), `${name} is told in “${words}”`);
  // Where the last beat stands at the end, it is the last sentence.
  await open(page, "byzantine-generals/seven-generals");
  await page.keyboard.press("End");
  await settle(page);
  assert.equal(await page.textContent(".beat .label"), "Beat 5 of 5");
  assertQuiet(page);
  await end(page);
});
