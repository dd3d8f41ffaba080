// The presenter's tools: the speaker's window, the spotlight, the pointer, one view alone, and what one node knows.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { faults } from "./boxes.mjs";
import { panelFaults } from "./panel_faults.mjs";
import {
  assertAccessible,
  assertQuiet,
  axe,
  dsys,
  end,
  newPage,
  open,
  scenarios,
  settle,
  shots,
  url,
} from "./support.mjs";

const still = { reducedMotion: "reduce" };
const SIZES = [
  [1920, 1080],
  [1280, 720],
  [390, 844],
];

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
  await settle(page);
};
const told = (page) => page.textContent(".beat");
const live = (page) => page.textContent("p.live");
const isShown = (page, selector) => page.locator(selector).first().isVisible();

/** Opens the speaker's window. */
async function speakerOf(page) {
  const [speaker] = await Promise.all([page.waitForEvent("popup"), page.keyboard.press("m")]);
  speaker.complaints = [];
  speaker.on("pageerror", (error) => speaker.complaints.push(error.stack));
  speaker.on("console", (message) => message.type() === "error" && speaker.complaints.push(message.text()));
  await speaker.waitForSelector(".lost[hidden]", { state: "attached" });
  return speaker;
}

const says = (speaker, part, words) =>
  speaker.waitForFunction(([part, words]) => document.querySelector(part)?.textContent.includes(words), [part, words]);

test("the speaker sees what is told now and next, and the answer before the room does", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  const speaker = await speakerOf(page);
  await says(speaker, ".now", "A commander orders two lieutenants");
  await says(speaker, ".next", "The loyal commander orders: attack.");
  await says(speaker, ".asked .right", "No.");
  assert.equal(await page.$(".predict.answered"), null, "the room has not seen it");
  await says(speaker, ".more", "no protocol of unsigned messages");
  assert.match(await speaker.getAttribute(".to-read a", "href"), /#note=problems\/byzantine-generals\.md$/);
  assert.match(await speaker.textContent(".clock"), /^\d\d?:\d\d/);
  // What is pressed there happens here.
  await speaker.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector(".beat .label").textContent === "Beat 1 of 4");
  await says(speaker, ".place", "Beat 1 of 4");
  await speaker.click("footer button:has-text('Next')");
  await says(speaker, ".place", "Beat 2 of 4");
  await speaker.click("footer button:has-text('Back')");
  await speaker.keyboard.press("PageUp");
  await says(speaker, ".place", "The opening");
  for (const key of ["2", "2"]) await speaker.keyboard.press(key);
  await page.waitForFunction(() => document.querySelectorAll(".choice .hands")[1]?.textContent === "2");
  await speaker.fill("#hands-0-0", "127");
  await speaker.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".choice .hands").textContent === "127");
  assert.equal(await speaker.evaluate(() => document.activeElement.id), "hands-0-1", "the next one can be typed");
  await speaker.keyboard.press("Escape");
  await speaker.keyboard.press("p");
  await page.waitForSelector("body.present");
  await speaker.keyboard.press("v");
  await says(speaker, ".now", "What the commander knows");
  await speaker.keyboard.press("Escape");
  await speaker.keyboard.press("l");
  await page.waitForSelector(".library[open]");
  await speaker.keyboard.press("Escape");
  await page.waitForSelector(".library:not([open])", { state: "attached" });
  // What is prepared stands there with its keys, and is applied from there.
  await says(speaker, ".ready", "A fourth general takes part");
  await speaker.click(".ready button >> nth=0");
  await page.waitForSelector(".changes li");
  await speaker.keyboard.press("r");
  await page.waitForFunction(() => !document.querySelector(".changes li"));
  // And what is pressed here shows there: first the pages of the end, and then that it is the end.
  await page.keyboard.press("End");
  await says(speaker, ".next", "Page 2 of");
  await page.keyboard.press("p");
  await page.keyboard.press("End");
  await says(speaker, ".next", "Nothing");
  await page.keyboard.press("n");
  await says(speaker, ".changed", "seed 2");
  assertQuiet(page);
  assertQuiet(speaker);
  await end(page);
});

