// @ts-check
// Words of a command as a shell reads them.

/**
 * Returns a word that a shell reads as this one.
 *
 * @param {string} word
 */
export function shellQuoted(word) {
  return /^[\w./:=@+,%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
