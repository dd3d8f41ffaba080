// @ts-check
// The page around the theatre: the header, the tabs beside the run, the dialogs, and the keys.

/** @import { LibraryAnswer, NoteListed, RunTold } from "../wire.d.ts" */
/** @import { Refused } from "./api.js" */
/** @import { Found } from "./duel.js" */
/** @import { Fork } from "./forks.js" */
/** @import { Keys } from "./keys.js" */
/** @import { Playlist } from "./playlist.js" */
/** @import { Session, Shown } from "./session.js" */
/** @import { Theatre } from "./theatre.js" */

import { ChallengePage } from "./challenge.js";
import { Compare } from "./compare.js";
import { button, h, messageOfError } from "./dom.js";
import { Duel } from "./duel.js";
import { ForkTold } from "./fork_told.js";
import { applied, atPoint, described, withoutForced } from "./forks.js";
import { helpDialog, menuButton } from "./help.js";
import { playing } from "./keys.js";
import { Knobs } from "./knobs.js";
import { Later } from "./later.js";
import { Library } from "./library.js";
import { Loop } from "./loop.js";
import { menuDialog } from "./menu.js";
import { narrow } from "./narrow.js";
import { Notes } from "./notes.js";
import { Odds, sweptLike } from "./odds.js";
import { lacking } from "./offers.js";
import * as present from "./present.js";
import { Remarks } from "./remarks.js";
import { SpeakerLink } from "./speaker_link.js";
import { canOpenSpeaker } from "./speaker_messages.js";
import { seenBySpeaker } from "./speaker_seen.js";
import { Tabs } from "./tabs.js";
import { named, told } from "./told.js";
import { TraceTable } from "./trace_table.js";
import { Tray } from "./tray.js";
import { viewKeys } from "./view_keys.js";
import { WorstCase } from "./worst_case.js";

/** What is said where there is no change to take back. */
const UNCHANGED = "Nothing is changed: this is the rehearsed run.";

/** How many changes are named when the run is presented. */
const MOST_CHANGES = 3;

/**
 * What the page is built of.
 *
 * @typedef {{
 *   library: LibraryAnswer,
 *   notes: Promise<NoteListed[]>,
 *   session: Session,
 *   theatre: Theatre,
 *   playlist: Playlist,
 *   backButton: HTMLButtonElement,
 *   whatIfButton: HTMLButtonElement,
 * }} Parts
 */

export class Shell {
  /** @param {Parts} parts */
  constructor(parts) {
    const { session, theatre, playlist, notes } = parts;
    this.parts = parts;
    this.remarks = new Remarks();
    this.waiting = h("p", { class: "waiting", role: "status" });
    this.asText = h("a", {}, "As text");
    // On a site, the run that the page came with is told without JavaScript too, and the page leads
    // on from it.
    this.home = [h("p", { hidden: true }, this.asText), document.getElementById("leads")].filter(
      (part) => part !== null,
    );
    this.compare = new Compare(theatre);
    this.tray = new Tray(theatre, (fork) => session.fork([fork]));
    this.title = h("h1");
    this.sub = h("span", { class: "sub" });
    this.changes = h("ul", { class: "changes", "aria-label": "Changes to the rehearsed run" });
    this.forkTold = new ForkTold(
      (event) => theatre.visit(event),
      (words) => told(theatre.player.run, words),
    );
    this.main = h("main", {}, theatre.stage);
    this.compareButton = button("Compare", "C", () => this.switchCompare(), { "aria-pressed": "false" });
    this.knobs = new Knobs({
      change: (fork) => session.fork([fork]),
      replay: (fork) => this.replay(fork),
      tryPrepared: (index) => session.tryPrepared(index),
      nextSeed: () => session.nextSeed(),
      showWall: () => this.openWall(),
      edit: () => this.openEditor(),
      searchSeed: (wanted, tell) => session.searchSeed(wanted, tell),
    });
    this.challenge = new ChallengePage({
      change: (answer) => session.settle(answer),
      open: (request, says) => session.change([{ request, says }]),
    });
    /** @type {(note: NoteListed) => unknown} */
    const play = (note) => playlist.begin(note);
    this.notes = new Notes(notes, play);
    this.library = new Library(parts.library, notes, {
      open: (scenario, text) => session.open({ scenario, text }),
      edit: () => this.openEditor(),
      play,
    });
    this.editor = new Later(async () => {
      const { Editor } = await import("./editor.js");
      return new Editor((scenario, text) => session.open({ scenario, text }));
    });
    const mention = (/** @type {string} */ why) => this.remarks.mention(why);
    this.help = helpDialog(true, () => this.keys(), mention);
    this.menu = menuDialog(true, () => this.keys(), mention);
    this.share = new Later(async () => new (await import("./share.js")).Share());
    this.odds = new Odds(
      (at, seed) => session.change(atPoint(session.forks, at, seed)),
      (scenario) => void session.open({ scenario }),
    );
    this.wall = new Later(async () => {
      const { Wall } = await import("./wall.js");
      return new Wall((seed) => session.fork([{ seed }]));
    });
    this.twins = new Later(async () => new (await import("./twins.js")).Twins());
    this.loop = new Loop(theatre.player);
    this.duel = new Duel(theatre.player, () => session.request && this.worstCase.askFor(session.request));
    const open = async (/** @type {RunTold} */ request, /** @type {string} */ says, /** @type {Found} */ found) => {
      const changes = session.forks.filter((fork) => !fork.request);
      await session.change([...changes, { request, says }]);
      // The worst case may be what was rehearsed: its sentence says so.
      if (theatre.player.run.differs === null) this.remarks.clear();
      this.duel.play(found);
      theatre.story.pages.fit();
    };
    this.worstCase = new WorstCase(open, (words, isSentence) => (isSentence ? told : named)(theatre.player.run, words));
    theatre.above.append(this.tray.element, this.duel.element);
    this.speaker = canOpenSpeaker() ? this.speakerLink() : null;
    const trace = new TraceTable(theatre);
    const pages = {
      Story: theatre.story.element,
      Notes: this.notes.element,
      Knobs: this.knobs.element,
      Challenge: this.challenge.element,
      Trace: h("div", { class: "trace" }, trace.element),
    };
    this.tabs = new Tabs("Beside the run", pages, (name) => (name === "Notes" ? this.notes.show() : trace.fill()));
    parts.whatIfButton.onclick = () => this.tray.switch();
    this.build();
  }

