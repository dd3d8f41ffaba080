// @ts-check
// Where the page begins: as a speaker's window, as the run that it holds, or as the stage. The
// first two are fetched only where they are opened.

import { isOnSite } from "./api.js";
import { begin } from "./app.js";
import { isEmbedded } from "./dom.js";
import { restoreLook } from "./present.js";
import { stageOf } from "./speaker_messages.js";

restoreLook();
const recorded = document.getElementById("recorded")?.textContent;
const opening = document.getElementById("opening");
const stage = stageOf(location.hash);
if (stage) {
  const { openSpeaker } = await import("./speaker.js");
  opening?.remove();
  openSpeaker(stage);
} else if (recorded && (isEmbedded || !isOnSite)) {
  const { play } = await import("./recorded.js");
  opening?.remove();
  play(JSON.parse(recorded));
} else begin(() => opening?.remove());
