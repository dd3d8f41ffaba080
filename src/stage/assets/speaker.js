// @ts-check
// The speaker's window: what is told now and next, what the room does not know yet, the time, and the
// keys, which the stage hears.

/** @import { Keys } from "./keys.js" */
/** @import { Asked, Seen, SpeakerMessage, Told } from "./speaker_messages.js" */

import { button, h } from "./dom.js";
import { inline } from "./inline.js";
import { help, listen } from "./keys.js";
import { Bond } from "./speaker_bond.js";
import { CHANNEL, fragmentOf, readMessage } from "./speaker_messages.js";
import { clockTime, Stopwatch } from "./stopwatch.js";

/** The window remembers its time when it is loaded anew. */
const KEY = "dsys-speaker-time";
const SECOND = 1000;
/** Keys that only mean something in the stage's own window. */
const NOT_HERE = ["f", "m", "?", "1", "Shift+1", "Enter"];

/** @param {string} stage the stage that opened the window */
export function openSpeaker(stage) {
  new Speaker(stage).begin();
}

class Speaker {
  /** @param {string} stage */
  constructor(stage) {
    this.bond = new Bond(stage, Date.now());
    this.channel = new BroadcastChannel(CHANNEL);
    this.watch = Stopwatch.from(remembered(), Date.now());
    this.title = h("h1");
    this.sub = h("p", { class: "sub" });
    this.place = h("p", { class: "place" });
    this.lost = h("p", { class: "lost", role: "status" }, "Waiting for the stage …");
    this.now = h("section", { class: "now", "aria-live": "polite", "aria-label": "Now" });
    this.next = h("section", { class: "next", "aria-label": "Next" });
    this.asked = h("section", { class: "asked", "aria-label": "Questions to the room" });
    this.ready = h("section", { class: "ready", "aria-label": "What if" });
    this.more = h("section", { class: "more", "aria-label": "Behind it" });
    this.clock = h("time", { class: "clock", "aria-label": "The time of day" });
    this.timer = h("time", { class: "timer", "aria-label": "The time since the start" });
    this.toggle = button("Stop", "", () => this.turn(() => this.watch.toggle(Date.now())));
    /** What each part shows, so that the same is not drawn again. @type {Map<HTMLElement, string>} */
    this.shown = new Map();
  }

  begin() {
    const { body } = document;
    // A window begins with what its opener remembers: that one may be presenting.
    body.className = "speaker";
    document.title = "Speaker · dsys";
    body.append(
      h("header", {}, h("div", {}, this.title, this.sub), this.lost, this.place),
      h("main", {}, this.now, this.next, this.ready),
      h("aside", {}, this.asked, this.more),
      this.footer(),
    );
    const digit = (/** @type {number} */ digit) => this.pass("digit", digit);
    listen(this.keys(), digit, { prepared: (digit) => this.pass("prepared", digit) });
    this.channel.addEventListener("message", ({ data, origin }) => {
      const message = origin === location.origin ? readMessage(data) : null;
      if (message) this.hear(message);
    });
    addEventListener("pagehide", () => this.send({ kind: "bye", stage: this.bond.stage }));
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    this.send({ kind: "hello", stage: this.bond.stage });
    this.tick();
    setInterval(() => this.tick(), SECOND / 2);
  }

  footer() {
    /** @type {(words: string, key: string, name: string) => HTMLElement} */
    const pressed = (words, key, name) => button(words, key, () => this.press(name));
    return h(
      "footer",
      {},
      pressed("Back", "←", "ArrowLeft"),
      pressed("Next", "→", "ArrowRight"),
      pressed("Present", "P", "p"),
      pressed("Blank", "B", "b"),
      this.clock,
      this.timer,
      this.toggle,
      button("Reset", "", () => this.turn(() => this.watch.reset(Date.now()))),
    );
  }

  /**
   * Returns the keys of the stage, which pass on what is pressed.
   *
   * @returns {Keys}
   */
  keys() {
    const names = help(true).map(([, , name]) => name);
    const passed = [...names, " ", "PageDown", "PageUp"].filter((name) => !NOT_HERE.includes(name));
    const keys = Object.fromEntries(passed.map((name) => [name, () => this.press(name)]));
    // Hands are typed where the speaker sits.
    const hands = () => {
      const field = this.asked.querySelector("input");
      field?.focus();
      return field !== null;
    };
    return { ...keys, Enter: hands, "#": hands };
  }

  /**
   * Passes on a digit, from 0 on: a hand, or what the story has prepared.
   *
   * @param {"digit" | "prepared"} kind
   * @param {number} digit
   */
  pass(kind, digit) {
    this.send({ kind, stage: this.bond.stage, digit });
    return true;
  }

  /** @param {string} key */
  press(key) {
    this.send({ kind: "key", stage: this.bond.stage, key });
  }

  /** @param {SpeakerMessage} message */
  send(message) {
    this.channel.postMessage(message);
  }

  /** @param {SpeakerMessage} message */
  hear(message) {
    const before = this.bond.stage;
    const answer = this.bond.hear(message, Date.now());
    if (answer) this.send(answer);
    if (this.bond.stage !== before) history.replaceState(null, "", fragmentOf(this.bond.stage));
    if (message.kind === "seen" && message.stage === this.bond.stage) this.show(message.seen);
    this.lost.hidden = this.bond.isThere;
  }

