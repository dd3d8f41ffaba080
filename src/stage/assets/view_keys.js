// @ts-check
// The keys that change how a run looks, with a server or without.

/** @import { Keys } from "./keys.js" */

import * as present from "./present.js";
import { ZOOM } from "./viewport.js";

/**
 * @param {{ zoomBy(by: number): void }} diagram
 * @returns {Keys}
 */
export function viewKeys(diagram) {
  return {
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
