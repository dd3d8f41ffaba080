// What a presenter does: asks the room, breaks a run and comes back, compares, shares, and never touches the mouse.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  assertQuiet,
  end,
  newPage,
  open,
  report,
  reported,
  scenarios,
  seek,
  settle,
  url,
  verdicts,
} from "./support.mjs";

const still = { reducedMotion: "reduce" };
const beat = (page) => page.textContent(".beat .words");

test("the room is asked before the answer, and sees its hands beside what happens", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await page.waitForSelector(".predict:not(.answered)");
  assert.equal(await page.locator(".card:visible").count(), 0, "nothing is told yet");
  for (const key of ["1", "2", "2"]) await page.keyboard.press(key);
  await page.click(".choice >> nth=0 >> button >> nth=0");
  assert.deepEqual(await page.$$eval(".hands", (hands) => hands.map((hand) => hand.textContent)), ["2", "2"]);
  await page.keyboard.press("PageDown");
  assert.equal(await page.locator(".predict:visible").count(), 0, "the run goes on, and has not answered yet");
  await page.keyboard.press("End");
  assert.match(await page.textContent(".predict.answered .right"), /No\.\s✓/);
  assert.match(await page.textContent(".lesson"), /loyal/);
  await page.keyboard.press("PageUp");
  assert.match(await page.textContent(".predict .right"), /No\.\s✓/, "what was told stays told");
  // The same question, of a run in which the lie is outvoted.
  await open(page, "v=1&scenario=three-generals&set=nodes=4");
  await page.keyboard.press("End");
  assert.match(await page.textContent(".predict.answered .right"), /Yes\.\s✓/);
  assert.equal(await page.locator(".lesson").count(), 0, "the lesson is about another run");
  assertQuiet(page);
  await end(page);
});

test("playing stops at a question that is asked on the way", async () => {
  const page = await newPage();
  await open(page, "retry-until-the-deadline");
  // The first is asked on the opening page, and the second on the way.
  assert.deepEqual(await page.$$eval(".predict", (asked) => asked.map(({ hidden }) => hidden)), [false, true]);
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowUp");
  await page.keyboard.press(".");
  await page.waitForSelector(".predict:nth-child(2):not([hidden])", { timeout: 20000 });
  await page.waitForSelector("button[aria-label=Play]");
  assert.equal(await page.$(".predict.answered"), null);
  assertQuiet(page);
  await end(page);
});

test("a what-if changes its message, the link replays it in a fresh tab, and one key goes back", async () => {
  const page = await newPage(still);
  await open(page, "last-messenger");
  await seek(page, 540);
  await page.click('.token[data-message="bob:alice:2"]');
  assert.match(await page.textContent(".inspector"), /lost by the network/);
  await page.click('[data-choice="bob:alice:2=deliver"]');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("End");
  const told = report("last-messenger", "--force", "bob:alice:2=deliver");
  const expected = reported(told);
  assert.deepEqual(await verdicts(page), expected);
  assert.notEqual(expected[0][1], "violated");
  assert.ok(await page.$(".flag .cloth"), "the first difference is marked");

  await page.waitForFunction(() => /event=1\d$/.test(location.hash));
  const fresh = await newPage(still);
  await open(fresh, new URL(page.url()).hash.slice(1));
  assert.deepEqual(await verdicts(fresh), expected, "the link stands where the run stood");
  assertQuiet(fresh);
  await end(fresh);

  // A fork upon the fork; each can be undone, and one key returns to where the rehearsed run was left.
  await page.keyboard.press("n");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 2);
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 1);
  await page.keyboard.press("r");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 0);
  assert.match(await page.textContent(".moment"), /3\d(\.\d+)? ms/);
  await page.keyboard.press("End");
  assert.equal((await verdicts(page))[0][1], "violated");
  assertQuiet(page);
  await end(page);
});

test("a traitor can say something else, and a node can crash", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await seek(page, 640);
  await page.click('.token[data-message="bob:alice:1"]');
  await page.click('[data-choice="bob:alice:1.lie=attack"]');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("End");
  const told = report("three-generals", "--force", "bob:alice:1=attack");
  assert.deepEqual(await verdicts(page), reported(told));
  await page.keyboard.press("r");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 0);
  await page.click('.node[data-node="alice"] .ring');
  await page.click('.whatif button:has-text("crash Alice")');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("End");
  await page.waitForSelector(".node.down");
  assertQuiet(page);
  await end(page);
});