  build() {
    const { theatre, playlist } = this.parts;
    const story = h(
      "aside",
      { id: "story", "aria-label": "The story", tabindex: -1 },
      playlist.element,
      this.tabs.list,
      theatre.inspector.element,
      theatre.rewind.element,
      theatre.story.pages.mark,
      this.changes,
      this.forkTold.element,
      ...this.tabs.pages,
    );
    theatre.story.element.after(theatre.rows.element, ...this.home);
    // On a site, the page leads back to the note, and on to what is shown next.
    const leads = document.getElementById("leads");
    if (leads) this.asText.after(leads);
    const dialogs = [this.library, this.odds, this.worstCase].map(({ dialog }) => dialog);
    document.body.append(
      h("a", { class: "skip", href: "#story" }, "Skip to the story"),
      this.header(),
      this.remarks.element,
      this.waiting,
      this.main,
      story,
      h("footer", {}, theatre.controls.element),
      theatre.live,
      this.help,
      this.menu,
      ...dialogs,
    );
    present.hidePointer();
    this.placeTold();
    addEventListener("typechange", () => this.placeTold());
    narrow?.addEventListener("change", () => this.placeTold());
  }

  /** Moves what is told of a change to where it belongs now. */
  placeTold() {
    const { forkTold, changes, compare, parts } = this;
    forkTold.place(parts.theatre.story, changes, compare.isOpen ? compare.top : null);
  }

  speakerLink() {
    const { session, theatre, playlist } = this.parts;
    return new SpeakerLink({
      theatre,
      keys: () => this.keys(),
      seen: () => {
        const href = `${location.pathname}#note=${theatre.player.run.show.note}`;
        return seenBySpeaker(theatre, { playlist, href, changes: session.forks.map((fork) => this.changeTold(fork)) });
      },
      prepare: (digit) => this.prepare(digit),
      refuse: (words) => this.remarks.show([words]),
      mention: (words) => this.remarks.mention(words),
    });
  }

  header() {
    const { session } = this.parts;
    const brand = { type: "button", class: "brand", "aria-label": "dsys: the library" };
    return h(
      "header",
      {},
      h("button", { ...brand, onclick: () => this.library.open() }, "dsys"),
      this.title,
      this.sub,
      h(
        "nav",
        { "aria-label": "The run" },
        button("Library", "L", () => this.library.open()),
        button("Next seed", "N", () => session.nextSeed()),
        this.compareButton,
        button("Odds", "O", () => this.openOdds()),
        button("Worst case", "W", () => this.openWorstCase()),
        button("Share", "S", () => this.openShare()),
        menuButton(this.help, this.menu),
        button("Present", "P", () => this.present(), { class: "main" }),
      ),
    );
  }

