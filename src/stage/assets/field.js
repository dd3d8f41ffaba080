// @ts-check
// The field: nodes where the story puts them, messages on their way between them, and what stays.

/** @import { Ruler } from "./clock_ruler.js" */
/** @import { Box } from "./label_layout.js" */
/** @import { Measures, Place } from "./layout.js" */
/** @import { Legend } from "./legend.js" */
/** @import { Run } from "./run.js" */
/** @import { OnPick, Selected } from "./selection.js" */
/** @import { Spoken } from "./spoken.js" */
/** @import { Stress } from "./stress.js" */

import { boxesOfWays, clockRuler } from "./clock_ruler.js";
import { drawCrowd, finder, isCrowd } from "./crowd.js";
import { flagInField, ringInField } from "./difference.js";
import { h, s, set, targetOf } from "./dom.js";
import { hatching, linkLines, pulsesAt, walls } from "./field_lines.js";
import { FieldGhost } from "./ghost_field.js";
import { roomsOf } from "./label_regions.js";
import { measuresOf, placesOf } from "./layout.js";
import { legend } from "./legend.js";
import { needOf } from "./node_label.js";
import { NodeView } from "./nodes.js";
import { drawRemains, remainsOf } from "./remains.js";
import { scenery } from "./scenery.js";
import { NOTHING_SPOKEN } from "./spoken.js";
import { dimMarks, dimNodes } from "./stress.js";
import { width as textWidth } from "./text.js";
import { Tokens } from "./tokens.js";
import { leastTypeNow } from "./type_size.js";

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
 *   remains: SVGGElement,
 *   key: Legend | null,
 *   ruler: Ruler | null,
 *   told: Box[],
 *   crowd: SVGGElement | null,
 *   named: Box[],
 *   ghost: FieldGhost | null,
 * }} Laid
 *
 * What the page points at in the field, whether the run stands still, and what stands out.
 *
 * @typedef {{
 *   selected: Selected | null,
 *   spoken?: Spoken,
 *   isResting?: boolean,
 *   stress?: Stress | null,
 * }} Pointed
 */

/** @type {Pointed} */
const NOTHING = { selected: null };

export class Field {
  /** @param {OnPick} onPick */
  constructor(onPick) {
    this.onPick = onPick;
    /** @type {Run | null} */
    this.run = null;
    /** @type {Laid | null} */
    this.laid = null;
    /** @type {{ at: number, count: number, pointed: Pointed } | null} */
    this.shown = null;
    /** The partitions that are barred, by when they begin. */
    this.barred = "";
    /** What stays, as the numbers of its messages. */
    this.remaining = "";
    /** The node of a crowd that has the focus. @type {number | null} */
    this.nearest = null;
    /** What is said of a crowd. */
    this.crowded = "";
    /** The run whose nodes can be looked for. @type {Run | null} */
    this.sought = null;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.svg = s("svg", { role: "group", "aria-label": "The field" });
    this.element = h("div", { class: "field" }, this.canvas, this.svg);
    this.svg.addEventListener("click", (event) => this.pick(event));
    for (const kind of ["focusin", "focusout", "pointerover"])
      this.svg.addEventListener(kind, (event) => this.near(event));
    new ResizeObserver(() => this.lay()).observe(this.element);
  }

  /**
   * Names the node of a crowd that has the focus, or that the pointer is on.
   *
   * @param {Event} event
   */
  near(event) {
    const { laid, shown } = this;
    if (!laid?.crowd || !shown) return;
    const element = event.type === "focusout" ? null : targetOf(event)?.closest(".node");
    const index = laid.nodes.findIndex((node) => node.element === element);
    const near = index < 0 ? null : index;
    if (near === this.nearest) return;
    this.nearest = near;
    this.show(shown.at, shown.count, shown.pointed);
  }

  /**
   * Shows another run.
   *
   * @param {Run} run
   */
  open(run) {
    this.run = run;
    // What was shown is of another run, which has other messages.
    this.shown = null;
    this.lay();
  }

