// Charts show what was asked, and clocks how far they are off and apart, with the scale said.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { assertQuiet, end, newPage, open } from "./support.mjs";

const still = { reducedMotion: "reduce" };

/** Opens the odds of a scenario, and waits until all runs are done. */
async function odds(page, scenario, runs = 150) {
  await open(page, scenario);
  await page.keyboard.press("o");
  await page.fill(".odds input[type=number]", String(runs));
  await page.click(".odds .asked button");
  await page.waitForSelector(".odds a[download]", { timeout: 30000 });
}

/** Where the points of each series are, from the top of the chart, by how the series looks. */
const heights = (page) =>
  page.$$eval(".rates-figure > .rates .point", (points) => {
    const found = {};
    for (const point of points) {
      const look = [...point.classList].filter((name) => name !== "point").join(" ");
      const y = Number(/translate\(0 ([\d.]+)\)/.exec(point.innerHTML)[1]);
      found[look] = [...(found[look] ?? []), y];
    }
    return found;
  });

test("what the question asks is drawn large, and what it does not ask is thin", async () => {
  const page = await newPage(still);
  await odds(page, "more-acks-do-not-help", 700);
  const heading = await page.textContent(".rates-figure figcaption");
  assert.equal(heading, "Only one general attacks, in % of the runs in which at least one general attacks");
  const key = await page.$$eval(".rates-figure ul.key li", (rows) => rows.map((row) => row.textContent));
  assert.deepEqual(key, [
    "Only one general attacks",
    "agreement is violated, in % of the runs",
    "95 % interval of what was counted",
    "theory: p, the loss of the last message, whatever the length of the chain",
  ]);
  const { "series-0": asked, "series-1": beside } = await heights(page);
  assert.deepEqual([asked.length, beside.length], [7, 7]);
  // The line of theory is level, and what was counted stays near it; the other falls.
  const [level] = await page.$$eval(".rates-figure > .rates .theory", (lines) =>
    lines.map((line) =>
      line
        .getAttribute("d")
        .match(/ ([\d.]+)/g)
        .map(Number),
    ),
  );
  assert.ok(Math.max(...level) - Math.min(...level) < 0.01, `theory is level: ${level}`);
  const scale = Math.abs(beside[6] - beside[0]);
  assert.ok(scale > 40, "the share of all runs falls");
  assert.ok(Math.max(...asked.map((y) => Math.abs(y - level[0]))) < scale, `near ${level[0]}: ${asked}`);
  assert.equal(await page.locator(".rates-figure > .rates .thin").count(), 1);
  // The answer and the table say the same.
  assert.match(await page.textContent(".odds .answer"), /It leaves the share as it is\./);
  assert.match(await page.textContent(".odds thead"), /Only one general attacks, in % of the runs in which/);
  assert.match(await page.textContent(".odds tbody tr:last-child td"), /theory 20 %/);
  assertQuiet(page);
  await end(page);
});

test("the legend lies on no point, and no two series look the same", async () => {
  const page = await newPage(still);
  await odds(page, "at-least-once-charges-twice", 20);
  const boxes = await page.evaluate(() => {
    const box = (element) => element.getBoundingClientRect().toJSON();
    const points = [...document.querySelectorAll(".rates-figure > .rates .point")].map(box);
    return { points, key: box(document.querySelector(".rates-figure ul.key")) };
  });
  assert.ok(boxes.points.length === 18 && boxes.points.every((point) => point.top >= boxes.key.bottom));
  const looks = await page.$$eval(".rates-figure ul.key .point", (marks) =>
    marks.map((mark) => `${mark.getAttribute("class")} ${mark.firstElementChild.outerHTML}`),
  );
  assert.deepEqual([looks.length, new Set(looks).size], [3, 3]);
  assert.equal(await page.textContent(".rates-figure figcaption"), "Charges that the ledger makes, on average");
  const besides = "Besides what is swept, every run loses the ledger's 3rd message to the shop.";
  assert.equal(await page.textContent(".rates-figure .besides"), besides);
  assertQuiet(page);
  await end(page);
});

