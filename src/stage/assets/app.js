// @ts-check
// The page with someone behind it who runs what is asked for. Three parts, none of which imports
// the one after it: the session is the state of what is open, the shell shows it, and the router
// keeps the address.

/** @import { LibraryAnswer } from "../wire.d.ts" */

import * as api from "./api.js";
import { button, h, messageOfError } from "./dom.js";
import { isSaid } from "./forks.js";
import { listen, offeredWith } from "./keys.js";
import { Playlist } from "./playlist.js";
import { Router } from "./router.js";
import { Session } from "./session.js";
import { Shell } from "./shell.js";
import { listenToSwipes } from "./swipe.js";
import { Theatre } from "./theatre.js";

/** @param {() => void} isHere is called when there is something to show in place of the opening word */
export async function begin(isHere) {
  /** @type {LibraryAnswer} */
  let library;
  try {
    library = await api.library();
  } catch (error) {
    isHere();
    document.body.append(h("p", { class: "refusal", role: "alert" }, messageOfError(error)));
    return;
  }
  isHere();
  await start(library);
}

/** @param {LibraryAnswer} library */
async function start(library) {
  const notes = api.notes().catch(() => []);
  const playlist = new Playlist((link, entry) => session.open({ link }, { entry, isListed: true }));
  // A narrow page has room for one word, which is not that of the step back.
  const backWords = [
    h("span", { class: "wide" }, "Back to the rehearsed run"),
    h("span", { class: "short" }, "Rehearsed"),
  ];
  const backButton = button(h("span", {}, ...backWords), "R", () => session.rehearse(), {
    class: "forks",
    hidden: true,
  });
  const whatIfButton = button("What if", "H", () => {});
  const theatre = new Theatre(
    {
      fork: (fork) => session.fork([fork]),
      averts: (fork, property, signal) => session.averts(fork, property, signal),
      tryPrepared: (index) => session.tryPrepared(index),
      showTwin: () => shell.openTwins(),
      playlist,
    },
    [whatIfButton, backButton],
  );
  const { player } = theatre;
  const session = new Session(player, {
    leaving: (isListed) => {
      if (!isListed) playlist.leave();
      shell.leaving();
    },
    shown: (shown) => {
      shell.shown(shown);
      router.runShown(shown.entry, shown.how === "opened");
    },
    forked: (clauses) => {
      shell.forkTold.show(clauses, session.forks.every(isSaid));
      theatre.story.pages.fit();
    },
    accepted: () => shell.remarks.clear(),
    refused: (error) => shell.refused(error),
  });
  const shell = new Shell({ library, notes, session, theatre, playlist, backButton, whatIfButton });
  const router = new Router(session, playlist, notes, shell);
  api.whenFetching((isFetching) => shell.fetching(isFetching));
  player.watch((_, change) => change === "place" && router.runMoved());
  const keys = shell.keys();
  const tellIdle = (/** @type {string} */ why) => why && shell.remarks.mention(why, offeredWith(why, theatre));
  listen(keys, (digit) => theatre.story.vote(digit), {
    prepared: (digit) => shell.prepare(digit),
    pressed: () => shell.remarks.pass(),
    idle: tellIdle,
  });
  // A swipe says why it did nothing, as a key does.
  const swiped = (/** @type {unknown} */ done) => typeof done === "string" && tellIdle(done);
  listenToSwipes({ next: () => swiped(keys.ArrowRight()), back: () => swiped(keys.ArrowLeft()) });
  await router.arrive();
}
