// @ts-check
// Where the page begins: with whoever runs what is asked for, else with the run that it holds.

import { isOnSite } from "./api.js";
import { begin } from "./app.js";
import { isEmbedded } from "./dom.js";
import { restoreLook } from "./present.js";
import { play } from "./recorded.js";
import { openSpeaker } from "./speaker.js";
import { stageOf } from "./speaker_messages.js";

restoreLook();
const recorded = document.getElementById("recorded")?.textContent;
const opening = document.getElementById("opening");
const stage = stageOf(location.hash);
if (stage) {
  opening?.remove();
  openSpeaker(stage);
} else if (recorded && (isEmbedded || !isOnSite)) {
  opening?.remove();
  play(JSON.parse(recorded));
} else begin(() => opening?.remove());
