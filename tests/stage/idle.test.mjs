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

test("a scenario without a twin, a challenge or a search says so, and what it offers instead", async () => {
  const page = await newPage(still);
  await open(page, "clock-skew/four-days-without-synchronisation");
  for (const [key, what] of [
    ["e", "no twin"],
    ["j", "no challenge"],
    ["w", "no search for a worst case"],
  ]) {
    await page.keyboard.press(key);
    await settle(page);
    assert.equal(await remark(page), `This scenario has ${what}. It offers 3 what-ifs (Shift 1 – 3).`, key);
  }
  assert.equal(await page.$("dialog[open]"), null);
  // Its odds lead to a scenario that has some.
  await page.keyboard.press("o");
  assert.match(await page.textContent(".odds .status"), /nothing that is worth going over/);
  const title = await page.textContent(".odds .answers button");
  await page.click(".odds .answers button");
  await page.waitForFunction((title) => document.querySelector("h1").textContent === title, title);
  await page.keyboard.press("o");
  await page.waitForSelector(".odds tbody tr");
  assertQuiet(page);
  await end(page);
});

test("the picture's last move has its own sentence, and what is violated is told once, on its card", async () => {
  const page = await newPage(still);
  const scenario = "exactly-once/the-barrier-nobody-waited-for";
  await open(page, scenario);
  await page.keyboard.press("End");
  await settle(page);
  assert.equal(await page.textContent(".beat .label"), "The end");
  const violated = report(scenario).properties.filter(({ verdict }) => verdict === "violated");
  assert.ok(violated.length > 0);
  const words = await page.textContent(".beat .words");
  for (const { name } of violated) {
    assert.ok(!words.toLowerCase().includes(name), `${name} is told in “${words}”`);
    assert.equal(await page.locator(".card.violated h3", { hasText: name }).count(), 1);
  }
  // Nothing is told to a user after the story's last sentence, so it is the last.
  assert.equal(words, "The job is done. The till's total is 43, and the orders come to 36.");
  // What it means comes after all that shows it.
  const order = await page.$$eval(".story :is(.beat, .card, .ledger, .figures, .lesson, .try)", (all) =>
    all.map(({ classList }) => classList[0]),
  );
  const chapters = ["beat", "card", "ledger", "figures", "lesson", "try"];
  const places = order.map((name) => chapters.indexOf(name));
  assert.deepEqual(places, [...places].sort(), order.join());
  assert.deepEqual([...new Set(order)], chapters);
  // Where the last beat stands at the end, it is the last sentence.
  await open(page, "byzantine-generals/seven-generals");
  await page.keyboard.press("End");
  await settle(page);
  assert.equal(await page.textContent(".beat .label"), "Beat 5 of 5");
  assertQuiet(page);
  await end(page);
});
