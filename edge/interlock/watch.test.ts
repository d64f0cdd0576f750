import test from "ava";
import type { InterlockRule } from "../core/interlock.ts";
import type { Quality, Value } from "../core/reading.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import { effectOf } from "./alarm-effect.ts";
import { Watch } from "./watch.ts";

const rule = {
  alarms: [{ alarm: "gas-high", points: ["gas-1.gas"] }],
  onFault: true,
  faultAfterMs: 5000,
  permissive: [
    { point: "pump.stopped", test: "is", than: true },
    { point: "level.level", test: "below", than: 2 },
  ],
} as unknown as InterlockRule;

const at = (ms: number) => after(0 as UptimeMs, ms);
const reading = (point: string, value: Value | null, ms = 0, quality: Quality = "good") => ({
  ...{ point, value, quality, uptime: at(ms) },
  at: ms as WallMs,
});

test("an alarm asks for its interlock while its condition is there, also while it is silenced", (t) => {
  t.is(effectOf({ state: "unacknowledged" }), "on");
  t.is(effectOf({ state: "acknowledged" }), "on");
  for (const state of ["normal", "returned-unacknowledged", "latched-acknowledged"] as const) {
    t.is(effectOf({ state }), "off");
  }
  t.is(effectOf({ state: "shelved" as never, active: true }), "on");
  t.is(effectOf({ state: "suppressed" as never, active: true }), "on");
  t.is(effectOf({ state: "shelved" as never, active: false }), "off");
  t.is(effectOf({ state: "out-of-service" as never, active: true }), "out");
});

test("an alarm that stands since before the start asks once it was judged anew", (t) => {
  const watch = new Watch();
  watch.remember("gas-high", { state: "unacknowledged" });
  t.is(watch.demandOf(rule, at(0)), null);
  t.false(watch.isJudged(rule));
  watch.see(reading("gas-1.gas", 60));
  t.deepEqual(watch.demandOf(rule, at(0)), { cause: "alarm", by: "gas-high" });
  const other = new Watch();
  other.moved("gas-high", { state: "unacknowledged" });
  t.deepEqual(other.demandOf(rule, at(0)), { cause: "alarm", by: "gas-high" });
});

test("a point that is bad asks when it has been for long enough, and only then", (t) => {
  const watch = new Watch();
  watch.see(reading("gas-1.gas", null, 1000, "bad:timeout"));
  watch.see(reading("gas-1.gas", null, 4000, "bad:crc"));
  t.is(watch.demandOf(rule, at(5999)), null);
  t.is(watch.faultAt(rule, at(5999)), at(6000));
  t.deepEqual(watch.demandOf(rule, at(6000)), { cause: "fault", by: "gas-1.gas" });
  t.is(watch.faultAt(rule, at(6000)), null);
  t.is(watch.demandOf({ ...rule, onFault: false }, at(6000)), null);
  watch.see(reading("gas-1.gas", 1, 7000));
  t.is(watch.demandOf(rule, at(7000)), null);
});

test("neither asks while the alarm is out of service", (t) => {
  const watch = new Watch();
  watch.moved("gas-high", { state: "out-of-service" as never, active: true });
  watch.see(reading("gas-1.gas", null, 0, "bad:timeout"));
  t.is(watch.demandOf(rule, at(60_000)), null);
});

test("what is not known, or bad, permits nothing", (t) => {
  const watch = new Watch();
  t.deepEqual(watch.missing(rule), ["pump.stopped", "level.level"]);
  watch.see(reading("pump.stopped", true));
  watch.see(reading("level.level", 1.9));
  t.deepEqual(watch.missing(rule), []);
  watch.see(reading("level.level", 2));
  t.deepEqual(watch.missing(rule), ["level.level"]);
  watch.see(reading("pump.stopped", null, 1, "bad:timeout"));
  t.deepEqual(watch.missing(rule), ["pump.stopped", "level.level"]);
});
