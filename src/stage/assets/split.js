// @ts-check
// How field and diagram share the height: by what they hold. A field of two nodes with nine lanes
// below is another picture than one of twenty nodes with two.

/** @import { Layout } from "../wire.d.ts" */
/** @import { Run } from "./run.js" */

import { unitOf } from "./diagram_unit.js";
import { AXIS } from "./ticks.js";
import { leastTypeNow } from "./type_size.js";

/**
 * A height that is just enough, and one that is good.
 *
 * @typedef {{ least: number, good: number }} Height
 *
 * What is shown: how many nodes in which layout, whether there are labels between the lanes, the size
 * of the smallest text, and the size of the diagram's unit in pixels.
 *
 * @typedef {{
 *   layout: Layout,
 *   nodes: number,
 *   messages: number,
 *   least: number,
 *   unit: number,
 *   width: number,
 * }} Held
 */

/** A field of this width in texts is narrow: it gets no more height than that is worth. */
const NARROW = 44;
/** More rows of nodes than this get no more height. */
const MOST_ROWS = 4;
/** The part of the spare height that the diagram gets, and the most of the whole. */
const SPARE = 0.25;
const MOST = 0.6;

/**
 * Returns the height that the field wants, in pixels.
 *
 * @param {Held} held
 * @returns {Height}
 */
export function fieldHeight({ layout, nodes, least, width }) {
  const isFlat = ["row", "hills"].includes(layout) || nodes <= 2;
  const rows = isFlat ? 1 : Math.min(layout === "ring" ? Math.ceil(nodes / 2) : nodes, MOST_ROWS);
  const narrow = width < least * NARROW ? 0.8 : 1;
  return { least: least * (11 + 3.5 * (rows - 1)) * narrow, good: least * (20 + 5.5 * (rows - 1)) * narrow };
}

/**
 * Returns the height that the diagram wants, in pixels.
 *
 * @param {Held} held
 * @returns {Height}
 */
export function diagramHeight({ nodes, messages, unit }) {
  const around = AXIS + 34;
  // Labels of messages are between the lanes; where there are none, names decide.
  const lane = messages > 0 ? 44 : 30;
  const good = nodes > 12 ? 12 * 24 : Math.max(nodes - 0.45, 1.2) * lane;
  const least = Math.min(nodes, 12) * 17;
  return { least: (around + least) * unit, good: (around + Math.max(good, least)) * unit };
}

/**
 * Returns the height of the diagram, of `whole` pixels for both.
 *
 * @param {number} whole
 * @param {Height} field
 * @param {Height} diagram
 */
export function diagramShare(whole, field, diagram) {
  const [least, good] = [field.least + diagram.least, field.good + diagram.good];
  if (whole >= good) return Math.min(diagram.good + (whole - good) * SPARE, diagram.good * 1.35, whole * MOST);
  if (whole <= least) return (whole * diagram.least) / least;
  const part = (whole - least) / (good - least);
  return Math.min(diagram.least + part * (diagram.good - diagram.least), whole * MOST);
}

/**
 * Shares the height of a stage between its field and its diagram, now and whenever its size changes.
 * Returns what shares it anew for another run.
 *
 * @param {HTMLElement} stage
 * @param {HTMLElement} [apart] the diagram, which a narrow page has elsewhere
 * @returns {(run: Run) => void}
 */
export function shareHeight(stage, apart) {
  /** @type {Run | null} */
  let run = null;
  const share = () => {
    const { clientWidth, clientHeight: height } = stage;
    if (!run) return;
    const { show, nodes, messages } = run;
    const width = clientWidth || innerWidth;
    const [least, unit] = [leastTypeNow(), unitOf(width)];
    const held = { layout: show.layout, nodes: nodes.length, messages: messages.length, least, unit, width };
    const wanted = diagramHeight(held);
    // On a narrow page the two are apart: the diagram is as high as it wants.
    const diagram = height > 0 ? diagramShare(height, fieldHeight(held), wanted) : wanted.good;
    for (const element of [stage, apart]) element?.style.setProperty("--diagram", `${Math.round(diagram)}px`);
  };
  new ResizeObserver(share).observe(stage);
  return (shown) => {
    run = shown;
    share();
  };
}
