// Two pens that draw the same: one makes SVG elements, one fills a canvas when there are too many marks for elements.

import { s } from "./dom.js";

/** Draws SVG elements into a group, and words into another. Classes say how they look. */
export class ElementPen {
  constructor(group, words) {
    Object.assign(this, { group, words });
  }

  mark(of) {
    this.into = s("g", of);
    this.group.append(this.into);
  }

  /** Words that are there from a moment on. */
  wordsAt(at) {
    this.into = s("g", { class: "texts", "data-at": at });
    this.words.append(this.into);
  }

  path(d, look) {
    this.into.append(s("path", { d, class: look }));
  }

  circle(x, y, r, look) {
    this.into.append(s("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r, class: look }));
  }

  text(x, y, words, look, box, anchor = "middle", size = 13) {
    this.into.append(
      s("rect", {
        x: box.left,
        y: box.top + 1,
        width: box.right - box.left,
        height: box.bottom - box.top - 2,
        rx: 4,
        class: "back",
      }),
    );
    this.into.append(
      s("text", { x: x.toFixed(1), y: y.toFixed(1), class: look, "text-anchor": anchor, "font-size": size }, words),
    );
  }
}

/** Draws on a canvas what matters of the same marks; colours come from the page's style. */
export class CanvasPen {
  constructor(canvas, scale) {
    const style = getComputedStyle(canvas.parentElement ?? document.body);
    this.colour = (name) => style.getPropertyValue(name).trim() || "#888";
    this.pen = canvas.getContext("2d");
    this.pen.setTransform(scale, 0, 0, scale, 0, 0);
    this.inks = {
      lie: this.colour("--red"),
      lost: this.colour("--red"),
      "ink-1": this.colour("--ink"),
      "ink-2": this.colour("--green"),
      "ink-3": this.colour("--purple"),
    };
    this.blue = this.colour("--blue");
    this.soft = this.colour("--soft");
  }

  mark() {}

  wordsAt() {}

  ink(look) {
    for (const [name, ink] of Object.entries(this.inks)) if (look.includes(name)) return ink;
    return look.includes("small") ? this.soft : this.blue;
  }

  path(d, look) {
    if (look.includes("touch")) return;
    const path = new Path2D(d);
    this.pen.lineWidth = look.includes("lie") ? 2.4 : 1.4;
    this.pen.setLineDash(look.includes("dashed") ? [5, 4] : []);
    this.pen.strokeStyle = this.pen.fillStyle = this.ink(look);
    if (look.includes("solid")) this.pen.fill(path);
    else this.pen.stroke(path);
  }

  circle(x, y, r, look) {
    this.pen.beginPath();
    this.pen.arc(x, y, r, 0, 7);
    this.pen.fillStyle = this.ink(look);
    this.pen.fill();
  }

  text() {}
}
