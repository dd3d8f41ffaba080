// @ts-check
// Whether the page is narrow or low: a phone, or a page that is zoomed. It is one column then,
// which scrolls, as `narrow.css` lays it out.

/** As in `narrow.css` and `forks.css`. Outside a browser, there is no page. */
export const narrow = globalThis.matchMedia?.("(max-width: 760px), (max-height: 480px), (max-aspect-ratio: 4 / 5)");

/** Whether the page is narrow now. */
export function isNarrow() {
  return narrow?.matches ?? false;
}
