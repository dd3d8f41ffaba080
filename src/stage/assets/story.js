// @ts-check
// The story: the current beat in large type, the verdicts, the questions to the room, and what to
// try next.

/** @import { Change, Player } from "./player.js" */
/** @import { Run, RunEvent } from "./run.js" */
/** @import { Sight } from "./sight.js" */
/** @import { Actions } from "./theatre.js" */

import { bringIntoView, h } from "./dom.js";
import { decisionsTold } from "./end_told.js";
import { ending } from "./ending.js";
import { inline } from "./inline.js";
import { isNarrow, narrow } from "./narrow.js";
import { Pages } from "./pages.js";
import { Questions } from "./predict.js";
import { isPresent } from "./present.js";
import { sentence } from "./sentences.js";
import { TELLING } from "./stops.js";
import { named } from "./told.js";
import { knownOf, verdictCard } from "./verdicts.js";
import { warningsOf } from "./warnings.js";
import { span } from "./words.js";

/** The most events that are told of a moment. */
const MOST_RECENT = 3;

/**
 * What is told at a moment. `changes` says what is changed of the run that the story is about; if the
 * telling `isRehearsed`, what follows the first words is told of that run alone.
 *
 * @typedef {{
 *   kind: "opening" | "told" | "events" | "insight",
 *   label: string,
 *   words: string[],
 *   changes?: string | null,
 *   isRehearsed?: boolean,
 * }} Telling
 */

export class Story {
  /**
   * @param {Player} player
   * @param {Actions} actions
   * @param {Sight} sight
   */
  constructor(player, actions, sight) {
    this.player = player;
    this.actions = actions;
    this.sight = sight;
    this.questions = new Questions(player, () => this.cutPages());
    this.beat = h("div", { class: "beat" });
    this.caption = h("p", { class: "caption" });
    this.cards = h("div", { class: "cards" });
    this.after = h("div", { class: "after" });
    this.warnings = h("div", { class: "warnings" });
    const { beat, caption, questions, warnings, cards, after } = this;
    this.element = h("div", { class: "story" }, beat, caption, warnings, cards, questions.element, after);
    this.pages = new Pages(this.element);
    /** What is shown, so that the same is not drawn again. */
    this.key = "";
    this.cardKey = "";
    this.pagesKey = "";
    player.watch((_, change) => this.show(change));
    // Presenting, the change is said elsewhere.
    addEventListener("typechange", () => this.show("place"));
    narrow?.addEventListener("change", () => this.show("place"));
  }

  /** Whether the change is the headline above the story, which then does not say it again. */
  get isChangeAbove() {
    return this.player.run.isChanged && isPresent() && !isNarrow();
  }

  /** @param {Change} change */
  show(change) {
    const { player } = this;
    if (!player.isOpen) return;
    if (change === "run") {
      this.key = this.cardKey = "";
      this.questions.renew();
      const warnings = warningsOf(player.run.answer).map((words) => h("p", { class: "warning" }, ...inline(words)));
      this.warnings.replaceChildren(...warnings);
    }
    const telling = this.telling();
    this.showBeat(telling);
    this.caption.textContent = this.captionOf(telling);
    this.questions.show();
    this.showCards();
    this.hideUnknown();
    this.cutPages();
  }

  /** While a node looks, nothing is told that it cannot know. */
  hideUnknown() {
    const { isOn } = this.sight;
    this.questions.element.hidden ||= isOn;
    this.cards.hidden ||= isOn;
    for (const part of [this.after, this.warnings]) part.hidden = isOn;
  }

  /** Cuts what is told into pages, if it is not what was cut last. */
  cutPages() {
    const { key, cardKey, questions, player } = this;
    const told = `${key}|${cardKey}|${questions.key}`;
    if (told === this.pagesKey) return;
    this.pagesKey = told;
    this.pages.renew(`${player.stop}|${key}`);
  }

  /**
   * Counts a hand for a choice of the question that is open. Returns why it does not count.
   *
   * @param {number} index
   */
  vote(index) {
    const asked = this.questions.open;
    if (!asked) return "Nothing is asked now, so no hand is counted.";
    if (!asked.vote(index)) return `There are only ${asked.question.choices.length} answers.`;
    this.pages.turnTo(asked.element);
    return true;
  }

  /** Lets the hands for each choice be typed. Returns false if nothing is asked. */
  typeHands() {
    const asked = this.questions.open;
    if (!asked) return false;
    this.pages.turnTo(asked.element);
    asked.typeHands(0);
    return true;
  }

  /** @param {Telling} telling */
  showBeat({ kind, label, words, changes, isRehearsed = false }) {
    const key = `${kind}|${label}|${words.join("|")}`;
    if (key === this.key) return;
    this.key = key;
    this.beat.className = `beat ${kind}`;
    const [first, ...more] = words;
    const { run } = this.player;
    const changed = changes ? `${changedTold(run, changes)} The story is about the run without this.` : "";
    this.beat.replaceChildren(
      h("p", { class: "label" }, label),
      h(kind === "opening" ? "h2" : "p", { class: "words part" }, ...inline(first)),
      ...(changed ? [h("p", { class: "changed part" }, changed)] : []),
      ...more.map((words) => h("p", { class: isRehearsed ? "rehearsed part" : "more part" }, ...inline(words))),
    );
    bringIntoView(this.beat, true);
  }

