// Compiles the schema as ajv does without options, and holds documents against it.
//
// node check.mjs SCHEMA DOCUMENTS: the first a JSON Schema; the second a JSON object, each document by its name. A name
// that begins with "bad" is of a document that must be refused.

import { readFileSync } from "node:fs";
import Ajv from "ajv";

const [schema, documents] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const said = [];
const note = (...words) => said.push(words.join(" "));
// A value of several types is what a choice is settled to; ajv warns of it, since JSON Type Definition has none.
const ajv = new Ajv({ allowUnionTypes: true, logger: { log: note, warn: note, error: note } });
const validate = ajv.compile(schema);

for (const [name, document] of Object.entries(documents)) {
  const fits = validate(document);
  if (fits === name.startsWith("bad")) {
    note(name, fits ? "is accepted" : ajv.errorsText(validate.errors));
  }
}
if (said.length > 0) {
  console.error(said.join("\n"));
  process.exit(1);
}
