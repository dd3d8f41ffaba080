// @ts-check
// Happened-before: the past and the future of what is selected, shaded along the lanes.

/** @import { Scene } from "./scene.js" */

import { s } from "./dom.js";
import { eventOf } from "./selection.js";

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
  const here = run.events[id];
  const left = x(here.at);
  const y = sizes.lane(here.node ?? 0) + room / 2 + 11;
  /** @type {(words: string, x: number, anchor: string) => SVGElement} */
  const name = (words, x, anchor) =>
    s("text", { class: "shade-name", x, y, "font-size": 11, "text-anchor": anchor }, words);
  // At the run's beginning there is no room for words on the left.
  const past = left > x(0) + 70 ? [name("◂ its past", left - 8, "end")] : [];
  return [...bands, ...past, name("its future ▸", left + 8, "start")];
}
