// @ts-check
// The pointer on the diagram: it drags the window, zooms, picks a mark, or goes to a moment.

/** @import { Diagram } from "./diagram.js" */

import { isEmbedded, targetOf } from "./dom.js";

/** A pointer that moves by fewer pixels clicks; one that moves by more drags. */
const DRAG = 4;

/** @param {Diagram} diagram */
export function listenToPointer(diagram) {
  const { svg, element } = diagram;
  /** @type {{ x: number, scroll: number, hasMoved: boolean } | null} */
  let drag = null;
  svg.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, scroll: diagram.viewport?.scroll ?? 0, hasMoved: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) drag = null;
    if (!drag || (Math.abs(event.clientX - drag.x) < DRAG && !drag.hasMoved)) return;
    if (!drag.hasMoved) svg.setPointerCapture(event.pointerId);
    drag.hasMoved = true;
    diagram.scrollTo(drag.scroll - (event.clientX - drag.x) / diagram.unit);
  });
  svg.addEventListener("click", (event) => {
    if (!drag?.hasMoved) pick(diagram, event);
    drag = null;
  });
  element.addEventListener("wheel", (event) => turnWheel(diagram, event), { passive: false });
}

/**
 * @param {Diagram} diagram
 * @param {WheelEvent} event
 */
function turnWheel(diagram, event) {
  const { viewport, svg, unit } = diagram;
  if (!viewport) return;
  const { deltaX, deltaY, shiftKey, ctrlKey } = event;
  const isSideways = shiftKey || Math.abs(deltaX) > Math.abs(deltaY);
  // Within another page a plain wheel scrolls that page.
  if (isEmbedded && !isSideways && !ctrlKey) return;
  event.preventDefault();
  if (isSideways) diagram.scrollTo(viewport.scroll + (deltaX + (shiftKey ? deltaY : 0)) / unit);
  else diagram.zoomBy(Math.exp(-deltaY / 300), (event.clientX - svg.getBoundingClientRect().left) / unit);
}

/**
 * @param {Diagram} diagram
 * @param {MouseEvent} event
 */
function pick({ svg, viewport, unit, onPick, onSeek }, event) {
  const mark = targetOf(event)?.closest("[data-event],[data-message]");
  const [index, id] = [mark?.getAttribute("data-index"), mark?.getAttribute("data-event")];
  if (index) return onPick({ message: Number(index) });
  if (id) return onPick({ event: Number(id) });
  if (viewport) onSeek(viewport.at((event.clientX - svg.getBoundingClientRect().left) / unit + viewport.scroll));
}
