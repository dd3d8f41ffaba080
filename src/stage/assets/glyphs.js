// @ts-check
// Pictures inside nodes, in a box from -1 to 1, by the node's name. Any other node has the first
// letter of its name.

import { s } from "./dom.js";

/** @type {Record<string, string | undefined>} */
const PATHS = {
  commander: "M-.62 .42V-.34L-.3 .02 0 -.5 .3 .02 .62 -.34V.42Z",
  shop: "M-.6 -.1 -.46 -.52H.46L.6 -.1A.2 .2 0 0 1 .2 -.1 .2 .2 0 0 1 -.2 -.1 .2 .2 0 0 1 -.6 -.1ZM-.48 .16V.56H.48V.16H.34V.42H-.34V.16Z",
  ledger:
    "M-.5 -.58H.36A.14 .14 0 0 1 .5 -.44V.58H-.36A.14 .14 0 0 1 -.5 .44ZM-.28 -.3V-.2H.28V-.3ZM-.28 -.02V.08H.28V-.02ZM-.28 .26V.36H.08V.26Z",
  broker: "M-.56 -.5H.56V-.24H-.56ZM-.56 -.12H.56V.14H-.56ZM-.56 .26H.56V.52H-.56Z",
  locks: "M-.3 -.1V-.26A.3 .3 0 0 1 .3 -.26V-.1H.46V.54H-.46V-.1ZM-.16 -.1H.16V-.26A.16 .16 0 0 0 -.16 -.26Z",
  store:
    "M-.5 -.4A.5 .18 0 0 1 .5 -.4V.42A.5 .18 0 0 1 -.5 .42ZM-.38 -.14A.5 .16 0 0 0 .38 -.14V-.04A.5 .16 0 0 1 -.38 -.04ZM-.38 .16A.5 .16 0 0 0 .38 .16V.26A.5 .16 0 0 1 -.38 .26Z",
};
PATHS.spare = PATHS.ledger;

/**
 * Returns the picture of a node, of the size of a circle with this radius.
 *
 * @param {string} name
 * @param {number} radius
 */
export function glyph(name, radius) {
  const path = PATHS[name];
  if (path) return s("path", { class: "glyph", d: path, transform: `scale(${radius * 0.72})`, "fill-rule": "evenodd" });
  return s("text", { class: "letter", "font-size": radius * 0.92, dy: "0.35em" }, name[0]?.toUpperCase() ?? "");
}
