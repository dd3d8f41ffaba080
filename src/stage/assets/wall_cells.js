// @ts-check
// The cells of a wall of seeds: what the run of each comes to, one byte a seed, and the order in
// which they settle.

/** @import { Expected } from "../wire.d.ts" */

/**
 * An outcome: its number on the wire, its verdicts, how many seeds have it, and its place among the
 * outcomes. What stands for all that are too many has no verdicts.
 *
 * @typedef {{ number: number, verdicts: readonly Expected[], count: number, rank: number }} Outcome
 */

const FIRST = "a".charCodeAt(0);

export class Cells {
  /**
   * @param {string} seed the first one
   * @param {number} size how many seeds there will be
   * @param {readonly string[]} properties
   */
  constructor(seed, size, properties) {
    this.first = BigInt(seed);
    this.properties = properties;
    this.outcomeOf = new Uint8Array(size);
    this.count = 0;
    /** @type {Outcome[]} */
    this.outcomes = [];
  }

  get size() {
    return this.outcomeOf.length;
  }

  /** @param {readonly Expected[]} verdicts */
  meet(verdicts) {
    this.outcomes.push({ number: this.outcomes.length, verdicts, count: 0, rank: this.outcomes.length });
  }

  /**
   * Takes the outcomes of the seeds that follow, a letter each.
   *
   * @param {string} letters
   */
  add(letters) {
    for (let i = 0; i < letters.length && this.count < this.size; i++) {
      const number = letters.charCodeAt(i) - FIRST;
      this.outcomeOf[this.count++] = number;
      this.outcomes[number].count++;
    }
  }

  /**
   * Returns the outcome of a cell that is filled.
   *
   * @param {number} cell
   */
  outcome(cell) {
    return this.outcomes[this.outcomeOf[cell]];
  }

  /**
   * Returns the seed of a cell, as digits: it may be larger than numbers are exact.
   *
   * @param {number} cell
   */
  seed(cell) {
    return (this.first + BigInt(cell)).toString();
  }

  /** Returns the outcomes in the order in which they settle: all is well first, then what is most. */
  ranked() {
    const isWell = (/** @type {Outcome} */ { verdicts }) =>
      verdicts.length > 0 && verdicts.every((word) => word === "holds");
    const ranked = this.outcomes.toSorted(
      (a, b) => Number(isWell(b)) - Number(isWell(a)) || b.count - a.count || a.number - b.number,
    );
    // The first look is that of a run in which all is well, and of no other.
    const first = ranked.length > 0 && isWell(ranked[0]) ? 0 : 1;
    ranked.forEach((outcome, rank) => {
      outcome.rank = rank + first;
    });
    return ranked;
  }

  /** Returns for each filled cell its place once all are sorted by their outcomes. */
  settled() {
    /** Of each outcome, the next place that is free. */
    const free = new Uint16Array(this.outcomes.length);
    let begins = 0;
    for (const { number, count } of this.ranked()) {
      free[number] = begins;
      begins += count;
    }
    return Uint16Array.from({ length: this.count }, (_, cell) => free[this.outcomeOf[cell]]++);
  }

  /**
   * Returns an outcome in words.
   *
   * @param {Outcome} outcome
   */
  words({ verdicts }) {
    if (verdicts.length === 0) return "something else";
    const of = (/** @type {Expected} */ word) => this.properties.filter((_, i) => verdicts[i] === word);
    const [violated, unknown] = [of("violated"), of("unknown")];
    if (violated.length + unknown.length === 0) return "all holds";
    return [
      ...(violated.length > 0 ? [`${listed(violated)} violated`] : []),
      ...(unknown.length > 0 ? [`${listed(unknown)} unknown`] : []),
    ].join(", ");
  }
}

/** @param {readonly string[]} names */
function listed(names) {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
}

/**
 * Returns a share in words: `590 of 10,000 runs: 5.9 %, about one in 17`.
 *
 * @param {number} count
 * @param {number} all
 */
export function share(count, all) {
  const [some, of] = [count, all].map((number) => number.toLocaleString("en"));
  if (count === all) return all === 1 ? "the only run" : `all ${of} runs`;
  const percent = (count / all) * 100;
  // What is nearly all is not all.
  const shown = percent > 99 ? percent.toFixed(2) : Number(percent.toPrecision(percent < 1 ? 1 : 2));
  const oneIn = Math.round(all / count);
  const about = oneIn >= 3 ? `, about one in ${oneIn.toLocaleString("en")}` : "";
  return `${some} of ${of} runs: ${shown} %${about}`;
}

/**
 * Returns how many columns a wall has so that its cells are as large as the room allows, and their
 * size.
 *
 * @param {number} count
 * @param {number} width
 * @param {number} height
 */
export function gridOf(count, width, height) {
  let size = Math.floor(Math.sqrt((width * height) / Math.max(1, count)));
  // The last row may be short: a little smaller, and all fit.
  while (size > 1 && Math.ceil(count / Math.floor(width / size)) * size > height) size--;
  size = Math.max(1, size);
  return { columns: Math.max(1, Math.floor(width / size)), size };
}