test("the speaker's time starts, stops and begins anew, and outlives a reload", async () => {
  const page = await newPage(still);
  await open(page, "last-messenger");
  const speaker = await speakerOf(page);
  const seconds = async () => Number((await speaker.textContent(".timer")).split(":")[1]);
  await speaker.waitForFunction(() => document.querySelector(".timer").textContent !== "0:00");
  await speaker.click("text=Stop");
  const stood = await seconds();
  await speaker.reload();
  await speaker.waitForSelector(".lost[hidden]", { state: "attached" });
  assert.equal(await seconds(), stood);
  assert.ok(await isShown(speaker, "text=Start"));
  await speaker.click("text=Reset");
  assert.equal(await seconds(), 0);
  await end(page);
});

test("windows find each other again, and a playlist says how far it is", async () => {
  const page = await newPage(still);
  await page.goto(`${url}#playlist=first-evening.md`);
  await page.waitForSelector(".playlist:not([hidden])");
  const speaker = await speakerOf(page);
  await says(speaker, "header", "Demo 1 of 5");
  await speaker.keyboard.press("d");
  await says(speaker, "header", "Demo 2 of 5");
  await says(speaker, "h1", "Retry until the deadline");
  await page.reload();
  await says(speaker, "h1", "Retry until the deadline");
  await speaker.waitForSelector(".lost[hidden]", { state: "attached" });
  await speaker.reload();
  await says(speaker, "h1", "Retry until the deadline");
  await speaker.keyboard.press("ArrowRight");
  await page.waitForFunction(() => /^Beat 1/.test(document.querySelector(".beat .label").textContent));
  // The same key finds the same window.
  await page.keyboard.press("m");
  await settle(page);
  assert.equal(page.context().pages().length, 2);
  // Another stage beside it is another one's, until its own is closed.
  const other = await page.context().newPage();
  await open(other, "the-outbox");
  await press(other, "End");
  assert.match(await speaker.textContent("h1"), /Retry/);
  await page.close();
  await speaker.waitForSelector(".lost:not([hidden])");
  await says(speaker, "h1", "outbox");
  await speaker.waitForSelector(".lost[hidden]", { state: "attached" });
  await speaker.keyboard.press("Home");
  await says(speaker, ".place", "The opening");
  await end(other);
});

test("only messages of a known shape are heeded", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  const speaker = await speakerOf(page);
  const stage = new URL(speaker.url()).hash.split("=")[1];
  const [before, seen] = [await told(page), await speaker.textContent("main")];
  await speaker.evaluate((stage) => {
    const channel = new BroadcastChannel("dsys speaker");
    for (const message of [
      "ArrowRight",
      { kind: "key", stage, key: "__proto__" },
      { kind: "key", stage, key: "constructor" },
      { kind: "key", stage, key: 7 },
      { kind: "key", stage: "other", key: "ArrowRight" },
      { kind: "hands", stage, question: 0, choice: 0, hands: "many" },
      { kind: "hands", stage, question: 9, choice: 0, hands: 1 },
      { kind: "seen", stage, seen: { title: "<img src=x>" } },
      { kind: "eval", stage, code: "1" },
    ])
      channel.postMessage(message);
  }, stage);
  await page.waitForTimeout(300);
  assert.equal(await told(page), before);
  assert.equal(await speaker.textContent("main"), seen);
  assert.equal(await page.$(".choice .bar"), null);
  assertQuiet(page);
  assertQuiet(speaker);
  await end(page);
});

