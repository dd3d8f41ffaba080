// The panel beside the run: its pages, the hands that are counted, its type, and narrow pages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { panelFaults } from "./panel_faults.mjs";
import { assertQuiet, end, newPage, open, seek, settle, url } from "./support.mjs";

const still = { reducedMotion: "reduce" };
const shown = (page) =>
  page.$$eval(".story *", (all) => all.filter((one) => one.checkVisibility()).map((one) => one.className));
const mark = (page) => page.evaluate(() => document.querySelector(".page-of:not([hidden])")?.textContent ?? "");

test("a clicker turns the pages of a stop before the run goes on, and back", async () => {
  const page = await newPage(still);
  await open(page, "the-barrier-nobody-waited-for");
  await page.keyboard.press("p");
  await page.keyboard.press("End");
  assert.match(await mark(page), /^1\/[2-9]$/);
  assert.ok(
    (await shown(page)).some((name) => /^card violated/.test(name)),
    "what is violated comes first",
  );
  const moment = await page.textContent(".moment");
  const seen = [];
  for (let i = 0; i < 9; i++) {
    seen.push((await shown(page)).join(" "));
    await page.keyboard.press("PageDown");
  }
  assert.equal(await page.textContent(".moment"), moment);
  for (const part of ["card violated", "predict answered", "ledger", "figures", "lesson", "try"])
    assert.ok(
      seen.some((names) => names.includes(part)),
      `${part} has a page`,
    );
  assert.match(await mark(page), /^(\d)\/\1$/, "the last page");
  // Back through the pages, and through those of the stop before.
  const marks = [];
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press("PageUp");
    marks.push(await mark(page));
  }
  assert.ok(marks.includes("1/5") && marks.includes("2/2"), marks.join());
  // Who does not present sees everything at once.
  await page.keyboard.press("End");
  await page.keyboard.press("Escape");
  assert.equal(await mark(page), "");
  assert.equal(await page.$(".story .off"), null);
  assertQuiet(page);
  await end(page);
});

test("changes, warnings and the inspector fit the room, too", async () => {
  const page = await newPage(still);
  const faults = async (what) => assert.deepEqual(await page.evaluate(`(${panelFaults})(16)`), [], what);
  await page.route("**/api/run", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const warning = "The run ended at its limit of events: what would have happened later is not known.";
    answer.show.warnings = [warning, warning];
    await route.fulfill({ response, json: answer });
  });
  const sets = ["orders=9", "interval=20ms", "gap=10ms", "sink=immediate"].map((set) => `set=params.${set}`);
  await open(page, `v=1&scenario=the-barrier-nobody-waited-for&${sets.join("&")}`);
  await page.keyboard.press("p");
  assert.match(await page.textContent(".beat .changed"), /params\.orders/);
  await faults("the opening page of a changed run");
  await page.keyboard.press("n");
  await page.waitForSelector(".changes li");
  // What it came to is told once another answer has come.
  await page.waitForLoadState("networkidle");
  await settle(page);
  await page.click('.node[data-node="till"] .ring', { force: true });
  assert.equal(await page.locator(".story:visible").count(), 0, "the inspector stands instead of the story");
  await faults("the inspector of a node");
  await page.keyboard.press("PageDown");
  assert.ok(await page.isVisible(".story"), "who goes on sees the story");
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press("PageDown");
    await faults(`${i} presses on`);
    await page.keyboard.press("Shift+ArrowRight");
    await faults(`an event after ${i} presses`);
  }
  await page.keyboard.press("End");
  await faults("the end");
  assertQuiet(page);
  await end(page);
});

test("of two questions, each has its page and its own hands", async () => {
  const page = await newPage(still);
  await open(page, "seven-generals");
  await page.keyboard.press("p");
  await page.keyboard.press("1");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("2");
  const hands = await page.$$eval(".predict", (all) =>
    all.map((one) => one.querySelector(".choice .hands").textContent),
  );
  assert.deepEqual(hands, ["1", "0"]);
  assertQuiet(page);
  await end(page);
});

test("hands can be typed, and where nobody votes there are no counts", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  const hands = () => page.$$eval(".hands", (all) => all.map((one) => one.textContent));
  assert.deepEqual(await hands(), []);
  await page.keyboard.press("#");
  await page.keyboard.type("12");
  await page.keyboard.press("Enter");
  await page.keyboard.type("3x");
  await page.keyboard.press("Enter");
  assert.deepEqual(await hands(), ["12", "0"], "what is no number counts nothing");
  await page.click("button.hands >> nth=1");
  await page.keyboard.type("7");
  await page.keyboard.press("Escape");
  assert.deepEqual(await hands(), ["12", "7"]);
  await page.keyboard.press("1");
  assert.deepEqual(await hands(), ["13", "7"], "the digits count on");
  await page.keyboard.press("End");
  await page.keyboard.press("#");
  assert.equal(await page.$("input.hands"), null, "the vote is closed");
  assertQuiet(page);
  await end(page);
});

test("no verdict is shown while a vote is open", async () => {
  const page = await newPage(still);
  // Asked when it is known already that something is violated.
  const file = new URL("../../scenarios/exactly-once/the-barrier-nobody-waited-for.toml", import.meta.url);
  const text = (await readFile(file, "utf8")).replace("[story.predict]", '[story.predict]\nat = "290ms"');
  await open(page, "three-generals");
  await page.keyboard.press("l");
  const own = { name: "own.toml", mimeType: "text/plain", buffer: Buffer.from(text) };
  await page.setInputFiles(".library input[type=file]", own);
  await page.waitForFunction(() => document.querySelector("h1").textContent.startsWith("Two barriers"));
  await page.keyboard.press("p");
  const violated = page.locator(".card.violated:visible");
  while (!(await page.isVisible(".predict"))) {
    assert.match(await page.textContent(".moment"), /^\d+(\.\d+)?( ms)?$/);
    await page.keyboard.press("PageDown");
  }
  assert.ok(await page.$(".card.violated"), "something is violated by now");
  assert.equal(await violated.count(), 0);
  await page.keyboard.press("PageDown");
  assert.notEqual(await violated.count(), 0);
  assertQuiet(page);
  await end(page);
});

