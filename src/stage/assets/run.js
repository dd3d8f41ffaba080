// @ts-check
// A run from the server, indexed to answer: what was the state of everything at a given moment?

/** @import * as Wire from "../wire.d.ts" */
/** @import { Knowledge } from "./knowledge.js" */

import { countUpTo } from "./binary_search.js";
import { Causality } from "./causality.js";
import { hasPicture } from "./glyphs.js";
import { initialsOf } from "./initials.js";
import { laneFacts } from "./lane_facts.js";
import { callNodes } from "./names.js";
import { fingerprint, Parting } from "./parting.js";
import { beatsThatHold, isSetUpOtherwise } from "./retold.js";
import { stopsOf } from "./stops.js";
import { Playback, TimeScale } from "./time_scale.js";
import { named, quotable } from "./told.js";

/**
 * A message and an event, each with its place in the run's list. Of a run as one node knows it, a
 * message is `isUnsure` where the node cannot know whether it arrived, and `isUnseen` where the node
 * neither sent nor heard it.
 *
 * @typedef {Wire.Message & { index: number, isUnsure?: boolean, isUnseen?: boolean }} Message
 * @typedef {Wire.TraceEvent & { id: number }} RunEvent
 */

/** @typedef {"up" | "down" | "paused"} Status */

/**
 * Evidence of violations that is known with an event: its events, and of each violation the event
 * from which on it is one. `name` is the property that is violated from this event on; null where
 * it only shows more of one that was violated before.
 *
 * @typedef {{ id: number, name: string | null, events: Set<number>, culprits: Set<number> }} Evidence
 */

/** @type {Evidence} */
const NO_EVIDENCE = { id: -1, name: null, events: new Set(), culprits: new Set() };

export class Run {
  /**
   * @param {Wire.RunAnswer} answer what `POST /api/run` answers
   * @param {Run | null} rehearsed the run that this one is a change of
   * @param {string | null} changes what is changed in it, in words
   */
  constructor(answer, rehearsed = null, changes = answer.show.changes) {
    const { show, report } = answer;
    this.answer = answer;
    this.show = show;
    /** Of a run as one node knows it: what that is. @type {Knowledge | null} */
    this.knowledge = null;
    this.report = report;
    this.nodes = callNodes(show);
    this.ends = show.ends;
    /** @type {Message[]} */
    this.messages = show.messages.map((message, index) => {
      const { words, truth } = message;
      const said = truth === undefined ? {} : { truth: quotable(this, truth) };
      return Object.assign(message, { index, words: quotable(this, words), ...said });
    });
    /** @type {RunEvent[]} */
    this.events = show.events.map((event, id) => {
      const told = event.words === undefined ? {} : { words: named(this, event.words) };
      return Object.assign(event, { id, ...told });
    });
    this.latestEnd = prefixMaximum(this.messages.map((message) => message.ends));
    this.arrivals = this.messages.filter((m) => m.ending !== "withheld").sort((a, b) => a.ends - b.ends);
    this.lives = this.nodes.map((_, node) => lifeOf(this.events, node));
    /** What lasts along each node's lane. */
    this.lasting = this.lives.map((life) => laneFacts(this.events, life));
    /** The seed, as digits, which JavaScript does not round. */
    this.seed = answer.order.seed ?? String(answer.report.seed);
    this.reveals = reveals(show.verdicts);
    this.timeScale = new TimeScale(show.course);
    this.playback = new Playback(this);
    this.causality = new Causality(this.events, this.nodes.length);
    this.differs = rehearsed && firstDifference(this, rehearsed);
    /** What this run and the rehearsed one have for themselves, if their nodes are the same. */
    this.parting = rehearsed && partingOf(this, rehearsed);
    /**
     * The story: that of the rehearsed run.
     *
     * @type {Wire.BeatTold[]}
     */
    this.beats = (rehearsed ?? this).show.beats;
    /** Whether it is a change of the rehearsed run. */
    this.isChanged = rehearsed !== null;
    /** What is changed of the run that the story is about. */
    this.changes = changes;
    /** Whether what the story tells first may be false of this run. */
    this.isSetUpOtherwise = rehearsed !== null && isSetUpOtherwise(this, rehearsed);
    /** The beats that are true of this run. */
    this.holding = rehearsed ? beatsThatHold(this, rehearsed) : new Set(this.beats);
    this.questions = show.questions;
    this.moments = show.moments;
    /** The events that are spoken of at some stop. */
    this.told = toldOf(this);
    this.stops = stopsOf(this);
    this.colours = coloursOf(this.messages);
    this.mostUnderWay = mostUnderWay(this.messages);
    /** The letters of the nodes that have no picture. */
    this.initials = lettersOf(this.nodes);
  }