test("a browser that opens no window is told of", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await page.evaluate(() => (window.open = () => null));
  await press(page, "m");
  assert.match(await page.textContent(".remarks"), /blocked the speaker's window/);
  await press(page, "Escape");
  assert.equal(await isShown(page, ".remarks"), false);
  // The menu has it, too.
  await press(page, "?");
  await page.click(".key:has-text('speaker')");
  assert.match(await page.textContent(".remarks"), /blocked the speaker's window/);
  await end(page);
});

test("the speaker's window has no serious fault, wide and narrow", async () => {
  const page = await newPage({ ...still, bypassCSP: true });
  await page.context().addInitScript({ path: axe });
  await open(page, "retry-until-the-deadline");
  await press(page, "1", "2", "2");
  const speaker = await speakerOf(page);
  // The script looks at the document that the window began with.
  await speaker.reload();
  for (const [width, height] of [
    [1180, 760],
    [390, 844],
  ]) {
    await speaker.setViewportSize({ width, height });
    await says(speaker, ".asked", "✓ right");
    await assertAccessible(speaker, `the speaker's window, ${width} wide`);
    assert.ok(await speaker.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    if (shots) await speaker.screenshot({ path: `${shots}/speaker-${width}x${height}.png` });
  }
  await end(page);
});

/** How strongly something shows. */
const strength = (page, selector) =>
  page.$eval(selector, (element) => Number(getComputedStyle(element).opacity) * (element.checkVisibility() ? 1 : 0));

test("the spotlight dims all but what the beat speaks of, or what is selected", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await press(page, "z");
  assert.equal(await page.$("[data-dim]"), null, "at the opening, nothing is spoken of");
  await press(page, "ArrowRight", "ArrowRight", "ArrowRight");
  const node = (name) => strength(page, `.node[data-node=${name}]`);
  for (const name of ["alice", "bob"]) assert.equal(await node(name), 1, `${name} takes part`);
  assert.ok((await node("commander")) < 0.3);
  assert.equal(await strength(page, '.way[data-message="bob:alice:1"]'), 1);
  assert.ok((await strength(page, '.way[data-message="commander:alice:1"]')) < 0.3);
  await page.click('.node[data-node="commander"] .ring');
  await settle(page);
  assert.equal(await node("commander"), 1);
  assert.ok((await node("alice")) < 0.3);
  assert.equal(await strength(page, '.way[data-message="commander:alice:1"]'), 1, "with what it says");
  await press(page, "Escape", "z");
  assert.equal(await page.$("[data-dim]"), null);
  assert.equal(await live(page), "The spotlight is off.");
  await press(page, "z", "Escape");
  assert.equal(await page.$("[data-dim]"), null, "Escape puts it away");
  assertQuiet(page);
  await end(page);
});

test("the spotlight follows a message on its way", async () => {
  const page = await newPage({ reducedMotion: "no-preference" });
  await open(page, "last-messenger");
  await press(page, "z", "ArrowRight", "ArrowRight");
  await page.waitForSelector(".token");
  await settle(page);
  assert.equal(await page.$(".token[data-dim]"), null, "what the next beat is about");
  await end(page);
});

test("the pointer follows the mouse and the focus, and the last row sees it", async () => {
  const page = await newPage({ ...still, viewport: { width: 1920, height: 1080 } });
  await open(page, "three-generals");
  assert.equal(await isShown(page, ".pointer-dot"), false);
  await press(page, "p", "q");
  await page.mouse.move(700, 400);
  const box = () => page.locator(".pointer-dot").boundingBox();
  const middle = async () => {
    const { x, y, width, height } = await box();
    return [Math.round(x + width / 2), Math.round(y + height / 2)];
  };
  assert.deepEqual(await middle(), [700, 400]);
  assert.ok((await box()).width >= 45);
  await page.mouse.click(700, 400);
  await page.waitForTimeout(2000);
  assert.ok(await isShown(page, ".pointer-dot"), "it stays while the mouse rests");
  await page.focus('.node[data-node="bob"] .ring');
  await page.keyboard.press("Shift+Tab");
  const focused = await page.evaluate(() => {
    const { left, right } = document.activeElement.getBoundingClientRect();
    return Math.round((left + right) / 2);
  });
  assert.ok(Math.abs((await middle())[0] - focused) <= 1);
  await press(page, "Escape");
  assert.equal(await isShown(page, ".pointer-dot"), false);
  assert.ok(await page.$("body.present"), "one thing at a time");
  assertQuiet(page);
  await end(page);
});

test("field or diagram alone have all the room, and keep it while one steps", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await press(page, "p");
  const height = async (view) => (await page.locator(view).boundingBox())?.height ?? 0;
  const whole = await height("main");
  await press(page, "x");
  assert.equal(await live(page), "The field alone.");
  assert.deepEqual([await height(".field"), await isShown(page, ".diagram")], [whole, false]);
  await press(page, "ArrowRight", "ArrowRight");
  assert.equal(await isShown(page, ".diagram"), false);
  await press(page, "x", "ArrowRight");
  assert.deepEqual([await height(".diagram"), await isShown(page, ".field")], [whole, false]);
  assert.ok(await page.locator(".way").count(), "it is drawn in its new room");
  assert.deepEqual(await page.evaluate(faults, 16), []);
  await press(page, "x");
  assert.ok((await isShown(page, ".diagram")) && (await isShown(page, ".field")));
  assertQuiet(page);
  await end(page);
});

