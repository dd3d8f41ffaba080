// @ts-check
// Pictures inside nodes, in a box from -1 to 1, by what a node is in its protocol. A node
// whose role has no picture has the letters of its name.

/** @import { NodeShown } from "../wire.d.ts" */

import { s } from "./dom.js";

/** @type {Record<string, string | undefined>} */
const PATHS = {
  commander: "M-.62 .42V-.34L-.3 .02 0 -.5 .3 .02 .62 -.34V.42Z",
  shop: "M-.6 -.1 -.46 -.52H.46L.6 -.1A.2 .2 0 0 1 .2 -.1 .2 .2 0 0 1 -.2 -.1 .2 .2 0 0 1 -.6 -.1ZM-.48 .16V.56H.48V.16H.34V.42H-.34V.16Z",
  ledger:
    "M-.5 -.58H.36A.14 .14 0 0 1 .5 -.44V.58H-.36A.14 .14 0 0 1 -.5 .44ZM-.28 -.3V-.2H.28V-.3ZM-.28 -.02V.08H.28V-.02ZM-.28 .26V.36H.08V.26Z",
  broker: "M-.56 -.5H.56V-.24H-.56ZM-.56 -.12H.56V.14H-.56ZM-.56 .26H.56V.52H-.56Z",
  "lock-service": "M-.3 -.1V-.26A.3 .3 0 0 1 .3 -.26V-.1H.46V.54H-.46V-.1ZM-.16 -.1H.16V-.26A.16 .16 0 0 0 -.16 -.26Z",
  store:
    "M-.5 -.4A.5 .18 0 0 1 .5 -.4V.42A.5 .18 0 0 1 -.5 .42ZM-.38 -.14A.5 .16 0 0 0 .38 -.14V-.04A.5 .16 0 0 1 -.38 -.04ZM-.38 .16A.5 .16 0 0 0 .38 .16V.26A.5 .16 0 0 1 -.38 .26Z",
  server: "M-.52 -.54H.52V-.06H-.52ZM-.36 -.37V-.23H-.08V-.37ZM-.52 .06H.52V.54H-.52ZM-.36 .23V.37H-.08V.23Z",
  worker:
    "M-.13 -.44L-.1 -.61L.1 -.61L.13 -.44L.22 -.4L.36 -.5L.5 -.36L.4 -.22L.44 -.13L.61 -.1L.61 .1L.44 .13L.4 .22L.5 .36L.36 .5L.22 .4L.13 .44L.1 .61L-.1 .61L-.13 .44L-.22 .4L-.36 .5L-.5 .36L-.4 .22L-.44 .13L-.61 .1L-.61 -.1L-.44 -.13L-.4 -.22L-.5 -.36L-.36 -.5L-.22 -.4ZM.2 0A.2 .2 0 0 0 -.2 0 .2 .2 0 0 0 .2 0Z",
  coordinator: "M-.1 -.6H.1V-.34L.52 .2H.6V.6H.2V.2H.28L0 -.16 -.28 .2H-.2V.6H-.6V.2H-.52L-.1 -.34Z",
  source: "M-.56 -.52H-.36V.52H-.56ZM-.2 -.12H.2V-.36L.6 0 .2 .36V.12H-.2Z",
  operator: "M-.6 -.5H.6L.16 .06V.54L-.16 .38V.06Z",
  sink: "M.36 -.52H.56V.52H.36ZM-.6 -.12H-.18V-.36L.22 0 -.18 .36V.12H-.6Z",
};

/** The roles without a picture: a letter tells their nodes apart. */
const LETTERS = new Set([
  "peer",
  "general",
  "lieutenant",
  "user",
  "client",
  "master",
  "follower",
  "replica",
  "participant",
]);

/**
 * Whether nodes of a role have a picture.
 *
 * @param {NodeShown["role"]} role
 */
export function hasPicture(role) {
  return !LETTERS.has(role) && PATHS[role] !== undefined;
}

/**
 * Returns the picture of a node, of the size of a circle with this radius. Letters that would be
 * smaller than `least` are left out: in a dense crowd, nodes are dots.
 *
 * @param {Pick<NodeShown, "role">} node
 * @param {string} letters
 * @param {number} radius
 * @param {number} least
 */
export function glyph({ role }, letters, radius, least) {
  const path = PATHS[role];
  if (path && hasPicture(role))
    return s("path", { class: "glyph", d: path, transform: `scale(${radius * 0.72})`, "fill-rule": "evenodd" });
  const size = radius * Math.min(0.92, 2 / letters.length);
  if (size < least - 1) return s("g");
  return s("text", { class: "letter", "font-size": Math.max(size, least), dy: "0.35em" }, letters);
}
