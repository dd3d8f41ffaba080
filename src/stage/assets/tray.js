// @ts-check
// The tray of marks: each is dragged onto a node, a link or a message, and does there what the menus do.
// By keys: a mark is chosen, what it fits is walked through by Tab, and Enter applies it.

/** @import { Field } from "./field.js" */
/** @import { Fork } from "./forks.js" */
/** @import { Change, Player } from "./player.js" */
/** @import { Fitting, Mark } from "./tray_marks.js" */

import { closeButton, h, s, set, targetOf } from "./dom.js";
import { fitsTold, fittingsOf, MARKS, onMessage } from "./tray_marks.js";
import { TrayTargets } from "./tray_targets.js";

/** A pointer that moves by fewer pixels clicks; one that moves by more drags. */
const DRAG = 6;
const HINT = "Drag a mark onto a node, a link or a message; or choose one, and then where.";

/** @typedef {{ player: Player, field: Field, stage: HTMLElement }} Scenery */

export class Tray {
  /**
   * @param {Scenery} theatre
   * @param {(fork: Fork) => unknown} fork changes the run
   */
  constructor({ player, field, stage }, fork) {
    this.player = player;
    this.field = field;
    this.stage = stage;
    this.fork = fork;
    /** @type {Mark | null} */
    this.mark = null;
    /** What can take the mark, as a sentence. */
    this.fits = "";
    /** Whether it was put where nothing takes it. */
    this.hasMissed = false;
    /** Where a drag began, and with what. @type {{ mark: Mark, x: number, y: number, hasMoved: boolean } | null} */
    this.drag = null;
    this.targets = new TrayTargets(field, (fitting) => this.apply(fitting));
    this.hint = h("p", { class: "hint", role: "status" }, HINT);
    this.buttons = MARKS.map((mark) => this.button(mark));
    this.dragged = h("div", { class: "dragged", "aria-hidden": "true", hidden: true });
    this.element = h(
      "div",
      { class: "tray", role: "toolbar", "aria-label": "What if: marks", hidden: true },
      ...this.buttons,
      this.hint,
      closeButton("Close the tray", () => this.close()),
      this.dragged,
    );
    player.watch((_, change) => this.isOpen && this.follow(change));
    stage.addEventListener("click", (event) => this.clicked(event), { capture: true });
    new ResizeObserver(() => this.isOpen && this.renew()).observe(field.element);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @param {Mark} mark */
  button(mark) {
    const choose = () => (this.mark === mark ? this.choose(null) : this.choose(mark, true));
    const element = h(
      "button",
      { type: "button", class: "mark", title: mark.says, "aria-pressed": "false", onclick: choose },
      picture(mark),
      mark.word,
    );
    element.addEventListener("pointerdown", (event) => this.pick(mark, event, element));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.drop(event));
    element.addEventListener("pointercancel", () => this.endDrag());
    return element;
  }

