import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { InterlockRule } from "../core/interlock.ts";
import { after } from "../core/time.ts";
import { memoryOf, resumedFrom } from "./memory.ts";
import { type InterlockState, NEVER_TRIPPED } from "./state.ts";

const rule: InterlockRule = {
  name: "shut-off",
  write: "valve-1.shut",
  value: true,
  release: false,
  alarms: [],
  onFault: false,
  faultAfterMs: 0,
  minOnMs: 0,
  maxOnMs: 60_000,
  verify: true,
  retries: 3,
  retryEveryMs: 500,
  expiryMs: 10_000,
  testMs: 2000,
  permissive: [],
  deadMan: null,
};

/** What is made of `state` by a restart after `awayMs`, with a clock that was set by `stepMs`. */
async function restarted(state: InterlockState, awayMs: number, stepMs = 0) {
  const clock = new SimClock();
  await clock.advance(1000);
  const moved = { ...state, onSince: state.onSince === null ? null : clock.uptime() };
  const { override } = state;
  const shifted = override && { ...override, until: after(clock.uptime(), override.forMs) };
  const memory = memoryOf(rule, { ...moved, override: shifted }, clock);
  await clock.advance(awayMs);
  clock.stepWall(stepMs);
  return { resumed: resumedFrom(memory, rule, clock), clock };
}

const tripped: InterlockState = {
  ...NEVER_TRIPPED,
  name: "tripped",
  trip: 7,
  isOn: true,
  onSince: after(0 as never, 0),
};

test("a trip goes on as the same trip, with the time that it has been on", async (t) => {
  const { resumed, clock } = await restarted(tripped, 20_000);
  t.like(resumed, { name: "resuming", trip: 7, isOn: true, isSpent: false });
  t.is(Math.round(clock.uptime() - (resumed.onSince ?? 0)), 20_000);
});

test("a trip whose longest time on went by meanwhile is spent", async (t) => {
  t.true((await restarted(tripped, 60_000)).resumed.isSpent);
  t.false((await restarted(tripped, 59_000)).resumed.isSpent);
});

test("a clock that was set back makes no time on negative, and no override longer than asked", async (t) => {
  const { resumed, clock } = await restarted(tripped, 10_000, -86_400_000);
  t.is(resumed.onSince, clock.uptime());
  const override = { who: "crew", reason: "work", forMs: 60_000, until: after(0 as never, 0) };
  const overridden: InterlockState = { ...NEVER_TRIPPED, name: "overridden", override };
  const back = await restarted(overridden, 10_000, -86_400_000);
  t.is(back.resumed.override?.until, after(back.clock.uptime(), 60_000));
  const on = await restarted(overridden, 10_000, 86_400_000);
  t.is(on.resumed.override?.until, on.clock.uptime());
});

test("a test that a crash cut short is over at once, and what was before is written back", async (t) => {
  const test = { who: "crew", before: false, until: null };
  const { resumed, clock } = await restarted(
    { ...NEVER_TRIPPED, name: "testing", isOn: true, test },
    1000,
  );
  t.like(resumed, { name: "testing", test: { before: false, until: clock.uptime() } });
});

test("what is idle, held or spent stays so, and what was under way is looked at anew", async (t) => {
  const names = ["idle", "blocked", "held", "spent", "not-obeying", "holding"] as const;
  const found = await Promise.all(
    names.map(async (name) => (await restarted({ ...tripped, name }, 1000)).resumed.name),
  );
  t.deepEqual(found, ["idle", "idle", "held", "spent", "resuming", "resuming"]);
});