  /** Lays everything out anew. */
  lay() {
    const { run, canvas, onPick } = this;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!run || width === 0 || height === 0) return;
    const measures = measuresOf(run.nodes.length, width, height, leastTypeNow());
    const homes = housed(run, placesOf({ layout: run.show.layout, nodes: run.nodes }, measures), measures);
    const places = homes.map(({ place }) => place);
    const rooms = homes.map(({ room }) => room);
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const scale = globalThis.devicePixelRatio || 1;
    Object.assign(canvas, { width: width * scale, height: height * scale });
    const tokens = new Tokens(run, places, measures, canvas, onPick);
    const nodes = places.map((place, index) => {
      const room = around(rooms[index], place);
      return new NodeView(run, { index, letters: run.initials[index], place, room, measures }, onPick);
    });
    const layer = (/** @type {string} */ name) => s("g", { class: name });
    const [bars, pulses, remains] = ["walls", "pulses", "remains"].map(layer);
    this.showFinder(run);
    const crowd = isCrowd(run.nodes.length) ? s("g", { class: "crowd label" }) : null;
    const discs = places.map((place) => discOf(place, measures));
    const key = legend(run, tokens.kind, measures, [...rooms, ...discs, ...this.finderBox()]);
    const taken = [...rooms, ...discs, ...boxesOf(key)];
    const ruler = clockRuler(run, measures, { taken, crossed: boxesOfWays(run, tokens.ways, measures) });
    const { parting } = run;
    const ghost = parting && new FieldGhost(parting, { places, measures, haveWords: tokens.kind === "words" });
    const drawn = { run, measures, places, tokens, nodes, bars, pulses, remains, key, ruler, crowd, ghost };
    this.laid = { ...drawn, told: [], named: [] };
    this.svg.replaceChildren(
      hatching(),
      scenery(run.show.layout, places, measures),
      // In a crowd, there are only the ways of what is under way.
      ...(crowd ? [] : [linkLines(run, tokens.ways)]),
      bars,
      ...(ghost ? [ghost.element] : []),
      remains,
      tokens.tails,
      pulses,
      ...present([parting && ringInField(parting, { places, measures })]),
      ...nodes.map((node) => node.element),
      ...(crowd ? [crowd] : []),
      ...present([parting && flagInField(parting, { places, measures }, onPick)]),
      tokens.layer,
      ...(key ? [key.element] : []),
      ...(ruler ? [ruler.element] : []),
    );
    this.barred = this.remaining = this.crowded = "";
    if (this.shown) this.show(this.shown.at, this.shown.count, this.shown.pointed);
  }

  /**
   * Draws the moment `at`, when `count` events have happened.
   *
   * @param {number} at
   * @param {number} count
   * @param {Pointed} [pointed]
   */
  show(at, count, pointed = NOTHING) {
    this.shown = { at, count, pointed };
    if (!this.laid) return;
    const { selected, spoken = NOTHING_SPOKEN, isResting = true, stress = null } = pointed;
    const { nodes, tokens, run, pulses, ghost } = this.laid;
    for (const node of nodes) {
      const isSpoken = spoken.nodes.has(node.index);
      node.show(at, count, { isSelected: selected?.node === node.index, isSpoken, words: spoken.words });
    }
    this.laid.key?.show(count);
    this.laid.ruler?.show(at);
    if (this.laid.crowd) this.showCrowd(this.laid, count, selected, spoken);
    const moving = tokens.shownAt(at, count, spoken.messages).map(({ index }) => index);
    this.showRemains(this.laid, at, count, new Set(isResting ? moving : []));
    ghost?.label(at, count, () => this.covered(this.around(/** @type {Laid} */ (this.laid), false)));
    ghost?.show(at, count);
    tokens.show(at, count, { selected: selected?.message, spoken: spoken.messages, isResting }, this.around(this.laid));
    this.showPartitions(this.laid, at);
    const rings = pulsesAt(run, this.laid, at);
    if (rings.length > 0 || pulses.childElementCount > 0) pulses.replaceChildren(...rings);
    if (stress || this.element.hasAttribute("data-stressed")) this.dim(this.laid, at, stress);
  }

  /**
   * Dims what does not stand out.
   *
   * @param {Laid} laid
   * @param {number} at
   * @param {Stress | null} stress
   */
  dim({ nodes, remains, tokens }, at, stress) {
    this.element.toggleAttribute("data-stressed", stress !== null);
    dimNodes(nodes, stress, at);
    dimMarks(remains, stress);
    dimMarks(tokens.layer, stress);
  }

  /**
   * Returns what a token that rests may not cover.
   *
   * @param {Laid} laid
   * @param {boolean} [hasGhost] whether that is also what the ghost has said
   */
  around({ nodes, places, measures, key, ruler, told, named, ghost }, hasGhost = true) {
    const { width, height, radius } = measures;
    const labels = [...boxesOf(key, ruler), ...told, ...named, ...((hasGhost && ghost?.covers) || [])];
    return {
      discs: places.map(({ x, y }) => ({ x, y, radius: radius + 2 })),
      taken: [...nodes.flatMap((node) => node.covers), ...labels],
      bounds: { left: 1, top: 1, right: width - 1, bottom: height - 1 },
    };
  }

  /**
   * Returns what no label may cover.
   *
   * @param {ReturnType<Field["around"]>} around
   */
  covered({ taken, discs }) {
    return [...taken, ...discs.map(({ x, y, radius }) => square(x, y, radius))];
  }

  /**
   * Bars the links that a partition cuts.
   *
   * @param {Laid} laid
   * @param {number} at
   */
  showPartitions({ run, tokens, measures, bars }, at) {
    const partitions = run.partitionsAt(at);
    const key = partitions.map((partition) => partition.from).join();
    if (key === this.barred) return;
    this.barred = key;
    bars.replaceChildren(...walls(partitions, tokens.ways, measures.unit));
  }

  /**
   * Draws what stays of the messages that are over.
   *
   * @param {Laid} laid
   * @param {number} at
   * @param {number} count
   * @param {ReadonlySet<number>} moving the messages that have their words on them
   */
  showRemains(laid, at, count, moving) {
    const { run, tokens, measures, remains } = laid;
    const staying = remainsOf(run, count, at);
    const covers = laid.nodes.flatMap((node) => node.covers);
    const key = JSON.stringify([
      staying.map(({ message, isEvidence }) => [message.index, isEvidence]),
      [...moving],
      covers,
    ]);
    if (staying.length === 0 ? this.remaining === "" : key === this.remaining) return;
    this.remaining = staying.length === 0 ? "" : key;
    laid.told = [];
    const covered = this.covered(this.around(laid, false));
    const { elements, covers: told } = drawRemains(staying, tokens.ways, measures, { taken: covered, moving });
    laid.told = told;
    remains.replaceChildren(...elements);
  }

  /**
   * Shows what is said of a crowd.
   *
   * @param {Laid} laid
   * @param {number} count
   * @param {Selected | null} selected
   * @param {Spoken} spoken
   */
  showCrowd(laid, count, selected, spoken) {
    const { run, crowd, nodes } = laid;
    const chosen = [selected?.node, this.nearest].flatMap((node) => (typeof node === "number" ? [node] : []));
    const pointed = new Set([...chosen, ...spoken.nodes]);
    const wrong = new Set(nodes.map(({ index }) => index).filter((index) => run.violatedAt(index, count).length > 0));
    const decided = run.lives.map((_, index) => run.nodeAt(index, count).outputs.length).join();
    const key = `${[...pointed]}|${[...wrong]}|${decided}`;
    if (key === this.crowded) return;
    this.crowded = key;
    const { places, measures, key: legendOf } = laid;
    const taken = [...(legendOf ? [legendOf.box] : []), ...this.finderBox()];
    const { elements, covers } = drawCrowd(run, count, { pointed, wrong }, { places, measures, taken });
    laid.named = [...covers, ...taken];
    crowd?.replaceChildren(...elements);
  }

  /**
   * Shows the box in which a node is looked for, if there are many.
   *
   * @param {Run} run
   */
  showFinder(run) {
    if (this.sought === run) return;
    this.sought = run;
    this.element.querySelector(".finder")?.remove();
    if (isCrowd(run.nodes.length)) this.element.append(finder(run, this.onPick));
  }

  /** Returns what the box covers in which a node is looked for, if it shows. */
  finderBox() {
    const box = this.element.querySelector(".finder")?.getBoundingClientRect();
    if (!box || box.width === 0) return [];
    const edge = this.element.getBoundingClientRect();
    const [left, top] = [box.left - edge.left, box.top - edge.top];
    return [{ left: left - 4, right: left + box.width + 4, top, bottom: top + box.height + 4 }];
  }

  /** @param {MouseEvent} event */
  pick(event) {
    if (!this.laid || targetOf(event)?.closest(".node")) return;
    const box = this.svg.getBoundingClientRect();
    const message = this.laid.tokens.find(event.clientX - box.left, event.clientY - box.top);
    const index = message?.index ?? remainAt(event);
    this.onPick(index === undefined ? linkAt(event) : { message: index });
  }
}

