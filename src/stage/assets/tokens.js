// @ts-check
// Messages on their way: tokens with words on them, or dots where there are too many for words.

/** @import { Measures, Place } from "./layout.js" */
/** @import { Message, Run } from "./run.js" */
/** @import { OnPick } from "./selection.js" */
/** @import { Surroundings } from "./token_rest.js" */

import { UNHEARD } from "./blame.js";
import { s, set } from "./dom.js";
import { along } from "./layout.js";
import { drawDots } from "./token_dots.js";
import { poseOf } from "./token_pose.js";
import { restsOf } from "./token_rest.js";
import { disc, dot, pill, tailPath } from "./token_shapes.js";
import { Ways } from "./ways.js";

/** Up to so many messages at once have words on them, fewer where there is little room; or a letter. */
const MOST_WORDS = 14;
const MOST_WORDS_NARROW = 8;
const MOST_LETTERS = 60;
/** How near a click has to be to a token, in pixels. */
const NEAR = 18;
/** How much of the way to where it moves a token that rested takes with each frame. */
const RETURNS = 0.22;

/** @typedef {"words" | "letters" | "dots"} Kind */

/**
 * A token: its message, what is drawn, its size, and how far it is from its way.
 *
 * @typedef {{
 *   message: Message,
 *   element: SVGGElement,
 *   tail: SVGPathElement,
 *   look: string,
 *   wide: number,
 *   high: number,
 *   off: { x: number, y: number },
 *   isSmall: boolean,
 * }} Token
 *
 * What the page points at, and whether the run stands still.
 *
 * @typedef {{ selected?: number, spoken: ReadonlySet<number>, isResting: boolean }} Pointed
 */

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
    const most = measures.width < measures.unit * 44 ? MOST_WORDS_NARROW : MOST_WORDS;
    this.kind = kindOf(run, most);
    this.ways = new Ways(run.messages, places, measures, this.kind === "words");
    this.layer = s("g", { class: "tokens" });
    this.tails = s("g", { class: "tails" });
    /** @type {Map<number, Token>} */
    this.drawn = new Map();
    this.fall = Math.min(measures.height * 0.3, measures.unit * 9);
    /** @type {{ underWay: Message[], at: number, count: number }} */
    this.showing = { underWay: [], at: 0, count: 0 };
  }

  /**
   * @param {Message} message
   * @param {number} at
   */
  pose(message, at) {
    return poseOf(message, this.ways.of(message), at, this.fall);
  }

  /**
   * Returns the messages that show: those under way, and those that have just ended and are spoken of.
   *
   * @param {number} at
   * @param {number} count
   * @param {ReadonlySet<number>} spoken
   */
  shownAt(at, count, spoken) {
    const underWay = this.run.underWay(at).filter((message) => message.began < count);
    const shown = new Set(underWay.map(({ index }) => index));
    const ended = [...spoken].filter((index) => !shown.has(index)).map((index) => this.run.messages[index]);
    return [...underWay, ...ended.filter(({ ending }) => ending !== "withheld")];
  }

  /**
   * @param {number} at
   * @param {number} count
   * @param {Pointed} pointed
   * @param {Surroundings} around what tokens that rest do not cover
   */
  show(at, count, { selected, spoken, isResting }, around) {
    const shown = this.shownAt(at, count, spoken);
    this.showing = { underWay: shown, at, count };
    /** @type {(message: Message) => boolean} */
    const isPointed = ({ index }) => index === selected || spoken.has(index);
    if (this.kind === "dots") this.showDots(shown, at, isPointed);
    const single = this.kind === "dots" ? shown.filter(isPointed) : shown;
    this.keep(single);
    const tokens = single.map((message) => this.tokenOf(message));
    set(this.layer, { class: isResting ? "tokens resting" : "tokens" });
    if (isResting) this.rest(tokens, at, isPointed, around);
    else for (const token of tokens) leaveRest(token);
    for (const token of tokens) this.showToken(token, at, selected === token.message.index, spoken, isResting);
  }

  /**
   * Removes the tokens of all other messages.
   *
   * @param {readonly Message[]} messages
   */
  keep(messages) {
    const kept = new Set(messages.map(({ index }) => index));
    for (const [index, token] of this.drawn) {
      if (kept.has(index)) continue;
      token.element.remove();
      token.tail.remove();
      this.drawn.delete(index);
    }
  }

  /** @param {Message} message */
  tokenOf(message) {
    const known = this.drawn.get(message.index);
    if (known) return known;
    const token = this.token(message);
    this.drawn.set(message.index, token);
    this.put(token);
    return token;
  }

  /**
   * Puts tokens where they cover nothing. What is pointed at has the first choice.
   *
   * @param {readonly Token[]} tokens
   * @param {number} at
   * @param {(message: Message) => boolean} isPointed
   * @param {Surroundings} around
   */
  rest(tokens, at, isPointed, around) {
    const order = [...tokens].sort((a, b) => Number(isPointed(b.message)) - Number(isPointed(a.message)));
    const moving = order.map(({ message, wide, high }) => {
      const pose = this.pose(message, at);
      const part = (at - message.sent) / Math.max(1, message.ends - message.sent);
      const way = this.ways.of(message);
      const small = this.measures.unit;
      return { at: pose, way, part: Math.min(Math.max(part, 0), 1), wide, high, small };
    });
    for (const [index, rest] of restsOf(moving, around).entries()) {
      const token = order[index];
      const { x, y } = moving[index].at;
      token.off = rest ? { x: rest.x - x, y: rest.y - y } : { x: 0, y: 0 };
      token.isSmall = !rest || rest.isSmall;
      token.element.toggleAttribute("data-hidden", !rest);
    }
  }

  /**
   * @param {Token} token
   * @param {number} at
   * @param {boolean} isSelected
   * @param {ReadonlySet<number>} spoken
   * @param {boolean} isResting
   */
  showToken(token, at, isSelected, spoken, isResting) {
    const { message, element, tail, off, look, isSmall } = token;
    const pose = this.pose(message, at);
    const [x, y] = [pose.x + off.x, pose.y + off.y];
    const turn = isResting ? 0 : pose.turn;
    // One that has ended is spoken of: it is still there.
    const opacity = isResting ? 1 : pose.opacity;
    const size = isResting ? 1 : pose.size;
    const turned = turn ? ` rotate(${turn.toFixed(1)}deg)` : "";
    const scaled = size < 1 ? ` scale(${size.toFixed(3)})` : "";
    element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)${turned}${scaled}`;
    // What is over looks so as soon as the run stands still, though it has yet to fall.
    const isOver = isResting && (message.ended ?? Infinity) < this.showing.count && UNHEARD.has(message.ending);
    const looks = [
      "token",
      look,
      pose.isGone || isOver ? "gone" : "",
      isSelected ? "selected" : "",
      spoken.has(message.index) ? "spoken" : "",
      isResting && isSmall ? "small" : "",
    ];
    set(element, {
      class: looks.filter(Boolean).join(" "),
      opacity: opacity < 1 ? opacity.toFixed(2) : null,
    });
    const way = this.ways.of(message);
    // The way of a token that falls ends where it began to fall.
    const most = pose.isGone && message.ending === "lost" ? 0.5 : 1;
    const part = Math.min((at - message.sent) / Math.max(1, message.ends - message.sent), most);
    const end = pose.isGone ? along(way, part) : { x, y };
    const d = tailPath(way, end.x, end.y, Math.min(Math.max(part, 0), 1));
    set(tail, { d, opacity: pose.isGone ? (opacity * 0.5).toFixed(2) : null });
  }

  /**
   * Puts a token among the others in the order in which they were sent, whichever way time goes.
   *
   * @param {Token} token
   */
  put(token) {
    const { index } = token.message;
    const later = [...this.drawn.values()].filter((other) => other.message.index > index);
    const [next] = later.sort((a, b) => a.message.index - b.message.index);
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
      const off = this.drawn.get(message.index)?.off ?? { x: 0, y: 0 };
      const distance = Math.hypot(pose.x + off.x - x, pose.y + off.y - y);
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
    const { elements, wide, high } = this.kind === "words" ? pill(message, unit, width) : disc(message, unit, colour);
    /** @type {(event: MouseEvent) => void} */
    const pick = (event) => {
      event.stopPropagation();
      this.onPick({ message: index });
    };
    const element = s("g", { "data-message": name, "data-index": index, onclick: pick }, elements, dot(unit));
    const tail = s("path", { class: `tail ink-${colour}${lie ? " lie" : ""}` });
    return { message, element, look, tail, wide, high, off: { x: 0, y: 0 }, isSmall: false };
  }

  /**
   * Draws all messages as dots on the canvas.
   *
   * @param {readonly Message[]} shown
   * @param {number} at
   * @param {(message: Message) => boolean} isPointed
   */
  showDots(shown, at, isPointed) {
    const { canvas, measures, run } = this;
    const dots = shown
      .filter((message) => !isPointed(message))
      .map((message) => ({
        ...this.pose(message, at),
        isLie: message.lie === true,
        isSecond: run.colours.get(message.words) === 1,
      }));
    drawDots(canvas, dots, Math.max(4, measures.unit * 0.42));
  }
}

/**
 * Lets a token that rested beside its way come back to it.
 *
 * @param {Token} token
 */
function leaveRest(token) {
  const { off } = token;
  token.isSmall = false;
  token.element.removeAttribute("data-hidden");
  const isThere = Math.hypot(off.x, off.y) < 0.5;
  token.off = isThere ? { x: 0, y: 0 } : { x: off.x * (1 - RETURNS), y: off.y * (1 - RETURNS) };
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
