// @ts-check
// Paints the cells of a wall. Outcomes differ by colour and by hatching, so that nobody needs to
// tell colours apart.

/** @import { Cells } from "./wall_cells.js" */

import { contextOf, s } from "./dom.js";

/**
 * How outcomes look, by rank: a colour of the page, and lines across a square from 0 to 1.
 *
 * @type {[colour: string, lines: [x: number, y: number, toX: number, toY: number][]][]}
 */
const LOOKS = [
  ["--green", []],
  ["--violation", [[0, 1, 1, 0]]],
  ["--blue", [[0, 0.5, 1, 0.5]]],
  ["--purple", [[0.5, 0, 0.5, 1]]],
  ["--proof", [[0, 0, 1, 1]]],
  [
    "--brown",
    [
      [0, 1, 1, 0],
      [0, 0, 1, 1],
    ],
  ],
  [
    "--loss",
    [
      [0.5, 0, 0.5, 1],
      [0, 0.5, 1, 0.5],
    ],
  ],
];

/** Cells smaller than this have no gap between them. */
const LEAST_WITH_GAP = 4;

export class Painter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.grid = { columns: 1, size: 1 };
  }

  /**
   * Makes the canvas as large as its room, sharp on every screen.
   *
   * @param {number} width
   * @param {number} height
   */
  fit(width, height) {
    const { canvas } = this;
    const scale = devicePixelRatio;
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    contextOf(canvas).setTransform(scale, 0, 0, scale, 0, 0);
  }

  clear() {
    contextOf(this.canvas).clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * Returns the number of the place at a point; null beside all places.
   *
   * @param {number} x
   * @param {number} y
   */
  placeAt(x, y) {
    const { columns, size } = this.grid;
    const column = Math.floor(x / size);
    return column < 0 || column >= columns || y < 0 ? null : Math.floor(y / size) * columns + column;
  }

  /**
   * Paints all cells that are filled.
   *
   * @param {Cells} cells
   * @param {{ places: Uint16Array, part: number } | null} settling where they settle, and how far
   *   they have come
   * @param {number | null} at the cell that is pointed at
   */
  paint(cells, settling, at) {
    const context = contextOf(this.canvas);
    this.clear();
    const style = getComputedStyle(this.canvas);
    const room = this.grid.size >= LEAST_WITH_GAP ? this.grid.size - 1 : this.grid.size;
    for (const outcome of cells.outcomes) {
      const [colour, lines] = LOOKS[outcome.rank % LOOKS.length];
      const [squares, hatches] = [new Path2D(), new Path2D()];
      for (let cell = 0; cell < cells.count; cell++) {
        if (cells.outcomeOf[cell] !== outcome.number) continue;
        const [x, y] = this.cornerOf(cell, settling);
        squares.rect(x, y, room, room);
        for (const [x1, y1, x2, y2] of lines) {
          hatches.moveTo(x + x1 * room, y + y1 * room);
          hatches.lineTo(x + x2 * room, y + y2 * room);
        }
      }
      context.fillStyle = style.getPropertyValue(colour);
      context.fill(squares);
      context.strokeStyle = style.getPropertyValue("--paper");
      context.lineWidth = Math.max(1, room / 7);
      context.stroke(hatches);
    }
    if (at === null) return;
    const [x, y] = this.cornerOf(at, settling);
    context.strokeStyle = style.getPropertyValue("--ink");
    context.lineWidth = 3;
    context.strokeRect(x - 2, y - 2, room + 4, room + 4);
  }

  /**
   * Returns the corner of a cell: of its seed's place, or on the way to its outcome's.
   *
   * @param {number} cell
   * @param {{ places: Uint16Array, part: number } | null} settling
   * @returns {[x: number, y: number]}
   */
  cornerOf(cell, settling) {
    const { columns, size } = this.grid;
    const [x, y] = [(cell % columns) * size, Math.floor(cell / columns) * size];
    if (!settling) return [x, y];
    const place = settling.places[cell] ?? cell;
    const [toX, toY] = [(place % columns) * size, Math.floor(place / columns) * size];
    const part = settling.part * settling.part * (3 - 2 * settling.part);
    return [x + (toX - x) * part, y + (toY - y) * part];
  }
}

/**
 * Returns a cell as an outcome of this rank has it.
 *
 * @param {number} rank
 */
export function swatch(rank) {
  const look = rank % LOOKS.length;
  const lines = LOOKS[look][1].map(([x1, y1, x2, y2]) => s("line", { x1, y1, x2, y2 }));
  const square = s("rect", { width: 1, height: 1 });
  return s("svg", { class: `look look-${look}`, viewBox: "0 0 1 1", "aria-hidden": "true" }, square, ...lines);
}
