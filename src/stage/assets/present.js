// Presenting: only field, diagram and story, large; the pointer hides; dark or light; a blank screen.

const THEMES = ["light", "dark"];

function stored(value) {
  try {
    if (value !== undefined) localStorage.setItem("dsys-theme", value);
    return localStorage.getItem("dsys-theme");
  } catch {
    return null; // A file opened from disk may keep nothing.
  }
}

export function restoreTheme() {
  const theme = stored();
  if (THEMES.includes(theme)) document.documentElement.dataset.theme = theme;
}

export function switchTheme() {
  const { dataset } = document.documentElement;
  const dark = dataset.theme ? dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  dataset.theme = dark ? "light" : "dark";
  stored(dataset.theme);
  dispatchEvent(new Event("themechange"));
}

export function switchPresent() {
  document.body.classList.toggle("present");
}

/** Leaves it; false if there is nothing to leave. */
export function leavePresent() {
  if (!document.body.matches(".present, .blank")) return false;
  document.body.classList.remove("present", "blank");
}

export function switchBlank() {
  document.body.classList.toggle("blank");
}

export function switchFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

/** The pointer hides while it rests in present mode. */
export function hidePointer() {
  let resting = 0;
  document.addEventListener("pointermove", () => {
    document.body.classList.remove("resting");
    clearTimeout(resting);
    resting = setTimeout(() => document.body.classList.add("resting"), 1800);
  });
}
