// A challenge on the page: the task, an answer, the judge, and the run that breaks an answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertQuiet, axe, end, newPage, open } from "./support.mjs";

const still = { reducedMotion: "reduce" };

/** Waits for what the judge says. */
async function judged(page, says) {
  await page.waitForFunction(
    (says) => new RegExp(says).test(document.querySelector(".challenge .status").textContent),
    says,
    { timeout: 20_000 },
  );
}

test("a wrong answer is broken by a run, a right one is remembered, and the lesson is told then", async () => {
  const page = await newPage({ ...still, bypassCSP: true });
  await page.addInitScript({ path: axe });
  await open(page, "two-generals/a-hundred-messengers");
  await page.keyboard.press("j");
  await page.waitForSelector(".challenge .goal");
  assert.equal(await page.isVisible(".challenge .lesson"), false);
  await assertAccessible(page, "the task");

  await page.focus("#change-params-messengers");
  await page.selectOption("#change-params-messengers", "25");
  await page.waitForSelector(".changes li");
  assert.equal(await page.evaluate(() => document.activeElement.id), "change-params-messengers");
  await page.click(".challenge button:has-text('Judge')");
  await judged(page, "Not solved");
  const because = await page.textContent(".challenge .sentence");
  await page.click(".challenge button:has-text('Open the run')");
  await page.waitForSelector(".changes li:has-text('what breaks the answer')");
  assert.equal(await page.inputValue("#change-params-messengers"), "25", "the answer stays");
  assert.equal(await page.textContent(".challenge .sentence"), because, "and so does what the judge said");
  const seed = /--seed (\d+)/.exec(await page.textContent(".challenge .command"))[1];
  assert.match(
    await page.textContent("header .sub"),
    new RegExp(`seed ${seed} `),
    "it is the run that the judge names",
  );

  await page.selectOption("#change-params-ack-messengers", "25");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 2);
  assert.equal(await page.textContent(".challenge .status"), "", "another answer is not judged yet");
  await page.click(".challenge button:has-text('Judge')");
  await judged(page, "Solved in 2 changes");
  assert.ok(await page.isVisible(".challenge .lesson"));
  await assertAccessible(page, "the ruling");
  await open(page, "two-generals/a-hundred-messengers");
  await page.keyboard.press("j");
  assert.match(await page.textContent(".challenge .solved"), /solved this in 2 changes/);
  assertQuiet(page);
  await end(page);
});

test("what cannot be done is an answer, and hints come one by one", async () => {
  const page = await newPage(still);
  await open(page, "two-generals/last-messenger");
  await page.keyboard.press("j");
  const hints = () => page.locator(".challenge .hints li").count();
  assert.equal(await hints(), 0);
  await page.click(".challenge button:has-text('hint')");
  assert.equal(await hints(), 1);
  await page.click(".challenge button:has-text('It can’t be done')");
  await judged(page, "it is impossible");
  assert.ok((await page.locator(".challenge .lesson").count()) > 1, "the theorem is told with the lesson");
  assert.match(await page.textContent(".challenge .solved"), /shown that this cannot be done/);
  await end(page);
});

test("a key of another protocol can be changed once that protocol is chosen", async () => {
  const page = await newPage(still);
  await open(page, "exactly-once/at-least-once-charges-twice");
  await page.keyboard.press("j");
  const order = page.locator("#change-params-order");
  assert.equal(await order.isDisabled(), true);
  await page.selectOption("#change-protocol", "dedup");
  await page.waitForSelector(".changes li");
  assert.equal(await order.isDisabled(), false);
  await page.selectOption("#change-params-order", "transaction");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 2);
  await page.selectOption("#change-protocol", "");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 0);
  assert.equal(await order.isDisabled(), true);
  assertQuiet(page);
  await end(page);
});

test("a scenario without a challenge offers none", async () => {
  const page = await newPage(still);
  await open(page, "byzantine-generals/three-generals");
  assert.equal(await page.isVisible("#tab-Challenge"), false);
  await page.keyboard.press("j");
  assert.equal(await page.isVisible(".challenge"), false);
  assertQuiet(page);
  await end(page);
});
