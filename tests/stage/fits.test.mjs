// Presenting, nothing that is told scrolls, is cut, or is smaller than the last row can read: every
// scenario, at every page of every stop, as a clicker shows them. Where nobody presents, nothing is
// wider than the page.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { panelFaults, smallTexts } from "./panel_faults.mjs";
import { assertQuiet, end, newPage, open, scenarios, settle } from "./support.mjs";

/** The sizes, and the least type at each: 24 pixels of 1080. None where nobody presents. */
const SIZES = [
  { width: 1280, height: 720, least: 16 },
  { width: 1920, height: 1080, least: 24 },
  { width: 1280, height: 720, least: null },
];
/** More pages than any story has. */
const MOST = 200;

async function opened(options, scenario) {
  const page = await newPage(options);
  await open(page, scenario);
  return page;
}

/** Opens another scenario, and waits until the address is that of its opening page. */
async function goTo(page, scenario) {
  await page.evaluate((scenario) => (location.hash = `v=1&scenario=${scenario}`), scenario);
  const isThere = (scenario) =>
    location.hash.includes(`&scenario=${scenario}&hash=`) && document.querySelector(".beat.opening");
  await page.waitForFunction(isThere, scenario);
}

/** Goes from the opening page to the end by a clicker's key, and calls `look` at each page. */
async function click(page, look) {
  let last = "";
  for (let i = 0; i < MOST; i++) {
    const shown = await look(i);
    if (shown === last) return i;
    last = shown;
    await page.keyboard.press("PageDown");
  }
  throw new Error("the story does not end");
}

/** Where the run stands, and which page is shown. */
const place = () =>
  `${document.querySelector(".moment").textContent} ${document.querySelector(".story").textContent.slice(0, 300)} ${document.querySelector(".page-of").textContent}`;

for (const { width, height, least } of SIZES) {
  // One page for all, which is much quicker: it keeps the files, and its mode.
  let page;
  after(() => page && end(page));
  for (const scenario of scenarios()) {
    test(`${scenario} fits ${width} by ${height}${least === null ? "" : " when it is presented"}`, async () => {
      if (page) await goTo(page, scenario);
      else page = await opened({ viewport: { width, height }, reducedMotion: "reduce" }, scenario);
      if (least !== null && !(await page.$("body.present"))) await page.keyboard.press("p");
      const told = [];
      const presses = await click(page, async (at) => {
        // Hands make the question longer.
        if (at === 0) for (const key of ["1", "2", "2"]) await page.keyboard.press(key);
        const [shown, found] = await page.evaluate(`[(${place})(), (${panelFaults})(${least})]`);
        told.push(...found.map((fault) => `page ${at}: ${fault}`));
        return shown;
      });
      told.push(...page.complaints.splice(0));
      assert.deepEqual([...new Set(told)].slice(0, 12), []);
      assert.ok(presses > 2, "the run goes on");
    });
  }
}

/** What opens over or beside a run, by its key, and what shows that it is open. */
const PANELS = {
  o: ".odds[open] .point",
  w: ".worst[open] .asked",
  y: ".wall[open] .status",
  e: ".twins[open]",
  s: ".share[open] .files li",
  l: ".library[open] .shelves li",
  g: ".editor[open]",
  "?": ".help[open]",
  k: ".knobs .knob",
  i: ".note p",
  j: ".challenge .goal",
  h: ".tray .mark",
  v: ".sight h2",
  a: ".rewind .step",
  d: ".remarks .close",
};

/** Scenarios that have all of these between them: clocks, charts, tables, a twin, a challenge. */
const RICH = [
  "last-messenger",
  "berkeley-and-one-mad-clock",
  "at-least-once-charges-twice",
  "seven-generals-too-shallow",
];

for (const { width, height, least } of SIZES.filter(({ least }) => least !== null)) {
  for (const scenario of width === 1920 ? RICH : RICH.slice(0, 1)) {
    test(`every panel of ${scenario} can be read from the last row at ${width} by ${height}`, async () => {
      const page = await newPage({ viewport: { width, height }, reducedMotion: "reduce" });
      const told = [];
      const look = async (what) => {
        await settle(page);
        told.push(...(await page.evaluate(smallTexts, least)).map((small) => `${what}: ${small}`));
      };
      let seen = 0;
      for (const [key, sign] of Object.entries(PANELS)) {
        // Each on a page of its own state: as it is right after the end of the run.
        await open(page, scenario);
        if (!(await page.$("body.present"))) await page.keyboard.press("p");
        await page.keyboard.press("End");
        await page.keyboard.press(key);
        // What a scenario lacks is said in a toast.
        await page.waitForSelector(`${sign}, .remarks .close`);
        if (await page.$(sign)) seen += 1;
        await look(key);
      }
      await open(page, scenario);
      await page.keyboard.press("Shift+Digit1");
      await page.waitForSelector(".changes li");
      await look("a change");
      await page.keyboard.press("c");
      await page.waitForSelector("main.compared");
      await look("two runs");
      await page.keyboard.press("c");
      await page.click(".field .node .ring >> nth=1", { force: true });
      await look("the inspector");
      assert.deepEqual([...new Set(told)], []);
      assert.ok(seen >= 12, `${seen} panels are opened`);
      // A browser complains of what the server refuses: not every scenario can be searched.
      page.complaints = page.complaints.filter((words) => !/status of 4\d\d/.test(words));
      assertQuiet(page);
      await end(page);
    });
  }
}