test("on a phone that presents, one key shows the diagram", async () => {
  const page = await newPage({ ...still, viewport: { width: 390, height: 844 } });
  await open(page, "three-generals");
  await press(page, "p", "End");
  const seen = async () => [await isShown(page, ".field .node"), await isShown(page, ".diagram .way")];
  assert.deepEqual(await seen(), [true, false]);
  await press(page, "x");
  assert.deepEqual(await seen(), [false, true]);
  assert.deepEqual(await page.evaluate(faults, 11), []);
  const [diagram, story] = [
    await page.locator(".diagram").boundingBox(),
    await page.locator(".story .beat").boundingBox(),
  ];
  assert.ok(diagram.y + diagram.height <= story.y + 1, "above the story");
  await press(page, "x");
  assert.deepEqual(await seen(), [true, false]);
  await end(page);
});

test("what one node knows: its own past, and not a word more", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await press(page, "End", "v");
  assert.equal(await page.textContent(".sight h2"), "What Alice knows");
  const all = async () => `${await page.textContent("aside")} ${await page.textContent(".stage")}`;
  assert.match(await told(page), /Alice has heard “attack” from the commander and “retreat” from Bob\./);
  assert.match(await told(page), /Alice does not know whether “attack” has reached Bob\./);
  assert.doesNotMatch(await page.textContent(".stage"), /traitor|a lie|violat|instead of|✗/);
  for (const veiled of [".cards", ".questions", ".lesson", ".node.traitor", ".node.wrong", ".remain.lie", ".way.lie"])
    assert.equal(await isShown(page, veiled), false, veiled);
  assert.ok(await isShown(page, ".unknown"), "what Alice does not know is hatched on the lanes");
  assert.match(await live(page), /^What Alice knows: Alice has heard/);
  // A key and a click lead from node to node.
  await press(page, "v");
  assert.equal(await page.textContent(".sight h2"), "What Bob knows");
  assert.match(await all(), /“retreat”/);
  await page.click('.node[data-node="commander"] .ring');
  await settle(page);
  assert.match(await told(page), /^What the commander knows.*The commander has heard nothing yet\./);
  await page.click('.lookers button:has-text("Alice")');
  assert.match(await told(page), /^What Alice knows/);
  // It goes along with the playhead.
  await press(page, "Home", "ArrowRight", "ArrowRight");
  assert.match(await told(page), /Alice has heard “attack” from the commander\./);
  assert.doesNotMatch(await told(page), /retreat/);
  await press(page, "Escape");
  assert.equal(await isShown(page, ".sight"), false);
  assert.match(await told(page), /^Beat 2 of 4/);
  assert.ok(await isShown(page, ".node.traitor"));
  assertQuiet(page);
  await end(page);
});

test("to one node two runs look the same", async () => {
  const page = await newPage(still);
  const seen = [];
  for (const scenario of ["three-generals", "commander-lies"]) {
    await open(page, scenario);
    await press(page, "End");
    for (let i = 0; i < 4 && !/What Alice/.test(await page.textContent(".sight h2")); i++) await press(page, "v");
    const marks = await page.$$eval(".field .remain, .field .told", (all) =>
      all.map((one) => [one.getAttribute("class"), one.textContent]).sort(),
    );
    seen.push([
      await told(page),
      marks,
      await page.$$eval(".field .node", (all) => all.map((one) => one.className.baseVal)),
    ]);
    await press(page, "Escape");
  }
  assert.deepEqual(seen[0], seen[1]);
  await end(page);
});

test("what a node knows has room at every size, and is read from the last row", async () => {
  const page = await newPage(still);
  for (const scenario of [
    "three-generals",
    "last-messenger",
    "retry-until-the-deadline",
    "seven-generals",
    "the-outbox",
    "the-lease-held-twice",
    "berkeley-and-one-mad-clock",
    "the-barrier-nobody-waited-for",
  ]) {
    await page.setViewportSize({ width: 1280, height: 720 });
    await open(page, scenario);
    if (!(await page.$("body.present"))) await press(page, "p");
    await press(page, "End", "v");
    const nodes = Math.min(await page.locator(".node").count(), 4);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      const least = Math.max(11, 24 * Math.min(width / 1920, height / 1080));
      for (let i = 0; i < nodes; i++) {
        await press(page, "v");
        await settle(page);
        const where = `${scenario}, ${await page.textContent(".sight h2")}, ${width}x${height}`;
        assert.deepEqual(await page.evaluate(faults, least), [], where);
        // A phone is one column, which scrolls.
        if (width > 760) assert.deepEqual(await page.evaluate(`(${panelFaults})(${Math.min(least, 24)})`), [], where);
      }
      if (shots) await page.screenshot({ path: `${shots}/sight-${scenario.split("/").at(-1)}-${width}x${height}.png` });
    }
  }
  assertQuiet(page);
  await end(page);
});

