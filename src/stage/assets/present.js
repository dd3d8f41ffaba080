// @ts-check
// Presenting: only field, diagram and story, large; the pointer hides; dark or light; a blank
// screen.

const THEMES = ["light", "dark"];
const THEME_KEY = "dsys-theme";
/** How long the pointer rests before it hides, in milliseconds. */
const RESTING = 1800;

export function restoreTheme() {
  try {
    const theme = localStorage.getItem(THEME_KEY);
    if (theme && THEMES.includes(theme)) document.documentElement.dataset.theme = theme;
  } catch {
    // A file opened from disk may store nothing.
  }
}

export function switchTheme() {
  const { dataset } = document.documentElement;
  const isDark = dataset.theme ? dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem(THEME_KEY, dataset.theme);
  } catch {
    // It holds as long as the page is open.
  }
  dispatchEvent(new Event("themechange"));
}

export function switchPresent() {
  document.body.classList.toggle("present");
}

export function isPresenting() {
  return document.body.matches(".present, .blank");
}

/** Leaves present mode and the blank screen. Returns false if there is nothing to leave. */
export function leavePresent() {
  if (!isPresenting()) return false;
  document.body.classList.remove("present", "blank");
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
