import test from "ava";
import { ASKED, INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import type { UptimeMs } from "../core/time.ts";
import { stepInterlock } from "./machine.ts";
import {
  type Goal,
  type Inputs,
  type InterlockState,
  NEVER_TRIPPED,
  type Stimulus,
} from "./state.ts";

const BARRED: Inputs = { ...ASKED, isPermitted: false };
const NOW = 1_000_000 as UptimeMs;
const LOOK: Stimulus = { kind: "look" };
const OBEYED: Stimulus = {
  ...{ kind: "outcome", id: 3, attempts: 1, tookMs: 9 },
  outcome: { kind: "obeyed", readBack: false, isRepeat: false },
};

const told = (goal: Goal, retryAt: UptimeMs | null = null) => ({
  command: { id: 3, goal, retryAt, isCheck: false },
});
const tried = { test: { who: "crew", before: false, until: NOW } };
const trying = { test: { who: "crew", before: false, until: null } };

/** Where `state` goes while its alarm stands, and what the output is newly told. */
function course(state: Partial<InterlockState>, inputs: Inputs, stimulus = LOOK) {
  const before = { ...NEVER_TRIPPED, trip: 1, isOn: true, commands: 3, ...state };
  const { state: next } = stepInterlock(INTERLOCK, before, stimulus, inputs, NOW);
  const isNew = next.command !== null && next.command.id > 3;
  return [next.name, isNew ? next.command?.goal : null];
}

test("an output on its way back does not trip anew before that is permitted", (t) => {
  const back = { name: "releasing", ...told("back") } as const;
  t.deepEqual(course(back, ASKED), ["tripping", "trip"]);
  t.deepEqual(course(back, BARRED), ["releasing", null]);
  t.deepEqual(course(back, BARRED, OBEYED), ["blocked", null]);
});

test("one that would not go back is told so on, where a trip is not permitted", (t) => {
  const stuck = { name: "not-obeying", ...told("back", NOW) } as const;
  t.deepEqual(course(stuck, ASKED), ["tripping", "trip"]);
  t.deepEqual(course(stuck, BARRED), ["not-obeying", "back"]);
});

test("a test does not become a trip that is not permitted: it ends as every test", (t) => {
  t.deepEqual(course({ name: "testing", ...tried }, ASKED), ["tripping", "trip"]);
  t.deepEqual(course({ name: "testing", ...tried }, BARRED), ["releasing", "back"]);
  const begun = { name: "testing", ...trying, ...told("trip") } as const;
  t.deepEqual(course(begun, BARRED), ["testing", null]);
});

test("what has tripped is not ended by what permits it, and what is held may be taken up", (t) => {
  t.deepEqual(course({ name: "tripped" }, BARRED), ["tripped", null]);
  t.deepEqual(course({ name: "holding" }, BARRED), ["tripped", null]);
  t.deepEqual(course({ name: "resuming" }, BARRED), ["tripping", "trip"]);
});
