// The pages of a meetup's events: a long title on a phone, and the reader's own time.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { dsys, newPage } from "./support.mjs";

const TITLE = "Z".repeat(200);

const folder = mkdtempSync(join(tmpdir(), "dsys-events-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "notes/events"), { recursive: true });
const take = "[take]\nproblems = []\ntopics = []\nguides = []\nresources = false\nglossary = false\n";
writeFileSync(join(folder, "notes/meetup.toml"), `name = "Rainy City"\nzone = "Europe/Lisbon"\n${take}`);
const first = '+++\ntitle = "Us"\nkind = "about"\nsummary = "Us."\n+++\n\n# Us\n\nWe meet.\n';
writeFileSync(join(folder, "notes/README.md"), first);
const front = `title = "${TITLE}"\nkind = "event"\nsummary = "S."\nnumber = 1\ndate = 2096-04-26\ntime = "19:00"`;
writeFileSync(join(folder, "notes/events/01.md"), `+++\n${front}\nplace = "Café"\n+++\n\n# ${TITLE}\n\nCome.\n`);
const site = join(folder, "site");
execFileSync(dsys, ["--library", folder, "notes", "build", "-o", site], { stdio: "ignore" });
const place = pathToFileURL(`${site}/`).href;

test("a long title fits on a phone, in the heading and in the way to the page", async () => {
  const page = await newPage({ viewport: { width: 390, height: 844 } }, place);
  for (const path of ["events/01.html", "events.html", "index.html"]) {
    await page.goto(`${place}${path}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
  }
  await page.context().close();
});

test("the reader's time is on a line of its own, below that of the meetup", async () => {
  const page = await newPage({ timezoneId: "America/New_York" }, place);
  await page.goto(`${place}events/01.html`);
  const yours = page.locator(".when .yours");
  assert.match(await yours.textContent(), /For you: .*14:00/);
  const [time, told] = [await page.locator(".when time").boundingBox(), await yours.boundingBox()];
  assert.ok(told.y >= time.y + time.height - 1, JSON.stringify({ time, told }));
  await page.context().close();
});
