// @ts-check
// Which challenges were solved in this browser: kept here, and never sent.

const KEY = "dsys-challenges";

/**
 * What is kept: the fewest changes, by the scenario's path; 0 for what was shown to be impossible.
 *
 * @returns {Record<string, number>}
 */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    // A file opened from disk may store nothing, and what is stored may be another program's.
    return {};
  }
}

/**
 * Returns in how many changes a challenge was solved here; null if it was not.
 *
 * @param {string} path
 */
export function solvedIn(path) {
  const changes = read()[path];
  return Number.isInteger(changes) && changes >= 0 ? changes : null;
}

/**
 * Takes note that a challenge is solved, unless fewer changes are noted already.
 *
 * @param {string} path
 * @param {number} changes
 */
export function note(path, changes) {
  const before = solvedIn(path);
  if (before !== null && before <= changes) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...read(), [path]: changes }));
  } catch {
    // The answer was judged all the same.
  }
}
