// What the pages do beyond their text: the theme, copying, times in the reader's zone, answers on
// paper, and the run on the first page. Without it they say the same.
"use strict";

(() => {
  const root = document.documentElement;

  /** Light or dark: the other of the two. */
  function themeSwitch() {
    const button = document.getElementById("theme");
    if (!button || matchMedia("(forced-colors: active)").matches) return;
    const isDark = () =>
      root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const label = () => {
      button.textContent = isDark() ? "Light" : "Dark";
    };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("dsys-theme", root.dataset.theme);
      } catch {
        // It holds for this page only.
      }
      label();
    });
    label();
    button.hidden = false;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages that are neither encrypted nor on this machine have the old way only.
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const isDone = document.execCommand("copy");
      field.remove();
      if (!isDone) throw new Error("the browser does not let this page copy");
    }
  }

  /** The commands of a block, without their prompts; all of it where it shows none. */
  function copied(block) {
    const lines = block.textContent.trimEnd().split("\n");
    const commands = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
    return (commands.length > 0 ? commands : lines).join("\n");
  }

  function copyButtons() {
    for (const block of document.querySelectorAll("pre:not(.report)")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", async () => {
        button.textContent = await copy(copied(block)).then(
          () => "Copied",
          () => "Not copied",
        );
        setTimeout(() => {
          button.textContent = "Copy";
        }, 2000);
      });
      const frame = document.createElement("div");
      frame.className = "copied";
      block.replaceWith(frame);
      frame.append(block, button);
    }
  }

  /** Says beside a time when it is on the reader's clock. */
  function localTimes() {
    for (const time of document.querySelectorAll("time[data-offset]")) {
      const begins = new Date(time.dateTime);
      const isSame = -begins.getTimezoneOffset() * 60 === Number(time.dataset.offset);
      const shown = new Intl.DateTimeFormat("en-GB", {
        weekday: "long",
        day: "numeric",
        month: "long",
        hour: "2-digit",
        minute: "2-digit",
        timeZoneName: "short",
      }).format(begins);
      time.nextElementSibling.textContent = isSame ? " Your clock shows the same." : ` For you: ${shown}.`;
    }
  }

  /** Leaves out events that are over by the reader's clock, whenever the site was built. */
  function whatIsNext() {
    const events = [...document.querySelectorAll("[data-over]")];
    for (const event of events) event.hidden = Number(event.dataset.over) * 1000 < Date.now();
    const none = document.getElementById("none-next");
    if (none) none.hidden = events.some((event) => !event.hidden);
  }

  /** The run that plays by itself, instead of its picture. */
  function film() {
    const place = document.querySelector("[data-film]");
    if (!place) return;
    const frame = document.createElement("iframe");
    frame.src = place.dataset.film;
    frame.title = place.dataset.title;
    place.replaceChildren(frame);
  }

  /** On paper, what is folded away is told. */
  function onPaper() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("article details:not([open]):not(.on-screen)")];
      for (const fold of opened) fold.open = true;
    });
    addEventListener("afterprint", () => {
      for (const fold of opened) fold.open = false;
    });
    const button = document.getElementById("print");
    if (!button) return;
    button.addEventListener("click", () => print());
    button.hidden = false;
  }

  themeSwitch();
  whatIsNext();
  localTimes();
  copyButtons();
  onPaper();
  film();
})();
