// A recorded run: everything that was recorded is here, and there is no server to ask for another.

import { button, h, isEmbedded } from "./dom.js";
import { helpDialog } from "./help.js";
import { listen, playing } from "./keys.js";
import * as present from "./present.js";
import { Run } from "./run.js";
import { Theatre } from "./theatre.js";
import { traceTable } from "./table.js";

export function play(answer) {
  const run = new Run(answer);
  const help = helpDialog(false);
  const theatre = new Theatre({}, []);
  const { player } = theatre;
  const { show } = run;
  document.title = `${show.title} · dsys`;
  const trace = traceTable(theatre);
  document.body.classList.add("recorded");
  document.body.append(
    h("a", { class: "skip", href: "#story" }, "Skip to the story"),
    h(
      "header",
      {},
      h("strong", { class: "brand" }, "dsys"),
      h("h1", {}, show.title),
      h("span", { class: "sub" }, `seed ${show.seed} · ${show.protocol.title} · a recorded run`),
      h(
        "nav",
        { "aria-label": "The run" },
        // On a site each run has a page that tells it.
        answer.told ? h("a", { href: answer.told }, "As text") : null,
        button("Keys", "?", () => help.showModal()),
        button("Present", "P", present.switchPresent, { class: "main" }),
      ),
    ),
    h("main", {}, theatre.stage),
    h(
      "aside",
      { id: "story", "aria-label": "The story", tabindex: -1 },
      theatre.inspector.element,
      h(
        "div",
        { class: "scroll" },
        theatre.story.element,
        h("details", { class: "trace" }, h("summary", {}, "The trace as a table"), trace),
        answer.command ? h("p", { class: "command" }, "This run: ", h("code", {}, answer.command)) : null,
      ),
    ),
    h("footer", {}, theatre.transport.element),
    theatre.live,
    help,
  );
  present.hidePointer();
  listen(
    {
      ...playing(player),
      "?": () => help.showModal(),
      p: present.switchPresent,
      f: present.switchFullScreen,
      t: present.switchTheme,
      b: present.switchBlank,
      "+": () => theatre.diagram.zoomBy(1.6),
      "-": () => theatre.diagram.zoomBy(1 / 1.6),
      0: () => theatre.diagram.zoomBy(0),
      Escape: () => (player.selected ? player.select(null) : present.leavePresent()),
    },
    (digit) => theatre.story.predict.vote(digit),
    giveBack,
  );
  theatre.open(run, place(run, answer.event));
  return theatre;
}

/** Gives the keys to the page around, if there is one: a key had nothing to do here. */
function giveBack() {
  if (!isEmbedded) return;
  document.activeElement?.blur();
  window.parent.focus();
}

/** Where a link or a file wants the run to stand. */
export function place(run, event) {
  if (event === null || event === undefined || !run.events[event]) return {};
  return { at: run.events[event].at, count: event + 1, seen: run.events[event].at };
}
