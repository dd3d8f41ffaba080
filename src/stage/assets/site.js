// @ts-check
// A site of files as the one who is asked: its library lies in a script beside the page, and what
// is to be run runs in the engine, which is another script, fetched when it is first needed.

/** @import * as Wire from "../wire.d.ts" */
/** @import { Packed } from "./engine.js" */

import { Engine } from "./engine.js";
import { failed, Refused } from "./refused.js";

/**
 * What the script of the library leaves: what there is to choose from and to read; the pages of the notes, by
 * their paths; and the addresses of the folder and of the engine's script.
 *
 * @typedef {{
 *   library: Wire.LibraryAnswer,
 *   notes: Wire.NotesAnswer,
 *   pages: Record<string, string>,
 *   folder: string,
 *   engine: string,
 * }} Site
 *
 * @type {Site | undefined}
 */
const here = Reflect.get(globalThis, "dsysSite");

/** Whether the page is one of a site that has the engine. */
export const isHere = here !== undefined;

/**
 * The run that the page came with.
 *
 * @type {Wire.RunAnswer | null}
 */
const recorded = isHere ? JSON.parse(document.getElementById("recorded")?.textContent || "null") : null;

/** The link of that run. */
export const home = recorded?.link ?? null;

/** @type {(isFetching: boolean) => void} */
let tellFetching = () => {};

/**
 * Is told when the engine is being fetched, and when it is there.
 *
 * @param {(isFetching: boolean) => void} tell
 */
export function whenFetching(tell) {
  tellFetching = tell;
}

const engine = new Engine(async () => {
  tellFetching(true);
  try {
    await script(/** @type {Site} */ (here).engine);
    /** @type {Packed | undefined} */
    const packed = Reflect.get(globalThis, "dsysEngine");
    if (!packed) throw new Error("its script holds none");
    Reflect.deleteProperty(globalThis, "dsysEngine");
    files = packed.files;
    return packed;
  } finally {
    tellFetching(false);
  }
});

/**
 * The scenarios' files, once the engine is there.
 *
 * @type {Record<string, string>}
 */
let files = {};

/**
 * Runs a script of the site. Browsers fetch nothing else from a disk.
 *
 * @param {string} address
 */
function script(address) {
  return new Promise((done, refuse) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = done;
    element.onerror = () => refuse(new Error("its script cannot be fetched"));
    document.head.append(element);
  });
}

/** @returns {Promise<Wire.LibraryAnswer>} */
export const library = async () => /** @type {Site} */ (here).library;

/** @returns {Promise<Wire.NotesAnswer>} */
export const notes = async () => /** @type {Site} */ (here).notes;

/**
 * Leads to the note's page.
 *
 * @param {string} path
 */
export async function note(path) {
  const { notes, pages, folder } = /** @type {Site} */ (here);
  const note = notes.notes.find((note) => note.path === path);
  if (!note) throw failed(`There is no note ${path}.`);
  const words = document.createElement("p");
  const link = document.createElement("a");
  link.href = folder + pages[path];
  link.textContent = note.title;
  words.append(link, ` ${note.summary}`);
  return words.outerHTML;
}

/** @type {(path: string) => Promise<string>} */
export async function file(path) {
  await engine.ready();
  const text = files[`scenarios/${path}.toml`];
  if (text === undefined) throw failed(`There is no scenario ${path}.`);
  return text;
}

/** @returns {Promise<Wire.ReachAnswer>} */
export const reach = async () => ({ url: null, all: [], says: "" });

/** @returns {Promise<string>} */
export const qr = async () => "";

/** @returns {Promise<Blob>} */
export async function exported() {
  throw failed("Files are written by `dsys run`, or by the page that `dsys serve` serves.");
}

/**
 * Asks for an answer in one piece.
 *
 * @param {string} route
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
export async function asked(route, body, signal) {
  const known = route === "run" ? ownRun(/** @type {Wire.RunRequest} */ (body)) : null;
  if (known) return known;
  let answer = "";
  await engine.ask(route, body, signal, (text) => {
    answer = text;
  });
  return read(answer);
}

/**
 * Asks for an answer in lines, and calls `tell` with each.
 *
 * @template Line
 * @param {string} route
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @param {(line: Line) => void} tell
 */
export async function streamed(route, body, signal, tell) {
  /** @type {unknown} */
  let refused = null;
  let isFirst = true;
  await engine.ask(route, body, signal, (text) => {
    try {
      tell(isFirst ? read(text) : JSON.parse(text));
    } catch (error) {
      refused = error;
    }
    isFirst = false;
  });
  if (refused) throw refused;
}

/**
 * Returns an answer from its text.
 *
 * @param {string} text
 */
function read(text) {
  const answer = JSON.parse(text);
  if (answer.error && Object.keys(answer).length === 1) throw new Refused(answer.error);
  return answer;
}

/**
 * Returns the run that the page came with, if it is the one that is asked for.
 *
 * @param {Wire.RunRequest} request
 * @returns {Wire.RunAnswer | null}
 */
function ownRun({ link, scenario, text, seed, set = [], force = [] }) {
  if (!recorded) return null;
  if (link) {
    const [, plain, event] = /^#?(.*?)(?:&event=(\d+))?$/.exec(link) ?? [];
    return plain === recorded.link
      ? { ...recorded, event: event === undefined ? recorded.event : Number(event) }
      : null;
  }
  const { order } = recorded;
  const isSame = scenario === order.scenario && (text ?? null) === order.text && (seed ?? order.seed) === order.seed;
  const isChanged = JSON.stringify([set, force]) !== JSON.stringify([order.set, order.force]);
  return isSame && !isChanged ? recorded : null;
}
