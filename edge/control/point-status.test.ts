import test from "ava";
import { POINT } from "../../test-rigs/sim/a-point.ts";
import type { Reading } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { NO_NOTES } from "../measure/measure-desk.ts";
import { pointStatus } from "./point-status.ts";

const READING: Reading = {
  point: POINT.id,
  value: 7,
  quality: "good",
  at: 900_000 as WallMs,
  uptime: 1000 as UptimeMs,
};

function after(ageMs: number, reading: Reading | undefined = READING) {
  return pointStatus(POINT, reading, NO_NOTES, (1000 + ageMs) as UptimeMs);
}

test("a value is shown with its age, up to three of its periods", (t) => {
  t.like(after(0), { value: 7, quality: "good", ageMs: 0 });
  t.like(after(3000), { value: 7, quality: "good", ageMs: 3000 });
});

test("an older one is stale: it has no value, though no reading says so", (t) => {
  t.like(after(3001), { value: null, quality: "bad:stale", at: READING.at, ageMs: 3001 });
  const bad = { ...READING, value: null, quality: "bad:crc" as const };
  t.like(after(3001, bad), { value: null, quality: "bad:stale" });
});

test("a device that may be silent for longer is not stale before", (t) => {
  const talker = { ...POINT, silentAfterMs: 10_000 };
  const at = (ageMs: number) =>
    pointStatus(talker, READING, NO_NOTES, (1000 + ageMs) as UptimeMs).quality;
  t.is(at(10_000), "good");
  t.is(at(10_001), "bad:stale");
});

test("what was never read has no age", (t) => {
  const status = pointStatus(POINT, undefined, NO_NOTES, 99 as UptimeMs);
  t.like(status, { value: null, quality: "bad:not-yet-read", at: null, ageMs: null });
});

test("it is told whether the value is asked for, told by its device, or derived", (t) => {
  const originOf = (some: object) =>
    pointStatus({ ...POINT, ...some }, undefined, NO_NOTES, 0 as UptimeMs).origin;
  t.is(originOf({}), "asked");
  t.is(originOf({ place: { kind: "frame", byte: 0, type: "uint8", order: "ABCD" } }), "told");
  t.is(originOf({ input: { kind: "analog", channel: 0 } }), "told");
  t.is(originOf({ derivation: { kind: "max", of: ["a.x", "a.y"], least: 1 } }), "derived");
});