test("every node of every scenario can look", async () => {
  const page = await newPage(still);
  for (const scenario of scenarios()) {
    await open(page, scenario);
    const looks = await page.evaluate(() => {
      const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key }));
      const nodes = Math.min(document.querySelectorAll(".node").length, 5);
      const words = [];
      for (const key of ["ArrowRight", "v", "End", ...Array(nodes).fill("v"), "Home"]) {
        press(key);
        words.push(document.querySelector(".beat").textContent);
      }
      return words.slice(1);
    });
    for (const words of looks) {
      assert.match(words, /^What .+ knows/, scenario);
      assert.doesNotMatch(words, /undefined|\[object|\bnull\b|““|\b1 messages/, scenario);
    }
    assert.deepEqual(page.complaints, [], scenario);
  }
  await end(page);
});

test("axe-core finds no serious fault while a node looks, and in the spotlight", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await newPage({ ...still, colorScheme, bypassCSP: true });
    await page.addInitScript({ path: axe });
    await open(page, "three-generals");
    await press(page, "ArrowRight", "ArrowRight", "ArrowRight", "v");
    await assertAccessible(page, `what a node knows, ${colorScheme}`);
    await press(page, "p");
    await assertAccessible(page, `what a node knows, presented, ${colorScheme}`);
    await end(page);
  }
});

test("present mode is kept when the page is loaded anew, and the tools are not", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await press(page, "p", "ArrowRight", "ArrowRight", "z", "q", "x", "v");
  await page.waitForFunction(() => /event=/.test(location.hash));
  await page.reload();
  await page.waitForSelector(".field .node");
  assert.ok(await page.$("body.present"));
  assert.equal(await isShown(page, ".sight"), false);
  assert.equal(await isShown(page, ".pointer-dot"), false);
  assert.equal(await page.$("[data-dim]"), null);
  assert.ok((await isShown(page, ".diagram")) && (await isShown(page, ".field")));
  await end(page);
});

test("L opens the library right after Escape, whatever that closed", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  const isOpen = () => page.evaluate(() => document.querySelector(".library").open);
  /** Two keys, the second as soon as the browser takes it. */
  const both = async (what) => {
    await Promise.all([page.keyboard.press("Escape"), page.keyboard.press("l")]);
    await settle(page);
    assert.ok(await isOpen(), what);
    await page.keyboard.press("Escape");
    await settle(page);
    if (await isOpen()) await page.keyboard.press("Escape");
    assert.equal(await isOpen(), false, what);
  };
  await press(page, "p");
  await both("present mode");
  await press(page, "?");
  await both("the keys");
  await press(page, "s");
  await both("sharing");
  await press(page, "k");
  await page.focus("#knob-params-default");
  await both("a field that was typed into");
  await press(page, "v");
  await both("what a node knows");
  await page.click('.node[data-node="bob"] .ring');
  await both("the inspector");
  await press(page, "l");
  await page.keyboard.type("evening");
  await page.keyboard.press("Escape");
  await both("the library itself, and what was looked for");
  assertQuiet(page);
  await end(page);
});

