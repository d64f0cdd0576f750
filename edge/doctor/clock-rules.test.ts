import test from "ava";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import { RIGHT_TIME } from "../../test-rigs/sim/a-time.ts";
import { aMachine, DAY, someFacts } from "../../test-rigs/sim/some-facts.ts";
import type { Event } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import type { ClockSource } from "../world/clock-source.ts";
import { clockRules } from "./clock-rules.ts";
import type { Facts } from "./facts.ts";

const AT = someFacts().at;
const CLOCK = aMachine().clock;

function found(facts: Partial<Facts>): readonly string[] {
  return clockRules(someFacts(facts)).map(({ code, sure }) => `${code} ${sure}`);
}

function withClock(some: Partial<ClockSource>) {
  return { machine: aMachine({ clock: { ...CLOCK, ...some } }) };
}

const LONG_UNSYNCED = aStatus({ clock: "unsynced", time: { ...RIGHT_TIME, forMs: 3_600_000 } });

test("a clock that nobody sets is told of, but not just after a start, nor where another source tells the time", (t) => {
  const lost = withClock({ isSynced: false, server: null });
  t.deepEqual(found({ ...lost, status: LONG_UNSYNCED }), ["clock.unsynced certain"]);
  t.deepEqual(found({ ...lost, status: null }), ["clock.unsynced certain"]);
  t.deepEqual(found({ ...lost, status: aStatus({ clock: "corrected" }) }), []);
  const young = { ...LONG_UNSYNCED, since: AT, time: { ...RIGHT_TIME, forMs: 1_000 } };
  t.deepEqual(found({ ...withClock({ isSynced: null }), status: young }), []);
});

test("where nobody can be asked of the clock nothing is told of it", (t) => {
  t.deepEqual(found({ ...withClock({ isSynced: null }), status: null }), []);
});

test("a clock that shows less than the time of its own files is behind, and that is all there is to tell", (t) => {
  const proof = { at: (AT + DAY) as WallMs, file: "lifeline.db" };
  const machine = aMachine({ proof, clock: { ...CLOCK, isSynced: false } });
  t.deepEqual(found({ machine, status: LONG_UNSYNCED }), ["clock.behind certain"]);
  // What was written while this was found out proves nothing.
  const now = { at: (AT + 5_000) as WallMs, file: "lifeline.db" };
  t.deepEqual(found({ machine: aMachine({ proof: now }) }), []);
});

test("a clock runs away by what its daemon says, or by being set again and again in one direction", (t) => {
  t.deepEqual(found(withClock({ driftPpm: 480 })), ["clock.drifting certain"]);
  t.deepEqual(found(withClock({ offMs: 2_500 })), ["clock.drifting certain"]);
  const step = (hoursAgo: number, byMs: number): Event => ({
    kind: "gateway",
    subject: "gw-0001",
    from: "synced",
    to: "stepped",
    cause: "clock",
    detail: { byMs },
    at: (AT - hoursAgo * 3_600_000) as WallMs,
    clock: "synced",
  });
  const steps = [step(30, 1200), step(20, 900), step(10, 1100)];
  t.true(found({ events: steps })[0]?.startsWith("clock.drifting"));
  t.deepEqual(found({ events: steps.slice(1) }), []);
  t.deepEqual(found({ events: [step(30, 1200), step(20, -900), step(10, 1100)] }), []);
  // Set right after a start without a battery, once a boot.
  t.deepEqual(found({ events: [step(30, 9e6), step(20, 9e6), step(10, 9e6)] }), []);
});
