// Names the functions of a module anew, by the place at which they pack best, for `wasm-opt --reorder-functions-by-name`:
// `node order.mjs IN OUT`.
//
// gzip sees what is alike only where it is near. Functions of one path are one function for several types, and those that
// begin alike mostly go on alike: so they are in the order of their paths, then of their bytes.
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
const module = readFileSync(from);
const [CUSTOM, IMPORTS, CODE] = [0, 2, 10];
const NAMES = Buffer.from("\x04name");
const FUNCTION_NAMES = 1;

/** Reads on from a place in the module, which it keeps. */
class Reader {
  constructor(at, end = module.length) {
    Object.assign(this, { at, end });
  }

  /** A number in LEB128, the module's format for numbers. */
  number() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = module[this.at++];
      value += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte > 127);
    return value;
  }

  /** As many bytes as the number before them says. */
  bytes() {
    const length = this.number();
    this.at += length;
    return module.subarray(this.at - length, this.at);
  }

  /** The parts of a module, or of its names: each is its kind, its place, and a reader of what is in it. */
  *parts() {
    while (this.at < this.end) {
      const start = this.at;
      const kind = module[this.at++];
      const inside = this.bytes();
      yield { kind, start, end: this.at, inside: new Reader(this.at - inside.length, this.at) };
    }
  }
}

const number = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)]);
const counted = (bytes) => Buffer.concat([Buffer.from(number(bytes.length)), bytes]);

/** The path of a function: its name without the lengths of its steps and the digest of its types. */
const path = (name) => name.replace(/17h[0-9a-f]{16}E.*/, "").replace(/\d+/g, "");

const sections = [...new Reader(8).parts()];
const section = (kind, is = () => true) => sections.find((one) => one.kind === kind && is(one.inside));
const old = section(CUSTOM, ({ at, end }) => module.subarray(at, end).indexOf(NAMES) === 0);

/** The names of functions by their numbers. */
function names() {
  const { at, end } = old.inside;
  const { inside } = [...new Reader(at + NAMES.length, end).parts()].find(({ kind }) => kind === FUNCTION_NAMES);
  return new Map(Array.from({ length: inside.number() }, () => [inside.number(), inside.bytes().toString()]));
}

const named = names();
const code = section(CODE).inside;
const bodies = Array.from({ length: code.number() }, () => code.bytes());
// Functions that are imported have the first numbers. Those of the engine are all that it imports.
const imported = section(IMPORTS)?.inside.number() ?? 0;
const functions = bodies.map((body, index) => ({
  id: index + imported,
  path: path(named.get(index + imported)),
  body,
}));
const order = (one, other) => Number(one.path > other.path) - Number(one.path < other.path);
functions.sort((one, other) => order(one, other) || Buffer.compare(one.body, other.body));

const renamed = functions.map(({ id }, place) => [number(id), counted(Buffer.from(`${place}`.padStart(6, "0")))]);
const table = Buffer.concat([number(renamed.length), ...renamed.flat()].map((part) => Buffer.from(part)));
const fresh = Buffer.concat([NAMES, Buffer.from([FUNCTION_NAMES]), counted(table)]);
writeFileSync(
  to,
  Buffer.concat([module.subarray(0, old.start), Buffer.from([CUSTOM]), counted(fresh), module.subarray(old.end)]),
);
