// @ts-check
// The theatre: field, diagram, story and controls over one player. It plays any run, with a server
// or without.

/** @import { VerdictShown } from "../wire.d.ts" */
/** @import { Fork } from "./forks.js" */
/** @import { Change, Where } from "./player.js" */
/** @import { Playlist } from "./playlist.js" */
/** @import { Run } from "./run.js" */
/** @import { OnPick, Selected } from "./selection.js" */
/** @import { Stress } from "./stress.js" */

import { Controls } from "./controls.js";
import { Diagram } from "./diagram.js";
import { h } from "./dom.js";
import { Field } from "./field.js";
import { Inspector } from "./inspector.js";
import { isNarrow, narrow } from "./narrow.js";
import { NodeRows } from "./node_rows.js";
import { Player } from "./player.js";
import { PointerDot } from "./pointer_dot.js";
import { isPresent } from "./present.js";
import { Rewind } from "./rewind.js";
import { sentence } from "./sentences.js";
import { Sight } from "./sight.js";
import { shareHeight } from "./split.js";
import { spokenAt } from "./spoken.js";
import { Spotlight } from "./spotlight.js";
import { TELLING } from "./stops.js";
import { Story } from "./story.js";
import { leaveView, nextView } from "./views.js";

/**
 * What can be done with a server besides playing: change the run, ask whether a change averts the
 * violation of a property, change the run as its story has it ready, show its twin, and play a
 * note's demos.
 *
 * @typedef {{
 *   fork?: (fork: Fork) => unknown,
 *   averts?: (fork: Fork, property: string, signal: AbortSignal) => Promise<boolean>,
 *   tryPrepared?: (index: number) => unknown,
 *   showTwin?: () => unknown,
 *   playlist?: Playlist,
 * }} ServedActions
 *
 * What can be done with a run. `visit` goes to an event; `rewind` walks back along the causes of a
 * violation.
 *
 * @typedef {ServedActions & {
 *   visit: (id: number) => void,
 *   rewind: (verdict: VerdictShown) => unknown,
 * }} Actions
 */

/** How many events back something is looked for to be told to those who do not see the run. */
const RECENT = 40;

export class Theatre {
  /**
   * @param {ServedActions} [served]
   * @param {HTMLElement[]} [controls] what else is beside the controls
   */
  constructor(served = {}, controls = []) {
    const player = new Player();
    /** @type {OnPick} */
    const pick = (selected) => this.pick(selected);
    this.player = player;
    /** What stands out while all else is dimmed. @type {Stress | null} */
    this.stress = null;
    /** What stands out while it is compared with another run. @type {Stress | null} */
    this.compared = null;
    this.spotlight = new Spotlight();
    this.pointer = new PointerDot();
    this.sight = new Sight(player, () => player.changed("place"));
    /** The run that is drawn. @type {Run | null} */
    this.drawn = null;
    this.actions = {
      ...served,
      visit: this.visit.bind(this),
      rewind: (/** @type {VerdictShown} */ verdict) => this.rewind.open(verdict),
    };
    this.field = new Field(pick);
    this.diagram = new Diagram(pick, (at) => player.seek(at));
    this.story = new Story(player, this.actions, this.sight);
    this.story.pages.turned = (words) => this.tell(words);
    this.rows = new NodeRows(player);
    this.inspector = new Inspector(player, this.actions);
    this.rewind = new Rewind(player, this.actions, (stress) => this.emphasise(stress));
    this.controls = new Controls(this, controls);
    this.live = h("p", { class: "live", role: "status", "aria-live": "polite" });
    /** What is said above the field. */
    this.above = h("div", { class: "above" }, this.sight.element);
    this.stage = h("div", { class: "stage" }, this.above, this.field.element, this.diagram.element);
    this.shareHeight = shareHeight(this.stage, this.diagram.element);
    this.placeDiagram();
    narrow?.addEventListener("change", () => this.placeDiagram());
    addEventListener("typechange", () => this.placeDiagram());
    player.watch((_, change) => this.show(change));
  }

  /**
   * @param {Run} run
   * @param {Where} [where]
   */
  open(run, where) {
    this.player.open(run, where);
  }

  /** The diagram is below the field. A narrow page that scrolls has it below what is told of the stop. */
  placeDiagram() {
    const { element } = this.diagram;
    const isBelow = isNarrow() && !isPresent();
    if (isBelow === (element.parentElement === this.story.element)) return;
    if (isBelow) this.story.caption.after(element);
    else this.stage.append(element);
  }

  /**
   * Goes to an event and selects it. The verdicts that are known stay known, so that one piece of
   * evidence can be visited after the other.
   *
   * @param {number} id
   */
  visit(id) {
    const { player } = this;
    player.halt();
    player.put(player.run.events[id].at, id + 1, player.told);
    player.select({ event: id });
  }

