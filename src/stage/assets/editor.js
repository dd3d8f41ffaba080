// @ts-check
// A scenario of one's own: its text, what is wrong with it while it is written, and its run. The
// run's link holds the text.

/** @import { CheckAnswer, ErrorTold } from "../wire.d.ts" */
/** @import { Request } from "./forks.js" */

import * as api from "./api.js";
import { closeButton, h, messageOfError } from "./dom.js";

/** How long one writes on before the text is checked, in milliseconds. */
const PAUSE = 250;

export class Editor {
  /** @param {(scenario: string, text: string) => unknown} run runs a text, and what it is called */
  constructor(run) {
    this.run = run;
    this.name = "mine";
    this.later = 0;
    this.leaving = new AbortController();
    this.text = h("textarea", {
      "aria-label": "The scenario's file",
      "aria-describedby": "scenario-errors",
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    this.status = h("p", { class: "status", role: "status" });
    this.errors = h("ol", { id: "scenario-errors", class: "errors", "aria-label": "What is wrong with it" });
    this.runButton = h("button", { type: "button", class: "main", onclick: () => this.play() }, "Run it");
    this.text.addEventListener("input", () => this.checkSoon());
    this.dialog = h(
      "dialog",
      { class: "editor", "aria-label": "The scenario's file" },
      h("form", { method: "dialog" }, h("h2", {}, "The scenario's file"), closeButton("Close")),
      h("p", { class: "hint" }, "Change what you like. The link of its run holds the whole text. Ctrl+Enter runs it."),
      this.text,
      h("div", { class: "told" }, this.status, this.errors),
      h("div", { class: "row" }, this.runButton),
    );
    this.dialog.addEventListener("close", () => this.leave());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.play();
    });
  }

  /**
   * Shows the file of a run's scenario.
   *
   * @param {Request} request
   */
  async openFor({ scenario, text }) {
    if (this.dialog.open) return;
    this.errors.replaceChildren();
    this.status.textContent = "";
    this.dialog.showModal();
    try {
      const shown = text ?? (await api.file(scenario ?? ""));
      // A text of one's own is not called as one that ships.
      this.name = text ? (scenario ?? "mine") : `my-${(scenario ?? "").split("/").pop()}`;
      this.text.value = shown;
      this.text.setSelectionRange(0, 0);
      this.text.scrollTop = 0;
      this.text.focus();
      await this.check();
    } catch (error) {
      this.status.textContent = messageOfError(error);
    }
  }

  checkSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.check(), PAUSE);
  }

  /** Says what keeps the text from being run. Returns whether nothing does. */
  async check() {
    clearTimeout(this.later);
    this.leaving.abort();
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    try {
      const answer = await api.check({ scenario: this.name, text: this.text.value, set: [], force: [] }, signal);
      if (!signal.aborted) this.tell(answer);
      return answer.error === null;
    } catch (error) {
      if (!api.isAborted(error)) this.status.textContent = messageOfError(error);
      return false;
    }
  }

  /** @param {CheckAnswer} answer */
  tell({ error, title }) {
    this.runButton.disabled = error !== null;
    this.text.setAttribute("aria-invalid", String(error !== null));
    this.status.textContent = error ? `${capital(error.message)}.` : `“${title}” can be run.`;
    const findings = error?.findings ?? [];
    this.errors.replaceChildren(...findings.map((finding) => this.finding(finding)));
    this.errors.hidden = findings.length === 0;
  }

  /** @param {ErrorTold["findings"][number]} finding */
  finding({ line, column, message, help }) {
    const words = [h("span", {}, message), help ? h("span", { class: "help" }, help) : null];
    if (line === null) return h("li", {}, ...words);
    const go = () => this.lead(line, column ?? 1);
    const place = `Line ${line}${column === null ? "" : `, ${column}`}`;
    return h("li", {}, h("button", { type: "button", onclick: go }, place), " ", ...words);
  }

  /**
   * Leads to a place of the text, both counted from 1.
   *
   * @param {number} line
   * @param {number} column in characters
   */
  lead(line, column) {
    const lines = this.text.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
    const within = [...(lines[line - 1] ?? "")];
    const start = before + within.slice(0, column - 1).join("").length;
    this.text.focus();
    this.text.setSelectionRange(start, before + within.join("").length);
    // Browsers scroll to what is written, not to what is selected.
    this.text.scrollTop = (this.text.scrollHeight * Math.max(0, line - 4)) / Math.max(1, lines.length);
  }

  async play() {
    if (!(await this.check())) return;
    this.dialog.close();
    await this.run(this.name, this.text.value);
  }

  leave() {
    clearTimeout(this.later);
    this.leaving.abort();
  }
}

/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