  /** Changes the stopwatch, and remembers it. */
  turn(/** @type {() => void} */ change) {
    change();
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.watch.kept));
    } catch {
      // It runs as long as the window is open.
    }
    this.tick();
  }

  tick() {
    const now = new Date();
    this.clock.textContent = now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.timer.textContent = clockTime(this.watch.passed(now.getTime()));
    this.toggle.textContent = this.watch.isRunning ? "Stop" : "Start";
    const question = this.bond.ask(now.getTime());
    if (question) this.send(question);
  }

  /** @param {Seen} seen */
  show(seen) {
    const { title, sub, place, page, demo, moment, now, next, asked, lesson, note, href, changes, prepared } = seen;
    document.title = `Speaker · ${title}`;
    this.title.textContent = title;
    this.sub.textContent = [sub, demo].filter(Boolean).join(" · ");
    this.place.textContent = [place, page, moment].filter(Boolean).join(" · ");
    const changed = changes.length > 0 ? h("p", { class: "changed" }, `Changed: ${changes.join(", ")}`) : null;
    this.put(this.now, { now, changes }, () => [changed, ...told(now)]);
    this.put(this.next, next, () => [
      h("h2", {}, "Next"),
      ...(next ? told(next) : [h("p", {}, "Nothing: this is the end.")]),
    ]);
    this.put(this.asked, asked, () => asked.map((question, index) => this.question(question, index)));
    this.put(this.ready, prepared, () => this.whatIf(prepared));
    this.put(this.more, { lesson, note, href }, () => [
      lesson ? h("h2", {}, "What it means") : null,
      lesson ? h("p", {}, ...inline(lesson)) : null,
      note ? h("p", { class: "to-read" }, "To read: ", noteLink(note, href)) : null,
    ]);
  }

  /** @param {Seen["prepared"]} prepared */
  whatIf(prepared) {
    if (prepared.length === 0) return [];
    const rows = prepared.map(({ says, digit }) =>
      h(
        "li",
        {},
        button(says, `⇧${digit + 1}`, () => this.pass("prepared", digit)),
      ),
    );
    return [h("h2", {}, "What if?"), h("ul", {}, ...rows)];
  }

  /**
   * Draws a part anew, if it says something else. What had the focus has it again.
   *
   * @param {HTMLElement} part
   * @param {unknown} what
   * @param {() => (HTMLElement | null)[]} draw
   */
  put(part, what, draw) {
    const key = JSON.stringify(what);
    if (this.shown.get(part) === key) return;
    this.shown.set(part, key);
    const focused = document.activeElement?.id;
    part.replaceChildren(...draw().filter((one) => one !== null));
    if (focused) document.getElementById(focused)?.focus();
  }

  /**
   * @param {Asked} question
   * @param {number} index
   */
  question({ ask, choices, state, says }, index) {
    const rows = choices.map(({ say, hands, isRight }, choice) => {
      const words = h("span", { class: "say" }, say, isRight ? h("strong", {}, " ✓ right") : null);
      const counted = state === "open" ? this.hands({ say, hands }, index, choice) : hands > 0 ? String(hands) : null;
      return h("li", { class: isRight ? "right" : "" }, words, counted);
    });
    const label = { "to come": "To be asked", open: "The room is asked", answered: "Asked" }[state];
    return h(
      "article",
      { class: state },
      h("h2", {}, label),
      h("p", { class: "ask" }, ask),
      h("ol", {}, ...rows),
      says ? h("p", { class: "says" }, says) : null,
    );
  }

  /**
   * @param {{ say: string, hands: number }} choice
   * @param {number} question
   * @param {number} index
   */
  hands({ say, hands }, question, index) {
    /** @type {HTMLInputElement} */
    const field = h("input", {
      id: `hands-${question}-${index}`,
      inputmode: "numeric",
      autocomplete: "off",
      maxlength: 4,
      value: hands || "",
      "aria-label": `Hands for ${say}`,
      onkeydown: ({ key }) => key === "Enter" && this.following(field)?.focus(),
      onchange: () => {
        const typed = Number(field.value.trim());
        if (!Number.isInteger(typed) || typed < 0) return;
        this.send({ kind: "hands", stage: this.bond.stage, question, choice: index, hands: typed });
      },
    });
    return field;
  }

  /** @param {HTMLInputElement} field */
  following(field) {
    const fields = [...this.asked.querySelectorAll("input")];
    const next = fields[fields.indexOf(field) + 1];
    if (!next) field.blur();
    return next;
  }
}

/** @param {Told} told */
function told({ label, words }) {
  return [h("p", { class: "label" }, label), ...words.map((one) => h("p", { class: "words" }, ...inline(one)))];
}

/**
 * @param {string} note
 * @param {string} href
 */
function noteLink(note, href) {
  const path = h("code", {}, `notes/${note}`);
  const isOwn = href !== "" && new URL(href, location.href).origin === location.origin;
  return isOwn ? h("a", { href, target: "_blank", rel: "noopener" }, path) : path;
}

function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
