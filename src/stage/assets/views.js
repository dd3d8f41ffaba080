// @ts-check
// Field and diagram, the field alone, or the diagram alone.

import { isNarrow } from "./narrow.js";

/** @type {{ view: string, says: string }[]} */
const VIEWS = [
  { view: "both", says: "Field and diagram." },
  { view: "field", says: "The field alone." },
  { view: "diagram", says: "The diagram alone." },
];

/** Shows the next of the views. Returns what says so. */
export function nextView() {
  const { body } = document;
  const here = VIEWS.findIndex(({ view }) => view === (body.dataset.view ?? "both"));
  // Where a narrow page is presented, there is room for one of them.
  const isOneAtATime = isNarrow() && body.matches(".present");
  const offered = isOneAtATime ? VIEWS.filter(({ view }) => view !== "both") : VIEWS;
  // Presenting on a narrow page, both means the field.
  const from = isOneAtATime ? Math.max(0, here - 1) : here;
  const { view, says } = offered[(from + 1) % offered.length];
  if (view === "both") delete body.dataset.view;
  else body.dataset.view = view;
  return says;
}

/** Shows field and diagram again. Returns false if it did. */
export function leaveView() {
  const { dataset } = document.body;
  if (dataset.view === undefined) return false;
  delete dataset.view;
  return true;
}
