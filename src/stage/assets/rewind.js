// @ts-check
// Rewinding from a verdict: the playhead walks back along the causes of what was violated, all else
// dimmed, to the choice without which it could have gone otherwise.

/** @import { VerdictShown } from "../wire.d.ts" */
/** @import { Blame } from "./blame.js" */
/** @import { Player } from "./player.js" */
/** @import { Run } from "./run.js" */
/** @import { Stress } from "./stress.js" */
/** @import { Actions } from "./theatre.js" */

import { blamesOf, violationTold, whyTold } from "./blame.js";
import { button, closeButton, h } from "./dom.js";
import { inline } from "./inline.js";
import { narrow } from "./narrow.js";
import { isPresent } from "./present.js";
import { sentence } from "./sentences.js";
import { span } from "./words.js";

/** How many seconds a step takes at most. */
const STEP = 1.1;
/** What is no step of its own. */
const SILENT = ["noted", "passed", "wrote", "started"];

/** What is said where a way ends. @type {Record<Blame["kind"], string>} */
const ENDS = {
  choice: "This could have been otherwise.",
  draw: "It could have taken another time.",
  beginning: "Here it began: nothing on this way was chosen.",
};

/**
 * A walk: the violated verdict, the way to a choice, whether the verdict would be another one without
 * that choice, and where the walk stands; 0 is the violation.
 *
 * @typedef {{ verdict: VerdictShown, blame: Blame, isProven: boolean, steps: number[], at: number }} Walk
 */

export class Rewind {
  /**
   * @param {Player} player
   * @param {Actions} actions
   * @param {(stress: Stress | null) => void} emphasise dims all but what stands out
   */
  constructor(player, actions, emphasise) {
    this.player = player;
    this.actions = actions;
    this.emphasise = emphasise;
    /** @type {Walk | null} */
    this.walk = null;
    /** Where the run stood before the walk. @type {{ at: number, count: number } | null} */
    this.stood = null;
    /** @type {AbortController | null} */
    this.proving = null;
    this.element = h("section", { class: "rewind", "aria-label": "Back along the causes", hidden: true });
    this.words = h("div", { "aria-live": "polite" });
    player.watch((_, change) => change === "run" && this.close(false));
  }

  get isOpen() {
    return this.walk !== null;
  }

  /** The violations that are known now, with evidence, the latest first. */
  get known() {
    const { run, told } = this.player;
    const since = (/** @type {VerdictShown} */ { since }) => since ?? Infinity;
    return run.show.verdicts.filter((verdict) => since(verdict) < told).sort((a, b) => since(b) - since(a));
  }

  /** Walks back from the latest violation, or from the next one; after the last, it is left. */
  next() {
    if (!this.player.isOpen) return false;
    const { known, walk } = this;
    const index = walk ? known.findIndex(({ name }) => name === walk.verdict.name) + 1 : 0;
    const verdict = known[index];
    if (!verdict) return walk ? this.close() : false;
    return this.open(verdict);
  }

  /**
   * Begins at a violation. Returns false if nothing is known to have caused it.
   *
   * @param {VerdictShown} verdict
   */
  open(verdict) {
    const { run } = this.player;
    const blames = blamesOf(run, verdict);
    const [blame] = blames;
    if (!blame) return false;
    this.player.select(null);
    this.stood ??= { at: this.player.at, count: this.player.count };
    this.walk = { verdict, blame, isProven: false, steps: stepsOf(run, blame), at: 0 };
    this.show();
    void this.prove(this.walk, blames);
    return true;
  }

  /**
   * Looks for the nearest choice without which the property is not violated, by running it.
   *
   * @param {Walk} walk
   * @param {readonly Blame[]} blames
   */
  async prove(walk, blames) {
    const { averts } = this.actions;
    this.proving?.abort();
    this.proving = new AbortController();
    if (!averts) return;
    const { signal } = this.proving;
    for (const blame of blames) {
      if (!blame.undo) continue;
      const isProven = await averts(blame.undo.fork, walk.verdict.name, signal).catch(() => false);
      if (signal.aborted || this.walk !== walk) return;
      if (!isProven) continue;
      // Who has already walked on stays on the way.
      if (walk.at > 0 && blame !== walk.blame) return;
      Object.assign(walk, { blame, isProven, steps: stepsOf(this.player.run, blame) });
      return this.show();
    }
  }

