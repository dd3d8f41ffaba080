// No label of field and diagram covers another or is cut, and no message that rests lies on a node or on another one: in
// every shipped scenario, at three sizes, read alone and presented, stop by stop.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faults } from "./boxes.mjs";
import { assertQuiet, end, newPage, open, scenarios, settle, version } from "./support.mjs";

/** Sizes, and the size of the smallest text when presenting: 24 pixels at 1080, in proportion below; 11 to read alone. */
const SIZES = [
  { width: 1920, height: 1080, presented: 24 },
  { width: 1280, height: 720, presented: 16 },
  { width: 390, height: 844, presented: 11 },
];
const READ = 11;
/** At most so many stops of a run are looked at: the first and the last ones, and some between, evenly. */
const MOST_STOPS = 12;

/** How many stops a run has: they are on the scrubber, the start and the end with them. */
function stopsOf(page) {
  return page.evaluate(async () => {
    const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key }));
    const where = () => document.querySelector(".scrub input").value + document.querySelector(".story").textContent;
    press("Home");
    let [stops, last] = [1, where()];
    for (; stops < 500; stops++) {
      press("ArrowRight");
      if (where() === last) break;
      last = where();
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

/** Which stops are looked at. */
function sample(stops) {
  if (stops <= MOST_STOPS) return Array.from({ length: stops }, (_, stop) => stop);
  return Array.from({ length: MOST_STOPS }, (_, i) => Math.round((i * (stops - 1)) / (MOST_STOPS - 1)));
}

/** Opens a scenario, or a link, and asserts that all that is in its pictures has room. */
async function assertRoom(scenario) {
  const page = await newPage({ reducedMotion: "reduce" });
  await open(page, scenario);
  const stops = sample(await stopsOf(page));
  const found = [];
  for (const { width, height, presented } of SIZES) {
    await page.setViewportSize({ width, height });
    for (const [mode, least] of [
      ["read", READ],
      ["presented", presented],
    ]) {
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
