// @ts-check
// The changes to the rehearsed run, one on top of the other. Each can be undone.

/** @import { RunRequest, SweepRow, TryTold } from "../wire.d.ts" */

/** @typedef {[name: string, value: string][]} Pairs */

/**
 * A request for a run, with its lists of changes, even if they are empty.
 *
 * @typedef {Omit<RunRequest, "set" | "force"> & { set: Pairs, force: Pairs }} Request
 *
 * A change: another seed; a setting's `key` and `value`; a `choice` that is forced to an `option`, or
 * several `choices`; a `row` that is added to the faults, as TOML; a whole `request`; or several
 * `forks` that a story has prepared as one. `says` describes it.
 *
 * @typedef {{
 *   seed?: string,
 *   key?: string,
 *   value?: string | number | boolean,
 *   choice?: string,
 *   option?: string,
 *   choices?: Pairs,
 *   row?: string,
 *   request?: Request,
 *   forks?: Fork[],
 *   says?: string,
 * }} Fork
 */

/**
 * Returns a request with its forks applied. A later fork replaces an earlier one of the same thing.
 *
 * @param {Request} base
 * @param {readonly Fork[]} forks
 * @returns {Request}
 */
export function applied(base, forks) {
  const request = { ...base };
  for (const fork of forks.flatMap((fork) => fork.forks ?? [fork])) {
    if (fork.request) Object.assign(request, fork.request);
    if (fork.seed !== undefined) request.seed = fork.seed;
    if (fork.key !== undefined) request.set = replaced(request.set, fork.key, fork.value, isSame);
    if (fork.choice !== undefined) request.force = replaced(request.force, fork.choice, fork.option, isSameMessage);
    for (const [choice, option] of fork.choices ?? [])
      request.force = replaced(request.force, choice, option, isSameMessage);
    if (fork.row !== undefined) request.set = [...request.set, [nextRow(request.set), fork.row]];
  }
  return request;
}

/**
 * Returns the key of one more row of faults. The number tells it from those that were added before.
 *
 * @param {Pairs} set
 */
function nextRow(set) {
  const added = set.map(([key]) => Number(/^fault\.\+(\d+)$/.exec(key)?.[1] ?? 0));
  return `fault.+${Math.max(0, ...added) + 1}`;
}

/**
 * @param {Pairs} pairs
 * @param {string} name
 * @param {unknown} value
 * @param {(known: string, name: string, value: unknown) => boolean} isReplaced
 * @returns {Pairs}
 */
function replaced(pairs, name, value, isReplaced) {
  return [...pairs.filter(([known]) => !isReplaced(known, name, value)), [name, String(value)]];
}

/** @type {(known: string, name: string) => boolean} */
const isSame = (known, name) => known === name;

const FATES = ["deliver", "lose", "corrupt", "twice"];

// The fate of a message is one choice by two names: `a:b:1` and `a:b:1.fate`.
/** @type {(known: string, name: string, value: unknown) => boolean} */
const isSameMessage = (known, name, value) =>
  known === name || (FATES.includes(String(value)) && (known === `${name}.fate` || `${known}.fate` === name));

/**
 * Whether two forks change the same thing.
 *
 * @param {Fork} a
 * @param {Fork} b
 */
export function isAboutSame(a, b) {
  return (
    (a.seed !== undefined && b.seed !== undefined) ||
    // What a story has prepared is a change of the rehearsed run, not of another such change.
    (a.forks !== undefined && b.forks !== undefined) ||
    (a.key !== undefined && a.key === b.key) ||
    (a.choice !== undefined && a.choice === b.choice)
  );
}

/**
 * Returns what a fork does, in words.
 *
 * @param {Fork} fork
 * @returns {string}
 */
export function described(fork) {
  if (fork.says) return fork.says;
  if (fork.forks) return fork.forks.map(described).join(", ");
  if (fork.seed !== undefined) return `seed ${fork.seed}`;
  if (fork.key !== undefined) return `${fork.key} = ${fork.value}`;
  return `${fork.choice} = ${fork.option}`;
}

/**
 * Whether a fork is said in words, and not by what it sets.
 *
 * @param {Fork} fork
 */
export function isSaid({ says }) {
  return says !== undefined;
}

/**
 * Returns changes without what was forced in one run: a choice or a fault that somebody clicked, or what a
 * search found. What is left means the same in all runs of a scenario.
 *
 * @param {readonly Fork[]} forks
 * @returns {Fork[]}
 */
export function withoutForced(forks) {
  return forks.flatMap((fork) => {
    if (fork.forks) {
      const kept = withoutForced(fork.forks);
      return kept.length > 0 ? [kept.length < fork.forks.length ? { forks: kept } : fork] : [];
    }
    return fork.seed !== undefined || fork.key !== undefined ? [fork] : [];
  });
}

/**
 * Returns the changes of one run of a sweep: those that all its runs have, its point and its seed.
 *
 * @param {readonly Fork[]} forks
 * @param {SweepRow["at"]} point
 * @param {number} seed
 * @returns {Fork[]}
 */
export function atPoint(forks, point, seed) {
  const own = [...Object.entries(point).map(([key, value]) => ({ key, value })), { seed: String(seed) }];
  return [...withoutForced(forks).filter((old) => !own.some((fork) => isAboutSame(old, fork))), ...own];
}

const FLAGS = ["--set", "--force", "--seed"];

/**
 * Returns the forks that flags stand for, as a scenario's `try` writes them.
 *
 * @param {string} flags
 */
export function forksOfFlags(flags) {
  const words = [...flags.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"),
  );
  /** @type {Fork[]} */
  const forks = [];
  for (let i = 0; i < words.length; i++) {
    const [flag, inside] = split(words[i]);
    // A flag's value comes after an equals sign, or as the next word.
    const value = FLAGS.includes(words[i]) ? words[++i] : inside;
    if (value === undefined) continue;
    const [name, option] = split(value);
    if (flag === "--set") forks.push({ key: name, value: option });
    if (flag === "--force") forks.push({ choice: name, option });
    if (flag === "--seed") forks.push({ seed: value });
  }
  return forks;
}

/**
 * Returns what a story has prepared as one change.
 *
 * @param {TryTold} prepared
 * @returns {Fork}
 */
export function prepared({ says, flags }) {
  const forks = forksOfFlags(flags);
  return says === null ? { forks } : { forks, says };
}

/**
 * Splits at the first equals sign.
 *
 * @param {string} text
 * @returns {[string, string | undefined]}
 */
function split(text) {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
