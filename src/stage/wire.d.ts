// What the page and its server tell each other. Made from the types in Rust, and kept current by a
// test: `UPDATE_GOLDENS=1 cargo test --lib stage::wire` writes it anew.

/** What is not here yet, and what is nearest to it. */
export interface AbsentTold {
  /** What it is looked for as, in small letters and digits. */
  names: string[];
  /** What it is called. */
  title: string;
  /** The scenarios nearest to it, by their names. */
  near: string[];
  /** What to read. */
  read: string;
}

/** A key of the grid with its values. */
export interface AxisTold {
  key: string;
  values: string[];
}

/** A beat, and when it is told. */
export interface BeatTold {
  at: number;
  /** The event that it is about, if it is about one. */
  event: EventId | null;
  say: string;
}

/** What tells whether a condition is met. */
export type By = "run" | "sweep" | "search";

export interface CaseFound {
  /** The options to which choices are forced. */
  forced: Record<string, string>;
  because: string;
}

export type Cell = number | string;

/** A line of the judge of challenges. */
export type ChallengeLine = Queued | ChallengeTold | ErrorAnswer;

/** A scenario's task, before it is told. */
export interface ChallengeListed {
  level: number;
  /** The fewest changes that solve it. */
  par: number;
  goal: string;
}

/** An answer that is to be judged. */
export interface ChallengeRequest {
  /** The scenario, and what the answer changes of it: only keys and values. */
  order?: RunRequest;
  /** Whether the answer is that nothing reaches the goal. */
  impossible?: boolean;
}

/**
 * A challenge as the page tells it. Its lesson is not here: the judge tells it once it is
 * solved.
 */
export interface ChallengeShown {
  level: number;
  goal: string;
  must: MustShown[];
  change: ChangeShown[];
  par: number;
  /** How hard it is and how it is judged, in words. */
  judged: string;
  hints: string[];
}

/** A line of the judge. */
export type ChallengeTold = { progress: RunsJudged } | { done: Ruling };

/** A key that may be changed, its values, what it is in this run, and what it means. */
export interface ChangeShown {
  key: string;
  values: string[];
  now: Setting | null;
  says: string;
  /** The protocols that have this key, where not all that may be chosen do. */
  only: string[];
}

/** A series of a chart. */
export interface ChartLine {
  /** The property, or the measure. */
  of: string;
  /** What it is among the others; empty if there is but one. */
  words: string;
  /** Whether it is not what is asked for. */
  is_aside: boolean;
  points: ChartMark[];
  /** Places with what theory says there, in pieces. */
  theory: [number, number][][];
}

/** A point of a series. */
export interface ChartMark {
  /** The number of its row. */
  point: number;
  x: number;
  value: number;
  low: number;
  high: number;
  /** Whether theory is outside of its interval. */
  misses: boolean;
  words: string;
}

/** Whether a scenario can be run. */
export interface CheckAnswer {
  /** What keeps it from being run, with places; null if nothing does. */
  error: ErrorTold | null;
  /** What it calls itself; null if it cannot be run. */
  title: string | null;
}

/** A choice of a question. */
export interface ChoiceShown {
  say: string;
  /** Why no run can make it right, if none can. */
  because: string | null;
}

export interface ChoiceTold {
  say: string;
}

/** What a scenario or a note claims of a property. */
export type Claim = "holds" | "holds vacuously" | "violated" | "unknown";

/** One thing that changes, a sentence, with the events that it is about. */
export interface Clause {
  /** What it says. */
  says: string;
  /** Events of the run as it was. */
  before: EventId[];
  /** Events of the changed run. */
  after: EventId[];
  /** Whether it says how settings were changed, and not what came of it. */
  is_setting?: boolean;
  /**
   * Whether it says what was done to the run, which is the change itself, and not what came of
   * it.
   */
  is_change?: boolean;
}

/** A moment, and how far a clock is ahead just before it and just after. */
export type Corner = [number, number, number];

