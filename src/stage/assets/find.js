// @ts-check
// Finding by words: what has all of them, and what somebody may have meant who finds nothing.

/** One mistake is forgiven for every three letters of a word. */
const LETTERS_PER_MISTAKE = 3;

/**
 * Whether a text has all words of a query, in any order.
 *
 * @param {string} text in small letters
 * @param {string} query
 */
export function hasAll(text, query) {
  return wordsOf(query).every((word) => text.includes(word));
}

/**
 * Returns the query with each word that no text has replaced by the nearest one that some text has;
 * null if there is none that is near.
 *
 * @param {string} query
 * @param {readonly string[]} texts in small letters
 */
export function meant(query, texts) {
  const known = [...new Set(texts.flatMap(wordsOf))];
  /** @type {string[]} */
  const words = [];
  for (const word of wordsOf(query)) {
    const isKnown = texts.some((text) => text.includes(word));
    const found = isKnown ? word : nearest(word, known);
    if (found === undefined) return null;
    words.push(found);
  }
  return words.join(" ");
}

/**
 * Returns the known word that is nearest, if one is near.
 *
 * @param {string} word
 * @param {readonly string[]} known
 */
function nearest(word, known) {
  const most = Math.max(1, Math.floor(word.length / LETTERS_PER_MISTAKE));
  const near = known.map((other) => ({ other, far: distance(word, other) })).filter(({ far }) => far <= most);
  return near.sort((a, b) => a.far - b.far)[0]?.other;
}

/** @param {string} text */
function wordsOf(text) {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/**
 * Returns how many letters must be changed, added, left out or swapped with the next one.
 *
 * Source: Damerau, CACM 7(3), 1964; restricted to adjacent swaps (optimal string alignment).
 *
 * @param {string} a
 * @param {string} b
 */
export function distance(a, b) {
  /** @type {number[][]} */
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(changed, rows[i - 1][j] + 1, row[j - 1] + 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
