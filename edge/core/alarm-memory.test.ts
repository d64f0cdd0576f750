import test from "ava";
import type { AlarmRule } from "./alarm.ts";
import {
  type AlarmMemory,
  basisOf,
  memoryOf,
  resumed,
  resumedState,
  resumptionOf,
} from "./alarm-memory.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";

const rule: AlarmRule = {
  name: "gas-high",
  point: "gas-1.gas",
  limit: "high",
  setpoint: 50,
  deadband: 2,
  onDelayMs: 3000,
  severity: "red",
  latch: false,
};
const memory: AlarmMemory = {
  alarm: "gas-high",
  state: "acknowledged",
  since: 5 as WallMs,
  basis: basisOf(rule),
};

test("an alarm whose rule says what it said goes on", (t) => {
  t.is(resumptionOf(memory, rule), "kept");
  t.is(resumptionOf(memory, { ...rule, deadband: 3, onDelayMs: 0, latch: true }), "kept");
});

test("a milder setpoint or severity leaves the state and is told", (t) => {
  const milder = [
    { ...rule, setpoint: 60 },
    { ...rule, severity: "orange" },
  ] as const;
  for (const one of milder) {
    t.is(resumptionOf(memory, one), "milder");
    t.deepEqual(resumed(memory, one, 9 as WallMs), { ...memory, basis: basisOf(one) });
  }
});

test("a stricter setpoint or a higher severity takes the acknowledgement back", (t) => {
  const low = { ...rule, limit: "low" } as const;
  const yellow = { ...rule, severity: "yellow" } as const;
  const graver = [
    [rule, { ...rule, setpoint: 40 }],
    [low, { ...low, setpoint: 60 }],
    [yellow, rule],
    [yellow, { ...rule, setpoint: 60 }],
  ] as const;
  const turns = [
    ["acknowledged", "unacknowledged"],
    ["latched-acknowledged", "latched-unacknowledged"],
  ] as const;
  for (const [before, after] of graver) {
    for (const [state, to] of turns) {
      const old = { ...memory, state, basis: basisOf(before) };
      t.is(resumptionOf(old, after), "graver");
      t.like(resumed(old, after, 9 as WallMs), { state: to, since: 9, basis: basisOf(after) });
    }
  }
});

test("what nobody has answered stays as it is when it gets graver", (t) => {
  const graver = { ...rule, setpoint: 40 };
  for (const state of ["normal", "unacknowledged", "returned-unacknowledged"] as const) {
    t.like(resumed({ ...memory, state }, graver, 9 as WallMs), { state, since: 5 });
  }
});

test("an alarm that is gone, or watches something else, inherits nothing", (t) => {
  t.is(resumptionOf(memory, undefined), "closed");
  t.is(resumptionOf(memory, { ...rule, point: "gas-2.gas" }), "closed");
  t.is(resumptionOf(memory, { ...rule, limit: "low" }), "closed");
});

test("another value to be equal to is another condition, a steeper rate a milder one", (t) => {
  const open = { ...rule, limit: "equal", setpoint: true } as const;
  const before = { ...memory, basis: basisOf(open) };
  t.is(resumptionOf(before, open), "kept");
  t.is(resumptionOf(before, { ...open, setpoint: false }), "closed");
  const rising = { ...rule, limit: "rate", setpoint: 2, perMs: 1000, overMs: 9000 } as const;
  const slope = { ...memory, basis: basisOf(rising) };
  t.is(resumptionOf(slope, { ...rising, setpoint: 3 }), "milder");
  t.is(resumptionOf(slope, { ...rising, setpoint: 1 }), "graver");
  t.is(resumptionOf(slope, { ...rising, setpoint: -2 }), "closed");
});

/** What becomes of an acknowledged alarm of `before` under `after`, and of its state. */
function changed(before: AlarmRule, after: AlarmRule) {
  const old = { ...memory, basis: basisOf(before) };
  return [resumptionOf(old, after), resumed(old, after, 9 as WallMs).state];
}