test("present mode and the size of the type are kept when the page is loaded anew", async () => {
  const page = await newPage(still);
  await open(page, "last-messenger");
  const type = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  await page.keyboard.press("p");
  const before = await type();
  await page.keyboard.press(">");
  const larger = await type();
  assert.ok(larger > before);
  await page.reload();
  await page.waitForSelector("body.present .beat .label");
  assert.equal(await type(), larger);
  for (let i = 0; i < 3; i++) await page.keyboard.press("<");
  assert.ok((await type()) < before);
  await page.keyboard.press("Escape");
  await page.reload();
  await page.waitForSelector("body:not(.present) .beat .label");
  assertQuiet(page);
  await end(page);
});

test("the page that was turned to is kept when all is loaded anew, and not beyond its stop", async () => {
  const page = await newPage(still);
  for (const change of [null, "Shift+Digit1"]) {
    await open(page, "clock-skew/berkeley-and-one-mad-clock");
    if (!(await page.$("body.present"))) await page.keyboard.press("p");
    if (change) {
      await page.keyboard.press(change);
      await page.waitForSelector(".changes li");
      await page.waitForLoadState("networkidle");
    }
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    await settle(page);
    const before = await page.textContent(".page-of");
    assert.match(before, /^2\/[2-9]$/);
    // The address is written soon after the run has moved.
    await page.waitForTimeout(600);
    await page.reload();
    // The beat is on the first page.
    await page.waitForSelector("body.present .beat .label", { state: "attached" });
    await page.waitForLoadState("networkidle");
    await page.waitForFunction((mark) => document.querySelector(".page-of").textContent === mark, before);
    await page.keyboard.press("ArrowLeft");
    assert.match(await page.textContent(".page-of"), /^1\//);
    // Who has gone on begins at the first page.
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Home");
    await page.keyboard.press("End");
    assert.match(await page.textContent(".page-of"), /^1\//);
  }
  assertQuiet(page);
  await end(page);
});

test("the library opens again right after it was closed, whatever was typed", async () => {
  const page = await newPage(still);
  await page.goto(url);
  await page.waitForSelector(".library[open]");
  for (const words of ["", "zombie", "clock"]) {
    await page.keyboard.type(words);
    await page.keyboard.press("Escape");
    assert.equal(await page.$(".library[open]"), null);
    await page.keyboard.press("l");
    assert.ok(await page.$(".library[open]"));
  }
  await end(page);
});

for (const [width, height] of [
  [390, 844],
  [640, 360],
]) {
  test(`a page of ${width} by ${height} is one column, the field first`, async () => {
    const page = await newPage({ ...still, viewport: { width, height }, hasTouch: true });
    for (const scenario of ["the-barrier-nobody-waited-for", "the-asymmetric-path", "seven-generals"]) {
      await open(page, scenario);
      for (const part of [0, 400, 1000]) {
        await seek(page, part);
        await settle(page);
        const [field, beat, footer, wide] = await page.evaluate(() => [
          ...[".field", ".beat", "footer"].map((part) => document.querySelector(part).getBoundingClientRect().toJSON()),
          document.documentElement.scrollWidth,
        ]);
        assert.ok(wide <= width, `${scenario} is ${wide} pixels wide`);
        assert.ok(field.height >= height * 0.38 && field.width >= width - 1, "the field has its room");
        assert.ok(beat.top >= field.bottom || part > 0, "the beat is below it");
        assert.ok(footer.bottom <= height + 1, "the controls stay in view");
      }
      assert.ok(await page.isVisible(".node-rows li >> nth=1"), "what is known of the nodes is told below");
    }
    assertQuiet(page);
    await end(page);
  });
}

test("a finger turns the beats, and finds no small button", async () => {
  const page = await newPage({ ...still, viewport: { width: 390, height: 844 }, hasTouch: true });
  await open(page, "last-messenger");
  const label = () => page.textContent(".beat .label");
  const swipe = (from, to) =>
    page.evaluate(
      ([from, to]) => {
        const on = document.querySelector(".beat");
        const event = (kind, clientX) =>
          new PointerEvent(kind, { bubbles: true, pointerType: "touch", isPrimary: true, clientX, clientY: 500 });
        on.dispatchEvent(event("pointerdown", from));
        on.dispatchEvent(event("pointerup", to));
      },
      [from, to],
    );
  await swipe(300, 90);
  assert.match(await label(), /^Beat 1 /);
  await swipe(300, 90);
  await swipe(90, 300);
  assert.match(await label(), /^Beat 1 /);
  await swipe(200, 180);
  assert.match(await label(), /^Beat 1 /, "too short a way is no swipe");
  await page.tap(".keys button:visible");
  const small = await page.$$eval(".menu button", (all) =>
    all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent),
  );
  assert.deepEqual(small, []);
  await page.tap(".menu .close");
  await page.tap('footer [aria-label="To the end"]');
  assert.match(await label(), /^Beat 6 /);
  for (const button of await page.$$("footer button")) {
    const box = await button.boundingBox();
    assert.ok(!box || (box.width >= 44 && box.height >= 44), await button.getAttribute("aria-label"));
  }
  assertQuiet(page);
  await end(page);
});
