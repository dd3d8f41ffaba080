// What the page asks of the server.

/** Something that the server refused, with the error as the command line draws it. */
export class Refused extends Error {
  constructor({ message, report, findings }) {
    super(message);
    Object.assign(this, { report, findings });
  }
}

async function answered(response) {
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new Refused(body?.error ?? { message: `the server says ${response.status}`, report: "", findings: [] });
}

/**
 * Tells this page apart from the others of its address, since a room full of phones often has but one: so the server can
 * let them take turns. Drawn whenever the page is opened, and kept nowhere.
 */
const PAGE = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");

async function asked(path, options = {}) {
  const headers = { ...options.headers, "x-dsys-page": PAGE };
  const response = await fetch(path, { ...options, headers }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refused({ message: "dsys does not answer: is `dsys serve` still running?", report: "", findings: [] });
  });
  return answered(response);
}

const posted = (body, more = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
  ...more,
});

/** What an order holds, without what is empty. */
export function orderOf({ scenario, text, seed, set, force, link }) {
  if (link) return { link };
  const order = { set, force };
  if (scenario) order.scenario = scenario;
  if (text !== undefined && text !== null) order.text = text;
  if (seed !== undefined && seed !== null) order.seed = String(seed);
  return order;
}

export const library = async () => (await asked("api/library")).json();
export const run = async (order, signal) => (await asked("api/run", posted(orderOf(order), { signal }))).json();
export const exported = async (order, ending) => (await asked(`api/export/${ending}`, posted(orderOf(order)))).blob();
export const scenarioText = async (path) => (await asked(`api/scenario/${path}`)).text();
export const note = async (path) => (await asked(`api/notes/${path}`)).text();
export const notes = async () => (await (await asked("api/notes")).json()).notes;
export const reach = async () => (await asked("api/reach")).json();
export const qr = async (link, at) =>
  (await asked(`api/qr?link=${encodeURIComponent(link)}&at=${encodeURIComponent(at)}`)).text();

/** Asks for something that comes in lines of JSON, and tells each line. */
export async function streamed(path, body, signal, tell) {
  const response = await asked(path, posted(body, { signal }));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? "";
    const lines = rest.split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines) {
      const text = line.replace(/^data: ?/, "").trim();
      if (text.startsWith("{")) tell(JSON.parse(text));
    }
    if (done) return;
  }
}
