import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { after, type WallMs } from "../core/time.ts";
import { keptOverride, placedOverride, resumedOverride } from "./override.ts";
import type { OverrideState } from "./state.ts";

const HOUR_MS = 3_600_000;

/** An override of an hour that was given just now. */
function given(clock: SimClock): OverrideState {
  const until = after(clock.uptime(), HOUR_MS);
  return { who: "crew", reason: "work", forMs: HOUR_MS, until, end: null, isGuessed: false };
}

/** The machine is off for `downMs`, and starts with a wall time that nobody believes. */
async function reboot(clock: SimClock, downMs: number) {
  await clock.advance(downMs);
  clock.reboot(0 as WallMs);
}

test("an override ends when it was to after each of many starts of the process, however the clock is set", async (t) => {
  const clock = new SimClock();
  let override = given(clock);
  const { until } = override;
  for (const byMs of [-86_400_000, 86_400_000, -HOUR_MS, HOUR_MS]) {
    const kept = keptOverride(override, clock);
    await clock.advance(60_000);
    clock.setBy(byMs);
    override = resumedOverride(kept, clock);
    t.is(override.until, until);
  }
});

test("a start of the machine with the right time leaves its end where it was", async (t) => {
  const clock = new SimClock();
  let override = given(clock);
  const { until } = override;
  for (const downMs of [60_000, 600_000, 60_000]) {
    const kept = keptOverride(override, clock);
    await reboot(clock, downMs);
    clock.sync();
    override = resumedOverride(kept, clock);
    t.true(Math.abs(override.until - until) <= 1, `${override.until}`);
    t.false(override.isGuessed);
  }
  const kept = keptOverride(override, clock);
  await reboot(clock, HOUR_MS);
  clock.sync();
  t.is(resumedOverride(kept, clock).until, clock.uptime(), "what ended meanwhile is over");
});

test("until the time is known it goes on for what was left, and has its end when it is", async (t) => {
  const clock = new SimClock();
  const first = given(clock);
  await clock.advance(HOUR_MS / 2);
  const kept = keptOverride(first, clock);
  await reboot(clock, 600_000);
  const guessed = resumedOverride(kept, clock);
  t.is(guessed.until - clock.uptime(), HOUR_MS / 2);
  await clock.advance(60_000);
  t.is(placedOverride(guessed, clock), guessed);
  clock.sync();
  const placed = placedOverride(guessed, clock);
  t.true(Math.abs(placed.until - first.until) <= 1);
  t.is(placedOverride(placed, clock), placed);
});

test("starts of the machine without the time do not add up: the second in a row ends it", async (t) => {
  const clock = new SimClock({ state: "unsynced" });
  const kept = keptOverride(given(clock), clock);
  t.false(kept.isKnown);
  await reboot(clock, 1000);
  const once = resumedOverride(kept, clock);
  t.is(once.until - clock.uptime(), HOUR_MS);
  const again = keptOverride(once, clock);
  t.is(resumedOverride(again, clock).until, once.until, "a start of the process is none");
  await reboot(clock, 1000);
  t.is(resumedOverride(again, clock).until, clock.uptime());
});

test("what a release before kept lasts no longer than it was given for", (t) => {
  const clock = new SimClock();
  const until = (clock.now() + 24 * HOUR_MS) as WallMs;
  const kept = { who: "crew", reason: "work", forMs: HOUR_MS, until };
  t.is(resumedOverride(kept, clock).until, after(clock.uptime(), HOUR_MS));
});
