// The nodes of the field: a circle with its picture or clock, and beside it name, part, state and what it told its user.

import { s, set } from "./dom.js";
import { Dial, worst } from "./dial.js";
import { glyph } from "./glyphs.js";
import { shorten, width, wrap } from "./text.js";
import { shown } from "./words.js";

/** Up to so many outputs of a kind show one by one. */
const MOST_CHIPS = 8;

export class NodeView {
  constructor(run, index, place, measures, onpick) {
    Object.assign(this, { run, index, place, measures });
    const { radius, unit } = measures;
    const node = run.nodes[index];
    this.dial = run.show.clocks && radius > 20 ? new Dial(radius * 0.94, worst(run)) : null;
    this.label = s("g", { class: "label" });
    this.badge = s("g", { class: "badge" });
    this.body = s(
      "g",
      { class: "body" },
      s("circle", { class: "disc", r: radius }),
      s("circle", { class: "hatch", r: radius - 2 }),
      node.traitor ? s("circle", { class: "inner", r: radius * 0.84 }) : null,
      this.dial ? this.dial.element : glyph(node.name, radius * (node.traitor ? 0.86 : 1)),
      s("path", {
        class: "cross",
        d: `M${-radius * 0.5} ${-radius * 0.5}L${radius * 0.5} ${radius * 0.5}M${radius * 0.5} ${-radius * 0.5}L${-radius * 0.5} ${radius * 0.5}`,
      }),
      s("path", {
        class: "bars",
        d: `M${-radius * 0.22} ${-radius * 0.4}V${radius * 0.4}M${radius * 0.22} ${-radius * 0.4}V${radius * 0.4}`,
      }),
    );
    // What is pressed lies over the picture; its words stand beside it, for everybody to read.
    this.ring = s("circle", {
      class: "ring",
      r: radius + unit * 0.45,
      tabindex: 0,
      role: "button",
      onclick: () => onpick({ node: index }),
      onkeydown: (event) => event.key === "Enter" && onpick({ node: index }),
    });
    this.element = s(
      "g",
      {
        class: `node${node.traitor ? " traitor" : ""}`,
        transform: `translate(${place.x} ${place.y})`,
        "data-node": node.name,
      },
      this.body,
      this.label,
      this.badge,
      this.ring,
    );
    this.key = "";
  }

  show(at, count, selected) {
    const { run, index, measures } = this;
    const known = run.nodeAt(index, count);
    if (this.dial) this.dial.show(run.clockAt(index, at) ?? 0);
    const { culprits, id } = run.evidenceAt(count);
    const key = `${known.state}|${known.rest}|${known.outputs.length}|${selected}|${id}`;
    if (key === this.key) return;
    this.key = key;
    const node = run.nodes[index];
    this.element.setAttribute(
      "class",
      `node ${known.rest}${node.traitor ? " traitor" : ""}${selected ? " selected" : ""}`,
    );
    this.ring.setAttribute("aria-label", description(node, known));
    const decision = decisionOf(known.outputs);
    this.badge.replaceChildren(...(decision ? [badge(decision, culprits.has(decision.id), measures)] : []));
    this.label.replaceChildren(...lines(run, node, known, culprits, this.place, measures));
  }
}

function description(node, known) {
  const rest = { up: "", down: ", down", paused: ", paused" }[known.rest];
  const traitor = node.traitor ? ", a traitor" : "";
  const told = known.outputs
    .slice(-3)
    .map((output) => `${output.name} ${shown(output.value)}`)
    .join(", ");
  return `${node.name}${traitor}${rest}${known.state ? `, ${known.state}` : ""}${told ? `; told its user ${told}` : ""}`;
}

/** The last word told once and for all, where a node decides. */
function decisionOf(outputs) {
  const last = outputs[outputs.length - 1];
  return last && last.name === "decision" ? last : null;
}

function badge(output, bad, { radius, unit }) {
  const size = unit * 1.05;
  const words = `${bad ? "✗ " : ""}${output.value}`;
  const wide = width(words, size, 700) + size * 1.5;
  return s(
    "g",
    { transform: `translate(0 ${radius * 0.9})`, class: bad ? "bad" : "" },
    s("rect", { x: -wide / 2, y: -size * 0.88, width: wide, height: size * 1.76, rx: size * 0.88 }),
    s("text", { "font-size": size, dy: "0.36em" }, words),
  );
}

