// @ts-check
// A chart of rates over a grid: as measured, with their intervals, and theory beside them. A point
// opens a run behind it.

/** @import { SweepRow } from "../wire.d.ts" */

import { s } from "./dom.js";

const [WIDTH, HEIGHT] = [960, 380];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 190, 40, 52];
const [MIDDLE, END] = [(LEFT + WIDTH - RIGHT) / 2, WIDTH - RIGHT];
/** How many series have a look of their own. */
const LOOKS = 4;
/** Values that differ by more than this factor are drawn at equal distances. */
const MOST_UNEVEN = 40;

/** @typedef {SweepRow["at"][string]} Setting */

/**
 * Opens a run behind a point: of a row and a property, one with this verdict.
 *
 * @typedef {(row: SweepRow, property: string, verdict: "violated" | "holds") => void} OnOpen
 *
 * Where values and rates are in the chart.
 *
 * @typedef {{
 *   axis: string | undefined,
 *   x: (value: Setting | undefined) => number,
 *   y: (rate: number) => number,
 * }} Scales
 *
 * @typedef {{ name: string, label: string, rows: SweepRow[], index: number }} Series
 */

/** @type {((r: number) => SVGElement)[]} */
const SHAPES = [
  (r) => s("circle", { r }),
  (r) => s("rect", { x: -r * 0.9, y: -r * 0.9, width: r * 1.8, height: r * 1.8 }),
  (r) => s("path", { d: `M0 ${-r * 1.2}L${r * 1.15} ${r * 0.9}H${-r * 1.15}Z` }),
  (r) => s("path", { d: `M0 ${-r * 1.25}L${r * 1.25} 0 0 ${r * 1.25} ${-r * 1.25} 0Z` }),
];

/**
 * @param {readonly SweepRow[]} rows points of a sweep
 * @param {readonly string[]} properties what is drawn of them
 * @param {OnOpen} open
 */
export function rateChart(rows, properties, open) {
  const [axis, ...others] = Object.keys(rows[0].at);
  const values = axis === undefined ? [] : [...new Set(rows.map((row) => row.at[axis]))];
  const rates = rows.flatMap((row) => properties.map((name) => row.properties[name]));
  const most = Math.min(1, niceAbove(Math.max(0.01, ...rates.flatMap(({ high, theory }) => [high, theory ?? 0]))));
  /** @type {Scales} */
  const scales = {
    axis,
    x: scaleOf(values),
    y: (rate) => HEIGHT - BOTTOM - (rate / most) * (HEIGHT - TOP - BOTTOM),
  };
  const series = grouped(rows, others).flatMap(({ label, rows }) => properties.map((name) => ({ name, label, rows })));
  const verb = properties.length > 1 ? "are" : "is";
  const label = `How often ${properties.join(", ")} ${verb} violated, over ${axis ?? "nothing"}`;
  return s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "rates", role: "group", "aria-label": label },
    s("text", { x: 8, y: 18, class: "axis" }, "violated in so many of the runs"),
    ...frame(most, scales.y),
    ...values.map((value) => centred(scales.x(value), HEIGHT - BOTTOM + 22, String(value))),
    s("text", { x: MIDDLE, y: HEIGHT - 8, "text-anchor": "middle", class: "axis" }, axis ?? ""),
    ...series.flatMap((series, index) => drawSeries({ ...series, index }, scales, open)),
  );
}

/**
 * Returns where the values of the first axis are: numbers to scale unless they are too uneven,
 * everything else at equal distances.
 *
 * @param {readonly Setting[]} values
 * @returns {Scales["x"]}
 */
function scaleOf(values) {
  const numbers = values.filter((value) => typeof value === "number");
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const areNumbers = numbers.length === values.length && values.length > 1;
  const isEven = areNumbers && (most - least) / Math.max(1e-9, smallestGap(numbers)) <= MOST_UNEVEN;
  /** @type {(value: Setting | undefined) => number} */
  const indexOf = (value) => (value === undefined ? 0 : values.indexOf(value));
  return (value) => {
    const isToScale = isEven && typeof value === "number";
    const part = isToScale ? (value - least) / (most - least || 1) : indexOf(value) / Math.max(1, values.length - 1);
    return LEFT + part * (END - LEFT);
  };
}

/** @param {readonly number[]} values */
function smallestGap(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.min(...sorted.slice(1).map((value, i) => value - sorted[i]));
}

