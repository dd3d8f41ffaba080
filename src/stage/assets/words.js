// What happened, in words: moments, lengths of time, events and messages as sentences.

const UNITS = [
  ["s", 1e9],
  ["ms", 1e6],
  ["µs", 1e3],
  ["ns", 1],
];

/** A length of time of `ns` nanoseconds, to `digits` significant digits: `26.4 ms`. */
export function span(ns, digits = 4) {
  if (ns === 0) return "0";
  const size = Math.abs(ns);
  if (size >= 120e9) return longSpan(ns);
  const [unit, one] = UNITS.find(([, one]) => size >= one) ?? UNITS[3];
  const value = ns / one;
  const decimals = Math.max(0, digits - Math.ceil(Math.log10(Math.abs(value) + 1e-12)));
  return `${Number(value.toFixed(Math.min(decimals, 3)))} ${unit}`.replace("-", "−");
}

/** Minutes, hours and days, the two largest of them. */
function longSpan(ns) {
  let rest = Math.round(Math.abs(ns) / 1e9);
  const parts = [];
  for (const [unit, one] of [
    ["d", 86400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ]) {
    const count = Math.floor(rest / one);
    rest -= count * one;
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count} ${unit}` : null);
    if (parts.length === 2) break;
  }
  return (ns < 0 ? "−" : "") + parts.filter(Boolean).join(" ");
}

const LENGTH = /^(-?\d+(?:\.\d+)?)(ns|us|ms|s)$/;

/** A value that a process told or noted; lengths of time as people say them. */
export function shown(value) {
  const length = typeof value === "string" ? LENGTH.exec(value) : null;
  if (!length) return String(value);
  return span(Number(length[1]) * { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }[length[2]]);
}

/** A clock's error with its sign. */
export function signed(ns) {
  return ns === 0 ? "±0" : `${ns > 0 ? "+" : "−"}${span(Math.abs(ns), 3)}`;
}

/** `1st`, `2nd`, `3rd` … */
export function ordinal(n) {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return `${n}${["th", "st", "nd", "rd"][n % 10] ?? "th"}`;
}

/** `1 message`, `2 messages`. */
export function count(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

const quoted = (words) => (words ? `“${words}”` : "a message");

/** What became of a message, a few words. */
export function fate(message) {
  return {
    delivered: "delivered",
    lost: "lost by the network",
    corrupted: "arrived damaged, and was dropped",
    cut: "cut off by a partition",
    "to-crashed": "came to a node that was down",
    "in-flight": "still under way when the run ended",
    withheld: "never sent",
  }[message.ending];
}

/** A message's name for people: `alice → bob, 3rd`. */
export function link(run, message) {
  const nth = Number.parseInt(message.name.split(":")[2], 10);
  const copy = message.copy ? ", the copy" : "";
  return `${run.nodes[message.from].name} → ${run.nodes[message.to].name}, ${ordinal(nth)}${copy}`;
}

/** An event as a sentence. */
export function sentence(run, event) {
  const who = event.node === undefined ? "The network" : run.nodes[event.node].name;
  const message = run.messages[event.message];
  const from = message && run.nodes[message.from].name;
  const to = message && run.nodes[message.to].name;
  const because = event.words ? `: ${event.words}` : "";
  const instead = message?.truth ? `, instead of ${quoted(message.truth)}` : "";
  switch (event.what) {
    case "traitor":
      return `${who} is a traitor.`;
    case "started":
      return `${who} begins${event.state ? `: ${event.state}` : ""}.`;
    case "sent":
      return `${from} says ${quoted(message.words)} to ${to}${message.lie ? `, a lie${instead}` : ""}.`;
    case "withheld":
      return `${from} says nothing to ${to}${instead}.`;
    case "copied":
      return `The network copies ${quoted(message.words)} from ${from} to ${to}.`;
    case "lost":
      return `The network loses ${quoted(message.words)} from ${from} to ${to}.`;
    case "delivered":
      return `${to} hears ${quoted(message.words)} from ${from}${message.lie ? `, a lie${instead}` : ""}.`;
    case "corrupted":
      return `${quoted(message.words)} from ${from} reaches ${to} damaged, and is dropped.`;
    case "cut":
      return `The partition cuts off ${quoted(message.words)} from ${from} to ${to}.`;
    case "to_crashed":
      return `${quoted(message.words)} from ${from} finds ${to} down.`;
    case "timer":
      return `${who} is reminded${because}.`;
    case "output":
      if (event.name === "decision") return `${who} decides: ${shown(event.value)}.`;
      return `${who} tells its user: ${event.name} ${shown(event.value)}.`;
    case "noted":
      return event.words ? `${who} ${event.words}.` : `${who} notes ${event.name} ${shown(event.value)}.`;
    case "wrote":
      return `${who} writes to disk${because}.`;
    case "passed":
      return `${who} passes ${event.name}, ${ordinal(event.nth)} time.`;
    case "crashed":
      return `${who} crashes: its memory is gone.`;
    case "writes_lost":
      if (event.name === "all") return `The disk of ${who} is lost.`;
      return `${who} had not synced its last ${event.nth === 1 ? "write" : `${event.nth} writes`}: gone.`;
    case "restarted":
      return `${who} restarts from its disk.`;
    case "paused":
      return `${who} pauses.`;
    case "resumed":
      return `${who} goes on.`;
    case "clock_stepped":
      return `The clock of ${who} jumps by ${shown(event.value)}.`;
    case "clock_slewed":
      return `The clock of ${who} is being corrected by ${shown(event.value)}.`;
    case "clock_drifted":
      return `The clock of ${who} now drifts by ${event.value}.`;
    case "partitioned":
      return "The network falls apart.";
    case "healed":
      return "The network is whole again.";
    default:
      return `${who}: ${event.what}.`;
  }
}

/** Where something stands that waits for its turn. */
export function queued({ place }) {
  return `Waiting for others: ${place === 1 ? "next" : ordinal(place)} in the queue …`;
}