  /**
   * Goes a step further back along the causes, or one towards the violation, and from there out.
   *
   * @param {1 | -1} by
   */
  step(by) {
    const { walk } = this;
    if (!walk) return false;
    const at = walk.at + by;
    if (at < 0) return this.close();
    if (at >= walk.steps.length) return false;
    walk.at = at;
    this.show();
    return true;
  }

  /**
   * Ends the walk. Returns false if there was none.
   *
   * @param {boolean} [isReturning] whether the run goes back to where it stood before
   */
  close(isReturning = true) {
    if (!this.walk) return false;
    const { stood } = this;
    this.proving?.abort();
    this.walk = this.stood = null;
    this.element.hidden = true;
    this.emphasise(null);
    if (isReturning && stood) this.player.seek(stood.at, stood.count);
    return true;
  }

  show() {
    const { walk, player } = this;
    if (!walk) return;
    const { run, told } = player;
    const { steps, at, verdict } = walk;
    const event = run.events[steps[at]];
    this.emphasise(stressOf(run, steps, at));
    player.glideTo({ at: event.at, count: event.id + 1 }, { told, mayGoBack: true, most: STEP });
    const isChoice = at === steps.length - 1;
    const why = at === 0 ? violationTold(run, verdict, told) : whyTold(run, event, run.events[steps[at - 1]], verdict);
    const where = `Why ${verdict.name} is violated: ${at + 1} of ${steps.length}`;
    this.words.replaceChildren(
      h("p", { class: "step" }, h("span", { class: "at" }, span(event.at)), " ", sentence(run, event)),
      h("p", { class: "because" }, ...inline(why)),
      ...(isChoice ? this.choice(walk) : []),
    );
    this.element.replaceChildren(
      closeButton("Leave the causes", () => this.close()),
      h("h3", {}, where),
      this.words,
      h(
        "div",
        { class: "steps" },
        button("Cause", "←", () => this.step(1), { disabled: isChoice }),
        button(at === 0 ? "Leave" : "Effect", "→", () => this.step(-1)),
      ),
    );
    this.element.hidden = false;
    // On a narrow page all of it scrolls, below the field.
    if (narrow?.matches && !isPresent()) this.element.scrollIntoView({ block: "start" });
  }

  /**
   * Returns what is said of the choice at which the walk ends, and what undoes it.
   *
   * @param {Walk} walk
   */
  choice({ blame: { undo, kind }, verdict, isProven, steps }) {
    const { fork } = this.actions;
    const said = isProven ? `Without this, ${verdict.name} is not violated.` : ENDS[kind];
    const all = () => {
      this.close(false);
      this.player.select({ event: steps[steps.length - 1] });
    };
    const change = () => undo && fork?.(undo.fork);
    return [
      h("p", { class: "guilty" }, said),
      fork
        ? h(
            "div",
            { class: "choices" },
            undo ? h("button", { type: "button", class: "main", onclick: change }, undo.words) : null,
            h("button", { type: "button", onclick: all }, "something else"),
          )
        : null,
    ].filter((part) => part !== null);
  }
}

/**
 * Returns the steps of a way: all that tell something, its first and its last event.
 *
 * @param {Run} run
 * @param {Blame} blame
 */
function stepsOf({ events }, { steps }) {
  return steps.filter((id, index) => index === 0 || index === steps.length - 1 || !SILENT.includes(events[id].what));
}

/**
 * @param {Run} run
 * @param {readonly number[]} steps
 * @param {number} at
 * @returns {Stress}
 */
function stressOf(run, steps, at) {
  const events = steps.map((id) => run.events[id]);
  const messages = events.flatMap(({ message }) => (message === undefined ? [] : [message]));
  const ends = messages.flatMap((index) => [run.messages[index].from, run.messages[index].to]);
  const nodes = new Set([...events.flatMap((event) => run.placeOf(event) ?? []), ...ends]);
  const now = { event: events[at].id, message: events[at].message };
  return { events: new Set(steps), messages: new Set(messages), nodesAt: () => nodes, now };
}
