// The library: the problems in teaching order, and their scenarios.

import { h } from "./dom.js";
import { inline } from "./story.js";

/** `playlists` promises the notes that list demos, which `play` plays. */
export function libraryDialog(library, open, playlists, play) {
  const search = h("input", {
    type: "search",
    placeholder: "Search: liar, lost, clock, twice …",
    "aria-label": "Search the scenarios",
  });
  const shelves = h("div", { class: "shelves" });
  const none = h("p", { class: "none", hidden: true }, "No scenario says anything of that.");
  const file = h("input", { type: "file", accept: ".toml", hidden: true });
  const dialog = h(
    "dialog",
    { class: "library", "aria-label": "The library" },
    h(
      "div",
      { class: "top" },
      h(
        "div",
        {},
        h("h2", {}, "What shall go wrong today?"),
        h("p", {}, "The classic hard problems, as runs that you can stop, turn back and break."),
      ),
      search,
      h("button", { type: "button", onclick: () => file.click() }, "Open a file of yours"),
      file,
      h("form", { method: "dialog" }, h("button", { class: "close", "aria-label": "Close the library" }, "×")),
    ),
    shelves,
    none,
  );
  const cards = [];
  const shelf = (title, says, ...list) =>
    shelves.append(h("section", {}, h("h3", {}, title), h("p", {}, says), ...list));
  for (const problem of library.problems) {
    const list = h("ul");
    for (const scenario of problem.scenarios) {
      const protocol = problem.protocols.find((of) => of.name === scenario.protocol);
      const first = firstSentence(scenario.summary);
      const card = h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            "data-scenario": scenario.name,
            onclick: () => {
              dialog.close();
              open({ scenario: scenario.path ?? scenario.name });
            },
          },
          h("strong", {}, scenario.title),
          h("span", { class: "first" }, ...inline(first)),
          h(
            "span",
            { class: "tags" },
            protocol?.title ?? scenario.protocol,
            ` · ${scenario.nodes.length} nodes`,
            scenario.predict ? " · a question" : "",
          ),
        ),
      );
      cards.push({
        card,
        words: [scenario.name, scenario.title, scenario.summary, scenario.protocol, protocol?.title, problem.title]
          .join(" ")
          .toLowerCase(),
      });
      list.append(card);
    }
    shelf(problem.title, problem.summary, list);
  }
  playlists.then((notes) => {
    if (notes.length === 0) return;
    const list = h("ul", {}, ...notes.map(playlistCard));
    shelf("Playlists", "Demos that a note lists: one key leads from each to the next.", list);
  });
  function playlistCard(note) {
    const demos = note.demos.map((demo) => demo.title);
    const pick = () => {
      dialog.close();
      play(note);
    };
    const card = h(
      "li",
      {},
      h(
        "button",
        { type: "button", "data-playlist": note.path, onclick: pick },
        h("strong", {}, note.title),
        h("span", { class: "first" }, demos.join(" · ")),
        h("span", { class: "tags" }, `${demos.length} ${demos.length === 1 ? "demo" : "demos"}`),
      ),
    );
    cards.push({ card, words: [note.title, note.summary, "playlist", ...demos].join(" ").toLowerCase() });
    return card;
  }
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { card, words } of cards) card.hidden = !wanted.every((word) => words.includes(word));
    for (const section of shelves.children) section.hidden = !section.querySelector("li:not([hidden])");
    none.hidden = cards.some(({ card }) => !card.hidden);
  });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    dialog.close();
    open({ scenario: chosen.name.replace(/\.toml$/, ""), text: await chosen.text() });
    file.value = "";
  });
  dialog.addEventListener("close", () => {
    search.value = "";
    search.dispatchEvent(new Event("input"));
  });
  return dialog;
}

/** The first sentence of a summary. */
function firstSentence(summary) {
  const end = summary.search(/[.?!](\s|$)/);
  return end < 0 ? summary : summary.slice(0, end + 1);
}
