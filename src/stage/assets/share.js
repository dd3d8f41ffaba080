// Sharing: the link that replays exactly this, the command, and the run as a file.

import { h } from "./dom.js";
import * as api from "./api.js";

const FILES = [
  ["html", "One web page", "opens from disk, with no server"],
  ["svg", "SVG", "the space-time diagram"],
  ["mmd", "Mermaid", "a sequence diagram for Markdown"],
  ["shiviz", "ShiViz", "a log with vector clocks"],
  ["perfetto.json", "Perfetto", "a trace for Perfetto and Chrome"],
  ["jsonl", "JSON lines", "the trace, an event a line"],
];

export function shareDialog() {
  const body = h("div");
  const dialog = h(
    "dialog",
    { class: "share", "aria-label": "Share" },
    h(
      "form",
      { method: "dialog" },
      h("h2", {}, "Share this run"),
      h("button", { class: "close", "aria-label": "Close" }, "×"),
    ),
    body,
  );
  /** `run` as it stands, with `event` shown; `publicUrl` is where others reach the stage. */
  dialog.openFor = async ({ run, event, order, publicUrl }) => {
    const fragment = event === null ? run.link : `${run.link}&event=${event}`;
    const link = `${publicUrl ?? location.href.split("#")[0]}#${fragment}`;
    const status = h("p", { class: "status", role: "status" });
    const copy = (text, words) =>
      h(
        "button",
        {
          type: "button",
          onclick: () =>
            navigator.clipboard?.writeText(text).then(
              () => (status.textContent = `${words} is copied.`),
              () => (status.textContent = "This browser does not let a page copy."),
            ),
        },
        "Copy",
      );
    const row = (label, text) =>
      h(
        "div",
        { class: "row" },
        h("label", {}, label, h("input", { readonly: true, value: text, onfocus: (event) => event.target.select() })),
        copy(text, label),
      );
    const code = h("div", { class: "qr" });
    const file = ([ending, name, says]) =>
      h(
        "li",
        {},
        h("button", { type: "button", onclick: () => download(order, ending, run.show.scenario, status) }, name),
        h("span", {}, says),
      );
    body.replaceChildren(
      row("The link", link),
      row("The command", run.command),
      publicUrl
        ? code
        : h(
            "p",
            { class: "hint" },
            "No phone can open an address of this machine alone. `dsys serve --public-url` makes a code that it can; until then, give the command.",
          ),
      h("h3", {}, "As a file"),
      h("ul", { class: "files" }, ...FILES.map(file)),
      status,
    );
    dialog.showModal();
    if (publicUrl) {
      const svg = await api.qr(fragment).catch(() => "");
      const image = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
      if (image.localName === "svg") code.append(document.importNode(image, true));
    }
  };
  return dialog;
}

async function download(order, ending, name, status) {
  try {
    const blob = await api.exported(order, ending);
    const anchor = h("a", { href: URL.createObjectURL(blob), download: `${name.split("/").pop()}.${ending}` });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
    status.textContent = `${anchor.download} is written.`;
  } catch (error) {
    status.textContent = error.message;
  }
}
