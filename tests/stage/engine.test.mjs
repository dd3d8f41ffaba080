// The whole stage on a site of files: the engine in the browser does what the server does, from a
// disk and below a path of a host, and asks for nothing outside. `engine/build` makes the engine;
// without it these tests are left out.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  assertAccessible,
  assertQuiet,
  axe,
  dsys,
  end,
  newPage,
  report,
  reported,
  settle,
  verdicts,
} from "./support.mjs";

const engine = process.env.DSYS_ENGINE ?? fileURLToPath(new URL("../../target/dsys-engine.wasm", import.meta.url));
const isThere = existsSync(engine);
if (process.env.DSYS_ENGINE) assert.ok(isThere, `there is no engine at ${engine}`);
if (!isThere) console.error("!!! THE ENGINE IN THE BROWSER IS NOT TESTED: `engine/build` makes it !!!");

const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const PATH = "/meetup/notes/";
const folder = mkdtempSync(join(tmpdir(), "dsys-engine-"));

/** A host of files, as plain as they come. */
const host = createServer(({ url }, response) => {
  const path = url.split("?")[0];
  const file = join(folder, path.slice(PATH.length));
  if (!path.startsWith(PATH) || !existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(path)] }).end(readFileSync(file));
});

before(() => {
  if (isThere) execFileSync(dsys, ["notes", "build", "-o", folder, "--engine", engine], { stdio: "ignore" });
  return new Promise((done) => host.listen(0, "127.0.0.1", done));
});
after(() => {
  host.close();
  rmSync(folder, { recursive: true });
});

const PLACES = [
  { name: "a disk", place: () => pathToFileURL(`${folder}/`).href },
  { name: "a path of a host", place: () => `http://127.0.0.1:${host.address().port}${PATH}` },
];
const SIZES = [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
];

const isFetched = (page) => page.evaluate(() => document.querySelector('script[src$="engine.js"]') !== null);

/** Opens the page of a run, or another page of the stage, and waits until it plays. */
async function arrive(place, path, { fragment = "", ...options } = {}) {
  const page = await newPage({ reducedMotion: "reduce", ...options }, place);
  if (options.bypassCSP) await page.addInitScript({ path: axe });
  await page.goto(`${place}${path}${fragment}`);
  await playing(page);
  return page;
}

async function playing(page) {
  await page.waitForSelector(".beat .label");
  await page.waitForSelector(".field .node");
}

const changed = (page, count = 1) =>
  page.waitForFunction((count) => document.querySelectorAll(".changes li").length === count, count);

/** Presses a key of the page, wherever the focus was. */
async function press(page, key) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(key);
}

