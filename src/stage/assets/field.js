// The field: nodes where the story puts them, and messages on their way between them.

import { h, s, set } from "./dom.js";
import { NodeView } from "./nodes.js";
import { bow, along, measures, places } from "./places.js";
import { scenery } from "./scenery.js";
import { Tokens } from "./tokens.js";
import { countUpTo } from "./sorted.js";

/** How long an arrival shows, in seconds of playing. */
const PULSE = 0.7;

export class Field {
  constructor(onpick) {
    this.onpick = onpick;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.svg = s("svg", { role: "group", "aria-label": "The field" });
    this.element = h("div", { class: "field" }, this.canvas, this.svg);
    this.svg.addEventListener("click", (event) => this.pick(event));
    new ResizeObserver(() => this.lay()).observe(this.element);
  }

  /** Shows another run. */
  open(run) {
    this.run = run;
    this.lay();
  }

  lay() {
    const { run } = this;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!run || width === 0 || height === 0) return;
    const sizes = measures(run, width, height);
    this.sizes = sizes;
    this.places = places(run, sizes);
    for (const message of run.messages) delete message.way;
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const scale = globalThis.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: width * scale, height: height * scale });
    this.tokens = new Tokens(run, this.places, sizes, this.canvas, this.onpick);
    this.views = run.nodes.map((_, index) => new NodeView(run, index, this.places[index], sizes, this.onpick));
    this.walls = s("g", { class: "walls" });
    this.pulses = s("g", { class: "pulses" });
    this.svg.replaceChildren(
      patterns(),
      scenery(run, this.places, sizes),
      this.linkLines(),
      this.walls,
      this.tokens.tails,
      this.pulses,
      ...this.views.map((view) => view.element),
      this.tokens.layer,
      ...legend(run, this.tokens.kind, sizes),
    );
    this.wallKey = null;
    if (this.shown) this.show(...this.shown);
  }

  linkLines() {
    const { run, places, sizes } = this;
    const pairs = new Set(run.messages.map((m) => Math.min(m.from, m.to) * 4096 + Math.max(m.from, m.to)));
    const line = (key) => {
      const { a, b } = bow(places[Math.floor(key / 4096)], places[key % 4096], sizes.radius, 0);
      return `M${a.x} ${a.y}L${b.x} ${b.y}`;
    };
    return s("path", { class: "links", d: [...pairs].map(line).join("") });
  }

  /** Draws the moment `at`, when `count` events have happened. */
  show(at, count, selected) {
    this.shown = [at, count, selected];
    if (!this.tokens) return;
    this.views.forEach((view, index) => view.show(at, count, selected?.node === index));
    this.tokens.show(at, count, selected?.message);
    this.showWalls(at);
    this.showPulses(at);
  }

  /** Links that a partition cuts are barred. */
  showWalls(at) {
    const walls = this.run.partitionsAt(at);
    const key = walls.map((wall) => wall.from).join();
    if (key === this.wallKey) return;
    this.wallKey = key;
    const { places, sizes } = this;
    const bars = walls.flatMap(({ groups, one_way }) =>
      groups.flatMap((group, i) =>
        groups
          .slice(i + 1)
          .flatMap((other) =>
            group.flatMap((a) =>
              other.map((b) => bar(bow(places[a], places[b], sizes.radius, 0), sizes.unit, one_way)),
            ),
          ),
      ),
    );
    this.walls.replaceChildren(...bars);
  }

  /** Nodes light up when a message arrives. */
  showPulses(at) {
    const { run, places, sizes } = this;
    const now = run.playback.second(at);
    const arrivals = run.arrivals;
    const rings = [];
    for (let i = countUpTo(arrivals, at, (m) => m.ends) - 1; i >= 0 && rings.length < 12; i--) {
      const message = arrivals[i];
      const since = now - run.playback.second(message.ends);
      if (since > PULSE) break;
      if (message.ending !== "delivered" || (at === run.ends && since === 0)) continue;
      const place = places[message.to];
      rings.push(
        s("circle", {
          class: message.lie ? "pulse lie" : "pulse",
          cx: place.x,
          cy: place.y,
          r: sizes.radius + (since / PULSE) * sizes.unit * 1.4,
          opacity: (1 - since / PULSE).toFixed(2),
        }),
      );
    }
    if (rings.length > 0 || this.pulses.childElementCount > 0) this.pulses.replaceChildren(...rings);
  }

  pick(event) {
    if (!this.tokens || event.target.closest(".node")) return;
    const box = this.svg.getBoundingClientRect();
    const message = this.tokens.find(event.clientX - box.left, event.clientY - box.top);
    this.onpick(message ? { message: message.index } : null);
  }
}

/** A bar across a link. */
function bar(way, unit, oneWay) {
  const { x, y } = along(way, 0.5);
  const angle = (Math.atan2(way.b.y - way.a.y, way.b.x - way.a.x) * 180) / Math.PI;
  const half = unit * 1.7;
  return s(
    "g",
    { class: "wall", transform: `translate(${x} ${y}) rotate(${angle})` },
    s("path", { d: `M-4 ${-half}V${half}M4 ${-half}V${half}` }),
    oneWay ? s("path", { d: `M${unit} ${-unit * 0.5}L${unit * 1.6} 0 ${unit} ${unit * 0.5}` }) : null,
  );
}

function patterns() {
  return s(
    "defs",
    {},
    s(
      "pattern",
      { id: "hatching", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      s("rect", { width: 8, height: 8, class: "hatching-ground" }),
      s("path", { d: "M2 0V8", class: "hatching-line" }),
    ),
  );
}

/** What letters and dots stand for, where there are no words on them. */
function legend(run, kind, { unit, height }) {
  if (kind === "words" || run.inks.size === 0) return [];
  const rows = [...run.inks].slice(0, 4).map(([words, ink], index) => {
    const y = height - unit * (1.2 + (run.inks.size - 1 - index) * 1.6);
    const shape =
      ink === 1
        ? s("rect", { class: "shape", x: unit - unit * 0.45, y: y - unit * 0.8, width: unit * 0.9, height: unit * 0.9 })
        : s("circle", { class: "shape", cx: unit, cy: y - unit * 0.34, r: unit * 0.5 });
    return s(
      "g",
      { class: `token ink-${ink}` },
      shape,
      s("text", { class: "key", x: unit * 2, y, "font-size": unit * 0.95 }, words || "a message"),
    );
  });
  return [s("g", { class: "legend" }, ...rows)];
}
