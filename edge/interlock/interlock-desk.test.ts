import test from "ava";
import type { PointConfig } from "../../config/gateway-config.ts";
import type { WriteRequest } from "../../drivers/driver.ts";
import { POINT } from "../../test-rigs/sim/a-point.ts";
import { INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { InterlockEvent } from "../core/event.ts";
import type { InterlockRule, Interlocks } from "../core/interlock.ts";
import type { Quality, Value } from "../core/reading.ts";
import { stampOf, type UptimeMs } from "../core/time.ts";
import { InterlockDesk } from "./interlock-desk.ts";
import { type ActingBus, modbusOutput } from "./modbus-output.ts";

const RULE: InterlockRule = {
  ...INTERLOCK,
  write: "valve.shut",
  alarms: [{ alarm: "gas-high", points: ["gas.gas"] }],
  faultAfterMs: 10_000,
};

const SHUT: PointConfig = {
  ...POINT,
  ...{ id: "valve.shut", device: "valve", area: "coil", address: 0, type: "bool", write: true },
  ...{ scale: 1, offset: 0, measurement: null, unit: null },
};

const NOW = 0 as UptimeMs;

let origins = 0;

/** Interlocks over one valve that obeys; each request takes 10 ms. */
function rig(rules: readonly InterlockRule[], remembered: Interlocks | null = null) {
  const clock = new SimClock();
  const stop = new AbortController();
  const log: string[] = [];
  const valve = { isOn: false, isStuck: false };
  const bus: ActingBus = {
    act: async ({ write }: WriteRequest, _, isOff) => {
      if (write.kind !== "coil") throw new Error("no coil");
      log.push(`write ${write.on}`);
      await clock.sleep(10);
      if (!isOff() && !valve.isStuck) valve.isOn = write.on;
      return { kind: "done", registers: [], ...stampOf(clock) };
    },
    check: async ({ points: [first] }) => {
      await clock.sleep(10);
      const point = first?.point.id ?? "";
      const readings = [{ point, value: valve.isOn, quality: "good" as const }];
      return { kind: "values", readings, ...stampOf(clock) };
    },
  };
  const pace = { timeoutMs: null, silenceMs: null, turnaroundMs: null };
  const events: InterlockEvent[] = [];
  let kept = remembered;
  const disk = { isStoring: true };
  const desk = new InterlockDesk(
    {
      clock,
      rules,
      remembered,
      newOrigin: () => `o${++origins}`,
      outputOf: () => modbusOutput({ point: SHUT, unit: 1, pace, bus, mayEcho: false }),
      unitOf: () => null,
      onEvent: (event, interlocks) => {
        kept = interlocks;
        if (event.kind !== "interlock") return;
        log.push(`tell ${event.interlock} ${event.to}`);
        events.push(event);
      },
      whenStored: async () => {
        await clock.sleep(disk.isStoring ? 20 : 1_000_000);
        log.push("stored");
        return true;
      },
    },
    stop.signal,
  );
  desk.resume([]);
  desk.run().catch((error) => {
    if (error !== stop.signal.reason) throw error;
  });
  const move = async (alarm: string, to: "unacknowledged" | "normal") => {
    desk.onAlarm({ alarm, to });
    await clock.advance(1000);
  };
  const read = async (point: string, value: Value | null, quality: Quality = "good") => {
    desk.onReadings([{ point, value, quality, ...stampOf(clock) }]);
    await clock.advance(100);
  };
  const turns = (name = "shut-off") =>
    events
      .filter(({ interlock }) => interlock === name)
      .map(({ from, to, cause }) => `${from} > ${to}: ${cause}`);
  return { clock, desk, valve, disk, log, events, turns, move, read, stop, kept: () => kept };
}

test("the write is with its bus before anything is told", (t) => {
  const { desk, log } = rig([RULE]);
  desk.onAlarm({ alarm: "gas-high", to: "unacknowledged" });
  t.deepEqual(log, ["write true", "tell shut-off tripping"]);
});

test("a test is recorded before anything is written, and what cannot be recorded is not tried", async (t) => {
  const { clock, desk, disk, log } = rig([RULE]);
  const order = { action: "test", interlock: "shut-off", who: "crew" } as const;
  const tested = desk.act(order);
  await clock.advance(10_000);
  t.like(await tested, { outcome: "done" });
  t.deepEqual(log.slice(0, 3), ["tell shut-off testing", "stored", "write true"]);
  log.length = 0;
  disk.isStoring = false;
  const untried = desk.act(order);
  await clock.advance(20_000);
  t.like(await untried, { outcome: "failed", reason: "not-stored", state: "idle" });
  t.deepEqual(log, ["tell shut-off testing", "tell shut-off idle"]);
});

test("a trip goes before a test that waits to be recorded", async (t) => {
  const { clock, desk, disk, log, move, valve } = rig([RULE]);
  disk.isStoring = false;
  const tested = desk.act({ action: "test", interlock: "shut-off", who: "crew" });
  await clock.advance(100);
  await move("gas-high", "unacknowledged");
  t.like(await tested, { outcome: "interrupted" });
  await clock.advance(20_000);
  t.true(valve.isOn);
  t.deepEqual(
    log.filter((line) => line.startsWith("write")),
    ["write true"],
  );
});

test("any trip wins: one output is released when the last interlock lets it go", async (t) => {
  const horn = { ...RULE, name: "horn", alarms: [{ alarm: "gas-low", points: ["gas.gas"] }] };
  const { valve, move, turns } = rig([RULE, horn]);
  await move("gas-low", "unacknowledged");
  await move("gas-high", "unacknowledged");
  await move("gas-low", "normal");
  t.true(valve.isOn);
  t.is(turns("horn").at(-1), "tripped > idle: shared");
  await move("gas-high", "normal");
  t.false(valve.isOn);
});

test("an interlock that is releasing gives way to another that trips", async (t) => {
  const horn = { ...RULE, name: "horn", alarms: [{ alarm: "gas-low", points: ["gas.gas"] }] };
  const { clock, desk, valve, move, turns } = rig([RULE, horn]);
  await move("gas-low", "unacknowledged");
  desk.onAlarm({ alarm: "gas-low", to: "normal" });
  desk.onAlarm({ alarm: "gas-high", to: "unacknowledged" });
  await clock.advance(1000);
  t.true(valve.isOn);
  t.deepEqual(turns("horn").slice(-2), [
    "tripped > releasing: returned",
    "releasing > idle: shared",
  ]);
});

test("what is not permitted waits until it is, and is told", async (t) => {
  const permissive = [{ point: "pump.stopped", test: "is", than: true } as const];
  const { valve, move, read, turns, desk } = rig([{ ...RULE, permissive }]);
  await read("pump.stopped", false);
  await move("gas-high", "unacknowledged");
  t.false(valve.isOn);
  t.like(desk.status()[0], { state: "blocked", missing: ["pump.stopped"] });
  await read("pump.stopped", true);
  t.true(valve.isOn);
  await read("pump.stopped", false);
  t.true(valve.isOn, "once it has tripped it stays");
  t.deepEqual(turns(), [
    "idle > blocked: not-permitted",
    "blocked > tripping: alarm",
    "tripping > tripped: verified",
  ]);
});

test("what is not permitted is not tested either", async (t) => {
  const permissive = [{ point: "pump.stopped", test: "is", than: true } as const];
  const { valve, read, turns, log, desk } = rig([{ ...RULE, permissive }]);
  await read("pump.stopped", false);
  const order = { action: "test", interlock: "shut-off", who: "crew" } as const;
  const answer = await desk.act(order);
  t.deepEqual(answer, { outcome: "not-permitted", state: "idle", reason: "pump.stopped" });
  t.false(valve.isOn);
  t.deepEqual([...turns(), ...log], []);
});

test("a permissive that is lost while the output is read keeps the test from being begun", async (t) => {
  const permissive = [{ point: "pump.stopped", test: "is", than: true } as const];
  const { valve, read, turns, log, desk } = rig([{ ...RULE, permissive }]);
  await read("pump.stopped", true);
  const answer = desk.act({ action: "test", interlock: "shut-off", who: "crew" });
  await read("pump.stopped", false);
  t.like(await answer, { outcome: "not-permitted", reason: "pump.stopped" });
  t.false(valve.isOn);
  t.deepEqual([...turns(), ...log], []);
});

test("a watchdog that is not as expected is told once, and when it is again", async (t) => {
  const deadMan = { point: "valve.watchdog", expected: 5 };
  const { read, turns, desk, events, log } = rig([{ ...RULE, deadMan }]);
  t.is(desk.status()[0]?.deadMan?.verdict, "unknown");
  await read("valve.watchdog", 5);
  t.deepEqual(turns(), []);
  for (const found of [60, 60]) await read("valve.watchdog", found);
  await read("valve.watchdog", null, "bad:timeout");
  t.like(desk.status()[0]?.deadMan, { found: 60, verdict: "differs" });
  await read("valve.watchdog", 5);
  t.deepEqual(turns(), ["idle > idle: dead-man-differs", "idle > idle: dead-man-agrees"]);
  t.like(events[0], { value: 5, readBack: 60, by: "valve.watchdog" });
  t.false(
    log.some((line) => line.startsWith("write")),
    "it is only ever read",
  );
});

test("an interlock that was removed, or writes something else, is told to be no more", async (t) => {
  const before = rig([RULE]);
  await before.move("gas-high", "unacknowledged");
  const removed = rig([], before.kept());
  t.deepEqual(removed.turns(), ["tripped > idle: configuration"]);
  const changed = rig([{ ...RULE, value: false, release: true }], before.kept());
  t.deepEqual(changed.turns(), ["tripped > idle: configuration"]);
  await changed.move("gas-high", "unacknowledged");
  t.regex(
    changed.events.at(-1)?.trip ?? "",
    /^shut-off\/o\d+\/2$/,
    "the key of a trip is never used again",
  );
  const { chain } = before.events.at(-1) as InterlockEvent;
  t.is(removed.events[0]?.chain.previous, chain.hash, "the chain goes on over a restart");
});

test("an override releases what is tripped, and its end trips again what still stands", async (t) => {
  const { clock, desk, valve, move } = rig([RULE]);
  await move("gas-high", "unacknowledged");
  const order = { interlock: "shut-off", who: "crew", forMs: 60_000, reason: "valve serviced" };
  t.like(await desk.act({ action: "override", ...order }), { outcome: "done" });
  await clock.advance(1000);
  t.false(valve.isOn);
  t.like(desk.status()[0]?.override, { who: "crew", reason: "valve serviced" });
  await clock.advance(60_000);
  t.true(valve.isOn);
});

test("an override that goes on over a start of the machine is told with its end, and kept anew", async (t) => {
  const before = rig([RULE]);
  const order = { interlock: "shut-off", who: "crew", forMs: 60_000, reason: "work" } as const;
  await before.desk.act({ action: "override", ...order });
  const { memories, ...rest } = before.kept() as Interlocks;
  const ofOtherBoot = memories.map((memory) => {
    const override = memory.override && { ...memory.override, boot: { id: "b", until: NOW } };
    return { ...memory, override };
  });
  const after = rig([RULE], { ...rest, memories: ofOtherBoot });
  t.deepEqual(after.turns(), ["overridden > overridden: restart"]);
  const until = before.events[0]?.until;
  t.like(after.events[0], { who: "crew", note: "work", until });
  t.like(after.kept()?.memories[0]?.override, { until, isKnown: true, boot: { id: "boot-1" } });
});

test("a trip in the middle of a test goes first, and the test says that it was interrupted", async (t) => {
  const { clock, desk, valve, move } = rig([RULE]);
  const answer = desk.act({ action: "test", interlock: "shut-off", who: "crew" });
  await clock.advance(1000);
  t.true(valve.isOn);
  await move("gas-high", "unacknowledged");
  t.like(await answer, { outcome: "interrupted" });
  await clock.advance(10_000);
  t.true(valve.isOn);
  t.like(await desk.act({ action: "test", interlock: "shut-off", who: "crew" }), {
    outcome: "no-effect",
    state: "tripped",
  });
  t.like(await desk.act({ action: "release", interlock: "none", who: "crew" }), {
    outcome: "unknown",
  });
});

test("the shortest and the longest time on are kept to", async (t) => {
  const { clock, valve, move, desk } = rig([{ ...RULE, minOnMs: 5000, maxOnMs: 20_000 }]);
  await move("gas-high", "unacknowledged");
  await move("gas-high", "normal");
  await clock.advance(2500);
  t.true(valve.isOn);
  await clock.advance(2000);
  t.false(valve.isOn);
  await move("gas-high", "unacknowledged");
  await clock.advance(18_000);
  t.true(valve.isOn);
  await clock.advance(2000);
  t.false(valve.isOn);
  t.is(desk.status()[0]?.state, "spent");
  await clock.advance(60_000);
  t.false(valve.isOn);
});

test("neither the end of a test nor the longest time on takes the output from another", async (t) => {
  const siren = { ...RULE, name: "siren", alarms: [{ alarm: "gas-low", points: ["gas.gas"] }] };
  const { clock, desk, valve, move, log } = rig([{ ...RULE, maxOnMs: 20_000 }, siren]);
  const answer = desk.act({ action: "test", interlock: "shut-off", who: "crew" });
  await clock.advance(1000);
  await move("gas-low", "unacknowledged");
  await clock.advance(5000);
  t.like(await answer, { outcome: "interrupted" });
  await move("gas-high", "unacknowledged");
  await clock.advance(30_000);
  t.true(valve.isOn);
  t.false(log.includes("write false"));
  t.is(desk.status()[0]?.state, "spent");
  await move("gas-low", "normal");
  t.false(valve.isOn);
});

test("what is held by another is not tested, for it could be left on", async (t) => {
  const siren = { ...RULE, name: "siren", alarms: [{ alarm: "gas-low", points: ["gas.gas"] }] };
  const { desk, clock, move } = rig([RULE, siren]);
  await move("gas-low", "unacknowledged");
  const answer = desk.act({ action: "test", interlock: "shut-off", who: "crew" });
  await clock.advance(10_000);
  t.like(await answer, { outcome: "no-effect", state: "idle" });
});

test("an output that another could not write back yet is not tested, for it would stay on", async (t) => {
  const siren = { ...RULE, name: "siren", alarms: [{ alarm: "gas-low", points: ["gas.gas"] }] };
  const { desk, clock, move, valve } = rig([{ ...RULE, verify: false }, siren]);
  await move("gas-low", "unacknowledged");
  valve.isStuck = true;
  await move("gas-low", "normal");
  await clock.advance(5000);
  t.is(desk.status()[1]?.state, "not-obeying");
  const answer = desk.act({ action: "test", interlock: "shut-off", who: "crew" });
  await clock.advance(1000);
  t.like(await answer, { outcome: "no-effect", state: "idle" });
  valve.isStuck = false;
  await clock.advance(40_000);
  t.false(valve.isOn);
});

test("a fault that stands through a restart releases nothing while it is being judged", async (t) => {
  const rule = { ...RULE, onFault: true };
  const before = rig([rule]);
  await before.read("gas.gas", null, "bad:timeout");
  await before.clock.advance(11_000);
  t.true(before.valve.isOn);
  const after = rig([rule], before.kept());
  after.valve.isOn = true;
  await after.read("gas.gas", null, "bad:timeout");
  await after.clock.advance(30_000);
  t.false(after.log.some((line) => line.startsWith("write")));
  t.deepEqual(after.turns(), ["resuming > tripping: restart", "tripping > tripped: verified"]);
  await after.read("gas.gas", 1);
  t.false(after.valve.isOn);
});

test("the key of a trip is never used again, nor where what was remembered is lost", async (t) => {
  const keys: (string | null | undefined)[] = [];
  const tripped = async (rules: readonly InterlockRule[], remembered: Interlocks | null) => {
    const { move, events, kept } = rig(rules, remembered);
    await move("gas-high", "unacknowledged");
    keys.push(events.at(-1)?.trip);
    await move("gas-high", "normal");
    return kept();
  };
  const first = await tripped([RULE], null);
  const removed = rig([{ ...RULE, name: "other", alarms: [] }], first);
  const forMs = 60_000;
  const order = { interlock: "other", who: "crew", forMs, reason: "work" } as const;
  await removed.desk.act({ action: "override", ...order });
  await tripped([RULE], removed.kept());
  await tripped([RULE], null);
  t.is(new Set(keys).size, 3, keys.join());
});
