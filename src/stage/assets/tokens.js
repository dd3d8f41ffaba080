// Messages on their way: tokens with words on them, or dots where there are too many for words.

import { s, set } from "./dom.js";
import { along, bow, strands } from "./places.js";
import { shorten, width, wrap } from "./text.js";

/** Up to so many messages at once have their words on them, fewer where there is little room; up to so many a letter. */
const WORDS = 14;
const WORDS_IN_FEW = 5;
const LETTERS = 60;

/** A token grows as it leaves its node, and shrinks as it comes to the other: over this part of its way. */
const GROWS = 0.14;
const SMALLEST = 0.6;

/** What becomes of a message at `part` of its way: where it is, how it is turned, how much of it is left. */
function pose(message, way, part, fall) {
  const { ending } = message;
  if (ending === "lost") {
    if (part < 0.5) return { ...along(way, part), turn: 0, ink: 1 };
    const gone = (part - 0.5) * 2;
    const from = along(way, 0.5 + gone * 0.04);
    return { x: from.x, y: from.y + gone * gone * fall, turn: gone * 38, ink: 1 - gone ** 1.6, lost: true };
  }
  if (ending === "cut") {
    const reach = Math.min(part * 1.25, 1) * 0.46;
    return { ...along(way, reach), turn: 0, ink: part > 0.8 ? (1 - part) * 5 : 1, lost: part > 0.8 };
  }
  if (ending === "to-crashed" || ending === "corrupted") {
    return {
      ...along(way, part),
      turn: ending === "corrupted" && part > 0.9 ? (part - 0.9) * 300 : 0,
      ink: part > 0.93 ? (1 - part) * 14 : 1,
      lost: part > 0.9,
    };
  }
  return { ...along(way, part), turn: 0, ink: 1 };
}

export class Tokens {
  constructor(run, places, measures, canvas, onpick) {
    Object.assign(this, { run, places, measures, canvas, onpick });
    this.links = strands(run);
    const words = measures.width < measures.unit * 44 ? WORDS_IN_FEW : WORDS;
    this.kind = run.crowd <= words ? "words" : run.crowd <= LETTERS && run.inks.size > 0 ? "letters" : "dots";
    this.layer = s("g", { class: "tokens" });
    this.tails = s("g", { class: "tails" });
    this.drawn = new Map();
    this.fall = Math.min(measures.height * 0.3, measures.unit * 9);
  }

  /** The way that a message takes. */
  way(message) {
    if (message.way) return message.way;
    const { unit, radius, height } = this.measures;
    const link = this.links.get(message.from * 4096 + message.to);
    const back = this.links.get(message.to * 4096 + message.from);
    const [from, to] = [this.places[message.from], this.places[message.to]];
    let bend;
    if (link.count > 6) {
      // A crowd spreads to both sides.
      const gap = Math.min(unit * 1.6, (height * 0.62) / link.count);
      const even = ((message.strand * 7919) % link.count) - (link.count - 1) / 2;
      bend = even * gap;
    } else {
      const gap = this.kind === "words" ? unit * 2.6 : unit * 1.3;
      bend = message.strand * gap + (back ? gap * 0.55 : link.count > 1 ? (-(link.count - 1) * gap) / 2 : 0);
    }
    return (message.way = bow(from, to, radius, bend));
  }

  pose(message, at) {
    const length = message.ends - message.sent;
    const part = length > 0 ? Math.min(Math.max((at - message.sent) / length, 0), 1) : 1;
    const posed = pose(message, this.way(message), part, this.fall);
    const near = Math.min(part, message.ending === "lost" ? 1 : 1 - part) / GROWS;
    posed.size = near >= 1 ? 1 : SMALLEST + (1 - SMALLEST) * near;
    return posed;
  }

