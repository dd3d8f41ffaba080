// What if, seen: the ghost of the rehearsed run, the way back from a verdict, marks that are dragged, two runs beside
// each other, and the worst case that plays by itself.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { faults } from "./boxes.mjs";
import { assertAccessible, assertQuiet, axe, dsys, end, newPage, open, settle } from "./support.mjs";

const still = { reducedMotion: "reduce" };

/** Opens a scenario's end. */
async function atEnd(page, scenario) {
  await open(page, scenario);
  await page.keyboard.press("End");
  await settle(page);
}

/** Loses a message by its arrow in the diagram. */
async function lose(page, message) {
  await page.click(`.diagram .way[data-message="${message}"]`);
  await page.click('.whatif button:has-text("lose it")');
  await page.waitForSelector(".changes li");
}

/** Makes a loyal general a traitor. */
async function betray(page, node) {
  await page.focus(`.field [data-node=${node}] .ring`);
  await page.keyboard.press("Enter");
  await page.click('.whatif button:has-text("make it a traitor: flip")');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("Escape");
}

const ghost = (page) =>
  page.$$eval(".diagram .ghost path", (paths) => paths.map((path) => path.getAttribute("d")).join(""));
const changes = (page) => page.$$eval(".changes li", (rows) => rows.map((row) => row.firstChild.textContent));

test("the rehearsed run stays as a ghost until it is left, and the first difference can be read", async () => {
  const page = await newPage(still);
  await atEnd(page, "two-generals/last-messenger");
  assert.equal(await ghost(page), "");
  await lose(page, "alice:bob:2");
  await settle(page);
  assert.notEqual(await ghost(page), "");
  // What was seen of it shows at once; of what nodes decided, what should have happened by now.
  const reach = await page.$eval(".diagram svg.ghost", (svg) => svg.width.baseVal.value);
  assert.ok(reach > 400, `the ghost is seen up to ${reach}`);
  await page.keyboard.press("End");
  await settle(page);
  assert.match(await page.textContent(".field .ghost"), /decided attack/);
  assert.match(await page.textContent(".diagram .plot"), /decided: attack/);
  for (const mark of [".field .difference", ".diagram .difference"]) {
    await page.focus(mark);
    const says = await page.getAttribute(mark, "aria-label");
    assert.match(
      says,
      /^The first difference, at 20 ms: .*loses “ack 2”.* In the rehearsed run, at 30 ms: Bob hears “ack 2”/,
    );
    await page.keyboard.press("Enter");
    assert.match(await page.textContent(".inspector"), /ack 2/);
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press("r");
  await settle(page);
  assert.equal(await ghost(page), "");
  assert.equal(await page.$(".field .difference"), null);
  assert.equal(await page.isVisible(".diagram .difference"), false);
  assertQuiet(page);
  await end(page);
});

test("what was on its way in the rehearsed run is on its way as a ghost", async () => {
  const page = await newPage(still);
  await atEnd(page, "two-generals/last-messenger");
  await lose(page, "alice:bob:1");
  const disc = () => page.getAttribute(".field .ghost .disc", "d");
  assert.equal(await disc(), "");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.evaluate(() => {
    const range = document.querySelector(".scrub input");
    range.value = 150;
    range.dispatchEvent(new Event("input"));
  });
  await settle(page);
  assert.match(await disc(), /^M/);
  await end(page);
});

test("the node that differs first flashes once, and stands still where motion is not wanted", async () => {
  for (const [reducedMotion, animation] of [
    ["reduce", "none"],
    ["no-preference", "flash"],
  ]) {
    const page = await newPage({ reducedMotion });
    await atEnd(page, "two-generals/last-messenger");
    await lose(page, "alice:bob:2");
    const style = await page.$eval(".field .first-ring", (ring) => {
      const { animationName, animationIterationCount, stroke } = getComputedStyle(ring);
      return { animationName, animationIterationCount, isDrawn: stroke !== "none" };
    });
    assert.deepEqual(style, { animationName: animation, animationIterationCount: "1", isDrawn: true });
    await end(page);
  }
});

test("a key walks back along the causes to the choice, and offers what undoes it", async () => {
  const page = await newPage(still);
  await open(page, "two-generals/last-messenger");
  await page.keyboard.press("a");
  assert.equal(await page.isVisible(".rewind"), false, "no verdict is known yet");
  await page.keyboard.press("End");
  await page.click(".card.violated .why");
  const step = () => page.textContent(".rewind .step");
  // Each step says why it is a cause, by what came of it.
  const why = () => page.textContent(".rewind .because");
  assert.match(await step(), /80 ms Alice decides: retreat/);
  assert.match(await why(), /^Bob attacks alone: /);
  await page.keyboard.press("ArrowLeft");
  assert.match(await step(), /Alice's timer fires/);
  assert.equal(await why(), "So Alice decides: retreat.");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await why(), "This does not reach Alice, so Alice's timer fires: deadline.");
  assert.match(await step(), /30 ms The network loses “ack 3” from Bob to Alice/);
  assert.equal(await page.textContent(".moment"), "30 ms");
  // Without this choice the property holds: the page has tried it.
  await page.waitForSelector('.rewind .guilty:has-text("Without this, agreement is not violated")');
  // The verdict stays known on the way, and nothing is beyond the choice.
  await page.keyboard.press("ArrowLeft");
  assert.match(await step(), /loses “ack 3”/);
  const dimmed = (message) =>
    page.$eval(`.diagram .way[data-message="${message}"]`, (way) => way.hasAttribute("data-dim"));
  assert.deepEqual([await dimmed("alice:bob:1"), await dimmed("bob:alice:2")], [true, false]);
  await page.keyboard.press("ArrowRight");
  assert.match(await step(), /timer fires/);
  await page.keyboard.press("ArrowLeft");
  await page.click('.rewind button:has-text("deliver it")');
  await page.waitForFunction(() => /is delivered/.test(document.querySelector(".changes").textContent));
  assert.equal(await page.isVisible(".rewind"), false);
  assert.equal(await page.$("[data-dim]"), null);
  assertQuiet(page);
  await end(page);
});

test("the way back leads to a lie, and Escape leaves it", async () => {
  const page = await newPage(still);
  await atEnd(page, "byzantine-generals/four-generals");
  await betray(page, "carol");
  await page.keyboard.press("End");
  await page.keyboard.press("a");
  await page.waitForSelector(".rewind .step");
  for (let steps = 0; steps < 12; steps++) await page.keyboard.press("ArrowLeft");
  assert.match(await page.textContent(".rewind .step"), /a lie, instead of/);
  assert.match(await page.textContent(".rewind"), /let (Bob|Carol) say “attack”/);
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible(".rewind"), false);
  assertQuiet(page);
  await end(page);
});

