// The lanes of the diagram, what lasts along them, and where the run differs from the rehearsed one.

import { s } from "./dom.js";
import { worst } from "./dial.js";
import { countUpTo } from "./sorted.js";
import { AXIS } from "./ticks.js";

/** The lanes. */
export function lanes({ run, sizes, x, end }) {
  return run.nodes.map((node, index) =>
    s("path", {
      class: node.traitor ? "lane traitor" : "lane",
      d: `M${Math.max(-20, x(0))} ${sizes.lane(index)}H${end + 20}`,
    }),
  );
}

/** What lasts: partitions, the stretches in which a node is not at work, and the courses of clocks. */
export function lasting({ run, sizes, x, end, window }) {
  const elements = [];
  for (const wall of run.show.partitions) {
    const [left, right] = [x(wall.from), wall.to === null ? end : x(wall.to)];
    const names = wall.groups.map((group) => group.map((node) => run.nodes[node].name).join(", ")).join(" | ");
    elements.push(
      s("rect", { class: "band", x: left, y: 2, width: Math.max(2, right - left), height: sizes.height - AXIS - 4 }),
      s("text", { class: "band-name", x: left + 6, y: 15, "font-size": 12 }, `partition: ${names}`),
    );
  }
  const most = worst(run);
  run.nodes.forEach((_, index) => {
    const y = sizes.lane(index);
    const rests = run.lives[index].rests;
    rests.forEach((rest, i) => {
      if (rest.rest === "up") return;
      const until = rests[i + 1]?.at ?? run.ends;
      elements.push(
        s("rect", { class: "rest", x: x(rest.at), y: y - 6, width: Math.max(3, x(until) - x(rest.at)), height: 12 }),
      );
    });
    const corners = run.show.clocks?.[index];
    if (corners) elements.push(clockCourse(corners, x, y, sizes.gap * 0.36, most, window));
  });
  return elements;
}

/** A clock's error along its lane, on the scale of the dials: above the lane where it is ahead. */
function clockCourse(corners, x, y, room, most, window) {
  const least = most / 2000;
  const up = (error) => y - Math.sign(error) * room * (Math.log1p(Math.abs(error) / least) / Math.log1p(most / least));
  const first = Math.max(0, countUpTo(corners, window.from, (corner) => corner[0]) - 1);
  let d = "";
  for (let i = first; i < corners.length; i++) {
    const [at, before, after] = corners[i];
    const place = x(at).toFixed(1);
    d += d
      ? `L${place} ${up(before).toFixed(1)}L${place} ${up(after).toFixed(1)}`
      : `M${place} ${up(after).toFixed(1)}`;
    if (at > window.to) break;
  }
  return s("path", { class: "clock-course", d });
}

/** Where the run differs from the rehearsed one for the first time. */
export function flag({ run, sizes, x }, differs) {
  if (differs === null || differs === undefined) return [];
  const event = run.events[Math.min(differs, run.events.length - 1)];
  if (!event) return [];
  const left = x(event.at);
  return [
    s("path", { d: `M${left} 3V${sizes.height - AXIS}` }),
    s("path", { class: "cloth", d: `M${left} 3h15l-4 5 4 5h-15Z` }),
  ];
}
