// The fragment of the page's address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { linkAt, noteOf, playlistOf } from "../../src/stage/assets/fragment.js";

test("a note, with a heading or without", () => {
  assert.deepEqual(noteOf("note=topics/cap.md"), { path: "topics/cap.md", heading: null });
  assert.deepEqual(noteOf("note=a%20b.md&at=h%C3%A9"), { path: "a b.md", heading: "hé" });
  assert.deepEqual(noteOf("note=a.md&at="), { path: "a.md", heading: null });
  assert.equal(noteOf("v=1&scenario=note=a"), null);
  assert.equal(noteOf("note="), null);
});

test("a playlist", () => {
  assert.equal(playlistOf("playlist=first-evening.md"), "first-evening.md");
  assert.equal(playlistOf("playlist=a&b"), null);
  assert.equal(playlistOf("note=a.md"), null);
});

test("an escape that is none stays as it is", () => {
  assert.equal(playlistOf("playlist=%E0%A4%A"), "%E0%A4%A");
  assert.deepEqual(noteOf("note=100%"), { path: "100%", heading: null });
});

test("a link shows an event, if the run stands at one", () => {
  assert.equal(linkAt("v=1", null), "v=1");
  assert.equal(linkAt("v=1", 0), "v=1&event=0");
});
