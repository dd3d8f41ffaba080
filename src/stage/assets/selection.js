// What is selected: a message, an event or a node; nothing is null.

/** The event that a selection is about; nothing for a node. */
export function eventOf(run, selected) {
  if (!selected) return null;
  if (selected.event !== undefined) return selected.event < run.events.length ? selected.event : null;
  const message = run.messages[selected.message];
  return message ? (message.ended ?? message.began) : null;
}

/** The message that a selection is about, if it is about one. */
export function messageOf(run, selected) {
  if (!selected) return null;
  if (selected.message !== undefined) return run.messages[selected.message] ?? null;
  const event = run.events[selected.event];
  return event?.message === undefined ? null : run.messages[event.message];
}
