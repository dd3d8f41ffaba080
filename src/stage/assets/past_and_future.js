// @ts-check
// Happened-before: the past and the future of what is selected, shaded along the lanes.

/** @import { Labelled } from "./marks.js" */
/** @import { Scene } from "./scene.js" */

import { s } from "./dom.js";
import { sizeOf } from "./marks_label.js";
import { eventOf } from "./selection.js";

/** How much these names are wanted. */
const NAMES = 20;

/**
 * A part of a lane in the past or the future of an event: its node, and its first and last moment.
 *
 * @typedef {{ node: number, from: number, to: number, look: "past" | "future" }} Cone
 */

/**
 * Returns the parts of lanes that are in the past and in the future of an event.
 *
 * @param {Pick<Scene["run"], "causality" | "events" | "ends">} run
 * @param {number} id
 * @returns {Cone[]}
 */
export function conesOf({ causality, events, ends }, id) {
  /** @type {Cone[]} */
  const cones = [];
  causality.past(id).forEach((last, node) => {
    if (last >= 0) cones.push({ node, from: 0, to: events[last].at, look: "past" });
  });
  causality.future(id).forEach((first, node) => {
    if (Number.isFinite(first)) cones.push({ node, from: events[first].at, to: ends, look: "future" });
  });
  return cones;
}

/** @param {Scene} scene */
export function drawPastAndFuture({ run, sizes, x, end, selected }) {
  const id = eventOf(run, selected);
  if (id === null) return [];
  const room = Math.min(sizes.gap * 0.62, 40);
  const bands = conesOf(run, id).flatMap(({ node, from, to, look }) => {
    // The past begins a little before the first event, and the future ends a little after the last.
    const left = look === "past" ? x(from) - 8 : x(from);
    const right = look === "past" ? x(to) : Math.max(end, x(to)) + 12;
    const place = { x: left, y: sizes.lane(node) - room / 2, width: right - left, height: room };
    return right > left ? [s("rect", { class: look, ...place, rx: 5 })] : [];
  });
  return bands;
}

/**
 * Returns the labels of the past and the future of what is selected.
 *
 * @param {Scene} scene
 * @returns {Labelled[]}
 */
export function namesOfPastAndFuture({ run, sizes, x, selected }) {
  const id = eventOf(run, selected);
  if (id === null) return [];
  const { at, node = 0 } = run.events[id];
  const [left, y] = [x(at), sizes.lane(node)];
  const room = Math.min(sizes.gap * 0.62, 40) / 2;
  /** @type {(words: string, before: boolean) => Labelled} */
  const name = (words, before) => {
    const { lines, wide, high } = sizeOf(words);
    const from = before ? left - 8 - wide : left + 8;
    const tops = [y + room + 2, y - room - high - 2];
    const places = tops.map((top) => ({ left: from, right: from + wide, top, bottom: top + high }));
    return { at: 0, lines, look: "words shade-name", priority: NAMES, places };
  };
  return [name("◂ its past", true), name("its future ▸", false)];
}
