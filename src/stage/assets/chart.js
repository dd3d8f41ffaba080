// @ts-check
// The chart of a sweep: what its question asks, as counted, with intervals, and theory beside it;
// thin, what else is violated. What it shows and in which words comes from the server, as the
// picture of `dsys sweep --chart` does. A point opens a run behind it.

/** @import { ChartLine, ChartMark, SweepChart } from "../wire.d.ts" */

import { h, s, set } from "./dom.js";
import { width } from "./text.js";
import { span } from "./words.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [84, 30, 16, 58];
/** The first and the last place stand a little inside. */
const INSIDE = 24;
/** Series stand beside each other by so much, so that none covers the interval of another. */
const ASIDE = 7;
/** How many series have a look of their own: from the fifth on, shapes are hollow. */
const LOOKS = 8;
/** The size of the type: that of the page around the chart, so that no screen makes it smaller. */
const SIZE = 14;

/**
 * The room that a chart has, in units of which its type takes `SIZE`.
 *
 * @typedef {{ width: number, height: number }} Room
 */

/** Where a chart's room is not known yet. @type {Room} */
let latest = { width: 960, height: 380 };

/**
 * Opens a run behind a point.
 *
 * @typedef {(point: number, of: string) => void} OnOpen
 *
 * Where values are in the chart.
 *
 * @typedef {{ x: (place: number) => number, y: (value: number) => number }} Scales
 */

/** @type {((r: number) => SVGElement)[]} */
const SHAPES = [
  (r) => s("circle", { r }),
  (r) => s("rect", { x: -r * 0.9, y: -r * 0.9, width: r * 1.8, height: r * 1.8 }),
  (r) => s("path", { d: `M0 ${-r * 1.2}L${r * 1.15} ${r * 0.9}H${-r * 1.15}Z` }),
  (r) => s("path", { d: `M0 ${-r * 1.25}L${r * 1.25} 0 0 ${r * 1.25} ${-r * 1.25} 0Z` }),
];

/** @type {(index: number) => string} */
const look = (index) => `series-${index % 4}${index % LOOKS >= 4 ? " hollow" : ""}`;
/** @type {(index: number, line: ChartLine) => SVGElement} */
const markOf = (index, { is_aside }) => SHAPES[index % 4](is_aside ? 3.6 : 6);

/**
 * Returns a figure: what it shows in words, the legend, the chart, and what to know of it.
 *
 * @param {SweepChart} chart
 * @param {OnOpen} open
 */
export function sweepChart(chart, open) {
  const { title, counted_in, besides, left_out } = chart;
  const heading = h("figcaption", {}, h("strong", {}, title), `, ${counted_in}`);
  const told = [besides, ...left_out].filter(Boolean).map((words) => h("p", { class: "besides" }, words));
  const svg = s("svg", { class: "rates", role: "group", "aria-label": labelOf(chart) });
  fill(svg, chart, open);
  new ResizeObserver(() => {
    const room = roomOf(svg);
    if (!room || (room.width === latest.width && room.height === latest.height)) return;
    latest = room;
    fill(svg, chart, open);
  }).observe(svg);
  return h("figure", { class: "rates-figure" }, heading, legend(chart), ...told, svg);
}

/** @param {Pick<SweepChart, "title" | "counted_in" | "along">} chart */
function labelOf({ title, counted_in, along }) {
  return `${title}, ${counted_in}${along ? `, over ${along}` : ""}`;
}

/**
 * Returns the room of a chart that is shown; null where there is none.
 *
 * @param {SVGSVGElement} svg
 * @returns {Room | null}
 */
function roomOf(svg) {
  const { width, height } = svg.getBoundingClientRect();
  const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / SIZE;
  return width > 0 && height > 0 ? { width: Math.round(width / unit), height: Math.round(height / unit) } : null;
}

