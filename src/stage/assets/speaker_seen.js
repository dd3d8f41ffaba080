// @ts-check
// What the speaker sees of the stage: what is told now and next, and what the room does not know yet.

/** @import { Playlist } from "./playlist.js" */
/** @import { Run } from "./run.js" */
/** @import { Asked, Seen, Told } from "./speaker_messages.js" */
/** @import { Stop } from "./stops.js" */
/** @import { Theatre } from "./theatre.js" */

import { endTold } from "./end_told.js";
import { capital } from "./names.js";
import { answerTold } from "./predict.js";
import { sentence } from "./sentences.js";
import { TELLING } from "./stops.js";
import { span } from "./words.js";

/** The most events that are told of what comes next. */
const MOST_EVENTS = 3;

/**
 * What the speaker needs besides the theatre: the playlist, what is changed, and where the note is.
 *
 * @typedef {{ playlist?: Playlist | undefined, changes: string[], href: string }} Beside
 */

/**
 * @param {Theatre} theatre
 * @param {Beside} beside
 * @returns {Seen}
 */
export function seenBySpeaker({ player, story }, { playlist, changes, href }) {
  const { run, stop, at } = player;
  const { show } = run;
  const { kind, label, words, isRehearsed } = story.telling();
  const { pages } = story;
  const isPaged = pages.pages.length > 1;
  return {
    title: show.title,
    sub: `${show.problem.title} · ${show.protocol.title} · seed ${run.seed}`,
    place: placeOf(run, stop),
    page: isPaged ? `Page ${pages.at + 1} of ${pages.pages.length}` : "",
    now: kind === "opening" && !isRehearsed ? { label, words: words.slice(1) } : { label, words },
    next: pageAhead(pages) ?? nextOf(run, player.glide ? (player.meant ?? stop) : stop),
    asked: askedOf(story.questions.list),
    lesson: show.lesson ?? "",
    note: show.note ?? "",
    href: show.note ? href : "",
    demo: demoOf(playlist),
    moment: `${span(at)} of ${span(run.ends)}`,
    changes,
    prepared: show.try.flatMap(({ says }, digit) => (says === null || digit > 8 ? [] : [{ says, digit }])),
  };
}

/**
 * Returns what the next page of this stop tells; null on the last one.
 *
 * @param {Theatre["story"]["pages"]} pages
 * @returns {Told | null}
 */
function pageAhead(pages) {
  const words = pages.ahead();
  return words.length > 0 ? { label: `Page ${pages.at + 2} of ${pages.pages.length}`, words } : null;
}

/**
 * Returns how far the run is.
 *
 * @param {Run} run
 * @param {number} stop
 */
function placeOf({ beats, stops }, stop) {
  const told = stops.slice(0, stop + 1).filter(({ kind }) => kind === "beat").length;
  const all = stops.filter(({ kind }) => kind === "beat").length;
  if (stops[stop].kind === "opening") return all > 0 ? `The opening · ${all} beats to come` : "The opening";
  if (all === beats.length && all > 0) return `Beat ${told} of ${all}`;
  return `Stop ${stop + 1} of ${stops.length}`;
}

/**
 * @param {Run} run
 * @param {number} stop
 * @returns {Told | null}
 */
function nextOf(run, stop) {
  const next = run.stops[stop + 1];
  return next ? toldAt(run, next, run.stops[stop]) : null;
}

/**
 * Returns what is told at a stop that is still to come.
 *
 * @param {Run} run
 * @param {Stop} stop
 * @param {Stop} before
 * @returns {Told}
 */
function toldAt(run, stop, before) {
  if (stop.kind === "beat") return { label: `Beat ${stop.index + 1}`, words: [stop.say] };
  if (stop.kind === "end") return { label: "The end", words: [endTold(run)].filter(Boolean) };
  if (stop.kind === "question") return { label: "A question to the room", words: [run.questions[stop.index].ask] };
  const happens = run.events.slice(before.count, stop.count).filter(({ what }) => TELLING.has(what));
  const words = happens.slice(-MOST_EVENTS).map((event) => sentence(run, event));
  return { label: "What happens", words };
}

/**
 * @param {Theatre["story"]["questions"]["list"]} list
 * @returns {Asked[]}
 */
function askedOf(list) {
  return list.map(({ question, votes, isOpen, isAnswered }) => ({
    ask: question.ask,
    state: isAnswered ? "answered" : isOpen ? "open" : "to come",
    choices: question.choices.map(({ say }, index) => ({
      say,
      hands: votes[index],
      isRight: index === question.answer,
    })),
    says: capital(answerTold(question)),
  }));
}

/** @param {Playlist | undefined} playlist */
function demoOf(playlist) {
  if (!playlist?.note) return "";
  const { note, at, upcoming } = playlist;
  const next = upcoming ? ` · next: ${upcoming.title}` : " · the last one";
  return `Demo ${at + 1} of ${note.demos.length} · ${note.title}${next}`;
}
