// @ts-check
// What the stage and the speaker's windows tell each other, by a channel of this origin. Only
// messages of these shapes are heeded.

/** The channel of all stages and all speaker's windows of this origin. */
export const CHANNEL = "dsys speaker";

/** The fragment of a speaker's window: the stage that opened it. */
const FRAGMENT = /^#speaker=([a-z0-9]{1,40})$/;

/** Longer texts and lists are none of the stage's. */
const LONGEST = 20000;
const MOST = 200;
const MOST_HANDS = 9999;

/**
 * What is told at a stop: a label, and its sentences.
 *
 * @typedef {{ label: string, words: string[] }} Told
 *
 * A question to the room with its answer, which the room has not seen yet unless it is `answered`.
 *
 * @typedef {{
 *   ask: string,
 *   state: "to come" | "open" | "answered",
 *   choices: { say: string, hands: number, isRight: boolean }[],
 *   says: string,
 * }} Asked
 *
 * What the speaker sees of the stage.
 *
 * @typedef {{
 *   title: string,
 *   sub: string,
 *   place: string,
 *   page: string,
 *   now: Told,
 *   next: Told | null,
 *   asked: Asked[],
 *   lesson: string,
 *   note: string,
 *   href: string,
 *   demo: string,
 *   moment: string,
 *   changes: string[],
 *   prepared: { says: string, digit: number }[],
 * }} Seen
 *
 * A message. The stage says that it is `here`, what is `seen`, that it is `gone`, or that another stage
 * has its name (`taken`). A speaker's window looks for any stage (`who`), greets its own (`hello`),
 * passes on what was pressed and what was counted, and leaves (`bye`).
 *
 * @typedef {(
 *   | { kind: "here" | "gone" | "hello" | "taken" | "bye", stage: string }
 *   | { kind: "who" }
 *   | { kind: "seen", stage: string, seen: Seen }
 *   | { kind: "key", stage: string, key: string }
 *   | { kind: "digit" | "prepared", stage: string, digit: number }
 *   | { kind: "hands", stage: string, question: number, choice: number, hands: number }
 * )} SpeakerMessage
 */

/**
 * Whether a speaker's window can be opened. Pages of a disk have no origin that two windows share.
 */
export function canOpenSpeaker() {
  return globalThis.origin !== "null" && typeof BroadcastChannel === "function";
}

/**
 * Returns the stage that a speaker's window was opened for; null if a fragment is not of one.
 *
 * @param {string} fragment
 */
export function stageOf(fragment) {
  return FRAGMENT.exec(fragment)?.[1] ?? null;
}

/** @param {string} stage */
export function fragmentOf(stage) {
  return `#speaker=${stage}`;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @typedef {(value: unknown) => boolean} Is */

/** @type {Is} */
const isText = (value) => typeof value === "string" && value.length <= LONGEST;
/** @type {Is} */
const isCount = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_HANDS;
/** @type {(value: unknown, is: Is) => boolean} */
const isList = (value, is) => Array.isArray(value) && value.length <= MOST && value.every(is);
/** @type {Is} */
const isTold = (value) => isObject(value) && isText(value.label) && isList(value.words, isText);
/** @type {Is} */
const isChoice = (value) =>
  isObject(value) && isText(value.say) && isCount(value.hands) && typeof value.isRight === "boolean";
/** @type {Is} */
const isAsked = (value) =>
  isObject(value) &&
  isText(value.ask) &&
  isText(value.says) &&
  ["to come", "open", "answered"].includes(String(value.state)) &&
  isList(value.choices, isChoice);

const TEXTS = ["title", "sub", "place", "page", "lesson", "note", "href", "demo", "moment"];

/** @type {Is} */
const isSeen = (value) =>
  isObject(value) &&
  TEXTS.every((name) => isText(value[name])) &&
  isTold(value.now) &&
  (value.next === null || isTold(value.next)) &&
  isList(value.asked, isAsked) &&
  isList(value.prepared, (one) => isObject(one) && isText(one.says) && isCount(one.digit)) &&
  isList(value.changes, isText);

/**
 * What a message of each kind must hold besides its stage.
 *
 * @type {Record<string, (message: Record<string, unknown>) => boolean>}
 */
const SHAPES = {
  here: () => true,
  gone: () => true,
  hello: () => true,
  taken: () => true,
  bye: () => true,
  seen: ({ seen }) => isSeen(seen),
  key: ({ key }) => isText(key) && String(key).length <= 20,
  digit: ({ digit }) => isCount(digit) && Number(digit) < 9,
  prepared: ({ digit }) => isCount(digit) && Number(digit) < 9,
  hands: ({ question, choice, hands }) => isCount(question) && isCount(choice) && isCount(hands),
};

/**
 * Returns what was heard, if it is a message; else null.
 *
 * @param {unknown} data
 * @returns {SpeakerMessage | null}
 */
export function readMessage(data) {
  if (!isObject(data) || typeof data.kind !== "string") return null;
  if (data.kind === "who") return { kind: "who" };
  const isNamed = typeof data.stage === "string" && stageOf(fragmentOf(data.stage)) !== null;
  const isRight = isNamed && Object.hasOwn(SHAPES, data.kind) && SHAPES[data.kind](data);
  return isRight ? /** @type {SpeakerMessage} */ (data) : null;
}
