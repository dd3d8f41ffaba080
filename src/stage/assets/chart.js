// A chart of rates over a grid: measured with their intervals, theory beside them. A point opens a run behind it.

import { s } from "./dom.js";

const [WIDTH, HEIGHT] = [960, 380];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 170, 16, 52];
const SHAPES = [
  (r) => s("circle", { r }),
  (r) => s("rect", { x: -r * 0.9, y: -r * 0.9, width: r * 1.8, height: r * 1.8 }),
  (r) => s("path", { d: `M0 ${-r * 1.2}L${r * 1.15} ${r * 0.9}H${-r * 1.15}Z` }),
  (r) => s("path", { d: `M0 ${-r * 1.25}L${r * 1.25} 0 0 ${r * 1.25} ${-r * 1.25} 0Z` }),
];

/** `rows` are points of a sweep, `properties` what is drawn of them; `open` gets a row and a property. */
export function rateChart(rows, properties, points, open) {
  const axes = Object.keys(rows[0].at);
  const [first, ...others] = axes;
  const values = [...new Set(rows.map((row) => row.at[first]))];
  const numbers = values.every((value) => typeof value === "number") && values.length > 1;
  const span = numbers ? [Math.min(...values), Math.max(...values)] : [0, Math.max(1, points - 1)];
  const even = numbers && (span[1] - span[0]) / Math.max(1e-9, Math.min(...gaps(values))) <= 40;
  const place = (value) => {
    const part = even
      ? (value - span[0]) / (span[1] - span[0] || 1)
      : values.indexOf(value) / Math.max(1, values.length - 1);
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  };
  const most = Math.min(
    1,
    nice(
      Math.max(
        0.01,
        ...rows.flatMap((row) =>
          properties.flatMap((name) => [row.properties[name].high, row.properties[name].theory ?? 0]),
        ),
      ),
    ),
  );
  const up = (rate) => HEIGHT - BOTTOM - (rate / most) * (HEIGHT - TOP - BOTTOM);
  const lines = grouped(rows, others).flatMap(({ label, rows }) => properties.map((name) => ({ name, label, rows })));
  return s(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: "rates",
      role: "group",
      "aria-label": `How often ${properties.join(", ")} ${properties.length > 1 ? "are" : "is"} violated, over ${first ?? "nothing"}`,
    },
    ...frame(most, up),
    ...values.map((value) =>
      s("text", { x: place(value), y: HEIGHT - BOTTOM + 22, "text-anchor": "middle" }, String(value)),
    ),
    s("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle", class: "axis" }, first ?? ""),
    ...lines.flatMap((line, index) => series(line, index, first, place, up, open)),
  );
}

function gaps(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.slice(1).map((value, i) => value - sorted[i]);
}

/** The least of 1, 2, 5 times a power of ten that is not below `value`. */
function nice(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * unit).find((round) => round >= value - 1e-12);
}

/** Rows that differ only in the first axis. */
function grouped(rows, others) {
  const groups = new Map();
  for (const row of rows) {
    const label = others.map((key) => `${key.split(".").pop()} ${row.at[key]}`).join(", ");
    groups.set(label, [...(groups.get(label) ?? []), row]);
  }
  return [...groups].map(([label, rows]) => ({ label, rows }));
}

function frame(most, up) {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((part) => {
    const y = up(part * most);
    return [
      s("path", { class: "grid", d: `M${LEFT} ${y}H${WIDTH - RIGHT}` }),
      s("text", { x: LEFT - 10, y: y + 5, "text-anchor": "end" }, `${Number((part * most * 100).toPrecision(3))} %`),
    ];
  });
}

function series({ name, label, rows }, index, axis, place, up, open) {
  const ink = `series-${index % 4}`;
  const at = (row) => place(row.at[axis]);
  const theory = rows.filter((row) => typeof row.properties[name].theory === "number");
  const elements =
    theory.length > 1
      ? [
          s("path", {
            class: `theory ${ink}`,
            d: theory.map((row, i) => `${i ? "L" : "M"}${at(row)} ${up(row.properties[name].theory)}`).join(""),
          }),
        ]
      : theory.map((row) =>
          s("path", { class: `theory ${ink}`, d: `M${at(row) - 12} ${up(row.properties[name].theory)}h24` }),
        );
  for (const row of rows) {
    const { rate, low, high } = row.properties[name];
    const seeds = row.example?.[name] ?? {};
    const verdict = typeof seeds.violated === "number" ? "violated" : "holds";
    const press = () => open(row, name, verdict);
    elements.push(
      s(
        "g",
        {
          class: `point ${ink}`,
          transform: `translate(${at(row)} 0)`,
          tabindex: 0,
          role: "button",
          onclick: press,
          onkeydown: (event) => event.key === "Enter" && press(),
          "aria-label": `${Object.entries(row.at)
            .map(([key, value]) => `${key} ${value}`)
            .join(", ")}: ${name} violated in ${(rate * 100).toPrecision(3)} % of ${row.runs} runs; open one`,
        },
        s("path", { class: "interval", d: `M0 ${up(low)}V${up(high)}M-5 ${up(low)}h10M-5 ${up(high)}h10` }),
        s(
          "g",
          { transform: `translate(0 ${up(rate)})` },
          s("circle", { class: "target", r: 13 }),
          SHAPES[index % 4](6),
        ),
      ),
    );
  }
  const y = TOP + 14 + index * 40;
  const key = s(
    "g",
    { class: `point ${ink}`, transform: `translate(${WIDTH - RIGHT + 22} ${y})` },
    SHAPES[index % 4](6),
  );
  elements.push(
    key,
    s("text", { x: WIDTH - RIGHT + 36, y: y + 5 }, name),
    s(
      "text",
      { class: "soft", x: WIDTH - RIGHT + 36, y: y + 21 },
      [label, theory.length > 0 ? "line: theory" : ""].filter(Boolean).join(" · "),
    ),
  );
  return elements;
}
