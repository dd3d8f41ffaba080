// Keys, as in the tools that presenters know. They rest while something is typed, and leave a button's own keys to it.

/**
 * `keys` maps a key's name to what it does. A digit goes to `digit`. What answers with `false` had nothing to do: its key
 * stays the browser's, which may scroll, and `idle` is told.
 */
export function listen(keys, digit, idle = () => {}) {
  // What was pressed with the pointer does not keep the keys: the next one is the run's again.
  document.addEventListener(
    "click",
    (event) => event.detail > 0 && event.target.closest?.("button, [role=button]")?.blur(),
  );
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    // A dialog closes itself; a field is left by Escape.
    if (document.querySelector("dialog[open]")) return;
    if (target.closest?.("input:not([type=range], [type=checkbox]), textarea, select"))
      return void (event.key === "Escape" && target.blur());
    if (target.type === "range" && !target.closest(".scrub") && event.key.startsWith("Arrow")) return;
    const presses = event.key === " " || event.key === "Enter";
    if (presses && target.closest?.("button, a, summary, input, [role=button]")) return;
    if (/^[1-9]$/.test(event.key) && digit(Number(event.key) - 1)) return void event.preventDefault();
    const name =
      event.shiftKey && event.key.startsWith("Arrow")
        ? `Shift+${event.key}`
        : event.key.length === 1
          ? event.key.toLowerCase()
          : event.key;
    const action = keys[name];
    if (!action) return;
    if (action(event) === false) idle();
    else event.preventDefault();
  });
}

/** The keys that a run is played with. `beyond` is where they lead from its end and its beginning. */
export function playing(player, beyond) {
  const next = () => player.next() || (beyond?.next() ?? false);
  const back = () => player.back() || (beyond?.back() ?? false);
  return {
    ArrowRight: next,
    " ": next,
    PageDown: next,
    ArrowLeft: back,
    PageUp: back,
    "Shift+ArrowRight": () => player.stepEvent(1),
    "Shift+ArrowLeft": () => player.stepEvent(-1),
    Home: () => player.seek(0, 0),
    End: () => !player.atEnd && player.toEnd(),
    ".": () => player.toggle(),
    ArrowUp: () => player.faster(1),
    ArrowDown: () => player.faster(-1),
  };
}

/** Keys that need a server. */
const SERVED = ["D", "N", "R", "U", "C", "K", "I", "L", "O", "W", "S"];

/** What the help says, in the order in which it says it; without a server only what can be done without one. */
export function help(isServed) {
  return HELP.filter(([key]) => isServed || !SERVED.includes(key));
}

const HELP = [
  ["→ · Space · PageDown", "the next beat"],
  ["← · PageUp", "back"],
  ["Shift + → or ←", "one event on or back"],
  ["Home · End", "to the start, to the end"],
  [".", "play, pause"],
  ["↑ ↓", "faster, slower"],
  ["1 – 9", "a hand for an answer"],
  ["D", "the next demo of a playlist"],
  ["N", "the next seed"],
  ["R", "back to the rehearsed run"],
  ["U", "undo the last change"],
  ["C", "compare two runs"],
  ["K", "the knobs"],
  ["I", "the notes"],
  ["L", "the library"],
  ["O", "the odds"],
  ["W", "the worst case"],
  ["S", "share"],
  ["P", "present"],
  ["F", "full screen"],
  ["T", "dark or light"],
  ["B", "blank"],
  ["+ · − · 0", "zoom the diagram"],
  ["Esc", "close, or leave what is open"],
  ["?", "these keys"],
];
