// @ts-check
// The legend of the field: what letters and dots stand for where messages have no words on them, and
// what marks mean that show in this run.

/** @import { Box } from "./label_layout.js" */
/** @import { Measures } from "./layout.js" */
/** @import { Run } from "./run.js" */
/** @import { Kind } from "./tokens.js" */

import { scaleOf } from "./dial.js";
import { s, set } from "./dom.js";
import { layOut } from "./label_layout.js";
import { width } from "./text.js";
import { span } from "./words.js";

/** At most so many contents are explained. */
const MOST_CONTENTS = 4;
/** The height of a row, in units. */
const ROW = 1.5;

/**
 * A row: what is said, how its sign is drawn around a point, and from which event on it shows.
 *
 * @typedef {{ says: string, look: string, sign: (r: number) => SVGElement[], since?: number }} Row
 *
 * @typedef {{ element: SVGGElement, box: Box, show: (count: number) => void }} Legend
 */

/** @type {(d: string, look: string) => SVGElement} */
const path = (d, look) => s("path", { d, class: look });

/** @type {Record<"traitor" | "lie" | "loss" | "evidence" | "violation", Row>} */
const MARKS = {
  traitor: {
    says: "a traitor",
    look: "as-node traitor",
    sign: (r) => [s("circle", { class: "disc", r: r * 0.9 }), s("circle", { class: "inner", r: r * 0.6 })],
  },
  lie: {
    says: "a lie",
    look: "token lie",
    sign: (r) => [
      s("rect", { class: "shape", x: -r * 1.1, y: -r * 0.8, width: r * 2.2, height: r * 1.6, rx: r * 0.5 }),
    ],
  },
  loss: {
    says: "lost",
    look: "remain lost",
    sign: (r) => [
      path(`M${-r * 1.2} 0H${r * 1.2}`, "line"),
      path(`M${-r * 0.5} ${-r * 0.5}L${r * 0.5} ${r * 0.5}M${r * 0.5} ${-r * 0.5}L${-r * 0.5} ${r * 0.5}`, "cross"),
    ],
  },
  evidence: {
    says: "evidence",
    look: "remain clue",
    sign: (r) => [path(`M${-r * 1.2} 0H${r * 1.2}`, "marker"), path(`M${-r * 1.2} 0H${r * 1.2}`, "line")],
  },
  violation: {
    says: "violated here",
    look: "as-node",
    sign: (r) => {
      const corners = Array.from({ length: 8 }, (_, i) => {
        const angle = ((i + 0.5) * Math.PI) / 4;
        return `${(Math.cos(angle) * r).toFixed(1)} ${(Math.sin(angle) * r).toFixed(1)}`;
      });
      const arm = r * 0.42;
      const cross = `M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}`;
      return [s("g", { class: "mark" }, path(`M${corners.join("L")}Z`, "octagon"), path(cross, "tick"))];
    },
  },
};

/**
 * Returns the rows of a run: of all that it ever shows, so that nothing moves while it plays.
 *
 * @param {Run} run
 * @param {Kind} kind
 * @returns {Row[]}
 */
function rowsOf(run, kind) {
  const { colours, messages, nodes, reveals } = run;
  /** @type {Row[]} */
  const contents = [...colours].slice(0, MOST_CONTENTS).map(([words, colour]) => ({
    says: words || "a message",
    look: `token ink-${colour}`,
    sign: (r) => [
      colour === 1
        ? s("rect", { class: "shape", x: -r * 0.85, y: -r * 0.85, width: r * 1.7, height: r * 1.7 })
        : s("circle", { class: "shape", r }),
    ],
  }));
  /** @type {(row: Row, since: number | undefined) => Row[]} */
  const from = (row, since) => (since === undefined ? [] : [{ ...row, since }]);
  const lie = messages.find((message) => message.lie);
  const lost = messages.find(({ ending }) => ending === "lost" || ending === "cut");
  const marks = [
    ...(run.show.clocks ? [{ ...dialRow(scaleOf(run)), since: answeredAt(run) }] : []),
    ...(nodes.some(({ traitor }) => traitor) ? [MARKS.traitor] : []),
    ...from(MARKS.lie, lie?.began),
    ...from(MARKS.loss, lost?.ended ?? lost?.began),
    ...from(MARKS.evidence, reveals[0]?.id),
    ...from(MARKS.violation, reveals[0]?.id),
  ];
  return [...(kind === "words" ? [] : contents), ...marks];
}

