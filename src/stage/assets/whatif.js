// What could have gone otherwise: the choices that a click can force.

import { span } from "./words.js";

/** What may be done about a message: the words on the button, and the choice with its option. */
export function aboutMessage(run, message) {
  const options = [];
  const { name, ending } = message;
  const [from, to] = [run.nodes[message.from].name, run.nodes[message.to].name];
  if (ending !== "withheld") {
    if (ending !== "lost")
      options.push({ words: "lose it", choice: name, option: "lose", says: `${from} → ${to} is lost` });
    if (ending === "lost" || ending === "corrupted" || message.twice) {
      options.push({ words: "deliver it", choice: name, option: "deliver", says: `${from} → ${to} is delivered` });
    }
    if (!message.copy) {
      if (ending !== "corrupted")
        options.push({ words: "damage it", choice: name, option: "corrupt", says: `${from} → ${to} is damaged` });
      options.push({ words: "deliver it twice", choice: name, option: "twice", says: `${from} → ${to} comes twice` });
    }
    // The network gives no time to what it loses.
    if (ending !== "lost") {
      const late = niceDelay(Math.max((message.ends - message.sent) * 4, 1));
      const delay = message.copy ? `${name}.delay2` : `${name}.delay`;
      options.push({ words: `delay it: ${late}`, choice: delay, option: late, says: `${from} → ${to} takes ${late}` });
    }
  }
  const slot = name.replace(/[a-z]$/, "");
  const said = ending === "withheld" ? "silent" : message.words;
  for (const words of message.alternatives ?? []) {
    if (words === said) continue;
    const shown = words === "silent" ? "say nothing" : `say “${words}”`;
    const truth = words === message.truth ? " (the truth)" : "";
    options.push({
      words: shown + truth,
      choice: `${slot}.lie`,
      option: words,
      says: `${from} ${words === "silent" ? "says nothing" : `says “${words}”`} to ${to}`,
    });
  }
  return options;
}

/** What may be done to a node right after an event. */
export function aboutNode(run, node, event) {
  const name = run.nodes[node].name;
  const place = event.what === "passed" ? `${event.name}:${event.nth}` : String(event.id);
  const short = niceDelay(downtime(run));
  const where = event.what === "passed" ? ` at ${event.name}` : ` at ${span(event.at)}`;
  return [
    {
      words: `crash ${name} here`,
      choice: `${name}@${place}.crash`,
      option: "forever",
      says: `${name} crashes${where}`,
    },
    {
      words: `crash it for ${short}`,
      choice: `${name}@${place}.crash`,
      option: short,
      says: `${name} is down for ${short}${where}`,
    },
    {
      words: `pause it for ${short}`,
      choice: `${name}@${place}.pause`,
      option: short,
      says: `${name} pauses for ${short}${where}`,
    },
  ];
}

/** A downtime that is felt in a run: some typical messages long. */
function downtime(run) {
  const lengths = run.messages
    .map((m) => m.ends - m.sent)
    .filter((length) => length > 0)
    .sort((a, b) => a - b);
  return (lengths[lengths.length >> 1] ?? run.ends / 20) * 3;
}

/** A round length of time as scenarios write it: `40ms`. */
export function niceDelay(ns) {
  for (const [unit, one] of [
    ["s", 1e9],
    ["ms", 1e6],
    ["us", 1e3],
    ["ns", 1],
  ]) {
    if (ns < one) continue;
    const value = ns / one;
    const size = 10 ** Math.max(0, Math.floor(Math.log10(value)));
    return `${Math.max(1, Math.round(value / size) * size)}${unit}`;
  }
  return "1ns";
}
