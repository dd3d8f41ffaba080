// The hunt for a seed: one after the other, until a run comes out as it was wanted.

import * as api from "./api.js";

/** Seeds that a hunt tries. */
const MOST_SEEDS = 400n;
/** The hunt that goes on; a later one ends it. */
let latest = null;

/** Ends the hunt that goes on, if there is one. */
export function endHunt() {
  latest = null;
}

/** The next seed of an order with which a property is violated (`wanted` is "violated") or all hold; null for none. */
export async function hunt(order, wanted, tell) {
  const mine = (latest = {});
  for (let i = 1n; i <= MOST_SEEDS; i++) {
    const seed = (BigInt(order.seed) + i).toString();
    const answer = await api.run({ ...order, seed }).catch((error) => void tell(error.message));
    if (!answer || latest !== mine) return null;
    const verdicts = answer.report.properties.map((property) => property.verdict);
    const found = wanted === "holds" ? verdicts.every((verdict) => verdict === wanted) : verdicts.includes(wanted);
    if (found) return seed;
    if (i % 10n === 0n) tell(`Tried ${i} seeds …`);
  }
  tell(`None of ${MOST_SEEDS} seeds. It may take a change of the knobs.`);
  return null;
}