  /**
   * Returns what each key does.
   *
   * @returns {Keys}
   */
  keys() {
    const { session, theatre, playlist } = this.parts;
    return {
      ...playing(theatre, playlist),
      ...viewKeys(theatre),
      ...(this.speaker ? { m: () => this.speaker?.open() } : {}),
      n: () => void session.nextSeed(),
      d: () => playlist.next() || (playlist.note ? "This is the last demo." : "No playlist is open."),
      r: () => (session.forks.length > 0 ? session.rehearse() : UNCHANGED),
      u: () => (session.forks.length > 0 ? void session.undo() : UNCHANGED),
      c: () => this.switchCompare(),
      h: () => this.tray.switch(),
      k: () => this.tabs.toggle("Knobs"),
      i: () => this.tabs.toggle("Notes"),
      j: () =>
        this.challenge.challenge === null
          ? this.lacks("This scenario has no challenge.")
          : this.tabs.toggle("Challenge"),
      l: () => this.library.open(),
      g: () => this.openEditor(),
      s: () => this.openShare(),
      o: () => this.openOdds(),
      w: () => this.searchWorstCase(),
      y: () => this.openWall(),
      e: () => this.openTwins() || this.lacks("This scenario has no twin."),
      p: () => this.present(),
      "?": () => this.show(this.help),
      Escape: () => this.leave(),
    };
  }

  /**
   * Changes the run as its story has prepared it. Returns why it could not.
   *
   * @param {number} digit from 0 on
   */
  prepare(digit) {
    const { session } = this.parts;
    if (session.isTried(digit)) return "The run is changed like this already.";
    if (session.tryPrepared(digit)) return true;
    const count = session.rehearsed?.run.show.try.length ?? 0;
    if (count === 0) return this.lacks("This scenario has no what-if prepared.");
    return count === 1 ? "Only one what-if is prepared here." : `Only ${count} what-ifs are prepared here.`;
  }

  /** Closes what is open, one thing at a time: the innermost first. Presenting is left last. */
  leave() {
    const { theatre } = this.parts;
    if (present.leaveBlank() || this.remarks.close()) return;
    if ([this.editor, this.share, this.wall, this.twins].some((part) => part.leave())) return;
    if (this.tray.leave() || this.duel.close() || theatre.leave()) return;
    if (this.compare.isOpen) this.switchCompare();
    else if (!this.tabs.isHome) this.tabs.show("Story");
    else present.leavePresent();
  }

  /** Presents the run: always with its story, whichever tab was open. */
  present() {
    this.tabs.show("Story");
    this.parts.theatre.player.select(null);
    present.switchPresent();
  }

  /**
   * Opens what is fetched when it is opened.
   *
   * @template {{ dialog: HTMLDialogElement }} P
   * @param {Later<P>} part
   * @param {(part: P) => unknown} show
   */
  later(part, show) {
    void part.open(show, (error) => this.remarks.show([messageOfError(error)]));
  }

  /** @param {HTMLDialogElement} dialog */
  show(dialog) {
    if (!dialog.open) dialog.showModal();
  }

  showLibrary() {
    this.library.open();
  }

  openShare() {
    const { session, theatre } = this.parts;
    const { request } = session;
    if (request) this.later(this.share, (share) => share.openFor(theatre.player.run.answer, session.event, request));
  }

  /** Shows the file of the scenario that is open. */
  openEditor() {
    const { request } = this.parts.session;
    if (request) this.later(this.editor, (editor) => editor.openFor(request));
  }

  /**
   * Says that what runs here is being fetched.
   *
   * @param {boolean} isFetching
   */
  fetching(isFetching) {
    this.waiting.textContent = isFetching ? "Fetching the engine that runs this in the browser …" : "";
  }

  openOdds() {
    const { session, library } = this.parts;
    const { run } = session.player;
    if (!session.rehearsed || !session.request) return;
    // What was forced in one run means nothing for a thousand.
    const meant = applied(session.rehearsed.request, withoutForced(session.forks));
    const isLess = JSON.stringify(meant) !== JSON.stringify(session.request) || meant.force.length > 0;
    this.odds.openFor({ ...meant, force: [] }, run, sweptLike(library, run.show.problem.name), isLess);
  }

  /** Searches for the worst case, or asks what the enemy may do where the scenario does not say. */
  openWorstCase() {
    const { request, player } = this.parts.session;
    if (!request) return;
    if (player.run.show.has_search) this.worstCase.openFor(request);
    else this.worstCase.askFor(request, "This scenario does not say what the enemy may do: choose it here.");
  }