test("a link to a changed run says so, and tells no story of another", async () => {
  const page = await newPage(still);
  await open(page, "v=1&scenario=last-messenger&set=fault.0.lose.message=alice:bob:1");
  assert.match(await page.textContent(".beat .changed"), /^Changed: fault\.0\.lose\.message = alice:bob:1\. The story/);
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.textContent(".beat .label"), "What happens");
  }
  // What is changed on the page is told as the rehearsed run up to where they part.
  await open(page, "last-messenger");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await page.textContent(".beat .label"), /^Beat 2 of 6/);
  await seek(page, 540);
  await page.click('.token[data-message="bob:alice:2"]');
  await page.click('[data-choice="bob:alice:2=deliver"]');
  await page.waitForSelector(".changes li");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await page.textContent(".beat .label"), /^Beat 2 of 6/);
  await page.keyboard.press("End");
  assert.equal(await page.textContent(".beat .label"), "What happens now");
  assertQuiet(page);
  await end(page);
});

test("what was left in one scenario is nothing to another, and the way back finds the changes", async () => {
  const page = await newPage(still);
  const changes = () => page.$$eval(".changes li", (list) => list.map((item) => item.textContent));
  const isChanged = () => page.waitForSelector(".changes li");
  await open(page, "seven-generals");
  await page.keyboard.press("End");
  await page.keyboard.press("n");
  await isChanged();
  await page.keyboard.press("l");
  await page.fill(".library input[type=search]", "last");
  await page.click("[data-scenario=last-messenger]");
  await page.waitForFunction(() => document.querySelector("h1").textContent.startsWith("The last messenger"));
  assert.deepEqual(await changes(), []);
  await page.keyboard.press("n");
  await isChanged();
  await page.keyboard.press("r");
  assert.match(await page.textContent(".beat .label"), /^The two generals/, "where it was left: at its start");
  await page.keyboard.press("n");
  await isChanged();
  await page.goBack();
  await page.waitForFunction(() => !document.querySelector(".changes li"));
  await page.goForward();
  await isChanged();
  await page.reload();
  await isChanged();
  assert.deepEqual(await changes(), ["seed 2×"]);
  await page.keyboard.press("r");
  await page.waitForFunction(() => document.querySelector(".sub").textContent.startsWith("seed 1 "));
  for (let i = 0; i < 4; i++) await page.keyboard.press("n");
  await page.waitForFunction(() => document.querySelector(".sub").textContent.startsWith("seed 5 "));
  await page.keyboard.press("l");
  assert.equal(await page.inputValue(".library input[type=search]"), "", "the search begins anew");
  assertQuiet(page);
  await end(page);
});

test("a link that leads nowhere says so", async () => {
  for (const [fragment, says] of [
    ["v=1&scenario=no-such", /there is no scenario `no-such`/],
    ["v=1&scenario=last-messenger&set=foo=1", /unknown key `foo`/],
    ["foo%%%bar", /this is no link to a run/],
    ["playlist=%E0%A4%A", /There is no playlist/],
  ]) {
    const page = await newPage(still);
    await page.goto(`${url}#${fragment}`);
    await page.waitForSelector(".field .node");
    await page.waitForSelector(".remarks p, .remarks pre");
    assert.match(await page.textContent(".remarks"), says);
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible(".remarks"), false);
    await end(page);
  }
});

test("one piece of evidence comes after the other, and whoever presents sees the verdict", async () => {
  const page = await newPage({ ...still, hasTouch: true });
  await open(page, "last-messenger");
  await page.keyboard.press("End");
  const told = await verdicts(page);
  await page.click(".proof button >> nth=0");
  assert.deepEqual(await verdicts(page), told);
  await page.click(".proof button >> nth=1");
  assert.deepEqual(await verdicts(page), told);
  await page.keyboard.press("ArrowLeft");
  assert.equal((await verdicts(page))[0][1], "open");
  await page.keyboard.press("k");
  await page.keyboard.press("p");
  assert.equal(await page.isVisible(".knobs"), false, "only the story is presented");
  for (const scenario of scenarios()) {
    await open(page, scenario);
    await page.keyboard.press("p");
    await page.keyboard.press("End");
    const below = await page.evaluate(() => {
      const card = document.querySelector(".card.violated h3");
      return card && card.getBoundingClientRect().bottom - document.querySelector("footer").getBoundingClientRect().top;
    });
    assert.ok(below === null || below <= 0, `${scenario}: the verdict is ${below} pixels below the edge`);
  }
  assertQuiet(page);
  await end(page);
});

test("words in the diagram are there as a whole, as soon as they are true", async () => {
  const page = await newPage(still);
  await open(page, "last-messenger");
  const words = () =>
    page.$$eval(".texts", (all) =>
      all.filter((one) => getComputedStyle(one).visibility === "visible").map((one) => one.textContent),
    );
  assert.deepEqual(await words(), []);
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  assert.deepEqual(await words(), ["attack", "ack 1"]);
  await page.keyboard.press("ArrowRight");
  assert.ok((await words()).includes("decides: attack"), "beside its sign, though right of the playhead");
  assert.equal(await page.$$eval(".texts.faint", (all) => all.length), 0);
  await page.keyboard.press("ArrowLeft");
  assert.ok(await page.$(".texts.faint"), "what was seen stays, faintly");
  assertQuiet(page);
  await end(page);
});

