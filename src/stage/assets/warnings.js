// @ts-check
// What a run warns of, for those who changed it.

/** @import { RunAnswer } from "../wire.d.ts" */

/** What a warning begins with that is about a forced choice. */
const CHOICE = /^`([^=`]+)=[^`]*` changed nothing/;

/**
 * Returns the warnings of a run. In a run that somebody changed, a choice that the scenario itself
 * forces may come up no longer: that is no mistake of theirs.
 *
 * @param {Pick<RunAnswer, "order"> & { show: Pick<RunAnswer["show"], "warnings"> }} answer
 */
export function warningsOf({ order, show }) {
  const { set, force } = order;
  if (set.length === 0 && force.length === 0) return show.warnings;
  const isOwn = (/** @type {string} */ warning) => {
    const [, choice] = CHOICE.exec(warning) ?? [];
    return choice === undefined || force.some(([name]) => name === choice);
  };
  return show.warnings.filter(isOwn);
}