  show(at, count, selected) {
    const { run } = this;
    const underWay = run.underWay(at).filter((message) => message.began < count);
    this.showing = { underWay, at };
    if (this.kind === "dots") this.dots(underWay, at, selected);
    const singled = this.kind === "dots" ? underWay.filter((message) => message.index === selected) : underWay;
    const gone = new Set(this.drawn.keys());
    for (const message of singled) {
      gone.delete(message.index);
      let token = this.drawn.get(message.index);
      if (!token) {
        token = this.token(message);
        this.drawn.set(message.index, token);
        this.put(token, message.index);
      }
      const { x, y, turn, ink, lost, size } = this.pose(message, at);
      set(token.element, {
        transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})${turn ? ` rotate(${turn.toFixed(1)})` : ""}${size < 1 ? ` scale(${size.toFixed(3)})` : ""}`,
        class: `token ${token.look}${lost ? " gone" : ""}${message.index === selected ? " selected" : ""}`,
        opacity: ink < 1 ? ink.toFixed(2) : null,
      });
      const way = this.way(message);
      // The way of a token that falls ends where it began to.
      const part = Math.min(
        (at - message.sent) / Math.max(1, message.ends - message.sent),
        lost && message.ending === "lost" ? 0.5 : 1,
      );
      const end = lost ? along(way, part) : { x, y };
      set(token.tail, { d: tail(way, end.x, end.y, part), opacity: lost ? (ink * 0.5).toFixed(2) : null });
    }
    for (const index of gone) {
      const token = this.drawn.get(index);
      token.element.remove();
      token.tail.remove();
      this.drawn.delete(index);
    }
  }

  /** Puts a token among the others in the order in which they left, whichever way time went. */
  put(token, index) {
    token.index = index;
    const after = [...this.drawn.values()].filter((other) => other.index > index).sort((a, b) => a.index - b.index)[0];
    this.layer.insertBefore(token.element, after?.element ?? null);
    this.tails.insertBefore(token.tail, after?.tail ?? null);
  }

  /** The message whose token is at a point, if any is near. */
  find(x, y) {
    let best = null;
    let nearest = 18;
    for (const message of this.showing?.underWay ?? []) {
      const pose = this.pose(message, this.showing.at);
      const distance = Math.hypot(pose.x - x, pose.y - y);
      if (distance < nearest) [best, nearest] = [message, distance];
    }
    return best;
  }

  token(message) {
    const { unit } = this.measures;
    const ink = this.run.inks.get(message.words) ?? 0;
    const look = [`ink-${ink}`, message.lie ? "lie" : "", message.copy ? "copy" : "", message.ending]
      .filter(Boolean)
      .join(" ");
    const body = this.kind === "words" ? pill(message, unit, this.measures.width) : disc(message, unit, ink);
    const element = s(
      "g",
      {
        "data-message": message.name,
        onclick: (event) => {
          event.stopPropagation();
          this.onpick({ message: message.index });
        },
      },
      body,
    );
    return { element, look, tail: s("path", { class: `tail ink-${ink}${message.lie ? " lie" : ""}` }) };
  }

  /** All tokens as dots on the canvas. */
  dots(underWay, at, selected) {
    const { canvas } = this;
    const scale = canvas.width / canvas.clientWidth || 1;
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(name).trim();
    const [blue, ink, red, paper] = ["--blue", "--ink", "--red", "--paper"].map(colour);
    const radius = Math.max(4, this.measures.unit * 0.42);
    for (const message of underWay) {
      if (message.index === selected) continue;
      const { x, y, ink: left, lost } = this.pose(message, at);
      const second = this.run.inks.get(message.words) === 1;
      pen.globalAlpha = left;
      pen.lineWidth = 2;
      pen.beginPath();
      if (lost) {
        pen.strokeStyle = red;
        pen.moveTo(x - radius * 0.7, y - radius * 0.7);
        pen.lineTo(x + radius * 0.7, y + radius * 0.7);
        pen.moveTo(x + radius * 0.7, y - radius * 0.7);
        pen.lineTo(x - radius * 0.7, y + radius * 0.7);
        pen.stroke();
        continue;
      }
      if (second) pen.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
      else pen.arc(x, y, radius, 0, 7);
      pen.fillStyle = message.lie ? paper : second ? ink : blue;
      pen.strokeStyle = message.lie ? red : paper;
      pen.fill();
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }
}

/** The part of the way that lies behind a token. */
function tail({ a, c }, x, y, part) {
  // The first part of a quadratic curve is one itself; its control point lies on the line to the whole one's.
  return `M${a.x.toFixed(1)} ${a.y.toFixed(1)}Q${(a.x + (c.x - a.x) * part).toFixed(1)} ${(a.y + (c.y - a.y) * part).toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`;
}

function pill(message, unit, whole) {
  const size = unit * 1.06;
  const words = message.words || "message";
  const shown = message.lie ? `“${words}”` : words;
  const lines = wrap(shown, Math.min(unit * 13, whole * 0.3), size, 2, 700);
  const truth = message.truth ? shorten(`instead of “${message.truth}”`, unit * 14, unit * 0.84) : null;
  const widest = Math.max(...lines.map((line) => width(line, size, 700)), truth ? width(truth, unit * 0.84) : 0);
  const wide = widest + size * 1.7;
  const high = lines.length * size * 1.2 + (truth ? unit * 1.05 : 0) + size * 0.62;
  const frame = (grow) => ({
    x: -wide / 2 - grow,
    y: -high / 2 - grow,
    width: wide + 2 * grow,
    height: high + 2 * grow,
    rx: Math.min((high + 2 * grow) / 2, unit * 1.5),
  });
  const texts = lines.map((line, i) => s("text", { "font-size": size, y: -high / 2 + size * 1.2 * (i + 1) }, line));
  if (truth) texts.push(s("text", { class: "truth", "font-size": unit * 0.84, y: high / 2 - unit * 0.62 }, truth));
  return [
    message.copy ? s("rect", { class: "double", ...frame(3.5) }) : null,
    s("rect", { class: "shape", ...frame(0) }),
    ...texts,
    cross(high * 0.5),
  ];
}

function disc(message, unit, ink) {
  const size = unit * 0.98;
  const letter = (message.words || "·")[0].toUpperCase();
  const shape =
    ink === 1
      ? s("rect", {
          class: "shape",
          x: -size * 0.88,
          y: -size * 0.88,
          width: size * 1.76,
          height: size * 1.76,
          rx: size * 0.25,
        })
      : s("circle", { class: "shape", r: size });
  return [
    s("circle", { class: "target", r: Math.max(size, 12) }),
    shape,
    s("text", { "font-size": size * 1.05, dy: "0.36em" }, letter),
    cross(size),
  ];
}

function cross(size) {
  return s("path", { class: "cross", d: `M${-size} ${-size}L${size} ${size}M${size} ${-size}L${-size} ${size}` });
}
