import test from "ava";
import type { Batch } from "../edge/core/batch.ts";
import type { WallMs } from "../edge/core/time.ts";
import { compressed, decompressed } from "./compress.ts";
import { decodeBatch } from "./encode.ts";

// Both were written by the release that knew version 1 only.
const BROKEN_TIMES =
  "KLUv/SDtHQUARAkBAUJ5q0cpcAAABgIDAgEFAgEAAEBAAI+fAEBAAEBACI8AWABAQEBAQBQYHCAiAD9A8AA/4AAx" +
  "NzhgEFAAAgMFBK4DAusDDj2AzADMAM0AQAkh+1RELRj+/wMG5LqVA4CwAwMIZ29vZBx1bmNlcnRhaW46cmF0ZRZi" +
  "YWQ6dGltZW91dAABAAEAAAABAgAAAAAd82W7BxAAy9cOjtx+NuUSkg==";
const WHOLE_TIMES =
  "KLUv/SCFKQQAAQFCeatHKXAAAAUCAgICAgMCAQUCAQDQD9APBtAPBQoCAgICBwIxNzhgEAACAwUErgMC6wMOPYDM" +
  "AMwAzQBACSH7VEQtGP7//////////wMG5LqVAwhnb29kHHVuY2VydGFpbjpyYXRlFmJhZDp0aW1lb3V0AAEAAQAA" +
  "AQIAAAAAd3vMLw==";

const series: Batch["series"] = [
  { point: "d.tenths", unit: "Cel", t: [0, 1000, 2000], v: [21.5, 21.6, -3], q: null },
  {
    point: "d.single",
    unit: null,
    t: [3, 1003],
    v: [Math.fround(0.1), -0],
    q: ["good", "uncertain:rate"],
  },
  { point: "d.double", unit: "m", t: [0], v: [Math.PI], q: null },
  {
    point: "d.mixed",
    unit: "m",
    t: [5, 6, 7, 8, 9],
    v: [null, true, 7, "井", 2n ** 64n - 1n],
    q: ["bad:timeout", "good", "good", "good", "good"],
  },
  { point: "d.shut", unit: null, t: [1, 2], v: [false, false], q: null },
  { point: "d.text", unit: null, t: [0.5], v: ["\ud800"], q: null },
];
const batch: Batch = { at: 1763964000000 as WallMs, clock: "corrected", series };

function read(stored: string): Batch {
  const body = decompressed(Buffer.from(stored, "base64"));
  return decodeBatch(body ?? new Uint8Array(), (id) => series[id - 1]);
}

test("a batch that an older release stored is read, times between two milliseconds too", (t) => {
  t.deepEqual(read(BROKEN_TIMES), batch);
});

test("a batch with whole times that an older release stored is read", (t) => {
  t.deepEqual(read(WHOLE_TIMES), { ...batch, series: series.slice(0, 5) });
});

test("a batch that an older release stored and that is stored again stays the same", (t) => {
  const body = decompressed(Buffer.from(WHOLE_TIMES, "base64")) ?? new Uint8Array();
  const again = Buffer.from(compressed(body)).toString("base64");
  t.deepEqual(read(again), { ...batch, series: series.slice(0, 5) });
});
