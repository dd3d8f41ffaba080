// @ts-check
// What the parts of the diagram share: the window of the run that is drawn, and its measures.

/** @import { Message, Run, RunEvent } from "./run.js" */
/** @import { Selected } from "./selection.js" */
/** @import { Viewport } from "./viewport.js" */

import { countUpTo } from "./binary_search.js";
import { END } from "./viewport.js";

/**
 * The measures of the diagram: its width without the names, its height, the distance between lanes,
 * whether they are folded by role, and the place of each lane.
 *
 * @typedef {{
 *   width: number,
 *   height: number,
 *   gap: number,
 *   isFolded: boolean,
 *   lane: (node: number) => number,
 * }} Sizes
 *
 * The window that is drawn, from its `origin` on: its moments, its messages and events, where the
 * run ends and how far labels may reach.
 *
 * @typedef {{
 *   run: Run,
 *   sizes: Sizes,
 *   window: { from: number, to: number },
 *   origin: number,
 *   selected: Selected | null,
 *   evidence: ReadonlySet<number>,
 *   culprits: ReadonlySet<number>,
 *   messages: readonly Message[],
 *   events: readonly RunEvent[],
 *   x: (at: number) => number,
 *   end: number,
 *   limit: number,
 * }} Scene
 */

/** The size of labels, and the height of their lines. */
export const LABEL = 13;
export const LINE = 16;

/**
 * Whether a message or an event is selected.
 *
 * @param {Scene} scene
 * @param {Selected} what
 */
export function isSelected({ selected }, what) {
  if (!selected) return false;
  return what.event !== undefined ? selected.event === what.event : selected.message === what.message;
}

/**
 * Returns what is drawn of a run in a window.
 *
 * @param {Run} run
 * @param {Viewport} viewport
 * @param {Sizes} sizes
 * @param {{ selected: Selected | null, told: number }} shown what is selected, and how many events the
 *   verdicts may use
 * @returns {Scene}
 */
export function sceneOf(run, viewport, sizes, { selected, told }) {
  const { origin, end } = viewport.drawn;
  const window = { from: viewport.at(origin), to: viewport.at(end) };
  const { events: evidence, culprits } = run.evidenceAt(told);
  return {
    run,
    sizes,
    window,
    origin,
    selected,
    evidence,
    culprits,
    messages: run.between(window.from, window.to),
    events: run.events.slice(
      countUpTo(run.events, window.from - 1, (event) => event.at),
      countUpTo(run.events, window.to, (event) => event.at),
    ),
    x: (at) => viewport.x(at) - origin,
    end: Math.min(viewport.x(run.ends), end) - origin,
    limit: Math.max(viewport.whole + sizes.width * END, sizes.width) - origin - 4,
  };
}