  /** Searches for the worst case. Returns what the scenario offers instead if it has no search. */
  searchWorstCase() {
    if (!this.parts.session.player.run.show.has_search)
      return this.lacks("This scenario has no search for a worst case.");
    this.openWorstCase();
    return true;
  }

  /**
   * Returns what is said where the scenario lacks something.
   *
   * @param {string} what
   */
  lacks(what) {
    return lacking(what, this.parts.session.player.run.show);
  }

  openWall() {
    const { request } = this.parts.session;
    if (request) this.later(this.wall, (wall) => wall.openFor(request));
  }

  /** Shows the rehearsed run beside its twin. Returns false if it has none. */
  openTwins() {
    const { rehearsed } = this.parts.session;
    const twin = rehearsed?.run.show.twin;
    if (!rehearsed || !twin) return false;
    const { player } = this.parts.theatre;
    // In the middle of a run, no more is shown than has happened by then.
    const until = player.atStart || player.atEnd ? null : player.at;
    this.later(this.twins, (twins) => twins.openFor(rehearsed, twin, until));
    return true;
  }

  /**
   * Changes the run while a knob is turned, and plays it again and again.
   *
   * @param {Fork} fork
   */
  async replay(fork) {
    if (await this.parts.session.fork([fork], "replaceState")) this.loop.begin();
  }

  /** What the library says about the rehearsed scenario, if it lists it. */
  get listed() {
    const { library, session } = this.parts;
    const all = library.problems.flatMap((problem) => problem.scenarios);
    return all.find((scenario) => scenario.path === session.rehearsed?.request.scenario);
  }

  /**
   * Shows a note.
   *
   * @param {{ path: string, heading: string | null }} note
   */
  readNote({ path, heading }) {
    this.tabs.show("Notes");
    this.notes.show(path, heading);
  }

  /** Makes room for another scenario. */
  leaving() {
    if (this.compare.isOpen) this.switchCompare();
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  }

  /** @param {Refused} error */
  refused(error) {
    this.knobs.refuse(error);
    // The report contains the message.
    this.remarks.show(error.report ? [] : [error.message], error.report);
  }

  /** @param {Shown} shown */
  shown({ how, remarks }) {
    if (how === "rehearsed") this.remarks.clear();
    this.describe();
    if (remarks.length > 0) this.remarks.show(remarks);
    if (how === "changed" && this.compare.isOpen) this.openCompare();
    if (how === "rehearsed" && this.compare.isOpen) this.switchCompare();
    if (how === "opened") this.tabs.show("Story");
  }

  /**
   * Returns what a change does.
   *
   * @param {Fork} fork
   */
  changeTold(fork) {
    return named(this.parts.theatre.player.run, described(fork));
  }

  /** Shows what the run is, and what is changed in it. */
  describe() {
    const { session, theatre, backButton } = this.parts;
    const { run } = theatre.player;
    const { show, seed } = run;
    this.title.textContent = show.title;
    this.sub.textContent = `seed ${seed} · ${show.protocol.title}`;
    for (const part of this.home) part.hidden = !run.answer.told;
    if (run.answer.told) this.asText.href = run.answer.told;
    document.title = `${show.title} · dsys`;
    this.knobs.show(run);
    if (session.rehearsed) this.challenge.show({ rehearsed: session.rehearsed, forks: session.forks });
    this.tabs.offer("Challenge", this.challenge.challenge !== null);
    this.notes.belong(show.note);
    backButton.hidden = session.forks.length === 0;
    const changes = session.forks.map((fork, index) => {
      const words = this.changeTold(fork);
      const undo = () => void session.undo(index);
      return h(
        "li",
        { class: index < MOST_CHANGES ? "" : "more" },
        words,
        h("button", { type: "button", "aria-label": `Undo: ${words}`, onclick: undo }, "×"),
      );
    });
    const more = changes.length - MOST_CHANGES;
    this.changes.replaceChildren(...changes, more > 0 ? h("li", { class: "rest" }, `and ${more} more`) : "");
  }

  switchCompare() {
    if (this.compare.isOpen) this.compare.close(this.main);
    else this.openCompare();
    this.placeTold();
    this.compareButton.setAttribute("aria-pressed", String(this.compare.isOpen));
  }

  /** Puts the rehearsed run beside the changed one. */
  async openCompare() {
    const { session } = this.parts;
    await session.changeSomehow();
    if (session.forks.length === 0 || !session.rehearsed) return;
    const changes = session.forks.map((fork) => this.changeTold(fork)).join(", ");
    this.compare.open(this.main, session.rehearsed.run, ["rehearsed", changes]);
    this.placeTold();
    scrollTo(0, 0);
    this.compareButton.setAttribute("aria-pressed", "true");
  }
}