  switch() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    this.player.halt();
    this.element.hidden = false;
    this.player.select(null);
    this.offer();
    this.buttons[0].focus();
  }

  /** Offers the marks that can fit something in this run. */
  offer() {
    const { nodes, show } = this.player.run;
    const canLie = show.lies.length > 0 || nodes.some(({ traitor }) => traitor);
    MARKS.forEach(({ name }, index) => {
      this.buttons[index].hidden = (name === "mask" && !canLie) || (name === "clock" && show.clocks === null);
    });
  }

  /** Puts a mark back, or closes the tray. Returns whether there was something to leave. */
  leave() {
    if (!this.isOpen) return false;
    if (this.mark) {
      const button = this.buttons[MARKS.indexOf(this.mark)];
      this.choose(null);
      button.focus();
    } else this.close();
    return true;
  }

  close() {
    this.choose(null);
    this.element.hidden = true;
  }

  /**
   * Lights up what a mark fits.
   *
   * @param {Mark | null} mark
   * @param {boolean} [takesFocus] whether the first of that gets the focus
   */
  choose(mark, takesFocus = false) {
    this.mark = mark;
    this.hasMissed = false;
    if (mark) this.player.halt();
    for (const [index, button] of this.buttons.entries())
      set(button, { "aria-pressed": String(MARKS[index] === mark) });
    this.renew();
    if (takesFocus) this.targets.focus();
  }

  /** @param {Change} change */
  follow(change) {
    if (change === "run") this.offer();
    if (change !== "speed") this.renew();
  }

  /** Finds anew what the chosen mark fits. */
  renew() {
    const { mark, player, field } = this;
    if (!mark || !player.isOpen) {
      this.targets.clear();
      this.hint.textContent = HINT;
      return;
    }
    const shown = field.laid?.tokens.showing.underWay ?? [];
    const fittings = fittingsOf(player.run, mark.name, player.at, shown);
    this.targets.show(fittings);
    const fits = fitsTold(player.run, fittings);
    this.fits = fits ? `It fits ${fits}.` : "Nothing here can take it: go to another moment.";
    this.hint.textContent = `${this.hasMissed ? `Nothing there takes “${mark.word}”` : mark.says}. ${this.fits}`;
  }

  /** Says what can take the mark, which stays in hand. */
  miss() {
    this.hasMissed = true;
    this.renew();
  }

  /**
   * Puts the mark in hand where the pointer clicks. A moment of the diagram is still gone to.
   *
   * @param {MouseEvent} event
   */
  clicked(event) {
    const { mark } = this;
    const target = targetOf(event);
    if (!mark || !target || event.detail === 0 || target.closest(".target")) return;
    if (!target.closest(".field") && !target.closest(".diagram [data-index], .diagram [data-event]")) return;
    event.stopPropagation();
    const { clientX: x, clientY: y } = event;
    const fitting = this.targets.at(x, y) ?? this.inDiagram(mark, x, y);
    if (fitting) this.apply(fitting);
    else this.miss();
  }

  /** @param {Pick<Fitting, "option">} fitting */
  apply({ option }) {
    const button = this.mark && this.buttons[MARKS.indexOf(this.mark)];
    // Who uses keys goes on from the mark.
    if (this.targets.hasFocus) button?.focus();
    this.choose(null);
    this.fork(option.fork);
  }

  /**
   * @param {Mark} mark
   * @param {PointerEvent} event
   * @param {HTMLElement} element
   */
  pick(mark, { clientX: x, clientY: y, button, pointerId }, element) {
    if (button !== 0) return;
    this.drag = { mark, x, y, hasMoved: false };
    element.setPointerCapture(pointerId);
  }

  /** @param {PointerEvent} event */
  move({ clientX: x, clientY: y }) {
    const { drag, dragged } = this;
    if (!drag) return;
    if (!drag.hasMoved) {
      if (Math.hypot(x - drag.x, y - drag.y) < DRAG) return;
      drag.hasMoved = true;
      this.choose(drag.mark);
      dragged.replaceChildren(picture(drag.mark));
      dragged.hidden = false;
    }
    dragged.style.transform = `translate(${x}px, ${y}px)`;
    this.targets.point(x, y);
  }

  /** @param {PointerEvent} event */
  drop({ clientX: x, clientY: y }) {
    const { drag } = this;
    if (!drag?.hasMoved) return this.endDrag();
    const fitting = this.targets.at(x, y) ?? this.inDiagram(drag.mark, x, y);
    this.endDrag();
    // The pointer was captured, so a drag ends as a click, too, on the button where it began.
    const swallow = (/** @type {Event} */ event) => event.stopPropagation();
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    if (fitting) this.apply(fitting);
    else this.miss();
  }

  endDrag() {
    this.drag = null;
    this.dragged.hidden = true;
  }

  /**
   * Returns what a mark does to the message of the diagram at a point; null if there is none that it
   * fits.
   *
   * @param {Mark} mark
   * @param {number} x
   * @param {number} y
   */
  inDiagram(mark, x, y) {
    const ways = document.elementsFromPoint(x, y).map((element) => element.closest(".diagram .way"));
    const index = ways.find((way) => way && this.stage.contains(way))?.getAttribute("data-index");
    const { run } = this.player;
    const option = index ? onMessage(run, mark.name, run.messages[Number(index)]) : undefined;
    return option ? { option } : null;
  }
}

/** @param {Mark} mark */
function picture({ d }) {
  return s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d }));
}
