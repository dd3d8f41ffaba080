// @ts-check
// Sharing: the link that replays exactly this run, the command, and the run as a file.

/** @import { RunAnswer } from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */

import * as api from "./api.js";
import { copyButton } from "./clipboard.js";
import { closeButton, h, messageOfError } from "./dom.js";
import { linkAt } from "./fragment.js";

/** @type {[ending: string, name: string, says: string][]} */
const FILES = [
  ["html", "One web page", "opens from disk, with no server"],
  ["svg", "SVG", "the space-time diagram"],
  ["mmd", "Mermaid", "a sequence diagram for Markdown"],
  ["shiviz", "ShiViz", "a log with vector clocks"],
  ["perfetto.json", "Perfetto", "a trace for Perfetto and Chrome"],
  ["jsonl", "JSON lines", "the trace, one event a line"],
];

/** How long a file's address is valid while the browser writes the file, in milliseconds. */
const WRITING = 10_000;

export class Share {
  constructor() {
    this.body = h("div");
    this.status = h("p", { class: "status", role: "status" });
    this.link = h("input", { readonly: true });
    this.code = h("div", { class: "qr" });
    this.dialog = h(
      "dialog",
      { class: "share", "aria-label": "Share" },
      h("form", { method: "dialog" }, h("h2", {}, "Share this run"), closeButton("Close")),
      this.body,
    );
  }

  /** @param {string} words */
  tell(words) {
    this.status.textContent = words;
  }

  /**
   * Shows how to share a run as it stands.
   *
   * @param {RunAnswer} answer
   * @param {number | null} event the event at which it stands
   * @param {Request} request
   */
  async openFor(answer, event, request) {
    const fragment = linkAt(answer.link, event);
    const reach = await api.reach().catch(() => ({ url: null, all: [], says: "" }));
    const command = h("input", { readonly: true, value: answer.command });
    this.tell("");
    this.body.replaceChildren(
      this.row("The link", this.link),
      this.row("The command", command),
      this.status,
      h("p", { class: "hint" }, ...withCode(reach.says)),
      ...(reach.all.length > 1 ? [this.addresses(reach.all, fragment)] : []),
      this.code,
      ...this.files(request, answer.show.scenario),
    );
    await this.lead(reach.url, fragment);
    this.dialog.showModal();
  }

  /**
   * @param {string} label
   * @param {HTMLInputElement} field
   */
  row(label, field) {
    field.onfocus = () => field.select();
    const copy = copyButton(field, label, (words) => this.tell(words));
    return h("div", { class: "row" }, h("label", {}, label, field), copy);
  }

  /**
   * Shows the link at an address, with its code if others can open the address.
   *
   * @param {string | null} url
   * @param {string} fragment
   */
  async lead(url, fragment) {
    this.link.value = `${url ?? location.href.split("#")[0]}#${fragment}`;
    this.code.replaceChildren();
    if (url) this.code.replaceChildren(...(await drawnCode(fragment, url)));
  }

  /**
   * Returns the choice of addresses that a link can lead to.
   *
   * @param {readonly string[]} all
   * @param {string} fragment
   */
  addresses(all, fragment) {
    const choice = h("select", {}, ...all.map((url) => h("option", { value: url }, url)));
    choice.onchange = () => void this.lead(choice.value, fragment);
    return h("label", { class: "address" }, "The address of the link", choice);
  }

  /**
   * Returns what the run can be written as, where somebody writes it.
   *
   * @param {Request} request
   * @param {string} scenario
   */
  files(request, scenario) {
    if (api.isOnSite) return [];
    const files = FILES.map((file) => this.file(file, request, scenario));
    return [h("h3", {}, "As a file"), h("ul", { class: "files" }, ...files)];
  }

  /**
   * @param {[ending: string, name: string, says: string]} file
   * @param {Request} request
   * @param {string} scenario
   */
  file([ending, name, says], request, scenario) {
    const save = () => void this.download(request, ending, scenario);
    return h("li", {}, h("button", { type: "button", onclick: save }, name), h("span", {}, says));
  }

  /**
   * @param {Request} request
   * @param {string} ending
   * @param {string} scenario
   */
  async download(request, ending, scenario) {
    try {
      const blob = await api.exported(request, ending);
      const anchor = h("a", { href: URL.createObjectURL(blob), download: `${scenario.split("/").pop()}.${ending}` });
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), WRITING);
      this.tell(`${anchor.download} is written.`);
    } catch (error) {
      this.tell(messageOfError(error));
    }
  }
}

/**
 * Returns the code of a link; nothing if the server makes none.
 *
 * @param {string} fragment
 * @param {string} url
 */
async function drawnCode(fragment, url) {
  const svg = await api.qr(fragment, url).catch(() => "");
  const image = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return image.localName === "svg" ? [document.importNode(image, true)] : [];
}

/**
 * Returns words, with those between backticks as code.
 *
 * @param {string} text
 */
function withCode(text) {
  return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}
