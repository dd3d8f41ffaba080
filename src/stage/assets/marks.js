// What stands on the lanes and between them: arrows for messages, signs for what nodes did.

import { width } from "./text.js";
import { shown } from "./words.js";

/** Labels are placed where there are at most so many arrows; where there are more than a few, each once. */
const LABELLED = 160;
const FEW = 50;
const MOST_LABELS = 16;
/** Outputs have words beside them where there are at most so many. */
const MOST_OUTPUTS = 30;
const SIZE = 13;

const SIGNS = {
  output: "output",
  crashed: "crashed",
  writes_lost: "small",
  restarted: "restarted",
  paused: "paused",
  resumed: "restarted",
  clock_stepped: "clock",
  clock_slewed: "small",
  clock_drifted: "clock",
  noted: "small",
  wrote: "small",
  passed: "small",
  timer: "small",
  traitor: null,
  started: null,
};

export function drawMarks(pen, view) {
  const board = [];
  const texts = [];
  view.write = (...text) => texts.push(text);
  const outputs = view.events.filter((event) => event.what === "output").length;
  view.labelsOutputs = outputs <= MOST_OUTPUTS;
  const signs = view.events.filter(
    (event) => event.node !== undefined && (SIGNS[event.what] || view.evidence.has(event.id)),
  );
  // No words stand on a sign that says something by itself.
  for (const event of signs) if (SIGNS[event.what] !== "small") board.push(around(view, event));
  for (const event of signs) drawSign(pen, view, event, SIGNS[event.what] ?? "small", board);
  const labelled = view.messages.length <= LABELLED;
  const first = (message) => (message.lie ? 0 : 1);
  const sorted = labelled ? [...view.messages].sort((a, b) => first(a) - first(b)) : view.messages;
  const said = view.messages.length > FEW ? new Set() : null;
  for (const message of sorted) {
    const again =
      said && (said.has(message.words) || said.size >= MOST_LABELS) && !isSelected(view, { message: message.index });
    const placed = drawArrow(pen, view, message, labelled && !again ? board : null);
    if (placed) said?.add(message.words);
  }
  // Words stand above all lines.
  for (const [at, ...text] of texts) {
    pen.wordsAt(at);
    pen.text(...text);
  }
}

function isSelected(view, what) {
  const { selected } = view;
  if (!selected) return false;
  return what.event !== undefined ? selected.event === what.event : selected.message === what.message;
}

function drawArrow(pen, view, message, board) {
  const { run, sizes, x } = view;
  const from = { x: x(message.sent), y: sizes.lane(message.from) };
  const whole = { x: x(Math.min(message.ends, run.ends)), y: sizes.lane(message.to) };
  const { ending } = message;
  let to = whole;
  if (ending === "lost") to = { x: x(message.sent + (message.ends - message.sent) / 2), y: (from.y + whole.y) / 2 };
  if (ending === "in-flight" || message.ends > run.ends) to = { x: whole.x, y: from.y + (whole.y - from.y) * 0.75 };
  if (ending === "withheld")
    to = { x: from.x + 16, y: from.y + Math.sign(whole.y - from.y) * Math.min(26, Math.abs(whole.y - from.y)) };
  const ink = run.inks.get(message.words) ?? 0;
  const evidence = view.evidence.has(message.began) || view.evidence.has(message.ended);
  const look = [
    `ink-${ink}`,
    message.lie ? "lie" : "",
    ["lost", "corrupted", "cut", "to-crashed"].includes(ending) ? "lost" : "",
  ]
    .filter(Boolean)
    .join(" ");
  const chosen =
    isSelected(view, { message: message.index }) ||
    isSelected(view, { event: message.began }) ||
    isSelected(view, { event: message.ended });
  pen.mark({
    class: `way ${look}${evidence ? " evidence" : ""}${chosen ? " selected" : ""}`,
    "data-message": message.name,
    "data-index": message.index,
  });
  const line = `M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`;
  pen.path(line, "touch");
  if (message.copy) {
    pen.path(
      `M${from.x.toFixed(1)} ${(from.y + 3).toFixed(1)}L${to.x.toFixed(1)} ${(to.y + 3).toFixed(1)}`,
      `line ${look}`,
    );
  }
  pen.path(line, `line ${look}${["lost", "corrupted", "withheld"].includes(ending) ? " dashed" : ""}`);
  drawEnd(pen, message, from, to, look);
  return board ? label(pen, view, message, from, to, look, board, evidence || chosen) : false;
}

