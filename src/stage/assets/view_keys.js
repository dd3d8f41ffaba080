// @ts-check
// The keys that change how a run looks, with a server or without.

/** @import { Keys } from "./keys.js" */
/** @import { Theatre } from "./theatre.js" */

import * as present from "./present.js";
import { ZOOM } from "./viewport.js";

/** What is said where the diagram cannot show more. */
const WHOLE = "The diagram shows the whole run already.";

/**
 * @param {Theatre} theatre
 * @returns {Keys}
 */
export function viewKeys(theatre) {
  const { diagram } = theatre;
  return {
    v: () => theatre.stepSight(),
    z: () => theatre.switchSpotlight(),
    q: () => theatre.switchPointer(),
    x: () => theatre.switchView(),
    f: present.switchFullScreen,
    t: present.switchTheme,
    b: present.switchBlank,
    ">": () => present.changeType(1),
    "<": () => present.changeType(-1),
    "+": () => diagram.zoomBy(ZOOM) || "The diagram is zoomed in as far as it goes.",
    "-": () => diagram.zoomBy(1 / ZOOM) || WHOLE,
    0: () => diagram.zoomBy(0) || WHOLE,
  };
}
