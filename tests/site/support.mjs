// What the tests of the site share: a library of its own, and the site that is built from it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

const { DSYS } = process.env;
assert.ok(DSYS, "run these by `cargo test --test site`");

/** A meetup in a zone with daylight saving, which takes over nothing. */
export const MEETUP = `name = "Verteilte Systeme; Bremen, \\"Nord\\""
zone = "Europe/Berlin"
[take]
problems = []
topics = []
guides = []
resources = false
glossary = false
`;

/** The note of an event. */
export function event(number, title, more) {
  return `+++
title = ${JSON.stringify(title)}
kind = "event"
number = ${number}
summary = "Was kommt: eins, zwei; drei \\\\ vier — und eine Zeile, die so lang ist, dass sie nicht in eine Zeile passt."
${more}
+++

# ${title}

Nothing yet.
`;
}

/**
 * Builds the site of a library with these files on a day, and returns how to read its files, which
 * are in `site`.
 */
export function built(files, day, ...flags) {
  const folder = mkdtempSync(join(tmpdir(), "dsys-meetup-"));
  after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const epoch = String(Date.parse(`${day}T12:00:00Z`) / 1000);
  const env = { ...process.env, SOURCE_DATE_EPOCH: epoch };
  const site = join(folder, "site");
  execFileSync(DSYS, ["--library", folder, "notes", "build", "-o", site, ...flags], { env, stdio: "pipe" });
  return Object.assign((path) => readFileSync(join(site, path), "utf8"), { site });
}
