// The site as a place: the first page plays by itself, readers find their way, and what is next is
// told in their time.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertAccessible, assertQuiet, axe, dsys, end, newPage } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "dsys-place-"));
after(() => rmSync(folder, { recursive: true }));
const PATH = "/our/meetup/";
const TYPES = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".ics": "text/calendar",
  ".xml": "application/xml",
};

/** A host of files below a path, with a page for what is not there. */
const host = createServer(({ url }, response) => {
  const file = url.startsWith(PATH) ? url.slice(PATH.length).split("?")[0] : "";
  const send = (status, name) => {
    const bytes = readFileSync(join(folder, "site", name));
    response.writeHead(status, { "content-type": TYPES[extname(name)] }).end(bytes);
  };
  try {
    send(200, file);
  } catch {
    send(404, "404.html");
  }
});

const EVENT = `+++
title = "Clocks, and what they do"
kind = "event"
number = 1
summary = "A live meeting."
date = 2096-07-02
time = "18:30"
until = "20:00"
place = "The café at the corner"
+++

# Clocks, and what they do

Soon.
`;
const LIBRARY = {
  "notes/meetup.toml":
    'name = "Systems of Hamburg"\nabout = "Clocks, queues, and what fails."\ncity = "Hamburg"\nzone = "America/Los_Angeles"\nedit = "https://example.org/edit/notes"\n',
  "notes/README.md": '+++\ntitle = "Us"\nkind = "about"\nsummary = "Who we are."\n+++\n\n# Us\n\nWe meet.\n',
  "notes/events/01.md": EVENT,
};

