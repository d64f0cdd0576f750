import test from "ava";
import type { DeviceStatus, StatusSource } from "../core/measurement.ts";
import { isBad, type Quality, type Reading, type Value } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import {
  barOf,
  type DeviceState,
  deviceStateOf,
  doubtOf,
  heard,
  NOT_HEARD,
  type Presence,
} from "./checks-device.ts";

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

/** What a device says by these readings of its status, the newest last. */
function stateOf(source: StatusSource, ...readings: readonly Reading[]): DeviceState {
  const known = readings.findLast(({ quality }) => !isBad(quality)) ?? null;
  return deviceStateOf(source, { newest: readings.at(-1) ?? null, known }, NOW, STALE_MS);
}

const CODES = source({ values: { 2: "warm-up", 3: "function-check", 12: "calibration" } });

test("a status value means what the configuration says, and no other one means anything", (t) => {
  t.is(stateOf(CODES, said(12)), "calibration");
  t.is(stateOf(CODES, said(0)), null);
  t.is(stateOf(CODES, said(99)), null);
});

test("of the bits that are set the gravest counts, beyond the 31st too", (t) => {
  const bits = source({ bits: { 0: "maintenance", 3: "out-of-specification", 40: "failure" } });
  t.is(stateOf(bits, said(0b0001)), "maintenance");
  t.is(stateOf(bits, said(0b1001)), "out-of-specification");
  t.is(stateOf(bits, said(2 ** 40 + 1)), "failure");
  t.is(stateOf(bits, said(0b0110)), null);
});

test("a status of one bit, or of 64, is a number like any other", (t) => {
  const source_ = source({ values: { 1: "failure" }, bits: { 62: "function-check" } });
  t.is(stateOf(source_, said(true)), "failure");
  t.is(stateOf(source_, said(2n ** 62n)), "function-check");
});

test("no bit is lost in a status word that is negative, or too large for a double", (t) => {
  const bits = source({ bits: { 0: "failure", 1: "maintenance", 15: "function-check" } });
  t.is(stateOf(bits, said(-32_767)), "failure");
  t.is(stateOf(bits, said(-32_768)), "function-check");
  t.is(stateOf(bits, said(2n ** 63n + 1n)), "failure");
  t.is(stateOf(bits, said(2n ** 63n)), null);
  t.is(stateOf(bits, said(-(2n ** 63n) + 2n)), "maintenance");
  const beyond = source({ bits: { 64: "failure", 1e309: "failure" } });
  for (const word of [-1, -1n]) t.is(stateOf(beyond, said(word)), null);
});

test("a status that was not read, has no value, or is too old is unknown and not all right", (t) => {
  t.is(stateOf(CODES), "unknown");
  t.is(stateOf(CODES, said(null, { quality: "bad:crc" })), "unknown");
  t.is(stateOf(CODES, said(0, { ageMs: STALE_MS })), null);
  t.is(stateOf(CODES, said(0, { ageMs: STALE_MS + 1 })), "unknown");
  t.is(stateOf(CODES, said("ok")), "unknown");
});

test("a status that is lost lifts no bar, for as long as the one before it is not too old", (t) => {
  const lost = said(null, { quality: "bad:crc" });
  t.is(stateOf(CODES, said(12, { ageMs: 1000 }), lost), "calibration");
  t.is(stateOf(CODES, said(12, { ageMs: STALE_MS }), lost), "calibration");
  t.is(stateOf(CODES, said(12, { ageMs: STALE_MS + 1 }), lost), "unknown");
  t.is(stateOf(CODES, said(0, { ageMs: 1000 }), lost), "unknown");
  const doubting = source({ values: { 4: "out-of-specification" } });
  t.is(stateOf(doubting, said(4, { ageMs: 1000 }), lost), "unknown");
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

/** What is known of a device after readings of these qualities, `everyMs` apart. */
function afterEvery(everyMs: number, ...qualities: readonly Quality[]): Presence {
  return qualities.reduce(
    (presence, quality, i) => heard(presence, quality, (i * everyMs) as UptimeMs),
    NOT_HEARD,
  );
}

/** The same, one a second. */
function after(...qualities: readonly Quality[]): Presence {
  return afterEvery(1000, ...qualities);
}

test("a device begins to answer with its first value", (t) => {
  t.is(after("bad:timeout", "bad:exception:6").since, null);
  t.is(after("bad:timeout", "good", "good").since, 1000 as UptimeMs);
  t.is(after("uncertain:rate").since, 0 as UptimeMs);
});

test("what is lost or garbled for less than ten seconds is no device that was away", (t) => {
  const blip = Array<Quality>(9).fill("bad:link-closed");
  t.is(after("good", "bad:timeout", "bad:timeout", "good").since, 0 as UptimeMs);
  t.is(after("good", ...blip, "good", ...blip, "good").since, 0 as UptimeMs);
  const garbled = Array<Quality>(20).fill("bad:crc");
  t.is(after("good", ...garbled, "bad:timeout", "bad:timeout", "good").since, 0 as UptimeMs);
});

test("one reading that is lost is the line's fault, however seldom the device is asked", (t) => {
  t.is(afterEvery(60_000, "good", "bad:timeout", "good").since, 0 as UptimeMs);
  t.is(afterEvery(60_000, "good", "bad:timeout", "bad:timeout", "good").since, 180_000 as UptimeMs);
});

test("a device that missed ten seconds begins anew, whatever it refused in between", (t) => {
  const away = Array<Quality>(10).fill("bad:timeout");
  t.is(after("good", ...away, "good", "good").since, 11_000 as UptimeMs);
  t.is(after("good", ...away.fill("bad:link-closed", 2), "good").since, 11_000 as UptimeMs);
  t.is(after("good", ...away.with(4, "bad:exception:6"), "good").since, 11_000 as UptimeMs);
});
