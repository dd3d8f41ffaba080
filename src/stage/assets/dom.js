// @ts-check
// Makes and changes elements, each in one line.

import { isNarrow } from "./narrow.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * The value of an attribute. `true` is an attribute without a value; false, null and undefined
 * leave it out.
 *
 * @typedef {string | number | boolean | null | undefined} Attribute
 *
 * Attributes and listeners by name; a listener's name begins with `on`.
 *
 * @typedef {{
 *   [name: string]: Attribute | ((event: never) => unknown),
 *   onclick?: (event: MouseEvent) => unknown,
 *   onchange?: (event: Event) => unknown,
 *   onfocus?: (event: FocusEvent) => unknown,
 *   onkeydown?: (event: KeyboardEvent) => unknown,
 *   onsubmit?: (event: SubmitEvent) => unknown,
 * }} Properties
 *
 * What an element contains. False, null and undefined leave it out.
 *
 * @typedef {Node | string | false | null | undefined} Child
 */

/**
 * @template {Element} E
 * @param {E} element
 * @param {Properties} properties
 * @param {(Child | Child[])[]} children
 * @returns {E}
 */
function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else if (value !== undefined && value !== null && value !== false)
      element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat())
    if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

/**
 * Returns a new HTML element: `h("p", { class: "beat" }, "Bob lies.")`.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Properties} [properties]
 * @param {...(Child | Child[])} children
 */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/**
 * Returns a new SVG element.
 *
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Properties} [properties]
 * @param {...(Child | Child[])} children
 */
export function s(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/**
 * Sets attributes of an existing element.
 *
 * @param {Element} element
 * @param {Record<string, Attribute>} attributes
 */
export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(key);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
}

/**
 * Returns a button with its key beside its words.
 *
 * @param {Child} words
 * @param {string} key
 * @param {() => unknown} action
 * @param {Properties} [more]
 */
export function button(words, key, action, more = {}) {
  const hint = key ? h("kbd", { "aria-hidden": "true" }, key) : null;
  return h("button", { type: "button", onclick: () => void action(), ...more }, words, hint);
}

/**
 * Returns the button that closes something.
 *
 * @param {string} label
 * @param {() => unknown} [action] none in a form that closes its dialog
 */
export function closeButton(label, action) {
  const does = action ? { type: "button", onclick: () => void action() } : {};
  return h("button", { ...does, class: "close", "aria-label": label }, "×");
}

/**
 * Returns the element that an event happened at.
 *
 * @param {Event} event
 */
export function targetOf(event) {
  return event.target instanceof Element ? event.target : null;
}

/**
 * Takes the focus from an element, if it can have it.
 *
 * @param {Element | null | undefined} element
 */
export function blur(element) {
  if (element instanceof HTMLElement || element instanceof SVGElement) element.blur();
}

/**
 * Scrolls an element into view beside the run, no further than needed; or only up to it. Where the
 * run is presented, nothing scrolls; and a page around this one stays where it is.
 *
 * @param {Element | null} element
 * @param {boolean} [onlyUp]
 */
export function bringIntoView(element, onlyUp = false) {
  const room = element?.closest(".scroll");
  if (!element || !room) return;
  // Presenting, nothing scrolls; and a narrow page begins with the beat, whatever is below it.
  if (isNarrow() ? !onlyUp : document.body.matches(".present")) return;
  const [box, around] = [element.getBoundingClientRect(), room.getBoundingClientRect()];
  // In a narrow page all of it scrolls, between the field and the controls.
  const isWhole = room.scrollHeight <= room.clientHeight + 1;
  const edge = (/** @type {string} */ part) => document.querySelector(part)?.getBoundingClientRect();
  const top = isWhole ? (edge("main .field")?.bottom ?? 0) : around.top;
  const bottom = isWhole ? (edge("footer")?.top ?? innerHeight) : around.bottom;
  const above = box.top - top;
  const below = onlyUp ? 0 : Math.max(0, Math.min(box.bottom - bottom, above));
  const by = above < 0 ? above : below;
  if (by !== 0) (isWhole ? window : room).scrollBy(0, by);
}

/**
 * Returns what draws on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this canvas was already used for something else");
  return context;
}

/**
 * Returns the message of whatever was thrown.
 *
 * @param {unknown} error
 */
export function messageOfError(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs `work` at most once a frame, however often it is called.
 *
 * @param {() => void} work
 */
export function onceAFrame(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}

/** Whether the reader wants less motion. */
export const reducedMotion = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)") ?? { matches: false };

/** Whether the page is inside another one. */
export const isEmbedded = globalThis.parent !== globalThis.window;