/** An arrow's end says what became of the message. */
function drawEnd(pen, message, from, to, look) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const at = (along, across) =>
    `${(to.x - ux * along - uy * across).toFixed(1)} ${(to.y - uy * along + ux * across).toFixed(1)}`;
  const cross = () => pen.path(`M${(to.x - 6).toFixed(1)} ${(to.y - 6).toFixed(1)}l12 12m0 -12l-12 12`, `end ${look}`);
  switch (message.ending) {
    case "delivered":
      return pen.path(`M${at(0, 0)}L${at(11, 4.6)}L${at(11, -4.6)}Z`, `solid ${look}`);
    case "in-flight":
      return pen.path(`M${at(7, 4.5)}L${at(0, 0)}L${at(7, -4.5)}`, `end ${look}`);
    case "cut":
      return pen.path(`M${at(0, 8)}L${at(0, -8)}M${at(5, 8)}L${at(5, -8)}`, `end ${look}`);
    case "withheld":
      return pen.circle(to.x, to.y, 3, look);
    default:
      return cross();
  }
}

/** The words of an arrow, where there is room for them. */
function label(pen, view, message, from, to, look, board, must) {
  const words = message.ending === "withheld" ? "says nothing" : message.words;
  if (!words) return false;
  const text = words.length > 30 ? `${words.slice(0, 29)}…` : words;
  const said = message.lie ? `${text} (lie)` : text;
  const wide = width(said, SIZE, 600) + 8;
  const parts = [0.5, 0.36, 0.64, 0.25, 0.75];
  for (const part of parts) {
    const [x, y] = [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part];
    const box = { left: x - wide / 2, right: x + wide / 2, top: y - SIZE * 0.75, bottom: y + SIZE * 0.55 };
    const onLane = view.run.nodes.some((_, i) => Math.abs(view.sizes.lane(i) - y) < SIZE * 0.75);
    if ((onLane && !must) || box.left < -view.origin || board.some((other) => overlaps(box, other))) continue;
    board.push(box);
    view.write(reached(view.run, message, part), x, y + SIZE * 0.32, said, `words ${look}`, box, "middle", SIZE);
    return true;
  }
  return false;
}

/** The room that an event's sign takes, and the ring around evidence. */
function around({ x, sizes, evidence }, { id, at, node }) {
  const [left, y] = [x(at), sizes.lane(node)];
  const half = evidence.has(id) ? 10 : 5;
  return { left: left - 9, right: left + 9, top: y - half, bottom: y + half };
}

/** When a message has come so far on the part of its way that is drawn. */
function reached(run, message, part) {
  const way = Math.min(message.ends, run.ends) - message.sent;
  return message.sent + (message.ending === "lost" ? way / 2 : way) * part;
}

const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function drawSign(pen, view, event, sign, board) {
  const { run, sizes, x } = view;
  const [left, y] = [x(event.at), sizes.lane(event.node)];
  const evidence = view.evidence.has(event.id);
  const chosen = isSelected(view, { event: event.id });
  pen.mark({
    class: `sign ${sign}${evidence ? " evidence" : ""}${chosen ? " selected" : ""}`,
    "data-event": event.id,
    "data-at": event.at,
  });
  if (evidence || chosen) pen.circle(left, y, 11, "halo");
  const place = (d) => d.replace(/@/g, `${left.toFixed(1)} ${y.toFixed(1)}`);
  switch (sign) {
    case "output":
      pen.path(place("M@m-6 -6h12v12h-12z"), `solid ${sign}`);
      break;
    case "crashed":
      pen.path(place("M@m-7 -7l14 14m0 -14l-14 14"), "end lost");
      break;
    case "restarted":
      pen.path(place("M@m-7 6h14l-7 -13z"), `solid ${sign}`);
      break;
    case "paused":
      pen.path(place("M@m-4 -7v14m8 -14v14"), "end");
      break;
    case "clock":
      pen.path(place("M@m0 -8l7 8l-7 8l-7 -8z"), `solid ${sign}`);
      break;
    default:
      pen.circle(left, y, 2.8, "small");
  }
  const words =
    sign === "output"
      ? `${event.name} ${shown(event.value)}`
      : sign === "crashed"
        ? "crash"
        : sign === "restarted"
          ? event.what === "resumed"
            ? "goes on"
            : "restart"
          : sign === "clock"
            ? `clock ${shown(event.value)}`
            : evidence && event.words
              ? event.words.slice(0, 26)
              : null;
  if (!words || (sign === "output" && !view.labelsOutputs && !evidence && !chosen)) return;
  const wide = width(words, SIZE, 650) + 6;
  for (const [dx, dy] of [
    [10, -10],
    [10, 18],
    [-wide - 10, -10],
    [-wide - 10, 18],
  ]) {
    const box = { left: left + dx, right: left + dx + wide, top: y + dy - SIZE, bottom: y + dy + 4 };
    if (box.top < 0 || box.left < -view.origin || box.right > view.limit || board.some((other) => overlaps(box, other)))
      continue;
    board.push(box);
    view.write(event.at, left + dx + 2, y + dy, words, `words mark${evidence ? " evidence" : ""}`, box, "start", SIZE);
    return;
  }
}
