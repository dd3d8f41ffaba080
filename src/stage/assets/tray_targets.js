// @ts-check
// What a mark of the tray fits, lit up over the field: each is a button, for the pointer and for keys.

/** @import { Field, Laid } from "./field.js" */
/** @import { Fitting } from "./tray_marks.js" */

import { s, set } from "./dom.js";
import { pathOf } from "./field_lines.js";

/** How near a mark has to be dropped, in pixels. */
const NEAR = 26;

export class TrayTargets {
  /**
   * @param {Field} field
   * @param {(fitting: Fitting) => unknown} apply
   */
  constructor(field, apply) {
    this.field = field;
    this.apply = apply;
    /** @type {{ fitting: Fitting, element: SVGGElement }[]} */
    this.shown = [];
    this.svg = s("svg", { class: "targets", role: "group", "aria-label": "What the mark fits" });
    this.svg.setAttribute("hidden", "");
    field.element.append(this.svg);
  }

  clear() {
    this.shown = [];
    this.svg.replaceChildren();
    this.svg.setAttribute("hidden", "");
  }

  /** @param {readonly Fitting[]} fittings */
  show(fittings) {
    const { laid } = this.field;
    if (!laid) return this.clear();
    const had = this.shown.findIndex(({ element }) => element === document.activeElement);
    const { width, height } = laid.measures;
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, width, height, hidden: null });
    this.shown = fittings.map((fitting) => ({ fitting, element: this.target(laid, fitting) }));
    // Nodes lie over links, and messages over nodes.
    const order = { link: 0, node: 1, message: 2 };
    const layers = [...this.shown].sort((a, b) => order[a.fitting.kind] - order[b.fitting.kind]);
    this.svg.replaceChildren(...layers.map(({ element }) => element));
    if (had >= 0) this.shown[Math.min(had, this.shown.length - 1)]?.element.focus();
  }

  get hasFocus() {
    return this.svg.contains(document.activeElement);
  }

  /** Gives the focus to the first of them in their order on the page. */
  focus() {
    const [first] = this.svg.children;
    if (first instanceof SVGElement) first.focus();
  }

  /**
   * @param {Laid} laid
   * @param {Fitting} fitting
   */
  target(laid, fitting) {
    const apply = () => this.apply(fitting);
    return s(
      "g",
      {
        class: `target ${fitting.kind}`,
        tabindex: 0,
        role: "button",
        "aria-label": fitting.says,
        onclick: (event) => {
          event.stopPropagation();
          apply();
        },
        onkeydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          apply();
        },
      },
      s("title", {}, fitting.says),
      ...shapesOf(laid, fitting),
    );
  }

  /**
   * Returns what a mark would be dropped on at a point of the window.
   *
   * @param {number} x
   * @param {number} y
   * @returns {Fitting | null}
   */
  at(x, y) {
    return this.nearest(x, y)?.fitting ?? null;
  }

  /**
   * Shows what a mark would be dropped on.
   *
   * @param {number} x
   * @param {number} y
   */
  point(x, y) {
    const near = this.nearest(x, y);
    for (const target of this.shown) target.element.toggleAttribute("data-near", target === near);
  }

  /**
   * Returns the target under a point, the topmost first; or the nearest one that is near.
   *
   * @param {number} x
   * @param {number} y
   */
  nearest(x, y) {
    const under = document.elementsFromPoint(x, y).map((element) => element.closest(".target"));
    const hit = under.map((target) => this.shown.find(({ element }) => element === target)).find(Boolean);
    if (hit) return hit;
    const compact = this.shown.filter(({ fitting }) => fitting.kind !== "link");
    const away = compact.map((target) => ({ target, by: distance(target.element.getBoundingClientRect(), x, y) }));
    const [nearest] = away.filter(({ by }) => by < NEAR).sort((a, b) => a.by - b.by);
    return nearest?.target ?? null;
  }
}

/**
 * @param {DOMRect} box
 * @param {number} x
 * @param {number} y
 */
function distance({ left, right, top, bottom }, x, y) {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}

/**
 * @param {Laid} laid
 * @param {Fitting} fitting
 */
function shapesOf({ places, measures, tokens }, fitting) {
  const { unit, radius } = measures;
  if (fitting.kind === "node") {
    const { x: cx, y: cy } = places[fitting.node];
    return [s("circle", { class: "light", cx, cy, r: radius + unit * 0.5 })];
  }
  if (fitting.kind === "link") {
    const d = pathOf(tokens.ways, fitting.from, fitting.to);
    return [s("path", { class: "touch", d }), s("path", { class: "light", d })];
  }
  const { message } = fitting;
  const { x, y } = tokens.pose(message, tokens.showing.at);
  const drawn = tokens.drawn.get(message.index);
  const off = drawn?.off ?? { x: 0, y: 0 };
  const isWhole = drawn && !drawn.isSmall;
  const [wide, high] = isWhole ? [drawn.wide + 12, drawn.high + 12] : [unit * 2, unit * 2];
  const box = { x: x + off.x - wide / 2, y: y + off.y - high / 2, width: wide, height: high, rx: high / 2 };
  return [s("rect", { class: "light", ...box })];
}
