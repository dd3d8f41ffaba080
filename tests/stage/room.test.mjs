// The stage in a room: what others open by the network, what waits for its turn, and a run within another page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertQuiet, dsys, end, named, newPage, open, serve, settle, shots } from "./support.mjs";

const still = { reducedMotion: "reduce" };

/** Forgets what a browser says of every page that came by http from the network: a header of ours means nothing there. */
function forgetInsecurity(page) {
  page.complaints = page.complaints.filter(
    (words) => !/Cross-Origin-Opener-Policy header has been ignored/.test(words),
  );
}

/** What is in the clipboard, as somebody sees who pastes it. */
async function pasted(page) {
  await page.evaluate(() => {
    const field = document.createElement("textarea");
    document.querySelector("dialog[open]").append(field);
    field.focus();
  });
  await page.keyboard.press("Control+v");
  return page.evaluate(() => {
    const field = document.querySelector("dialog[open] textarea");
    field.remove();
    return field.value;
  });
}

test("a page that came by the network copies, too, and says so", async () => {
  const stage = await serve("--listen", "0.0.0.0:0", "--name", named);
  const there = stage.url.replace("127.0.0.1", named);
  const page = await newPage(still, there);
  await open(page, "three-generals", there);
  assert.equal(await page.evaluate(() => navigator.clipboard), undefined, "the browser gives this page no clipboard");
  await page.keyboard.press("s");
  await page.waitForSelector(".share[open]");
  const fields = await page.$$eval(".share .row input", (fields) => fields.map((field) => field.value));
  for (const [nth, says] of ["The link is copied.", "The command is copied."].entries()) {
    await page.click(`.share .row button >> nth=${nth}`);
    await page.waitForFunction((says) => document.querySelector(".share [role=status]").textContent === says, says);
    const { y, height } = await page.locator(".share [role=status]").boundingBox();
    assert.ok(y + height < 720, "what happened is seen without scrolling");
    assert.equal(await pasted(page), fields[nth]);
  }
  // Where the browser does not let a page copy at all, the reader's own keys do.
  await page.evaluate(() => (document.execCommand = () => false));
  await page.click(".share .row button >> nth=0");
  await page.waitForFunction(() =>
    /selected: press (Ctrl\+|⌘)C/.test(document.querySelector(".share .status").textContent),
  );
  await page.keyboard.press("Control+c");
  assert.equal(await pasted(page), fields[0]);
  forgetInsecurity(page);
  assertQuiet(page);
  await end(page);
  stage.end();
});

test("sharing says who can open the link, and shows a code that they can read", async () => {
  const stage = await serve("--listen", "0.0.0.0:0", "--name", named);
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ]) {
    const page = await newPage({ ...still, viewport: { width, height } }, stage.url);
    await open(page, "three-generals", stage.url);
    await page.evaluate(() => document.dispatchEvent(new KeyboardEvent("keydown", { key: "s" })));
    await page.waitForSelector(".share .qr svg");
    const hint = await page.textContent(".share .hint");
    assert.match(hint, /in the same network as this machine can open it/);
    const link = await page.inputValue(".share .row input >> nth=0");
    assert.doesNotMatch(link, /127\.0\.0\.1/);
    await page.selectOption(".share .address select", { label: stage.url.replace("127.0.0.1", named) });
    await page.waitForFunction((named) => document.querySelector(".share .row input").value.includes(named), named);
    await page.waitForSelector(".share .qr svg");
    await settle(page);
    if (shots) await page.screenshot({ path: `${shots}/share-lan-${width}x${height}.png` });
    assertQuiet(page);
    await end(page);
  }
  stage.end();
  const page = await newPage(still);
  await open(page, "three-generals");
  await page.keyboard.press("s");
  await page.waitForSelector(".share[open]");
  assert.match(await page.textContent(".share .hint"), /^No phone can open an address of this machine alone/);
  assert.match(await page.textContent(".share .hint code"), /^dsys serve --listen 0\.0\.0\.0:\d+$/);
  assert.equal(await page.$(".share .qr svg"), null);
  if (shots) await page.screenshot({ path: `${shots}/share-alone-1280x720.png` });
  await end(page);
});

