import test from "ava";
import fc from "fast-check";
import { CALM, INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import type { InterlockRule, InterlockStateName } from "../core/interlock.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { stepInterlock } from "./machine.ts";
import {
  type Demand,
  type Goal,
  type Inputs,
  type InterlockState,
  NEVER_TRIPPED,
  nextAt,
  type Stimulus,
} from "./state.ts";

const RULE: InterlockRule = { ...INTERLOCK, minOnMs: 5000, maxOnMs: 20_000 };

const HELD: InterlockRule = { ...RULE, release: null, maxOnMs: null };
const NOW = 1_000_000 as UptimeMs;
const JUST = after(NOW, -1000);
const LONG = after(NOW, -10_000);
const TOO_LONG = after(NOW, -20_000);

const DEMAND = { cause: "alarm", by: "gas-high" } as const;
const FIRST = ["gas-high"];
const BOTH = ["gas-high", "gas-red"];
const ASKED: Inputs = { ...CALM, demand: DEMAND, asking: FIRST, standing: FIRST };
const ASKED_BY_BOTH: Inputs = { ...ASKED, asking: BOTH, standing: BOTH };
const LOOK: Stimulus = { kind: "look" };

const failed = (goal: Goal, retryAt: UptimeMs | null) => ({ id: 3, goal, retryAt, isCheck: false });
const outcome = (kind: "obeyed" | "failed", attempts = 1): Stimulus => ({
  kind: "outcome",
  id: 3,
  outcome:
    kind === "obeyed"
      ? { kind, readBack: true, isRepeat: false }
      : { kind, readBack: null, reason: "timeout" },
  attempts,
  tookMs: 100,
});
const BY_CREW = { kind: "override", who: "crew", reason: "work", forMs: 60_000 } as const;
const TEST = { kind: "test", who: "crew", before: false } as const;
const RELEASE = { kind: "release", who: "crew" } as const;
const DRIFTED = { kind: "drifted", readBack: false, isOwn: false } as const;
const FALLEN = { ...DRIFTED, isOwn: true } as const;

const on = { trip: 1, isOn: true, commands: 3 };
const under = (goal: Goal) => ({ ...on, command: failed(goal, null) });
const spent = { isSpent: true, spentOf: FIRST };
const given = { who: "crew", reason: "work", forMs: 60_000, end: null, isGuessed: false };
const away = { override: { ...given, until: after(NOW, 9) } };
const back = { override: { ...away.override, until: NOW } };
const tried = { test: { who: "crew", before: false, until: NOW } };
const trying = { test: { who: "crew", before: false, until: null } };

type Row = readonly [
  from: InterlockStateName,
  state: Partial<InterlockState>,
  stimulus: Stimulus,
  inputs: Inputs,
  to: InterlockStateName,
  /** What the output is newly told; null for nothing. */
  told: Goal | null,
  rule?: InterlockRule,
];

/** What leads to what, written down from the rules in README.md and not from the program. */
const TABLE: readonly Row[] = [
  ["idle", {}, LOOK, CALM, "idle", null],
  ["idle", {}, LOOK, ASKED, "tripping", "trip"],
  ["idle", {}, LOOK, { ...ASKED, isPermitted: false }, "blocked", null],
  ["idle", {}, LOOK, { ...CALM, isPermitted: false }, "idle", null],
  ["idle", {}, LOOK, { ...ASKED, isHeldByOther: true }, "tripping", "trip"],
  ["idle", {}, TEST, CALM, "testing", "trip"],
  ["idle", {}, TEST, { ...CALM, isHeldByOther: true }, "idle", null],
  ["idle", {}, TEST, { ...CALM, isToldByOther: true }, "idle", null],
  ["idle", {}, LOOK, { ...ASKED, isToldByOther: true }, "tripping", "trip"],
  ["idle", {}, BY_CREW, CALM, "overridden", null],
  ["idle", {}, BY_CREW, ASKED, "overridden", null],
  ["idle", {}, RELEASE, CALM, "idle", null],
  ["blocked", {}, LOOK, { ...ASKED, isPermitted: false }, "blocked", null],
  ["blocked", {}, LOOK, ASKED, "tripping", "trip"],
  ["blocked", {}, LOOK, CALM, "idle", null],
  ["blocked", {}, BY_CREW, ASKED, "overridden", null],
  ["tripping", under("trip"), LOOK, CALM, "tripping", null],
  ["tripping", under("trip"), LOOK, { ...ASKED, isPermitted: false }, "tripping", null],
  ["tripping", under("trip"), outcome("obeyed"), ASKED, "tripped", null],
  ["tripping", under("trip"), outcome("obeyed"), CALM, "holding", null],
  ["tripping", under("trip"), outcome("obeyed"), CALM, "holding", null, HELD],
  ["tripping", under("trip"), outcome("failed"), ASKED, "not-obeying", null],
  ["tripping", under("trip"), outcome("failed"), CALM, "releasing", "back"],
  ["tripping", under("trip"), outcome("failed"), CALM, "held", null, HELD],
  ["tripping", under("trip"), BY_CREW, ASKED, "overridden", "back"],
  ["tripping", under("trip"), BY_CREW, ASKED, "overridden", null, HELD],
  ["tripped", { ...on, onSince: JUST }, LOOK, ASKED, "tripped", null],
  ["tripped", { ...on, onSince: JUST }, LOOK, { ...ASKED, isPermitted: false }, "tripped", null],
  ["tripped", { ...on, onSince: JUST }, LOOK, CALM, "holding", null],
  ["tripped", { ...on, onSince: LONG }, LOOK, CALM, "releasing", "back"],
  ["tripped", { ...on, onSince: LONG }, LOOK, CALM, "held", null, HELD],
  ["tripped", { ...on, onSince: LONG }, LOOK, { ...CALM, isHeldByOther: true }, "idle", null],
  ["tripped", { ...on, onSince: TOO_LONG }, LOOK, ASKED, "releasing", "back"],
  ["tripped", { ...on, onSince: TOO_LONG }, LOOK, ASKED, "tripped", null, HELD],
  ["tripped", { ...on, onSince: TOO_LONG }, LOOK, { ...ASKED, isHeldByOther: true }, "spent", null],
  ["tripped", { ...on, onSince: JUST }, DRIFTED, ASKED, "tripping", "trip"],
  ["tripped", { ...on, onSince: JUST }, BY_CREW, ASKED, "overridden", "back"],
  ["tripped", { ...on, onSince: JUST }, TEST, ASKED, "tripped", null],
  ["holding", { ...on, onSince: JUST }, LOOK, CALM, "holding", null],
  ["holding", { ...on, onSince: JUST }, LOOK, ASKED, "tripped", null],
  ["holding", { ...on, onSince: LONG }, LOOK, CALM, "releasing", "back"],
  ["holding", { ...on, onSince: LONG }, LOOK, CALM, "held", null, HELD],
  ["holding", { ...on, onSince: JUST }, DRIFTED, CALM, "tripping", "trip"],
  ["releasing", under("back"), LOOK, CALM, "releasing", null],
  ["releasing", under("back"), LOOK, ASKED, "tripping", "trip"],
  ["releasing", { ...under("back"), ...spent }, LOOK, ASKED, "releasing", null],
  ["releasing", { ...under("back"), ...spent }, LOOK, ASKED_BY_BOTH, "tripping", "trip"],
  ["releasing", under("back"), outcome("obeyed"), CALM, "idle", null],
  ["releasing", { ...under("back"), ...spent }, outcome("obeyed"), ASKED, "spent", null],
  ["releasing", under("back"), outcome("failed"), CALM, "not-obeying", null],
  ["releasing", under("back"), { kind: "yield" }, CALM, "idle", null],
  ["releasing", { ...under("back"), ...spent }, { kind: "yield" }, ASKED, "spent", null],
  ["held", on, LOOK, CALM, "held", null, HELD],
  ["held", on, LOOK, ASKED, "tripping", "trip", HELD],
  ["held", on, RELEASE, CALM, "idle", null, HELD],
  ["held", on, DRIFTED, CALM, "idle", null, HELD],
  ["held", on, FALLEN, CALM, "tripping", "trip", HELD],
  ["held", on, BY_CREW, CALM, "overridden", null, HELD],
  ["spent", { trip: 1, ...spent }, LOOK, ASKED, "spent", null],
  ["spent", { trip: 1, ...spent }, LOOK, CALM, "idle", null],
  ["spent", { trip: 1, ...spent }, LOOK, { ...CALM, isJudged: false }, "spent", null],
  ["spent", { trip: 1, ...spent }, LOOK, ASKED_BY_BOTH, "tripping", "trip"],
  ["spent", { trip: 1, ...spent }, LOOK, { ...ASKED_BY_BOTH, isPermitted: false }, "spent", null],
  ["spent", { trip: 1, ...spent }, LOOK, { ...ASKED, standing: BOTH }, "spent", null],
  ["spent", { trip: 1, ...spent, spentOf: BOTH }, LOOK, ASKED_BY_BOTH, "spent", null],
  [
    "not-obeying",
    { ...on, command: failed("trip", after(NOW, 9)) },
    LOOK,
    ASKED,
    "not-obeying",
    null,
  ],
  ["not-obeying", { ...on, command: failed("trip", NOW) }, LOOK, ASKED, "not-obeying", "trip"],
  ["not-obeying", { ...on, command: failed("trip", NOW) }, LOOK, CALM, "releasing", "back"],
  ["not-obeying", { ...on, command: failed("trip", NOW) }, LOOK, CALM, "held", null, HELD],
  [
    "not-obeying",
    { ...on, onSince: LONG, command: failed("trip", NOW) },
    LOOK,
    CALM,
    "not-obeying",
    "trip",
    HELD,
  ],
  ["not-obeying", under("trip"), outcome("obeyed"), ASKED, "tripped", null],
  ["not-obeying", under("trip"), outcome("failed"), ASKED, "not-obeying", null],
  ["not-obeying", { ...on, command: failed("back", NOW) }, LOOK, CALM, "not-obeying", "back"],
  ["not-obeying", { ...on, command: failed("back", NOW) }, LOOK, ASKED, "tripping", "trip"],
  [
    "not-obeying",
    { ...on, ...spent, command: failed("back", after(NOW, 9)) },
    LOOK,
    ASKED_BY_BOTH,
    "tripping",
    "trip",
  ],
  ["not-obeying", under("back"), outcome("obeyed"), CALM, "idle", null],
  ["not-obeying", under("back"), { kind: "yield" }, CALM, "idle", null],
  ["overridden", away, LOOK, ASKED, "overridden", null],
  ["overridden", away, LOOK, CALM, "overridden", null],
  ["overridden", back, LOOK, ASKED, "tripping", "trip"],
  ["overridden", back, LOOK, { ...ASKED, isPermitted: false }, "blocked", null],
  ["overridden", back, LOOK, CALM, "idle", null],
  ["overridden", { ...back, ...on }, LOOK, CALM, "held", null, HELD],
  ["overridden", away, RELEASE, CALM, "idle", null],
  ["overridden", away, RELEASE, ASKED, "tripping", "trip"],
  ["overridden", away, BY_CREW, ASKED, "overridden", null],
  ["overridden", { ...away, ...under("back") }, outcome("obeyed"), ASKED, "overridden", null],
  ["overridden", { ...away, ...under("back") }, outcome("failed"), ASKED, "overridden", null],
  ["overridden", { ...away, ...under("back") }, { kind: "yield" }, ASKED, "overridden", null],
  ["testing", { ...under("trip"), ...trying }, LOOK, CALM, "testing", null],
  ["testing", { ...under("trip"), ...trying }, outcome("obeyed"), CALM, "testing", null],
  ["testing", { ...under("trip"), ...trying }, outcome("failed"), CALM, "releasing", "back"],
  ["testing", { ...under("trip"), ...trying }, outcome("failed", 0), CALM, "idle", null],
  ["testing", { ...on, ...tried }, LOOK, CALM, "releasing", "back"],
  ["testing", { ...on, ...tried }, LOOK, ASKED, "tripping", "trip"],
  ["testing", { ...on, ...tried }, LOOK, { ...CALM, isHeldByOther: true }, "idle", null],
  [
    "testing",
    { ...under("trip"), ...trying },
    outcome("failed"),
    { ...CALM, isHeldByOther: true },
    "idle",
    null,
  ],
  ["testing", { ...on, ...trying }, BY_CREW, CALM, "testing", null],
  ["resuming", on, LOOK, { ...CALM, isJudged: false }, "resuming", null],
  ["resuming", on, LOOK, ASKED, "tripping", "trip"],
  ["resuming", { ...on, ...spent }, LOOK, ASKED, "releasing", "back"],
  ["resuming", { ...on, ...spent }, LOOK, { ...ASKED, isHeldByOther: true }, "spent", null],
  ["resuming", { ...on, ...spent }, LOOK, ASKED_BY_BOTH, "tripping", "trip"],
  ["resuming", { ...on, onSince: JUST }, LOOK, CALM, "holding", null],
  ["resuming", { ...on, onSince: LONG }, LOOK, CALM, "releasing", "back"],
  ["resuming", { ...on, onSince: LONG }, LOOK, CALM, "held", null, HELD],
];

test("from every state each stimulus leads where the table says, with the command it says", (t) => {
  for (const [index, [from, set, stimulus, inputs, to, told, rule = RULE]] of TABLE.entries()) {
    const state: InterlockState = { ...NEVER_TRIPPED, ...set, name: from };
    const { state: next } = stepInterlock(rule, state, stimulus, inputs, NOW);
    const isNew = next.command !== null && next.command.id !== state.command?.id;
    const row = `row ${index}: ${from} ${stimulus.kind}`;
    t.is(next.name, to, row);
    t.is(isNew ? next.command?.goal : null, told, row);
  }
  t.is(new Set(TABLE.map(([from]) => from)).size, 12, "every state has rows");
});

/** One thing that happens to an interlock, `afterMs` later. */
type Happening = { readonly afterMs: number; readonly inputs: Inputs; readonly what: What };
type What =
  | "look"
  | "yield"
  | "obeyed"
  | "failed"
  | "stale"
  | "drifted"
  | "override"
  | "test"
  | "release";

const WHATS = [
  "look",
  "yield",
  "obeyed",
  "failed",
  "stale",
  "drifted",
  "override",
  "test",
  "release",
] as const;

function demandOf([alarm]: readonly string[], isFaulty: boolean): Demand | null {
  if (alarm !== undefined) return { cause: "alarm", by: alarm };
  return isFaulty ? { cause: "fault", by: "gas-1.gas" } : null;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  afterMs: fc.constantFrom(0, 1, 499, 500, 2000, 5000, 20_000, 60_000),
  inputs: fc
    .record({
      asking: fc.subarray(BOTH),
      unjudged: fc.subarray(BOTH),
      isFaulty: fc.boolean(),
      isJudged: fc.boolean(),
      isPermitted: fc.boolean(),
      isHeldByOther: fc.boolean(),
      isToldByOther: fc.boolean(),
    })
    .map(({ asking, unjudged, isFaulty, ...rest }) => ({
      ...rest,
      demand: demandOf(asking, isFaulty),
      asking,
      standing: [...new Set([...asking, ...unjudged])],
    })),
  what: fc.constantFrom<What>(...WHATS),
});

