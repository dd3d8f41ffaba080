// A run that the server made, with what is needed to ask: how did it all stand at that moment?

import { Course, Playback } from "./course.js";
import { Order } from "./order.js";
import { countUpTo } from "./sorted.js";

/** Events that a viewer wants to stop at. */
export const TELLING = new Set([
  "delivered",
  "lost",
  "corrupted",
  "cut",
  "to_crashed",
  "output",
  "crashed",
  "restarted",
  "paused",
  "resumed",
  "withheld",
  "clock_stepped",
  "partitioned",
  "healed",
]);

export class Run {
  /** `answer` is that of `POST /api/run`; `rehearsed` is the run that this one is a change of. */
  constructor(answer, rehearsed = null) {
    const { show, report } = answer;
    Object.assign(this, { answer, show, report });
    Object.assign(this, { nodes: show.nodes, events: show.events, messages: show.messages, ends: show.ends });
    this.messages.forEach((message, index) => (message.index = index));
    this.events.forEach((event, id) => (event.id = id));
    this.latestEnd = prefixMaximum(this.messages, (message) => message.ends);
    this.arrivals = this.messages.filter((m) => m.ending !== "withheld").sort((a, b) => a.ends - b.ends);
    this.lives = this.nodes.map((_, node) => life(this.events, node));
    this.reveals = reveals(show.verdicts);
    this.course = new Course(show.course);
    this.playback = new Playback(this);
    this.order = new Order(this);
    this.differs = rehearsed && firstDifference(this, rehearsed);
    // A changed run is told as the rehearsed one up to where they part.
    this.beats = (rehearsed ?? this).show.beats;
    this.stops = stops(this);
    this.inks = inks(this.messages);
    this.crowd = crowd(this.messages);
  }

  /** How many events have happened at `at`, all of that moment included. */
  countAt(at) {
    return countUpTo(this.events, at, (event) => event.at);
  }

  /** The messages that are under way at `at`. */
  underWay(at) {
    const found = [];
    for (let i = countUpTo(this.messages, at, (message) => message.sent) - 1; i >= 0 && this.latestEnd[i] >= at; i--) {
      const message = this.messages[i];
      if (message.ends > at && message.ending !== "withheld") found.push(message);
    }
    return found.reverse();
  }

  /** What is known of a node when `count` events have happened. */
  nodeAt(node, count) {
    const life = this.lives[node];
    const last = (list) => list[countUpTo(list, count - 1, (entry) => entry.id) - 1];
    return {
      state: last(life.states)?.text ?? "",
      rest: last(life.rests)?.rest ?? "up",
      outputs: life.outputs.slice(
        0,
        countUpTo(life.outputs, count - 1, (entry) => entry.id),
      ),
    };
  }

  /** How far a node's clock is ahead at `at`; nothing where clocks do not matter. */
  clockAt(node, at) {
    const corners = this.show.clocks?.[node];
    if (!corners) return null;
    const next = countUpTo(corners, at, (corner) => corner[0]);
    const [from, , after] = corners[Math.max(0, next - 1)];
    if (next >= corners.length) return corners[corners.length - 1][2];
    const [to, before] = corners[next];
    return after + ((before - after) * (at - from)) / Math.max(1, to - from);
  }

  /** The events that are evidence of the violations that show when `count` events have happened. */
  evidenceAt(count) {
    const known = countUpTo(this.reveals, count - 1, (reveal) => reveal.id);
    return this.reveals[known - 1] ?? NONE;
  }

  /** The partitions in force at `at`. */
  partitionsAt(at) {
    return this.show.partitions.filter((p) => p.from <= at && at < (p.to ?? Infinity));
  }
}

function prefixMaximum(list, of) {
  let most = -Infinity;
  return list.map((entry) => (most = Math.max(most, of(entry))));
}

/** A node's states, outputs and rests, each in order. */
function life(events, node) {
  const states = [];
  const outputs = [];
  const rests = [];
  for (const event of events) {
    if (event.node !== node) continue;
    if (event.state !== undefined) states.push({ id: event.id, text: event.state });
    if (event.what === "output") outputs.push(event);
    if (event.what === "crashed") rests.push({ id: event.id, at: event.at, rest: "down" });
    if (event.what === "paused") rests.push({ id: event.id, at: event.at, rest: "paused" });
    if (event.what === "restarted" || event.what === "resumed") rests.push({ id: event.id, at: event.at, rest: "up" });
  }
  return { states, outputs, rests };
}

/** What is evidence, by when it shows: a violation does as its last evidence has come. */
function reveals(verdicts) {
  const violated = verdicts.filter((verdict) => verdict.evidence.length > 0);
  const last = (verdict) => Math.max(...verdict.evidence);
  violated.sort((a, b) => last(a) - last(b));
  const events = new Set();
  const culprits = new Set();
  return violated.map((verdict) => {
    for (const id of verdict.evidence) events.add(id);
    culprits.add(last(verdict));
    return { id: last(verdict), events: new Set(events), culprits: new Set(culprits) };
  });
}

const NONE = { id: -1, events: new Set(), culprits: new Set() };

/** Where a presenter stops: beats and the question; events where there is nothing told. */
function stops(run) {
  const { show } = run;
  const list = [{ kind: "opening", at: 0, count: 0 }];
  const parts = run.differs === null ? Infinity : (run.events[run.differs]?.at ?? run.ends);
  const told = run.beats.filter((beat) => beat.at < parts);
  const question = show.predict && { kind: "question", at: Math.max(0, show.predict.at - 1), count: null };
  told.forEach((beat, index) => list.push({ kind: "beat", index, say: beat.say, at: beat.at, event: beat.event }));
  if (told.length === 0 || parts < Infinity) {
    let last = parts < Infinity ? parts - 1 : -1;
    for (const event of run.events) {
      if (!TELLING.has(event.what) || event.at <= last) continue;
      last = event.at;
      list.push({ kind: "event", at: event.at });
    }
  }
  if (question) {
    const place = list.findIndex((stop) => stop.kind !== "opening" && stop.at > question.at);
    list.splice(place < 0 ? list.length : place, 0, question);
  }
  if (list[list.length - 1].at < run.ends) list.push({ kind: "end", at: run.ends });
  return list.map((stop) => ({ ...stop, count: stop.count ?? run.countAt(stop.at) }));
}

/** An ink for each of the words that are said, where they are few and said again. */
function inks(messages) {
  const words = new Map();
  for (const { words: text } of messages) {
    if (!words.has(text)) words.set(text, words.size);
    if (words.size > 4) return new Map();
  }
  return words.size * 2 <= messages.length || words.size === 1 ? words : new Map();
}

/** How many messages are under way at once, at most. */
function crowd(messages) {
  const changes = messages.flatMap((message) => [
    [message.sent, 1],
    [message.ends, -1],
  ]);
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let now = 0;
  let most = 0;
  for (const [, change] of changes) most = Math.max(most, (now += change));
  return most;
}

/** The first event in which two runs differ; nothing if they are the same. */
export function firstDifference(one, other) {
  const told = (run, event) => {
    const message = run.messages[event.message];
    return [
      event.at,
      event.what,
      event.node,
      message?.name,
      message?.words,
      event.name,
      event.value,
      event.words,
      event.state,
    ].join("|");
  };
  const length = Math.max(one.events.length, other.events.length);
  for (let i = 0; i < length; i++) {
    if (!one.events[i] || !other.events[i]) return i;
    if (told(one, one.events[i]) !== told(other, other.events[i])) return i;
  }
  return null;
}
