// What all tests of the page share: a browser, a page that may not complain, and the program beside it.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

export const { STAGE_URL: url, DSYS: dsys, CHROMIUM: executablePath, STAGE_SHOTS: shots } = process.env;
assert.ok(url && dsys && executablePath, "run these by `cargo test --test stage`");

/** A name that this machine has in no network but the one of these tests. */
export const named = "demo.local";

let browser;
before(async () => {
  // A name in the network, to which browsers give less than to this machine itself.
  const names = `--host-resolver-rules=MAP ${named} 127.0.0.1`;
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", names] });
});
after(() => browser?.close());

/** The names of all shipped scenarios, with their paths. */
export function scenarios() {
  const { problems } = JSON.parse(execFileSync(dsys, ["list", "--format", "json"], { maxBuffer: 1 << 28 }));
  return problems.flatMap((problem) => problem.scenarios.map((scenario) => `${problem.name}/${scenario.name}`));
}

/** The command line's report of a run. */
export function report(scenario, ...flags) {
  return JSON.parse(execFileSync(dsys, ["run", scenario, "--format", "json", ...flags], { maxBuffer: 1 << 28 }));
}

/** Another stage beside that of all tests; answers with all that it prints before its first request, and how to end it. */
export async function serve(...flags) {
  const program = spawn(dsys, ["serve", ...flags], { stdio: ["ignore", "pipe", "ignore"] });
  const [first] = await new Promise((done) => createInterface(program.stdout).once("line", (line) => done([line])));
  return { url: first.replace("The stage is at ", "").trim(), end: () => program.kill() };
}

/** A page that fails the test for any error, warning or request to what is not below its own place. */
export async function newPage(options = {}, place = new URL("/", url).href) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on(
    "console",
    (message) => ["error", "warning"].includes(message.type()) && page.complaints.push(message.text()),
  );
  page.on("pageerror", (error) => page.complaints.push(error.stack));
  page.on("request", (request) => {
    const asked = request.url();
    const own = asked.startsWith(place) || /^(data|blob):/.test(asked);
    if (!own) page.complaints.push(`asks for ${asked}`);
  });
  return page;
}

/** Opens a scenario, or a link's fragment. */
export async function open(page, scenario, stage = url) {
  const fragment = scenario.startsWith("v=") ? scenario : `v=1&dsys=${version}&scenario=${scenario}`;
  await page.goto("about:blank");
  await page.goto(`${stage}#${fragment}`);
  await page.waitForSelector(".beat .label");
  await page.waitForSelector(".field .node");
}

/** The program's version, which a link names. */
export const { version } = JSON.parse(execFileSync(dsys, ["run", "three-generals", "--format", "json"]));

/** Goes to a part of the run, in thousandths of its playing time. */
export function seek(page, part) {
  return page.evaluate((part) => {
    const range = document.querySelector(".scrub input");
    range.value = part;
    range.dispatchEvent(new Event("input"));
  }, part);
}

/** Lets the page draw what is due. */
export function settle(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** The verdicts of the command line's report, as the page shows them. */
export function reported({ properties }) {
  return properties.map(({ name, verdict, vacuous }) => [name, vacuous ? `${verdict}, nothing to judge` : verdict]);
}

/** The verdicts that the page shows. */
export function verdicts(page) {
  return page.$$eval(".card", (cards) =>
    cards.map((card) => [
      card.querySelector("h3").firstChild.textContent,
      card.querySelector(".verdict").textContent.replace(/^. /, ""),
    ]),
  );
}

/** The script of axe-core, which a page runs before its own. */
export const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Wants `axe` in the page, and the page's policy out of the way, since that lets no script in that is not its own. */
export async function assertAccessible(page, what) {
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const told = serious.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 4)
        .map((node) => `${node.target} ${node.any[0]?.message ?? ""}`)
        .join(" | ")}`,
  );
  assert.deepEqual(told, [], what);
}

export function assertQuiet(page) {
  assert.deepEqual(page.complaints, []);
}

export async function end(page) {
  await page.context().close();
}
