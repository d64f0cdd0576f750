import test from "ava";
import { INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import type { InterlockRule } from "../core/interlock.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { stepInterlock } from "./machine.ts";
import { type Inputs, type InterlockState, NEVER_TRIPPED } from "./state.ts";

const RULE: InterlockRule = { ...INTERLOCK, name: "purge", write: "fan.on", maxOnMs: 20_000 };
const NOW = 1_000_000 as UptimeMs;

/** What the interlock sees while `asking` stand. */
function seen(...asking: readonly string[]): Inputs {
  const [by] = asking;
  const demand = by === undefined ? null : ({ cause: "alarm", by } as const);
  const rest = { isJudged: true, isPermitted: true, isHeldByOther: false, isToldByOther: false };
  return { demand, asking, standing: asking, ...rest };
}

function look(state: InterlockState, inputs: Inputs) {
  return stepInterlock(RULE, state, { kind: "look" }, inputs, NOW);
}

const spent: InterlockState = {
  ...NEVER_TRIPPED,
  name: "spent",
  trip: 1,
  isSpent: true,
  spentOf: ["gas-high"],
};

test("an alarm that comes while a trip is spent is a new trip, by its own name and with its own number", (t) => {
  const { state, turns } = look(spent, seen("gas-high", "gas-red"));
  t.like(state, { trip: 2, isSpent: false, by: "gas-red" });
  t.deepEqual(state.spentOf, []);
  t.like(turns, [{ from: "spent", to: "tripping", cause: "alarm", by: "gas-red", trip: 2 }]);
});

test("a trip is spent for every alarm that stands then, and one that was over meanwhile is new again", (t) => {
  const on = { name: "tripped", trip: 1, isOn: true, onSince: after(NOW, -20_000) } as const;
  const { state: over } = look({ ...NEVER_TRIPPED, ...on }, seen("gas-high", "gas-red"));
  t.like(over, { name: "releasing", isSpent: true });
  t.deepEqual(over.spentOf, ["gas-high", "gas-red"]);
  const still = look({ ...over, name: "spent", command: null }, seen("gas-high"));
  t.is(still.state.name, "spent");
  t.deepEqual(still.state.spentOf, ["gas-high"]);
  t.deepEqual(still.turns, [], "nothing is told of it");
  t.is(look(still.state, seen("gas-high", "gas-red")).state.name, "tripping");
});

test("what a trip was spent for is forgotten with its condition: the end of a later test is not mute", (t) => {
  const { state: idle } = look(spent, seen());
  t.like(idle, { name: "idle", isSpent: false });
  const test = { who: "crew", before: false, until: NOW };
  const { state: ending } = look({ ...idle, name: "testing", isOn: true, test }, seen());
  t.is(ending.name, "releasing");
  t.is(look(ending, seen("gas-high")).state.name, "tripping");
});
