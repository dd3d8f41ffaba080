// How it looks: no serious fault that axe-core finds, nothing beyond the edge, and pictures kept for the eye.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertQuiet, axe, end, newPage, open, seek, settle, shots, url } from "./support.mjs";

const SIZES = [
  [1920, 1080],
  [1280, 720],
  [390, 844],
];

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core finds no serious fault, ${colorScheme}`, async () => {
    const page = await newPage({ reducedMotion: "reduce", colorScheme, bypassCSP: true });
    await page.addInitScript({ path: axe });
    await page.goto(url);
    await page.waitForSelector(".library[open]");
    await assertAccessible(page, "the library");
    await open(page, "three-generals");
    await seek(page, 640);
    await settle(page);
    await assertAccessible(page, "a run");
    await page.click(".token");
    await assertAccessible(page, "the inspector");
    await page.keyboard.press("Escape");
    await page.keyboard.press("End");
    await assertAccessible(page, "the end of a run");
    await page.keyboard.press("k");
    await assertAccessible(page, "the knobs");
    await page.click("#tab-Notes");
    await page.waitForSelector(".note h1, .note h2");
    await assertAccessible(page, "the notes");
    await page.click("#tab-Trace");
    await assertAccessible(page, "the trace");
    await page.click("#tab-Story");
    await page.keyboard.press("c");
    await page.waitForSelector(".half + .half");
    await assertAccessible(page, "a comparison");
    await page.keyboard.press("c");
    await page.keyboard.press("s");
    await page.waitForSelector(".share[open]");
    await assertAccessible(page, "sharing");
    await page.keyboard.press("Escape");
    await page.keyboard.press("p");
    await assertAccessible(page, "presenting");
    assertQuiet(page);
    await end(page);
  });
}

for (const [width, height] of SIZES) {
  test(`nothing is beyond the edge at ${width} by ${height}`, async () => {
    const page = await newPage({ viewport: { width, height }, reducedMotion: "reduce" });
    for (const [scenario, part] of [
      ["three-generals", 640],
      ["last-messenger", 560],
      ["a-hundred-messengers", 450],
      ["seven-generals", 430],
      ["the-table-that-forgot", 1000],
      ["berkeley-and-one-mad-clock", 400],
    ]) {
      await open(page, scenario);
      await seek(page, part);
      await settle(page);
      const beyond = await page.evaluate(() => {
        const { innerWidth, innerHeight } = globalThis;
        const boxes = [...document.querySelectorAll(".field .node .disc, .field .label .name, footer button, .moment")];
        return boxes
          .map((box) => [box.textContent || box.getAttribute("class"), box.getBoundingClientRect()])
          .filter(
            ([, box]) => box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.top < -1,
          )
          .map(([name, box]) => `${name} ${JSON.stringify(box)}`);
      });
      assert.deepEqual(beyond, [], scenario);
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `${scenario} scrolls sideways`,
      );
      if (shots) await page.screenshot({ path: `${shots}/${scenario}-${width}x${height}.png` });
    }
    assertQuiet(page);
    await end(page);
  });
}

test("texts are as large as the last row needs when presenting", async () => {
  const page = await newPage({ viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" });
  await open(page, "three-generals");
  await seek(page, 640);
  await page.keyboard.press("p");
  await settle(page);
  const small = await page.evaluate(() => {
    const size = (element) => {
      const shown = Number.parseFloat(getComputedStyle(element).fontSize);
      const matrix = element.getScreenCTM?.();
      return shown * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
    };
    const texts = document.querySelectorAll(
      ".beat .words, .card h3, .field .name, .field .state, .token text:not(.truth), .names text, .diagram .words",
    );
    return [...texts].map((text) => [text.textContent, Math.round(size(text))]).filter(([, size]) => size < 22);
  });
  assert.deepEqual(small, []);
  await end(page);
});

test("where the story tells of a loss, the message looks lost as soon as it stands still", async () => {
  const page = await newPage({ reducedMotion: "reduce" });
  await open(page, "exactly-once/at-least-once-charges-twice");
  for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowRight");
  await settle(page);
  assert.match(await page.textContent(".beat .words"), /acknowledgement is lost/);
  const [lost] = await page.$$eval(".field .token.lost.spoken", (all) => all.map((one) => one.getAttribute("class")));
  assert.match(lost, /gone/);
  assert.ok(await page.isVisible(".field .token.lost.spoken .cross"), "it is crossed");
  assert.equal(await page.$(".field .token.delivered.gone"), null, "and what goes on is not");
  assertQuiet(page);
  await end(page);
});
