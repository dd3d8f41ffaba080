// @ts-check
// A large dot that follows the mouse, for the last row. By keyboard it goes to what has the focus.

import { h, targetOf } from "./dom.js";

export class PointerDot {
  constructor() {
    this.element = h("div", { class: "pointer-dot", "aria-hidden": "true", hidden: true });
    document.addEventListener("pointermove", ({ clientX, clientY }) => this.move(clientX, clientY));
    document.addEventListener("focusin", (event) => this.follow(targetOf(event)));
    document.documentElement.addEventListener("pointerleave", () => this.element.classList.add("away"));
  }

  get isOn() {
    return !this.element.hidden;
  }

  /** Returns whether it is on now. */
  toggle() {
    if (!this.element.isConnected) document.body.append(this.element);
    this.element.hidden = !this.element.hidden;
    document.body.classList.toggle("pointing", this.isOn);
    this.follow(document.activeElement);
    return this.isOn;
  }

  /** Returns false if it is off already. */
  leave() {
    if (!this.isOn) return false;
    this.toggle();
    return true;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  move(x, y) {
    this.element.classList.remove("away");
    this.element.style.translate = `${x}px ${y}px`;
  }

  /** @param {Element | null} focused */
  follow(focused) {
    if (!this.isOn || !focused?.matches(":focus-visible")) return;
    const { left, right, top, bottom } = focused.getBoundingClientRect();
    this.move((left + right) / 2, (top + bottom) / 2);
  }
}
