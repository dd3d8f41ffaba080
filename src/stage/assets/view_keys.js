// @ts-check
// The keys that change how a run looks, with a server or without.

/** @import { Keys } from "./keys.js" */
/** @import { Theatre } from "./theatre.js" */

import * as present from "./present.js";
import { ZOOM } from "./viewport.js";

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
    "+": () => diagram.zoomBy(ZOOM),
    "-": () => diagram.zoomBy(1 / ZOOM),
    0: () => diagram.zoomBy(0),
  };
}
