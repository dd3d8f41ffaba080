// The controls under the run: to the start, back, play, on, to the end; the course of time with its beats; the speed.

import { h, s, set } from "./dom.js";
import { leavePresent } from "./present.js";
import { span } from "./words.js";

export class Transport {
  constructor(player, actions) {
    this.player = player;
    const control = (label, key, icon, action) =>
      h(
        "button",
        { type: "button", "aria-label": label, title: `${label} (${key})`, onclick: action },
        s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, s("path", { d: icon })),
      );
    this.play = control("Play", ".", PLAY, () => player.toggle());
    this.play.classList.add("main");
    this.range = h("input", {
      type: "range",
      min: 0,
      max: 1000,
      step: "any",
      value: 0,
      "aria-label": "Moment of the run",
    });
    this.range.addEventListener(
      "input",
      () => player.run && player.seek(player.run.playback.at((this.range.value / 1000) * player.run.playback.length)),
    );
    this.ticks = s("svg", {
      class: "stops",
      "aria-hidden": "true",
      preserveAspectRatio: "none",
      viewBox: "0 0 1000 20",
    });
    this.moment = h("output", { class: "moment" });
    this.speed = h("button", {
      type: "button",
      title: "Speed (↑ ↓)",
      onclick: () => (player.speed >= 4 ? player.faster(-4) : player.faster(1)),
    });
    this.element = h(
      "div",
      { class: "transport" },
      h(
        "div",
        { class: "buttons" },
        control("To the start", "Home", "M4 3v14h2V3zM17 3 7.5 10 17 17z", () => player.seek(0, 0)),
        control("Back", "←", "M15 3 5 10l10 7z", () => player.back()),
        this.play,
        control("Next", "→", "M5 3l10 7-10 7z", () => player.next()),
        control("To the end", "End", "M14 3v14h2V3zM3 3l9.5 7L3 17z", () => player.toEnd()),
      ),
      h("div", { class: "scrub" }, this.ticks, this.range),
      this.moment,
      this.speed,
      // Where there is no keyboard.
      h("button", { type: "button", class: "leave", onclick: leavePresent }, "Leave"),
      ...(actions ?? []),
    );
    player.watch((_, what) => this.show(what));
  }

  show(what) {
    const { player } = this;
    const { run } = player;
    if (!run) return;
    const { playback } = run;
    const whole = playback.length || 1;
    if (what === "run") {
      const marks = run.stops.length > 120 ? run.stops.filter((stop) => stop.kind !== "event") : run.stops;
      this.marks = marks.map((stop) => ({ stop, place: (playback.second(stop.at) / whole) * 1000 }));
      this.ticks.replaceChildren(
        ...this.marks
          .filter(({ stop }) => stop.kind !== "opening" && stop.kind !== "end")
          .map(({ stop, place }) =>
            s("path", { class: stop.kind, d: `M${place} ${stop.kind === "event" ? "7v6" : "3v14"}` }),
          ),
      );
    }
    const part = (playback.second(player.at) / whole) * 1000;
    this.range.value = part;
    this.range.style.setProperty("--part", `${part / 10}%`);
    const words = `${span(player.at)} of ${span(run.ends)}`;
    set(this.range, { "aria-valuetext": words });
    this.moment.textContent = span(player.at);
    this.speed.textContent = `${player.speed}×`;
    const running = Boolean(player.playing || player.glide);
    if (running !== this.running) {
      this.running = running;
      set(this.play, { "aria-label": running ? "Pause" : "Play", title: `${running ? "Pause" : "Play"} (.)` });
      this.play.querySelector("path").setAttribute("d", running ? "M5 3h4v14H5zM11 3h4v14h-4z" : PLAY);
    }
  }
}

const PLAY = "M5 2.5 16.5 10 5 17.5z";