test("the picture to keep is the chart of the page", async () => {
  const page = await newPage(still);
  await odds(page, "more-acks-do-not-help");
  const [kept] = await Promise.all([page.waitForEvent("download"), page.click(".odds a[download]")]);
  assert.equal(kept.suggestedFilename(), "more-acks-do-not-help.svg");
  const svg = await readFile(await kept.path(), "utf8");
  const said = await page.evaluate((svg) => {
    const picture = new DOMParser().parseFromString(svg, "image/svg+xml");
    return picture.documentElement.textContent;
  }, svg);
  const shown = await page.$$eval(".rates-figure ul.key li:not(:nth-last-child(2))", (rows) =>
    rows.map((row) => row.textContent),
  );
  for (const words of ["in % of the runs in which at least one general attacks", ...shown])
    assert.ok(said.includes(words), `no “${words}” in the picture`);
  await end(page);
});

test("a point is opened by the keyboard alone", async () => {
  const page = await newPage(still);
  await odds(page, "more-acks-do-not-help");
  await page.focus(".rates-figure > .rates .point.series-0 >> nth=2");
  const label = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(label, /Only one general attacks, params\.acks = 2: 0\.\d+ of \d+ runs, 95 % interval/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".changes li").length === 2);
  assertQuiet(page);
  await end(page);
});

test("clocks are on one ruler and lines on their lanes have a scale, once the room has answered", async () => {
  const page = await newPage(still);
  await open(page, "halving-the-skew-with-a-liar");
  const isSeen = (selector) => page.$eval(selector, (part) => getComputedStyle(part).visibility === "visible");
  assert.deepEqual([await isSeen(".clock-ruler"), await isSeen(".lane-scale")], [false, false]);
  await page.keyboard.press("End");
  assert.deepEqual([await isSeen(".clock-ruler"), await isSeen(".lane-scale")], [true, true]);
  const said = await page.getAttribute(".clock-ruler", "aria-label");
  assert.match(
    said,
    /^The clocks are 7 ms apart: Alice \+50\.7 ms, Bob \+43\.7 ms, Carol \+50\.2 ms, Dave \+46\.6 ms$/,
  );
  const words = await page.$$eval(".clock-ruler text", (texts) => texts.map((text) => text.textContent));
  assert.deepEqual([words[0], words.at(-2), words.at(-1)], ["7 ms apart", "+43.7 ms", "+50.7 ms"]);
  // Hands that look alike are far apart on the ruler.
  const places = await page.$$eval(".clock-ruler .tick", (ticks) =>
    ticks.map((tick) => tick.getBoundingClientRect().x),
  );
  assert.ok(Math.max(...places) - Math.min(...places) > 80, `${places}`);
  assert.deepEqual(await page.$$eval(".lane-scale text", (texts) => texts.map((text) => text.textContent)), [
    "clock off by",
    "±60 ms",
  ]);
  assert.match(await page.textContent(".legend"), /hand here: 60 ms ahead/);
  assertQuiet(page);
  await end(page);
});

test("a clock that is off the ruler is named with how far it is away, and not counted with the others", async () => {
  const page = await newPage(still);
  await open(page, "berkeley-and-one-mad-clock");
  await page.keyboard.press("End");
  const said = await page.getAttribute(".clock-ruler", "aria-label");
  assert.match(said, /^3 of 4 clocks are [\d.]+ ms apart: master −15 min, .*Dave \+45 min$/);
  const title = await page.$eval(".clock-ruler text", (text) => text.textContent);
  assert.equal(title, "Md +45 min");
  // What they agree on is a time that none of them had: the ruler, the hands and the last beat say so.
  const words = await page.$$eval(".clock-ruler text", (texts) => texts.map((text) => text.textContent));
  assert.equal(words.slice(-2).join(" "), "−15 min off true time");
  assert.match(await page.textContent(".beat"), /on a time that none of them had/);
  const stay = await page.$$eval(".field .remains .remain", (all) =>
    all.map((one) => one.dataset.message.split(":")[0]),
  );
  assert.deepEqual(stay, ["mad-dave"], "of what was said, the lie stays");
  assertQuiet(page);
  await end(page);
});

test("a table tells times in words, and nodes by their names", async () => {
  const page = await newPage(still);
  await open(page, "two-falsetickers-among-seven");
  await page.keyboard.press("End");
  const cells = await page.$$eval(".ledger tbody tr:first-child > *", (cells) => cells.map((cell) => cell.textContent));
  assert.deepEqual([cells[0], cells[1].toLowerCase(), cells[2]], ["the client", "ada", "1 h 59 min"]);
  assert.match(cells[3], /^−\d+(\.\d+)? ms$/);
  await end(page);
});
