// @ts-check
// Swiping: to the left goes on, to the right back.

import { targetOf } from "./dom.js";

/** The least way of a swipe in pixels, and how much longer it is across than down. */
const LEAST = 44;
const ACROSS = 1.6;

/**
 * Listens to swipes on field and story. What is dragged for another reason is left alone.
 *
 * @param {{ next(): unknown, back(): unknown }} steps
 */
export function listenToSwipes({ next, back }) {
  /** @type {PointerEvent | null} */
  let began = null;
  document.addEventListener("pointerdown", (event) => {
    const target = targetOf(event);
    const isSwipe = event.pointerType !== "mouse" && event.isPrimary && target?.closest(".field, aside");
    began = isSwipe && !target?.closest("input, select, pre, table") ? event : null;
  });
  document.addEventListener("pointercancel", () => {
    began = null;
  });
  document.addEventListener("pointerup", (event) => {
    if (!began || event.pointerId !== began.pointerId) return;
    const [across, down] = [event.clientX - began.clientX, event.clientY - began.clientY];
    began = null;
    if (Math.abs(across) < LEAST || Math.abs(across) < ACROSS * Math.abs(down)) return;
    if (across < 0) next();
    else back();
  });
}
