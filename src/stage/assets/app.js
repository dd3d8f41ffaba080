// The page with a server behind it: library, knobs, forks, comparison, links; around the theatre that plays the run.

import * as api from "./api.js";
import { Compare } from "./compare.js";
import { button, h } from "./dom.js";
import { applied, ofFlags, said } from "./forks.js";
import { helpDialog } from "./help.js";
import { endHunt, hunt } from "./hunt.js";
import { listen, playing } from "./keys.js";
import { Knobs } from "./knobs.js";
import { libraryDialog } from "./library.js";
import { Notes, noteOf } from "./notes.js";
import { oddsDialog } from "./odds.js";
import { Playlist, playlistOf } from "./playlist.js";
import * as present from "./present.js";
import { place } from "./recorded.js";
import { Run } from "./run.js";
import { shareDialog } from "./share.js";
import { traceTable } from "./table.js";
import { Theatre } from "./theatre.js";
import { worstDialog } from "./worst.js";

/** The least time between two changes of the address, in milliseconds. */
const SELDOM = 250;

export async function begin() {
  const app = new App();
  try {
    app.library = await api.library();
  } catch (error) {
    document.body.append(h("p", { class: "refusal", role: "alert" }, error.message));
    return;
  }
  app.build();
  await app.arrive();
}

class App {
  constructor() {
    this.forks = [];
    this.base = null;
    this.rehearsed = null;
  }

  get order() {
    return applied(this.base, this.forks);
  }

  build() {
    const fork = (forks) => this.fork([forks].flat());
    this.undoButton = button("What if: 0 changes", "R", () => this.rehearse(), { class: "forks", hidden: true });
    const tryNext = (flags) => this.fork(ofFlags(flags));
    this.playlist = new Playlist((order, entry) => this.open(order, { entry, isListed: true }));
    this.theatre = new Theatre({ fork, tryNext, playlist: this.playlist }, [this.undoButton]);
    const { player } = this.theatre;
    this.knobs = new Knobs({
      turn: (fork) => this.fork([fork]),
      nextSeed: () => this.nextSeed(),
      hunt: (wanted, tell) => this.hunt(wanted, tell),
    });
    this.compare = new Compare(this.theatre);
    const play = (note) => this.playlist.begin(note);
    this.allNotes = api.notes().catch(() => []);
    const playlists = this.allNotes.then((notes) => notes.filter((note) => note.demos.length > 0));
    this.dialogs = {
      library: libraryDialog(this.library, (order) => this.open(order), playlists, play),
      help: helpDialog(true),
      share: shareDialog(),
      odds: oddsDialog({
        open: (at, seed) => this.fork([...Object.entries(at).map(([key, value]) => ({ key, value })), { seed }]),
      }),
      worst: worstDialog({ open: (order, says) => this.change([{ order, says }]) }),
    };
    this.title = h("h1");
    this.sub = h("span", { class: "sub" });
    this.remarks = h("div", { class: "remarks", role: "alert" });
    this.changes = h("ul", { class: "changes", "aria-label": "Changes of the rehearsed run" });
    this.main = h("main", {}, this.theatre.stage);
    const trace = traceTable(this.theatre);
    this.notes = new Notes(this.allNotes, play);
    this.tabs = this.tabbed(
      {
        Story: [this.theatre.story.element],
        Notes: [this.notes.element],
        Knobs: [this.knobs.element],
        Trace: [h("div", { class: "trace" }, trace)],
      },
      (name) => (name === "Notes" ? this.notes.show() : trace.fill()),
    );
    document.body.append(
      h("a", { class: "skip", href: "#story" }, "Skip to the story"),
      h(
        "header",
        {},
        h(
          "button",
          { type: "button", class: "brand", "aria-label": "dsys: the library", onclick: () => this.show("library") },
          "dsys",
        ),
        this.title,
        this.sub,
        h(
          "nav",
          { "aria-label": "The run" },
          button("Library", "L", () => this.show("library")),
          button("Next seed", "N", () => this.nextSeed()),
          button("Compare", "C", () => this.switchCompare(), { "aria-pressed": "false" }),
          button("Odds", "O", () => this.odds()),
          button("Worst case", "W", () => this.worst()),
          button("Share", "S", () => this.share()),
          button("Keys", "?", () => this.show("help")),
          button("Present", "P", () => this.present(), { class: "main" }),
        ),
      ),
      this.remarks,
      this.main,
      this.tabs,
      h("footer", {}, this.theatre.transport.element),
      this.theatre.live,
      ...Object.values(this.dialogs),
    );
    this.compareButton = document.querySelector("nav [aria-pressed]");
    present.hidePointer();
    listen({ ...playing(player, this.playlist), ...this.keys() }, (digit) => this.theatre.story.predict.vote(digit));
    player.watch((_, what) => what === "place" && this.remember());
    addEventListener("hashchange", () => this.arrive());
  }