test("a recorded run walks back, too, and a question that is open is not answered by it", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "dsys-")), "run.html");
  execFileSync(dsys, ["run", "last-messenger", "--diagram", file]);
  const page = await newPage(still, `file://${file}`);
  await page.goto(`file://${file}`);
  await page.waitForSelector(".field .node");
  await page.keyboard.press("End");
  await page.keyboard.press("a");
  for (let steps = 0; steps < 3; steps++) await page.keyboard.press("ArrowLeft");
  assert.match(await page.textContent(".rewind .step"), /loses “ack 3”/);
  assert.equal(await page.$(".rewind .choices"), null, "there is no server to try it");
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible(".rewind"), false);
  await page.keyboard.press("Home");
  await page.keyboard.press("a");
  assert.equal(await page.isVisible(".rewind"), false);
  assertQuiet(page);
  await end(page);
});

test("a mark is chosen by keys, and does what the menu does", async () => {
  const page = await newPage(still);
  await open(page, "byzantine-generals/four-generals");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.focus(".field [data-node=alice] .ring");
  await page.keyboard.press("Enter");
  const menu = await page.evaluate(() => document.querySelector(".whatif").textContent);
  assert.match(menu, /crash Alice now/);
  const asked = [];
  page.on("request", (request) => request.url().endsWith("/api/run") && asked.push(request.postDataJSON()));
  await page.click('.whatif button:has-text("crash Alice now")');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await page.waitForFunction(() => !document.querySelector(".changes li"));
  await page.keyboard.press("h");
  while ((await page.evaluate(() => document.activeElement.textContent)) !== "Crash") await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const target = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(await target(), /crash .* now/);
  for (let tabs = 0; tabs < 9 && !/^Alice/.test(await target()); tabs++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".changes li");
  assert.equal(await page.$(".target"), null);
  assert.deepEqual(asked[1].set, asked[0].set);
  assertQuiet(page);
  await end(page);
});

