// @ts-check
// Pages behind tabs, of which the first is home: a tab that is picked again leads back to it.

import { h } from "./dom.js";

export class Tabs {
  /**
   * @param {string} label
   * @param {Record<string, HTMLElement>} pages by the names of their tabs
   * @param {(name: string) => void} shown is called when a page is shown
   */
  constructor(label, pages, shown) {
    this.shown = shown;
    const names = Object.keys(pages);
    this.home = names[0];
    this.tabs = names.map((name, index) => ({
      name,
      tab: this.tab(name, index === 0),
      page: this.page(name, index === 0, pages[name]),
    }));
    this.list = h("div", { role: "tablist", "aria-label": label }, ...this.tabs.map(({ tab }) => tab));
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.pages = this.tabs.map(({ page }) => page);
  }

  /**
   * @param {string} name
   * @param {boolean} isShown
   */
  tab(name, isShown) {
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": `page-${name}`,
        "aria-selected": String(isShown),
        tabindex: isShown ? 0 : -1,
        onclick: () => this.show(name),
      },
      name,
    );
  }

  /**
   * @param {string} name
   * @param {boolean} isShown
   * @param {HTMLElement} content
   */
  page(name, isShown, content) {
    return h(
      "div",
      {
        class: "scroll",
        role: "tabpanel",
        id: `page-${name}`,
        "aria-labelledby": `tab-${name}`,
        hidden: !isShown,
        tabindex: 0,
      },
      content,
    );
  }

  /**
   * Shows a page.
   *
   * @param {string} wanted
   */
  show(wanted) {
    for (const { name, tab, page } of this.tabs) {
      tab.setAttribute("aria-selected", String(name === wanted));
      tab.tabIndex = name === wanted ? 0 : -1;
      page.hidden = name !== wanted;
    }
    this.shown(wanted);
  }

  /** Whether home is shown. */
  get isHome() {
    return this.tabs.every(({ name, page }) => page.hidden === (name !== this.home));
  }

  /**
   * Lets a tab be picked, or not. Where its page was shown, home is.
   *
   * @param {string} wanted
   * @param {boolean} isOffered
   */
  offer(wanted, isOffered) {
    const tab = this.tabs.find(({ name }) => name === wanted);
    if (!tab) return;
    tab.tab.hidden = !isOffered;
    if (!isOffered && !tab.page.hidden) this.show(this.home);
  }

  /**
   * Shows a page; home, if the page is shown already.
   *
   * @param {string} wanted
   */
  toggle(wanted) {
    const isShown = this.tabs.some(({ name, page }) => name === wanted && !page.hidden);
    this.show(isShown ? this.home : wanted);
  }

  /**
   * Moves from tab to tab with the arrows.
   *
   * @param {KeyboardEvent} event
   */
  move(event) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.stopPropagation();
    const offered = this.tabs.filter(({ tab }) => !tab.hidden);
    const here = offered.findIndex(({ tab }) => tab === document.activeElement);
    const { name, tab } = offered[(here + by + offered.length) % offered.length];
    tab.focus();
    this.show(name);
  }
}
