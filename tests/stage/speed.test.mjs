// How fast it is: the first paint, the size of all files, and frames a second while much is going on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assertQuiet, end, newPage, open, url } from "./support.mjs";

/** What all files of the page may take, packed. */
const MOST_BYTES = 300 * 1024;

test("all files together are small, and the page shows soon", async () => {
  const page = await newPage();
  const bodies = [];
  page.on("response", (response) => bodies.push(response.body().catch(() => Buffer.alloc(0))));
  await page.goto(url, { waitUntil: "networkidle" });
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  console.log(`# ${Math.round(bytes / 1024)} KiB packed, first paint after ${Math.round(paint)} ms`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  assert.ok(paint < 1000, `${paint} ms`);
  await end(page);
});

/** Plays for a while; answers with the time that the page's own work takes in a frame, in milliseconds, and frames a second. */
async function played(page, seconds) {
  await page.keyboard.press(".");
  const measured = await page.evaluate(
    (seconds) =>
      new Promise((done) => {
        const work = [];
        const original = globalThis.requestAnimationFrame;
        let frames = 0;
        globalThis.requestAnimationFrame = (call) =>
          original((now) => {
            const began = performance.now();
            call(now);
            work.push(performance.now() - began);
          });
        const began = performance.now();
        const count = () => {
          frames += 1;
          if (performance.now() - began < seconds * 1000) return original(count);
          globalThis.requestAnimationFrame = original;
          work.sort((a, b) => a - b);
          done({
            frames: frames / seconds,
            median: work[work.length >> 1],
            late: work[Math.floor(work.length * 0.95)],
          });
        };
        original(count);
      }),
    seconds,
  );
  await page.keyboard.press(".");
  return measured;
}

/** A frame's share of a sixtieth of a second that the page's own work may take; the rest is the browser's. */
const MOST_WORK = 12;

for (const [what, scenario, set] of [
  ["200 messages under way", "a-hundred-messengers", "&set=params.messengers=200"],
  ["a trace of 20,000 events", "two-falsetickers-among-seven", "&set=until=8h"],
]) {
  test(`it plays smoothly: ${what}`, async () => {
    const page = await newPage({ viewport: { width: 1920, height: 1080 } });
    await open(page, `v=1&dsys=0.1.0&scenario=${scenario}${set}`);
    const events = await page.evaluate(() => document.querySelector(".scrub input").ariaValueText);
    const { frames, median, late } = await played(page, 4);
    console.log(
      `# ${what} (${events}): ${frames.toFixed(0)} frames a second, the page's work ${median.toFixed(1)} ms in the median, ${late.toFixed(1)} ms in the slowest of twenty`,
    );
    assert.ok(median < MOST_WORK, `${median} ms`);
    page.complaints = page.complaints.filter((words) => !/unknown version/.test(words));
    assertQuiet(page);
    await end(page);
  });
}