describe("the engine", { skip: !isThere }, () => {
  for (const { name, place } of PLACES) {
    for (const viewport of SIZES) {
      const where = `${name}, ${viewport.width} wide`;

      test(`a run plays at once, and forks when it is clicked: ${where}`, async () => {
        const page = await arrive(place(), "play/byzantine-generals/four-generals.html", { viewport });
        assert.equal(await isFetched(page), false, "nobody has asked for another run yet");
        await page.keyboard.press("ArrowRight");
        assert.equal(await isFetched(page), false);
        await page.focus(".field [data-node=carol] .ring");
        await page.keyboard.press("Enter");
        await page.click('.whatif button:has-text("make it a traitor: flip")');
        await changed(page);
        await page.waitForFunction(() => /traitor/.test(document.querySelector(".fork-told")?.textContent ?? ""));
        assert.equal(await isFetched(page), true);
        await press(page, "Escape");
        await press(page, "u");
        await changed(page, 0);
        await press(page, "n");
        await changed(page);
        // What the address says is what a terminal runs.
        await press(page, "End");
        await settle(page);
        assert.deepEqual(await verdicts(page), reported(report("four-generals", "--seed", "2")));
        assertQuiet(page);
        await end(page);
      });

      test(`a scenario of one's own tells its errors, runs, and comes along in its link: ${where}`, async () => {
        const page = await arrive(place(), "play/two-generals/last-messenger.html", { viewport });
        await press(page, "g");
        await page.waitForFunction(() => document.querySelector(".editor textarea")?.value.includes("title"));
        const text = await page.inputValue(".editor textarea");
        await page.fill(".editor textarea", `${text.replace("[network]", "[netwrok]")}`);
        await page.waitForSelector(".editor .errors li button");
        assert.ok(await page.isDisabled(".editor .row button"));
        await page.click(".editor .errors li button");
        const selected = await page.$eval(".editor textarea", (area) =>
          area.value.slice(area.selectionStart, area.selectionEnd),
        );
        assert.match(selected, /netwrok/);
        await page.fill(".editor textarea", text.replace(/^title +=.*$/m, 'title = "My <b>own</b> generals"'));
        await page.waitForFunction(() => /can be run/.test(document.querySelector(".editor .status").textContent));
        await page.click(".editor .row button");
        await page.waitForFunction(() => document.querySelector("h1").textContent === "My <b>own</b> generals");
        await press(page, "End");
        await page.waitForFunction(() => location.hash.includes("&text="));
        // The link holds it: for somebody who has never been here.
        const link = page.url();
        const other = await newPage({ reducedMotion: "reduce", viewport }, place());
        await other.goto(link);
        await other.waitForFunction(() => document.querySelector("h1")?.textContent === "My <b>own</b> generals");
        assertQuiet(page);
        assertQuiet(other);
        await end(other);
        await end(page);
      });
    }

    test(`links open for those who are new, and a reload stays: ${name}`, async () => {
      const fragment = "#v=1&scenario=byzantine-generals/three-generals&seed=18446744073709551615&event=3";
      const page = await arrive(place(), "stage/index.html", { fragment });
      assert.match(await page.textContent("header .sub"), /seed 18446744073709551615 /);
      await page.reload();
      await playing(page);
      assert.match(await page.textContent("header .sub"), /seed 18446744073709551615 /);
      assert.match(page.url(), /seed=18446744073709551615/);
      assertQuiet(page);
      await end(page);
    });

    test(`a sweep fills beside its theory, and is cancelled: ${name}`, async () => {
      const page = await arrive(place(), "play/two-generals/more-acks-do-not-help.html");
      await press(page, "o");
      await page.waitForSelector(".odds table tbody tr", { timeout: 60_000 });
      await page.waitForSelector(".odds svg", { timeout: 60_000 });
      // The next one is too long to wait for; the run beside it is answered nevertheless.
      await page.fill('.odds input[name="runs"], .odds input[type="number"]', "100000");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(200);
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => !document.querySelector(".odds[open]"));
      await press(page, "n");
      await changed(page);
      assertQuiet(page);
      await end(page);
    });

    test(`the worst case is found, and opened: ${name}`, async () => {
      const page = await arrive(place(), "play/two-generals/last-messenger.html");
      await press(page, "w");
      await page.waitForSelector('.worst button:has-text("Open this run")', { timeout: 60_000 });
      await page.keyboard.press("Tab");
      await page.click('.worst button:has-text("Open this run")');
      await changed(page);
      assertQuiet(page);
      await end(page);
    });

    test(`a challenge is judged: ${name}`, async () => {
      const page = await arrive(place(), "stage/index.html", {
        fragment: "#v=1&scenario=two-generals/a-hundred-messengers",
      });
      await press(page, "j");
      await page.selectOption("#change-params-messengers", "25");
      await changed(page);
      await page.selectOption("#change-params-ack-messengers", "25");
      await changed(page, 2);
      await page.click(".challenge button:has-text('Judge')");
      await page.waitForFunction(() => /Solved/.test(document.querySelector(".challenge .status").textContent), null, {
        timeout: 60_000,
      });
      assertQuiet(page);
      await end(page);
    });
  }

  test("a knob is turned, and a wall of seeds fills", async () => {
    const page = await arrive(PLACES[0].place(), "play/two-generals/last-messenger.html");
    await press(page, "k");
    await page.fill("#knob-network-loss", "0.5");
    await page.keyboard.press("Enter");
    await changed(page);
    await press(page, "y");
    await page.waitForSelector(".wall[open]");
    await page.waitForFunction(
      () => /10,?000/.test(document.querySelector(".wall .outcomes")?.textContent ?? ""),
      null,
      {
        timeout: 60_000,
      },
    );
    assertQuiet(page);
    await end(page);
  });

  test("a hostile text runs no script and ends", async () => {
    const place = PLACES[0].place();
    const page = await arrive(place, "play/byzantine-generals/three-generals.html");
    await press(page, "g");
    await page.waitForFunction(() => document.querySelector(".editor textarea")?.value.includes("title"));
    const text = await page.inputValue(".editor textarea");
    const attack = "<img src=x onerror=globalThis.attacked=1><script>attacked=1</script>";
    for (const hostile of [
      text.replace(/^title +=.*$/m, `title = "${attack}"`).replace(/^lesson = """$/m, `lesson = """${attack}`),
      `title = "${attack}"\n[${attack}]`,
      "a = [".repeat(20_000),
      `nodes = 1000000000\n${text}`,
      "\u0000".repeat(1_000),
    ]) {
      await page.fill(".editor textarea", hostile);
      await page.waitForFunction(() => document.querySelector(".editor .status").textContent !== "");
      await page.waitForTimeout(400);
    }
    assert.equal(await page.evaluate(() => globalThis.attacked), undefined);
    assert.equal(await page.$(".editor .errors img"), null);
    // It answers as before.
    await page.fill(".editor textarea", text);
    await page.waitForFunction(() => /can be run/.test(document.querySelector(".editor .status").textContent));
    assertQuiet(page);
    await end(page);
  });

  test("an engine that breaks off is started anew, and says so", async () => {
    const place = PLACES[1].place();
    const page = await arrive(place, "play/byzantine-generals/three-generals.html", {});
    // The first worker traps when it is asked for anything.
    await page.evaluate(() => {
      const Own = globalThis.Worker;
      const trap = "onmessage = ({ data }) => data.route && postMessage({ failed: 'RuntimeError: unreachable' })";
      globalThis.Worker = function Trapping() {
        globalThis.Worker = Own;
        return new Own(URL.createObjectURL(new Blob([trap])));
      };
    });
    await press(page, "n");
    await page.waitForFunction(() => /broke off/.test(document.querySelector(".remarks").textContent));
    await press(page, "Escape");
    await press(page, "n");
    await changed(page);
    await end(page);
  });

  test("the page is accessible with the engine, and so is the editor", async () => {
    for (const viewport of SIZES) {
      const page = await arrive(PLACES[1].place(), "play/byzantine-generals/three-generals.html", {
        viewport,
        bypassCSP: true,
      });
      await assertAccessible(page, "the page");
      await press(page, "g");
      await page.waitForFunction(() => document.querySelector(".editor textarea")?.value.includes("title"));
      await assertAccessible(page, "the editor");
      await end(page);
    }
  });

  test("without the engine's script the recorded run stays, and says what is missing", async () => {
    const place = PLACES[1].place();
    const page = await newPage({ reducedMotion: "reduce" }, place);
    await page.route("**/engine.js", (route) => route.abort());
    await page.goto(`${place}play/byzantine-generals/three-generals.html`);
    await playing(page);
    await press(page, "n");
    await page.waitForFunction(() => /cannot be loaded/.test(document.querySelector(".remarks").textContent));
    await press(page, "Escape");
    await press(page, "End");
    assert.ok((await verdicts(page)).length > 0);
    await end(page);
  });
});
