// @ts-check
// What people look for and what is not here yet.

/** @import { AbsentTold } from "../wire.d.ts" */

/**
 * Returns what is not here yet of the name that is searched for, however it is written: `2-PC`
 * for `2pc`.
 *
 * @param {readonly AbsentTold[]} absent
 * @param {string} query
 */
export function absentOf(absent, query) {
  const plain = query.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  return absent.find(({ names }) => names.includes(plain));
}
