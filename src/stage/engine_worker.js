// @ts-check
// The engine in its worker: a module of WebAssembly that does what the server does. The page speaks
// with it by messages; another script that loads this one can call `engineOf` itself.

"use strict";

/**
 * Makes an engine of the module and of the scenarios' files, by their paths in the library.
 *
 * @param {WebAssembly.Module} module
 * @param {Record<string, string>} files
 * @param {{ now: () => number, failed: (why: string) => void }} host
 */
async function engineOf(module, files, { now, failed }) {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  /** @type {(line: string) => void} */
  let tell = () => {};
  /** @type {(place: number, length: number) => string} */
  const read = (place, length) => decoder.decode(new Uint8Array(memory.buffer, place, length));
  const host = {
    now,
    /** @type {(place: number, length: number) => void} */
    hear: (place, length) => tell(read(place, length)),
    /** @type {(place: number, length: number) => void} */
    fail: (place, length) => failed(read(place, length)),
  };
  const { exports } = await WebAssembly.instantiate(module, { host });
  const memory = /** @type {WebAssembly.Memory} */ (exports.memory);
  const { reserve, open, ask } = /** @type {Record<string, (...numbers: number[]) => number>} */ (exports);
  /** @type {(text: string) => [number, number]} */
  const write = (text) => {
    const bytes = encoder.encode(text);
    const place = reserve(bytes.length);
    new Uint8Array(memory.buffer, place, bytes.length).set(bytes);
    return [place, bytes.length];
  };
  if (open(...write(JSON.stringify(files))) !== 0) throw new Error("these files are no library");
  return {
    /**
     * Does what `POST /api/ROUTE` does with a body of JSON, and calls `tell` with the answer, or
     * with each line of it.
     *
     * @param {string} route
     * @param {string} body
     * @param {(line: string) => void} hears
     */
    ask(route, body, hears) {
      tell = hears;
      ask(...write(route), ...write(body));
    },
  };
}

/**
 * What the page tells the worker: first the module and the files, then requests, one after the
 * other.
 *
 * @typedef {{ module: WebAssembly.Module, files: Record<string, string> } | { route: string, body: string }} EngineOrder
 *
 * What the worker tells the page: that it is ready; a line; that a request is done; why the engine
 * is of no use any more.
 *
 * @typedef {{ ready: true } | { line: string } | { done: true } | { failed: string }} EngineReport
 */

/** Answers the page, where there is one. */
function serve() {
  /** @type {(report: EngineReport) => void} */
  const report = (what) => self.postMessage(what);
  let why = "";
  const host = { now: () => performance.now(), failed: (/** @type {string} */ words) => (why = words) };
  /** @type {Awaited<ReturnType<typeof engineOf>> | undefined} */
  let engine;
  /** @param {EngineOrder} order */
  const follow = async (order) => {
    if ("module" in order) {
      engine = await engineOf(order.module, order.files, host);
      report({ ready: true });
    } else {
      engine?.ask(order.route, order.body, (line) => report({ line }));
      report({ done: true });
    }
  };
  self.onmessage = ({ data }) => {
    follow(data).catch((error) => report({ failed: why || String(error) }));
  };
}

if ("WorkerGlobalScope" in globalThis) serve();
