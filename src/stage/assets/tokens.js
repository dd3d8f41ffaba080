// @ts-check
// Messages on their way: tokens with words on them, or dots where there are too many for words.

/** @import { Measures, Place, Way } from "./layout.js" */
/** @import { Message, Run } from "./run.js" */
/** @import { OnPick } from "./selection.js" */

import { contextOf, s, set } from "./dom.js";
import { along, linkOf, strandsOf, wayBetween } from "./layout.js";
import { poseOf } from "./token_pose.js";
import { disc, pill, tailPath } from "./token_shapes.js";

/** Up to so many messages at once have words on them, fewer where there is little room; or a letter. */
const MOST_WORDS = 14;
const MOST_WORDS_NARROW = 5;
const MOST_LETTERS = 60;
/** How near a click has to be to a token, in pixels. */
const NEAR = 18;

/** @typedef {"words" | "letters" | "dots"} Kind */
/** @typedef {{ index: number, element: SVGGElement, tail: SVGPathElement, look: string }} Token */

export class Tokens {
  /**
   * @param {Run} run
   * @param {readonly Place[]} places
   * @param {Measures} measures
   * @param {HTMLCanvasElement} canvas for dots
   * @param {OnPick} onPick
   */
  constructor(run, places, measures, canvas, onPick) {
    this.run = run;
    this.places = places;
    this.measures = measures;
    this.canvas = canvas;
    this.onPick = onPick;
    const { strands, counts } = strandsOf(run.messages);
    this.strands = strands;
    this.strandCounts = counts;
    const most = measures.width < measures.unit * 44 ? MOST_WORDS_NARROW : MOST_WORDS;
    this.kind = kindOf(run, most);
    this.layer = s("g", { class: "tokens" });
    this.tails = s("g", { class: "tails" });
    /** @type {Map<number, Token>} */
    this.drawn = new Map();
    /** @type {Map<number, Way>} */
    this.ways = new Map();
    this.fall = Math.min(measures.height * 0.3, measures.unit * 9);
    /** @type {{ underWay: Message[], at: number }} */
    this.showing = { underWay: [], at: 0 };
  }

  /**
   * Returns the way of a message.
   *
   * @param {Message} message
   */
  way(message) {
    const known = this.ways.get(message.index);
    if (known) return known;
    const way = wayBetween(
      this.places[message.from],
      this.places[message.to],
      this.measures.radius,
      this.bend(message),
    );
    this.ways.set(message.index, way);
    return way;
  }

  /**
   * Returns how far a message's way is bent, so that it is beside those of the other strands.
   *
   * @param {Message} message
   */
  bend({ index, from, to }) {
    const { unit, height } = this.measures;
    const strand = this.strands[index];
    const count = this.strandCounts.get(linkOf(from, to)) ?? 1;
    if (count > 6) {
      // A crowd spreads to both sides.
      const gap = Math.min(unit * 1.6, (height * 0.62) / count);
      return (((strand * 7919) % count) - (count - 1) / 2) * gap;
    }
    const gap = this.kind === "words" ? unit * 2.6 : unit * 1.3;
    const isBothWays = this.strandCounts.has(linkOf(to, from));
    if (isBothWays) return strand * gap + gap * 0.55;
    return strand * gap - (count > 1 ? ((count - 1) * gap) / 2 : 0);
  }

  /**
   * @param {Message} message
   * @param {number} at
   */
  pose(message, at) {
    return poseOf(message, this.way(message), at, this.fall);
  }

  /**
   * @param {number} at
   * @param {number} count
   * @param {number | undefined} selected the message that is selected
   */
  show(at, count, selected) {
    const underWay = this.run.underWay(at).filter((message) => message.began < count);
    this.showing = { underWay, at };
    if (this.kind === "dots") this.showDots(underWay, at, selected);
    const single = this.kind === "dots" ? underWay.filter((message) => message.index === selected) : underWay;
    const gone = new Map(this.drawn);
    for (const message of single) {
      gone.delete(message.index);
      this.showToken(message, at, message.index === selected);
    }
    for (const [index, token] of gone) {
      token.element.remove();
      token.tail.remove();
      this.drawn.delete(index);
    }
  }

