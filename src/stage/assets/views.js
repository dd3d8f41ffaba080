// @ts-check
// Field and diagram, the field alone, or the diagram alone.

/** @type {{ view: string, says: string }[]} */
const VIEWS = [
  { view: "both", says: "Field and diagram." },
  { view: "field", says: "The field alone." },
  { view: "diagram", says: "The diagram alone." },
];
/** Where a narrow page is presented, there is room for one of them: as in `narrow.css`. */
const narrow = globalThis.matchMedia?.("(max-width: 760px), (max-height: 480px), (max-aspect-ratio: 4 / 5)");

/** Shows the next of the views. Returns what says so. */
export function nextView() {
  const { body } = document;
  const here = VIEWS.findIndex(({ view }) => view === (body.dataset.view ?? "both"));
  const isOneAtATime = narrow?.matches && body.matches(".present");
  const offered = isOneAtATime ? VIEWS.filter(({ view }) => view !== "both") : VIEWS;
  // Presenting on a narrow page, both means the field.
  const from = isOneAtATime ? Math.max(0, here - 1) : here;
  const { view, says } = offered[(from + 1) % offered.length];
  if (view === "both") delete body.dataset.view;
  else body.dataset.view = view;
  return says;
}
