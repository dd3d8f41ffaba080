// @ts-check
// The address: it names what is open, and where the run stands, and the browser's history leads
// back.

/** @import { NoteListed } from "../wire.d.ts" */
/** @import { Fork, Request } from "./forks.js" */
/** @import { Entry, Playlist } from "./playlist.js" */
/** @import { Session } from "./session.js" */
/** @import { Shell } from "./shell.js" */

import * as api from "./api.js";
import { linkAt, noteOf, playlistOf } from "./fragment.js";

/** The least time between two changes of the address, in milliseconds. */
const SELDOM = 250;
/** What is shown behind the library at first. */
const FIRST = "three-generals";

/**
 * What the browser's history keeps beside an address: the playlist and the demo in it, and what was
 * changed of which run.
 *
 * @typedef {{ playlist?: string, at?: number, base?: Request, forks?: Fork[] }} State
 */

export class Router {
  /**
   * @param {Session} session
   * @param {Playlist} playlist
   * @param {Promise<NoteListed[]>} notes
   * @param {Shell} shell
   */
  constructor(session, playlist, notes, shell) {
    this.session = session;
    this.playlist = playlist;
    this.notes = notes;
    this.shell = shell;
    /**
     * The fragment that was written last.
     *
     * @type {string | null}
     */
    this.fragment = null;
    this.writtenAt = 0;
    /** The timer that writes the address later. */
    this.later = 0;
    addEventListener("hashchange", () => this.arrive());
  }

  /** Opens what the address names, or the library. */
  async arrive() {
    const { session, shell } = this;
    const fragment = location.hash.slice(1);
    if (fragment && fragment === this.fragment) return;
    const note = noteOf(fragment);
    if (note && session.rehearsed) return this.read(note);
    /** @type {State} */
    const before = history.state ?? {};
    const demo = await this.demoOf(fragment, before);
    const playlist = playlistOf(fragment);
    if (demo) await this.playlist.begin(demo.note, demo.at, demo.link, "replaceState");
    else if (playlist) shell.remarks.show([`There is no playlist ${playlist}.`]);
    else if (fragment && !note) await session.open({ link: fragment }, { entry: "replaceState" });
    await this.resume(before);
    if (session.rehearsed) return;
    const isRefused = !shell.remarks.isEmpty;
    const first = api.home ? { link: api.home } : { scenario: FIRST };
    await shell.remarks.keepDuring(() => session.open(first, { entry: null }));
    if (note) this.read(note);
    else if (!isRefused && !api.home) shell.showLibrary();
  }

  /**
   * Changes the run as it was changed when the browser was here before.
   *
   * @param {State} before
   */
  async resume({ base, forks = [] }) {
    const { session } = this;
    const { player } = session;
    if (!base || forks.length === 0 || !session.rehearsed) return;
    const { at, count, seen } = player;
    if (!(await session.open(base, { entry: null, isListed: this.playlist.note !== null }))) return;
    await session.change(forks, "replaceState");
    player.seek(Math.min(at, player.run.ends), count);
    player.seen = seen;
  }

  /**
   * Returns the demo that an address leads to: of the playlist that it names; of the one that was
   * played when the browser was here before; or of the note that is read, if the address is one of
   * its demos.
   *
   * @param {string} fragment
   * @param {State} before
   */
  async demoOf(fragment, { playlist, at = 0 }) {
    const named = playlistOf(fragment);
    const path = named ?? playlist ?? this.shell.notes.path;
    const note = path && (await this.notes).find((note) => note.path === path);
    if (!note) return null;
    const wasPlayed = !named && playlist !== undefined;
    const index = named ? 0 : wasPlayed ? at : note.demos.findIndex((demo) => demo.link === fragment);
    const demo = note.demos[index];
    return demo ? { note, at: index, link: wasPlayed ? fragment : demo.link } : null;
  }

  /**
   * Shows a note. The address stays that of the run.
   *
   * @param {{ path: string, heading: string | null }} note
   */
  read(note) {
    history.replaceState(this.state, "", `#${this.fragment ?? ""}`);
    this.shell.readNote(note);
  }

  /** @returns {State} */
  get state() {
    const { rehearsed, forks } = this.session;
    return { ...this.playlist.state, ...(rehearsed ? { base: rehearsed.request } : {}), forks };
  }

  /**
   * Writes the address of another run. Without an entry the address stays as it is until the run
   * moves.
   *
   * @param {Entry | null} entry
   * @param {boolean} isOther whether another scenario was opened
   */
  runShown(entry, isOther) {
    if (isOther) this.fragment = null;
    if (entry) this.write(entry);
  }

  /** Writes where the run stands into the address, soon. */
  runMoved() {
    clearTimeout(this.later);
    const wait = this.writtenAt + SELDOM - Date.now();
    // Browsers refuse an address that changes with every frame.
    if (wait > 0) this.later = setTimeout(() => this.runMoved(), SELDOM);
    else this.write("replaceState");
  }

  /** @param {Entry} entry */
  write(entry) {
    const { player, event } = this.session;
    clearTimeout(this.later);
    if (player.playing || player.glide || !player.run.answer.link) return;
    const fragment = linkAt(player.run.answer.link, event);
    if (fragment === this.fragment) return;
    this.fragment = fragment;
    this.writtenAt = Date.now();
    history[entry](this.state, "", `#${fragment}`);
  }
}