test("a condition that says something else besides its setpoint takes the acknowledgement back", (t) => {
  const anew = ["graver", "unacknowledged"];
  const inputs = new Map([["x", { kind: "point", point: "d.x" } as const]]);
  const sum = (value: number) => {
    const formula = { kind: "number", value } as const;
    return { ...rule, limit: "expression", setpoint: null, formula, inputs } as const;
  };
  t.deepEqual(changed(sum(1), sum(2)), anew);
  t.deepEqual(changed(sum(1), { ...sum(1), inputs: new Map() }), anew);
  t.deepEqual(changed(sum(1), { ...sum(1), deadband: 9 }), ["kept", "acknowledged"]);

  const each = { limit: "high", setpoint: 50 } as const;
  const among = { of: ["d.x", "d.y"], each, unknown: "as-not" } as const;
  const vote = { ...rule, limit: "vote", setpoint: 2, ...among } as const;
  t.deepEqual(changed(vote, { ...vote, each: { ...each, setpoint: 20 } }), anew);
  t.deepEqual(changed(vote, { ...vote, of: ["d.x", "d.z"] }), anew);
  t.deepEqual(changed(vote, { ...vote }), ["kept", "acknowledged"]);

  const away = { ...rule, limit: "deviation", from: "d.x" } as const;
  t.deepEqual(changed(away, { ...away, from: "d.y" }), anew);
  const slope = { ...rule, limit: "rate", perMs: 60_000, overMs: 60_000 } as const;
  t.deepEqual(changed(slope, { ...slope, perMs: 3_600_000 }), anew);
  const quiet = { ...rule, limit: "silent", setpoint: null, silentMs: 60_000 } as const;
  t.deepEqual(changed(quiet, { ...quiet, silentMs: 10_000 }), anew);
});

test("a basis that an older release stored says nothing besides, and stands", (t) => {
  const quiet = { ...rule, limit: "silent", setpoint: null, silentMs: 60_000 } as const;
  const { besides: _, ...basis } = basisOf(quiet);
  t.is(resumptionOf({ ...memory, basis }, quiet), "kept");
});

test("a shelf does not hold against an alarm that got graver", (t) => {
  const shelf = { kind: "timed", from: 1, clock: "synced", forMs: 9e9 } as const;
  const shelved = {
    ...memory,
    state: "shelved",
    more: { isOn: true, shelf: { ...shelf, from: 1 as WallMs } },
  } as const;
  const after = resumed(shelved, { ...rule, setpoint: 40 }, 9 as WallMs);
  t.is(after.state, "unacknowledged");
  t.is(after.more, undefined);
  t.is(resumed(shelved, { ...rule, setpoint: 60 }, 9 as WallMs).state, "shelved");
});

/** How much of an hour's shelf, put up at 1000 s, is left at `at` seconds. */
function leftS(at: number, then: ClockState = "synced", now: ClockState = "synced"): number {
  const from = 1_000_000 as WallMs;
  const shelf = { kind: "timed", from, clock: then, forMs: 3_600_000 } as const;
  const shelved = { ...memory, state: "shelved", more: { shelf } } as const;
  const start = 7000;
  const stamp = { at: (at * 1000) as WallMs, uptime: start as UptimeMs, clock: now };
  return ((resumedState(shelved, stamp).shelf?.until ?? 0) - start) / 1000;
}

test("a shelf goes on after a restart for what is left of it", (t) => {
  t.is(leftS(1000), 3600);
  t.is(leftS(1600), 3000);
  t.is(leftS(4600), 0);
  t.is(leftS(99_999), 0);
});

test("within a boot of the machine it ends when it was to, whatever the clocks say", (t) => {
  const put = { kind: "timed", from: 1_000_000 as WallMs, clock: "unsynced", forMs: 1e6 } as const;
  const shelf = { ...put, boot: "one", until: 9000 as UptimeMs };
  const shelved = { ...memory, state: "shelved", more: { shelf } } as const;
  const resumedIn = (boot: string) => {
    const now = { at: 5 as WallMs, uptime: 7000 as UptimeMs, clock: "unsynced", boot } as const;
    return resumedState(shelved, now);
  };
  const state = resumedIn("one");
  t.deepEqual(state.shelf, shelf);
  t.deepEqual(memoryOf(rule, state, 5 as WallMs), shelved, "and likewise after the next start");
  t.like(resumedIn("two").shelf, { boot: "two", until: 7000 as UptimeMs });
});

test("where nobody can know how long the gateway was down the shelf is over", (t) => {
  t.is(leftS(999), 0, "the clock went back");
  t.is(leftS(1600, "unsynced"), 0);
  t.is(leftS(1600, "synced", "unsynced"), 0);
  t.is(leftS(1600, "corrected", "synced"), 3000);
});

test("an alarm at rest has nothing more to remember", (t) => {
  const state = resumedState(
    { ...memory, state: "normal" },
    {
      ...{ at: 9 as WallMs, uptime: 1 as UptimeMs, clock: "synced" as const },
    },
  );
  t.false("more" in memoryOf(rule, state, 9 as WallMs));
});