  /**
   * Returns what is told now.
   *
   * @returns {Telling}
   */
  telling() {
    const { run, at, count, stop } = this.player;
    const { show } = run;
    const known = this.sight.told;
    if (known) return { kind: "insight", ...known };
    if (count === 0 && at === 0) {
      const label = `${show.problem.title} · ${show.protocol.title}`;
      // What the setup says may be false now: the change is told first, and the setup as the other run's.
      const isAbove = this.isChangeAbove;
      if (run.isSetUpOtherwise) {
        const rehearsed = `The rehearsed run, “${show.title}”: ${show.setup}`;
        const words = isAbove ? [rehearsed] : [changedTold(run, run.changes ?? ""), rehearsed];
        return { kind: "opening", label, words, isRehearsed: true };
      }
      return { kind: "opening", label, words: [show.title, show.setup], changes: isAbove ? null : run.changes };
    }
    // The picture has moved on from what the last beat says; what it means is on the cards.
    if (run.stops[stop]?.kind === "end") return { kind: "told", label: "The end", words: this.lastWords() };
    const current = run.stops.slice(0, stop + 1).findLast(({ kind }) => kind === "beat" || kind === "event");
    // What the story says of the rehearsed run stands in a changed one only at its own moment.
    const isAtIt = current?.at === at && current.count === count;
    if (current?.kind === "beat" && (isAtIt || !run.isChanged))
      return { kind: "told", label: `Beat ${current.index + 1} of ${run.beats.length}`, words: [current.say] };
    const label = run.isChanged ? "What happens now" : "What happens";
    return { kind: "events", label, words: this.changeTold() ?? this.recent() };
  }

  /**
   * Returns what is told where a changed run parts from the rehearsed one: just before that the change,
   * and then first what the difference begins with. Null anywhere else.
   *
   * @returns {string[] | null}
   */
  changeTold() {
    const { run, at, count } = this.player;
    const { parting, changes, differs } = run;
    if (differs !== null && count === differs)
      return changes && !this.isChangeAbove ? [changedTold(run, changes)] : null;
    if (!parting || parting.event.id >= count || parting.event.at !== at) return null;
    const first = sentence(run, parting.event);
    return [first, ...this.recent().filter((words) => words !== first)].slice(0, MOST_RECENT);
  }

  /**
   * Returns what a run ends with: what was decided, or the story's last sentence if nobody hears anything
   * after it.
   *
   * @returns {string[]}
   */
  lastWords() {
    const { run } = this.player;
    const decided = decisionsTold(run);
    if (decided) return [decided];
    const beat = run.isChanged ? undefined : run.beats.at(-1);
    const isLast = beat && !run.events.some((event) => event.at > beat.at && isOutput(event));
    return isLast ? [beat.say] : this.recent(isOutput);
  }

  /**
   * Returns the events of the last moment that tells something, as sentences; of the last at all where
   * none is wanted.
   *
   * @param {(event: RunEvent) => boolean} [isWanted]
   * @returns {string[]}
   */
  recent(isWanted = isTold) {
    const { run, count } = this.player;
    /** @type {string[]} */
    const sentences = [];
    /** @type {number | null} */
    let moment = null;
    for (let i = count - 1; i >= 0 && sentences.length < MOST_RECENT; i--) {
      const event = run.events[i];
      if (moment !== null && event.at !== moment) break;
      if (!isWanted(event)) continue;
      moment = event.at;
      sentences.unshift(sentence(run, event));
    }
    if (sentences.length > 0) return sentences;
    return isWanted === isTold ? ["The run begins."] : this.recent();
  }

  /** @param {Telling} telling */
  captionOf({ kind }) {
    const { run, count, at } = this.player;
    if (kind === "opening" || kind === "insight") return "";
    const last = run.lastOf(count, ({ what }) => TELLING.has(what) || what === "sent");
    if (!last) return "";
    return kind === "events" ? span(at) : `${span(last.at)} · ${sentence(run, last)}`;
  }

  showCards() {
    const { player, actions, cards, after } = this;
    const { run, told, seen } = player;
    const { verdicts } = run.show;
    const isOver = told >= run.events.length && seen >= run.ends;
    const known = verdicts.map((verdict) => knownOf(verdict, told, isOver));
    // While the room is asked, no verdict answers.
    const isHidden = player.count === 0 || this.questions.open !== null;
    const key = `${known.join()}|${player.atEnd}|${isHidden}|${this.sight.isOn}`;
    if (key === this.cardKey) return;
    this.cardKey = key;
    cards.hidden = isHidden;
    cards.replaceChildren(...verdicts.map((verdict, i) => verdictCard(run, verdict, known[i], actions)));
    after.replaceChildren(...(player.atEnd ? ending(run, actions) : []));
    bringIntoView(cards.querySelector(".violated > p"));
  }
}

/**
 * Returns a sentence that says what is changed.
 *
 * @param {Run} run
 * @param {string} changes
 */
function changedTold(run, changes) {
  return changes ? `Changed: ${named(run, changes).replace(/\.$/, "")}.` : "This run is changed.";
}

/** @param {RunEvent} event */
const isTold = ({ what, words }) => TELLING.has(what) || (what === "noted" && words !== undefined);

/** @param {RunEvent} event */
const isOutput = ({ what }) => what === "output";