  /**
   * @param {Message} message
   * @param {number} at
   * @param {boolean} isSelected
   */
  showToken(message, at, isSelected) {
    let token = this.drawn.get(message.index);
    if (!token) {
      token = this.token(message);
      this.drawn.set(message.index, token);
      this.put(token);
    }
    const { x, y, turn, opacity, isGone, size } = this.pose(message, at);
    const turned = turn ? ` rotate(${turn.toFixed(1)})` : "";
    const scaled = size < 1 ? ` scale(${size.toFixed(3)})` : "";
    set(token.element, {
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})${turned}${scaled}`,
      class: `token ${token.look}${isGone ? " gone" : ""}${isSelected ? " selected" : ""}`,
      opacity: opacity < 1 ? opacity.toFixed(2) : null,
    });
    const way = this.way(message);
    // The way of a token that falls ends where it began to fall.
    const most = isGone && message.ending === "lost" ? 0.5 : 1;
    const part = Math.min((at - message.sent) / Math.max(1, message.ends - message.sent), most);
    const end = isGone ? along(way, part) : { x, y };
    const d = tailPath(way, end.x, end.y, part);
    set(token.tail, { d, opacity: isGone ? (opacity * 0.5).toFixed(2) : null });
  }

  /**
   * Puts a token among the others in the order in which they were sent, whichever way time goes.
   *
   * @param {Token} token
   */
  put(token) {
    const later = [...this.drawn.values()].filter((other) => other.index > token.index);
    const [next] = later.sort((a, b) => a.index - b.index);
    this.layer.insertBefore(token.element, next?.element ?? null);
    this.tails.insertBefore(token.tail, next?.tail ?? null);
  }

  /**
   * Returns the message whose token is nearest to a point; null if none is near.
   *
   * @param {number} x
   * @param {number} y
   */
  find(x, y) {
    /** @type {Message | null} */
    let best = null;
    let nearest = NEAR;
    for (const message of this.showing.underWay) {
      const pose = this.pose(message, this.showing.at);
      const distance = Math.hypot(pose.x - x, pose.y - y);
      if (distance < nearest) [best, nearest] = [message, distance];
    }
    return best;
  }

  /**
   * @param {Message} message
   * @returns {Token}
   */
  token(message) {
    const { unit, width } = this.measures;
    const { index, name, lie, copy, ending } = message;
    const colour = this.run.colours.get(message.words) ?? 0;
    const look = [`ink-${colour}`, lie ? "lie" : "", copy ? "copy" : "", ending].filter(Boolean).join(" ");
    const body = this.kind === "words" ? pill(message, unit, width) : disc(message, unit, colour);
    /** @type {(event: MouseEvent) => void} */
    const pick = (event) => {
      event.stopPropagation();
      this.onPick({ message: index });
    };
    const element = s("g", { "data-message": name, onclick: pick }, body);
    return { index, element, look, tail: s("path", { class: `tail ink-${colour}${lie ? " lie" : ""}` }) };
  }

  /**
   * Draws all messages as dots on the canvas.
   *
   * @param {readonly Message[]} underWay
   * @param {number} at
   * @param {number | undefined} selected
   */
  showDots(underWay, at, selected) {
    const { canvas } = this;
    const scale = canvas.width / canvas.clientWidth || 1;
    const context = contextOf(canvas);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const style = getComputedStyle(canvas);
    /** @type {(name: string) => string} */
    const colour = (name) => style.getPropertyValue(name).trim();
    const [blue, ink, red, paper] = ["--blue", "--ink", "--red", "--paper"].map(colour);
    const radius = Math.max(4, this.measures.unit * 0.42);
    for (const message of underWay) {
      if (message.index === selected) continue;
      const { x, y, opacity, isGone } = this.pose(message, at);
      const isSecond = this.run.colours.get(message.words) === 1;
      context.globalAlpha = opacity;
      context.lineWidth = 2;
      context.beginPath();
      if (isGone) {
        const arm = radius * 0.7;
        context.strokeStyle = red;
        context.moveTo(x - arm, y - arm);
        context.lineTo(x + arm, y + arm);
        context.moveTo(x + arm, y - arm);
        context.lineTo(x - arm, y + arm);
        context.stroke();
        continue;
      }
      if (isSecond) context.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
      else context.arc(x, y, radius, 0, 7);
      context.fillStyle = message.lie ? paper : isSecond ? ink : blue;
      context.strokeStyle = message.lie ? red : paper;
      context.fill();
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

/**
 * @param {Run} run
 * @param {number} mostWords
 * @returns {Kind}
 */
function kindOf({ mostUnderWay, colours }, mostWords) {
  if (mostUnderWay <= mostWords) return "words";
  return mostUnderWay <= MOST_LETTERS && colours.size > 0 ? "letters" : "dots";
}
