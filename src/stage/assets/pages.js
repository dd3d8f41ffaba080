// @ts-check
// Presenting, nothing scrolls: what is told at a stop is set in type that fits the room, and what
// does not fit in the smallest type that the last row can read becomes a page of its own.

import { h } from "./dom.js";
import { isNarrow } from "./narrow.js";
import { isPresent, remember, remembered, session } from "./present.js";

/** The largest type, and the smallest in which the last row reads everything. */
const LARGEST = 1;
const SMALLEST = 0.5;
/** What comes after the run is told at leisure: things share a page only if they are this large. */
const LEISURE = 0.68;
/** For one thing alone that is too much for a page: a scenario of one's own may be long. */
const TOO_SMALL = 0.15;
/** How often the room between two sizes is halved. */
const HALVINGS = 5;

/** The browser's tab remembers the page, for when it is loaded again. */
const PAGE_KEY = `dsys-page ${globalThis.location?.pathname}`;

/** What the room is asked, and what was counted. */
const ASKED = "predict";
const COUNTED = "figures";

/**
 * What is told together, in the order of its pages, and which of it can stand on a page without the
 * rest. What has another number begins a page of its own: what happens, what was counted, and what
 * it means.
 *
 * @type {[name: string, parts: string | null, chapter: number][]}
 */
const GROUPS = [
  ["fork-told", ":scope > p", 0],
  ["beat", ":scope > .part", 0],
  ["warnings", ":scope > p", 0],
  ["cards", ":scope > .card", 0],
  [ASKED, null, 0],
  ["ledger", "tbody > tr", 1],
  [COUNTED, ":scope > div", 1],
  ["lesson", ":scope > p", 2],
  ["try", ":scope > button", 2],
];

/**
 * What is told together: its parts, and whether it was told before, so that it need not be told
 * where there is no room for it.
 *
 * @template T
 * @typedef {{ parts: T[], chapter: number, isKnown: boolean }} Group
 */

/**
 * A page: its parts, and their size of type once it was sought.
 *
 * @typedef {{ parts: Element[], step: number | null }} Page
 */

export class Pages {
  /** @param {HTMLElement} element what is cut into pages; it stands in the room that it must fit */
  constructor(element) {
    this.element = element;
    this.mark = h("p", { class: "page-of", hidden: true });
    /** @type {Page[]} */
    this.pages = [];
    /** @type {(Group<Element> & { element: Element })[]} */
    this.groups = [];
    this.at = 0;
    /** The page that was turned to last. It is shown where there are so many. */
    this.wanted = 0;
    /** What the pages are of. */
    this.key = "";
    /** Where somebody was when the page was loaded again, until they go on: the page, and of what. */
    this.left = /^(\d+) (.*)$/s.exec(remembered(session, PAGE_KEY) ?? "");
    /** Is called with what stands on a page that was turned to. @type {(words: string) => void} */
    this.turned = () => {};
    this.room = new ResizeObserver(() => this.fit());
    addEventListener("typechange", () => this.fit());
  }

  /**
   * Cuts what is told now. The page stays while the same is told.
   *
   * @param {string} key names what is told
   */
  renew(key) {
    if (key !== this.key) {
      // Who comes back to the same later begins at its first page.
      if (this.left?.[2] === this.key) this.left = null;
      this.wanted = this.left?.[2] === key ? Number(this.left[1]) : 0;
    }
    this.key = key;
    if (this.element.parentElement) this.room.observe(this.element.parentElement);
    this.fit();
  }

  /** Returns what the next page tells, a text for each of its parts; none on the last page. */
  ahead() {
    return this.pages[this.at + 1]?.parts.map(readOut) ?? [];
  }

  /** Goes to the next page. Returns false if there is none. */
  next() {
    return this.turn(this.at + 1);
  }

  /** Goes to the page before. Returns false if there is none. */
  back() {
    return this.turn(this.at - 1);
  }

  toLast() {
    this.turn(this.pages.length - 1);
  }

  /**
   * Goes to the page of a part.
   *
   * @param {Element} part
   */
  turnTo(part) {
    this.turn(this.pages.findIndex(({ parts }) => parts.includes(part)));
  }

  /** @param {number} at */
  turn(at) {
    if (!this.pages[at] || at === this.at) return false;
    this.at = this.wanted = at;
    this.left = null;
    remember(session, PAGE_KEY, at > 0 ? `${at} ${this.key}` : null);
    this.show();
    const told = this.pages[at].parts.map(readOut);
    this.turned(`Page ${at + 1} of ${this.pages.length}. ${told.join(" ")}`);
    return true;
  }

  /** Cuts anew: the room, the type or what is told has changed. */
  fit() {
    const room = this.element.parentElement;
    if (!room) return;
    this.clear();
    // Where it does not show, there is no page to turn; and a narrow page is one column, which
    // scrolls.
    if (!isPresent() || isNarrow() || room.clientHeight === 0) return;
    room.scrollTop = 0;
    this.groups = groupsOf(this.element);
    this.pages = this.cut();
    this.at = Math.min(this.wanted, Math.max(0, this.pages.length - 1));
    this.show();
  }

