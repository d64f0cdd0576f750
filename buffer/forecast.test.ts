import test from "ava";
import { forecastOf } from "./forecast.ts";

const HOUR_MS = 3_600_000;
/** A message of 1 kB a second. */
const GROWTH = { fromAt: 0, toAt: HOUR_MS, messages: 3600, bytesEach: 1000 };
const BYTES = { usedBytes: 10e6, owedBytes: 0, maxBytes: 36e6, freeBytes: 1e9 };

test("what is not owed makes room: a buffer that owes nothing lasts as long as an empty one", (t) => {
  t.like(forecastOf(GROWTH, BYTES), { bytesPerHour: 3.6e6, lossInMs: 10 * HOUR_MS });
  t.is(forecastOf(GROWTH, { ...BYTES, owedBytes: 7.2e6 })?.lossInMs, 8 * HOUR_MS);
});

test("a disk with less room than the limit is what ends it", (t) => {
  const found = forecastOf(GROWTH, { ...BYTES, freeBytes: 8e6 });
  t.like(found, { lossInMs: 5 * HOUR_MS, endsWithDisk: true });
  t.false(forecastOf(GROWTH, BYTES)?.endsWithDisk);
});

test("a full buffer lasts no longer, and never less than that", (t) => {
  t.is(forecastOf(GROWTH, { ...BYTES, owedBytes: 37e6 })?.lossInMs, 0);
});

test("a minute is too short to foretell from, and so are no messages", (t) => {
  t.is(forecastOf({ ...GROWTH, toAt: 59_000 }, BYTES), null);
  t.is(forecastOf({ ...GROWTH, messages: 0 }, BYTES), null);
});
