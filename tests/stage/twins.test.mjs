// Twins: two runs that look the same to one node, and behind a button what really happened in each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertQuiet, axe, end, newPage, open, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };

const shown = (page) => page.waitForSelector("dialog.twins[open] tbody tr");
const rows = (page, part = "tbody") => page.$$eval(`.twins ${part} tr`, (rows) => rows.map((row) => row.textContent));

test("three generals and their twin look the same to Alice, and a key reveals who lied", async () => {
  const page = await newPage(still);
  await open(page, "byzantine-generals/three-generals");
  await page.keyboard.press("p");
  await page.keyboard.press("e");
  await shown(page);
  assert.match(await page.textContent(".twins h2"), /^To Alice these two runs look the same, so Alice must decide/);
  assert.deepEqual(await page.$$eval(".twins th[scope=col]", (heads) => heads.map((head) => head.textContent)), [
    "Three generals, one traitor",
    "The commander lies",
  ]);
  const seen = await rows(page);
  assert.ok(
    seen.some((words) => /hears “attack” from the commander/.test(words)),
    seen.join("\n"),
  );
  assert.ok(
    seen.some((words) => /hears “retreat” from Bob/.test(words)),
    seen.join("\n"),
  );
  assert.equal(await page.$$eval(".twins tbody td:not([colspan='2'])", (cells) => cells.length), 0, "all are joined");
  assert.equal(await page.isVisible(".twins tfoot td"), false, "nothing tells who lied");
  await page.keyboard.press("Enter");
  const [left, right] = await page.$$eval(".twins tfoot td", (cells) => cells.map((cell) => cell.textContent));
  assert.match(left, /Bob is a traitor\./);
  assert.match(right, /The commander is a traitor\./);
  assert.match(left, /validity ✗ violated/);
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible("dialog.twins"), false);
  assertQuiet(page);
  await end(page);
});

test("a twin may be the same scenario with a change, and a clicker reveals it and goes on", async () => {
  const page = await newPage(still);
  await open(page, "two-generals/last-messenger");
  // A change of the run does not change its twin, which is that of the rehearsed run.
  await page.keyboard.press("n");
  await page.waitForSelector(".changes li");
  await page.keyboard.press("e");
  await shown(page);
  assert.deepEqual(await page.$$eval(".twins th[scope=col]", (heads) => heads.map((head) => head.textContent)), [
    "The last messenger is caught",
    "The last messenger arrives",
  ]);
  await page.keyboard.press("PageDown");
  const [caught, arrives] = await page.$$eval(".twins tfoot td", (cells) => cells.map((cell) => cell.textContent));
  assert.match(caught, /Alice decides: retreat\./);
  assert.match(arrives, /Alice decides: attack\./);
  await page.keyboard.press("PageDown");
  assert.equal(await page.isVisible("dialog.twins"), false);
  assertQuiet(page);
  await end(page);
});

test("every twin looks the same on the page, and all of it is read at once", async () => {
  const page = await newPage(still);
  for (const scenario of [
    "byzantine-generals/commander-lies",
    "two-generals/retry-until-the-deadline",
    "two-generals/one-storm",
    "exactly-once/at-most-once-forgets",
    "exactly-once/delivery-cannot-effects-can",
    "clock-skew/the-asymmetric-path",
  ]) {
    await open(page, scenario);
    if (!(await page.$("body.present"))) await page.keyboard.press("p");
    await page.keyboard.press("e");
    await shown(page);
    assert.match(await page.textContent(".twins h2"), /look the same, so .* must (decide|do) the same/, scenario);
    assert.deepEqual(await page.$$(".twins .differs"), [], scenario);
    await page.keyboard.press("ArrowRight");
    await settle(page);
    const fits = await page.$eval(".twins", ({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    assert.ok(fits <= 1, `${scenario}: ${fits} pixels are out of sight`);
    const [left, right] = await page.$$eval(".twins tfoot td", (cells) => cells.map((cell) => cell.textContent));
    assert.notEqual(left, right, scenario);
  }
  assertQuiet(page);
  await end(page);
});

test("what has no twin shows none, and the dialog is accessible", async () => {
  const page = await newPage({ ...still, bypassCSP: true });
  await page.addInitScript({ path: axe });
  await open(page, "byzantine-generals/six-generals");
  await page.keyboard.press("e");
  await settle(page);
  assert.equal(await page.isVisible("dialog[open]"), false);
  await open(page, "byzantine-generals/commander-lies");
  await page.keyboard.press("End");
  await page.click('button:has-text("Two runs that look the same")');
  await shown(page);
  await page.click(".twins .main");
  await assertAccessible(page, "twins");
  await end(page);
});