const rules: fc.Arbitrary<InterlockRule> = fc
  .record({
    release: fc.constantFrom(false, null),
    minOnMs: fc.constantFrom(0, 5000),
    maxOnMs: fc.constantFrom(null, 20_000),
    verify: fc.boolean(),
  })
  .map((drawn) => ({ ...RULE, ...drawn, maxOnMs: drawn.release === null ? null : drawn.maxOnMs }));

function stimulusOf(what: What, state: InterlockState): Stimulus {
  const id = state.command?.id ?? 0;
  switch (what) {
    case "obeyed":
    case "failed":
      return { ...(outcome(what) as Extract<Stimulus, { kind: "outcome" }>), id };
    case "stale":
      return { ...(outcome("obeyed") as Extract<Stimulus, { kind: "outcome" }>), id: id - 1 };
    case "drifted":
      return DRIFTED;
    case "override":
      return BY_CREW;
    case "test":
      return TEST;
    case "release":
      return RELEASE;
    default:
      return { kind: what };
  }
}

/** States in which nothing is being told. */
const QUIET: ReadonlySet<InterlockStateName> = new Set([
  "idle",
  "blocked",
  "tripped",
  "holding",
  "held",
  "spent",
  "resuming",
] as const);

test("whatever happens in whatever order, the promises of an interlock hold", (t) => {
  const start = fc.constantFrom<InterlockStateName>("idle", "resuming", "held");
  const story = fc.array(happening, { minLength: 1, maxLength: 40 });
  const holds = fc.property(rules, start, story, (rule, name, happenings) => {
    let state: InterlockState = { ...NEVER_TRIPPED, name, isOn: name !== "idle" };
    let now = NOW;
    for (const { afterMs, inputs, what } of happenings) {
      now = after(now, afterMs);
      const before = state;
      const stimulus = stimulusOf(what, before);
      const { state: next, turns } = stepInterlock(rule, before, stimulus, inputs, now);
      check(rule, { before, next, turns, inputs, now, what });
      state = next;
    }
  });
  fc.assert(holds, { numRuns: 3000 });
  t.pass();
});

