// @ts-check
// The state of what is open: the rehearsed run, what is changed in it, and the run that results.

/** @import { Clause, RunAnswer } from "../wire.d.ts" */
/** @import { Fork, Pairs, Request } from "./forks.js" */
/** @import { Player, Where } from "./player.js" */
/** @import { Entry } from "./playlist.js" */
/** @import { Wanted } from "./seed_search.js" */

import * as api from "./api.js";
import { applied, described, isAboutSame, isSaid, prepared } from "./forks.js";
import { whereOf } from "./player.js";
import { Run } from "./run.js";
import { nextSeed, SeedSearch } from "./seed_search.js";

/**
 * How a run comes to be shown: another scenario is opened, the run is changed, or the rehearsed run
 * comes back. `entry` is how the browser's history takes its address; null leaves the address.
 *
 * @typedef {{
 *   how: "opened" | "changed" | "rehearsed",
 *   remarks: string[],
 *   entry: Entry | null,
 * }} Shown
 *
 * Who is told: before another scenario is opened, whether it is part of a playlist; when a run is
 * shown; what a change came to; when the server accepts a request, and when it refuses one.
 *
 * @typedef {{
 *   leaving: (isListed: boolean) => void,
 *   shown: (shown: Shown) => void,
 *   forked: (clauses: readonly Clause[]) => void,
 *   accepted: () => void,
 *   refused: (error: api.Refused) => void,
 * }} Listener
 *
 * What is asked for: a scenario, a text, or a link.
 *
 * @typedef {Partial<Request>} Asked
 *
 * @typedef {{ entry?: Entry | null, isListed?: boolean }} Opening
 */

export class Session {
  /**
   * @param {Player} player plays the runs
   * @param {Listener} listener
   */
  constructor(player, listener) {
    this.player = player;
    this.listener = listener;
    /**
     * The rehearsed run, and the request that it answers.
     *
     * @type {{ run: Run, request: Request } | null}
     */
    this.rehearsed = null;
    /**
     * What is changed in it.
     *
     * @type {Fork[]}
     */
    this.forks = [];
    /**
     * The event at which the rehearsed run stood when it was changed.
     *
     * @type {Where | null}
     */
    this.left = null;
    this.seedSearch = new SeedSearch();
    /** @type {AbortController | null} */
    this.telling = null;
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {Promise<unknown>} */
    this.stepping = Promise.resolve();
  }

  /** The request of the run that is shown. */
  get request() {
    return this.rehearsed && applied(this.rehearsed.request, this.forks);
  }

  /** The event at which the run stands. */
  get event() {
    const { count } = this.player;
    return count > 0 ? count - 1 : null;
  }

  /**
   * Opens another scenario as the rehearsed run. Returns whether it could.
   *
   * @param {Asked} asked
   * @param {Opening} [opening]
   */
  async open(asked, { entry = "pushState", isListed = false } = {}) {
    const answer = await this.ask({ set: [], force: [], ...asked });
    if (!answer) return false;
    this.listener.leaving(isListed);
    this.seedSearch.end();
    const run = new Run(answer);
    this.rehearsed = { run, request: answer.order };
    this.forks = [];
    this.left = null;
    this.player.open(run, whereOf(run, answer.event));
    this.endTelling();
    this.listener.shown({ how: "opened", remarks: answer.remarks, entry });
    return true;
  }

