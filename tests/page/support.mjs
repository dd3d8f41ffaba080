// What the tests of the page's modules share: small runs, as the server would answer them.

import { Run } from "../../src/stage/assets/run.js";

/** A run of `alice` and `bob` with these events and messages, and whatever else is said of it. */
export function answer({ events = [], messages = [], ends = 100, seed = 1, ...show } = {}) {
  return {
    report: { seed, trace_hash: "", properties: [] },
    order: { scenario: "test", text: null, seed: String(seed), set: [], force: [] },
    link: "v=1&scenario=test",
    command: "dsys run test",
    event: null,
    remarks: [],
    show: {
      scenario: "test",
      nodes: [
        { name: "alice", x: -1, y: 0 },
        { name: "bob", x: 1, y: 0 },
      ],
      layout: "row",
      ends,
      course: [{ from: 0, to: ends, folded: false }],
      events,
      messages: messages.map((message) => ({ words: "hi", ending: "delivered", began: 0, ...message })),
      clocks: null,
      partitions: [],
      beats: [],
      questions: [],
      moments: events.map((_, id) => id),
      verdicts: [],
      lies: [],
      ...show,
    },
  };
}

export const run = (what, rehearsed) => new Run(answer(what), rehearsed);
