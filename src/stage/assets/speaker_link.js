// @ts-check
// The stage's end of the channel to its speaker's window: it opens the window, shows it what there is
// to see, and does what is pressed there.

/** @import { Keys } from "./keys.js" */
/** @import { Seen, SpeakerMessage } from "./speaker_messages.js" */
/** @import { Theatre } from "./theatre.js" */

import { CHANNEL, fragmentOf, readMessage } from "./speaker_messages.js";

/** The browser's tab remembers its name, so that its window finds it again. */
const KEY = "dsys-speaker-stage";
/** How often it looks for what has changed, in milliseconds: what is told changes in many ways. */
const OFTEN = 150;
const SIZE = "popup,width=1180,height=760";
const BLOCKED =
  "The browser blocked the speaker's window. Allow this page to open windows (beside the address), and press M again.";

/**
 * What the link needs: the theatre, what its keys do, what is done with a change that the story has
 * prepared, what the speaker sees, where it is said that the browser opens no window, and where that a key
 * did nothing.
 *
 * @typedef {{
 *   theatre: Theatre,
 *   keys: () => Keys,
 *   seen: () => Seen,
 *   prepare: (digit: number) => unknown,
 *   refuse: (words: string) => void,
 *   mention: (words: string) => void,
 * }} Ends
 */

export class SpeakerLink {
  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    this.stage = rememberedName();
    /** @type {BroadcastChannel | null} */
    this.channel = null;
    /** What was sent last; null while no window listens. @type {string | null} */
    this.sent = null;
    this.timer = 0;
    this.connect();
    addEventListener("pagehide", () => this.disconnect());
    // The browser may keep a page that was left, and show it again.
    addEventListener("pageshow", ({ persisted }) => persisted && this.connect());
  }

  connect() {
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.addEventListener("message", ({ data, origin }) => {
      const message = origin === location.origin ? readMessage(data) : null;
      if (message) this.hear(message);
    });
    this.post({ kind: "here", stage: this.stage });
  }

  disconnect() {
    this.post({ kind: "gone", stage: this.stage });
    this.channel?.close();
    this.channel = null;
    this.rest();
  }

  /** Opens the speaker's window, or brings it to the front. */
  open() {
    const { stage, ends } = this;
    const address = `${location.pathname}${location.search}${fragmentOf(stage)}`;
    const opened = window.open(address, `dsys-speaker-${stage}`, SIZE);
    if (opened) opened.focus();
    else ends.refuse(BLOCKED);
  }

  /** @param {SpeakerMessage} message */
  post(message) {
    this.channel?.postMessage(message);
  }

  /** @param {SpeakerMessage} message */
  hear(message) {
    const { stage } = this;
    if (message.kind === "who") return this.post({ kind: "here", stage });
    if (message.stage !== stage) return;
    switch (message.kind) {
      case "here":
        // A tab that was copied remembers the same name.
        return this.post({ kind: "taken", stage });
      case "taken":
        this.stage = newName();
        return this.post({ kind: "here", stage: this.stage });
      case "bye":
        return this.rest();
      case "hello":
        this.sent = "";
        clearInterval(this.timer);
        this.timer = setInterval(() => this.show(), OFTEN);
        break;
      case "key":
        this.press(message.key);
        break;
      case "digit":
        this.say(this.ends.theatre.story.vote(message.digit));
        break;
      case "prepared":
        this.say(this.ends.prepare(message.digit));
        break;
      case "hands":
        this.ends.theatre.story.questions.list[message.question]?.take(message.choice, message.hands);
        break;
    }
    this.show();
  }

  /** Does what a key does here. */
  press(/** @type {string} */ key) {
    const dialog = document.querySelector("dialog[open]");
    if (dialog instanceof HTMLDialogElement) {
      if (key === "Escape") dialog.close();
      return;
    }
    const keys = this.ends.keys();
    if (Object.hasOwn(keys, key)) this.say(keys[key]());
  }

  /** Says here why a key did nothing. */
  say(/** @type {unknown} */ done) {
    if (typeof done === "string") this.ends.mention(done);
  }

  /** Sends what the speaker sees, if it has changed. */
  show() {
    if (this.sent === null || !this.ends.theatre.player.isOpen) return;
    const seen = this.ends.seen();
    const told = JSON.stringify(seen);
    if (told === this.sent) return;
    this.sent = told;
    this.post({ kind: "seen", stage: this.stage, seen });
  }

  /** No window listens any more. */
  rest() {
    clearInterval(this.timer);
    this.sent = null;
  }
}

/** Returns the name of this tab, which it keeps when it is loaded anew. */
function rememberedName() {
  try {
    const known = sessionStorage.getItem(KEY);
    if (known) return known;
  } catch {
    // A tab that may store nothing has another name each time.
  }
  return newName();
}

function newName() {
  const name = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
  try {
    sessionStorage.setItem(KEY, name);
  } catch {
    // As above.
  }
  return name;
}