before(async () => {
  for (const [path, text] of Object.entries(LIBRARY)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await new Promise((done) => host.listen(0, "127.0.0.1", done));
  const flags = ["-o", join(folder, "site"), "--site-url", PLACES["a path of a host"]()];
  execFileSync(dsys, ["--library", folder, "notes", "build", ...flags], { stdio: "ignore" });
});
after(() => host.close());

const PLACES = {
  "a disk": () => pathToFileURL(`${folder}/site/`).href,
  "a path of a host": () => `http://127.0.0.1:${host.address().port}${PATH}`,
};

const SIZES = { wide: { width: 1280, height: 720 }, phone: { width: 390, height: 844 } };

/** Opens a page of the site at a place. */
async function visit(place, path, options = {}) {
  const page = await newPage(options, PLACES[place]());
  await page.goto(`${PLACES[place]()}${path}`);
  return page;
}

for (const place of Object.keys(PLACES)) {
  test(`the first page plays a run by itself, from ${place}`, async () => {
    const page = await visit(place, "index.html");
    const film = page.frameLocator("[data-film] iframe");
    const told = film.locator(".beat .words");
    await told.waitFor();
    const first = await told.textContent();
    await page.waitForFunction(
      (first) => {
        const { contentDocument } = document.querySelector("iframe");
        return contentDocument === null || contentDocument.querySelector(".beat .words").textContent !== first;
      },
      first,
      { timeout: 15000 },
    );
    await film.locator("text=/Beat \\d of 4/").waitFor({ timeout: 15000 });
    await film.getByRole("button", { name: "Pause" }).click();
    const stopped = await told.textContent();
    await page.waitForTimeout(6000);
    assert.equal(await told.textContent(), stopped, "it goes on after it was stopped");
    assert.equal(await film.locator("header").isVisible(), false);
    await page.click("text=Play it yourself");
    await page.waitForSelector(".transport");
    assert.match(page.url(), /play\/byzantine-generals\/three-generals\.html$/);
    assertQuiet(page);
    await end(page);
  });
}

test("the run of the first page rests for readers who want less motion", async () => {
  const page = await visit("a path of a host", "index.html", { reducedMotion: "reduce" });
  const film = page.frameLocator("[data-film] iframe");
  await film.getByRole("button", { name: "Play" }).waitFor();
  const first = await film.locator(".beat .words").textContent();
  await page.waitForTimeout(5000);
  assert.equal(await film.locator(".beat .words").textContent(), first);
  await end(page);
});

test("without JavaScript the first page asks, answers, shows the run and says what is next", async () => {
  const page = await visit("a disk", "index.html", { javaScriptEnabled: false });
  assert.ok(await page.isVisible(".hero svg"));
  await page.click("summary:has-text('Yes.')");
  assert.ok(await page.isVisible("text=In this run it turns out otherwise."));
  assert.match(await page.textContent(".next"), /The café at the corner · Monday, 2 July 2096, 18:30 to 20:00 PDT/);
  assert.ok(await page.isHidden("#none-next"));
  assertQuiet(page);
  await end(page);
});

test("what is next is told in the reader's time too, and not where that is the same", async () => {
  const there = async (timezoneId) => {
    const page = await visit("a disk", "index.html", { timezoneId });
    const told = await page.locator(".next .yours").allTextContents();
    await end(page);
    return told;
  };
  const [told] = await there("Asia/Kolkata");
  assert.match(told, /^ For you: Tuesday,? 3 July( at|,) 07:00/);
  assert.deepEqual(await there("America/Los_Angeles"), [" Your clock shows the same."]);
});

test("an event that is over when the page is read is no longer next", async () => {
  const page = await newPage({}, PLACES["a disk"]());
  await page.clock.setFixedTime(new Date("2097-01-01"));
  await page.goto(`${PLACES["a disk"]()}index.html`);
  assert.ok(await page.isHidden(".next"));
  assert.ok(await page.isVisible("#none-next"));
  await end(page);
});

for (const place of Object.keys(PLACES)) {
  test(`light or dark is chosen once for all pages, from ${place}`, async () => {
    const page = await visit(place, "index.html", { colorScheme: "light" });
    await page.click("#theme");
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await ground(), "rgb(20, 22, 26)");
    await page.goto(`${PLACES[place]()}problems/two-generals.html`);
    assert.equal(await ground(), "rgb(20, 22, 26)");
    await page.goto(`${PLACES[place]()}play/two-generals/last-messenger.html`);
    await page.waitForSelector(".transport");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    assertQuiet(page);
    await end(page);
  });

  test(`the search finds a section by a misspelled word, from ${place}`, async () => {
    const page = await visit(place, "search.html");
    await page.fill("#words", "berkley algoritm");
    const first = page.locator("#results li").first();
    await first.waitFor();
    assert.match(await first.textContent(), /Berkeley/);
    assert.ok((await page.locator("#results mark").count()) > 0);
    if (place !== "a disk") assert.match(page.url(), /\?q=berkley%20algoritm$/);
    await page.fill("#words", "common knowledge");
    await page.locator("#results a[href*='#']").first().click();
    await page.waitForURL(/#/);
    await page.locator(":target").waitFor({ state: "attached" });
    assertQuiet(page);
    await end(page);
  });
}

test("a note has contents, permalinks, a trail, neighbours, tags, and where to edit it", async () => {
  const page = await visit("a path of a host", "topics/cap.html");
  const links = await page.$$eval(".contents a", (links) => links.map((link) => link.getAttribute("href")));
  assert.ok(links.length >= 3);
  const permalinks = await page.$$eval("h2 .anchor", (links) => links.map((link) => link.getAttribute("href")));
  for (const link of links) assert.ok((await page.locator(link).count()) === 1, link);
  assert.ok(permalinks.every((link) => link.startsWith("#")) && permalinks.length >= 3);
  assert.deepEqual(await page.locator(".trail li").allTextContents(), ["Home", "Notes", await page.textContent("h1")]);
  await page.click("[rel=prev]");
  await page.waitForURL((url) => !url.pathname.endsWith("topics/cap.html"));
  await page.click("[rel=next]");
  await page.waitForURL(/topics\/cap\.html$/);
  assert.equal(await page.locator("#edit").count(), 0, "it is not of this meetup");
  const tag = page.locator(".labels a").first();
  const name = await tag.textContent();
  await tag.click();
  await page.waitForURL(/tags\//);
  assert.equal(await page.textContent("h1"), `Tag: ${name}`);
  assert.ok(await page.isVisible("main li a"));
  await page.goto(`${PLACES["a path of a host"]()}events/01.html`);
  assert.equal(await page.getAttribute("#edit", "href"), "https://example.org/edit/notes/events/01.md");
  assertQuiet(page);
  await end(page);
});

test("a command is copied without its prompt", async () => {
  const page = await visit("a path of a host", "problems/two-generals.html", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const block = page.locator(".copied:has(pre.claim)").first();
  await block.hover();
  await block.getByRole("button", { name: "Copy" }).click();
  await block.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^dsys /);
  await end(page);
});

for (const javaScriptEnabled of [true, false]) {
  test(`on paper the answers are told, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
    const page = await visit("a disk", "problems/two-generals.html", { javaScriptEnabled });
    const height = (answer) => answer.evaluate((element) => element.getBoundingClientRect().height);
    const answer = page.locator("article details > :not(summary)").first();
    assert.equal(await answer.isVisible(), false);
    await page.emulateMedia({ media: "print" });
    if (javaScriptEnabled) assert.ok((await height(answer)) > 0);
    const paper = await page.pdf();
    await page.emulateMedia({ media: "screen" });
    assert.ok(paper.length > 10_000);
    assert.equal(await answer.isVisible(), false);
    assert.ok(await page.locator("#print").count());
    await end(page);
  });
}

test("a page that plays leads back to the note and on to the next demo", async () => {
  const page = await visit("a disk", "play/two-generals/last-messenger.html");
  await page.waitForSelector(".transport");
  await page.click("#leads a[rel=next]");
  await page.waitForSelector(".transport");
  assert.match(page.url(), /play\/.+\.html$/);
  assert.doesNotMatch(page.url(), /last-messenger\.html$/);
  await page.click("#leads a:not([rel])");
  await page.waitForSelector("article");
  assert.match(page.url(), /(problems|topics)\/.+\.html$/);
  assertQuiet(page);
  await end(page);
});

test("an address without a page says so, with ways on", async () => {
  const page = await newPage({}, PLACES["a path of a host"]());
  const answer = await page.goto(`${PLACES["a path of a host"]()}no/such/page.html`);
  assert.equal(answer.status(), 404);
  assert.equal(await page.textContent("h1"), "There is no such page");
  await page.click("main >> text=the first page");
  assert.equal(await page.textContent(".brand"), "Systems of Hamburg");
  await end(page);
});

const PAGES = [
  "index",
  "notes",
  "events",
  "events/01",
  "tags",
  "search",
  "404",
  "topics/cap",
  "problems/two-generals",
  "runs/byzantine-generals/three-generals",
];

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the first screen says whose it is and when they meet, ${size}`, async () => {
    const page = await newPage({ viewport }, PLACES["a path of a host"]());
    await page.goto(`${PLACES["a path of a host"]()}index.html`);
    for (const part of [".brand", ".whose", ".next h2", ".next time", ".next .ways"]) {
      const { y, height } = await page.locator(part).first().boundingBox();
      assert.ok(y + height <= viewport.height, `${part} ends at ${y + height}`);
    }
    assert.match(await page.textContent(".whose"), /Hamburg · /);
    await end(page);
  });
}

test("on a phone the button to copy covers nothing, and the ways are in even rows", async () => {
  const phone = { viewport: SIZES.phone, hasTouch: true, isMobile: true };
  const page = await newPage(phone, PLACES["a path of a host"]());
  await page.goto(`${PLACES["a path of a host"]()}problems/two-generals.html`);
  const button = await page.locator(".copied .copy").first().boundingBox();
  const text = await page.evaluate(() => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector(".copied pre"));
    return range.getBoundingClientRect().toJSON();
  });
  assert.ok(button.y + button.height <= text.y, JSON.stringify({ button, text }));
  const rows = await page.evaluate(() => {
    const tops = [...document.querySelectorAll('nav[aria-label="Site"] a')].map((a) => a.getBoundingClientRect().top);
    return [...new Set(tops)].map((top) => tops.filter((other) => other === top).length);
  });
  assert.ok(rows.length === 1 || rows.every((count) => count > 1), JSON.stringify(rows));
  await end(page);
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`axe-core finds no serious fault and nothing is cut, ${size}`, async () => {
    const place = PLACES["a path of a host"]();
    const page = await newPage({ reducedMotion: "reduce", viewport, bypassCSP: true }, place);
    await page.addInitScript({ path: axe });
    for (const path of PAGES) {
      await page.goto(`${place}${path}.html`);
      if (path === "search") await page.fill("#words", "message");
      await assertAccessible(page, `${path}, ${size}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} is ${over} pixels too wide at ${size}`);
    }
    await end(page);
  });

  test(`the first page is drawn at once and nothing on it moves, ${size}`, async () => {
    const page = await newPage({ viewport }, PLACES["a path of a host"]());
    await page.addInitScript(() => {
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shifted += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    for (const path of ["index", "problems/two-generals"]) {
      await page.goto(`${PLACES["a path of a host"]()}${path}.html`);
      await page.waitForTimeout(1500);
      const { paint, shifted } = await page.evaluate(() => ({
        paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
        shifted: globalThis.shifted,
      }));
      console.log(`${path}, ${size}: first paint ${Math.round(paint)} ms, layout shift ${shifted.toFixed(4)}`);
      assert.ok(shifted < 0.01, `${path} shifts by ${shifted}`);
    }
    await end(page);
  });
}
