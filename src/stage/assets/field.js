// @ts-check
// The field: nodes where the story puts them, and messages on their way between them.

/** @import { Measures, Place, Way } from "./layout.js" */
/** @import { Run } from "./run.js" */
/** @import { OnPick, Selected } from "./selection.js" */

import { countUpTo } from "./binary_search.js";
import { h, s, set, targetOf } from "./dom.js";
import { along, measuresOf, placesOf, wayBetween } from "./layout.js";
import { legend } from "./legend.js";
import { NodeView } from "./nodes.js";
import { scenery } from "./scenery.js";
import { Tokens } from "./tokens.js";

/** How long an arrival shows, in seconds of playing. */
const PULSE = 0.7;
/** The most arrivals that show at once. */
const MOST_PULSES = 12;

/**
 * A run laid out in a field of a certain size.
 *
 * @typedef {{
 *   run: Run,
 *   measures: Measures,
 *   places: Place[],
 *   tokens: Tokens,
 *   nodes: NodeView[],
 *   bars: SVGGElement,
 *   pulses: SVGGElement,
 * }} Laid
 */

export class Field {
  /** @param {OnPick} onPick */
  constructor(onPick) {
    this.onPick = onPick;
    /** @type {Run | null} */
    this.run = null;
    /** @type {Laid | null} */
    this.laid = null;
    /** @type {{ at: number, count: number, selected: Selected | null } | null} */
    this.shown = null;
    /** The partitions that are barred, by when they begin. */
    this.barred = "";
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.svg = s("svg", { role: "group", "aria-label": "The field" });
    this.element = h("div", { class: "field" }, this.canvas, this.svg);
    this.svg.addEventListener("click", (event) => this.pick(event));
    new ResizeObserver(() => this.lay()).observe(this.element);
  }

  /**
   * Shows another run.
   *
   * @param {Run} run
   */
  open(run) {
    this.run = run;
    this.lay();
  }

  /** Lays everything out anew. */
  lay() {
    const { run, canvas, onPick } = this;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!run || width === 0 || height === 0) return;
    const measures = measuresOf(run.nodes.length, width, height);
    const places = placesOf({ layout: run.show.layout, nodes: run.nodes }, measures);
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const scale = globalThis.devicePixelRatio || 1;
    Object.assign(canvas, { width: width * scale, height: height * scale });
    const tokens = new Tokens(run, places, measures, canvas, onPick);
    const nodes = places.map((place, index) => new NodeView(run, index, place, measures, onPick));
    const [bars, pulses] = [s("g", { class: "walls" }), s("g", { class: "pulses" })];
    this.laid = { run, measures, places, tokens, nodes, bars, pulses };
    this.svg.replaceChildren(
      patterns(),
      scenery(run.show.layout, places, measures),
      linkLines(this.laid),
      bars,
      tokens.tails,
      pulses,
      ...nodes.map((node) => node.element),
      tokens.layer,
      ...legend(run.colours, tokens.kind, measures),
    );
    this.barred = "";
    if (this.shown) this.show(this.shown.at, this.shown.count, this.shown.selected);
  }

  /**
   * Draws the moment `at`, when `count` events have happened.
   *
   * @param {number} at
   * @param {number} count
   * @param {Selected | null} selected
   */
  show(at, count, selected) {
    this.shown = { at, count, selected };
    if (!this.laid) return;
    const { nodes, tokens } = this.laid;
    for (const node of nodes) node.show(at, count, selected?.node === node.index);
    tokens.show(at, count, selected?.message);
    this.showPartitions(this.laid, at);
    showPulses(this.laid, at);
  }

  /**
   * Bars the links that a partition cuts.
   *
   * @param {Laid} laid
   * @param {number} at
   */
  showPartitions({ run, places, measures, bars }, at) {
    const partitions = run.partitionsAt(at);
    const key = partitions.map((partition) => partition.from).join();
    if (key === this.barred) return;
    this.barred = key;
    const cuts = partitions.flatMap(({ groups, one_way }) =>
      pairsBetween(groups).map(([a, b]) => {
        return bar(wayBetween(places[a], places[b], measures.radius, 0), measures.unit, one_way);
      }),
    );
    bars.replaceChildren(...cuts);
  }

  /** @param {MouseEvent} event */
  pick(event) {
    if (!this.laid || targetOf(event)?.closest(".node")) return;
    const box = this.svg.getBoundingClientRect();
    const message = this.laid.tokens.find(event.clientX - box.left, event.clientY - box.top);
    this.onPick(message ? { message: message.index } : null);
  }
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

/** @param {Laid} laid */
function linkLines({ run, places, measures }) {
  /** @type {Map<string, [number, number]>} */
  const pairs = new Map();
  for (const { from, to } of run.messages) {
    const [a, b] = [Math.min(from, to), Math.max(from, to)];
    pairs.set(`${a} ${b}`, [a, b]);
  }
  const lines = [...pairs.values()].map(([one, other]) => {
    const { a, b } = wayBetween(places[one], places[other], measures.radius, 0);
    return `M${a.x} ${a.y}L${b.x} ${b.y}`;
  });
  return s("path", { class: "links", d: lines.join("") });
}

/**
 * Lights a node up when a message arrives.
 *
 * @param {Laid} laid
 * @param {number} at
 */
function showPulses({ run, places, measures, pulses }, at) {
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
  if (rings.length > 0 || pulses.childElementCount > 0) pulses.replaceChildren(...rings);
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

/** Returns the hatching of nodes that are down. */
function patterns() {
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