/**
 * Returns the event from which on all questions are answered: how far clocks will be off may be the
 * answer, and the scale of the dials would give it away.
 *
 * @param {Run} run
 */
function answeredAt(run) {
  const settled = run.questions.filter(({ by }) => by === "run").map(({ settled }) => settled);
  return settled.length === 0 ? -1 : run.countAt(Math.max(...settled)) - 1;
}

/**
 * Returns the row that says the scale of the dials.
 *
 * @param {number} scale
 * @returns {Row}
 */
function dialRow(scale) {
  /** @type {(r: number) => SVGElement[]} */
  const sign = (r) => [
    s("circle", { class: "disc", r: r * 0.95 }),
    s("g", { class: "dial", transform: "rotate(140)" }, path(`M0 0V${-r * 0.8}`, "hand")),
  ];
  return { says: `hand here: ${span(scale, 3)} ahead`, look: "as-node small", sign };
}

/**
 * Draws the legend in the first corner that is free. Null where there is nothing to say or no room. A
 * row shows once its sign has shown.
 *
 * @param {Run} run
 * @param {Kind} kind
 * @param {Measures} measures
 * @param {readonly Box[]} taken
 * @returns {Legend | null}
 */
export function legend(run, kind, measures, taken) {
  const { unit } = measures;
  const rows = rowsOf(run, kind);
  if (rows.length === 0) return null;
  const bounds = { left: 4, top: 4, right: measures.width - 4, bottom: measures.height - 4 };
  // As a column, or as a row.
  const sizes = rows.map(({ says }) => unit * 2.6 + width(says, unit, 600));
  const column = { wide: Math.max(...sizes), high: rows.length * unit * ROW };
  const line = { wide: sizes.reduce((sum, size) => sum + size + unit * 0.8, 0), high: unit * ROW };
  const shapes = [column, line].flatMap((shape) => cornersOf(shape, bounds).map((box) => ({ box, shape })));
  const [chosen] = layOut([{ priority: 0, places: shapes.map(({ box }) => box) }], { taken, bounds });
  if (chosen === null) return null;
  const { box, shape } = shapes[chosen];
  let x = box.left;
  const drawn = rows.map((row, index) => {
    const place =
      shape === column
        ? { x: box.left, y: box.top + (index + 0.5) * unit * ROW }
        : { x, y: box.top + (unit * ROW) / 2 };
    x += sizes[index] + unit * 0.8;
    return drawRow(row, place, unit);
  });
  const show = (/** @type {number} */ count) => {
    for (const [index, { since = -1 }] of rows.entries())
      set(drawn[index], { visibility: since < count ? null : "hidden" });
  };
  show(0);
  return { element: s("g", { class: "legend" }, ...drawn), box, show };
}

/**
 * @param {{ wide: number, high: number }} shape
 * @param {Box} bounds
 * @returns {Box[]}
 */
function cornersOf({ wide, high }, { left, right, top, bottom }) {
  const xs = [left, right - wide];
  const ys = [bottom - high, top];
  return ys.flatMap((y) => xs.map((x) => ({ left: x, right: x + wide, top: y, bottom: y + high })));
}

/**
 * @param {Row} row
 * @param {{ x: number, y: number }} place
 * @param {number} unit
 */
function drawRow({ says, look, sign }, { x, y }, unit) {
  const words = s("text", { class: "key", x: unit * 2.1, y: unit * 0.34, "font-size": unit }, says);
  const shapes = s("g", { class: look, transform: `translate(${unit * 0.9} 0)` }, ...sign(unit * 0.5));
  return s("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, shapes, words);
}
