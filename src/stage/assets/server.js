// @ts-check
// The server that the page comes from, as the one who is asked.

/** @import * as Wire from "../wire.d.ts" */

import { failed, isAborted, Refused } from "./refused.js";

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

/** @returns {Promise<Wire.LibraryAnswer>} */
export const library = async () => (await fetched("api/library")).json();

/** @returns {Promise<Wire.NotesAnswer>} */
export const notes = async () => (await fetched("api/notes")).json();

/** @type {(path: string) => Promise<string>} */
export const note = async (path) => (await fetched(`api/notes/${path}`)).text();

/** @type {(path: string) => Promise<string>} */
export const file = async (path) => (await fetched(`api/scenario/${path}`)).text();

/** @returns {Promise<Wire.ReachAnswer>} */
export const reach = async () => (await fetched("api/reach")).json();

/** @type {(link: string, at: string) => Promise<string>} */
export const qr = async (link, at) =>
  (await fetched(`api/qr?link=${encodeURIComponent(link)}&at=${encodeURIComponent(at)}`)).text();

/** @type {(body: Wire.RunRequest, ending: string) => Promise<Blob>} */
export const exported = async (body, ending) => (await fetched(`api/export/${ending}`, post(body))).blob();

/**
 * Asks for an answer in one piece.
 *
 * @param {string} route
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
export const asked = async (route, body, signal) => (await fetched(`api/${route}`, post(body, signal))).json();

/**
 * Asks for an answer in lines of JSON, and calls `tell` with each line as it arrives.
 *
 * @template Line
 * @param {string} route
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @param {(line: Line) => void} tell
 */
export async function streamed(route, body, signal, tell) {
  const response = await fetched(`api/${route}`, post(body, signal));
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