/** The run that breaks an answer. */
export interface Counterexample {
  because: string;
  /** What makes the run again in a terminal, or finds it again. */
  command: string;
  /** What makes it here; null where only a search finds it. */
  order: RunTold | null;
  /** Why more is forced than what goes wrong; null where it is not. */
  aside: string | null;
}

/**
 * What a run counts at every recording level. Each message sent or copied ends in one of the
 * fates, or is still in flight: `sent + copies = delivered + lost + corrupted + cut +
 * to_crashed + in_flight`.
 */
export interface Counts {
  /** Messages sent. */
  sent: number;
  /** Copies that the network made. */
  copies: number;
  /** Messages that arrived. */
  delivered: number;
  /** Messages that the network lost. */
  lost: number;
  /** Messages that arrived damaged. */
  corrupted: number;
  /** Messages that a partition cut off. */
  cut: number;
  /** Messages that came to a node that was down. */
  to_crashed: number;
  /** Messages still under way at the end. */
  in_flight: number;
  /** Timers that fired. */
  timers: number;
  /** Crashes. */
  crashes: number;
  /** Events of the trace. */
  events: number;
}

/** A run that a note lists to be shown. */
export interface Demo {
  title: string;
  link: string;
}

/** An element of a log, a member of a set, or a row of a table. */
export interface Element {
  /** What it is, or the key of a row. */
  key: Key;
  /** What is kept of the key. */
  value?: string;
  /** Whether it wants a look: uncommitted, twice there, refused. */
  marked?: boolean;
}

/** Elements of a log, members of a set, or rows of a table: the last [`Elements::MOST`] of them. */
export interface Elements {
  /** Those that are kept, in order. */
  elements: Element[];
  /** How many stand before them. */
  more: number;
}

/** How a message's way ended. */
export type Ending = "delivered" | "lost" | "corrupted" | "cut" | "to-crashed" | "in-flight" | "withheld";

/** A kind of choice that an enemy may decide. */
export type EnemyMay = "lie" | "lose" | "corrupt" | "twice" | "delay" | "crash" | "pause";

/** A refusal as the page reads it. */
export interface ErrorAnswer {
  error: ErrorTold;
}

/** Why something is not done. */
export interface ErrorTold {
  message: string;
  /** The error drawn as the command line draws it. */
  report: string;
  findings: Finding[];
}

/** Numbers the events of a run from 0, in the order in which they happened. */
export type EventId = number;

export type EventKind = "traitor" | "started" | "sent" | "withheld" | "copied" | "lost" | "delivered" | "corrupted" | "cut" | "to_crashed" | "timer" | "output" | "noted" | "wrote" | "passed" | "crashed" | "writes_lost" | "restarted" | "paused" | "resumed" | "clock_stepped" | "clock_slewed" | "clock_drifted" | "partitioned" | "healed";

export interface Example {
  violated: number | null;
  holds: number | null;
}

/** What a verdict says of a property. */
export type Expected = "holds" | "violated" | "unknown";

/** One thing that a process knows: its name and what is so. */
export interface Fact {
  /** Its name: `epoch`, `in flight`, `log`. */
  name: string;
  /** What is so. */
  is: FactKind;
}

/** The kinds of facts. */
export type FactKind = { word: string } | { role: string } | { operation: string } | { count: Level } | { level: Level } | { clock: number } | { version: number } | { log: Elements } | { set: Elements } | { table: Elements };

/**
 * How large a measure is on average, with its interval, and what theory says; of no run,
 * nothing.
 */
export interface FigureTold {
  /** The runs in which it is defined. */
  n: number;
  mean: number | null;
  low: number | null;
  high: number | null;
  theory: number | null;
}

/** An error of a scenario, and its place in the text or the flag. */
export interface Finding {
  line: number | null;
  column: number | null;
  flag: string | null;
  message: string;
  help: string;
}

/** What the change came to: clauses that follow from each other; none if the runs are the same. */
export interface ForkAnswer {
  clauses: Clause[];
}

/** A run, and the same run with something changed. */
export interface ForkRequest {
  before?: RunRequest;
  after?: RunRequest;
}

/** What names an element. */
export type Key = number | string;

