// @ts-check
// The size of the smallest text in field and diagram.

/** Readers sit before the page. */
const READ = 12;
/** The last row of a room sees a window that is 1080 pixels high. */
const SEEN = 24;

/**
 * Returns the least size of a text, in pixels, in a window of this size.
 *
 * @param {{ width: number, height: number }} window
 * @param {boolean} isPresenting
 */
export function leastType({ width, height }, isPresenting) {
  return isPresenting ? Math.max(READ, SEEN * Math.min(width / 1920, height / 1080)) : READ;
}

/** Returns the least size of a text in this window, as the page is shown now. */
export function leastTypeNow() {
  const { innerWidth: width, innerHeight: height } = globalThis;
  return leastType({ width, height }, document.body.matches(".present"));
}