for (const [width, height] of SIZES) {
  test(`hands of several digits are typed in type of every size, at ${width} by ${height}`, async () => {
    const page = await newPage({ ...still, viewport: { width, height } });
    await open(page, "three-generals");
    await press(page, "p", "<", "<", "<", "<");
    const sizes = new Set();
    for (let i = 0; i < 8; i++) {
      sizes.add(await page.evaluate(() => document.documentElement.style.getPropertyValue("--type")));
      await page.keyboard.press("#");
      await page.keyboard.type(String(120 + i));
      const box = await page.locator("input.hands").boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height, `${i}: it is seen`);
      const isWhole = await page.$eval("input.hands", (field) => field.scrollWidth <= field.clientWidth + 1);
      assert.ok(isWhole, `${i}: all digits are seen`);
      await page.keyboard.press("Enter");
      await page.keyboard.type("7");
      await page.keyboard.press("Enter");
      await settle(page);
      const hands = await page.$$eval(".choice .hands", (all) => all.map(({ textContent }) => textContent));
      assert.deepEqual(hands, [String(120 + i), "7"]);
      const least = 0.7 * Math.min(24, (24 * height) / 1080, 15);
      if (width > 760) assert.deepEqual(await page.evaluate(`(${panelFaults})(${least})`), []);
      await press(page, ">");
    }
    assert.equal(sizes.size, 7);
    assertQuiet(page);
    await end(page);
  });
}

test("a page that is turned is told to those who do not see it", async () => {
  const page = await newPage(still);
  await open(page, "the-barrier-nobody-waited-for");
  await press(page, "p", "End", "PageDown");
  const words = await live(page);
  assert.match(words, /^Page 2 of \d\. /);
  const shown = await page.$$eval(".story :is(.part, h3, p, td, th, .choice .words)", (all) =>
    all.filter((one) => one.checkVisibility()).map((one) => one.textContent.replace(/\s/g, "")),
  );
  assert.ok(shown.length > 0);
  for (const one of shown) assert.ok(words.replace(/\s/g, "").includes(one), `${words} has ${one}`);
  await press(page, "PageUp");
  assert.match(await live(page), /^Page 1 of \d\. /);
  await end(page);
});

test("in the system's own colours, what is chosen and what is dark are still seen", async () => {
  const page = await newPage({ ...still, forcedColors: "active", colorScheme: "dark" });
  await open(page, "three-generals");
  const ground = (selector) => page.$eval(selector, (element) => getComputedStyle(element).backgroundColor);
  await press(page, "t", "1", "1");
  assert.notEqual(await ground(".choice .bar"), await ground(".choice .track"));
  await press(page, "End", "v");
  assert.notEqual(await ground(".lookers [aria-pressed=true]"), await ground(".lookers [aria-pressed=false]"));
  const ink = await page.$eval(".field .name", (element) => getComputedStyle(element).fill);
  const light = ink.match(/\d+/g).slice(0, 3).map(Number);
  assert.ok(Math.min(...light) > 128, `names are light on a dark ground, not ${ink}`);
  const borders = await page.$$eval("[role=tab]:not([hidden])", (tabs) =>
    tabs.map((tab) => [tab.ariaSelected, getComputedStyle(tab).borderBottomColor]),
  );
  const chosen = borders.find(([isChosen]) => isChosen === "true")[1];
  assert.ok(
    borders.every(([isChosen, colour]) => isChosen === "true" || colour !== chosen),
    "one tab is underlined",
  );
  await end(page);
});

test("a recorded run has the tools, and a speaker's window where it came from a server", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dsys-speaker-"));
  const path = join(folder, "run.html");
  execFileSync(dsys, ["run", "three-generals", "--diagram", path]);
  const server = createServer(async (_, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end(await readFile(path));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const served = `http://127.0.0.1:${server.address().port}/`;
  for (const [place, hasSpeaker] of [
    [`file://${path}`, false],
    [served, true],
  ]) {
    const page = await newPage(still, place);
    await page.goto(place);
    await page.waitForSelector(".field .node");
    await press(page, "ArrowRight", "ArrowRight", "ArrowRight", "z");
    assert.ok((await strength(page, ".node[data-node=commander]")) < 0.3);
    await press(page, "v");
    assert.match(await told(page), /^What \w+ knows/);
    await press(page, "Escape", "Escape", "x");
    assert.equal(await isShown(page, ".diagram"), false);
    assert.equal((await page.textContent(".help")).includes("speaker"), hasSpeaker);
    if (hasSpeaker) {
      const speaker = await speakerOf(page);
      await speaker.keyboard.press("End");
      await page.waitForFunction(() => /^Beat 4/.test(document.querySelector(".beat .label").textContent));
      assertQuiet(speaker);
    } else {
      await page.keyboard.press("m");
      assert.equal(page.context().pages().length, 1);
    }
    assertQuiet(page);
    await end(page);
  }
  server.close();
});