  keys() {
    const { player, diagram } = this.theatre;
    return {
      n: () => this.nextSeed(),
      d: () => this.playlist.next(),
      r: () => this.rehearse(),
      u: () => this.undo(),
      c: () => this.switchCompare(),
      k: () => this.pickTab("Knobs"),
      i: () => this.pickTab("Notes"),
      l: () => this.show("library"),
      s: () => this.share(),
      o: () => this.odds(),
      w: () => this.worst(),
      p: () => this.present(),
      f: present.switchFullScreen,
      t: present.switchTheme,
      b: present.switchBlank,
      "?": () => this.show("help"),
      "+": () => diagram.zoomBy(1.6),
      "-": () => diagram.zoomBy(1 / 1.6),
      0: () => diagram.zoomBy(0),
      Escape: () => this.leave(player),
    };
  }

  /** Presents the run: its story, whatever else was looked at. */
  present() {
    this.pickTab("Story", true);
    this.theatre.player.select(null);
    present.switchPresent();
  }

  leave(player) {
    if (this.remarks.hasChildNodes()) this.remarks.replaceChildren();
    else if (player.selected) player.select(null);
    else if (this.compare.isOpen) this.switchCompare();
    else if (document.body.matches(".present, .blank")) present.leavePresent();
    else this.pickTab("Story");
  }

  /** The story's column, with other pages behind tabs. */
  tabbed(pages, shown) {
    const names = Object.keys(pages);
    const tab = (name, i) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${name}`,
          "aria-controls": `page-${name}`,
          "aria-selected": i === 0,
          tabindex: i === 0 ? 0 : -1,
          onclick: () => this.pickTab(name, true),
        },
        name,
      );
    const tabs = names.map(tab);
    const bodies = names.map((name, i) =>
      h(
        "div",
        {
          class: "scroll",
          role: "tabpanel",
          id: `page-${name}`,
          "aria-labelledby": `tab-${name}`,
          hidden: i > 0,
          tabindex: 0,
        },
        ...pages[name],
      ),
    );
    this.pickTab = (name, stay) => {
      const isOn = !stay && tabs[names.indexOf(name)].getAttribute("aria-selected") === "true";
      const wanted = isOn ? names[0] : name;
      names.forEach((other, i) => {
        tabs[i].setAttribute("aria-selected", other === wanted);
        tabs[i].tabIndex = other === wanted ? 0 : -1;
        bodies[i].hidden = other !== wanted;
      });
      shown(wanted);
    };
    const list = h("div", { role: "tablist", "aria-label": "What stands here" }, ...tabs);
    list.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.stopPropagation();
      const next = (tabs.indexOf(document.activeElement) + by + tabs.length) % tabs.length;
      tabs[next].focus();
      this.pickTab(names[next], true);
    });
    return h(
      "aside",
      { id: "story", "aria-label": "The story", tabindex: -1 },
      this.playlist.element,
      list,
      this.theatre.inspector.element,
      this.changes,
      ...bodies,
    );
  }

  show(dialog) {
    if (!this.dialogs[dialog].open) this.dialogs[dialog].showModal();
  }

  /** Opens what the address names, or the library. */
  async arrive() {
    const fragment = location.hash.slice(1);
    if (fragment && fragment === this.fragment) return;
    const note = noteOf(fragment);
    if (note && this.rehearsed) return this.read(note);
    const before = history.state ?? {};
    const demo = await this.demoOf(fragment, before);
    if (demo) await this.playlist.begin(...demo, "replaceState");
    else if (playlistOf(fragment)) this.remark([`There is no playlist ${playlistOf(fragment)}.`]);
    else if (fragment && !note) await this.open({ link: fragment }, { entry: "replaceState" });
    await this.resume(before);
    if (!this.rehearsed) {
      const refusal = [...this.remarks.childNodes];
      await this.open({ scenario: "three-generals" }, { entry: null });
      this.remarks.replaceChildren(...refusal);
      if (note) this.read(note);
      else if (refusal.length === 0) this.show("library");
    }
  }

  /** Changes the run as it was changed when the browser was here before. */
  async resume({ base, forks }) {
    if (!forks?.length || !this.rehearsed) return;
    const { at, count, seen } = this.theatre.player;
    if (await this.open(base, { entry: null, isListed: Boolean(this.playlist.note) })) {
      await this.change(forks, "replaceState");
      this.theatre.player.seek(Math.min(at, this.theatre.player.run.ends), count);
      this.theatre.player.seen = seen;
    }
  }

  /**
   * The playlist that an address belongs to, and where in it: one that it names; one that was played when the browser
   * was here before; or that of the note that is read, if the address is one of its demos.
   */
  async demoOf(fragment, { playlist, at }) {
    const named = playlistOf(fragment);
    const path = named ?? playlist ?? this.notes.path;
    const note = path && (await this.allNotes).find((note) => note.path === path);
    if (!note) return null;
    const listed = named ? 0 : playlist ? at : note.demos.findIndex((demo) => demo.link === fragment);
    const demo = note.demos[listed];
    return demo ? [note, listed, playlist && !named ? fragment : demo.link] : null;
  }

  /** Shows a note; the address stays that of the run. */
  read({ path, heading }) {
    history.replaceState(this.state, "", `#${this.fragment ?? ""}`);
    this.pickTab("Notes", true);
    this.notes.show(path, heading);
  }