test("two runs stand side by side, in step", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await page.keyboard.press("c");
  await page.waitForSelector(".half + .half");
  await page.keyboard.press("End");
  assert.equal(await page.$$eval(".half", (halves) => halves.length), 2);
  assert.match(await page.textContent(".half >> nth=0 >> .side"), /rehearsed.*violated/s);
  assert.match(await page.textContent(".half >> nth=1 >> .side"), /A fourth general/);
  assert.equal(await page.$$eval(".half .flag .cloth", (flags) => flags.length), 2);
  await page.keyboard.press("c");
  assert.equal(await page.$(".half"), null);
  assertQuiet(page);
  await end(page);
});

test("a knob turns the run, and what is refused is told as the command line tells it", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await page.keyboard.press("k");
  await page.selectOption("#knob-params-default", "attack");
  await page.waitForSelector(".changes li");
  await page.fill("#knob-network-delay", "soon");
  await page.press("#knob-network-delay", "Enter");
  await page.waitForSelector(".refusal:not([hidden])");
  assert.match(await page.textContent(".knobs .refusal"), /network\.delay/);
  // The browser itself writes a line about the refusal's status.
  page.complaints = page.complaints.filter((words) => !/422/.test(words));
  assertQuiet(page);
  await end(page);
});

test("a seed that breaks is found", async () => {
  const page = await newPage(still);
  await open(page, "more-acks-do-not-help");
  await page.keyboard.press("k");
  await page.click(".seed-search button >> nth=1");
  await page.waitForFunction(
    () =>
      /^Seed \d+/.test(document.querySelector(".seed-found").textContent) ||
      document.querySelectorAll(".changes li").length > 0,
    null,
    { timeout: 20000 },
  );
  await page.keyboard.press("End");
  assert.ok((await verdicts(page)).every(([, verdict]) => verdict === "holds"));
  assertQuiet(page);
  await end(page);
});

test("a run is one file that opens from disk", async () => {
  const page = await newPage({ ...still, acceptDownloads: true });
  await open(page, "the-table-that-forgot");
  await page.keyboard.press("s");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=One web page")]);
  const path = await download.path();
  assert.ok(!(await readFile(path, "utf8")).includes('src="http'));
  const html = `${path}.html`;
  await download.saveAs(html);
  const file = await newPage(still, `file://${html}`);
  await file.goto(`file://${html}`);
  await file.waitForSelector(".field .node");
  await file.keyboard.press("End");
  const told = report("the-table-that-forgot");
  assert.deepEqual(await verdicts(file), reported(told));
  assertQuiet(file);
  assertQuiet(page);
  await end(file);
  await end(page);
});

test("everything is reached by keys alone", async () => {
  const page = await newPage(still);
  await page.goto(process.env.STAGE_URL);
  await page.waitForSelector(".library[open]");
  await page.keyboard.type("worker came back");
  await page.waitForFunction(() => document.querySelectorAll(".shelves li:not([hidden])").length === 1);
  for (let i = 0; i < 8 && !(await page.evaluate(() => document.activeElement.dataset.scenario)); i++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /came back/i.test(document.querySelector("h1").textContent));
  const first = await beat(page);
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await beat(page), first);
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForSelector(".inspector:not([hidden])");
  const seen = new Set();
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const { name, ring } = await page.evaluate(() => {
      const { activeElement: at } = document;
      const of = at;
      const style = getComputedStyle(of);
      return {
        name: at.getAttribute("aria-label") ?? at.textContent,
        ring: at === document.body || style.outlineStyle !== "none" || style.stroke !== "none",
      };
    });
    assert.ok(ring, `${name} shows that it has the focus`);
    seen.add(name.slice(0, 30));
  }
  for (const wanted of ["Play", "Next", "Moment of the run", "Zoom in", "Close the inspector"])
    assert.ok(seen.has(wanted), `${wanted} can be reached`);
  await page.keyboard.press("Escape");
  assert.equal(await page.$(".inspector:not([hidden])"), null);
  await page.keyboard.press("?");
  await page.waitForSelector(".help[open]");
  await page.keyboard.press("Escape");
  await page.keyboard.press("p");
  await page.waitForSelector("body.present");
  assert.equal(await page.isVisible("body > header"), false);
  await page.keyboard.press("Escape");
  assert.equal(await page.$("body.present"), null);
  assertQuiet(page);
  await end(page);
});

