// @ts-check
// The story: the current beat in large type, the questions to the room, the verdicts, and what to
// try next.

/** @import { Table, VerdictShown } from "../wire.d.ts" */
/** @import { Change, Player } from "./player.js" */
/** @import { Actions } from "./theatre.js" */

import { button, h } from "./dom.js";
import { inline } from "./inline.js";
import { Questions } from "./predict.js";
import { sentence } from "./sentences.js";
import { TELLING } from "./stops.js";
import { verdictCard } from "./verdicts.js";
import { span } from "./words.js";

/** The most rows of a run's table. */
const MOST_ROWS = 14;
/** The most events that are told of a moment. */
const MOST_RECENT = 3;

/**
 * What is told at a moment. `changes` says what is changed of the run that the story is about.
 *
 * @typedef {{
 *   kind: "opening" | "told" | "events",
 *   label: string,
 *   words: string[],
 *   changes?: string | null,
 * }} Telling
 */

export class Story {
  /**
   * @param {Player} player
   * @param {Actions} actions
   */
  constructor(player, actions) {
    this.player = player;
    this.actions = actions;
    this.questions = new Questions(player);
    this.beat = h("div", { class: "beat" });
    this.caption = h("p", { class: "caption" });
    this.cards = h("div", { class: "cards" });
    this.after = h("div", { class: "after" });
    this.warnings = h("div", { class: "warnings" });
    const { beat, caption, questions, warnings, cards, after } = this;
    this.element = h("div", { class: "story" }, beat, caption, questions.element, warnings, cards, after);
    /** What is shown, so that the same is not drawn again. */
    this.key = "";
    this.cardKey = "";
    player.watch((_, change) => this.show(change));
  }

  /** @param {Change} change */
  show(change) {
    const { player } = this;
    if (!player.isOpen) return;
    if (change === "run") {
      this.key = this.cardKey = "";
      this.questions.renew();
      this.warnings.replaceChildren(...player.run.show.warnings.map((words) => h("p", { class: "warning" }, words)));
    }
    const telling = this.telling();
    this.showBeat(telling);
    this.caption.textContent = this.captionOf(telling);
    this.questions.show();
    this.showCards();
  }

  /** @param {Telling} telling */
  showBeat({ kind, label, words, changes }) {
    const key = `${kind}|${label}|${words.join("|")}`;
    if (key === this.key) return;
    this.key = key;
    this.beat.className = `beat ${kind}`;
    const [first, ...more] = words;
    const changed = `Changed: ${changes}. The story is about the run without this.`;
    this.beat.replaceChildren(
      h("p", { class: "label" }, label),
      h(kind === "opening" ? "h2" : "p", { class: "words" }, ...inline(first)),
      ...(changes ? [h("p", { class: "changed" }, changed)] : []),
      ...more.map((words) => h("p", { class: "more" }, ...inline(words))),
    );
  }

  /**
   * Returns what is told now.
   *
   * @returns {Telling}
   */
  telling() {
    const { run, at, count, stop } = this.player;
    const { show } = run;
    if (count === 0 && at === 0) {
      const label = `${show.problem.title} · ${show.protocol.title}`;
      return { kind: "opening", label, words: [show.title, show.setup], changes: show.changes };
    }
    const current = run.stops.slice(0, stop + 1).findLast(({ kind }) => kind === "beat" || kind === "event");
    if (current?.kind === "beat")
      return { kind: "told", label: `Beat ${current.index + 1} of ${run.beats.length}`, words: [current.say] };
    const label = run.differs === null ? "What happens" : "What happens now";
    return { kind: "events", label, words: this.recent() };
  }

  /** Returns the events of the last moment that tells something, as sentences. */
  recent() {
    const { run, count } = this.player;
    /** @type {string[]} */
    const sentences = [];
    /** @type {number | null} */
    let moment = null;
    for (let i = count - 1; i >= 0 && sentences.length < MOST_RECENT; i--) {
      const event = run.events[i];
      if (moment !== null && event.at !== moment) break;
      if (!TELLING.has(event.what) && !(event.what === "noted" && event.words)) continue;
      moment = event.at;
      sentences.unshift(sentence(run, event));
    }
    return sentences.length > 0 ? sentences : ["The run begins."];
  }