  /**
   * Returns how many events have happened at `at`, those of that moment included.
   *
   * @param {number} at
   */
  countAt(at) {
    return countUpTo(this.events, at, (event) => event.at);
  }

  /**
   * Returns the last of the first `count` events that is wanted; null if none is.
   *
   * @param {number} count
   * @param {(event: RunEvent) => boolean} isWanted
   */
  lastOf(count, isWanted) {
    for (let i = count - 1; i >= 0; i--) if (isWanted(this.events[i])) return this.events[i];
    return null;
  }

  /**
   * Returns the messages that are under way at `at`, in the order in which they were sent.
   *
   * @param {number} at
   */
  underWay(at) {
    return this.between(at, at).filter((message) => message.ends > at && message.ending !== "withheld");
  }

  /**
   * Returns the messages that are on their way at any moment from `from` to `to`.
   *
   * @param {number} from
   * @param {number} to
   */
  between(from, to) {
    /** @type {Message[]} */
    const found = [];
    for (let i = countUpTo(this.messages, to, (m) => m.sent) - 1; i >= 0 && this.latestEnd[i] >= from; i--) {
      if (this.messages[i].ends >= from) found.push(this.messages[i]);
    }
    return found.reverse();
  }

  /**
   * Returns what is known of a node when `count` events have happened.
   *
   * @param {number} node
   * @param {number} count
   */
  nodeAt(node, count) {
    const { states, statuses, outputs } = this.lives[node];
    /** @type {(list: readonly { id: number }[]) => number} */
    const known = (list) => countUpTo(list, count - 1, (entry) => entry.id);
    const state = states[known(states) - 1];
    return {
      facts: state?.facts ?? NOTHING,
      /** The event after which it knew them. */
      since: state?.id ?? -1,
      status: statuses[known(statuses) - 1]?.status ?? "up",
      outputs: outputs.slice(0, known(outputs)),
    };
  }

  /**
   * Returns how far a node's clock is ahead of true time at `at`, in nanoseconds; null where clocks
   * do not matter.
   *
   * @param {number} node
   * @param {number} at
   */
  clockAt(node, at) {
    const corners = this.show.clocks?.[node];
    if (!corners) return null;
    const next = countUpTo(corners, at, (corner) => corner[0]);
    if (next >= corners.length) return corners[corners.length - 1][2];
    const [from, , after] = corners[Math.max(0, next - 1)];
    const [to, before] = corners[next];
    return after + ((before - after) * (at - from)) / Math.max(1, to - from);
  }

  /**
   * Returns the evidence of the violations that are known when `count` events have happened.
   *
   * @param {number} count
   */
  evidenceAt(count) {
    const known = countUpTo(this.reveals, count - 1, (reveal) => reveal.id);
    return this.reveals[known - 1] ?? NO_EVIDENCE;
  }

  /**
   * Returns the properties that are violated at a node, and known to be when `count` events have
   * happened.
   *
   * @param {number} node
   * @param {number} count
   */
  violatedAt(node, count) {
    const known = this.reveals.filter(({ id }) => id < count && this.placeOf(this.events[id]) === node);
    return known.flatMap(({ name }) => name ?? []);
  }

  /**
   * Whether a node is part of the evidence that is known when `count` events have happened.
   *
   * @param {number} node
   * @param {number} count
   */
  isEvidence(node, count) {
    return [...this.evidenceAt(count).events].some((id) => this.events[id]?.node === node);
  }

  /**
   * Returns the node at which an event happened; of a message without one, its receiver.
   *
   * @param {RunEvent} event
   */
  placeOf({ node, message }) {
    return node ?? (message === undefined ? undefined : this.messages[message].to);
  }

  /**
   * Returns the partitions in force at `at`.
   *
   * @param {number} at
   */
  partitionsAt(at) {
    return this.show.partitions.filter((p) => p.from <= at && at < (p.to ?? Infinity));
  }
}

/**
 * Returns the letters of each node; none where its role has a picture.
 *
 * @param {readonly Wire.NodeShown[]} nodes
 */
function lettersOf(nodes) {
  const letters = initialsOf(nodes.filter(({ role }) => !hasPicture(role)).map(({ name }) => name));
  return nodes.map(({ role }) => (hasPicture(role) ? "" : (letters.shift() ?? "")));
}

