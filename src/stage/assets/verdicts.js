// Verdict cards: the property, what became of it and why, with the evidence to click on.

import { h } from "./dom.js";
import { sentence, span } from "./words.js";

const MOST_EVIDENCE = 6;

/** A verdict as its sign and word. One that holds of nothing says so. */
export function verdictWords({ sign, verdict, vacuous }) {
  return `${sign} ${verdict}${vacuous ? " vacuously" : ""}`;
}

export function verdictCard(run, verdict, isRevealed, actions) {
  const { name, says, because } = verdict;
  if (!isRevealed) {
    return h(
      "article",
      { class: "card open" },
      h("h3", {}, name, h("span", { class: "verdict" }, "open")),
      h("p", {}, says),
    );
  }
  const surprise = verdict.expected && !verdict.as_expected && run.show.expected === false;
  const evidence = verdict.evidence.slice(0, MOST_EVIDENCE).map((id) => {
    const event = run.events[id];
    return (
      event &&
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", onclick: () => actions.visit(id) },
          h("span", { class: "at" }, span(event.at)),
          " ",
          sentence(run, event),
        ),
      )
    );
  });
  const more = verdict.evidence.length - MOST_EVIDENCE;
  return h(
    "article",
    { class: `card ${verdict.vacuous ? "vacuous" : verdict.verdict}` },
    h("h3", {}, name, h("span", { class: "verdict" }, verdictWords(verdict))),
    h("p", {}, because || says),
    surprise ? h("p", { class: "surprise" }, `The scenario claims: ${verdict.expected}.`) : null,
    evidence.length > 0
      ? h(
          "ul",
          { class: "proof", "aria-label": "Evidence" },
          ...evidence,
          more > 0 ? h("li", {}, `and ${more} more`) : null,
        )
      : null,
  );
}
