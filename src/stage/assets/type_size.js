// @ts-check
// The size of the smallest text in field and diagram.

/** Readers sit before the page, and hold a phone in the hand. */
const READ = 12;
const HELD = 14;
/** No window of a computer is narrower than this. */
const PHONE = 500;
/** The last row of a room sees a window that is 1080 pixels high. */
const SEEN = 24;

/**
 * Returns the least size of a text, in pixels, in a window of this size.
 *
 * @param {{ width: number, height: number }} window
 * @param {boolean} isPresenting
 */
export function leastType({ width, height }, isPresenting) {
  const read = width < PHONE ? HELD : READ;
  return isPresenting ? Math.max(read, SEEN * Math.min(width / 1920, height / 1080)) : read;
}

/** Returns the least size of a text in this window, as the page is shown now. */
export function leastTypeNow() {
  const { innerWidth: width, innerHeight: height } = globalThis;
  return leastType({ width, height }, document.body.matches(".present"));
}
