// Events as calendars and readers of feeds understand them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFeed } from "@rowanmanning/feed-parser";
import ICAL from "ical.js";
import { built, event, MEETUP } from "./support.mjs";

const URL_OF_SITE = "https://example.org/meetup/";

// Clocks in Berlin are set forward on 29 March 2026, and back on 25 October.
const files = {
  "notes/meetup.toml": MEETUP,
  "notes/README.md": '+++\ntitle = "Wir"\nkind = "about"\nsummary = "Wir."\n+++\n\n# Wir\n\nHallo.\n',
  "notes/events/1.md": event(
    1,
    "Before: the change",
    'date = 2026-03-28\ntime = "18:30"\nuntil = "20:30"\nplace = "Café, Wall 3; hinten"',
  ),
  "notes/events/2.md": event(
    2,
    "After, the change",
    'date = 2026-03-30\ntime = "18:30"\nduration = "2h"\nupdated = 2026-04-02\nlink = "https://example.org/two"',
  ),
  "notes/events/3.md": event(
    3,
    "Through the night of the change",
    'date = 2026-10-24\ntime = "23:00"\nduration = "5h"',
  ),
  "notes/events/4.md": event(4, "All day", "date = 2026-11-20"),
  "notes/events/5.md": event(5, "To come", 'date = 2026-12-08\ntime = "18:30"\nplace = "virtual"'),
  "notes/events/6.md": event(6, "Not ready", 'date = 2027-01-12\ntime = "18:30"\ndraft = true'),
};
const read = built(files, "2026-11-30", "--site-url", URL_OF_SITE);

/** The events of a calendar's text. */
function events(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
}

const iso = (time) => time.toJSDate().toISOString().slice(0, 16);

test("a calendar has every event that is no draft, at its moment", () => {
  const all = events(read("calendar.ics"));
  const told = all.map((event) => [
    event.summary,
    event.startDate.isDate ? event.startDate.toString() : iso(event.startDate),
    event.endDate && !event.startDate.isDate ? iso(event.endDate) : null,
  ]);
  assert.deepEqual(told, [
    ["To come", "2026-12-08T17:30", "2026-12-08T17:30"],
    ["All day", "2026-11-20", null],
    ["Through the night of the change", "2026-10-24T21:00", "2026-10-25T02:00"],
    ["After, the change", "2026-03-30T16:30", "2026-03-30T18:30"],
    ["Before: the change", "2026-03-28T17:30", "2026-03-28T19:30"],
  ]);
  assert.equal(new Set(all.map((event) => event.uid)).size, all.length);
});

test("a calendar's texts are those of the notes, whatever they hold", () => {
  const [before] = events(read("events/1.ics"));
  assert.equal(before.location, "Café, Wall 3; hinten");
  assert.equal(
    before.description,
    "Was kommt: eins, zwei; drei \\ vier — und eine Zeile, die so lang ist, dass sie nicht in eine Zeile passt.",
  );
  const calendar = ICAL.Component.fromString(read("calendar.ics"));
  // Calendars take this name for a text; the library knows no type of it, and leaves it as it is.
  assert.equal(calendar.getFirstPropertyValue("x-wr-calname"), 'Verteilte Systeme\\; Bremen\\, "Nord"');
});

test("no line of a calendar is longer than 75 bytes, and each ends as the standard says", () => {
  const text = read("calendar.ics");
  assert.ok(text.endsWith("\r\n") && !/[^\r]\n/.test(text));
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75, line);
});

test("a feed tells what took place, when, and when it was changed", () => {
  const feed = parseFeed(read("feed.xml"));
  const told = feed.items.map(({ title, url, published, updated }) => [
    title,
    url,
    published.toISOString(),
    updated.toISOString(),
  ]);
  assert.deepEqual(told, [
    ["All day", `${URL_OF_SITE}events/4.html`, "2026-11-19T23:00:00.000Z", "2026-11-19T23:00:00.000Z"],
    [
      "Through the night of the change",
      `${URL_OF_SITE}events/3.html`,
      "2026-10-24T21:00:00.000Z",
      "2026-10-24T21:00:00.000Z",
    ],
    ["After, the change", `${URL_OF_SITE}events/2.html`, "2026-03-30T16:30:00.000Z", "2026-04-01T22:00:00.000Z"],
    ["Before: the change", `${URL_OF_SITE}events/1.html`, "2026-03-28T17:30:00.000Z", "2026-03-28T17:30:00.000Z"],
  ]);
  assert.equal(feed.updated.toISOString(), "2026-11-19T23:00:00.000Z");
  assert.equal(feed.title, 'Verteilte Systeme; Bremen, "Nord": events');
  assert.equal(feed.self, `${URL_OF_SITE}feed.xml`);
  assert.match(read("feed.xml"), /<published>2026-03-28T18:30:00\+01:00</);
  assert.match(read("feed.xml"), /<published>2026-03-30T18:30:00\+02:00</);
});

test("a draft is nowhere on the site", () => {
  assert.throws(() => read("events/6.html"), /ENOENT/);
  for (const page of [
    "index.html",
    "events.html",
    "notes.html",
    "calendar.ics",
    "feed.xml",
    "assets/search-index.js",
    "sitemap.xml",
  ])
    assert.doesNotMatch(read(page), /Not ready|events\/6/, page);
});

test("the first page says what is next, and search engines understand it", () => {
  const first = read("index.html");
  const [, exact] = first.match(/<section class="next"[\s\S]*?<time datetime="([^"]+)"/);
  assert.equal(exact, "2026-12-08T18:30:00+01:00");
  assert.match(first, /Tuesday, 8 December 2026, 18:30 CET/);
  assert.doesNotMatch(first, /All day/);
  const [, json] = read("events/5.html").match(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/);
  const told = JSON.parse(json);
  assert.equal(told["@type"], "Event");
  assert.equal(told.startDate, "2026-12-08T18:30:00+01:00");
  assert.equal(told.url, `${URL_OF_SITE}events/5.html`);
  assert.match(told.eventAttendanceMode, /Online/);
});

test("what was next is past on a later day, with nothing else changed", () => {
  const later = built(files, "2026-12-09");
  assert.doesNotMatch(later("index.html"), /class="next"/);
  assert.equal(parseFeed(later("feed.xml")).items[0].title, "To come");
});
