// What a story has ready to be changed, by a digit or a click; and a knob whose turning replays the run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, end, newPage, open, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };

const changes = (page) =>
  page.$$eval(".changes li", (rows) => rows.map((row) => row.firstChild.textContent.replace(/\.$/, "")));

test("Shift and a digit apply what is prepared, told and undone like any other change", async () => {
  const page = await newPage(still);
  await open(page, "two-generals/last-messenger");
  await page.keyboard.press("Shift+Digit2");
  await page.waitForSelector(".changes li");
  assert.deepEqual(await changes(page), ["Alice's first messenger is caught instead"]);
  await page.waitForFunction(() => document.querySelector(".fork-told p")?.textContent);
  // Another one comes instead of it, since each is a change of the rehearsed run.
  await page.keyboard.press("Shift+Digit1");
  await page.waitForFunction(() => /second messenger/.test(document.querySelector(".changes").textContent));
  assert.equal((await changes(page)).length, 1);
  await page.keyboard.press("u");
  await page.waitForFunction(() => !document.querySelector(".changes li"));
  await page.keyboard.press("Shift+Digit9");
  await settle(page);
  assert.deepEqual(await changes(page), [], "nothing is prepared for nine");
  assert.match(await page.textContent(".remarks"), /^×?(Only \d+ what-ifs are|Only one what-if is) prepared here\.$/);
  assertQuiet(page);
  await end(page);
});

test("Shift and 3 is what is prepared, also where it types #, and no hands are typed by it", async () => {
  const page = await newPage(still);
  await open(page, "byzantine-generals/three-generals");
  // Where # has a key of its own, as on a German keyboard, it types the hands; Enter does
  // everywhere.
  for (const key of ["#", "Enter"]) {
    await page.keyboard.press(key);
    assert.ok(await page.$("input.hands"), `${key} types the hands`);
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press("Shift+Digit9");
  await settle(page);
  assert.equal(await page.$("input.hands"), null);
  await page.keyboard.press("Shift+Digit3");
  await page.waitForSelector(".changes li");
  assert.equal(await page.$("input.hands"), null);
  assert.deepEqual(await changes(page), ["The generals have agreed that a tie means attack"]);
  assertQuiet(page);
  await end(page);
});

test("each is a button at the end and beside the knobs", async () => {
  const page = await newPage(still);
  await open(page, "exactly-once/the-outbox");
  await page.keyboard.press("End");
  await page.click('.try button:has-text("The ledger recognises")');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("r");
  await page.waitForFunction(() => !document.querySelector(".changes li"));
  await page.keyboard.press("k");
  await page.click('.ready button:has-text("before the relay has published")');
  await page.waitForSelector(".changes li");
  assertQuiet(page);
  await end(page);
});

test("while the loss is turned the run is played with it, again and again, and the last value counts", async () => {
  const page = await newPage();
  await open(page, "two-generals/more-acks-do-not-help");
  await page.keyboard.press("k");
  const slider = ".knobs input[type=range][aria-label*=loss]";
  await page.waitForSelector(slider);
  const turn = (value) =>
    page.$eval(
      slider,
      (range, value) => {
        range.value = value;
        range.dispatchEvent(new Event("input", { bubbles: true }));
      },
      value,
    );
  for (const value of ["0.3", "0.5", "0.9"]) await turn(value);
  await page.waitForFunction(() => /network.loss = 0.9/.test(document.querySelector(".changes").textContent));
  assert.equal((await changes(page)).length, 1);
  assert.ok(await page.$(slider), "the slider in hand stays");
  // It goes on by itself, comes to its end, and begins again.
  const moment = () => page.$eval(".scrub input", (range) => Number(range.value));
  const seen = [];
  for (let i = 0; i < 200; i++) {
    seen.push(await moment());
    if (seen.some((at, i) => i > 0 && at < seen[i - 1])) break;
    await page.waitForTimeout(100);
  }
  assert.ok(
    seen.some((at, i) => i > 0 && at < seen[i - 1]),
    "it begins again",
  );
  await page.$eval(slider, (range) => range.dispatchEvent(new Event("change", { bubbles: true })));
  await page.waitForTimeout(300);
  await page.keyboard.press("End");
  await page.waitForTimeout(1200);
  const stands = await moment();
  await page.waitForTimeout(300);
  assert.equal(await moment(), stands, "who takes the run in hand ends it");
  assertQuiet(page);
  await end(page);
});