/** The lines of a label: name, part, state, and what the node told its user. */
function lines(run, node, known, culprits, { side, room: most }, { radius, unit, width: whole, crowded }) {
  const room = Math.min(unit * (side === "left" || side === "right" ? 10.5 : 14), whole * 0.4, most);
  const small = unit * 0.96;
  const rows = [{ text: node.name, size: unit * (crowded ? 1 : 1.36), class: "name" }];
  if (node.traitor && !crowded)
    rows.push({
      text: `traitor${node.lie && run.nodes.length < 6 ? ` · ${node.lie}` : ""}`,
      size: small,
      class: "part",
    });
  if (known.rest !== "up")
    rows.push({ text: known.rest === "down" ? "crashed" : "paused", size: small, class: "part" });
  // What a node knew is gone with its memory.
  if (!crowded && known.rest !== "down") {
    const few = run.nodes.length > 5 ? 1 : 2;
    for (const text of wrap(known.state, room, small, few)) rows.push({ text, size: small, class: "state" });
  }
  const tallies = crowded ? [] : tallied(known.outputs);
  const height = rows.reduce((sum, row) => sum + row.size * 1.28, 0) + tallies.length * unit * 1.75;
  const anchor = { left: "end", right: "start" }[side] ?? "middle";
  const x = { left: -radius - unit * 0.9, right: radius + unit * 0.9 }[side] ?? 0;
  const badgeRoom = decisionOf(known.outputs) ? unit * 0.9 : 0;
  let y =
    side === "below"
      ? radius + unit * 0.35 + badgeRoom
      : side === "above"
        ? -radius - unit * 0.6 - height
        : -height / 2;
  const elements = rows.map((row) => {
    y += row.size * 1.28;
    return s(
      "text",
      { class: row.class, x, y: y - row.size * 0.28, "font-size": row.size, "text-anchor": anchor },
      row.text,
    );
  });
  for (const tally of tallies) {
    elements.push(chips(culprits, tally, x, y + unit * 0.35, anchor, unit, Math.min(room * 1.25, most)));
    y += unit * 1.75;
  }
  return elements;
}

/** What was told, by name: numbers one by one with how often, of anything else the last. */
function tallied(outputs) {
  const names = new Map();
  for (const output of outputs) {
    if (output.name === "decision") continue;
    const tally = names.get(output.name) ?? { name: output.name, values: new Map(), last: output };
    names.set(output.name, tally);
    tally.last = output;
    const known = tally.values.get(output.value) ?? { count: 0, output };
    tally.values.set(output.value, { count: known.count + 1, output });
  }
  return [...names.values()].slice(-2);
}

function chips(culprits, tally, x, y, anchor, unit, room) {
  const size = unit * 0.86;
  const list = [...tally.values].filter(([value]) => typeof value === "number");
  const few = list.length > 0 && list.length === tally.values.size && list.length <= 40;
  const chosen = few
    ? list.slice(-MOST_CHIPS).map(([value, { count, output }]) => ({
        text: count > 1 ? `${value} ×${count}` : `${value}`,
        bad: culprits.has(output.id),
      }))
    : [{ text: shown(tally.last.value), bad: culprits.has(tally.last.id) }];
  const name = shorten(tally.name, room, size);
  const boxes = chosen.map((chip) => ({ ...chip, wide: width(chip.text, size, 600) + size * 0.9 }));
  const lead = width(name, size) + size * 0.5;
  // What a verdict points at stays longest.
  const least = () =>
    Math.max(
      boxes.findIndex((box) => !box.bad),
      0,
    );
  while (boxes.length > 1 && lead + boxes.reduce((sum, box) => sum + box.wide + 3, 0) > room) boxes.splice(least(), 1);
  const whole = lead + boxes.reduce((sum, box) => sum + box.wide + 3, 0);
  let left = anchor === "end" ? x - whole : anchor === "start" ? x : x - whole / 2;
  const group = s(
    "g",
    { class: "chips" },
    s("text", { class: "state", x: left, y: y + size * 1.05, "font-size": size }, name),
  );
  left += lead;
  for (const box of boxes) {
    group.append(
      s(
        "g",
        { class: box.bad ? "chip bad" : "chip" },
        s("rect", { x: left, y: y - size * 0.05, width: box.wide, height: size * 1.5, rx: size * 0.3 }),
        s("text", { x: left + box.wide / 2, y: y + size * 1.05, "font-size": size, "text-anchor": "middle" }, box.text),
      ),
    );
    left += box.wide + 3;
  }
  return group;
}
