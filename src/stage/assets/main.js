// @ts-check
// Where the page begins: with a recorded run if it holds one, else with the server.

import { begin } from "./app.js";
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
} else if (recorded) {
  opening?.remove();
  play(JSON.parse(recorded));
} else begin(() => opening?.remove());
