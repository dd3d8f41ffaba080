// The audience's seat: a phone of 390 by 844. One column of field, beat and verdict; two runs that
// are compared are both seen; and what is told of a stop is not cut into pages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, end, newPage, open, settle } from "./support.mjs";

const phone = { reducedMotion: "reduce", viewport: { width: 390, height: 844 }, hasTouch: true };

const boxes = (page, selector) =>
  page.$$eval(selector, (all) => all.map((one) => one.getBoundingClientRect().toJSON()));

test("two runs that are compared have their fields in view, one below the other", async () => {
  const page = await newPage(phone);
  for (const scenario of ["byzantine-generals/seven-generals", "exactly-once/the-dual-write"]) {
    await open(page, scenario);
    await page.keyboard.press("Shift+Digit1");
    await page.waitForSelector(".changes li");
    await page.keyboard.press("End");
    await page.keyboard.press("c");
    await page.waitForSelector("main.compared .half >> nth=1");
    for (const mode of ["read", "presented"]) {
      await settle(page);
      const [[one, other], [footer]] = [await boxes(page, ".half .field"), await boxes(page, "footer")];
      assert.ok(one.top >= 0 && one.bottom <= other.top && other.bottom <= footer.top + 1, `${scenario}, ${mode}`);
      for (const { width, height } of [one, other]) assert.ok(width <= 390 && height >= 150, `${scenario}, ${mode}`);
      const nodes = await boxes(page, ".half .node .disc");
      assert.ok(
        nodes.every(({ left, right }) => left >= 0 && right <= 390),
        "no node is beside the page",
      );
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390));
      await page.keyboard.press("p");
    }
    await page.keyboard.press("c");
  }
  assertQuiet(page);
  await end(page);
});

test("presented on a phone, a stop is one press: its story scrolls, and is not cut into pages", async () => {
  const page = await newPage(phone);
  await open(page, "byzantine-generals/three-generals");
  await page.keyboard.press("p");
  await page.keyboard.press("PageDown");
  assert.equal(await page.textContent(".beat .label"), "Beat 1 of 4", "the opening is no page of its own");
  await page.keyboard.press("End");
  await settle(page);
  assert.equal(await page.isVisible(".page-of"), false);
  for (const part of [".beat", ".cards", ".lesson", ".try"]) assert.ok(await page.isVisible(part), part);
  const [[scroll], [footer]] = [await boxes(page, "aside .scroll:has(> .story)"), await boxes(page, "footer")];
  assert.ok(scroll.bottom <= footer.top + 1);
  assertQuiet(page);
  await end(page);
});

test("presented on a phone, nothing of the story is beyond its sides", async () => {
  const page = await newPage(phone);
  for (const scenario of ["byzantine-generals/seven-generals", "clock-skew/the-lease-held-twice"]) {
    await open(page, scenario);
    if (!(await page.$("body.present"))) await page.keyboard.press("p");
    await page.keyboard.press("End");
    await settle(page);
    const beyond = await page.$$eval(".story *", (all) =>
      all
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > 390)
        .map((one) => `${one.className}: ${one.textContent}`),
    );
    assert.deepEqual(beyond, []);
  }
  assertQuiet(page);
  await end(page);
});

test("presented on a phone, the story comes before what a change did, which one tap unfolds", async () => {
  const page = await newPage(phone);
  for (const scenario of ["clock-skew/the-lease-held-twice", "byzantine-generals/four-generals"]) {
    await open(page, scenario);
    if (!(await page.$("body.present"))) await page.keyboard.press("p");
    await page.keyboard.press("Shift+Digit1");
    await page.waitForSelector(".fork-told:not([hidden])");
    await page.keyboard.press("PageDown");
    await settle(page);
    const [[beat], [told], [footer]] = [
      await boxes(page, ".beat"),
      await boxes(page, ".fork-told"),
      await boxes(page, "footer"),
    ];
    assert.ok(beat.bottom <= told.top && beat.bottom <= footer.top, "the beat is first, and whole");
    assert.ok(told.height < 60, "what the change did is folded");
    const row = await boxes(page, ".transport button:visible");
    assert.equal(new Set(row.map(({ top }) => Math.round(top))).size, 1, "the controls are one row");
    const names = await page.$$eval(".transport button", (all) =>
      all
        .filter((one) => one.checkVisibility())
        .map((one) => one.ariaLabel ?? (one.querySelector(".short") ?? one).textContent),
    );
    assert.equal(new Set(names).size, names.length, `two controls have one name: ${names}`);
    await page.tap(".fork-told h3 button");
    await page.waitForSelector(".fork-told p:visible");
    await page.waitForSelector(".story > .changes li:visible");
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.waitForSelector(".story > .fork-told:first-child p:visible");
    await page.setViewportSize(phone.viewport);
  }
  assertQuiet(page);
  await end(page);
});

