// Where nodes and links are in the field, in pixels: the server's places fitted to the room that there is.

/** How large everything is in a field of this size. */
export function measures(run, width, height) {
  const count = run.nodes.length;
  const few = count <= 4;
  const unit = Math.min(Math.max(Math.min(width / (few ? 52 : 58), height / (few ? 24.5 : 27)), 11.5), 30);
  const share = count <= 2 ? 0.15 : count <= 4 ? 0.125 : count <= 8 ? 0.085 : 0.24 / Math.sqrt(count);
  const radius = Math.min(Math.max(Math.min(width * 0.85, height) * share, 12), unit * 5.2);
  // Where there is little room, a label is no more than a name.
  const crowded = count > 10 || (width < unit * 44 && count > 3);
  return { width, height, unit, radius, crowded };
}

/** On which side of its node a label stands. */
function sideOf(run, node, wide) {
  const { layout } = run.show;
  const count = run.nodes.length;
  if (layout === "fan" && node.y < 0.5) return "above";
  if (!wide && layout === "ring" && count > 3)
    return node.y < -0.5 && Math.abs(node.x) < 0.3
      ? "above"
      : Math.abs(node.x) < 0.3
        ? "below"
        : node.x < 0
          ? "left"
          : "right";
  if (!wide || layout === "hills" || layout === "row" || layout === "split" || count === 2) return "below";
  if (layout === "star" && count > 3 && node.y > 0) return "below";
  if (node.x < -0.3) return "left";
  return "right";
}

/** A place for each node. */
export function places(run, { width, height, unit, radius, crowded }) {
  const wide = width > unit * 44;
  const sides = run.nodes.map((node) => sideOf(run, node, wide));
  const has = (side) => sides.includes(side);
  const lateral = has("left") || has("right") ? unit * (wide ? 11.5 : 4.6) : 0;
  const spreadX = run.nodes.length === 2 ? Math.min(width * 0.31, unit * 21) : Infinity;
  const rx = Math.min(width / 2 - radius - Math.max(lateral, unit * (has("below") || has("above") ? 5.5 : 2)), spreadX);
  const top = radius + unit * (has("above") ? (crowded ? 2 : 5.2) : 1.4);
  const bottom = radius + unit * (has("below") ? (crowded ? 2.6 : 6.6) : 1.6);
  const ry = Math.max((height - top - bottom) / 2, unit * 2);
  const middle = top + ry;
  const ys = run.nodes.map((node) => node.y);
  const [high, low] = [Math.min(...ys), Math.max(...ys)];
  const isFlat = high === low;
  const level = (y) => (isFlat ? 0 : ((y - high) / (low - high)) * 2 - 1);
  // In a wide field a ring becomes an oval, but not a line.
  const limit = run.show.layout === "ring" ? Math.max(ry * 1.75, unit * 12) : Infinity;
  const reach = Math.min(Math.max(rx, unit * 3), limit);
  const all = run.nodes.map((node, index) => ({
    x: width / 2 + node.x * reach,
    y: isFlat ? height * 0.45 : middle + level(node.y) * ry,
    side: sides[index],
  }));
  return all.map((place) => ({ ...place, room: roomOf(place, all, { width, radius }) }));
}

/** How wide a label over or under its node may be: not into that of a neighbour, nor over the field's edge. */
function roomOf(place, all, { width, radius }) {
  if (place.side === "left" || place.side === "right") return Infinity;
  const neighbours = all.filter((other) => other !== place && Math.abs(other.y - place.y) < radius * 2);
  const gaps = neighbours.map((other) => Math.abs(other.x - place.x));
  return Math.min(...gaps, 2 * place.x, 2 * (width - place.x)) * 0.94;
}

/** The way of a message: a bow from the rim of one node to that of the other. */
export function bow(from, to, radius, bend) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  // The bow leaves its node a little to its own side.
  const lean = Math.max(-0.9, Math.min(0.9, (bend / length) * 2));
  const [sx, sy] = [ux + uy * lean, uy - ux * lean];
  const [ex, ey] = [ux - uy * lean, uy + ux * lean];
  const norm = Math.hypot(1, lean);
  const gap = radius + 3;
  const a = { x: from.x + (sx / norm) * gap, y: from.y + (sy / norm) * gap };
  const b = { x: to.x - (ex / norm) * gap, y: to.y - (ey / norm) * gap };
  const c = { x: (a.x + b.x) / 2 + uy * bend * 1.3, y: (a.y + b.y) / 2 - ux * bend * 1.3 };
  return { a, b, c, length };
}

/** The point at `part` of a bow. */
export function along({ a, b, c }, part) {
  const rest = 1 - part;
  return {
    x: rest * rest * a.x + 2 * rest * part * c.x + part * part * b.x,
    y: rest * rest * a.y + 2 * rest * part * c.y + part * part * b.y,
  };
}

/** Which of the parallel ways of its link each message takes, so that no two are on one at a time. */
export function strands(run) {
  const links = new Map();
  for (const message of run.messages) {
    const key = message.from * 4096 + message.to;
    const link = links.get(key) ?? { free: [], count: 0 };
    links.set(key, link);
    let strand = link.free.findIndex((until) => until <= message.sent);
    if (strand < 0) strand = link.free.length;
    link.free[strand] = Math.max(message.ends, message.sent + 1);
    message.strand = strand;
    link.count = link.free.length;
  }
  return links;
}
