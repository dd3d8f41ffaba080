// @ts-check
// Searches sorted lists.

/**
 * Returns how many entries of a sorted list are at most `value`.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {number} value
 * @param {(entry: T) => number} key what the list is sorted by
 */
export function countUpTo(list, value, key) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Returns how many numbers of a sorted list are at most `value`.
 *
 * @param {readonly number[]} list
 * @param {number} value
 */
export function countNumbersUpTo(list, value) {
  return countUpTo(list, value, (number) => number);
}
