// @ts-check
// Messages as dots on a canvas, where there are too many for elements.

/** @import { Pose } from "./token_pose.js" */

import { contextOf } from "./dom.js";

/** @typedef {Pose & { isLie: boolean, isSecond: boolean }} Dot */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {readonly Dot[]} dots
 * @param {number} radius
 */
export function drawDots(canvas, dots, radius) {
  const scale = canvas.width / canvas.clientWidth || 1;
  const context = contextOf(canvas);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  const style = getComputedStyle(canvas);
  /** @type {(name: string) => string} */
  const colour = (name) => style.getPropertyValue(name).trim();
  const [blue, ink, lie, loss, paper] = ["--blue", "--ink", "--lie", "--loss", "--paper"].map(colour);
  for (const { x, y, opacity, isGone, isLie, isSecond } of dots) {
    context.globalAlpha = opacity;
    context.lineWidth = 2;
    context.beginPath();
    if (isGone) {
      const arm = radius * 0.7;
      context.strokeStyle = loss;
      context.moveTo(x - arm, y - arm);
      context.lineTo(x + arm, y + arm);
      context.moveTo(x + arm, y - arm);
      context.lineTo(x - arm, y + arm);
      context.stroke();
      continue;
    }
    if (isSecond) context.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
    else context.arc(x, y, radius, 0, 7);
    context.fillStyle = isLie ? paper : isSecond ? ink : blue;
    context.strokeStyle = isLie ? lie : paper;
    context.fill();
    context.stroke();
  }
  context.globalAlpha = 1;
}
