// The site of the notes: each run plays there to what the command line says, from a disk and below a path of a host.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  assertAccessible,
  assertQuiet,
  axe,
  dsys,
  end,
  newPage,
  report,
  reported,
  scenarios,
  seek,
  settle,
  verdicts,
} from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "dsys-site-"));
execFileSync(dsys, ["notes", "build", "-o", folder], { stdio: "ignore" });
after(() => rmSync(folder, { recursive: true }));

const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const PATH = "/meetup/notes/";

/** A host of files, as plain as they come. */
const host = createServer(({ url }, response) => {
  try {
    assert.ok(url.startsWith(PATH));
    const file = readFileSync(join(folder, url.slice(PATH.length)));
    response.writeHead(200, { "content-type": TYPES[extname(url)] }).end(file);
  } catch {
    response.writeHead(404).end();
  }
});
before(() => new Promise((done) => host.listen(0, "127.0.0.1", done)));
after(() => host.close());

const PLACES = {
  "a disk": () => pathToFileURL(`${folder}/`).href,
  "a path of a host": () => `http://127.0.0.1:${host.address().port}${PATH}`,
};

/** The runs of the site: `PROBLEM/NAME`, with a digest where something is changed. */
const files = readFileSync(join(folder, "assets/dsys-site.txt"), "utf8").trim().split("\n");
const runs = files
  .filter((file) => file.startsWith("play/"))
  .map((file) => file.slice("play/".length, -".html".length));
const isChanged = (run) => /-[0-9a-f]{8}$/.test(run);
/** One of each problem: they differ in what they tell, not in how they are played. */
const oneOfEach = (runs) => [...new Map(runs.map((run) => [run.split("/")[0], run])).values()];
const plain = oneOfEach(runs.filter((run) => !isChanged(run)));
const changed = oneOfEach(runs.filter(isChanged));

/** What the command line says of the run that a page plays. */
async function told(page) {
  const { order } = JSON.parse(await page.textContent("#recorded"));
  const flags = (name, pairs) => pairs.flatMap(([key, value]) => [name, `${key}=${value}`]);
  return report(
    order.scenario,
    ...["--seed", order.seed],
    ...flags("--set", order.set),
    ...flags("--force", order.force),
  );
}

async function playing(page) {
  await page.waitForSelector(".beat .label");
  await page.waitForSelector(".field .node");
}

test("there are runs of every problem to play", () => {
  const problems = [...new Set(scenarios().map((path) => path.split("/")[0]))].sort();
  const of = (runs) => runs.map((run) => run.split("/")[0]).sort();
  assert.deepEqual([of(plain), of(changed)], [problems, problems]);
});

for (const [name, place] of Object.entries(PLACES)) {
  for (const run of [...plain, ...changed]) {
    test(`${run} plays from ${name} to the command line's verdicts`, async () => {
      const page = await newPage({ reducedMotion: "reduce" }, place());
      await page.goto(`${place()}runs/${run}.html`);
      const hash = await page.textContent("#trace-hash");
      await page.click("text=Play it step by step");
      await playing(page);
      await seek(page, 500);
      await settle(page);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("End");
      const expected = await told(page);
      assert.deepEqual(await verdicts(page), reported(expected));
      await page.click("text=The trace as a table");
      assert.equal(await page.textContent(".hash code"), expected.trace_hash);
      assert.equal(hash, expected.trace_hash);
      await page.click("text=As text");
      assert.equal(page.url(), `${place()}runs/${run}.html`);
      assertQuiet(page);
      await end(page);
    });
  }

  test(`without JavaScript a run is told from ${name}`, async () => {
    const page = await newPage({ javaScriptEnabled: false }, place());
    await page.goto(`${place()}play/${plain[0]}.html`);
    await page.click("noscript a");
    assert.equal(page.url(), `${place()}runs/${plain[0]}.html`);
    assert.ok(await page.isVisible("figure.run svg"));
    assert.ok(await page.isVisible("dl.verdicts"));
    await page.click("text=The run as text");
    assert.ok(await page.isVisible("pre.report"));
    assertQuiet(page);
    await end(page);
  });
}

test("the search finds a note from a disk", async () => {
  const page = await newPage({}, PLACES["a disk"]());
  await page.goto(`${PLACES["a disk"]()}search.html`);
  await page.fill("#words", "generals");
  await page.waitForSelector("#results a");
  assertQuiet(page);
  await end(page);
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core finds no serious fault on the site, ${colorScheme}`, async () => {
    // axe-core reads the styles once more, which pages on a disk may not.
    const place = PLACES["a path of a host"]();
    const page = await newPage({ reducedMotion: "reduce", colorScheme, bypassCSP: true }, place);
    await page.addInitScript({ path: axe });
    for (const path of [
      "index",
      "notes",
      "scenarios",
      "search",
      "topics/cap",
      `runs/${plain[0]}`,
      `runs/${changed[0]}`,
    ]) {
      await page.goto(`${place}${path}.html`);
      await assertAccessible(page, path);
    }
    await page.goto(`${place}play/${changed[0]}.html`);
    await playing(page);
    await page.keyboard.press("End");
    await assertAccessible(page, "a run that plays");
    assertQuiet(page);
    await end(page);
  });
}
