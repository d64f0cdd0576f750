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
async function restarted(
  state: InterlockState,
  awayMs: number,
  { stepMs = 0, standing = ["gas"], boots = false } = {},
) {
  const clock = new SimClock();
  await clock.advance(1000);
  const moved = { ...state, onSince: state.onSince === null ? null : clock.uptime() };
  const memory = memoryOf(rule, moved, clock);
  await clock.advance(awayMs);
  if (boots) clock.reboot(clock.now());
  clock.stepWall(stepMs);
  return { resumed: resumedFrom(memory, rule, standing, clock), clock };
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

test("a clock that was set makes a time on neither longer nor shorter within a boot", async (t) => {
  for (const stepMs of [-86_400_000, 86_400_000]) {
    const { resumed, clock } = await restarted(tripped, 10_000, { stepMs });
    t.false(resumed.isSpent);
    t.is(Math.round(clock.uptime() - (resumed.onSince ?? 0)), 10_000);
  }
});

test("over a start of the machine wall time tells, and never makes it negative", async (t) => {
  const on = await restarted(tripped, 20_000, { boots: true });
  t.is(Math.round(on.clock.uptime() - (on.resumed.onSince ?? 0)), 20_000);
  const back = { stepMs: -86_400_000, boots: true };
  const { resumed, clock } = await restarted(tripped, 10_000, back);
  t.is(resumed.onSince, clock.uptime());
});

test("a test that a crash cut short is over at once, and what was before is written back", async (t) => {
  const test = { who: "crew", before: false, until: null };
  const { resumed, clock } = await restarted(
    { ...NEVER_TRIPPED, name: "testing", isOn: true, test },
    1000,
  );
  t.like(resumed, { name: "testing", test: { before: false, until: clock.uptime() } });
  const stuck = { ...NEVER_TRIPPED, name: "not-obeying", isOn: true, test } as const;
  t.like((await restarted(stuck, 1000)).resumed, { name: "testing", test: { before: false } });
});

test("what is idle, held or spent stays so, and what was under way is looked at anew", async (t) => {
  const names = ["idle", "blocked", "held", "spent", "not-obeying", "holding"] as const;
  const found = await Promise.all(
    names.map(async (name) => (await restarted({ ...tripped, name }, 1000)).resumed.name),
  );
  t.deepEqual(found, ["idle", "idle", "held", "spent", "resuming", "resuming"]);
});

test("what a trip was spent for is kept, as far as it stands; where that is not known, it was each", async (t) => {
  const spent = { ...tripped, name: "spent", isSpent: true, spentOf: ["gas", "smoke"] } as const;
  const { resumed } = await restarted(spent, 1000, { standing: ["gas", "gas-red"] });
  t.deepEqual(resumed.spentOf, ["gas"]);
  const meanwhile = await restarted(tripped, 60_000, { standing: ["gas", "gas-red"] });
  t.deepEqual(meanwhile.resumed.spentOf, ["gas", "gas-red"]);

  const { spentOf: _, ...older } = memoryOf(rule, spent, meanwhile.clock);
  const known = resumedFrom(older, rule, ["gas", "gas-red"], meanwhile.clock);
  t.deepEqual(known.spentOf, ["gas", "gas-red"]);
});
