// @ts-check
// Lines in the field: links, the walls of partitions, and the rings of arrivals.

/** @import { PartitionShown } from "../wire.d.ts" */
/** @import { Measures, Place, Way } from "./layout.js" */
/** @import { Run } from "./run.js" */
/** @import { Ways } from "./ways.js" */

import { countUpTo } from "./binary_search.js";
import { s } from "./dom.js";
import { along } from "./layout.js";

/** How long an arrival shows, in seconds of playing. */
const PULSE = 0.7;
/** The most arrivals that show at once. */
const MOST_PULSES = 12;

/**
 * Draws a line for each link on which a message goes, and what is pressed of it.
 *
 * @param {Run} run
 * @param {Ways} ways
 */
export function linkLines(run, ways) {
  const lines = linksOf(run).map(([one, other]) => ({ one, other, d: pathOf(ways, one, other) }));
  return s(
    "g",
    { class: "all-links" },
    s("path", { class: "links", d: lines.map(({ d }) => d).join("") }),
    ...lines.map(({ one, other, d }) => s("path", { class: "link-touch", d, "data-link": `${one} ${other}` })),
  );
}

/**
 * Returns the path of a link.
 *
 * @param {Ways} ways
 * @param {number} one
 * @param {number} other
 */
export function pathOf(ways, one, other) {
  const { a, b, c } = ways.between(one, other);
  return `M${a.x} ${a.y}Q${c.x} ${c.y} ${b.x} ${b.y}`;
}

/**
 * Returns the pairs of nodes between which a message goes.
 *
 * @param {Pick<Run, "messages">} run
 */
export function linksOf(run) {
  /** @type {Map<string, [number, number]>} */
  const pairs = new Map();
  for (const { from, to } of run.messages) {
    const [a, b] = [Math.min(from, to), Math.max(from, to)];
    pairs.set(`${a} ${b}`, [a, b]);
  }
  return [...pairs.values()];
}

/**
 * Draws a bar across each link that a partition cuts.
 *
 * @param {readonly PartitionShown[]} partitions
 * @param {Ways} ways
 * @param {number} unit
 */
export function walls(partitions, ways, unit) {
  return partitions.flatMap(({ groups, one_way }) =>
    pairsBetween(groups).map(([a, b]) => bar(ways.between(a, b), unit, one_way)),
  );
}

/**
 * Returns all pairs of nodes of different groups.
 *
 * @param {readonly (readonly number[])[]} groups
 */
function pairsBetween(groups) {
  return groups.flatMap((group, i) => {
    const others = groups.slice(i + 1).flat();
    return others.flatMap((b) => group.map((a) => [a, b]));
  });
}

/**
 * Returns a bar across a link.
 *
 * @param {Way} way
 * @param {number} unit
 * @param {boolean} isOneWay
 */
function bar(way, unit, isOneWay) {
  const { x, y } = along(way, 0.5);
  const angle = (Math.atan2(way.b.y - way.a.y, way.b.x - way.a.x) * 180) / Math.PI;
  const half = unit * 1.7;
  return s(
    "g",
    { class: "wall", transform: `translate(${x} ${y}) rotate(${angle})` },
    s("path", { d: `M-4 ${-half}V${half}M4 ${-half}V${half}` }),
    isOneWay ? s("path", { d: `M${unit} ${-unit * 0.5}L${unit * 1.6} 0 ${unit} ${unit * 0.5}` }) : null,
  );
}

/**
 * Returns the rings around nodes at which messages have just arrived.
 *
 * @param {Run} run
 * @param {{ places: readonly Place[], measures: Measures }} laid
 * @param {number} at
 */
export function pulsesAt(run, { places, measures }, at) {
  const { arrivals, playback } = run;
  const now = playback.second(at);
  const rings = [];
  for (let i = countUpTo(arrivals, at, (m) => m.ends) - 1; i >= 0 && rings.length < MOST_PULSES; i--) {
    const message = arrivals[i];
    const since = now - playback.second(message.ends);
    if (since > PULSE) break;
    if (message.ending !== "delivered" || (at === run.ends && since === 0)) continue;
    const { x: cx, y: cy } = places[message.to];
    const r = measures.radius + (since / PULSE) * measures.unit * 1.4;
    const opacity = (1 - since / PULSE).toFixed(2);
    rings.push(s("circle", { class: message.lie ? "pulse lie" : "pulse", cx, cy, r, opacity }));
  }
  return rings;
}

/** Returns the hatching of nodes that are down. */
export function hatching() {
  const size = { width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  return s(
    "defs",
    {},
    s(
      "pattern",
      { id: "hatching", ...size },
      s("rect", { width: 8, height: 8, class: "hatching-ground" }),
      s("path", { d: "M2 0V8", class: "hatching-line" }),
    ),
  );
}
