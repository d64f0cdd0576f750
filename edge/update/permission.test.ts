import test from "ava";
import type { AlarmStateName } from "../core/alarm.ts";
import type { InterlockStateName } from "../core/interlock.ts";
import { WEEKDAYS } from "../core/maintenance.ts";
import type { WallMs } from "../core/time.ts";
import { permissionOf, type RestartFacts } from "./permission.ts";

const NIGHT = { days: WEEKDAYS, fromMin: 120, toMin: 240 };
/** Noon and three o'clock in Shanghai. */
const NOON = Date.parse("2026-11-02T04:00:00Z") as WallMs;
const THREE = Date.parse("2026-11-01T19:00:00Z") as WallMs;

const QUIET: RestartFacts = {
  alarms: [],
  interlocks: [],
  isCalibrating: false,
  isReconfiguring: false,
  windows: [],
  timeZone: "Asia/Shanghai",
  at: NOON,
  clock: "synced",
};

function codeOf(facts: Partial<RestartFacts>, isAnyTime = false): string | null {
  return permissionOf({ ...QUIET, ...facts }, isAnyTime).code;
}

test("a gateway at rest may be restarted", (t) => {
  t.deepEqual(permissionOf(QUIET, false), { permitted: true, code: null, reason: null });
});

test("it may not while the condition of an alarm is present or latched, acknowledged or not", (t) => {
  const alarm = (state: AlarmStateName) => codeOf({ alarms: [{ alarm: "gas", state }] });
  for (const state of ["unacknowledged", "acknowledged"] as const) {
    t.is(alarm(state), "update.alarm", state);
  }
  for (const state of ["latched-unacknowledged", "latched-acknowledged"] as const) {
    t.is(alarm(state), "update.alarm", state);
  }
});

test("an alarm that is over, shelved or out of service is not in the way", (t) => {
  const alarm = (state: AlarmStateName) => codeOf({ alarms: [{ alarm: "gas", state }] });
  for (const state of ["normal", "returned-unacknowledged", "shelved", "out-of-service"] as const) {
    t.is(alarm(state), null, state);
  }
});

test("it may not while an interlock does anything with its output, for whatever reason", (t) => {
  const interlock = (state: InterlockStateName) =>
    codeOf({ interlocks: [{ interlock: "shut-off", state }] });
  const acting: readonly InterlockStateName[] = [
    ...["blocked", "tripping", "tripped", "holding", "releasing"],
    ...["held", "spent", "not-obeying", "resuming"],
  ] as InterlockStateName[];
  for (const state of acting) t.is(interlock(state), "update.interlock", state);
  t.is(interlock("testing"), "update.busy");
  t.is(interlock("idle"), null);
  t.is(interlock("overridden"), null);
});

test("it may not while a calibration or another trial would be cut off", (t) => {
  t.is(codeOf({ isCalibrating: true }), "update.busy");
  t.is(codeOf({ isReconfiguring: true }), "update.busy");
});

test("windows bind where the time is known, and somebody at the box may do without", (t) => {
  const windows = [NIGHT];
  t.is(codeOf({ windows, at: NOON }), "update.window");
  t.is(codeOf({ windows, at: THREE }), null);
  t.is(codeOf({ windows, at: THREE, clock: "unsynced" }), "update.clock");
  t.is(codeOf({ clock: "unsynced" }), null, "without windows the time does not matter");
  t.is(codeOf({ windows, at: NOON }, true), null);
});

test("nobody at the box may do without the alarms and interlocks", (t) => {
  t.is(codeOf({ alarms: [{ alarm: "gas", state: "acknowledged" }] }, true), "update.alarm");
  t.is(
    codeOf({ interlocks: [{ interlock: "siren", state: "tripped" }] }, true),
    "update.interlock",
  );
});
