// @ts-check
// Keys, as in the tools that presenters know. They do nothing while something is typed, and leave a
// button's own keys to it.

/** @import { Theatre } from "./theatre.js" */

import { blur, h, targetOf } from "./dom.js";
import { isPresent } from "./present.js";
import { canOpenSpeaker } from "./speaker_messages.js";

/**
 * What each key does, by the key's name. An action that returns false did nothing; one that returns
 * words says why.
 *
 * @typedef {Record<string, () => unknown>} Keys
 */

/**
 * What else a key can do: a digit with Shift, from 0 on, what the story has prepared, and it returns
 * whether that is anything, or why not; `pressed` is called before any other key than Escape does what it
 * does; `idle` when a key had nothing to do, with the reason if there is one.
 *
 * @typedef {{
 *   prepared: (digit: number) => boolean | string,
 *   pressed: () => void,
 *   idle: (why: string) => void,
 * }} Others
 */

/** Elements that a key is typed into, and elements that have keys of their own. */
const TYPED_INTO = "input:not([type=range], [type=checkbox]), textarea, select";
const PRESSED = "button, a, summary, input, [role=button]";

/** What is done again while a key is held down; all other keys count once. */
const HELD = /Arrow|Page|^[ +\-<>0]$/;

/**
 * Listens to keys. A key that did nothing is left to the browser, which may scroll.
 *
 * @param {Keys} keys
 * @param {(digit: number) => boolean | string} digit takes a digit, from 0 on; returns whether it
 *   had a use for it, or why not
 * @param {Partial<Others>} [others]
 */
