// @ts-check
// A recorded run: everything that was recorded is here, and there is no server to ask for another.

/** @import { RunAnswer } from "../wire.d.ts" */
/** @import { Keys } from "./keys.js" */

import { blur, button, h, isEmbedded } from "./dom.js";
import { Film, isFilm } from "./film.js";
import { helpDialog, menuButton } from "./help.js";
import { listen, offeredWith, playing, SERVED } from "./keys.js";
import { menuDialog } from "./menu.js";
import { whereOf } from "./player.js";
import * as present from "./present.js";
import { Remarks } from "./remarks.js";
import { Run } from "./run.js";
import { SpeakerLink } from "./speaker_link.js";
import { canOpenSpeaker } from "./speaker_messages.js";
import { seenBySpeaker } from "./speaker_seen.js";
import { listenToSwipes } from "./swipe.js";
import { Theatre } from "./theatre.js";
import { TraceTable } from "./trace_table.js";
import { viewKeys } from "./view_keys.js";

/** What is said of keys that ask for more than the run that is here. */
const ALONE = "This is one recorded run. The stage, which dsys serve opens, can change it.";

/** @param {RunAnswer} answer */
export function play(answer) {
  const run = new Run(answer);
  /** @type {Keys} */
  let keys = {};
  const theatre = new Theatre();
  const remarks = new Remarks();
  const mention = (/** @type {string} */ why) => remarks.mention(why);
  const help = helpDialog(false, () => keys, mention);
  const menu = menuDialog(false, () => keys, mention);
  const { title, protocol } = run.show;
  document.title = `${title} · dsys`;
  const trace = new TraceTable(theatre);
  document.body.classList.add("recorded");
  document.body.append(
    h("a", { class: "skip", href: "#story" }, "Skip to the story"),
    h(
      "header",
      {},
      h("strong", { class: "brand" }, "dsys"),
      h("h1", {}, title),
      h("span", { class: "sub" }, `seed ${run.seed} · ${protocol.title} · a recorded run`),
      h(
        "nav",
        { "aria-label": "The run" },
        // On a site, each run has a page that tells it.
        answer.told ? h("a", { href: answer.told }, "As text") : null,
        menuButton(help, menu),
        button("Present", "P", present.switchPresent, { class: "main" }),
      ),
    ),
    remarks.element,
    h("main", {}, theatre.stage),
    h(
      "aside",
      { id: "story", "aria-label": "The story", tabindex: -1 },
      theatre.inspector.element,
      theatre.rewind.element,
      theatre.story.pages.mark,
      h(
        "div",
        { class: "scroll" },
        theatre.story.element,
        theatre.rows.element,
        h("details", { class: "trace" }, h("summary", {}, "The trace as a table"), trace.element),
        // On a site, the page leads back to the note, and on to what is shown next.
        document.getElementById("leads"),
        answer.command ? h("p", { class: "command" }, "This run: ", h("code", {}, answer.command)) : null,
      ),
    ),
    h("footer", {}, theatre.controls.element),
    theatre.live,
    help,
    menu,
  );
  present.hidePointer();
  // Within another page, other keys are that page's.
  const served = isEmbedded ? [] : SERVED.filter((name) => name.length === 1);
  keys = {
    ...Object.fromEntries(served.map((name) => [name, () => ALONE])),
    ...playing(theatre),
    ...viewKeys(theatre),
    "?": () => help.showModal(),
    p: present.switchPresent,
    Escape: () => {
      if (present.leaveBlank() || remarks.close() || theatre.leave()) return true;
      return present.leavePresent();
    },
  };
  if (canOpenSpeaker()) {
    const speaker = new SpeakerLink({
      theatre,
      keys: () => keys,
      seen: () => seenBySpeaker(theatre, { changes: [], href: answer.told ?? "" }),
      prepare: () => ALONE,
      refuse: (words) => remarks.show([words]),
      mention: (words) => remarks.mention(words),
    });
    keys.m = () => speaker.open();
  }
  listen(keys, (digit) => theatre.story.vote(digit), {
    prepared: () => (isEmbedded ? false : ALONE),
    pressed: () => remarks.pass(),
    idle: (why) => {
      if (isEmbedded) giveBack();
      else if (why) remarks.mention(why, offeredWith(why, theatre));
    },
  });
  listenToSwipes({ next: () => theatre.next(), back: () => theatre.back() });
  theatre.open(run, whereOf(run, answer.event));
  if (isFilm) new Film(theatre);
}

/** Gives the keys to the page around, if there is one: a key had nothing to do here. */
function giveBack() {
  blur(document.activeElement);
  window.parent.focus();
}
