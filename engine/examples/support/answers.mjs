// Answers requests as the page's worker does: `node answers.mjs MODULE ORDERS ANSWERS`. The clock
// stands still, so that what is told does not hang on how quick a machine is. With `rounds` in the
// orders, it writes instead how many milliseconds of a processor each request took at the least.

import { readFileSync, writeFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const [module, orders, answers] = process.argv.slice(2);
const worker = new URL("../../../src/stage/engine_worker.js", import.meta.url);
const engineOf = runInThisContext(`${readFileSync(worker, "utf8")}; engineOf`);

const { files, requests, rounds } = JSON.parse(readFileSync(orders, "utf8"));
const compiled = await WebAssembly.compile(readFileSync(module));
const host = { now: () => 0, failed: (why) => console.error(why) };
const engine = await engineOf(compiled, files, host);

function answer(route, body) {
  const lines = [];
  engine.ask(route, body, (line) => lines.push(line));
  return lines;
}

/** The milliseconds that this process has worked, on all its threads. */
function worked() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

function time(route, body) {
  const begun = worked();
  let least = Infinity;
  for (let made = 0; made < rounds.least || worked() - begun < rounds.milliseconds; made++) {
    const round = worked();
    answer(route, body);
    least = Math.min(least, worked() - round);
  }
  return least;
}

const one = rounds ? time : answer;
writeFileSync(answers, JSON.stringify(requests.map(([route, body]) => one(route, JSON.stringify(body)))));
