// @ts-check
// The fragment of the page's address: a run's link, `note=PATH`, or `playlist=PATH`.

/**
 * Returns the note that a fragment names, and the heading in it; null if it names none.
 *
 * @param {string} fragment
 */
export function noteOf(fragment) {
  const named = /^note=([^&]+)(?:&at=(.*))?$/.exec(fragment);
  return named && { path: decoded(named[1]), heading: named[2] ? decoded(named[2]) : null };
}

/**
 * Returns the path of the note whose playlist a fragment names; null if it names none.
 *
 * @param {string} fragment
 */
export function playlistOf(fragment) {
  const named = /^playlist=([^&]+)$/.exec(fragment);
  return named && decoded(named[1]);
}

/**
 * Returns a link that shows the run at an event; at its start if there is none.
 *
 * @param {string} link
 * @param {number | null} event
 */
export function linkAt(link, event) {
  return event === null ? link : `${link}&event=${event}`;
}

/**
 * Returns a part of an address without its escapes; unchanged if they are not valid.
 *
 * @param {string} part
 */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
