// The page begins: with a recorded run if it holds one, else with the server.

import { begin } from "./app.js";
import { play } from "./recorded.js";
import { restoreTheme } from "./present.js";

restoreTheme();
const recorded = document.getElementById("recorded");
if (recorded) play(JSON.parse(recorded.textContent));
else begin();