test("a mark is dragged onto a link, a node and a message", async () => {
  const page = await newPage({ ...still, hasTouch: true });
  await open(page, "two-generals/last-messenger");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.click('.transport button:has-text("What if")');
  const drag = async (mark, { x, y }) => {
    const from = await (await page.$(`.tray .mark:has-text("${mark}")`)).boundingBox();
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(x - 40, y - 40, { steps: 4 });
    await page.mouse.move(x, y, { steps: 4 });
  };
  const middle = async (selector) => {
    // What is looked for may just be drawn anew.
    const { x, y, width, height } = await page.locator(selector).first().boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const told = async (pattern, count) => {
    await page.mouse.up();
    await page.waitForFunction((count) => document.querySelectorAll(".changes li").length === count, count);
    assert.match((await changes(page)).at(-1), pattern);
  };
  await drag("Lose", await middle(".field .tokens .token .shape"));
  await told(/is lost/, 1);
  await drag("Crash", await middle(".field [data-node=bob] .disc"));
  assert.ok(await page.isVisible(".dragged"));
  assert.equal(await page.$$eval(".target[data-near]", (near) => near.length), 1);
  await told(/Bob crashes at/, 2);
  const [alice, bob] = [await middle(".field [data-node=alice] .disc"), await middle(".field [data-node=bob] .disc")];
  await drag("Cut", { x: alice.x + (bob.x - alice.x) * 0.6, y: alice.y + (bob.y - alice.y) * 0.6 });
  await told(/Alice and Bob are cut off/, 3);
  // Where nothing fits, it is said what does, and the mark stays in hand, for a click as well.
  await drag("Crash", { x: 20, y: 300 });
  await page.mouse.up();
  const missed = /^Nothing there takes “Crash”\. It fits Alice and Bob\.$/;
  const hint = () => page.textContent(".tray .hint");
  assert.match(await hint(), missed);
  await page.click('.tray .mark:has-text("Cut")');
  assert.match(await hint(), /^Cut a link, or a node from all others\. It fits /);
  await page.click('.tray .mark:has-text("Crash")');
  await page.mouse.click(20, 300);
  assert.match(await hint(), missed);
  assert.equal((await changes(page)).length, 3);
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible(".tray"), true, "the mark is put back first");
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible(".tray"), false);
  assertQuiet(page);
  await end(page);
});

test("a link has a menu", async () => {
  const page = await newPage(still);
  await open(page, "two-generals/last-messenger");
  await page.dispatchEvent(".link-touch", "click");
  await page.click('.whatif button:has-text("lose half of it (Bob → Alice)")');
  await page.waitForSelector(".changes li");
  assert.match((await changes(page))[0], /half is lost Bob → Alice/);
  await end(page);
});

test("two runs beside each other say what changed, and what differs stands out", async () => {
  const page = await newPage({ ...still, viewport: { width: 1920, height: 1080 } });
  await atEnd(page, "byzantine-generals/four-generals");
  await betray(page, "carol");
  await page.waitForSelector(".fork-told button");
  await page.keyboard.press("p");
  await page.keyboard.press("c");
  await page.keyboard.press("End");
  await settle(page);
  await page.waitForTimeout(100);
  assert.match(await page.textContent(".compare-told"), /Carol is now a traitor/);
  const standing = () =>
    page.$$eval(".half", (halves) =>
      halves.map((half) => [...half.querySelectorAll(".node[data-out]")].map((node) => node.dataset.node).join()),
    );
  // Bob heard otherwise; Alice decides otherwise.
  assert.deepEqual(await standing(), ["alice,bob", "alice,bob"]);
  const small = await page.$$eval("main.compared :is(h2, h3, p, button, span)", (all) =>
    all
      .filter((element) => element.checkVisibility() && element.textContent.trim() && !element.closest(".tools"))
      .map((element) => [element.textContent, Number.parseFloat(getComputedStyle(element).fontSize)])
      .filter(([, size]) => size < 24),
  );
  assert.deepEqual(small, []);
  for (const side of ["left", "right"]) {
    assert.deepEqual(await page.evaluate(faults, 24), [], side);
    // The other half is the first now.
    await page.evaluate(() => document.querySelector("main").append(document.querySelector(".half")));
    await settle(page);
  }
  await page.keyboard.press("c");
  assert.equal(await page.$(".compare-told"), null);
  assert.equal(await page.$("[data-dim]"), null);
  assertQuiet(page);
  await end(page);
});

test("on a phone both runs have a field, one below the other", async () => {
  const page = await newPage({ ...still, viewport: { width: 390, height: 844 } });
  await atEnd(page, "byzantine-generals/four-generals");
  await betray(page, "carol");
  await page.keyboard.press("c");
  await settle(page);
  const heights = await page.$$eval(".half .field", (fields) => fields.map((field) => field.clientHeight));
  assert.equal(heights.length, 2);
  assert.ok(Math.min(...heights) > 150, `${heights}`);
  assertQuiet(page);
  await end(page);
});