type Seen = {
  readonly before: InterlockState;
  readonly next: InterlockState;
  readonly turns: ReturnType<typeof stepInterlock>["turns"];
  readonly inputs: Inputs;
  readonly now: UptimeMs;
  readonly what: What;
};

function check(rule: InterlockRule, seen: Seen): void {
  const { before, next, turns, inputs, now, what } = seen;
  const must = (isSo: boolean, promise: string) => {
    if (!isSo) throw new Error(`${promise}: ${JSON.stringify(seen)}`);
  };
  let at = before.name;
  for (const { from, to } of turns) {
    must(from === at, "each turn begins where the one before ended");
    at = to;
  }
  must(at === next.name, "no state is reached without being told");
  must(!QUIET.has(next.name) || next.command === null, "what is at rest tells nothing");
  const isNew = next.command !== null && next.command.id !== before.command?.id;
  if (isNew) must((next.command?.id ?? 0) > before.commands, "no command has an id twice");
  const isTrip = isNew && next.command?.goal === "trip";
  if (next.name === "overridden") must(!isTrip, "who is overridden does not trip");
  if (isTrip && next.name !== "testing") {
    const goesOn = next.trip === before.trip;
    must(!(goesOn && before.isSpent), "a trip that is spent does not act again");
    must(goesOn || inputs.demand !== null, "nothing trips unasked");
  }
  must(next.trip - before.trip <= 1 && next.trip >= before.trip, "trips are counted one by one");
  if (isNew && next.command?.goal === "back" && rule.release === null) {
    must(next.test !== null, "without a release only a test writes back");
  }
  if (what === "stale" && before.command !== null) {
    const looked = stepInterlock(rule, before, LOOK, inputs, now);
    must(looked.state.name === next.name, "the outcome of an old command moves nothing");
  }
  const isAsked = inputs.demand !== null && inputs.isPermitted;
  const isMute = before.name === "spent" && next.name === "spent" && inputs.isPermitted;
  const isNewly = inputs.asking.some((alarm) => !before.spentOf.includes(alarm));
  must(!(isMute && isNewly), "a spent trip makes no other alarm mute");
  const isFree = ["idle", "blocked", "held"].includes(next.name);
  must(!(isAsked && isFree), "who is asked and permitted is not idle");
  const leaves = before.name === "tripped" && next.name === "releasing" && before.onSince !== null;
  if (leaves) must(now - (before.onSince ?? 0) >= rule.minOnMs, "the shortest time on is kept");
  const due = nextAt(rule, next);
  must(due === null || due > now, "nothing that is due is left undone, so that no loop spins");
}
