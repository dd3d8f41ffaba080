// Elements, made in one line each.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element: `h("p", { class: "beat" }, "Bob lies.")`. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function s(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** Sets attributes of an element that is there. */
export function set(element, properties) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(key);
    else element.setAttribute(key, value === true ? "" : value);
  }
}

/** A button with its key beside its words. */
export function button(words, key, action, more = {}) {
  return h(
    "button",
    { type: "button", onclick: action, ...more },
    words,
    key ? h("kbd", { "aria-hidden": "true" }, key) : null,
  );
}

/** Runs `work` at most once a frame, however often it is asked for. */
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

/** Whether motion is to be kept down. */
export const stillness = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)") ?? { matches: false };

/** Whether the page stands in another one. */
export const isEmbedded = globalThis.parent !== globalThis;
