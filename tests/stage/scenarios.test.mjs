// Every shipped scenario opens, plays to what the command line says, and looks the same whichever way one comes to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, end, newPage, open, report, reported, scenarios, seek, settle, verdicts } from "./support.mjs";

const picture = (page) =>
  page.evaluate(() =>
    [".field > svg", ".diagram .plot", ".story"].map((part) => document.querySelector(part).outerHTML).join("\n"),
  );

/** Compares two pictures; says no more than where they part. */
function assertSame(seen, expected, where) {
  let at = 0;
  while (at < seen.length && seen[at] === expected[at]) at += 1;
  const part = (text) => text.slice(Math.max(0, at - 60), at + 90);
  assert.ok(seen === expected, `${where}: ${part(seen)} instead of ${part(expected)}`);
}

for (const scenario of scenarios()) {
  test(`${scenario} plays to the command line's verdicts`, async () => {
    const page = await newPage({ reducedMotion: "reduce" });
    await open(page, scenario);
    await page.keyboard.press("End");
    const told = report(scenario);
    assert.deepEqual(await verdicts(page), reported(told));
    await page.click("#tab-Trace");
    assert.match(await page.textContent(".hash"), new RegExp(told.trace_hash));
    await page.click("#tab-Story");

    // What was seen stays faintly there, so that forwards and backwards show the same once all was seen.
    await page.keyboard.press("Home");
    const pictures = [];
    for (let stop = 0; stop < 7; stop++) {
      if (stop > 0) await page.keyboard.press("ArrowRight");
      await settle(page);
      const seen = await picture(page);
      if (seen === pictures.at(-1)) break;
      pictures.push(seen);
    }
    assert.ok(pictures.length > 1, "something happens");
    for (let stop = pictures.length - 2; stop >= 0; stop--) {
      await page.keyboard.press("ArrowLeft");
      await settle(page);
      assertSame(await picture(page), pictures[stop], `stop ${stop} on the way back`);
    }
    await seek(page, 500);
    await settle(page);
    assertQuiet(page);
    await end(page);
  });
}
