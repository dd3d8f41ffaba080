// The trace as a table, for those who read rather than watch. Long ones are shown page by page.

import { h } from "./dom.js";
import { sentence, span } from "./words.js";

const PAGE = 200;

export function traceTable(theatre) {
  const { player } = theatre;
  const body = h("tbody");
  const pages = h("p", { class: "pages" });
  const table = h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...["event", "at", "what"].map((name) => h("th", { scope: "col" }, name)))),
    body,
  );
  const hash = h("p", { class: "hash" });
  const element = h("div", { class: "trace-table" }, hash, pages, table);
  let page = 0;
  const fill = () => {
    const { run } = player;
    if (!run || !element.isConnected || element.closest("details:not([open]), [hidden]")) return;
    hash.replaceChildren("trace hash ", h("code", {}, run.report.trace_hash));
    const last = Math.max(0, Math.ceil(run.events.length / PAGE) - 1);
    page = Math.min(page, last);
    const turn = (by, words) =>
      h(
        "button",
        {
          type: "button",
          disabled: page + by < 0 || page + by > last,
          onclick: () => {
            page += by;
            fill();
          },
        },
        words,
      );
    pages.replaceChildren(...(last > 0 ? [turn(-1, "Earlier"), ` ${page + 1} of ${last + 1} `, turn(1, "Later")] : []));
    body.replaceChildren(
      ...run.events
        .slice(page * PAGE, (page + 1) * PAGE)
        .map((event) =>
          h(
            "tr",
            {},
            h(
              "th",
              { scope: "row" },
              h("button", { type: "button", onclick: () => theatre.actions.visit(event.id) }, String(event.id)),
            ),
            h("td", {}, span(event.at)),
            h("td", {}, sentence(run, event)),
          ),
        ),
    );
  };
  player.watch((_, what) => what === "run" && ((page = 0), fill()));
  element.fill = fill;
  document.addEventListener("toggle", (event) => event.target.contains?.(element) && fill(), true);
  return element;
}
