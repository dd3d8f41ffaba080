// Searching in sorted lists.

/** The number of entries of a sorted list that are at most `value`. */
export function countUpTo(list, value, of = (entry) => entry) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