  /**
   * Asks for a run. A later request replaces it. Returns null if it is refused or replaced.
   *
   * @param {Request} request
   * @returns {Promise<RunAnswer | null>}
   */
  async ask(request) {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const answer = await api.run(request, this.asking.signal);
      this.listener.accepted();
      return answer;
    } catch (error) {
      if (error instanceof api.Refused) this.listener.refused(error);
      else if (!api.isAborted(error)) throw error;
      return null;
    }
  }

  /**
   * Changes the run. A change replaces earlier ones of the same thing. Returns whether it could.
   *
   * @param {readonly Fork[]} forks
   * @param {Entry} [entry]
   */
  async fork(forks, entry) {
    const kept = this.forks.filter((old) => !forks.some((fork) => isAboutSame(old, fork)));
    return this.change([...kept, ...forks], entry);
  }

  /**
   * Changes the run as its story has prepared it. Returns whether there is such a change.
   *
   * @param {number} index
   */
  tryPrepared(index) {
    const tried = this.rehearsed?.run.show.try[index];
    if (tried) void this.fork([prepared(tried)]);
    return tried !== undefined;
  }

  /**
   * Whether the run is changed now as its story has prepared it.
   *
   * @param {number} index
   */
  isTried(index) {
    const tried = this.rehearsed?.run.show.try[index];
    const own = tried && JSON.stringify(prepared(tried));
    return this.forks.some((fork) => JSON.stringify(fork) === own);
  }

  /**
   * Replaces all changes of the rehearsed run. Returns whether it could.
   *
   * @param {Fork[]} forks
   * @param {Entry} [entry]
   */
  async change(forks, entry = "pushState") {
    const { player, rehearsed } = this;
    if (!rehearsed) return false;
    const answer = await this.ask(applied(rehearsed.request, forks));
    if (!answer) return false;
    this.left ??= { at: player.at, count: player.count, seen: player.seen };
    this.forks = forks;
    const run = new Run(answer, rehearsed.run, changesTold(answer.show.changes, forks));
    player.open(run, { ...whereChanged(run, player), known: this.left.seen });
    const same = run.differs === null ? ["This changes nothing in the run."] : [];
    this.listener.shown({ how: "changed", remarks: [...same, ...answer.remarks], entry });
    void this.tellFork(rehearsed.request, answer.order);
    return true;
  }

  /**
   * Whether a property is not violated in the run that is shown, with one more change.
   *
   * @param {Fork} fork
   * @param {string} property
   * @param {AbortSignal} signal
   */
  async averts(fork, property, signal) {
    if (!this.rehearsed) return false;
    const kept = this.forks.filter((old) => !isAboutSame(old, fork));
    const { show } = await api.run(applied(this.rehearsed.request, [...kept, fork]), signal);
    return show.verdicts.some(({ name, verdict }) => name === property && verdict !== "violated");
  }

  /**
   * Asks what the change came to. The run is shown without it, should nobody answer.
   *
   * @param {Request} before
   * @param {Request} after
   */
  async tellFork(before, after) {
    const { signal } = this.endTelling();
    const clauses = await api.fork(before, after, signal).catch(() => []);
    if (!signal.aborted) this.listener.forked(clauses);
  }

  /** Clears what was said of another change. Returns what ends the next one. */
  endTelling() {
    this.telling?.abort();
    this.telling = new AbortController();
    this.listener.forked([]);
    return this.telling;
  }

  /**
   * Changes settings of the rehearsed run, and nothing else of it.
   *
   * @param {Pairs} settings
   */
  async settle(settings) {
    if (settings.length === 0) this.rehearse();
    else await this.change(settings.map(([key, value]) => ({ key, value })));
  }

  /**
   * Undoes a change; the last one if none is given.
   *
   * @param {number} [index]
   */
  async undo(index = this.forks.length - 1) {
    // What a search found was found in the run with the changes before it.
    const forks = this.forks.filter((fork, i) => i !== index && !(i > index && fork.request));
    if (forks.length === 0) this.rehearse();
    else await this.change(forks);
  }

  /** Goes back to the rehearsed run, to the event where it was left. */
  rehearse() {
    if (this.forks.length === 0 || !this.rehearsed) return;
    this.forks = [];
    this.player.open(this.rehearsed.run, this.left ?? {});
    this.left = null;
    this.endTelling();
    this.listener.shown({ how: "rehearsed", remarks: [], entry: "pushState" });
  }

  /** Runs the next seed; quick repeated calls each move one seed on. */
  nextSeed() {
    const step = () => this.fork([{ seed: nextSeed(this.player.run.seed) }]);
    this.stepping = this.stepping.then(step, step);
    return this.stepping;
  }

  /**
   * Searches for the next seed with which a property is violated, or all hold, and runs it.
   *
   * @param {Wanted} wanted
   * @param {(words: string) => void} tell
   */
  async searchSeed(wanted, tell) {
    if (!this.rehearsed) return;
    const forks = this.forks.filter((fork) => fork.seed === undefined);
    const request = applied(this.rehearsed.request, forks);
    const seed = await this.seedSearch.find(request, this.player.run.seed, wanted, tell);
    if (seed === null) return;
    await this.fork([{ seed }]);
    tell(`Seed ${seed}.`);
  }

  /** Changes the run if it is not changed yet: as its scenario's first `try` says, or by another seed. */
  async changeSomehow() {
    if (this.forks.length > 0 || !this.rehearsed) return;
    const { show, seed } = this.rehearsed.run;
    const [first] = show.try;
    await this.fork([first ? prepared(first) : { seed: nextSeed(seed) }]);
  }
}

/**
 * Returns what is changed, in words: those of the changes, if each has some.
 *
 * @param {string | null} changes what the program calls them
 * @param {readonly Fork[]} forks
 */
function changesTold(changes, forks) {
  return forks.every(isSaid) ? forks.map(described).join(" ") : changes;
}

/**
 * Returns where a changed run stands: at the moment before it parts from the rehearsed one, unless
 * that is still to come.
 *
 * @param {Run} run
 * @param {{ at: number, count: number }} before where the run before it stood
 * @returns {Where}
 */
function whereChanged(run, before) {
  const { differs, events, ends } = run;
  const stayed = Math.min(before.at, ends);
  const parts = differs === null ? Infinity : (events[differs]?.at ?? ends);
  const at = Math.min(parts, stayed);
  const count = differs === null || parts > stayed ? Math.min(before.count, run.countAt(at)) : differs;
  return { at, count, seen: at, differs };
}
