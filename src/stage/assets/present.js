// @ts-check
// Presenting: only field, diagram and story, large; the pointer hides; dark or light; larger or
// smaller type; a blank screen.

const THEMES = ["light", "dark"];
const THEME_KEY = "dsys-theme";
/** The browser's tab remembers these until it is closed, for each page by itself. */
const PRESENT_KEY = `dsys-present ${globalThis.location?.pathname}`;
const TYPE_KEY = "dsys-type";
/** How large type can be, as a part of what the page's size asks for. */
const TYPES = [0.8, 0.9, 1, 1.12, 1.25, 1.4, 1.6];
/** How long the pointer rests before it hides, in milliseconds. */
const RESTING = 1800;

/**
 * Remembers a word, or forgets it.
 *
 * @param {() => Storage} storage
 * @param {string} key
 * @param {string | null} word
 */
export function remember(storage, key, word) {
  try {
    if (word === null) storage().removeItem(key);
    else storage().setItem(key, word);
  } catch {
    // A file opened from disk may store nothing: it holds as long as the page is open.
  }
}

/**
 * @param {() => Storage} storage
 * @param {string} key
 */
export function remembered(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

const local = () => localStorage;
/** What the browser's tab remembers. */
export const session = () => sessionStorage;

/** Makes the page look as it did when it was left. */
export function restoreLook() {
  const theme = remembered(local, THEME_KEY);
  if (theme && THEMES.includes(theme) && !isForced()) document.documentElement.dataset.theme = theme;
  const type = Number(remembered(session, TYPE_KEY));
  if (TYPES.includes(type)) setType(type);
  document.body.classList.toggle("present", remembered(session, PRESENT_KEY) !== null);
}

/** Whether the reader's system says which colours are used: then it says how dark the page is, too. */
function isForced() {
  return matchMedia("(forced-colors: active)").matches;
}

export function switchTheme() {
  if (isForced()) return "The system says which colours are used here.";
  const { dataset } = document.documentElement;
  const isDark = dataset.theme ? dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  dataset.theme = isDark ? "light" : "dark";
  remember(local, THEME_KEY, dataset.theme);
  dispatchEvent(new Event("themechange"));
  return true;
}

let type = 1;

/** @param {number} size one of `TYPES` */
function setType(size) {
  type = size;
  document.documentElement.style.setProperty("--type", String(size));
}

/**
 * Makes type larger or smaller. Returns why it cannot.
 *
 * @param {1 | -1} by
 */
export function changeType(by) {
  const wanted = TYPES[TYPES.indexOf(type) + by];
  if (!wanted) return `This is the ${by > 0 ? "largest" : "smallest"} type.`;
  setType(wanted);
  remember(session, TYPE_KEY, String(wanted));
  dispatchEvent(new Event("typechange"));
  return true;
}

export function isPresent() {
  return document.body.matches(".present");
}

export function switchPresent() {
  const isNow = document.body.classList.toggle("present");
  remember(session, PRESENT_KEY, isNow ? "yes" : null);
  dispatchEvent(new Event("typechange"));
}

/** Leaves present mode. Returns false if it is not on. */
export function leavePresent() {
  if (!isPresent()) return false;
  switchPresent();
  return true;
}

/** Shows the page again where the screen is blank. Returns false if it is not. */
export function leaveBlank() {
  if (!document.body.matches(".blank")) return false;
  switchBlank();
  return true;
}

export function switchBlank() {
  document.body.classList.toggle("blank");
}

export function switchFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

/** Hides the pointer while it rests. */
export function hidePointer() {
  let resting = 0;
  document.addEventListener("pointermove", () => {
    document.body.classList.remove("resting");
    clearTimeout(resting);
    resting = setTimeout(() => document.body.classList.add("resting"), RESTING);
  });
}