  /** @param {Telling} telling */
  captionOf({ kind }) {
    const { run, count, at } = this.player;
    if (kind === "opening") return "";
    const last = run.lastOf(count, ({ what }) => TELLING.has(what) || what === "sent");
    if (!last) return "";
    return kind === "events" ? span(at) : `${span(last.at)} · ${sentence(run, last)}`;
  }

  showCards() {
    const { player, actions } = this;
    const { verdicts } = player.run.show;
    const reveals = verdicts.map((verdict) => isRevealed(player, verdict));
    const key = `${reveals.join()}|${player.atEnd}|${player.count === 0}`;
    if (key === this.cardKey) return;
    this.cardKey = key;
    this.cards.hidden = player.count === 0;
    this.element.classList.toggle("judged", reveals.includes(true));
    const cards = verdicts.map((verdict, i) => verdictCard(player.run, verdict, reveals[i], actions.visit));
    this.cards.replaceChildren(...cards);
    this.after.replaceChildren(...(player.atEnd ? this.ending() : []));
    // A clicker cannot scroll: what is violated scrolls into view by itself.
    if (document.body.matches(".present")) this.cards.querySelector(".violated")?.scrollIntoView({ block: "nearest" });
  }

  /** Returns what is told at the end: the lesson, the table, the measures, and what to try or read next. */
  ending() {
    const { show } = this.player.run;
    const { tryNext, playlist } = this.actions;
    /** @type {(HTMLElement | null)[]} */
    const parts = [lessonOf(show.lesson), show.table ? tableOf(show.table) : null, this.figures()];
    if (tryNext && show.try.length > 0) {
      const buttons = show.try.map((flags) =>
        h("button", { type: "button", onclick: () => tryNext(flags) }, h("code", {}, flags)),
      );
      parts.push(h("section", { class: "try" }, h("h3", {}, "Try next"), ...buttons));
    }
    if (playlist?.upcoming) {
      const next = button(playlist.upcoming.title, "D", () => playlist.next());
      parts.push(h("section", { class: "try" }, h("h3", {}, "Next demo"), next));
    }
    if (show.note) {
      const path = h("code", {}, `notes/${show.note}`);
      // Without a server there is no note to open, and no playlist either.
      const link = playlist ? h("a", { href: `#note=${show.note}` }, path) : path;
      parts.push(h("p", { class: "command" }, "To read: ", link));
    }
    return parts.filter((part) => part !== null);
  }

  figures() {
    const measures = this.player.run.show.measures.filter((measure) => measure.words !== null);
    if (measures.length === 0) return null;
    const rows = measures.flatMap(({ name, says, words }) => [
      h("dt", { title: says }, name.replaceAll("_", " ")),
      h("dd", {}, words),
    ]);
    return h("dl", { class: "figures" }, ...rows);
  }
}

/**
 * Whether a verdict may be known: a violation when its last evidence has happened, anything else at
 * the end.
 *
 * @param {Player} player
 * @param {VerdictShown} verdict
 */
function isRevealed({ run, told, seen }, { verdict, evidence }) {
  if (told >= run.events.length && seen >= run.ends) return true;
  return verdict === "violated" && evidence.length > 0 && Math.max(...evidence) < told;
}

/** @param {string | null} lesson */
function lessonOf(lesson) {
  if (!lesson) return null;
  return h("section", { class: "lesson" }, h("h3", {}, "What it means"), h("p", {}, ...inline(lesson)));
}

/** @param {Table} table */
function tableOf({ title, columns, rows }) {
  const shown = rows.slice(0, MOST_ROWS).map(({ cells, remark }) => {
    const [first, ...others] = cells;
    const head = h("th", { scope: "row" }, `${remark ? "✗ " : ""}${first}`);
    return h("tr", { class: remark ? "bad" : "" }, head, ...others.map((cell) => h("td", {}, String(cell))));
  });
  const more = rows.length - MOST_ROWS;
  return h(
    "div",
    { class: "ledger" },
    h(
      "table",
      {},
      h("caption", {}, title),
      h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)))),
      h("tbody", {}, ...shown),
    ),
    more > 0 ? h("p", {}, `and ${more} more rows`) : null,
  );
}