/** @param {SweepChart} chart */
function legend({ series, theory, is_rate, counted_in }) {
  const hasTheory = series.some((line) => line.theory.length > 0);
  /** @type {(...signs: SVGElement[]) => SVGElement} */
  const sign = (...signs) =>
    s("svg", { class: "rates key", viewBox: "-17 -10 34 20", "aria-hidden": "true" }, ...signs);
  const named = series.flatMap((line, index) =>
    line.words
      ? [h("li", {}, sign(s("g", { class: `point ${look(index)}` }, markOf(index, line))), h("span", {}, line.words))]
      : [],
  );
  const bar = s("path", { class: `interval ${look(0)}`, d: "M0 -9V9M-5 -9h10M-5 9h10" });
  const counted = h("li", {}, sign(bar), h("span", {}, "95 % interval of what was counted"));
  const line = s("path", { class: `theory ${look(0)}`, d: "M-17 0H17" });
  const words = `theory: ${theory ?? (is_rate ? "the share" : counted_in)}`;
  const lines = hasTheory ? [h("li", {}, sign(line), h("span", {}, words))] : [];
  return h("ul", { class: "key", "aria-label": "What the marks mean" }, ...named, counted, ...lines);
}

/**
 * Draws a chart in the latest room.
 *
 * @param {SVGSVGElement} svg
 * @param {SweepChart} chart
 * @param {OnOpen} open
 */
function fill(svg, chart, open) {
  const room = latest;
  const { along, series } = chart;
  const [low, high] = ends(chart);
  const scales = { x: across(chart, room), y: upwards(low, high, room) };
  const middle = (LEFT + room.width - RIGHT) / 2;
  const lines = series.map((line, index) => ({ line, index }));
  // What is asked for lies over what is beside it.
  const ordered = [...lines.filter(({ line }) => line.is_aside), ...lines.filter(({ line }) => !line.is_aside)];
  const up = (TOP + room.height - BOTTOM) / 2;
  const upright = { class: "axis", transform: `translate(20 ${up}) rotate(-90)`, "text-anchor": "middle" };
  set(svg, { viewBox: `0 0 ${room.width} ${room.height}` });
  svg.replaceChildren(
    ...frame(chart, low, high, scales.y, room),
    ...placeWords(chart, scales.x, room),
    s("text", { x: middle, y: room.height - 10, "text-anchor": "middle", class: "axis" }, along),
    s("text", upright, upTitle(chart, room)),
    ...ordered.flatMap(({ line, index }) => drawLine(line, index, series.length, scales, open)),
  );
}

/**
 * Returns what stands beside the vertical axis: the heading says it whole.
 *
 * @param {Pick<SweepChart, "counted_in" | "is_rate">} chart
 * @param {Room} room
 */
function upTitle({ counted_in, is_rate }, { height }) {
  if (width(counted_in, SIZE, 650) <= height - TOP - BOTTOM) return counted_in;
  return is_rate ? "in % of these runs" : "on average of these runs";
}

/**
 * Returns the least and the greatest value of the vertical axis: zero is between, and the ends are
 * round.
 *
 * @param {Pick<SweepChart, "series" | "is_rate">} chart
 */
export function ends({ series, is_rate }) {
  const values = series.flatMap(({ points, theory }) => [
    ...points.flatMap(({ low, high }) => [low, high]),
    ...theory.flat().map(([, value]) => value),
  ]);
  const high = niceAbove(Math.max(is_rate ? 0.01 : 1e-9, ...values));
  const least = Math.min(0, ...values);
  return [least < 0 ? -niceAbove(-least) : 0, is_rate ? Math.min(1, high) : high];
}

/**
 * Returns the least of 1, 2, 2.5, 5 times a power of ten that is not below `value`.
 *
 * @param {number} value
 */
export function niceAbove(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  const digit = [1, 2, 2.5, 5].find((digit) => digit * unit >= value - 1e-12) ?? 10;
  return digit * unit;
}

/**
 * @param {Pick<SweepChart, "places">} chart
 * @param {Room} room
 * @returns {Scales["x"]}
 */
function across({ places }, { width }) {
  const all = places.map(([place]) => place);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const [from, to] = [LEFT + INSIDE, width - RIGHT - INSIDE];
  return (place) => (most > least ? from + ((place - least) / (most - least)) * (to - from) : (from + to) / 2);
}

/**
 * @param {number} low
 * @param {number} high
 * @param {Room} room
 * @returns {Scales["y"]}
 */
