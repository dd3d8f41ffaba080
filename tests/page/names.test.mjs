// What nodes are called: as the story writes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callNodes } from "../../src/stage/assets/names.js";

const cast = (...names) => names.map((name) => ({ name, role: "peer" }));
const called = (show) => callNodes(show).map(({ name }) => name);

test("a name has a capital if the story never writes it small", () => {
  const nodes = cast("alice", "till", "east");
  const setup = "Alice pays. The till counts. East is slower, and the till waits for east's orders.";
  assert.deepEqual(called({ nodes, setup }), ["Alice", "till", "east"]);
  assert.deepEqual(called({ nodes, setup: "Alice:till:1 is no name." }), ["alice", "till", "east"]);
  assert.deepEqual(called({ nodes }), ["alice", "till", "east"], "without a story");
  const beats = [{ at: 0, say: "Alice sleeps." }];
  assert.equal(called({ nodes, setup: "Nobody is here.", beats })[0], "Alice", "wherever the story names it");
});

test("who is not in the story is written as the others of its role are", () => {
  const setup = "Alice asks the bank.";
  const nodes = [...cast("alice", "bob"), { name: "bank", role: "store" }, { name: "vault", role: "store" }];
  assert.deepEqual(called({ nodes, setup }), ["Alice", "Bob", "bank", "vault"]);
});

test("within a sentence, a thing has its article", () => {
  const said = (setup) => callNodes({ nodes: cast("till", "alice"), setup }).map(({ said }) => said);
  assert.deepEqual(said("The till counts what Alice pays."), ["the till", "Alice"]);
  assert.deepEqual(said("A till counts."), ["the till", "alice"]);
  assert.deepEqual(said("Till counts."), ["Till", "Alice"], "a name");
  const things = callNodes({ nodes: [...cast("till"), { name: "bank", role: "store" }], setup: "The till counts." });
  assert.deepEqual(
    things.map(({ said }) => said),
    ["the till", "the bank"],
    "a thing that the story does not name is a thing, too",
  );
  const several = [...cast("client"), { name: "ada", role: "server" }, { name: "ben", role: "server" }];
  assert.deepEqual(
    callNodes({ nodes: several, setup: "A client asks." }).map(({ said }) => said),
    ["the client", "Ada", "Ben"],
    "several things of a kind that the story does not name have names of their own",
  );
});

test("each part of a person's name has a capital, and none of a thing's", () => {
  const nodes = [...cast("alice", "mad-dave"), { name: "spare-till", role: "store" }];
  assert.deepEqual(called({ nodes, setup: "Alice asks Dave." }), ["Alice", "Mad-Dave", "spare-till"]);
  assert.deepEqual(called({ nodes, setup: "Mad-Dave lies." })[1], "Mad-Dave");
});
