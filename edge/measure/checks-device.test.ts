import test from "ava";
import type { DeviceStatus, StatusSource } from "../core/measurement.ts";
import type { Quality, Reading, Value } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { barOf, deviceStateOf, doubtOf, heard, NOT_HEARD, type Presence } from "./checks-device.ts";

const NOW = 10_000 as UptimeMs;
const STALE_MS = 3000;

function said(value: Value | null, { ageMs = 0, quality = "good" as Quality } = {}): Reading {
  const uptime = (NOW - ageMs) as UptimeMs;
  return { point: "gas-1.state", value, quality, at: 0 as WallMs, uptime };
}

function source({
  values = {},
  bits = {},
}: {
  values?: Record<number, DeviceStatus>;
  bits?: Record<number, DeviceStatus>;
}): StatusSource {
  const byNumber = (of: Record<number, DeviceStatus>) =>
    new Map(Object.entries(of).map(([key, status]) => [Number(key), status]));
  return { point: "gas-1.state", values: byNumber(values), bits: byNumber(bits) };
}

const CODES = source({ values: { 2: "warm-up", 3: "function-check", 12: "calibration" } });

test("a status value means what the configuration says, and no other one means anything", (t) => {
  t.is(deviceStateOf(CODES, said(12), NOW, STALE_MS), "calibration");
  t.is(deviceStateOf(CODES, said(0), NOW, STALE_MS), null);
  t.is(deviceStateOf(CODES, said(99), NOW, STALE_MS), null);
});

test("of the bits that are set the gravest counts, beyond the 31st too", (t) => {
  const bits = source({ bits: { 0: "maintenance", 3: "out-of-specification", 40: "failure" } });
  t.is(deviceStateOf(bits, said(0b0001), NOW, STALE_MS), "maintenance");
  t.is(deviceStateOf(bits, said(0b1001), NOW, STALE_MS), "out-of-specification");
  t.is(deviceStateOf(bits, said(2 ** 40 + 1), NOW, STALE_MS), "failure");
  t.is(deviceStateOf(bits, said(0b0110), NOW, STALE_MS), null);
});

test("a status of one bit, or of 64, is a number like any other", (t) => {
  const source_ = source({ values: { 1: "failure" }, bits: { 62: "function-check" } });
  t.is(deviceStateOf(source_, said(true), NOW, STALE_MS), "failure");
  t.is(deviceStateOf(source_, said(2n ** 62n), NOW, STALE_MS), "function-check");
});

test("no bit is lost in a status word that is negative, or too large for a double", (t) => {
  const bits = source({ bits: { 0: "failure", 1: "maintenance", 15: "function-check" } });
  t.is(deviceStateOf(bits, said(-32_767), NOW, STALE_MS), "failure");
  t.is(deviceStateOf(bits, said(-32_768), NOW, STALE_MS), "function-check");
  t.is(deviceStateOf(bits, said(2n ** 63n + 1n), NOW, STALE_MS), "failure");
  t.is(deviceStateOf(bits, said(2n ** 63n), NOW, STALE_MS), null);
  t.is(deviceStateOf(bits, said(-(2n ** 63n) + 2n), NOW, STALE_MS), "maintenance");
  const beyond = source({ bits: { 64: "failure", 1e309: "failure" } });
  for (const word of [-1, -1n]) t.is(deviceStateOf(beyond, said(word), NOW, STALE_MS), null);
});

test("a status that was not read, has no value, or is too old is unknown and not all right", (t) => {
  t.is(deviceStateOf(CODES, undefined, NOW, STALE_MS), "unknown");
  t.is(deviceStateOf(CODES, said(null, { quality: "bad:crc" }), NOW, STALE_MS), "unknown");
  t.is(deviceStateOf(CODES, said(0, { ageMs: STALE_MS }), NOW, STALE_MS), null);
  t.is(deviceStateOf(CODES, said(0, { ageMs: STALE_MS + 1 }), NOW, STALE_MS), "unknown");
  t.is(deviceStateOf(CODES, said("ok"), NOW, STALE_MS), "unknown");
});

test("failure, function check, warm-up and calibration bar a value; the others do not", (t) => {
  const states = ["failure", "function-check", "warm-up", "calibration"] as const;
  for (const state of states) t.is(barOf(state), state);
  for (const state of ["out-of-specification", "maintenance", "unknown", null] as const) {
    t.is(barOf(state), null);
  }
  t.is(doubtOf("out-of-specification"), "out-of-specification");
  t.is(doubtOf("unknown"), "status-unknown");
  t.is(doubtOf("maintenance"), null);
  t.is(doubtOf(null), null);
});

/** What is known of a device after readings of these qualities, one a second. */
function after(...qualities: readonly Quality[]): Presence {
  return qualities.reduce(
    (presence, quality, i) => heard(presence, quality, (i * 1000) as UptimeMs),
    NOT_HEARD,
  );
}

test("a device begins to answer with its first value", (t) => {
  t.is(after("bad:timeout", "bad:exception:6").since, null);
  t.is(after("bad:timeout", "good", "good").since, 1000 as UptimeMs);
  t.is(after("uncertain:rate").since, 0 as UptimeMs);
});

test("one reading that is lost, or garbled ones, are not a device that was away", (t) => {
  t.is(after("good", "bad:timeout", "good").since, 0 as UptimeMs);
  t.is(after("good", "bad:crc", "bad:crc", "bad:malformed", "good").since, 0 as UptimeMs);
  t.is(after("good", "bad:timeout", "good", "bad:timeout", "good").since, 0 as UptimeMs);
});

test("a device that missed two readings begins anew, whatever it refused in between", (t) => {
  t.is(after("good", "bad:timeout", "bad:timeout", "good").since, 3000 as UptimeMs);
  t.is(after("good", "bad:link-closed", "bad:link-closed", "good").since, 3000 as UptimeMs);
  const away = ["bad:timeout", "bad:exception:6", "bad:timeout"] as const;
  t.is(after("good", ...away, "good").since, 4000 as UptimeMs);
});
