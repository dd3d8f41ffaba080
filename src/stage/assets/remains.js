// @ts-check
// What stays on the field: once a violation is known, the messages that show it; at the run's end,
// who told whom what.

/** @import { Box } from "./label_layout.js" */
/** @import { Measures, Point, Way } from "./layout.js" */
/** @import { Message, Run } from "./run.js" */
/** @import { Ways } from "./ways.js" */

import { s } from "./dom.js";
import { boxAround, layOut } from "./label_layout.js";
import { along } from "./layout.js";
import { broken, width } from "./text.js";
import { tailPath } from "./token_shapes.js";
import { hazeOf, saidOf } from "./words.js";

/** The most links on which something stays. */
const MOST = 14;
/** Where along a way its label may be, and how far beside it, in heights. */
const PARTS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73];
const ASIDE = [0, 0.75, -0.75, 1.5, -1.5, 2.2, -2.2];
/**
 * A lie and a loss are always told: their labels may be as far away as it takes. These are the places
 * around, in widths and heights of a label, the nearest of one that is three times as wide as high first:
 * they are sorted once and not at each frame.
 */
const AROUND = grid(8).sort((one, other) => Math.hypot(3 * one.x, one.y) - Math.hypot(3 * other.x, other.y));
/** So far beside it, a line leads from the label to the way. */
const AWAY = 1.5;
/** How level a way is beside which labels may be further away. */
const FLAT = 0.9;

/**
 * What stays of a message.
 *
 * @typedef {{ message: Message, isEvidence: boolean }} Remain
 */

/**
 * Returns what stays when `count` events have happened: of each link the last message that shows a
 * violation, and at the end the last of the others, if they are few; of a run about clocks only what
 * was a lie or did not arrive.
 *
 * @param {Run} run
 * @param {number} count
 * @param {number} at
 * @returns {Remain[]}
 */
export function remainsOf(run, count, at) {
  const { events } = run.evidenceAt(count);
  /** @type {Map<string, Remain>} */
  const links = new Map();
  /** @type {(message: Message, isEvidence: boolean) => unknown} */
  const keep = (message, isEvidence) => links.set(`${message.from} ${message.to}`, { message, isEvidence });
  const isEnd = at >= run.ends && count >= run.events.length;
  const pairs = new Set(run.messages.map(({ from, to }) => `${from} ${to}`));
  const isAll = isEnd && pairs.size <= MOST;
  // A node that looks at the run sees at least its own messages.
  const seen = run.knowledge ? run.messages.filter(({ isUnseen }) => !isUnseen) : [];
  // Where clocks are told, the end is what they show; of what was said, a lie made them show it.
  const isClocks = run.show.clocks !== null && !run.knowledge;
  const telling = isClocks ? run.messages.filter(isTelling) : run.messages;
  for (const message of isAll ? telling : isEnd ? seen : []) keep(message, false);
  for (const id of events) {
    const index = run.events[id]?.message;
    if (index !== undefined) keep(run.messages[index], true);
  }
  return [...links.values()].sort((a, b) => a.message.index - b.message.index).slice(0, MOST);
}

/**
 * How much the label of a message is wanted.
 *
 * @param {Remain} remain
 */
function priorityOf({ message, isEvidence }) {
  return (isEvidence ? 4 : 0) + (message.lie ? 2 : 0) + (message.ending === "delivered" ? 0 : 1);
}

/**
 * Draws what stays, with labels where there is room for them, and returns what the labels cover. A
 * message that is on its way has its words on it.
 *
 * @param {readonly Remain[]} remains
 * @param {Ways} ways
 * @param {Measures} measures
 * @param {{ taken: readonly Box[], moving: ReadonlySet<number> }} around
 * @returns {{ elements: SVGElement[], covers: Box[] }}
 */
export function drawRemains(remains, ways, measures, { taken, moving }) {
  const { unit, width: right, height: bottom } = measures;
  const bounds = { left: 2, top: 2, right: right - 2, bottom: bottom - 2 };
  const drawn = remains.map((remain) => ({ ...remain, way: ways.of(remain.message) }));
  const labels = drawn.map((remain) => labelled(remain, unit));
  const wanted = labels.map((label, index) => {
    const isMoving = moving.has(drawn[index].message.index);
    const on =
      isMoving || !label.says
        ? []
        : placesOn(drawn[index].way, label.wide, label.high, isTelling(drawn[index].message));
    return {
      priority: priorityOf(drawn[index]),
      places: on.map(({ box }) => box),
      points: on.map(({ point }) => point),
    };
  });
  const chosen = layOut(wanted, { taken, bounds });
  const lines = drawn.map(({ message, isEvidence, way }) => arrow(message, isEvidence, way, unit));
  const texts = labels.flatMap(({ lines, look }, index) => {
    const place = chosen[index];
    const { message } = drawn[index];
    if (place === null) return [];
    const { places, points } = wanted[index];
    return [label(lines, look, places[place], { unit, message, point: points[place] })];
  });
  const covers = wanted.flatMap(({ places }, index) => {
    const place = chosen[index];
    return place === null ? [] : [places[place]];
  });
  return { elements: [...lines, ...texts], covers };
}

