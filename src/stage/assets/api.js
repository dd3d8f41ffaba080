// @ts-check
// What the page asks for. It is answered by the server that the page comes from; on a site of
// files, by the site's library and the engine in the browser. Nothing else knows which.

/** @import * as Wire from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */

import * as server from "./server.js";
import * as site from "./site.js";

export { isAborted, Refused, reportOf } from "./refused.js";
export { whenFetching } from "./site.js";

const one = site.isHere ? site : server;

/** The link of the run that the page came with; null if it came with none. */
export const home = site.home;

/** Whether the page is one of a site, which nobody serves. */
export const isOnSite = site.isHere;

/**
 * Returns a request without what is empty.
 *
 * @param {Request} request
 * @returns {Wire.RunRequest}
 */
export function requestBody({ scenario, text, seed, set, force, link }) {
  if (link) return { link };
  /** @type {Wire.RunRequest} */
  const body = { set, force };
  if (scenario) body.scenario = scenario;
  if (text !== undefined && text !== null) body.text = text;
  if (seed !== undefined && seed !== null) body.seed = String(seed);
  return body;
}

export const { library, note, reach, qr } = one;

/** @returns {Promise<Wire.NoteListed[]>} */
export const notes = async () => (await one.notes()).notes;

/** @type {(path: string) => Promise<string>} the text of a scenario of the library */
export const file = (path) => one.file(path);

/** @type {(request: Request, signal?: AbortSignal) => Promise<Wire.RunAnswer>} */
export const run = (request, signal) => one.asked("run", requestBody(request), signal);

/** @type {(request: Request, signal?: AbortSignal) => Promise<Wire.CheckAnswer>} what keeps it from being run */
export const check = (request, signal) => one.asked("check", requestBody(request), signal);

/**
 * Asks what a change came to.
 *
 * @type {(before: Request, after: Request, signal: AbortSignal) => Promise<Wire.Clause[]>}
 */
export async function fork(before, after, signal) {
  const body = { before: requestBody(before), after: requestBody(after) };
  /** @type {Wire.ForkAnswer} */
  const { clauses } = await one.asked("fork", body, signal);
  return clauses;
}

/** @type {(request: Request, ending: string) => Promise<Blob>} */
export const exported = (request, ending) => one.exported(requestBody(request), ending);

/** @type {(body: Wire.SweepRequest, signal: AbortSignal, tell: (line: Wire.SweepLine) => void) => Promise<void>} */
export const sweep = (body, signal, tell) => one.streamed("sweep", body, signal, tell);

/** @type {(body: Wire.WallRequest, signal: AbortSignal, tell: (line: Wire.WallLine) => void) => Promise<void>} */
export const wall = (body, signal, tell) => one.streamed("wall", body, signal, tell);

/** @type {(body: Wire.SearchRequest, signal: AbortSignal, tell: (line: Wire.SearchLine) => void) => Promise<void>} */
export const search = (body, signal, tell) => one.streamed("search", body, signal, tell);

/** @type {(body: Wire.ChallengeRequest, signal: AbortSignal, tell: (line: Wire.ChallengeLine) => void) => Promise<void>} */
export const challenge = (body, signal, tell) => one.streamed("challenge", body, signal, tell);
