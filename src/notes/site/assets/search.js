// Finds the notes and scenarios that contain all of the words. Those with a word in the title come first.
"use strict";

const form = document.getElementById("search");
const field = document.getElementById("words");
const results = document.getElementById("results");
const found = document.getElementById("found");
const everything = document.getElementById("everything");

function score(entry, words) {
  const title = entry.title.toLowerCase();
  let sum = 0;
  for (const word of words) {
    if (title.includes(word)) sum += 10;
    else if (entry.text.includes(word)) sum += 1;
    else return 0;
  }
  return sum;
}

function show() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  everything.hidden = words.length > 0;
  results.replaceChildren();
  found.textContent = "";
  if (words.length === 0) return;
  const hits = globalThis.dsysIndex
    .map((entry, place) => ({ entry, place, score: score(entry, words) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score || a.place - b.place);
  found.textContent = hits.length === 1 ? "One page." : `${hits.length} pages.`;
  for (const { entry } of hits) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.page;
    link.textContent = entry.title;
    item.append(link, ` (${entry.kind})`);
    results.append(item);
  }
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("input", show);
const asked = new URLSearchParams(location.search).get("q");
if (asked) field.value = asked;
show();
