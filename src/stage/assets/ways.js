// @ts-check
// The ways of messages in the field. Messages on one link have ways beside each other, and no way
// leads through a node between the two.

/** @import { Measures, Place, Point, Way } from "./layout.js" */
/** @import { Message } from "./run.js" */

import { along, wayBetween } from "./layout.js";

/** Where along a way it is looked for nodes in between. */
const PARTS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
/** The bends that are tried, in units. */
const BENDS = Array.from({ length: 24 }, (_, i) => i);
/** So many strands of a link are beside each other; more are spread to both sides. */
const MOST_BESIDE = 6;

export class Ways {
  /**
   * @param {readonly Message[]} messages
   * @param {readonly Place[]} places
   * @param {Measures} measures
   * @param {boolean} haveWords whether messages have words on them
   */
  constructor(messages, places, measures, haveWords) {
    this.places = places;
    this.measures = measures;
    this.haveWords = haveWords;
    const { strands, counts } = strandsOf(messages);
    this.strands = strands;
    this.counts = counts;
    /** @type {Map<number, Way>} */
    this.known = new Map();
    /** @type {Map<number, number>} */
    this.detours = new Map();
  }

  /**
   * Returns the way of a message.
   *
   * @param {Pick<Message, "index" | "from" | "to">} message
   */
  of(message) {
    const known = this.known.get(message.index);
    if (known) return known;
    const way = this.between(message.from, message.to, this.bend(message));
    this.known.set(message.index, way);
    return way;
  }

  /**
   * Returns a way from one node to another, around those between.
   *
   * @param {number} from
   * @param {number} to
   * @param {number} bend how far it is from the others of its link
   */
  between(from, to, bend = 0) {
    const { places, measures } = this;
    return wayBetween(places[from], places[to], measures.radius, this.detour(from, to) + bend);
  }

  /**
   * Returns how far the ways from one node to another are bent to pass those between.
   *
   * @param {number} from
   * @param {number} to
   */
  detour(from, to) {
    const link = linkOf(from, to);
    let detour = this.detours.get(link);
    if (detour === undefined) {
      const others = this.places.filter((_, index) => index !== from && index !== to);
      detour = detourOf(this.places[from], this.places[to], others, this.measures);
      this.detours.set(link, detour);
    }
    return detour;
  }

  /**
   * Returns how far a message's way is bent, so that it is beside those of the other strands.
   *
   * @param {Pick<Message, "index" | "from" | "to">} message
   */
  bend({ index, from, to }) {
    const { unit, height } = this.measures;
    const strand = this.strands[index];
    const count = this.counts.get(linkOf(from, to)) ?? 1;
    if (count > MOST_BESIDE) {
      const gap = Math.min(unit * 1.6, (height * 0.62) / count);
      return (((strand * 7919) % count) - (count - 1) / 2) * gap;
    }
    const gap = this.haveWords ? unit * 2.6 : unit * 1.3;
    const isBothWays = this.counts.has(linkOf(to, from));
    if (isBothWays) return strand * gap + gap * 0.55;
    return strand * gap - (count > 1 ? ((count - 1) * gap) / 2 : 0);
  }
}

/**
 * Returns the least bend with which a way from one place to another passes all others: upwards where
 * both sides are as near. 0 where no bend does.
 *
 * @param {Point} from
 * @param {Point} to
 * @param {readonly Point[]} others
 * @param {Measures} measures
 */
export function detourOf(from, to, others, { unit, radius, width, height }) {
  const reach = radius + unit * 0.9;
  /** @type {(bend: number) => boolean} */
  const passes = (bend) => {
    const way = wayBetween(from, to, radius, bend);
    return PARTS.every((part) => {
      const { x, y } = along(way, part);
      if (bend !== 0 && (x < unit || x > width - unit || y < unit || y > height - unit)) return false;
      return others.every((other) => Math.hypot(other.x - x, other.y - y) > reach);
    });
  };
  // A positive bend is to the left of its direction: upwards where that is to the right.
  const up = to.x >= from.x ? 1 : -1;
  for (const size of BENDS) {
    const bend = size * unit;
    if (passes(bend * up)) return bend * up || 0;
    if (passes(-bend * up)) return -bend * up;
  }
  return 0;
}

/**
 * Returns the number of a link, the same for all messages in its direction.
 *
 * @param {number} from
 * @param {number} to
 */
export function linkOf(from, to) {
  return from * 4096 + to;
}

/** @typedef {{ from: number, to: number, sent: number, ends: number }} Sent */

/**
 * Assigns to each message one of the parallel strands of its link, so that no two are on one strand
 * at a time. Returns the strand of each message, and how many strands each link has.
 *
 * @param {readonly Sent[]} messages in the order in which they were sent
 */
export function strandsOf(messages) {
  /** @type {Map<number, number[]>} */
  const links = new Map();
  const strands = messages.map(({ from, to, sent, ends }) => {
    const link = linkOf(from, to);
    const freeFrom = links.get(link) ?? [];
    links.set(link, freeFrom);
    const free = freeFrom.findIndex((until) => until <= sent);
    const strand = free < 0 ? freeFrom.length : free;
    freeFrom[strand] = Math.max(ends, sent + 1);
    return strand;
  });
  const counts = new Map([...links].map(([link, freeFrom]) => [link, freeFrom.length]));
  return { strands, counts };
}
