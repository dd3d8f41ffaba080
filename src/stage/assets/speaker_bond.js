// @ts-check
// Which stage a speaker's window belongs to. It stays with the one that opened it, also while that one
// is loaded anew; if it does not come back, the window takes another one.

/** @import { SpeakerMessage } from "./speaker_messages.js" */

/** How long a stage may be away before another one is taken, in milliseconds. */
const PATIENCE = 1500;

export class Bond {
  /**
   * @param {string} stage the stage that opened the window
   * @param {number} now
   */
  constructor(stage, now) {
    this.stage = stage;
    this.isThere = false;
    this.missedSince = now;
  }

  /**
   * Hears a message. Returns what to answer; null for nothing.
   *
   * @param {SpeakerMessage} message
   * @param {number} now
   * @returns {SpeakerMessage | null}
   */
  hear(message, now) {
    if (message.kind === "here") {
      if (message.stage !== this.stage && !this.isMissed(now)) return null;
      this.stage = message.stage;
      return { kind: "hello", stage: this.stage };
    }
    if (message.kind === "seen" && message.stage === this.stage) this.isThere = true;
    if (message.kind === "gone" && message.stage === this.stage) {
      this.isThere = false;
      this.missedSince = now;
    }
    return null;
  }

  /**
   * Returns what to ask from time to time; null while the stage is there.
   *
   * @param {number} now
   * @returns {SpeakerMessage | null}
   */
  ask(now) {
    return this.isMissed(now) ? { kind: "who" } : null;
  }

  /** @param {number} now */
  isMissed(now) {
    return !this.isThere && now - this.missedSince >= PATIENCE;
  }
}