/**
 * Returns what the legend and the ruler cover.
 *
 * @param {...({ box: Box } | null)} parts
 */
function boxesOf(...parts) {
  return parts.flatMap((part) => (part ? [part.box] : []));
}

/** @param {MouseEvent} event */
function remainAt(event) {
  const index = targetOf(event)?.closest(".remain")?.getAttribute("data-index");
  return index ? Number(index) : undefined;
}

/**
 * @param {MouseEvent} event
 * @returns {Selected | null}
 */
function linkAt(event) {
  const link = targetOf(event)?.closest("[data-link]")?.getAttribute("data-link");
  if (!link) return null;
  const [from, to] = link.split(" ").map(Number);
  return { link: { from, to } };
}

/**
 * Returns the places with the rooms of their labels.
 *
 * @param {Run} run
 * @param {readonly Place[]} places
 * @param {Measures} measures
 */
function housed(run, places, measures) {
  const needs = places.map((place, index) => ({
    ...place,
    ...needOf(run, index, place.side, measures),
    name: textWidth(run.nodes[index].name, measures.unit, 700),
  }));
  const decides = run.lives.some(({ outputs }) => outputs.some((output) => output.decision));
  const rooms = roomsOf(needs, measures, decides);
  return places.map((place, index) => ({ place: { ...place, side: rooms[index].side }, room: rooms[index].room }));
}

/**
 * Returns a box as it is around the middle of a node.
 *
 * @param {Box} box
 * @param {Place} place
 * @returns {Box}
 */
function around({ left, right, top, bottom }, { x, y }) {
  return { left: left - x, right: right - x, top: top - y, bottom: bottom - y };
}

/**
 * @param {Place} place
 * @param {Measures} measures
 */
function discOf({ x, y }, { radius, unit }) {
  return square(x, y, radius + unit * 0.5);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} half
 * @returns {Box}
 */
function square(x, y, half) {
  return { left: x - half, right: x + half, top: y - half, bottom: y + half };
}

/**
 * @template T
 * @param {(T | null)[]} elements
 * @returns {T[]}
 */
function present(elements) {
  return elements.filter((element) => element !== null);
}