test("the worst case plays by itself from the first failure, and any key stops it", async () => {
  const page = await newPage();
  await open(page, "exactly-once/the-outbox");
  await page.keyboard.press("w");
  await page.waitForSelector(".worst .sentence", { timeout: 30000 });
  const figures = await page.$$eval(".search-count dd", (all) => all.map((figure) => Number(figure.textContent)));
  assert.ok(figures[0] > 0 && figures[1] > 0 && figures[2] === figures[0] - 1, String(figures));
  await page.waitForSelector(".duel:not([hidden])", { timeout: 8000 });
  assert.match(await page.textContent(".duel .sentence"), /charged twice/);
  const second = () => page.$eval(".scrub input", (range) => Number(range.value));
  const began = await second();
  await page.waitForFunction((began) => Number(document.querySelector(".scrub input").value) > began, began);
  await page.keyboard.press("d");
  const stopped = await second();
  await page.waitForTimeout(200);
  assert.equal(await second(), stopped);
  assert.match(await page.textContent("h1"), /outbox/i, "the key did nothing else");
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible(".duel"), false);
  assertQuiet(page);
  await end(page);
});

test("a key keeps what was found from playing; with nothing found, the count stays", async () => {
  const page = await newPage();
  await open(page, "two-generals/last-messenger");
  await page.keyboard.press("w");
  await page.waitForSelector(".worst .soon", { timeout: 30000 });
  await page.keyboard.press("Tab");
  await page.waitForTimeout(3000);
  assert.ok(await page.isVisible(".worst .result .main"));
  await page.keyboard.press("Escape");
  await open(page, "byzantine-generals/four-generals");
  await page.keyboard.press("w");
  await page.waitForSelector(".worst .sentence", { timeout: 30000 });
  assert.match(await page.textContent(".worst .sentence"), /None: all 4/);
  assert.equal(await page.textContent(".search-count .out dd"), "4");
  assertQuiet(page);
  await end(page);
});

test("nothing of it overlaps, is cut or is too small, presented or not", async () => {
  for (const [width, height, isPresented, least] of [
    [1280, 720, false, 12],
    [1920, 1080, true, 24],
    [390, 844, false, 12],
  ]) {
    const page = await newPage({ ...still, viewport: { width, height } });
    await atEnd(page, "byzantine-generals/four-generals");
    await betray(page, "carol");
    if (isPresented) await page.keyboard.press("p");
    await page.keyboard.press("Home");
    for (let stop = 0; stop < 14; stop++) {
      await settle(page);
      assert.deepEqual(await page.evaluate(faults, least), [], `${width} × ${height}, stop ${stop}`);
      await page.keyboard.press("ArrowRight");
    }
    await page.keyboard.press("h");
    await settle(page);
    const wrong = await page.$$eval(
      ".tray .mark",
      (marks, least) =>
        marks
          .filter((mark) => mark.checkVisibility())
          .filter((mark) => {
            const { width, height, right } = mark.getBoundingClientRect();
            const isSmall = Math.min(width, height) < 24 || Number.parseFloat(getComputedStyle(mark).fontSize) < least;
            return isSmall || right > innerWidth;
          })
          .map((mark) => mark.textContent),
      least,
    );
    assert.deepEqual(wrong, [], `${width} × ${height}`);
    await end(page);
  }
});

test("axe finds nothing serious", async () => {
  const page = await newPage({ ...still, bypassCSP: true });
  await page.addInitScript({ path: axe });
  await atEnd(page, "byzantine-generals/four-generals");
  await betray(page, "carol");
  await page.keyboard.press("End");
  await assertAccessible(page, "a ghost");
  await page.keyboard.press("h");
  await page.click('.tray .mark:has-text("Crash")');
  await assertAccessible(page, "the tray");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await page.keyboard.press("ArrowLeft");
  await assertAccessible(page, "the way back");
  await end(page);
});

test("two runs that are presented stand at one height, and no dimmed words are struck through", async () => {
  const page = await newPage({ ...still, viewport: { width: 1920, height: 1080 } });
  await open(page, "byzantine-generals/four-generals");
  await page.keyboard.press("p");
  await page.keyboard.press("Shift+Digit3");
  await page.waitForSelector(".changes li");
  await page.keyboard.press("End");
  await page.keyboard.press("c");
  await page.waitForSelector(".half .field .node");
  await settle(page);
  for (const part of [".side", ".field", ".diagram"]) {
    const tops = await page.$$eval(`.half ${part}`, (all) => all.map((one) => one.getBoundingClientRect().top));
    assert.equal(tops.length, 2);
    assert.equal(tops[0], tops[1], part);
  }
  const dimmed = await page.$$eval(":is(.diagram .texts, .field .told)[data-dim]", (all) => [
    all.length,
    all.filter((one) => getComputedStyle(one).display !== "none").length,
  ]);
  assert.ok(dimmed[0] > 0 && dimmed[1] === 0, `${dimmed}`);
  assertQuiet(page);
  await end(page);
});