/**
 * Returns the events that a run's stops speak of: those of the story, and of a changed run what
 * matters from where it parts.
 *
 * @param {Pick<Run, "holding" | "moments" | "differs">} run
 */
function toldOf({ holding, moments, differs }) {
  const parts = differs ?? Infinity;
  const ofBeats = [...holding].flatMap(({ event }) => event ?? []);
  return new Set([...ofBeats, ...moments.filter((event) => event >= parts)]);
}

/** @param {number[]} numbers */
function prefixMaximum(numbers) {
  let most = -Infinity;
  return numbers.map((number) => {
    most = Math.max(most, number);
    return most;
  });
}

/** What a node knows that has told nothing. @type {readonly Wire.Fact[]} */
const NOTHING = [];

/** @type {Partial<Record<Wire.EventKind, Status>>} */
const STATUS_AFTER = { crashed: "down", paused: "paused", restarted: "up", resumed: "up" };

/**
 * Returns a node's states, outputs and changes of status, each in order.
 *
 * @param {readonly RunEvent[]} events
 * @param {number} node
 */
function lifeOf(events, node) {
  /** @type {{ id: number, facts: readonly Wire.Fact[] }[]} */
  const states = [];
  /** @type {RunEvent[]} */
  const outputs = [];
  /** @type {{ id: number, at: number, status: Status }[]} */
  const statuses = [];
  for (const event of events) {
    if (event.node !== node) continue;
    const { id, at, what } = event;
    if (event.facts !== undefined) states.push({ id, facts: event.facts });
    if (what === "output") outputs.push(event);
    const status = STATUS_AFTER[what];
    if (status) statuses.push({ id, at, status });
  }
  return { states, outputs, statuses };
}

/**
 * Returns the evidence in the order in which it shows: with the event from which on a property is
 * violated, and what comes later at its own moment.
 *
 * @param {readonly Wire.VerdictShown[]} verdicts
 * @returns {Evidence[]}
 */
function reveals(verdicts) {
  const violated = verdicts.flatMap(({ name, evidence, since }) => (since === null ? [] : [{ name, evidence, since }]));
  const shown = violated.flatMap(({ name, evidence, since }) => {
    const [by, after] = [evidence.filter((id) => id <= since), evidence.filter((id) => id > since)];
    /** @type {{ id: number, name: string | null, added: number[] }[]} */
    const later = after.map((id) => ({ id, name: null, added: [id] }));
    return [{ id: since, name, added: by }, ...later];
  });
  shown.sort((a, b) => a.id - b.id);
  /** @type {Set<number>} */
  const events = new Set();
  /** @type {Set<number>} */
  const culprits = new Set();
  return shown.map(({ id, name, added }) => {
    for (const one of added) events.add(one);
    if (name !== null) culprits.add(id);
    return { id, name, events: new Set(events), culprits: new Set(culprits) };
  });
}

/**
 * Returns a colour, by number, for each of the contents of messages, where these are few and
 * repeated.
 *
 * @param {readonly Message[]} messages
 */
function coloursOf(messages) {
  /** @type {Map<string, number>} */
  const contents = new Map();
  for (const { words } of messages) {
    if (!contents.has(words)) contents.set(words, contents.size);
    if (contents.size > 4) return new Map();
  }
  return contents.size * 2 <= messages.length || contents.size === 1 ? contents : new Map();
}

/**
 * Returns how many messages are under way at once, at most.
 *
 * @param {readonly Message[]} messages
 */
function mostUnderWay(messages) {
  const changes = messages.flatMap(({ sent, ends }) => [
    { at: sent, by: 1 },
    { at: ends, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/**
 * @param {Run} run
 * @param {Run} rehearsed
 */
function partingOf(run, rehearsed) {
  const areSame = run.nodes.map(({ id }) => id).join() === rehearsed.nodes.map(({ id }) => id).join();
  return run.differs === null || !areSame ? null : new Parting(run, rehearsed, run.differs);
}

/**
 * Returns the first event in which two runs differ, by number; null if they are the same.
 *
 * @param {Pick<Run, "events" | "messages">} one
 * @param {Pick<Run, "events" | "messages">} other
 */
export function firstDifference(one, other) {
  const length = Math.max(one.events.length, other.events.length);
  for (let i = 0; i < length; i++) {
    if (!one.events[i] || !other.events[i]) return i;
    if (fingerprint(one, one.events[i]) !== fingerprint(other, other.events[i])) return i;
  }
  return null;
}
