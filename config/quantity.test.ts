import test from "ava";
import fc from "fast-check";
import { formatDuration, parseDurationMs, parseSizeBytes } from "./quantity.ts";

test("a duration is a number and its unit", (t) => {
  t.is(parseDurationMs("500ms"), 500);
  t.is(parseDurationMs("5s"), 5000);
  t.is(parseDurationMs("1.1s"), 1100);
  t.is(parseDurationMs("10m"), 600_000);
  t.is(parseDurationMs("2h"), 7_200_000);
  t.is(parseDurationMs("90d"), 7_776_000_000);
});

test("a size is a number and its unit, in powers of 1000", (t) => {
  t.is(parseSizeBytes("512B"), 512);
  t.is(parseSizeBytes("4kB"), 4000);
  t.is(parseSizeBytes("64MB"), 64_000_000);
  t.is(parseSizeBytes("2GB"), 2_000_000_000);
  t.is(parseSizeBytes("0.5TB"), 500_000_000_000);
});

test("a duration is written in the largest unit that is whole", (t) => {
  t.is(formatDuration(0), "0ms");
  t.is(formatDuration(1500), "1500ms");
  t.is(formatDuration(90_000), "90s");
  t.is(formatDuration(604_800_000), "7d");
});

test("a duration that was written can be read again", (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.nat(10_000_000_000), (ms) => parseDurationMs(formatDuration(ms)) === ms),
    ),
  );
});

for (const text of ["", "5", "s", "5 s", "-5s", "5S", "5sec", "1e3s", "5s ", "٥s", "1.s", ".5s"]) {
  test(`'${text}' is no duration`, (t) => {
    t.is(parseDurationMs(text), Number.NaN);
  });
}

for (const text of ["2", "2gb", "2GiB", "2 GB", "2KB"]) {
  test(`'${text}' is no size`, (t) => {
    t.is(parseSizeBytes(text), Number.NaN);
  });
}