test("who waits for a turn sees their place", async () => {
  const stage = await serve("--listen", "127.0.0.1:0");
  const page = await newPage(still, stage.url);
  // All turns that one address has, for long.
  const leaving = new AbortController();
  const sweep = (seed) =>
    fetch(`${stage.url}api/sweep`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-dsys-page": `other-${seed}` },
      body: JSON.stringify({
        order: { scenario: "at-least-once-charges-twice", seed: String(seed), set: [["params.orders", "1000000"]] },
        over: ["network.loss=0.1"],
        runs: 1000,
      }),
      signal: leaving.signal,
    }).then((response) => response.text());
  const others = Array.from({ length: 68 }, (_, seed) => sweep(seed).catch(() => {}));
  await open(page, "last-messenger", stage.url);
  await page.waitForTimeout(500);
  for (const [key, dialog] of [
    ["w", ".worst"],
    ["o", ".odds"],
  ]) {
    await page.keyboard.press(key);
    await page.waitForFunction(
      (dialog) =>
        /Waiting for others: \d+(st|nd|rd|th) in the queue …/.test(
          document.querySelector(`${dialog} .status`).textContent,
        ),
      dialog,
    );
    if (shots) await page.screenshot({ path: `${shots}/queue${dialog}.png` });
    if (key === "w") await page.keyboard.press("Escape");
  }
  leaving.abort();
  await Promise.all(others);
  await page.waitForFunction(() => document.querySelectorAll(".odds tbody tr").length > 5, null, { timeout: 30000 });
  assertQuiet(page);
  await end(page);
  stage.end();
});

/** A page with a recorded run in it, and what comes before and behind. */
async function around(scenario) {
  const folder = await mkdtemp(join(tmpdir(), "dsys-frame-"));
  execFileSync(dsys, ["run", scenario, "--diagram", join(folder, "run.html")]);
  const html = `<!doctype html><title>Around</title><style>body { margin: 0; height: 400vh } iframe { width: 90vw; height: 90vh }</style>
    <script>addEventListener("keydown", (event) => (document.title += " " + event.key));</script>
    <h1>Around</h1><iframe src="run.html"></iframe>`;
  await writeFile(join(folder, "around.html"), html);
  return `file://${join(folder, "around.html")}`;
}

test("a run within another page gives the keys back at its end and on Escape", async () => {
  const place = await around("three-generals");
  const page = await newPage(still, "file://");
  await page.goto(place);
  const frame = page.frames().find((frame) => frame.url().endsWith("run.html"));
  await frame.waitForSelector(".field .node");
  const enter = async () => {
    await frame.click("header h1");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "iframe");
  };
  const isAround = () => page.evaluate(() => document.activeElement.localName !== "iframe" && document.hasFocus());
  const scrolled = () => page.evaluate(() => scrollY);

  // While it has beats to tell, the keys are its own.
  await enter();
  for (let i = 0; i < 3; i++) await page.keyboard.press(" ");
  assert.equal(await scrolled(), 0);
  assert.match(await frame.textContent(".beat .label"), /\d/);
  await page.keyboard.press("End");
  assert.equal(await isAround(), false);
  // The next has nothing to do there.
  await page.keyboard.press("PageDown");
  await page.waitForFunction(() => document.activeElement.localName !== "iframe");
  assert.equal(await isAround(), true);
  await page.keyboard.press("PageDown");
  await page.waitForFunction(() => scrollY > 0);
  assert.match(await page.title(), /PageDown/);

  // It takes them again when somebody wants it to, and Escape ends that.
  await page.evaluate(() => scrollTo(0, 0));
  await enter();
  await page.keyboard.press("p");
  await page.keyboard.press("Escape");
  assert.equal(await isAround(), false, "the first Escape leaves present mode");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement.localName !== "iframe");
  await page.keyboard.press("x");
  assert.match(await page.title(), /x$/);
  // A wheel over the diagram scrolls what is around.
  await page.mouse.move(300, 500);
  await page.mouse.wheel(0, 300);
  await page.waitForFunction(() => scrollY > 100);
  assertQuiet(page);
  await end(page);
});
