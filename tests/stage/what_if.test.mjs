// What if: anything that is done to a node or a link at the moment that is shown, and what came of it in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, end, newPage, open, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };

/** Selects a node by keys, and presses what is offered with these words. */
async function change(page, node, words) {
  await page.focus(`.field [data-node=${node}] .ring`);
  await page.keyboard.press("Enter");
  await page.click(`.whatif button:has-text("${words}")`);
  await page.waitForSelector(".changes li");
}

const told = async (page) => {
  await page.waitForFunction(() => document.querySelector(".fork-told p")?.textContent);
  return page.textContent(".fork-told p");
};

test("a loyal node becomes a traitor, and the page tells what comes of it", async () => {
  const page = await newPage(still);
  await open(page, "byzantine-generals/four-generals");
  await change(page, "carol", "make it a traitor: flip");
  assert.match(await told(page), /carol is now a traitor/i);
  // Each sentence leads to its event.
  await page.keyboard.press("Escape");
  await page.click(".fork-told button >> nth=-1");
  await settle(page);
  assert.notEqual(await page.textContent(".moment"), "0");
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await page.waitForFunction(() => !document.querySelector(".changes li"));
  assert.equal(await page.isVisible(".fork-told"), false);
  assertQuiet(page);
  await end(page);
});

test("a crash comes at the moment that is shown, and with what was changed before", async () => {
  const page = await newPage(still);
  await open(page, "byzantine-generals/four-generals");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await settle(page);
  const moment = await page.textContent(".moment");
  await change(page, "alice", "crash it for");
  await page.waitForFunction(() => /is down for/.test(document.querySelector(".changes").textContent));
  assert.match(await page.textContent(".changes li"), new RegExp(`at ${moment}`));
  await page.keyboard.press("Escape");
  await change(page, "bob", "tell the truth");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 2);
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 1);
  assertQuiet(page);
  await end(page);
});

test("a link is cut from a message on", async () => {
  const page = await newPage(still);
  await open(page, "two-generals/last-messenger");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await settle(page);
  await page.click('.token[data-message="alice:bob:1"]');
  await page.click('.whatif button:has-text("cut the link")');
  await page.waitForFunction(() => /cut off/.test(document.querySelector(".changes").textContent));
  assert.ok(await told(page));
  assertQuiet(page);
  await end(page);
});