test("a step jumps where motion is not wanted, and moves where it is", async () => {
  const calm = await newPage(still);
  await open(calm, "last-messenger");
  await calm.keyboard.press("ArrowRight");
  await calm.keyboard.press("ArrowRight");
  assert.equal(await calm.textContent(".moment"), "10 ms");
  await end(calm);
  const page = await newPage({ reducedMotion: "no-preference" });
  await open(page, "last-messenger");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await settle(page);
  assert.notEqual(await page.textContent(".moment"), "10 ms");
  await page.waitForFunction(() => document.querySelector(".moment").textContent === "10 ms");
  assertQuiet(page);
  await end(page);
});

test("a step is told to those who do not see it", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(
    await page.textContent("[role=status].live"),
    /Alice receives the order.*Alice hears “attack” from the commander/,
  );
  await end(page);
});

test("the odds fill in, and a point opens a run behind it", async () => {
  const page = await newPage(still);
  await open(page, "a-hundred-messengers");
  await page.keyboard.press("o");
  await page.fill(".odds input[type=number]", "200");
  await page.click(".odds .asked button");
  await page.waitForFunction(() => document.querySelectorAll(".odds tbody tr").length === 7, null, { timeout: 30000 });
  assert.ok(await page.$(".rates .theory"), "theory stands beside what was measured");
  await page.waitForSelector(".odds .answer strong", { timeout: 30000 });
  await page.click(".rates .point[role=button] >> nth=0");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 2);
  await page.keyboard.press("End");
  assert.equal((await verdicts(page))[0][1], "violated");
  assertQuiet(page);
  await end(page);
});

test("the worst case is found, told in a sentence, and opened", async () => {
  const page = await newPage(still);
  await open(page, "last-messenger");
  await page.keyboard.press("w");
  await page.waitForSelector(".worst .sentence", { timeout: 30000 });
  const found = /Bob's 2nd message to Alice is lost\..*The scenario does just this already\.$/;
  assert.match(await page.textContent(".worst .sentence"), found);
  await page.click(".worst .result .main");
  await page.waitForSelector(".changes li");
  await page.keyboard.press("End");
  assert.equal((await verdicts(page))[0][1], "violated");
  assertQuiet(page);
  await end(page);
});

test("the note stands beside its scenario, and its links lead to runs and notes", async () => {
  const page = await newPage(still);
  await open(page, "three-generals");
  await page.keyboard.press("i");
  await page.waitForSelector(".note h1, .note h2");
  assert.match(await page.textContent(".note"), /Byzantine/);
  const before = new URL(page.url()).hash;
  await page.click(".all-notes summary");
  await page.click(".all-notes a >> nth=0");
  await settle(page);
  assert.equal(new URL(page.url()).hash, before, "the address stays that of the run");
  const run = await page.$('.note a[href^="#v=1"]');
  if (run) {
    await run.click();
    await page.waitForFunction(() => document.querySelector("#tab-Story").ariaSelected === "true");
  }
  assertQuiet(page);
  await end(page);
});

test("a playlist leads from each demo to the next, and the browser finds the way back", async () => {
  const page = await newPage(still);
  const place = async () => [await page.textContent(".playlist span"), await page.textContent("h1")];
  const at = (number, title) =>
    page.waitForFunction(
      ([label, title]) =>
        document.querySelector(".playlist span")?.textContent === label &&
        document.querySelector("h1")?.textContent.startsWith(title),
      [`Demo ${number} of 5`, title],
    );
  await page.goto(url);
  await page.waitForSelector(".library[open]");
  await page.fill(".library input[type=search]", "evening");
  await page.click('[data-playlist="first-evening.md"]');
  await at(1, "The last messenger");
  await page.keyboard.press("End");
  assert.match(await page.textContent(".after"), /Next demo.*Retry until the deadline/s);
  await page.keyboard.press("PageDown");
  await at(2, "Retry until the deadline");
  await page.keyboard.press("PageUp");
  await at(1, "The last messenger");
  await page.keyboard.press("d");
  await at(2, "Retry until the deadline");
  // What is changed stays within the playlist, also when the page is loaded anew.
  await page.keyboard.press("n");
  await page.waitForSelector(".changes li");
  await page.reload();
  await at(2, "Retry until the deadline");
  await page.waitForFunction(() => document.querySelector(".sub").textContent.includes("seed 270"));
  await page.click(".playlist a");
  await page.waitForSelector(".note h1");
  await page.click(".note ol >> nth=0 >> a >> nth=3");
  await at(4, "What can be exactly once?");
  await page.goBack();
  await at(2, "Retry until the deadline");
  // Another run is no part of it, and the way back leads into it again.
  await open(page, "three-generals");
  assert.equal(await page.isVisible(".playlist"), false);
  await page.goto(`${url}#playlist=first-evening.md`);
  await at(1, "The last messenger");
  await page.click("[aria-label='Leave the playlist']");
  assert.equal(await page.isVisible(".playlist"), false);
  await page.keyboard.press("d");
  assert.match((await place())[1], /^The last messenger/);
  assertQuiet(page);
  await end(page);
});
