// What the server sends and takes, as the page reads it.

export type BeatTold = { at: number; event: number | null; say: string };
export type Counts = { sent: number; events: number };
export type Corner = [number, number, number];
export type EnemyMay = "lie" | "lose" | "corrupt" | "twice" | "delay" | "crash" | "pause";
export type EventKind =
  | "traitor" | "started" | "sent" | "withheld" | "copied" | "lost" | "delivered" | "corrupted" | "cut" | "to_crashed"
  | "timer" | "output" | "noted" | "wrote" | "passed" | "crashed" | "writes_lost" | "restarted" | "paused" | "resumed"
  | "clock_stepped" | "clock_slewed" | "clock_drifted" | "partitioned" | "healed";
export interface TraceEvent {
  at: number;
  what: EventKind;
  node?: number;
  cause?: number;
  message?: number;
  name?: string;
  value?: number | string;
  nth?: number;
  words?: string;
  state?: string;
}
export type Ending = "delivered" | "lost" | "corrupted" | "cut" | "to-crashed" | "in-flight" | "withheld";
export interface Message {
  name: string; from: number; to: number; sent: number; ends: number; ending: Ending; began: number; words: string;
  ended?: number; truth?: string; lie?: boolean; copy?: boolean; alternatives?: string[];
}
export type Layout = "hills" | "ring" | "star" | "fan" | "row" | "split" | "rows";
export interface NodeShown { name: string; x: number; y: number; traitor?: boolean; lie?: string | null }
export interface Stretch { from: number; to: number; folded: boolean }
export interface PartitionShown { from: number; to: number | null; groups: number[][]; one_way: boolean }
export interface Question { ask: string; choices: string[]; answer: string; at: number }
export interface VerdictShown {
  name: string; kind: "safety" | "liveness"; says: string | null; verdict: "holds" | "violated" | "unknown"; vacuous: boolean; sign: string;
  because: string; evidence: number[]; expected: string | null; as_expected: boolean;
}
export interface MeasureShown { name: string; says: string; words: string | null }
export interface Row { cells: (string | number)[]; remark: string }
export interface Table { title: string; columns: string[]; rows: Row[] }
export interface Titled { name: string; title: string }
export type KnobKind = "integer" | "number" | "truth" | "word" | "span" | "text";
export type KnobGroup = "nodes" | "protocol" | "network" | "faults";
export interface Knob {
  group: KnobGroup; key?: string; force?: string; label: string; kind: KnobKind;
  value: string | number | boolean | null; min?: number; max?: number; step?: number; says?: string | null; words?: string[];
}
export interface Show {
  scenario: string; title: string; problem: Titled; protocol: Titled; summary: string; note: string | null; try: string[];
  changes: string | null; seed: number; layout: Layout; nodes: NodeShown[]; ends: number; course: Stretch[];
  events: TraceEvent[]; messages: Message[]; clocks: Corner[][] | null; partitions: PartitionShown[]; beats: BeatTold[];
  predict: Question | null; verdicts: VerdictShown[]; expected: boolean | null; measures: MeasureShown[]; table: Table | null;
  counts: Counts; warnings: string[]; crash_points: string[]; knobs: Knob[];
}
export interface ReportRead { seed: number; trace_hash: string; properties: { name: string; verdict: "holds" | "violated" | "unknown" }[] }
export interface RunTold { scenario: string; text: string | null; seed: string | null; set: [string, string][]; force: [string, string][] }
export interface RunAnswer {
  report: ReportRead; show: Show; order: RunTold; link: string; command: string; event: number | null; remarks: string[];
  file?: string; told?: string;
}
export interface RunRequest {
  scenario?: string | null; text?: string | null; seed?: number | string | null; set?: [string, string][]; force?: [string, string][]; link?: string | null;
}
export interface Demo { title: string; link: string }
export interface NoteListed { path: string; kind: string; title: string; summary: string; tags: string[]; demos: Demo[] }
export interface NotesAnswer { notes: NoteListed[] }
export interface ReachAnswer { url: string | null; all: string[]; says: string }
export interface ScenarioListed {
  name: string; path: string; hash: string; protocol: string; title: string; summary: string; nodes: string[]; note: string | null;
  beats: number; predict: boolean; sweep: boolean; search: boolean;
}
export interface ProblemListed { name: string; title: string; summary: string; protocols: Titled[]; scenarios: ScenarioListed[] }
export interface LibraryAnswer { version: string; problems: ProblemListed[] }
export interface Finding { line: number; column: number; flag: string | null; message: string; help: string | null }
export interface ErrorTold { message: string; report: string; findings: Finding[] }
export interface ErrorAnswer { error: ErrorTold }
export interface SweepRequest { order?: RunRequest; over?: string[]; runs?: number | null; plot?: string[] }
export interface RateTold { violated: number; unknown: number; vacuous: number; rate: number; low: number; high: number; theory: number | null }
export interface Example { violated: number | null; holds: number | null }
export interface SweepRow {
  at: Record<string, string | number | boolean>; runs: number; properties: Record<string, RateTold>; example: Record<string, Example>; point: number;
}
export type SweepLine =
  | { queue: { place: number } }
  | { plan: { axes: unknown[]; points: number; runs: number; command: string[] } }
  | { progress: { done: number; runs: number } }
  | { row: SweepRow; chart: string | null }
  | { done: unknown; chart: string | null }
  | { error: ErrorTold };
export interface SearchRequest { order?: RunRequest; may?: EnemyMay[]; at_most?: number | null; property?: string | null; runs?: number | null }
export interface Found { forced: Record<string, string>; because: string }
export interface SearchAnswer { found: Found | null }
export type SearchLine =
  | { queue: { place: number } }
  | { progress: { runs: number; depth: number; done: number; of: number; at_random: boolean } }
  | { done: SearchAnswer; question: string | null; sentence: string; command: string | null; set_aside: string[]; interrupted: boolean; order: RunTold | null }
  | { error: ErrorTold };