export function listen(keys, digit, { prepared = () => false, pressed = () => {}, idle = () => {} } = {}) {
  // What was pressed with the pointer does not keep the focus: the next key is the run's again.
  document.addEventListener("click", (event) => {
    if (event.detail > 0) blur(targetOf(event)?.closest("button, [role=button]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A dialog closes itself.
    if (document.querySelector("dialog[open]")) return;
    const target = targetOf(event);
    if (target?.closest(TYPED_INTO)) {
      if (event.key === "Escape") blur(target);
      return;
    }
    if (target?.matches("[type=range]") && !target.closest(".scrub") && event.key.startsWith("Arrow")) return;
    if ((event.key === " " || event.key === "Enter") && target?.closest(PRESSED)) return;
    // Escape closes what another key only passes by.
    if (event.key !== "Escape") pressed();
    const done = act(event);
    if (done === true) event.preventDefault();
    else if (done !== null) idle(done || "");
  });

  /**
   * Does what a key does. Returns whether it did something, or why not; null for a key that is none.
   *
   * @param {KeyboardEvent} event
   */
  function act(event) {
    const name = nameOf(event);
    const isDigit = /^[1-9]$/.test(event.key);
    if (isDigit) {
      const done = digit(Number(event.key) - 1);
      if (done === true || !event.shiftKey) return done;
    }
    // Shift and a digit type a sign, another one on each keyboard: the place of the key decides.
    // Where nothing is prepared, the sign may be a key of its own; but no hands are typed by
    // mistake.
    const [, nth] = (event.shiftKey && /^Digit([1-9])$/.exec(event.code)) || [];
    const tried = nth === undefined ? null : prepared(Number(nth) - 1);
    if (tried === true || (tried !== null && (!(name in keys) || name === HANDS))) return tried;
    if (!(name in keys)) return null;
    if (event.repeat && !HELD.test(name)) return true;
    const done = keys[name]();
    return done === false || typeof done === "string" ? done : true;
  }
}

/** Types hands, where a keyboard has it without a digit; everywhere Enter does. */
const HANDS = "#";

/** @param {KeyboardEvent} event */
function nameOf({ key, shiftKey }) {
  if (shiftKey && key.startsWith("Arrow")) return `Shift+${key}`;
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Whether there is no keyboard, as far as anybody can tell. As in `narrow.css`. */
const isTouched = () => matchMedia("(hover: none)").matches;
const theEnd = () => `This is the end. ${isTouched() ? "Start" : "Home"} leads back to the start.`;

/**
 * Returns the button that some words speak of where there is no keyboard.
 *
 * @param {string} why
 * @param {Theatre} theatre
 */
export function offeredWith(why, { player }) {
  if (!isTouched() || why !== theEnd()) return undefined;
  return h("button", { type: "button", onclick: () => player.seek(0, 0) }, "Start");
}

/** What is said of a key that leads to where the run stands. */
const AT_START = "This is the start already.";
const AT_END = "This is the end already.";

/**
 * Says how fast the run plays where the controls, which show it, are hidden.
 *
 * @param {number} speed
 */
const speedTold = (speed) => (isPresent() ? `The speed is ${speed} ×.` : true);

/**
 * Returns the keys that a run is played with.
 *
 * @param {Theatre} theatre
 * @param {{ next(): unknown, back(): unknown }} [beyond] where they lead from the run's end
 *   and its start
 * @returns {Keys}
 */
export function playing(theatre, beyond) {
  const { player, story, rewind } = theatre;
  const onward = () => theatre.next() || beyond?.next() || theEnd();
  const before = () => theatre.back() || beyond?.back() || "This is the start.";
  const hands = () => story.typeHands() || "Nothing is asked now, so there are no hands to type.";
  // On the way back from a verdict, they lead along the causes.
  const next = () => (rewind.isOpen ? rewind.step(-1) : onward());
  const back = () => (rewind.isOpen ? rewind.step(1) : before());
  return {
    ArrowRight: next,
    " ": next,
    PageDown: next,
    ArrowLeft: back,
    PageUp: back,
    "Shift+ArrowRight": () => (player.atEnd ? AT_END : player.stepEvent(1)),
    "Shift+ArrowLeft": () => (player.atStart ? AT_START : player.stepEvent(-1)),
    Home: () => (player.atStart ? AT_START : player.seek(0, 0)),
    End: () => (player.atEnd ? AT_END : player.toEnd()),
    ".": () => player.toggle(),
    ArrowUp: () => (player.faster(1) ? speedTold(player.speed) : "This is the fastest."),
    ArrowDown: () => (player.faster(-1) ? speedTold(player.speed) : "This is the slowest."),
    Enter: hands,
    [HANDS]: hands,
    // While the room is asked, no verdict answers, and neither do its causes.
    a: () => {
      if (story.questions.open !== null) return "First the room answers.";
      return rewind.next() || "No property is known to be violated here, so nothing leads back.";
    },
  };
}

/** Actions that need somebody who runs what is asked for. */
export const SERVED = ["Shift+1", "d", "n", "r", "u", "h", "c", "k", "i", "j", "l", "g", "o", "w", "y", "e", "s"];

/**
 * Returns the keys with what they do and the name of the action, in the order in which they are
 * listed.
 *
 * @param {boolean} isServed whether there is somebody who runs what is asked for
 */
export function help(isServed) {
  const isOffered = (/** @type {string} */ name) =>
    (isServed || !SERVED.includes(name)) && (name !== "m" || canOpenSpeaker());
  return HELP.filter(([, , name]) => isOffered(name));
}

/** @type {[keys: string, says: string, name: string][]} */
const HELP = [
  ["→ · Space · PageDown", "the next beat", "ArrowRight"],
  ["← · PageUp", "back", "ArrowLeft"],
  ["Shift →", "one event forward", "Shift+ArrowRight"],
  ["Shift ←", "one event back", "Shift+ArrowLeft"],
  ["Home", "to the start", "Home"],
  ["End", "to the end", "End"],
  [".", "play, pause", "."],
  ["↑", "faster", "ArrowUp"],
  ["↓", "slower", "ArrowDown"],
  ["1 – 9", "count a hand for an answer", "1"],
  ["Enter", "type the hands", "Enter"],
  ["Shift 1 – 9", "what if: a prepared change", "Shift+1"],
  ["A", "why a property is violated: back along the causes", "a"],
  ["P", "present", "p"],
  [">", "larger type", ">"],
  ["<", "smaller type", "<"],
  ["T", "dark or light", "t"],
  ["F", "full screen", "f"],
  ["B", "blank", "b"],
  ["V", "what a node knows; the next node", "v"],
  ["Z", "the spotlight", "z"],
  ["Q", "the pointer", "q"],
  ["X", "field, diagram or both", "x"],
  ["M", "the speaker's window", "m"],
  ["L", "the library", "l"],
  ["G", "the scenario's file, to be changed", "g"],
  ["D", "the next demo of a playlist", "d"],
  ["N", "the next seed", "n"],
  ["R", "back to the rehearsed run", "r"],
  ["U", "undo the last change", "u"],
  ["H", "what if: the tray of marks", "h"],
  ["C", "compare two runs", "c"],
  ["K", "the knobs", "k"],
  ["I", "the notes", "i"],
  ["J", "the challenge", "j"],
  ["O", "the odds", "o"],
  ["W", "the worst case", "w"],
  ["Y", "a wall of seeds", "y"],
  ["E", "the twin: two runs that look the same", "e"],
  ["S", "share", "s"],
  ["+", "zoom the diagram in", "+"],
  ["−", "zoom it out", "-"],
  ["0", "show the whole run", "0"],
  ["Esc", "close what is open", "Escape"],
  ["?", "these keys", "?"],
];
