// How links to the site look where they are shared. Pictures are there if the program was built
// with `previews`; `DSYS_PREVIEWS=required` makes it a failure if they are not.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { built, event, MEETUP } from "./support.mjs";

const URL_OF_SITE = "https://example.org/meetup/";
const files = {
  "notes/meetup.toml": MEETUP,
  "notes/README.md":
    '+++\ntitle = "Us & <them>"\nkind = "about"\nsummary = "Who \\"we\\" are."\n+++\n\n# Us\n\n[A run](../scenarios/two-generals/last-messenger.toml) and [another](../scenarios/byzantine-generals/seven-generals.toml?seed=3).\n',
  "notes/events/1.md": event(1, "Soon", "date = 2026-12-08"),
};
const read = built(files, "2026-11-30", "--site-url", URL_OF_SITE);
const pages = readdirSync(read.site, { recursive: true }).filter(
  (name) => name.endsWith(".html") && name !== "404.html",
);
const hasPictures = readdirSync(read.site).includes("previews");

/** What the tags of a page say, by their names. */
function tags(html) {
  const tags = html.matchAll(/<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"/g);
  return Object.fromEntries([...tags].map(([, name, content]) => [name, content]));
}

test("there are pictures where they must be", () => {
  if (process.env.DSYS_PREVIEWS === "required") assert.ok(hasPictures);
});

test("each page says what a link to it shows", () => {
  assert.ok(pages.length > 10);
  for (const page of pages.filter((page) => !page.startsWith("stage"))) {
    const told = tags(read(page));
    assert.equal(told["og:url"], URL_OF_SITE + page);
    assert.ok(told["og:title"] && told["og:description"] && told["og:type"], page);
    assert.equal(told["og:site_name"], "Verteilte Systeme; Bremen, &quot;Nord&quot;");
    assert.equal(told["twitter:card"], hasPictures ? "summary_large_image" : "summary");
    if (!hasPictures) continue;
    assert.ok(told["og:image"].startsWith(URL_OF_SITE), told["og:image"]);
    const png = readFileSync(join(read.site, told["og:image"].slice(URL_OF_SITE.length)));
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630], page);
    assert.ok(png.length > 5000 && png.length < 300_000, `${page}: ${png.length} bytes`);
  }
  assert.equal(tags(read("index.html"))["og:title"], "Us &amp; &lt;them&gt;");
});

test("a run's picture is its own, and that of the page that plays it", { skip: !hasPictures }, () => {
  const runs = pages.filter((page) => page.startsWith("runs/"));
  const pictures = runs.map((page) => tags(read(page))["og:image"]);
  assert.equal(new Set(pictures).size, runs.length);
  for (const [index, page] of runs.entries())
    assert.equal(tags(read(page.replace("runs/", "play/")))["og:image"], pictures[index]);
});
