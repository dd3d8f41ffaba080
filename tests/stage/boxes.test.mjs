// No label of field and diagram covers another or is cut, and no message that rests lies on a node or on another one: in
// every shipped scenario, at three sizes, read alone and presented, stop by stop.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faults } from "./boxes.mjs";
import { assertQuiet, end, newPage, open, scenarios, settle, version } from "./support.mjs";

/**
 * Sizes, and the size of the smallest text, when presenting and to read alone: 24 pixels at 1080, in proportion below;
 * 14 on a phone, which is the audience's seat.
 */
const SIZES = [
  { width: 1920, height: 1080, presented: 24, read: 11 },
  { width: 1280, height: 720, presented: 16, read: 11 },
  { width: 390, height: 844, presented: 14, read: 14 },
];
/** At most so many stops of a run are looked at: the first and the last ones, and some between, evenly. */
const MOST_STOPS = 12;

/** After how many presses of a key the picture is another one: a stop may be told on several pages. */
function stopsOf(page) {
  return page.evaluate(async () => {
    const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key }));
    const moment = () => document.querySelector(".scrub input").value + document.querySelector(".moment").textContent;
    const told = () => document.querySelector("aside").textContent;
    press("Home");
    const stops = [0];
    let [at, words] = [moment(), told()];
    for (let presses = 1; presses < 500; presses++) {
      press("ArrowRight");
      const [there, said] = [moment(), told()];
      if (there === at && said === words) break;
      if (there !== at) stops.push(presses);
      [at, words] = [there, said];
    }
    return stops;
  });
}

/** Goes from one stop to another. */
function go(page, from, to) {
  return page.evaluate(
    ([key, times]) => {
      for (let i = 0; i < times; i++) document.dispatchEvent(new KeyboardEvent("keydown", { key }));
    },
    [to >= from ? "ArrowRight" : "ArrowLeft", Math.abs(to - from)],
  );
}

const press = (page, key) => page.evaluate((key) => document.dispatchEvent(new KeyboardEvent("keydown", { key })), key);

/** Which of the stops are looked at. */
function sample(stops) {
  if (stops.length <= MOST_STOPS) return stops;
  return Array.from({ length: MOST_STOPS }, (_, i) => stops[Math.round((i * (stops.length - 1)) / (MOST_STOPS - 1))]);
}

/** Opens a scenario, or a link, and asserts that all that is in its pictures has room. */
async function assertRoom(scenario) {
  const page = await newPage({ reducedMotion: "reduce" });
  await open(page, scenario);
  const found = [];
  for (const { width, height, presented, read } of SIZES) {
    await page.setViewportSize({ width, height });
    for (const [mode, least] of [
      ["read", read],
      ["presented", presented],
    ]) {
      const stops = sample(await stopsOf(page));
      await press(page, "Home");
      let here = 0;
      for (const stop of stops) {
        await go(page, here, stop);
        here = stop;
        await settle(page);
        const wrong = await page.evaluate(faults, least);
        found.push(...wrong.map((fault) => `${width}x${height} ${mode}, stop ${stop}: ${fault}`));
      }
      await press(page, "p");
    }
  }
  assert.deepEqual(found, []);
  assertQuiet(page);
  await end(page);
}

/** Two at a time: the browser draws one while the other is read. */
describe("all labels have room", { concurrency: 2 }, () => {
  for (const scenario of scenarios()) test(scenario, () => assertRoom(scenario));
  for (const nodes of [20, 40]) {
    const link = `v=1&dsys=${version}&scenario=seven-generals-too-shallow&set=nodes=${nodes}`;
    test(`${nodes} nodes`, () => assertRoom(link));
  }
});
