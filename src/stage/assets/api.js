// @ts-check
// What the page asks the server for.

/** @import * as Wire from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */

/** What the server refused, with the error as the command line prints it. */
export class Refused extends Error {
  /** @param {Wire.ErrorTold} error */
  constructor({ message, report, findings }) {
    super(message);
    this.report = report;
    this.findings = findings;
  }
}

/**
 * Returns an error as the page shows it: as the command line prints it, or its message.
 *
 * @param {unknown} error
 */
export function reportOf(error) {
  if (error instanceof Refused && error.report) return error.report;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Whether the page itself ended the request.
 *
 * @param {unknown} error
 */
export function isAborted(error) {
  return error instanceof Error && error.name === "AbortError";
}

/** @param {string} message */
const failed = (message) => new Refused({ message, report: "", findings: [] });

/**
 * Tells this page from the others, since all phones in a room often have the same address. So the
 * server can give each page its turn. It is drawn anew each time the page opens, and stored nowhere.
 */
const PAGE = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function fetched(path, options = {}) {
  const headers = { ...options.headers, "x-dsys-page": PAGE };
  const response = await fetch(path, { ...options, headers }).catch((error) => {
    if (isAborted(error)) throw error;
    throw failed("dsys does not answer: is `dsys serve` still running?");
  });
  if (response.ok) return response;
  /** @type {Wire.ErrorAnswer | null} */
  const body = await response.json().catch(() => null);
  throw body ? new Refused(body.error) : failed(`the server says ${response.status}`);
}

/**
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 * @returns {RequestInit}
 */
function post(body, signal) {
  const headers = { "content-type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) };
}

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

/** @returns {Promise<Wire.LibraryAnswer>} */
export const library = async () => (await fetched("api/library")).json();

/** @type {(request: Request, signal?: AbortSignal) => Promise<Wire.RunAnswer>} */
export const run = async (request, signal) => (await fetched("api/run", post(requestBody(request), signal))).json();

/**
 * Asks what a change came to.
 *
 * @type {(before: Request, after: Request, signal: AbortSignal) => Promise<Wire.Clause[]>}
 */
export async function fork(before, after, signal) {
  const body = { before: requestBody(before), after: requestBody(after) };
  /** @type {Wire.ForkAnswer} */
  const { clauses } = await (await fetched("api/fork", post(body, signal))).json();
  return clauses;
}

/** @type {(request: Request, ending: string) => Promise<Blob>} */
export const exported = async (request, ending) =>
  (await fetched(`api/export/${ending}`, post(requestBody(request)))).blob();

/** @type {(path: string) => Promise<string>} */
export const note = async (path) => (await fetched(`api/notes/${path}`)).text();

/** @returns {Promise<Wire.NoteListed[]>} */
export async function notes() {
  /** @type {Wire.NotesAnswer} */
  const { notes } = await (await fetched("api/notes")).json();
  return notes;
}

/** @returns {Promise<Wire.ReachAnswer>} */
export const reach = async () => (await fetched("api/reach")).json();

/** @type {(link: string, at: string) => Promise<string>} */
export const qr = async (link, at) =>
  (await fetched(`api/qr?link=${encodeURIComponent(link)}&at=${encodeURIComponent(at)}`)).text();

/** @type {(body: Wire.SweepRequest, signal: AbortSignal, tell: (line: Wire.SweepLine) => void) => Promise<void>} */
export const sweep = (body, signal, tell) => streamed("api/sweep", body, signal, tell);

/** @type {(body: Wire.WallRequest, signal: AbortSignal, tell: (line: Wire.WallLine) => void) => Promise<void>} */
export const wall = (body, signal, tell) => streamed("api/wall", body, signal, tell);

/** @type {(body: Wire.SearchRequest, signal: AbortSignal, tell: (line: Wire.SearchLine) => void) => Promise<void>} */
export const search = (body, signal, tell) => streamed("api/search", body, signal, tell);

/** @type {(body: Wire.ChallengeRequest, signal: AbortSignal, tell: (line: Wire.ChallengeLine) => void) => Promise<void>} */
export const challenge = (body, signal, tell) => streamed("api/challenge", body, signal, tell);

/**
 * Asks for an answer in lines of JSON, and calls `tell` with each line as it arrives.
 *
 * @template Line
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @param {(line: Line) => void} tell
 */
async function streamed(path, body, signal, tell) {
  const response = await fetched(path, post(body, signal));
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? "";
    const lines = rest.split("\n");
    rest = done ? "" : (lines.pop() ?? "");
    for (const line of lines) if (line.trim()) tell(JSON.parse(line));
    if (done) return;
  }
}
