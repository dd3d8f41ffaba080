// Happened-before: the past and the future of what is selected, shaded along the lanes.

import { s } from "./dom.js";
import { eventOf } from "./selection.js";

export function drawShade({ run, sizes, x, end, selected }) {
  const id = eventOf(run, selected);
  if (id === null) return [];
  const room = Math.min(sizes.gap * 0.62, 40);
  const band = (node, left, right, look) =>
    right > left
      ? s("rect", { class: look, x: left, y: sizes.lane(node) - room / 2, width: right - left, height: room, rx: 5 })
      : null;
  const past = run.order
    .past(id)
    .map((last, node) => (last < 0 ? null : band(node, x(0) - 8, x(run.events[last].at), "past")));
  const future = run.order
    .future(id)
    .map((first, node) =>
      Number.isFinite(first) ? band(node, x(run.events[first].at), Math.max(end, x(run.ends)) + 12, "future") : null,
    );
  const here = run.events[id];
  const lane = here.node ?? 0;
  const words = (text, dx, anchor) =>
    s(
      "text",
      {
        class: "shade-name",
        x: x(here.at) + dx,
        y: sizes.lane(lane) + room / 2 + 11,
        "font-size": 11,
        "text-anchor": anchor,
      },
      text,
    );
  // At the run's beginning there is no room for what stands to the left.
  const before = x(here.at) > x(0) + 70 ? words("◂ its past", -8, "end") : null;
  return [...past, ...future, before, words("its future ▸", 8, "start")].filter(Boolean);
}
