// The inspector: all about the message, event or node that is selected, and what could have gone otherwise.

import { h } from "./dom.js";
import { eventOf, messageOf } from "./selection.js";
import { aboutMessage, aboutNode } from "./whatif.js";
import { fate, link, sentence, shown, signed, span } from "./words.js";

export class Inspector {
  constructor(player, actions) {
    Object.assign(this, { player, actions });
    this.element = h("section", { class: "inspector", "aria-label": "Inspector", hidden: true });
    player.watch((_, what) => (what === "selection" || what === "run") && this.show());
  }

  show() {
    const { player, element } = this;
    const { run, selected } = player;
    element.hidden = !selected;
    if (!selected) return;
    const close = h(
      "button",
      { type: "button", class: "close", "aria-label": "Close the inspector", onclick: () => player.select(null) },
      "×",
    );
    const message = messageOf(run, selected);
    const body =
      selected.node !== undefined
        ? this.node(selected.node)
        : message
          ? this.message(message)
          : this.event(run.events[eventOf(run, selected)]);
    element.replaceChildren(close, ...body.filter(Boolean));
  }

  message(message) {
    const { run } = this.player;
    const began = run.events[message.began];
    const cause = began.cause === undefined ? null : run.events[began.cause];
    const end = message.ended === undefined ? null : run.events[message.ended];
    const rows = [
      ["message", h("code", {}, message.name)],
      ["sent", span(message.sent)],
      message.ending === "withheld"
        ? null
        : [
            message.ending === "lost" ? "would arrive" : "arrives",
            `${span(message.ends)} (after ${span(message.ends - message.sent)})`,
          ],
      ["fate", fate(message)],
      message.truth ? ["instead of", `“${message.truth}”`] : null,
      cause ? ["because", this.visit(cause)] : null,
      end?.state ? ["then", `${run.nodes[message.to].name}: ${end.state}`] : null,
    ];
    const node = end && end.node === message.to ? aboutNode(run, message.to, end).slice(0, 2) : [];
    return [
      h(
        "h3",
        {},
        message.ending === "withheld" ? "says nothing" : `“${message.words}”`,
        h("span", {}, link(run, message)),
        message.lie ? h("em", { class: "lie" }, "a lie") : null,
      ),
      details(rows),
      this.options([...aboutMessage(run, message), ...node]),
    ];
  }

  event(event) {
    const { run } = this.player;
    const cause = event.cause === undefined ? null : run.events[event.cause];
    const before = event.node === undefined ? null : run.nodeAt(event.node, event.id).state;
    const rows = [
      ["event", `${event.id}, ${event.what.replaceAll("_", " ")}`],
      ["at", span(event.at)],
      cause ? ["because", this.visit(cause)] : null,
      before ? ["before", before] : null,
      event.state ? ["after", event.state] : null,
    ];
    const options = event.node === undefined ? [] : aboutNode(run, event.node, event);
    return [h("h3", {}, sentence(run, event)), details(rows), this.options(options)];
  }

  node(node) {
    const { run, at, count } = this.player;
    const { name, traitor, lie } = run.nodes[node];
    const known = run.nodeAt(node, count);
    let last = null;
    for (let i = count - 1; i >= 0 && !last; i--) if (run.events[i].node === node) last = run.events[i];
    const error = run.clockAt(node, at);
    const rows = [
      traitor ? ["traitor", lie ?? "yes"] : null,
      ["state", known.state || "nothing to tell"],
      known.rest === "up" ? null : ["now", known.rest],
      error === null ? null : ["clock", `${signed(Math.round(error))} against true time`],
      last ? ["last", this.visit(last)] : null,
      known.outputs.length > 0
        ? [
            "told its user",
            known.outputs
              .slice(-6)
              .map((output) => `${output.name} ${shown(output.value)}`)
              .join(", "),
          ]
        : null,
    ];
    return [h("h3", {}, name), details(rows), this.options(last ? aboutNode(run, node, last) : [])];
  }

  visit(event) {
    return h(
      "button",
      { type: "button", class: "link", onclick: () => this.actions.visit(event.id) },
      sentence(this.player.run, event),
    );
  }

  options(options) {
    if (options.length === 0 || !this.actions.fork) return null;
    return h(
      "div",
      { class: "whatif" },
      h("h4", {}, "What if?"),
      ...options.map(({ words, choice, option, says }) =>
        h(
          "button",
          {
            type: "button",
            "data-choice": `${choice}=${option}`,
            onclick: () => this.actions.fork({ choice, option, says }),
          },
          words,
        ),
      ),
    );
  }
}

function details(rows) {
  return h("dl", {}, ...rows.filter(Boolean).flatMap(([term, words]) => [h("dt", {}, term), h("dd", {}, words)]));
}
