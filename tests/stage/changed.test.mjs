// What the page says once a run is changed, and what Escape closes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, end, newPage, open, scenarios, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };

const told = (page) => page.$eval(".beat", (beat) => beat.textContent);
const label = (page) => page.textContent(".beat .label");

test("a jump into a changed run leaves no sentence of the rehearsed one", async () => {
  const page = await newPage(still);
  const some = scenarios().filter((_, index) => index % 5 === 0);
  for (const scenario of [...some, "two-generals/one-storm", "clock-skew/the-lease-held-twice"]) {
    await open(page, scenario);
    if ((await page.$$eval(".ready .prepared", (all) => all.length)) === 0) continue;
    await page.keyboard.press("End");
    const before = await told(page);
    await page.keyboard.press("Shift+Digit1");
    await page.waitForSelector(".changes li");
    await settle(page);
    const now = await told(page);
    assert.notEqual(now, before, scenario);
    // A beat is told at its own moment alone, and never beyond where the runs part.
    assert.match(await label(page), /^(What happens now|The end|.+ · .+)$/, `${scenario}: ${now}`);
    await page.keyboard.press("End");
    assert.doesNotMatch(await label(page), /^Beat/, scenario);
  }
  assertQuiet(page);
  await end(page);
});

test("where a run is set up otherwise, it opens with the change; where it parts, that is the headline", async () => {
  const page = await newPage(still);
  for (const scenario of scenarios().filter((_, index) => index % 5 === 2)) {
    await open(page, scenario);
    if ((await page.$$eval(".ready .prepared", (all) => all.length)) === 0) continue;
    const isSet = await page.$eval(".ready .prepared", (one) => /--set|--seed/.test(one.title));
    const title = await page.textContent(".beat .words");
    await page.keyboard.press("Shift+Digit1");
    await page.waitForSelector(".changes li");
    await page.keyboard.press("Home");
    const words = await page.textContent(".beat .words");
    if (isSet) assert.match(words, /^Changed: /, scenario);
    else assert.equal(words, title, scenario);
    assert.equal(await page.isVisible(".beat .more"), !isSet, `${scenario}: the setup is not this run's`);
  }
  // A change in the middle: the change stands above what was heard last.
  await open(page, "two-generals/one-storm");
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+Digit1");
  await page.waitForSelector(".changes li");
  assert.match(await page.textContent(".beat .words"), /^Changed: /);
  assertQuiet(page);
  await end(page);
});

test("a change that the story says in words is told without its settings", async () => {
  const page = await newPage(still);
  await open(page, "clock-skew/the-lease-held-twice");
  const change = async (key) => {
    await page.keyboard.press(key);
    await page.waitForFunction(() => document.querySelector(".fork-told p")?.textContent);
    return page.textContent(".fork-told p");
  };
  assert.doesNotMatch(await change("Shift+Digit1"), /params|sending/);
  assert.match(await page.textContent(".fork-told small"), /sending/, "beside it, in small type");
  await page.keyboard.press("Home");
  assert.match(await page.textContent(".beat .words"), /^Changed: Alice counts from the moment .+ request\.$/);
  assert.match(await page.textContent(".beat .rehearsed"), /^The rehearsed run, “A lease for ten seconds”: /);
  await page.keyboard.press("p");
  assert.equal(await page.isVisible(".fork-told small"), false);
  // One that nobody says in words is told by its setting.
  await open(page, "two-generals/last-messenger");
  await page.keyboard.press("k");
  await page.fill("#knob-params-acks", "4");
  assert.match(await change("Tab"), /acks/);
  assertQuiet(page);
  await end(page);
});