  /**
   * Moves to the next page of what is told, and from the last to the next stop. A stop that it is on its
   * way to is reached first. Returns whether there is a next one.
   */
  next() {
    this.leaveInspector();
    const isReached = this.player.arrive();
    return this.story.pages.next() || this.player.next() || isReached;
  }

  /** Moves to the page or the stop before. Returns whether there is one. */
  back() {
    this.leaveInspector();
    if (this.story.pages.back()) return true;
    const isMoved = this.player.back();
    if (isMoved) this.story.pages.toLast();
    return isMoved;
  }

  /** Presenting, the inspector stands where the story is told: who goes on wants the story. */
  leaveInspector() {
    if (this.player.selected && isPresent()) this.player.select(null);
  }

  /**
   * Selects what was picked in field or diagram. While a node looks, the next one that is picked does.
   *
   * @param {Selected | null} selected
   */
  pick(selected) {
    if (!this.sight.isOn) this.player.select(selected);
    else if (selected?.node !== undefined) this.sight.look(selected.node);
  }

  /** Shows what the next node knows. */
  stepSight() {
    this.sight.step();
  }

  /** Dims all but what is pointed at, or no longer. */
  switchSpotlight() {
    const isOn = this.spotlight.toggle();
    this.show("selection");
    this.tell(isOn ? "The spotlight is on." : "The spotlight is off.");
  }

  switchPointer() {
    this.tell(this.pointer.toggle() ? "The pointer is on." : "The pointer is off.");
  }

  /** Shows field and diagram, or one of them. */
  switchView() {
    this.tell(nextView());
  }

  /** Closes what is open of it, one thing at a time. Returns false if nothing is. */
  leave() {
    const { player, rewind } = this;
    if (rewind.close()) return true;
    if (player.selected) {
      player.select(null);
      return true;
    }
    return this.leaveTools() || this.leaveView();
  }

  /** Shows field and diagram again. Returns false if it did. */
  leaveView() {
    if (!leaveView()) return false;
    this.tell("Field and diagram.");
    return true;
  }

  /** Puts away what a presenter points with. Returns false if nothing was out. */
  leaveTools() {
    if (this.sight.leave()) return true;
    if (this.spotlight.isOn) {
      this.switchSpotlight();
      return true;
    }
    return this.pointer.leave();
  }

  /** @param {Change} change */
  show(change) {
    const { player, sight } = this;
    if (!player.isOpen) return;
    if (change === "run") this.shareHeight(player.run);
    sight.show();
    this.draw(sight.run ?? player.run, change);
    if (!player.playing && !player.glide) this.say();
  }

  /**
   * Draws a run: the one that plays, or as a node knows it.
   *
   * @param {Run} run
   * @param {Change} change
   */
  draw(run, change) {
    const { player, field, diagram } = this;
    if (run !== this.drawn || change === "run") {
      this.drawn = run;
      field.open(run);
      diagram.open(run);
    }
    if (change === "place") diagram.isFollowing = true;
    if (run.knowledge) {
      // What a node knows does not move: it stands as at the end of what is known.
      const count = run.events.length;
      const { at } = player;
      field.show(run.ends, count, { selected: null });
      diagram.show({ at, count, told: 0, seen: at, selected: null, differs: null });
      return;
    }
    const { at, count, told, seen, selected, differs, known } = player;
    const isResting = !player.playing && !player.glide;
    const spoken = spokenAt(run, player);
    const lit = this.spotlight.lit(player);
    this.stage.classList.toggle("lit", lit !== null);
    const stress = this.stress ?? lit ?? this.compared;
    field.show(at, count, { selected, spoken, isResting, stress });
    diagram.show({ at, count, told, seen, selected, differs, spoken, known, stress });
  }

  /**
   * Dims all but what stands out.
   *
   * @param {Stress | null} stress null to dim nothing
   */
  emphasise(stress) {
    if (stress === this.stress) return;
    this.stress = stress;
    this.show("selection");
  }

  /**
   * Dims all but what this run has for itself, beside another one.
   *
   * @param {Stress | null} own
   */
  compare(own) {
    this.compared = own;
    this.show("selection");
  }

  /** Says where the run stands, for those who do not see it. */
  say() {
    const { run, count } = this.player;
    const last = run.lastOf(count, ({ what }) => TELLING.has(what));
    const isRecent = last && last.id >= count - RECENT;
    const { label, words } = this.story.telling();
    const happened = isRecent ? sentence(run, last) : "";
    const said = words.includes(happened) ? words[0] : `${words[0]} ${happened}`.trim();
    this.tell(this.sight.isOn ? `${label}: ${words.join(" ")}` : said);
  }

  /**
   * Tells those who do not see it.
   *
   * @param {string} words
   */
  tell(words) {
    if (words !== this.live.textContent) this.live.textContent = words;
  }
}