  /** Opens another scenario: the rehearsed run. */
  async open(order, { entry = "pushState", isListed = false } = {}) {
    const answer = await this.ask({ set: [], force: [], ...order });
    if (!answer) return false;
    if (!isListed) this.playlist.leave();
    if (this.compare.isOpen) this.switchCompare();
    this.base = { set: [], force: [], ...answer.order };
    this.forks = [];
    this.left = null;
    endHunt();
    for (const other of document.querySelectorAll("dialog[open]")) other.close();
    this.rehearsed = new Run(answer);
    this.theatre.open(this.rehearsed, place(this.rehearsed, answer.event));
    this.opened(answer.remarks);
    this.fragment = null;
    if (entry) this.remember(entry);
    this.pickTab("Story", true);
    return true;
  }

  /** Runs an order; a refusal is shown, and answers with nothing. */
  async ask(order) {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const answer = await api.run(order, this.asking.signal);
      this.remarks.replaceChildren();
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") this.refuse(error);
      return null;
    }
  }

  refuse(error) {
    if (!(error instanceof api.Refused)) throw error;
    this.knobs.refuse(error);
    // The report says the message, too.
    this.remark(error.report ? [] : [error.message], error.report);
  }

  remark(words, report) {
    const close = h(
      "button",
      { type: "button", class: "close", "aria-label": "Close", onclick: () => this.remarks.replaceChildren() },
      "×",
    );
    this.remarks.replaceChildren(close, ...words.map((w) => h("p", {}, w)), ...(report ? [h("pre", {}, report)] : []));
  }

  /** What is shown of a run that was opened. */
  opened(remarks = []) {
    const { run } = this.theatre.player;
    const { show } = run;
    this.title.textContent = show.title;
    this.sub.textContent = `seed ${run.report.seed} · ${show.protocol.title}`;
    document.title = `${show.title} · dsys`;
    document.body.style.setProperty("--lanes", run.nodes.length);
    this.knobs.show(run);
    this.notes.belong(show.note);
    this.undoButton.hidden = this.forks.length === 0;
    this.undoButton.firstChild.textContent = `Back to the rehearsed run`;
    this.changes.replaceChildren(
      ...this.forks.map((fork, i) =>
        h(
          "li",
          {},
          said(fork),
          h("button", { type: "button", "aria-label": `Undo: ${said(fork)}`, onclick: () => this.undo(i) }, "×"),
        ),
      ),
    );
    if (remarks.length > 0) this.remark(remarks);
  }

  /** Lets the run go otherwise. */
  async fork(forks) {
    const kept = this.forks.filter((old) => !forks.some((fork) => sameThing(old, fork)));
    await this.change([...kept, ...forks]);
  }

  async change(forks, entry = "pushState") {
    const { player } = this.theatre;
    const answer = await this.ask(applied(this.base, forks));
    if (!answer) return;
    this.left ??= { at: player.at, count: player.count, seen: player.seen };
    this.forks = forks;
    const run = new Run(answer, this.rehearsed);
    const { differs } = run;
    const stayed = Math.min(player.at, run.ends);
    const first = differs === null ? null : (run.events[differs]?.at ?? run.ends);
    // The moment before the runs part, unless that is still to come.
    const at = first === null || first > stayed ? stayed : first;
    const count = first === null || first > stayed ? Math.min(player.count, run.countAt(at)) : differs;
    this.theatre.open(run, { at, count: at === 0 && count === 0 ? 0 : count, seen: at, differs });
    this.opened(differs === null ? ["This changes nothing in the run.", ...answer.remarks] : answer.remarks);
    if (this.compare.isOpen) this.beside();
    this.remember(entry);
  }

  async undo(index = this.forks.length - 1) {
    const forks = this.forks.filter((_, i) => i !== index);
    if (forks.length === 0) this.rehearse();
    else await this.change(forks);
  }

  /** Back to the rehearsed run, where it was left. */
  rehearse() {
    if (this.forks.length === 0) return;
    this.forks = [];
    this.theatre.open(this.rehearsed, this.left ?? {});
    this.left = null;
    this.remarks.replaceChildren();
    this.opened();
    if (this.compare.isOpen) this.switchCompare();
    this.remember("pushState");
  }

  /** One seed on, however quickly one is asked for after the other. */
  nextSeed() {
    const step = () => this.fork([{ seed: (BigInt(this.theatre.player.run.report.seed) + 1n).toString() }]);
    this.stepping = (this.stepping ?? Promise.resolve()).then(step, step);
    return this.stepping;
  }

  /** Looks for the next seed with which some property is violated, or all hold. */
  async hunt(wanted, tell) {
    const forks = this.forks.filter((fork) => fork.seed === undefined);
    const order = { ...applied(this.base, forks), seed: this.theatre.player.run.report.seed };
    const seed = await hunt(order, wanted, tell);
    if (seed === null) return;
    await this.fork([{ seed }]);
    tell(`Seed ${seed}.`);
  }

  switchCompare() {
    if (this.compare.isOpen) this.compare.close(this.main);
    else this.beside();
    this.compareButton.setAttribute("aria-pressed", this.compare.isOpen);
  }

  /** The rehearsed run beside the changed one; where nothing is changed, the first that there is to try. */
  async beside() {
    if (this.forks.length === 0) {
      const [flags] = this.rehearsed.show.try;
      await this.fork(flags ? ofFlags(flags) : [{ seed: (BigInt(this.rehearsed.report.seed) + 1n).toString() }]);
    }
    if (this.forks.length === 0) return;
    this.compare.open(this.main, this.rehearsed, ["rehearsed", this.forks.map(said).join(", ")]);
    this.compareButton.setAttribute("aria-pressed", "true");
  }

  share() {
    const { player } = this.theatre;
    this.dialogs.share.openFor({
      run: { ...player.run.answer, show: player.run.show },
      event: this.event,
      order: this.order,
    });
  }

  odds() {
    if (this.base) this.dialogs.odds.openFor(this.order, this.inLibrary?.sweep);
  }

  worst() {
    if (this.base) this.dialogs.worst.openFor(this.order);
  }

  /** What the library says of the scenario, if it is one of its own. */
  get inLibrary() {
    const all = this.library.problems.flatMap((problem) => problem.scenarios);
    return all.find((scenario) => scenario.path === this.base.scenario);
  }

  /** The event at which the run stands. */
  get event() {
    const { count } = this.theatre.player;
    return count > 0 ? count - 1 : null;
  }

  /** What the browser's history keeps beside the address: the playlist, and what was changed of which run. */
  get state() {
    return { ...this.playlist.state, base: this.base, forks: this.forks };
  }

  /** Writes the run and where it stands into the address: for another run at once, in an entry of its own by `pushState`. */
  remember(entry = null) {
    const { player } = this.theatre;
    clearTimeout(this.later);
    if (!entry && Date.now() - (this.remembered ?? 0) < SELDOM) {
      // Browsers refuse an address that changes with every frame.
      this.later = setTimeout(() => this.remember(), SELDOM);
      return;
    }
    if (player.playing || player.glide || !player.run.answer.link) return;
    const fragment = this.event === null ? player.run.answer.link : `${player.run.answer.link}&event=${this.event}`;
    if (fragment === this.fragment) return;
    this.fragment = fragment;
    this.remembered = Date.now();
    history[entry ?? "replaceState"](this.state, "", `#${fragment}`);
  }
}

/** Whether two forks are about one thing. */
function sameThing(a, b) {
  return (
    (a.seed !== undefined && b.seed !== undefined) ||
    (a.key !== undefined && a.key === b.key) ||
    (a.choice !== undefined && a.choice === b.choice)
  );
}