  /** @returns {Page[]} */
  cut() {
    const { groups } = this;
    const all = groups.flatMap(({ parts }) => parts);
    // Mostly there is little to tell, and it changes with the events of a run that plays.
    const isOneChapter = groups.every(({ chapter }) => chapter === groups[0].chapter);
    if (isOneChapter && this.fits(all, LARGEST)) return [{ parts: all, step: LARGEST }];
    const cut = pagesOf(groups, (parts, isLeisure) => this.fits(parts, isLeisure ? LEISURE : SMALLEST));
    return cut.map((parts) => ({ parts, step: null }));
  }

  /** Shows everything, as where nobody presents. */
  clear() {
    this.pages = [];
    this.mark.hidden = true;
    this.element.style.removeProperty("--k");
    this.element.classList.remove("crammed");
    for (const part of this.element.querySelectorAll(".off")) part.classList.remove("off");
  }

  show() {
    const page = this.pages[this.at];
    if (!page) return;
    page.step ??= this.largest(page.parts);
    this.put(page.parts, page.step);
    const { length } = this.pages;
    this.mark.hidden = length < 2;
    this.mark.classList.toggle("last", this.at === length - 1);
    this.mark.textContent = `${this.at + 1}/${length}`;
  }

  /**
   * Returns the largest type in which these parts fit the room.
   *
   * @param {readonly Element[]} parts
   */
  largest(parts) {
    if (this.fits(parts, LARGEST)) return LARGEST;
    const isMuch = !this.fits(parts, SMALLEST);
    let [fits, fails] = isMuch ? [TOO_SMALL, SMALLEST] : [SMALLEST, LARGEST];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (fits + fails) / 2;
      if (this.fits(parts, middle)) fits = middle;
      else fails = middle;
    }
    return fits;
  }

  /**
   * Whether these parts fit the room.
   *
   * @param {readonly Element[]} parts
   * @param {number} step
   */
  fits(parts, step) {
    this.put(parts, step);
    const room = this.element.parentElement;
    return !room || (room.scrollHeight <= room.clientHeight && room.scrollWidth <= room.clientWidth);
  }

  /**
   * @param {readonly Element[]} parts
   * @param {number} step
   */
  put(parts, step) {
    this.element.style.setProperty("--k", String(step));
    this.element.classList.toggle("crammed", step < SMALLEST);
    for (const { element, parts: all } of this.groups) {
      for (const part of all) part.classList.toggle("off", !parts.includes(part));
      if (!all.includes(element)) element.classList.toggle("off", !all.some((part) => parts.includes(part)));
    }
  }
}

/**
 * Returns what an element says, as it is read out: a space between its texts.
 *
 * @param {Element} element
 */
function readOut(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const words = [];
  while (texts.nextNode()) words.push(texts.currentNode.textContent?.trim());
  return words.filter(Boolean).join(" ");
}

/**
 * Returns what is told, in order.
 *
 * @param {Element} element
 */
function groupsOf(element) {
  return GROUPS.flatMap(([name, parts, chapter]) =>
    [...element.querySelectorAll(`.${name}`)]
      .filter((group) => !group.closest("[hidden]") && group.checkVisibility())
      .map((group, index) => ({
        element: group,
        parts: parts ? [...group.querySelectorAll(parts)] : [group],
        chapter: chapterOf(name, chapter, { group, index, element }),
        isKnown: group.matches(".known"),
      }))
      .filter(({ parts }) => parts.length > 0),
  );
}

/**
 * Returns the chapter of a group.
 *
 * @param {string} name
 * @param {number} chapter
 * @param {{ group: Element, index: number, element: Element }} place
 */
function chapterOf(name, chapter, { group, index, element }) {
  // The room answers one question at a time.
  if (name === ASKED && !group.matches(".answered")) return chapter + index / 10;
  // A few numbers are no page of their own.
  if (name === COUNTED && !element.querySelector(".ledger")) return chapter + 1;
  return chapter;
}

/**
 * Returns the parts of each page. A group is whole where a page can hold it.
 *
 * @template T
 * @param {readonly Group<T>[]} groups
 * @param {(parts: T[], isLeisure: boolean) => boolean} fits
 * @returns {T[][]}
 */
export function pagesOf(groups, fits) {
  /** @type {T[][]} */
  const pages = [[]];
  const last = () => pages[pages.length - 1];
  const turn = () => {
    if (last().length > 0) pages.push([]);
  };
  let before = 0;
  for (const { parts, chapter, isKnown } of groups) {
    if (chapter !== before) turn();
    before = chapter;
    if (fits([...last(), ...parts], chapter >= 1)) {
      last().push(...parts);
      continue;
    }
    if (isKnown) continue;
    turn();
    for (const part of parts) {
      if (last().length > 0 && !fits([...last(), part], false)) turn();
      last().push(part);
    }
  }
  return pages.filter((parts) => parts.length > 0);
}
