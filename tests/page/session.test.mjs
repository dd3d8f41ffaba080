// What is open: opening, changing, undoing and going back, against a server that answers as it is told.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Player } from "../../src/stage/assets/player.js";
import { Session } from "../../src/stage/assets/session.js";
import { answer } from "./support.mjs";

const EVENTS = [0, 10, 20, 30].map((at) => ({ at, what: "output", node: 0, name: "effect", value: 1 }));

/** The answer of the server: the seed decides about the third event. */
function served({ seed = "1", set = [], force = [], link = null, scenario = "test", text = null }) {
  const events = EVENTS.map((event, id) => (id === 2 ? { ...event, value: Number(seed) } : event));
  const made = answer({ events, seed: Number(seed), try: [{ says: null, flags: "--seed 7" }] });
  const verdict = Number(seed) % 5 === 0 ? "violated" : "holds";
  const report = { ...made.report, properties: [{ name: "p", verdict }] };
  return { ...made, report, order: { scenario: link ?? scenario, text, seed: String(seed), set, force } };
}

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

/** A session, what it tells, and what it asks. */
function session(serve = served) {
  const [told, asked, forked] = [[], [], []];
  globalThis.fetch = async (path, { body, signal }) => {
    const request = JSON.parse(body);
    if (path === "api/fork") return new Response(JSON.stringify({ clauses: clausesOf(request) }));
    asked.push(request);
    await new Promise((done) => setTimeout(done, 1));
    signal?.throwIfAborted();
    const answered = serve(request);
    const status = answered.error ? 422 : 200;
    return new Response(JSON.stringify(answered), { status });
  };
  const listener = {
    leaving: (isListed) => told.push(`leaving ${isListed}`),
    shown: ({ how, remarks, entry }) => told.push([how, entry, ...remarks].join(" ")),
    forked: (clauses) => {
      forked.length = 0;
      forked.push(...clauses.map(({ says }) => says));
    },
    accepted: () => {},
    refused: (error) => told.push(`refused ${error.message}`),
  };
  const player = new Player();
  return { session: new Session(player, listener), player, told, asked, forked };
}

/** What the server says that a change came to. */
const clausesOf = ({ before, after }) => [{ says: `${before.seed} becomes ${after.seed}`, before: [], after: [2] }];
const settled = () => new Promise((done) => setTimeout(done, 5));

test("what a change came to is told, and forgotten with the change", async () => {
  const { session: open, forked } = session();
  await open.open({ scenario: "a/b" });
  await open.fork([{ seed: "3" }]);
  await settled();
  assert.deepEqual(forked, ["1 becomes 3"]);
  open.rehearse();
  assert.deepEqual(forked, []);
  await open.fork([{ seed: "4" }]);
  await open.open({ scenario: "a/c" });
  await settled();
  assert.deepEqual(forked, [], "a late answer is of a run that is gone");
});

test("a scenario is opened, changed, and comes back where it was left", async () => {
  const { session: open, player, told } = session();
  assert.ok(await open.open({ scenario: "a/b" }));
  player.seek(20);
  await open.fork([{ seed: "3" }]);
  assert.equal(player.run.report.seed, 3);
  assert.deepEqual([player.at, player.count, player.differs], [20, 2, 2], "just before the runs part");
  open.rehearse();
  assert.deepEqual([player.run.report.seed, player.at, player.count], [1, 20, 3]);
  assert.deepEqual(told, ["leaving false", "opened pushState", "changed pushState", "rehearsed pushState"]);
});

test("a change that comes later than where the run stands leaves it there", async () => {
  const { session: open, player } = session();
  await open.open({ scenario: "a/b" });
  player.seek(10);
  await open.fork([{ seed: "3" }]);
  assert.deepEqual([player.at, player.count], [10, 2]);
});

test("changes are added, replaced and undone", async () => {
  const { session: open, asked, told } = session();
  await open.open({ scenario: "a/b" });
  await open.fork([{ key: "nodes", value: "4" }]);
  await open.fork([{ seed: "3" }]);
  await open.fork([{ key: "nodes", value: "5" }]);
  assert.deepEqual(open.forks, [{ seed: "3" }, { key: "nodes", value: "5" }]);
  assert.deepEqual(asked.at(-1), { scenario: "a/b", seed: "3", set: [["nodes", "5"]], force: [] });
  await open.undo(0);
  assert.deepEqual(asked.at(-1), { scenario: "a/b", seed: "1", set: [["nodes", "5"]], force: [] });
  await open.undo();
  assert.deepEqual([open.forks, told.at(-1)], [[], "rehearsed pushState"]);
});

test("a change that changes nothing says so", async () => {
  const { session: open, told } = session();
  await open.open({ scenario: "a/b" });
  await open.fork([{ key: "nodes", value: "2" }]);
  assert.equal(told.at(-1), "changed pushState This changes nothing in the run.");
});

test("what is refused changes nothing", async () => {
  const refuses = ({ set }) => (set?.length > 0 ? { error: { message: "no", report: "", findings: [] } } : served({}));
  const { session: open, player, told } = session(refuses);
  await open.open({ scenario: "a/b" });
  const { run } = player;
  await open.fork([{ key: "nodes", value: "0" }]);
  assert.deepEqual([told.at(-1), open.forks, player.run === run], ["refused no", [], true]);
});

test("of two scenarios that are asked for at once, the later one is opened", async () => {
  const { session: open, told } = session();
  const [first, second] = await Promise.all([open.open({ link: "v=1&a" }), open.open({ link: "v=1&b" })]);
  assert.deepEqual([first, second, open.rehearsed.request.scenario], [false, true, "v=1&b"]);
  assert.deepEqual(told, ["leaving false", "opened pushState"]);
});

test("each key for the next seed counts, however quickly they come", async () => {
  const { session: open, player } = session();
  await open.open({ scenario: "a/b" });
  await Promise.all([open.nextSeed(), open.nextSeed(), open.nextSeed()]);
  assert.equal(player.run.report.seed, 4);
});

test("a seed is searched for until a run ends as wanted", async () => {
  const { session: open, player } = session();
  const words = [];
  await open.open({ scenario: "a/b" });
  await open.searchSeed("violated", (said) => words.push(said));
  assert.deepEqual([player.run.report.seed, words.at(-1)], [5, "Seed 5."]);
  await open.searchSeed("holds", (said) => words.push(said));
  assert.equal(player.run.report.seed, 6);
});

test("another scenario ends the search for a seed", async () => {
  const { session: open, player } = session();
  await open.open({ scenario: "a/b" });
  const search = open.searchSeed("violated", () => {});
  await open.open({ scenario: "c/d" });
  await search;
  assert.deepEqual([player.run.report.seed, open.forks], [1, []]);
});

test("without a change of its own, a comparison tries what the scenario says", async () => {
  const { session: open } = session();
  await open.open({ scenario: "a/b" });
  await open.changeSomehow();
  assert.deepEqual(open.forks, [{ forks: [{ seed: "7" }] }]);
  await open.changeSomehow();
  assert.equal(open.forks.length, 1);
});
