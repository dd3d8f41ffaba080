// Moments named below the lanes, and folded stretches with their lengths.

import { s } from "./dom.js";
import { width } from "./text.js";
import { span } from "./words.js";

/** How high the room for the moments is. */
export const AXIS = 26;
const SIZE = 12;

export function ticks({ run, sizes, x, window }) {
  const { course } = run;
  const y = sizes.height - 8;
  const taken = [];
  const elements = [];
  const add = (at, look = "tick") => {
    const words = at === 0 ? "0" : moment(at, step);
    const place = x(at);
    const half = width(words, SIZE) / 2 + 8;
    if (taken.some((other) => Math.abs(other.place - place) < other.half + half)) return;
    taken.push({ place, half });
    elements.push(
      s(
        "text",
        { class: look, x: place.toFixed(1), y, "font-size": SIZE, "text-anchor": at === 0 ? "start" : "middle" },
        words,
      ),
      s("path", { class: "tick", d: `M${place.toFixed(1)} ${y - 16}v5` }),
    );
  };
  const step = round(95 / course.pxPerNs);
  let lastFold = -Infinity;
  const visible = course.stretches.filter((stretch) => stretch.to >= window.from && stretch.from <= window.to);
  for (const stretch of visible) {
    if (!stretch.folded) continue;
    const middle = (x(stretch.from) + x(stretch.to)) / 2;
    elements.push(
      s("path", {
        class: "fold",
        d: `M${middle - 4} ${y - 22}l-5 ${-sizes.height + 36}M${middle + 6} ${y - 22}l-5 ${-sizes.height + 36}`,
      }),
    );
    const words = span(stretch.to - stretch.from, 2);
    if (middle - lastFold < width(words, 11) + 6) continue;
    lastFold = middle;
    elements.push(
      s("text", { class: "fold-length", x: middle, y: y - 15, "font-size": 10.5, "text-anchor": "middle" }, words),
    );
  }
  for (const stretch of visible) if (!stretch.folded) add(Math.max(stretch.from, 0));
  for (const stretch of visible) {
    if (stretch.folded) continue;
    const from = Math.max(stretch.from, window.from);
    for (
      let at = Math.ceil(from / step) * step, i = 0;
      at <= Math.min(stretch.to, window.to) && i < 200;
      at += step, i++
    )
      add(at);
  }
  return elements;
}

/** The smallest of 1, 2, 5, 10, 20 … that is not below `ns`; in minutes and hours where it is that long. */
function round(ns) {
  for (const long of [60e9, 300e9, 600e9, 1800e9, 3600e9, 7200e9, 21600e9, 43200e9, 86400e9]) {
    if (ns > 30e9 && ns <= long) return long;
  }
  let unit = 1;
  for (;;) {
    for (const digit of [1, 2, 5]) if (unit * digit >= ns) return unit * digit;
    unit *= 10;
  }
}

/** A moment, as exactly as the ticks are apart. */
function moment(at, step) {
  const digits = Math.max(3, Math.ceil(Math.log10(at / Math.max(step, 1))) + 1);
  return span(at, Math.min(digits, 9));
}