/**
 * @param {Remain} remain
 * @param {number} unit
 */
function labelled({ message, isEvidence }, unit) {
  const words = message.ending === "withheld" ? "says nothing" : saidOf(message);
  const quoted = message.lie ? `“${words}”` : words;
  const lines = broken(quoted, unit * 12, unit, 650);
  const wide = Math.max(...lines.map((line) => width(line, unit, 650)), 0) + unit * 0.7;
  const look = [message.lie ? "lie" : "", isLost(message) ? "lost" : "", isEvidence ? "clue" : ""];
  const high = (lines.length * 1.2 + 0.3) * unit;
  return { lines, wide, high, look: look.filter(Boolean).join(" "), says: words !== "" };
}

/** @param {Message} message */
const isTelling = (message) => message.lie === true || isLost(message);

/** @param {Message} message */
function isLost({ ending }) {
  return ending !== "delivered" && ending !== "in-flight";
}

/**
 * Returns where a label may be, and the point to which a line leads from there, if it is away.
 *
 * @param {Way} way
 * @param {number} wide
 * @param {number} high
 * @param {boolean} mayBeFar
 * @returns {{ box: Box, point: Point | null }[]}
 */
function placesOn(way, wide, high, mayBeFar) {
  const length = Math.hypot(way.b.x - way.a.x, way.b.y - way.a.y) || 1;
  const [nx, ny] = [-(way.b.y - way.a.y) / length, (way.b.x - way.a.x) / length];
  // Beside a steep way, a label is far from it soon.
  const isFlat = Math.abs(ny) > FLAT;
  const near = ASIDE.filter((aside) => isFlat || Math.abs(aside) <= AWAY).flatMap((aside) =>
    PARTS.map((part) => {
      const { x, y } = along(way, part);
      const box = boxAround({ x: x + nx * aside * wide * 0.5, y: y + ny * aside * high }, wide, high);
      return { box, point: Math.abs(aside) < AWAY ? null : { x, y } };
    }),
  );
  if (!mayBeFar) return near;
  const point = along(way, 0.5);
  for (const { x, y } of AROUND)
    near.push({ box: boxAround({ x: point.x + x * wide, y: point.y + y * high }, wide, high), point });
  return near;
}

/**
 * Returns the places around one, so many half widths and whole heights to each side.
 *
 * @param {number} steps
 * @returns {Point[]}
 */
function grid(steps) {
  const each = Array.from({ length: 2 * steps + 1 }, (_, i) => i - steps);
  return each.flatMap((across) => each.map((down) => ({ x: across / 2, y: down })));
}

/**
 * @param {Message} message
 * @param {boolean} isEvidence
 * @param {Way} way
 * @param {number} unit
 */
function arrow(message, isEvidence, way, unit) {
  const reach = { lost: 0.5, cut: 0.46, withheld: 0.18, "in-flight": 0.75 }[String(message.ending)] ?? 1;
  const end = along(way, reach);
  const d = tailPath(way, end.x, end.y, reach);
  const before = along(way, Math.max(0, reach - 0.04));
  const angle = ((Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI).toFixed(1);
  const arm = unit * 0.55;
  const head = isLost(message)
    ? s("path", { class: "cross", d: `M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}` })
    : s("path", { class: "head", d: `M0 0L${-arm * 1.7} ${arm * 0.8}V${-arm * 0.8}Z` });
  const look = [
    "remain",
    message.lie ? "lie" : "",
    isLost(message) ? "lost" : "",
    isEvidence ? "clue" : "",
    hazeOf(message),
  ];
  return s(
    "g",
    { class: look.filter(Boolean).join(" "), "data-message": message.name, "data-index": message.index },
    isEvidence ? s("path", { class: "marker", d }) : null,
    s("path", { class: "line", d }),
    s("g", { transform: `translate(${end.x.toFixed(1)} ${end.y.toFixed(1)}) rotate(${angle})` }, head),
  );
}

/**
 * @param {readonly string[]} lines
 * @param {string} look
 * @param {Box} box
 * @param {{ unit: number, message: Message, point: Point | null }} of
 */
function label(lines, look, { left, right, top, bottom }, { unit, message, point }) {
  const frame = { x: left, y: top, width: right - left, height: bottom - top, rx: unit * 0.35 };
  const texts = lines.map((line, index) => {
    const place = { x: (left + right) / 2, y: top + unit * (1.05 + index * 1.2), "font-size": unit };
    return s("text", place, line);
  });
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const lead = point && s("path", { class: "leader", d: `M${point.x.toFixed(1)} ${point.y.toFixed(1)}L${x} ${y}` });
  return s("g", { class: `told ${look}`, "data-index": message.index }, lead, s("rect", frame), ...texts);
}
