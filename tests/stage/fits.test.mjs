// Presenting, nothing that is told scrolls, is cut, or is smaller than the last row can read: every scenario, at every
// page of every stop, as a clicker shows them. Where nobody presents, nothing is wider than the page.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertQuiet, end, newPage, open, scenarios } from "./support.mjs";

/** The sizes, and the least type at each: 24 pixels of 1080. None where nobody presents. */
const SIZES = [
  { width: 1280, height: 720, least: 16 },
  { width: 1920, height: 1080, least: 24 },
  { width: 1280, height: 720, least: null },
];
/** More pages than any story has. */
const MOST = 200;

/** Reads what is wrong with the panel and the controls now; runs in the page. */
function faults(least) {
  const found = [];
  const { innerWidth, innerHeight } = globalThis;
  const nameOf = (element) => `${element.localName}.${element.getAttribute("class") ?? ""}`;
  const isShown = (element) => element.checkVisibility() && !element.closest(".unseen, .live, .skip");
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("aside, aside *, footer, footer *")) {
    if (!(element instanceof HTMLElement) || !isShown(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`${nameOf(element)} is beyond a side`);
    const { overflowX, overflowY } = getComputedStyle(element);
    const isCut = (/** @type {string} */ overflow) => overflow !== "visible";
    const isRange = element.matches("input[type=range]");
    if (!isRange && isCut(overflowX) && element.scrollWidth > element.clientWidth + 1)
      found.push(`${nameOf(element)} is wider than its room: ${element.scrollWidth} of ${element.clientWidth}`);
    if (least === null) continue;
    if (box.top < -1 || box.bottom > innerHeight + 1) found.push(`${nameOf(element)} is beyond the edge`);
    if (isCut(overflowY) && element.scrollHeight > element.clientHeight + 1)
      found.push(`${nameOf(element)} is higher than its room: ${element.scrollHeight} of ${element.clientHeight}`);
  }
  if (least === null) return found;
  const panel = document.querySelector("aside .scroll:not([hidden])").getBoundingClientRect();
  for (const element of document.querySelectorAll(".story *")) {
    const box = element.getBoundingClientRect();
    if (isShown(element) && box.height > 0 && (box.bottom > panel.bottom + 1 || box.right > panel.right + 1))
      found.push(`${nameOf(element)} is beyond the panel`);
  }
  const texts = document.createTreeWalker(document.querySelector("aside"), NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const size = Number.parseFloat(getComputedStyle(text.parentElement).fontSize);
    if (text.data.trim() && isShown(text.parentElement) && size < least)
      found.push(`“${text.data.slice(0, 20)}” is ${size} pixels high`);
  }
  const asked = [...document.querySelectorAll(".predict:not(.answered)")].filter((element) =>
    element.checkVisibility(),
  );
  if (asked.length > 1) found.push("two votes are open at once");
  for (const choice of asked.flatMap((element) => [...element.querySelectorAll(".choice")]))
    if (!choice.checkVisibility()) found.push(`the choice “${choice.textContent}” is not shown`);
  for (const card of document.querySelectorAll(asked.length > 0 ? ".card" : ".none"))
    if (card.checkVisibility()) found.push(`a vote is open, and “${card.textContent}” is shown`);
  return found;
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
  // One page for all: it keeps the files, and its mode.
  let page;
  after(() => page && end(page));
  for (const scenario of scenarios()) {
    test(`${scenario} fits ${width} by ${height}${least === null ? "" : " when it is presented"}`, async () => {
      page ??= await newPage({ viewport: { width, height }, reducedMotion: "reduce" });
      await open(page, scenario);
      if (least !== null && !(await page.$("body.present"))) await page.keyboard.press("p");
      const told = [];
      const presses = await click(page, async (at) => {
        // Hands make the question longer.
        if (at === 0) for (const key of ["1", "2", "2"]) await page.keyboard.press(key);
        const [shown, found] = await page.evaluate(`[(${place})(), (${faults})(${least})]`);
        told.push(...found.map((fault) => `page ${at}: ${fault}`));
        return shown;
      });
      assert.deepEqual([...new Set(told)].slice(0, 12), []);
      assert.ok(presses > 2, "the run goes on");
      assertQuiet(page);
    });
  }
}
