// @ts-check
// What stands out while all else is dimmed: the causes of a violation, or what only one of two runs has.

/**
 * What stands out, by number; of nodes null where none is dimmed; and the event at which a walk stands,
 * with its message.
 *
 * @typedef {{
 *   events: ReadonlySet<number>,
 *   messages: ReadonlySet<number>,
 *   nodesAt: (at: number) => ReadonlySet<number> | null,
 *   now?: { event: number, message?: number },
 * }} Stress
 */

/**
 * Dims the marks that do not stand out, of those that say their event or their message.
 *
 * @param {Element} root
 * @param {Stress | null | undefined} stress null to dim nothing
 */
export function dimMarks(root, stress) {
  for (const mark of root.querySelectorAll("[data-event], [data-index]")) {
    const [event, index] = [mark.getAttribute("data-event"), mark.getAttribute("data-index")];
    const isOut = event === null ? stress?.messages.has(Number(index)) : stress?.events.has(Number(event));
    mark.toggleAttribute("data-dim", Boolean(stress) && !isOut);
    mark.toggleAttribute("data-out", Boolean(isOut));
    const { now } = stress ?? {};
    const isNow = event === null ? now?.message === Number(index) : now?.event === Number(event);
    mark.toggleAttribute("data-now", isNow);
  }
}

/**
 * Dims the nodes that do not stand out.
 *
 * @param {readonly { index: number, element: Element }[]} nodes
 * @param {Stress | null | undefined} stress
 * @param {number} at
 */
export function dimNodes(nodes, stress, at) {
  const out = stress?.nodesAt(at);
  for (const { index, element } of nodes) {
    element.toggleAttribute("data-dim", Boolean(out) && !out?.has(index));
    element.toggleAttribute("data-out", Boolean(out?.has(index)));
  }
}