/**
 * Returns the least of 1, 2, 5 times a power of ten that is not below `value`.
 *
 * @param {number} value
 */
export function niceAbove(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  const digit = [1, 2, 5].find((digit) => digit * unit >= value - 1e-12) ?? 10;
  return digit * unit;
}

/**
 * Returns the rows that differ only in the first axis, by the others.
 *
 * @param {readonly SweepRow[]} rows
 * @param {readonly string[]} others
 */
export function grouped(rows, others) {
  /** @type {Map<string, SweepRow[]>} */
  const groups = new Map();
  for (const row of rows) {
    const label = others.map((key) => `${key.split(".").pop()} ${row.at[key]}`).join(", ");
    groups.set(label, [...(groups.get(label) ?? []), row]);
  }
  return [...groups].map(([label, rows]) => ({ label, rows }));
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 */
function centred(x, y, words) {
  return s("text", { x, y, "text-anchor": "middle" }, words);
}

/**
 * @param {number} most
 * @param {Scales["y"]} up
 */
function frame(most, up) {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((part) => {
    const y = up(part * most);
    const percent = `${Number((part * most * 100).toPrecision(3))} %`;
    return [
      s("path", { class: "grid", d: `M${LEFT} ${y}H${END}` }),
      s("text", { x: LEFT - 10, y: y + 5, "text-anchor": "end" }, percent),
    ];
  });
}

/**
 * @param {Series} series
 * @param {Scales} scales
 * @param {OnOpen} open
 */
function drawSeries(series, scales, open) {
  const theory = drawTheory(series, scales);
  const points = series.rows.map((row) => drawPoint(series, row, scales, open));
  return [...theory, ...points, ...drawKey(series, theory.length > 0)];
}

/** @param {Series} series */
const look = ({ index }) => `series-${index % LOOKS}`;

/**
 * Draws theory as a line; as a dash where it is known of one point only.
 *
 * @param {Series} series
 * @param {Scales} scales
 */
function drawTheory(series, { axis, x, y }) {
  const { name, rows } = series;
  const points = rows.flatMap((row) => {
    const { theory } = row.properties[name];
    return theory === null ? [] : [{ x: x(axis === undefined ? undefined : row.at[axis]), y: y(theory) }];
  });
  if (points.length === 0) return [];
  const d =
    points.length > 1
      ? points.map((point, i) => `${i ? "L" : "M"}${point.x} ${point.y}`).join("")
      : `M${points[0].x - 12} ${points[0].y}h24`;
  return [s("path", { class: `theory ${look(series)}`, d })];
}

/**
 * @param {Series} series
 * @param {SweepRow} row
 * @param {Scales} scales
 * @param {OnOpen} open
 */
function drawPoint(series, row, { axis, x, y }, open) {
  const { name, index } = series;
  const { rate, low, high } = row.properties[name];
  const verdict = row.example[name]?.violated !== null ? "violated" : "holds";
  const press = () => open(row, name, verdict);
  const where = Object.entries(row.at).map(([key, value]) => `${key} ${value}`);
  const percent = `${(rate * 100).toPrecision(3)} %`;
  return s(
    "g",
    {
      class: `point ${look(series)}`,
      transform: `translate(${x(axis === undefined ? undefined : row.at[axis])} 0)`,
      tabindex: 0,
      role: "button",
      onclick: press,
      onkeydown: (event) => event.key === "Enter" && press(),
      "aria-label": `${where.join(", ")}: ${name} violated in ${percent} of ${row.runs} runs; open one`,
    },
    s("path", { class: "interval", d: `M0 ${y(low)}V${y(high)}M-5 ${y(low)}h10M-5 ${y(high)}h10` }),
    s("g", { transform: `translate(0 ${y(rate)})` }, s("circle", { class: "target", r: 13 }), SHAPES[index % LOOKS](6)),
  );
}

/**
 * @param {Series} series
 * @param {boolean} hasTheory
 */
function drawKey(series, hasTheory) {
  const { name, label, index } = series;
  const y = TOP + 14 + index * 40;
  const says = [label, hasTheory ? "line: theory" : ""].filter(Boolean).join(" · ");
  const place = { class: `point ${look(series)}`, transform: `translate(${END + 22} ${y})` };
  return [
    s("g", place, SHAPES[index % LOOKS](6)),
    s("text", { x: END + 36, y: y + 5 }, `${name} violated`),
    s("text", { class: "soft", x: END + 36, y: y + 21 }, says),
  ];
}