function upwards(low, high, { height }) {
  return (value) => height - BOTTOM - ((value - low) / (high - low)) * (height - TOP - BOTTOM);
}

/**
 * Returns in how many parts the vertical axis is cut, so that their ends are round.
 *
 * @param {number} low
 * @param {number} high
 */
export function partsOf(low, high) {
  const digits = Number(high.toPrecision(2)) / 10 ** Math.floor(Math.log10(high));
  return low === 0 && [2.5, 5].includes(digits) ? 5 : 4;
}

/**
 * @param {SweepChart} chart
 * @param {number} low
 * @param {number} high
 * @param {Scales["y"]} up
 * @param {Room} room
 */
function frame({ is_rate, is_time }, low, high, up, { width }) {
  const parts = partsOf(low, high);
  return Array.from({ length: parts + 1 }, (_, part) => part).flatMap((part) => {
    const value = low + (part / parts) * (high - low);
    const y = up(value);
    const words = is_time ? span(value, 3) : `${Number((value * (is_rate ? 100 : 1)).toPrecision(3))}`;
    return [
      s("path", { class: "grid", d: `M${LEFT} ${y}H${width - RIGHT}` }),
      s("text", { x: LEFT - 10, y: y + 5, "text-anchor": "end" }, is_rate ? `${words} %` : words),
    ];
  });
}

/**
 * Returns the words below the axis; of places that lie too near each other, those that fit.
 *
 * @param {Pick<SweepChart, "places">} chart
 * @param {Scales["x"]} x
 * @param {Room} room
 */
function placeWords({ places }, x, { height }) {
  let taken = Number.NEGATIVE_INFINITY;
  const sorted = [...places].sort(([one], [other]) => one - other);
  return sorted.flatMap(([place, words]) => {
    const half = width(words, SIZE) / 2 + 5;
    if (x(place) - half < taken) return [];
    taken = x(place) + half;
    return [s("text", { x: x(place), y: height - BOTTOM + 22, "text-anchor": "middle" }, words)];
  });
}

/**
 * @param {ChartLine} line
 * @param {number} index
 * @param {number} count of all series
 * @param {Scales} scales
 * @param {OnOpen} open
 */
function drawLine(line, index, count, { x, y }, open) {
  const beside = (index - (count - 1) / 2) * ASIDE;
  const theory = line.theory.map((piece) => {
    const d =
      piece.length > 1
        ? piece.map(([place, value], i) => `${i ? "L" : "M"}${x(place)} ${y(value)}`).join("")
        : `M${x(piece[0][0]) - 16} ${y(piece[0][1])}h32`;
    return s("path", { class: `theory ${look(index)}`, d });
  });
  const at = line.points.map(({ x: place, value }, i) => `${i ? "L" : "M"}${x(place) + beside} ${y(value)}`);
  const thin = line.is_aside ? [s("path", { class: `thin ${look(index)}`, d: at.join("") })] : [];
  const points = line.points.map((mark) => drawPoint(line, index, mark, { x: (place) => x(place) + beside, y }, open));
  return [...theory, ...thin, ...points];
}

/**
 * @param {ChartLine} line
 * @param {number} index
 * @param {ChartMark} mark
 * @param {Scales} scales
 * @param {OnOpen} open
 */
function drawPoint(line, index, mark, { x, y }, open) {
  const press = () => open(mark.point, line.of);
  const [low, high] = [y(mark.low), y(mark.high)];
  const d = `M0 ${low}V${high}M-5 ${low}h10M-5 ${high}h10`;
  return s(
    "g",
    {
      class: `point ${look(index)}`,
      transform: `translate(${x(mark.x)} 0)`,
      tabindex: 0,
      role: "button",
      onclick: press,
      onkeydown: (event) => event.key === "Enter" && press(),
      "aria-label": `${line.words || line.of}, ${mark.words}; open one`,
    },
    line.is_aside ? null : s("path", { class: "interval", d }),
    s(
      "g",
      { transform: `translate(0 ${y(mark.value)})` },
      s("circle", { class: "target", r: 13 }),
      markOf(index, line),
    ),
  );
}
