// Finds sections of notes, and scenarios. A word may be the beginning of one, or spelled a little
// wrong.
"use strict";

(() => {
  const MOST = 40;
  const AROUND = 110;

  const form = document.getElementById("search");
  const field = document.getElementById("words");
  const results = document.getElementById("results");
  const found = document.getElementById("found");
  const everything = document.getElementById("everything");

  const index = new MiniSearch({
    fields: ["heading", "title", "tags", "text"],
    storeFields: ["heading", "title", "page", "kind", "text"],
    searchOptions: {
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      boost: { heading: 4, title: 3, tags: 2 },
      combineWith: "AND",
    },
  });
  index.addAll(globalThis.dsysIndex);

  /** The sections with all words; if there are none, those with any. */
  function sections(words) {
    const all = index.search(words);
    return all.length > 0 ? all : index.search(words, { combineWith: "OR" });
  }

  /** The places of a section's text that match, in their order. */
  function matches(text, terms) {
    const small = text.toLowerCase();
    const places = [];
    for (const term of terms)
      for (let at = small.indexOf(term); at >= 0; at = small.indexOf(term, at + term.length))
        places.push([at, at + term.length]);
    return places.sort(([a], [b]) => a - b);
  }

  /** What stands around the first match, with all matches in it marked. */
  function excerpt({ text, terms }) {
    const places = matches(text, terms);
    const first = places[0]?.[0] ?? 0;
    const from = first < AROUND ? 0 : text.lastIndexOf(" ", first - AROUND / 2) + 1;
    const cut = text.indexOf(" ", Math.max(first, from) + AROUND);
    const to = cut < 0 ? text.length : cut;
    const parts = [from > 0 ? "… " : ""];
    let at = from;
    for (const [begins, ends] of places) {
      if (begins < at || ends > to) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(begins, ends);
      parts.push(text.slice(at, begins), mark);
      at = ends;
    }
    return [...parts, text.slice(at, to), to < text.length ? " …" : ""];
  }

  function item(hit) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = hit.page;
    link.textContent = hit.heading ? `${hit.title}: ${hit.heading}` : hit.title;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = ` ${hit.kind}`;
    const says = document.createElement("p");
    says.append(...excerpt(hit));
    item.append(link, kind, says);
    return item;
  }

  function show() {
    const words = field.value.trim();
    everything.hidden = words !== "";
    const hits = words === "" ? [] : sections(words);
    results.replaceChildren(...hits.slice(0, MOST).map(item));
    const count = hits.length === 1 ? "One section." : `${hits.length} sections.`;
    const shown = hits.length > MOST ? ` The first ${MOST} are shown.` : "";
    found.textContent = words === "" ? "" : count + shown;
  }

  /** The address holds the words, so that what was found can be shared. */
  function keep() {
    const words = field.value.trim();
    const query = words === "" ? location.pathname : `?q=${encodeURIComponent(words)}`;
    try {
      history.replaceState(null, "", query);
    } catch {
      // On some browsers a page from a disk may not change its address.
    }
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => {
    show();
    keep();
  });
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  show();
})();
