// Sharing: the link that replays exactly this, the command, and the run as a file.

import * as api from "./api.js";
import { copyButton } from "./copy.js";
import { h } from "./dom.js";

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
  /** `run` as it stands, with `event` shown. */
  dialog.openFor = async ({ run, event, order }) => {
    const fragment = event === null ? run.link : `${run.link}&event=${event}`;
    const reach = await api.reach().catch(() => ({ url: null, all: [], says: "" }));
    const status = h("p", { class: "status", role: "status" });
    const tell = (words) => (status.textContent = words);
    const row = (label, text) => {
      const field = h("input", { readonly: true, value: text, onfocus: (event) => event.target.select() });
      return [field, h("div", { class: "row" }, h("label", {}, label, field), copyButton(field, label, tell))];
    };
    const [link, linkRow] = row("The link", "");
    const [, commandRow] = row("The command", run.command);
    const code = h("div", { class: "qr" });
    const lead = async (url) => {
      link.value = `${url ?? location.href.split("#")[0]}#${fragment}`;
      code.replaceChildren();
      if (url) code.replaceChildren(...(await drawn(fragment, url)));
    };
    const file = ([ending, name, says]) =>
      h(
        "li",
        {},
        h("button", { type: "button", onclick: () => download(order, ending, run.show.scenario, status) }, name),
        h("span", {}, says),
      );
    body.replaceChildren(
      linkRow,
      commandRow,
      status,
      h("p", { class: "hint" }, ...worded(reach.says)),
      ...(reach.all.length > 1 ? [addresses(reach.all, lead)] : []),
      code,
      h("h3", {}, "As a file"),
      h("ul", { class: "files" }, ...FILES.map(file)),
    );
    await lead(reach.url);
    dialog.showModal();
  };
  return dialog;
}

/** The addresses that a link can lead to. */
function addresses(all, lead) {
  const choice = h(
    "select",
    { onchange: () => lead(choice.value) },
    ...all.map((url) => h("option", { value: url }, url)),
  );
  return h("label", { class: "address" }, "The address that it leads to", choice);
}

/** A link's code; nothing where the server makes none. */
async function drawn(fragment, url) {
  const svg = await api.qr(fragment, url).catch(() => "");
  const image = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return image.localName === "svg" ? [document.importNode(image, true)] : [];
}

/** Words with what stands between backticks as code. */
function worded(text) {
  return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
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