/**
 * Whether a property says that something bad never happens, or that something good does in the
 * end.
 */
export type Kind = "safety" | "liveness";

/** Something of a scenario that can be changed. */
export interface Knob {
  group: KnobGroup;
  /** What `--set` takes. */
  key?: string;
  /** For a fault that can be called off: what `--force` takes instead. */
  force?: string;
  label: string;
  kind: KnobKind;
  /** What it is set to, if it is set at all. */
  value: Setting | null;
  min?: number;
  max?: number;
  step?: number;
  says?: string;
  /** The words that it may be. */
  words?: string[];
}

/** The part of a scenario that a knob belongs to. */
export type KnobGroup = "nodes" | "protocol" | "network" | "faults";

/** What a knob's value is. */
export type KnobKind = "integer" | "number" | "truth" | "word" | "span" | "text";

/**
 * The time from send to delivery, in nanoseconds of true time; a percentile is the least that
 * so many of a hundred do not exceed. All are zero where nothing was delivered.
 */
export interface Latency {
  n: number;
  min: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** Where nodes stand in a picture that shows them as parties, not as lanes. */
export type Layout = "hills" | "ring" | "star" | "fan" | "row" | "split" | "rows";

/** How many of something there are. */
export interface Level {
  /** How many. */
  at: number;
  /** How many there can be, if that is limited. */
  limit?: number;
}

/** What there is to choose from. */
export interface LibraryAnswer {
  version: string;
  limits: LimitsTold;
  problems: ProblemListed[];
  /** The path through the scenarios; empty where the library has none. */
  path: StepListed[];
  /** What people look for and what is not here yet. */
  absent: AbsentTold[];
}

/** What a run for the page may use at most. */
export interface LimitsTold {
  events: number;
  messages: number;
  nodes: number;
}

/** A measure with its value in words, if it is defined in the run. */
export interface MeasureShown {
  name: string;
  says: string;
  words: string | null;
}

/** A message, on its way from one node to another. */
export interface Message {
  name: string;
  from: number;
  to: number;
  sent: number;
  ends: number;
  ending: Ending;
  began: EventId;
  words: string;
  ended?: EventId;
  /** What an honest process would have said. */
  truth?: string;
  lie?: boolean;
  copy?: boolean;
  /** What a traitor could have said in its place. */
  alternatives?: string[];
}

/** A condition that every run must meet, and what it means; nothing where it says so itself. */
export interface MustShown {
  text: string;
  says: string;
}

/**
 * A node, and where it is in a box from (-1, -1) at the upper left to (1, 1) at the lower
 * right.
 */
export interface NodeShown {
  name: string;
  /** What the node is in its protocol. */
  role: Role;
  x: number;
  y: number;
  traitor?: boolean;
  /** How a traitor lies, in a few words. */
  lie?: string;
}

/** What there is to know of a note before it is read. */
export interface NoteListed {
  path: string;
  kind: string;
  title: string;
  summary: string;
  tags: string[];
  demos: Demo[];
}

/** The notes that there are, in reading order. */
export interface NotesAnswer {
  notes: NoteListed[];
}

/** A time in which groups of nodes cannot reach each other. */
export interface PartitionShown {
  from: number;
  /** When it heals, if it does. */
  to: number | null;
  groups: number[][];
  one_way: boolean;
}

/** How many wait, this one and those before it. */
export interface PlaceInQueue {
  place: number;
}

/** What a sweep is about to do. */
export interface PlanTold {
  axes: AxisTold[];
  points: number;
  /** The runs of all points together. */
  runs: number;
  /** The command that does the same in a terminal, word by word. */
  command: string[];
}

export interface PredictionTold {
  ask: string;
  choices: ChoiceTold[];
  answer: number | null;
}

/** A problem in the library, with its protocols and its scenarios. */
export interface ProblemListed {
  name: string;
  title: string;
  summary: string;
  protocols: ProtocolListed[];
  scenarios: ScenarioListed[];
}

export interface PropertyRead {
  name: string;
  verdict: Expected;
}

export interface ProtocolListed {
  name: string;
  title: string;
}

/** A question to the room. */
export interface Question {
  ask: string;
  choices: ChoiceShown[];
  /** Which choice is right in this run. */
  answer: number | null;
  /** What is told where none is. */
  none: string | null;
  by: By;
  /** When it is asked; before the first event if it is null. */
  at: number | null;
  /** When its answer may be shown. */
  settled: number;
}

/** The line of work that waits for its turn. */
export interface Queued {
  queue: PlaceInQueue;
}

/** How often a property is violated, with its interval, and what theory says. */
export interface RateTold {
  violated: number;
  rate: number;
  low: number;
  high: number;
  theory: number | null;
}

/** Where the page can be opened, as it reads it. */
export interface ReachAnswer {
  /** The address that others most likely reach. */
  url: string | null;
  all: string[];
  /** Who can open it, a sentence. */
  says: string;
}

/** What the page reads of a run's report. */
export interface ReportRead {
  seed: number;
  trace_hash: string;
  properties: PropertyRead[];
}

/** What a node is in its protocol. The page draws a node by its role, never by its name. */
export type Role = "peer" | "general" | "commander" | "lieutenant" | "user" | "client" | "server" | "master" | "follower" | "replica" | "store" | "lock-service" | "shop" | "ledger" | "broker" | "worker" | "coordinator" | "participant" | "source" | "operator" | "sink";

/** What the judge says. */
export interface Ruling {
  solved: boolean;
  /** Whether it ran out of time, so that nothing is decided. */
  stopped: boolean;
  /** In how many changes: none for the claim that nothing reaches the goal. */
  changes: number;
  par: number;
  sentence: string;
  /** Why this is the answer, once it is found. */
  lesson: string[];
  counterexample: Counterexample | null;
}

/** What is told of a run. */
export interface RunAnswer {
  report: ReportRead;
  show: ViewModel;
  order: RunTold;
  link: string;
  command: string;
  event: number | null;
  remarks: string[];
  file?: string;
  told?: string;
}

/**
 * A run that is asked for: a shipped scenario by its name, or one as text, and what is changed
 * of it; or a link that says all that.
 */
export interface RunRequest {
  /** The name of a shipped scenario; of a text, what to call it. */
  scenario?: string | null;
  /** A scenario file's text. */
  text?: string | null;
  /** The seed. A number that JavaScript cannot hold exactly is given as its digits. */
  seed?: Seed | null;
  /** Keys and values, as `--set` takes them. */
  set?: [string, string][];
  /** Choices and options, as `--force` takes them. */
  force?: [string, string][];
  /** The fragment of a link. Nothing else can be said beside it. */
  link?: string | null;
}

/** A run, as the order that asks for it. */
export interface RunTold {
  scenario: string;
  text: string | null;
  /** As digits, which JavaScript does not round. */
  seed: string | null;
  set: [string, string][];
  force: [string, string][];
}

/** How many runs of how many are done. */
export interface RunsDone {
  done: number;
  runs: number;
}

/** How many runs the judge has made. */
export interface RunsJudged {
  runs: number;
}

export interface ScenarioListed {
  name: string;
  path: string;
  protocol: string;
  title: string;
  setup: string;
  nodes: string[];
  note: string | null;
  /** Whether it has a question to the room. */
  predict: boolean;
  /** Whether it has a grid of its own. */
  sweep: boolean;
  /** How much one has to know before, from 1 to 4. */
  level: number | null;
  /** The notes of its topics, as in the list of notes. */
  topics: string[];
  /** The scenario of the next step, if this one is on the path. */
  next: string | null;
  challenge: ChallengeListed | null;
}

/** What a search found, in words and as the order that runs it. */
export interface SearchDone {
  done: SearchFound;
  question: string;
  sentence: string;
  command: string | null;
  set_aside: string[];
  interrupted: boolean;
  order: RunTold | null;
}

/** What a search found. */
export interface SearchFound {
  found: CaseFound | null;
  /** How many runs were tried one by one. */
  enumerated: number;
  /** How many runs were tried at random. */
  sampled: number;
  /** The most departures that were tried. */
  deepest: number;
}

/** A line of a search. */
export type SearchLine = Queued | SearchTold | ErrorAnswer;

/** A search that is asked for. */
export interface SearchRequest {
  /** The scenario, and what is changed of it. */
  order?: RunRequest;
  /** What the enemy may do; what the scenario says if there is nothing. */
  may?: EnemyMay[];
  /** How many departures from calm it may make. */
  at_most?: number | null;
  /** The property to violate; that of the scenario, or any, if there is none. */
  property?: string | null;
  /** How many runs it may take. */
  runs?: number | null;
}

/** A line of a search. */
export type SearchTold = { progress: Tried } | SearchDone;

/** A seed, as a number or as its digits. */
export type Seed = number | string;

/** A value, as `--set` takes it where it is neither a number nor a truth value. */
export type Setting = boolean | number | string;

/** A value for people: lengths of time in words, numbers as numbers. */
export type Shown = number | string;

/** A step of the path through the library. */
export interface StepListed {
  /** The scenario: `PROBLEM/NAME`. */
  scenario: string;
  minutes: number;
  /** What one learns. */
  why: string;
  level: number | null;
  /** Whether the step is to solve the challenge, not only to watch the run. */
  challenge: boolean;
}

/** Why a run ended. */
export type StopReason = "quiescent" | "time-limit" | "event-limit" | "message-limit" | "interrupted";

/** A stretch of time, and whether it is folded, as in the diagram. */
export interface Stretch {
  from: number;
  to: number;
  folded: boolean;
}

/** What the chart of a sweep shows. */
export interface SweepChart {
  /** What is asked for: `Only one attacks`. */
  title: string;
  /** What its numbers are: `in % of the runs in which somebody attacks`. */
  counted_in: string;
  /** Whether the numbers are shares, from 0 to 1. */
  is_rate: boolean;
  /** Whether they are nanoseconds. */
  is_time: boolean;
  /** What stands under the horizontal axis. */
  along: string;
  /** The places along it, with their words. */
  places: [number, string][];
  series: ChartLine[];
  /** The formula of theory. */
  theory: string | null;
  /** What happens to every run, besides what is swept. */
  besides: string | null;
  /** What was left out, a sentence each. */
  left_out: string[];
}

/** What a sweep came to, beside its rows. */
export interface SweepDone {
  /** The story's questions, with what the sweep answers. */
  predictions: PredictionTold[];
}

/** A line of a sweep. */
export type SweepLine = Queued | SweepTold | ErrorAnswer;

/** A sweep that is asked for. */
export interface SweepRequest {
  /** The scenario, and what is changed of it at every point. */
  order?: RunRequest;
  /** `KEY=VALUES` of each key of the grid; the scenario's own grid if there is none. */
  over?: string[];
  /** Runs at each point; the scenario's own number if there is none. */
  runs?: number | null;
  /** The properties and measures to draw; those that are violated if there are none. */
  plot?: string[];
}

/** A point of a sweep that is done. */
export interface SweepRow {
  point: number;
  /** The settings of the point. */
  at: Record<string, SweptSetting>;
  runs: number;
  properties: Record<string, RateTold>;
  measures: Record<string, FigureTold>;
  /** For each property, seeds of runs to look at. */
  example: Record<string, Example>;
}

/** A line of a sweep. */
export type SweepTold = { plan: PlanTold } | { progress: RunsDone } | { row: SweepRow; chart: SweepChart | null } | { done: SweepDone; chart: SweepChart | null; svg: string | null };

export type SweptSetting = boolean | number | string;

/** A table of a run. */
export interface Table {
  title: string;
  columns: string[];
  rows: TableRow[];
}

export interface TableRow {
  cells: Cell[];
  /** What is wrong with it; empty where nothing is. */
  remark: string;
}

export interface Titled {
  name: string;
  title: string;
}

/** An event. Its place in the list is its number. */
export interface TraceEvent {
  at: number;
  what: EventKind;
  node?: number;
  cause?: EventId;
  /** The place of the message that it is about. */
  message?: number;
  name?: string;
  value?: Shown;
  /** Whether a node tells its user what it decided. */
  decision?: boolean;
  nth?: number;
  words?: string;
  facts?: Fact[];
}

/** How far a search is. */
export interface Tried {
  runs: number;
  /** The number of departures that is being tried. */
  depth: number;
  /** How many of the runs have this number, and how many there are, where that is known. */
  done: number;
  of: number | null;
  at_random: boolean;
}

/** A change of the run that a presenter has ready. */
export interface TryTold {
  /** What is changed, a sentence, if the story says it. */
  says: string | null;
  /** The flags for `dsys run`. */
  flags: string;
}

/** A run's twin. */
export interface TwinShown {
  /** The node that cannot tell the two runs apart. */
  node: number;
  /** The scenario of the other run; this one if it is null. */
  run: string | null;
  /** What is changed in it, as `try` writes it. */
  flags: string | null;
  /** What this run is beside the other; its title if it is null. */
  this: string | null;
  /** What the other run is; its title if it is null. */
  other: string | null;
  /** The moment up to which they look the same; the end if it is null. */
  until: number | null;
}

/** A property with its verdict. */
export interface VerdictShown {
  name: string;
  kind: Kind;
  /** What the property says of all runs. */
  says: string | null;
  verdict: Expected;
  vacuous: boolean;
  /** The verdict as one sign. */
  sign: string;
  /** Why, a sentence. */
  because: string;
  /** The events that show a violation. */
  evidence: EventId[];
  /** The event from which on it is violated; null where only the whole run tells. */
  since: EventId | null;
  /** What the scenario claims. */
  expected: Claim | null;
  as_expected: boolean;
}

/**
 * A run as the page plays it. What there can be many of is of a type of its own, so that a long
 * run is written out as it stands and not as a tree of values first.
 */
export interface ViewModel {
  scenario: string;
  title: string;
  problem: Titled;
  protocol: Titled;
  setup: string;
  /** What happened and why it matters; only of the run that the file describes. */
  lesson: string | null;
  note: string | null;
  try: TryTold[];
  /** The other run of a pair that looks the same to one node, if the scenario names one. */
  twin: TwinShown | null;
  changes: string | null;
  seed: number;
  layout: Layout;
  nodes: NodeShown[];
  ends: number;
  why: StopReason;
  course: Stretch[];
  events: TraceEvent[];
  messages: Message[];
  clocks: Corner[][] | null;
  partitions: PartitionShown[];
  beats: BeatTold[];
  questions: Question[];
  /** The events at which a presenter stops where no story is told. */
  moments: EventId[];
  verdicts: VerdictShown[];
  expected: boolean | null;
  measures: MeasureShown[];
  table: Table | null;
  counts: Counts;
  latency: Latency;
  warnings: string[];
  crash_points: string[];
  /** The names of the outputs that are entries of a table. */
  tables: string[];
  /** The lies that a traitor may choose without anything more to say of them. */
  lies: string[];
  knobs: Knob[];
  /** What is to be reached, if the scenario has a challenge. */
  challenge: ChallengeShown | null;
  /** The keys of the scenario's own grid for `dsys sweep`; none if it has no grid. */
  swept: string[];
  /** Whether it says what the enemy may do in `dsys search`. */
  has_search: boolean;
}

/** A line of a wall of seeds. */
export type WallLine = Queued | WallTold | ErrorAnswer;

/** What a wall is about to show. */
export interface WallPlan {
  /** The first seed, as digits, which JavaScript does not round. */
  seed: string;
  runs: number;
  properties: string[];
}

/** A wall that is asked for. */
export interface WallRequest {
  /** The scenario, and what is changed of it. */
  order?: RunRequest;
  /** How many seeds, from that of the scenario on; as many as there can be if not given. */
  runs?: number | null;
}

/** A line of a wall. */
export type WallTold = { wall: WallPlan } | { outcome: Expected[] } | { cells: string } | { filled: number };
