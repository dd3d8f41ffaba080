// @ts-check
// The engine in the browser: workers that do what the server does, started when they are first
// needed. A worker does one thing at a time; what is cancelled ends its worker, and so does a trap.

import { failed } from "./refused.js";

/**
 * How many workers there are at most: one for runs stays free while long work goes on in others.
 */
const MOST_WORKERS = 3;
/**
 * A run that is cancelled has so long to end by itself, in milliseconds: a new worker takes as
 * long.
 */
const GRACE = 300;

/**
 * What the site's script of the engine holds: the module, gzipped, as base64; the worker's script; and the
 * scenarios' files, by their paths in the library.
 *
 * @typedef {{ module: string, worker: string, files: Record<string, string> }} Packed
 *
 * @typedef {{ module: WebAssembly.Module, address: string, files: Record<string, string> }} Parts
 */

class Job {
  /**
   * @param {string} route
   * @param {unknown} body
   * @param {(line: string) => void} tell
   */
  constructor(route, body, tell) {
    this.order = { route, body: JSON.stringify(body) };
    this.tell = tell;
    /** @type {() => void} */
    this.done = () => {};
    /** @type {(why: unknown) => void} */
    this.refuse = () => {};
    /** @type {Promise<void>} */
    this.ended = new Promise((done, refuse) => {
      this.done = done;
      this.refuse = refuse;
    });
  }
}

/** A worker, and what it works at. */
class Bench {
  /** @param {Parts} parts */
  constructor({ module, address, files }) {
    this.worker = new Worker(address);
    /** @type {Job | null} */
    this.job = null;
    this.send({ module, files });
  }

  /** @param {EngineOrder} order */
  send(order) {
    this.worker.postMessage(order);
  }
}

export class Engine {
  /** @param {() => Promise<Packed>} fetch fetches what the engine is made of */
  constructor(fetch) {
    this.fetch = fetch;
    /** @type {Promise<Parts> | null} */
    this.parts = null;
    /** @type {Bench[]} */
    this.benches = [];
    /** @type {Job[]} */
    this.waiting = [];
  }

  /**
   * Does what `POST /api/ROUTE` does, and calls `tell` with the answer, or with each line of it.
   *
   * @param {string} route
   * @param {unknown} body
   * @param {AbortSignal | undefined} signal
   * @param {(line: string) => void} tell
   */
  async ask(route, body, signal, tell) {
    signal?.throwIfAborted();
    const job = new Job(route, body, tell);
    const cancel = () => this.cancel(job, ["run", "fork", "check"].includes(route));
    signal?.addEventListener("abort", cancel);
    try {
      this.waiting.push(job);
      this.parts ??= this.unpacked();
      const parts = await this.parts;
      this.advance(parts);
      await job.ended;
    } catch (error) {
      this.waiting = this.waiting.filter((other) => other !== job);
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Fetches the engine, if it is not here yet. */
  async ready() {
    this.parts ??= this.unpacked();
    await this.parts;
  }

  /** @returns {Promise<Parts>} */
  async unpacked() {
    try {
      const { module, worker, files } = await this.fetch();
      const address = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
      return { module: await compiled(module), address, files };
    } catch (error) {
      // Who asks again tries again.
      this.parts = null;
      throw failed(`The engine that runs this in the browser cannot be loaded: ${message(error)}`);
    }
  }

  /**
   * Gives those who wait to workers that are free.
   *
   * @param {Parts} parts
   */
  advance(parts) {
    while (this.waiting.length > 0) {
      const bench = this.benches.find(({ job }) => job === null) ?? this.another(parts);
      if (!bench) return;
      const job = /** @type {Job} */ (this.waiting.shift());
      bench.job = job;
      bench.send(job.order);
    }
  }

  /**
   * Starts another worker; null if there are enough.
   *
   * @param {Parts} parts
   */
  another(parts) {
    if (this.benches.length >= MOST_WORKERS) return null;
    const bench = new Bench(parts);
    /** @param {string} why */
    const fail = (why) => {
      this.end(bench);
      bench.job?.refuse(failed(`The engine broke off, and was started anew (${why}).`));
      this.advance(parts);
    };
    bench.worker.onmessage = ({ data }) => {
      /** @type {EngineReport} */
      const report = data;
      if ("line" in report) bench.job?.tell(report.line);
      else if ("failed" in report) fail(report.failed);
      else if ("done" in report) {
        bench.job?.done();
        bench.job = null;
        this.advance(parts);
      }
    };
    bench.worker.onerror = (event) => fail(event.message);
    bench.worker.onmessageerror = () => fail("the browser cannot hand over the module");
    this.benches.push(bench);
    return bench;
  }

  /** @param {Bench} bench */
  end(bench) {
    bench.worker.terminate();
    this.benches = this.benches.filter((other) => other !== bench);
  }

  /**
   * @param {Job} job
   * @param {boolean} isShort whether it mostly ends by itself soon
   */
  cancel(job, isShort) {
    job.refuse(new DOMException("This was cancelled.", "AbortError"));
    job.tell = () => {};
    this.waiting = this.waiting.filter((other) => other !== job);
    const stop = async () => {
      const bench = this.benches.find((bench) => bench.job === job);
      if (!bench || !this.parts) return;
      this.end(bench);
      this.advance(await this.parts);
    };
    if (isShort) setTimeout(stop, GRACE);
    else void stop();
  }
}

/**
 * Returns a module of its gzipped bytes as base64.
 *
 * @param {string} packed
 */
async function compiled(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(plain).arrayBuffer());
}

/** @param {unknown} error */
const message = (error) => (error instanceof Error ? error.message : String(error));
