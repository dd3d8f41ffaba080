// @ts-check
// The controls under the run: to the start, back, play, next, to the end; the time with its stops;
// the speed.

/** @import { Change } from "./player.js" */
/** @import { Theatre } from "./theatre.js" */

import { h, s, set } from "./dom.js";
import { leavePresent } from "./present.js";
import { span } from "./words.js";

const PLAY = "M5 2.5 16.5 10 5 17.5z";
const PAUSE = "M5 3h4v14H5zM11 3h4v14h-4z";
/** How many parts the time has: the range of the slider. */
const PARTS = 1000;
/** Where there are more stops, those at events are not marked. */
const MOST_MARKS = 120;

/** @type {(label: string, key: string, icon: SVGPathElement, action: () => unknown) => HTMLButtonElement} */
function control(label, key, icon, action) {
  return h(
    "button",
    { type: "button", "aria-label": label, title: `${label} (${key})`, onclick: () => void action() },
    s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, icon),
  );
}

/** @param {string} d */
const icon = (d) => s("path", { d });

export class Controls {
  /**
   * @param {Theatre} theatre
   * @param {HTMLElement[]} more what else is beside the controls
   */
  constructor(theatre, more) {
    const { player } = theatre;
    this.player = player;
    this.isRunning = false;
    this.playIcon = icon(PLAY);
    this.play = control("Play", ".", this.playIcon, () => player.toggle());
    this.play.classList.add("main");
    const slider = { type: "range", min: 0, max: PARTS, step: "any", value: 0 };
    this.range = h("input", { ...slider, "aria-label": "Moment of the run" });
    this.range.addEventListener("input", () => {
      if (!player.isOpen) return;
      const { playback } = player.run;
      player.seek(playback.at((Number(this.range.value) / PARTS) * playback.length));
    });
    const frame = { preserveAspectRatio: "none", viewBox: `0 0 ${PARTS} 20` };
    this.marks = s("svg", { class: "stops", "aria-hidden": "true", ...frame });
    this.moment = h("output", { class: "moment" });
    const nextSpeed = () => (player.speed >= 4 ? player.faster(-4) : player.faster(1));
    this.speed = h("button", { type: "button", title: "Speed (↑ ↓)", onclick: nextSpeed });
    this.element = h(
      "div",
      { class: "transport" },
      h(
        "div",
        { class: "buttons" },
        control("To the start", "Home", icon("M4 3v14h2V3zM17 3 7.5 10 17 17z"), () => player.seek(0, 0)),
        control("Back", "←", icon("M15 3 5 10l10 7z"), () => theatre.back()),
        this.play,
        control("Next", "→", icon("M5 3l10 7-10 7z"), () => theatre.next()),
        control("To the end", "End", icon("M14 3v14h2V3zM3 3l9.5 7L3 17z"), () => player.toEnd()),
      ),
      h("div", { class: "scrub" }, this.marks, this.range),
      this.moment,
      this.speed,
      // For those without a keyboard.
      h("button", { type: "button", class: "leave", onclick: leavePresent }, "Leave"),
      ...more,
    );
    player.watch((_, change) => this.show(change));
  }

  /** @param {Change} change */
  show(change) {
    const { player } = this;
    if (!player.isOpen) return;
    const { run } = player;
    if (change === "run") this.showMarks();
    const part = this.partOf(player.at);
    this.range.value = String(part);
    this.range.style.setProperty("--part", `${part / (PARTS / 100)}%`);
    set(this.range, { "aria-valuetext": `${span(player.at)} of ${span(run.ends)}` });
    this.moment.textContent = span(player.at);
    this.speed.textContent = `${player.speed}×`;
    const isRunning = Boolean(player.playing || player.glide);
    if (isRunning === this.isRunning) return;
    this.isRunning = isRunning;
    const label = isRunning ? "Pause" : "Play";
    set(this.play, { "aria-label": label, title: `${label} (.)` });
    set(this.playIcon, { d: isRunning ? PAUSE : PLAY });
  }

  /**
   * Returns where a moment is on the slider.
   *
   * @param {number} at
   */
  partOf(at) {
    const { playback } = this.player.run;
    return (playback.second(at) / (playback.length || 1)) * PARTS;
  }

  showMarks() {
    const { stops } = this.player.run;
    const isMarked = stops.length > MOST_MARKS ? ["beat", "question"] : ["beat", "question", "event"];
    const marks = stops
      .filter(({ kind }) => isMarked.includes(kind))
      .map(({ kind, at }) => {
        const d = `M${this.partOf(at)} ${kind === "event" ? "7v6" : "3v14"}`;
        return s("path", { class: kind, d });
      });
    this.marks.replaceChildren(...marks);
  }
}
