import test from "ava";
import { POINT } from "../../../test-rigs/sim/a-point.ts";
import type { Batch } from "../../core/batch.ts";
import type { Event } from "../../core/event.ts";
import type { Quality } from "../../core/reading.ts";
import type { UptimeMs, WallMs } from "../../core/time.ts";
import { catalogOf } from "./catalog.ts";
import { Liveness } from "./liveness.ts";

const up = (ms: number) => ms as UptimeMs;
const DEVICE = { name: "d", bus: "line" } as never;

function rig() {
  const points = [POINT];
  const config = { points, talkers: [], boards: [], derived: [], alarms: [], devices: [DEVICE] };
  return new Liveness({ ...config, buses: [{ name: "line" }] }, catalogOf(config));
}

const batch = (at: number, quality: Quality): Batch => ({
  at: at as WallMs,
  clock: "synced",
  series: [{ point: "d.level", unit: null, t: [0], v: [1], q: [quality] }],
});

const event = (kind: "device" | "bus", subject: string, from: string, to: string, at: number) =>
  ({ kind, subject, from, to, cause: "test", at, clock: "synced" }) as Event;

test("a device lives once it has told a value, and not before", (t) => {
  const liveness = rig();
  t.false(liveness.isAlive("d", up(0)));
  liveness.noteBatch(batch(1, "bad:timeout"));
  t.false(liveness.isAlive("d", up(0)));
  liveness.noteBatch(batch(2, "uncertain:stale"));
  t.true(liveness.isAlive("d", up(0)));
});

test("one that falls silent has time for its last words, and is dead then", (t) => {
  const liveness = rig();
  liveness.noteBatch(batch(1, "good"));
  liveness.noteEvent(event("device", "d", "answering", "silent", 10), up(100));
  t.true(liveness.isAlive("d", up(2_099)));
  t.is(liveness.nextEnd(up(100)), up(2_100));
  t.false(liveness.isAlive("d", up(2_100)));
  liveness.noteBatch(batch(9, "good"));
  t.false(liveness.isAlive("d", up(2_100)), "that was before its death");
  liveness.noteEvent(event("device", "d", "silent", "answering", 20), up(3_000));
  t.true(liveness.isAlive("d", up(3_000)));
});

test("a bus that is lost takes its devices with it, and a value brings each back", (t) => {
  const liveness = rig();
  liveness.noteBatch(batch(1, "good"));
  liveness.noteEvent(event("bus", "line", "open", "closed", 10), up(0));
  t.false(liveness.isAlive("d", up(2_000)));
  liveness.noteBatch(batch(11, "good"));
  t.true(liveness.isAlive("d", up(2_000)));
});

test("a device that answers in part, or on another bus, is no dead one", (t) => {
  const liveness = rig();
  liveness.noteBatch(batch(1, "good"));
  liveness.noteEvent(event("device", "d", "answering", "partly-silent", 10), up(0));
  liveness.noteEvent(event("bus", "other", "open", "closed", 10), up(0));
  t.true(liveness.isAlive("d", up(9_000)));
});
