// The story: the current beat in large type, the question to the room, the verdicts, and what to try next.

import { button, h } from "./dom.js";
import { Predict } from "./predict.js";
import { verdictCard } from "./verdicts.js";
import { sentence, span } from "./words.js";
import { TELLING } from "./run.js";

export class Story {
  constructor(player, actions) {
    Object.assign(this, { player, actions });
    this.predict = new Predict(player);
    this.beat = h("div", { class: "beat" });
    this.caption = h("p", { class: "caption" });
    this.cards = h("div", { class: "cards" });
    this.after = h("div", { class: "after" });
    this.warnings = h("div", { class: "warnings" });
    this.element = h(
      "div",
      { class: "story" },
      this.beat,
      this.caption,
      this.predict.element,
      this.warnings,
      this.cards,
      this.after,
    );
    player.watch((_, what) => this.show(what));
  }

  show(what) {
    const { player } = this;
    const { run } = player;
    if (!run) return;
    if (what === "run") {
      this.key = this.cardKey = null;
      this.warnings.replaceChildren(...run.show.warnings.map((warning) => h("p", { class: "warning" }, warning)));
    }
    const telling = this.telling();
    const key = `${telling.kind}|${telling.label}|${telling.words.join("|")}`;
    if (key !== this.key) {
      this.key = key;
      this.beat.className = `beat ${telling.kind}`;
      this.beat.replaceChildren(
        h("p", { class: "label" }, telling.label),
        ...telling.words.map((words, i) =>
          h(
            i === 0 && telling.kind === "opening" ? "h2" : "p",
            { class: i === 0 ? "words" : "more" },
            ...inline(words),
          ),
        ),
      );
      if (telling.changes) {
        const words = `Changed: ${telling.changes}. The story is about the run without this.`;
        this.beat.children[1].after(h("p", { class: "changed" }, words));
      }
    }
    this.caption.textContent = this.captionOf(telling);
    this.predict.show();
    this.showCards();
  }

  /** What is told now. */
  telling() {
    const { player } = this;
    const { run, at, count } = player;
    const { show } = run;
    if (count === 0 && at === 0) {
      return {
        kind: "opening",
        label: `${show.problem.title} · ${show.protocol.title}`,
        words: [show.title, show.summary],
        changes: show.changes,
      };
    }
    const current = run.stops
      .slice(0, player.stop + 1)
      .findLast((stop) => stop.kind === "beat" || stop.kind === "event");
    if (current?.kind === "beat")
      return { kind: "told", label: `Beat ${current.index + 1} of ${run.beats.length}`, words: [current.say] };
    const label = run.differs === null ? "What happens" : "What happens now";
    return { kind: "events", label, words: this.recent() };
  }

  /** The last telling moment's events as sentences. */
  recent() {
    const { run, count } = this.player;
    const sentences = [];
    let moment = null;
    for (let i = count - 1; i >= 0 && sentences.length < 3; i--) {
      const event = run.events[i];
      if (moment !== null && event.at !== moment) break;
      if (!TELLING.has(event.what) && event.what !== "noted") continue;
      if (event.what === "noted" && !event.words) continue;
      moment = event.at;
      sentences.unshift(sentence(run, event));
    }
    return sentences.length > 0 ? sentences : ["The run begins."];
  }

  captionOf(telling) {
    const { run, count, at } = this.player;
    if (telling.kind === "opening") return "";
    for (let i = count - 1; i >= 0; i--) {
      const event = run.events[i];
      if (TELLING.has(event.what) || event.what === "sent") {
        return telling.kind === "events" ? span(at) : `${span(event.at)} · ${sentence(run, event)}`;
      }
    }
    return "";
  }

  showCards() {
    const { player, actions } = this;
    const { run } = player;
    const reveals = run.show.verdicts.map((verdict) => revealed(player, verdict));
    const key = `${reveals.join()}|${player.atEnd}|${player.count === 0}`;
    if (key === this.cardKey) return;
    this.cardKey = key;
    this.cards.hidden = player.count === 0;
    this.element.classList.toggle("judged", reveals.includes(true));
    this.cards.replaceChildren(
      ...run.show.verdicts.map((verdict, i) => verdictCard(run, verdict, reveals[i], actions)),
    );
    this.after.replaceChildren(...(player.atEnd ? this.ending() : []));
    // A clicker cannot scroll: what is violated comes into sight by itself.
    if (document.body.matches(".present")) this.cards.querySelector(".violated")?.scrollIntoView({ block: "nearest" });
  }

  ending() {
    const { run } = this.player;
    const { show } = run;
    const table = show.table ? tableOf(show.table) : null;
    const measures = show.measures.filter((measure) => measure.words !== null);
    const figures =
      measures.length > 0
        ? h(
            "dl",
            { class: "figures" },
            ...measures.flatMap((m) => [h("dt", { title: m.says }, m.name.replaceAll("_", " ")), h("dd", {}, m.words)]),
          )
        : null;
    const tries =
      this.actions.tryNext && show.try.length > 0
        ? h(
            "section",
            { class: "try" },
            h("h3", {}, "Now try"),
            ...show.try.map((flags) =>
              h("button", { type: "button", onclick: () => this.actions.tryNext(flags) }, h("code", {}, flags)),
            ),
          )
        : null;
    const { playlist } = this.actions;
    const onward = playlist?.onward
      ? h(
          "section",
          { class: "try" },
          h("h3", {}, "Next demo"),
          button(playlist.onward.title, "D", () => playlist.next()),
        )
      : null;
    const path = show.note && h("code", {}, `notes/${show.note}`);
    // Without a server there is no note to open, and no playlist either.
    const note =
      path && h("p", { class: "command" }, "To read: ", playlist ? h("a", { href: `#note=${show.note}` }, path) : path);
    return [table, figures, tries, onward, note].filter(Boolean);
  }
}

/** A violation shows when its last evidence has come, anything else at the end. */
function revealed(player, verdict) {
  const atEnd = player.told >= player.run.events.length && player.seen >= player.run.ends;
  if (verdict.verdict !== "violated" || verdict.evidence.length === 0) return atEnd;
  return atEnd || Math.max(...verdict.evidence) < player.told;
}

function tableOf({ title, columns, rows }) {
  const row = ({ cells, remark }) => [
    h(
      "tr",
      { class: remark ? "bad" : "" },
      ...cells.map((cell, i) =>
        h(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : {}, `${i === 0 && remark ? "✗ " : ""}${cell}`),
      ),
    ),
  ];
  const most = 14;
  return h(
    "div",
    { class: "ledger" },
    h(
      "table",
      {},
      h("caption", {}, title),
      h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)))),
      h("tbody", {}, ...rows.slice(0, most).flatMap(row)),
    ),
    rows.length > most ? h("p", {}, `and ${rows.length - most} more rows`) : null,
  );
}

/** Markdown's `code`, *emphasis* and **strong** of one paragraph. */
export function inline(text) {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/);
  return parts.filter(Boolean).map((part) => {
    if (part.length > 2 && part.startsWith("`")) return h("code", {}, part.slice(1, -1));
    if (part.length > 4 && part.startsWith("**")) return h("strong", {}, part.slice(2, -2));
    if (part.length > 2 && part.startsWith("*")) return h("em", {}, part.slice(1, -1));
    return part;
  });
}