test("presented, a change is said once: above what came of it, at every stop", async () => {
  const page = await newPage(still);
  for (const scenario of [
    "byzantine-generals/three-generals",
    "two-generals/last-messenger",
    "two-generals/one-storm",
    "clock-skew/the-lease-held-twice",
    "exactly-once/delivery-cannot-effects-can",
  ]) {
    await open(page, scenario);
    if (!(await page.$("body.present"))) await page.keyboard.press("p");
    await page.keyboard.press("Shift+Digit1");
    await page.waitForSelector(".changes li");
    await page.waitForFunction(() => document.querySelector(".fork-told p")?.textContent);
    const change = await page.$eval(".changes li", (row) => row.firstChild.textContent.replace(/\.$/, ""));
    await page.keyboard.press("Home");
    for (let press = 0; press < 8; press++) {
      await settle(page);
      // What can be tried is offered, and not told.
      const told = await page.$$eval("aside *", (all) =>
        all
          .filter((one) => one.checkVisibility() && !one.closest(".try"))
          .flatMap((one) => [...one.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE))
          .map((text) => text.textContent),
      );
      const where = `${scenario}, after ${press} presses: ${told.join(" | ")}`;
      assert.equal(told.filter((words) => words.includes(change)).length, 1, where);
      assert.doesNotMatch(told.join(" "), /Changed: |takes part, too/, where);
      assert.equal(await page.isVisible(".fork-told .done"), false, where);
      await page.keyboard.press("ArrowRight");
    }
    // Read alone, what was done leads to its event.
    await page.keyboard.press("p");
    if (await page.$(".fork-told .done")) assert.ok(await page.isVisible(".fork-told .done"), scenario);
  }
  assertQuiet(page);
  await end(page);
});

test("a verdict turns with the event that violates its property, and tells why once that is seen", async () => {
  const page = await newPage(still);
  await open(page, "clock-skew/the-lease-held-twice");
  const card = () => page.$eval(".card", (one) => one.textContent);
  for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowRight");
  assert.match(await card(), /mutual-exclusion.*open/);
  await page.keyboard.press("ArrowRight");
  assert.match(await label(page), /Beat 4/);
  assert.match(await card(), /mutual-exclusion.*violated/, "two hold the lease in sight");
  assert.doesNotMatch(await card(), /two holders for/, "how long is still to be seen");
  assert.ok(await page.isVisible(".card .why"));
  await page.keyboard.press("End");
  assert.match(await card(), /two holders for/);
  assertQuiet(page);
  await end(page);
});

test("Escape closes one thing at a time, and leaves the presentation last", async () => {
  const page = await newPage(still);
  await open(page, "exactly-once/back-to-the-checkpoint");
  const isPresent = () => page.evaluate(() => document.body.matches(".present"));
  await page.keyboard.press("p");
  // What is said in passing is closed by the next key too: "e" and then "x" leave one thing open.
  for (const [keys, count] of [
    ["e", 1],
    ["x", 1],
    ["xx", 1],
    ["h", 1],
    ["v", 1],
    ["z", 1],
    ["q", 1],
    ["k", 1],
    ["b", 1],
    ["?", 1],
    ["o", 1],
    ["w", 1],
    ["g", 1],
    ["ex", 1],
    ["xe", 2],
  ]) {
    for (const key of keys) await page.keyboard.press(key);
    await settle(page);
    for (let nth = 1; nth <= count; nth++) {
      assert.equal(await isPresent(), true, `${keys} before the ${nth}. Escape`);
      await page.keyboard.press("Escape");
      await settle(page);
    }
    assert.equal(await isPresent(), true, `${keys} are closed`);
    assert.equal(
      await page.$("dialog[open], .remarks *, .tray:not([hidden]), body.blank, body[data-view]"),
      null,
      keys,
    );
  }
  // Nothing is open any more but the presentation.
  await page.keyboard.press("Escape");
  assert.equal(await isPresent(), false);
  assertQuiet(page);
  await end(page);
});

test("Escape leaves what is still being fetched, and not the presentation", async () => {
  const page = await newPage(still);
  let fetchOn = () => {};
  const isPressed = new Promise((done) => {
    fetchOn = done;
  });
  await page.route("**/editor.js", async (route) => {
    await isPressed;
    await route.continue();
  });
  await open(page, "exactly-once/back-to-the-checkpoint");
  for (const key of ["p", "g", "Escape"]) await page.keyboard.press(key);
  const fetched = page.waitForResponse("**/editor.js");
  fetchOn();
  await fetched;
  await settle(page);
  assert.equal(await page.evaluate(() => document.body.matches(".present")), true);
  assert.equal(await page.$("dialog[open]"), null);
  await page.keyboard.press("g");
  await page.waitForSelector("dialog.editor[open]");
  assertQuiet(page);
  await end(page);
});