test("the diagram is right below what is told of a stop, and every lie has its words", async () => {
  const page = await newPage(phone);
  await open(page, "byzantine-generals/signatures-save-three");
  await page.keyboard.press("End");
  await settle(page);
  const [[caption], [diagram], [tools]] = [
    await boxes(page, ".caption"),
    await boxes(page, ".diagram"),
    await boxes(page, ".diagram .tools"),
  ];
  assert.ok(diagram.top >= caption.bottom && diagram.top < 844, `it begins at ${diagram.top}`);
  assert.ok(tools.top >= diagram.bottom - 1, "no button covers it");
  assert.ok(await page.isVisible(".field .told.lie"), "the lie is told in the field");
  assert.ok(await page.isVisible(".diagram .texts:has(.lie)"), "and in the diagram");
  const small = await page.$$eval("button", (all) =>
    all
      .filter((one) => one.checkVisibility() && !one.matches(".link") && one.getBoundingClientRect().height < 44)
      .map((one) => `${one.textContent || one.ariaLabel} is ${one.getBoundingClientRect().height} px high`),
  );
  assert.deepEqual(small, []);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.waitForSelector(".stage > .diagram");
  assertQuiet(page);
  await end(page);
});

test("a badge leaves the letter of its node free", async () => {
  const page = await newPage(phone);
  await open(page, "byzantine-generals/seven-generals");
  await page.keyboard.press("End");
  await settle(page);
  const covered = await page.$$eval(".field .node", (nodes) =>
    nodes.flatMap((node) => {
      const [letter, badge] = [".letter", ".badge rect"].map((part) =>
        node.querySelector(part)?.getBoundingClientRect(),
      );
      if (!letter || !badge) return [];
      // Letters take three quarters of the box of their line.
      const bottom = letter.bottom - (letter.bottom - letter.top) * 0.22;
      return bottom > badge.top + 1 ? [`${node.dataset.node}: ${bottom} is below ${badge.top}`] : [];
    }),
  );
  assert.deepEqual(covered, []);
  assertQuiet(page);
  await end(page);
});

test("the end leaves the page where it is, and says how a traitor lies", async () => {
  const page = await newPage(phone);
  await open(page, "byzantine-generals/three-generals");
  for (const name of ["Next", "To the end"]) {
    await page.tap(`footer [aria-label="${name}"]`);
    await settle(page);
    assert.equal(await page.evaluate(() => scrollY), 0, name);
  }
  assert.match(await page.textContent(".node-rows"), /Bobtraitor: says the opposite/);
  assertQuiet(page);
  await end(page);
});

test("the menu is for fingers: it names no key, and leads to all that a run offers", async () => {
  const page = await newPage(phone);
  await open(page, "two-generals/last-messenger");
  const press = async (words) => {
    await page.tap(".keys button:visible");
    await page.waitForSelector(".menu[open]");
    assert.equal(await page.locator(".menu kbd").count(), 0);
    await page.tap(`.menu button:text-is("${words}")`);
    assert.equal(await page.$(".menu[open]"), null, `${words} closes the menu`);
  };
  for (const [words, sign] of [
    ["Odds", ".odds[open]"],
    ["Wall of seeds", ".wall[open]"],
    ["Share", ".share[open]"],
    ["Library", ".library[open]"],
    ["The file", ".editor[open]"],
    ["The twin", ".twins[open]"],
  ]) {
    await press(words);
    await page.waitForSelector(sign);
    await page.tap(`${sign} .close`);
  }
  await press("What if: marks");
  await page.waitForSelector(".tray .mark");
  await press("Knobs");
  await page.waitForSelector(".knobs .knob");
  await press("Undo");
  await page.waitForSelector(".remarks .close");
  await press("Present");
  await page.waitForSelector("body.present");
  assertQuiet(page);
  await end(page);
});

test("the diagram below shows where the run stands, also if there was no room for it before", async () => {
  const page = await newPage(phone);
  for (const scenario of ["overload/the-storm-that-feeds-itself", "clock-skew/servers-that-follow-servers"]) {
    await open(page, scenario);
    await page.keyboard.press("End");
    await settle(page);
    await page.locator(".playhead").scrollIntoViewIfNeeded();
    await settle(page);
    const [[head], [room]] = [await boxes(page, ".playhead"), await boxes(page, ".diagram")];
    assert.ok(head.left >= room.left && head.right <= room.right, `${scenario}: ${head.left} to ${head.right}`);
  }
  assertQuiet(page);
  await end(page);
});
