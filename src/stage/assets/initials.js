// @ts-check
// The letters that stand for names where there is room for no more: different ones for different
// names.

/**
 * Returns letters for each name: its first one, or as much as tells it from the others that begin
 * alike.
 *
 * @param {readonly string[]} names
 * @returns {string[]}
 */
export function initialsOf(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const firsts = names.map((name) => (name[0] ?? "").toUpperCase());
  for (const first of firsts) counts.set(first, (counts.get(first) ?? 0) + 1);
  /** @type {Set<string>} */
  const taken = new Set(firsts.filter((first) => counts.get(first) === 1));
  return names.map((name, index) => {
    if (counts.get(firsts[index]) === 1) return firsts[index];
    const own = candidates(name).find((letters) => !taken.has(letters)) ?? `${index + 1}`;
    taken.add(own);
    return own;
  });
}

/**
 * Returns what may stand for a name, the shortest first: its number, its first letter with another
 * one, its first letters.
 *
 * @param {string} name
 */
function candidates(name) {
  const [first, ...rest] = name.replace(/[^\p{L}\p{N}]/gu, "");
  const number = /\d+$/.exec(name)?.[0];
  const upper = (first ?? "").toUpperCase();
  const pairs = rest.map((letter) => upper + letter);
  const starts = rest.map((_, index) => upper + rest.slice(0, index + 1).join(""));
  return number ? [number, `${upper}${number}`, ...starts] : [...pairs, ...starts];
}
